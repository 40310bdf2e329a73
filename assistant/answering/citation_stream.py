"""From a model's raw stream to checked sentences with citations, shown as early as they are safe to show.

Sentences that add nothing to the question and the titles (`PriorKnowledge`), and labels of the prompt, are left out.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from assistant.answering.citation_markers import MARKER, AllowedReferences, clean_markers, with_markers
from assistant.answering.values import AnswerSentence, CheckedClaim, Delta, SentenceFinished, SentenceRevised
from assistant.answering.verification.claims import generic_words, is_heading, plain_claim
from assistant.library import words
from assistant.retrieval import content_words
from assistant.retrieval.query import short_name
from assistant.sentences import split_sentences

_LABEL = re.compile(r"^\W*(?:answer|paper|question|source)s?\s*#?(?P<number>\d{1,3})?\s*:[\s*_]*", re.IGNORECASE)
_LABEL_BEGINS = re.compile(r"^\W*(?:answer|paper|question|source)s?\W*\d{0,3}\W*$", re.IGNORECASE)
_OPEN_QUESTION = re.compile(r"\b(?:how|what|when|where|who|whom|whose|why)\b", re.IGNORECASE)
_CHOICE = re.compile(r"\b(?:or|which)\b", re.IGNORECASE)
_POLAR = re.compile(r"\b(?:yes|no|not|none|neither|nor|never|without|cannot)\b|n['’]t\b", re.IGNORECASE)
_DOCUMENT = frozenset(words("abstract article document paper question section source study text work"))
_LONGEST_TITLE_MATCHED = 40
_TRAILING_MARKERS = re.compile(rf"(?:\s*{MARKER})+\s*[.!?]?", re.IGNORECASE)
_UNFINISHED_MARKER = re.compile(rf"\s*(?:{MARKER}\s*)*(?:[\[【][^\]】\n]{{0,30}})?$", re.IGNORECASE)
_HELD_BACK = re.compile(r"\s*\S*\s*(?:[\[【][^\[\]【】\n]{0,40}[\]】]?[^\s\[【]*\s*)*$")
_LONGEST_HELD = 300
_NOT_PROSE = re.compile(r"^\W*$")


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


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence as it was first shown, what the check made of it, and the white space before it.

    A ``withdrawn`` one was no part of the answer; it keeps its place, as events name sentences by their places.
    """

    sentence: AnswerSentence
    checked: CheckedClaim
    separator: str
    withdrawn: bool = False


class CheckClaim(Protocol):
    """What checks a sentence without its markers."""

    def __call__(self, claim: str, marked: tuple[int, ...], about: tuple[int, ...], /) -> CheckedClaim:
        """The claim with its citations; ``marked`` its markers name, ``about`` the sentence before it cites."""
        ...


class CitationStream:
    """Takes pieces of raw text, gives events: text in which every citation is checked, and finished sentences.

    ``check`` is given a sentence without markers, the numbers its markers name, and those that the sentence before it
    in its paragraph cites; the citations of what it returns stand at the sentence's end. Nothing that could still turn
    out to be a marker, a false id or a link is shown: the last word is held back until the next one begins, an open
    bracket until it closes. A sentence that adds nothing to the ``prior`` knowledge is left out, and so is what comes
    where the text runs on into another source, up to the next heading; a sentence is shown from its first new word on.
    """

    def __init__(self, check: CheckClaim, allowed: AllowedReferences, prior: PriorKnowledge | None = None) -> None:
        self.drafts: list[Draft] = []
        self.stripped: list[str] = []
        self._check = check
        self._allowed = allowed
        self._prior = prior or PriorKnowledge("", ())
        self._raw = ""
        self._shown = 0
        self._breaks = 0
        self._about: tuple[int, ...] = ()
        self._labelled: bool | None = None
        self._runs_on = False

    @property
    def text(self) -> str:
        """The finished sentences as they were shown."""
        return "".join(draft.separator + draft.sentence.text for draft in self.standing).lstrip()

    @property
    def standing(self) -> list[Draft]:
        """The sentences that were not withdrawn."""
        return [draft for draft in self.drafts if not draft.withdrawn]

    def feed(self, text: str) -> Iterator[Delta | SentenceFinished]:
        """Take the next piece of the model's text."""
        self._raw += text
        while (end := self._sentence_end()) is not None:
            yield from self._finish(self._raw[:end])
            self._raw = self._raw[end:]
        yield from self._show_safe_part()

    def close(self) -> Iterator[Delta | SentenceFinished]:
        """The model is done or broke off: give what is left."""
        yield from self._finish(self._raw)
        self._raw = ""

    def withdraw(self) -> Iterator[Delta | SentenceFinished | SentenceRevised]:
        """Nothing of the text so far is answer: take back what was shown."""
        yield from self.close()
        for place, draft in enumerate(self.drafts):
            if not draft.withdrawn:
                unchecked = CheckedClaim(draft.checked.claim)
                self.drafts[place] = replace(draft, checked=unchecked, withdrawn=True)
                yield SentenceRevised(place, None)
        self.stripped.clear()
        self._about, self._labelled, self._runs_on = (), None, False

    def _sentence_end(self) -> int | None:
        """Where the first sentence of the raw text ends; None while more text may still belong to it."""
        stripped = self._raw.lstrip()
        leading = len(self._raw) - len(stripped)
        newline = stripped.find("\n")
        line = stripped if newline < 0 else stripped[:newline]
        pieces = split_sentences(line)
        if len(pieces) > 1:
            end = pieces[0].end
            more_may_come = newline < 0 and _UNFINISHED_MARKER.match(line, end)
            if not more_may_come:
                trailing = _TRAILING_MARKERS.match(line, end)
                return leading + (trailing.end() if trailing else end)
        return leading + newline if newline >= 0 and stripped else None

    def _show_safe_part(self) -> Iterator[Delta]:
        start = max(0, len(self._raw) - _LONGEST_HELD)
        held_back = _HELD_BACK.search(self._raw, start)
        safe = self._raw[: held_back.start()] if held_back else self._raw
        text, label = without_label(clean_markers(safe, self._allowed).text.strip())
        if self._shown or not (self._runs_on or self._begins_run_on(label) or self._prior.may_add_nothing(text)):
            yield from self._show(text)

    def _show(self, text: str) -> Iterator[Delta]:
        fresh = text[self._shown :]
        if fresh:
            first_of_its_sentence = self._shown == 0
            self._shown = len(text)
            yield Delta((self._separator() if first_of_its_sentence else "") + fresh)

    def _finish(self, raw: str) -> Iterator[Delta | SentenceFinished]:
        cleaned = clean_markers(raw.strip(), self._allowed)
        claim, label = without_label(cleaned.text.strip())
        claim = claim.strip()
        if self._leading_breaks():
            self._about = ()
        if not claim or self._is_left_out(claim, label):
            self._breaks = self._leading_breaks() if self.drafts else 0
            return
        self.stripped.extend(cleaned.stripped)
        marked = cleaned.numbers or ((label.number,) if label and label.number in self._allowed.numbers else ())
        checked = CheckedClaim(claim) if _NOT_PROSE.match(claim) else self._check(claim, marked, self._about)
        cited = tuple(citation.number for citation in checked.citations)
        text = with_markers(claim, cited)
        yield from self._show(text)
        refuted = tuple(number for number in marked if number not in cited)
        sentence = AnswerSentence(text, checked.citations, refuted, checked.check)
        self.drafts.append(Draft(sentence, checked, self._separator()))
        self._shown = self._breaks = 0
        self._about = cited or self._about
        yield SentenceFinished(sentence)

    def _is_left_out(self, claim: str, label: Label | None) -> bool:
        """Whether a sentence is no part of the answer; one that was shown already is."""
        if is_heading(claim):
            self._labelled, self._runs_on = None, False
            return False
        if not self._shown:
            self._runs_on = self._runs_on or self._begins_run_on(label)
            if self._runs_on or self._prior.adds_nothing(claim):
                return True
        if self._labelled is None:
            self._labelled = label is not None and label.number is not None
        return False

    def _begins_run_on(self, label: Label | None) -> bool:
        """Whether a label begins another source; where the first sentence has one, labels are the answer's form."""
        return label is not None and self._labelled is not None and not (self._labelled and label.number)

    def _leading_breaks(self) -> int:
        """Line breaks before the sentence that comes, those before sentences left out included."""
        return max(self._breaks, self._raw[: len(self._raw) - len(self._raw.lstrip())].count("\n"))

    def _separator(self) -> str:
        """White space before a sentence as the model meant it: a paragraph, a line, or one space."""
        if not self.drafts:
            return ""
        breaks = self._leading_breaks()
        return "\n\n" if breaks > 1 else "\n" if breaks else " "
