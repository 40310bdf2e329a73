"""Which sentences of an answer say nothing that the reader does not know, and where a text runs on into its prompt.

What is known before an answer is the question and the titles of its sources. A sentence is compared with both: one
that restates the question, that only points to the papers ("This is described in the paper.") or that copies a title
adds no word to them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.verification.claims import generic_words, is_heading, plain_claim
from assistant.library import words
from assistant.retrieval import content_words
from assistant.retrieval.query import short_name

_LABEL = re.compile(r"^\W*(?:answer|paper|question|source)s?\s*#?(?P<number>\d{1,3})?\s*:[\s*_]*", re.IGNORECASE)
_LABEL_BEGINS = re.compile(r"^\W*(?:answer|paper|question|source)s?\W*\d{0,3}\W*$", re.IGNORECASE)
_OPEN_QUESTION = re.compile(r"\b(?:how|what|when|where|who|whom|whose|why)\b", re.IGNORECASE)
_CHOICE = re.compile(r"\b(?:or|which)\b", re.IGNORECASE)
_POLAR = re.compile(r"\b(?:yes|no|not|none|neither|nor|never|without|cannot)\b|n['’]t\b", re.IGNORECASE)
_DOCUMENT = frozenset(words("abstract article document paper question section source study text work"))
_LONGEST_TITLE_MATCHED = 40


class PriorKnowledge:
    """What a reader knows before an answer."""

    def __init__(self, question: str, titles: Sequence[str]) -> None:
        self._titles = [_tokens(title) for title in titles]
        self._title_words = [frozenset(content_words(title)) for title in titles]
        self._names = frozenset(word for title in titles for word in content_words(short_name(title)) if ":" in title)
        self._question_words = frozenset(content_words(question)) - generic_words()
        self._is_open = bool(_OPEN_QUESTION.search(question)) and not _CHOICE.search(question)

    def adds_nothing(self, sentence: str) -> bool:
        """Whether a whole sentence has nothing that the question and the titles do not have.

        Headings and what ends with a colon give an answer its form, but not a sentence that only announces a paper by
        its title; yes and no are answers.
        """
        text = plain_claim(sentence)
        if not text or text.startswith("|") or is_heading(sentence) or _POLAR.search(sentence):
            return False
        if text.endswith(":"):
            return self._announces(text)
        if self._is_title(text):
            return True
        every = frozenset(content_words(text))
        content = every - generic_words()
        if content <= self._names:
            return bool(every)
        restates = text.endswith("?") or (self._is_open and content | self._names >= self._question_words)
        if restates and content <= self._question_words:
            return True
        return bool(every & _DOCUMENT) and content <= self._question_words.union(self._names, *self._title_words)

    def may_add_nothing(self, beginning: str) -> bool:
        """Whether a sentence that begins so may turn out to add nothing, or to be a label of the prompt."""
        text = plain_claim(beginning)
        if text.startswith("|"):
            return False
        if not text or _LABEL_BEGINS.match(text):
            return True
        tokens = _tokens(text)
        if any(_stands_in(tokens, title) for title in self._titles):
            return True
        return frozenset(content_words(text)) <= generic_words().union(
            self._question_words, self._names, *self._title_words
        )

    def _announces(self, text: str) -> bool:
        every = frozenset(content_words(text))
        others = (every - title for title in self._title_words if len(title) > 1 and title <= every)
        return any(other and other <= generic_words() for other in others)

    def _is_title(self, text: str) -> bool:
        tokens = _tokens(text)
        if any(tokens == title for title in self._titles):
            return True
        content = frozenset(content_words(text))
        return ": " in text and any(content <= title for title in self._title_words)


@dataclass(frozen=True, slots=True)
class Label:
    """A label of the prompt's own form, "Source 2:" or "Question:", with its number."""

    number: int | None


def without_label(sentence: str) -> tuple[str, Label | None]:
    """A sentence without the label that it begins with, and the label."""
    label = _LABEL.match(sentence)
    if label is None:
        return sentence, None
    return sentence[label.end() :], Label(int(label["number"]) if label["number"] else None)


def _tokens(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+", text.casefold()))


def _stands_in(tokens: tuple[str, ...], title: tuple[str, ...]) -> bool:
    return len(tokens) <= min(len(title), _LONGEST_TITLE_MATCHED) and tokens == title[: len(tokens)]
