"""Whether a further question that a model made standalone still asks what was asked."""

import re

from assistant.language import ENGLISH, language_of
from assistant.papers import clean_text
from assistant.retrieval.query.coreference import numbered_references, open_references
from assistant.retrieval.query.follow_ups import Earlier, FollowUp, named_titles
from assistant.retrieval.term_weights import content_words
from assistant.sentences import split_sentences

_TOKEN = re.compile(r"[^\W_]+(?:[-.+][^\W_]+)*")
_NAME = re.compile(r"\d|.[A-Z]")
_LONGER = 200
"""Characters that the names of two papers may add to a question."""
_KEPT = 0.5
_NEW_WORDS = 1
_STEM = 4
"""So many letters tell a word: "accurate" is kept in "accuracy"."""


def standalone_question(written: str, question: str, read: FollowUp, earlier: Earlier) -> FollowUp | None:
    """The further question as a model wrote it, when that asks the same; ``read`` is how rules read it.

    It is one question of bounded length and of the same language, and points back to nothing. Its names and numbers
    stand in the conversation or in the question, and so do its other words but for one; the names and numbers of the
    question, the papers that it points to, what it brings in and half of its telling words are kept.
    """
    if not _is_one_question(written, question) or language_of(written) != language_of(question):
        return None
    talk = f"{question}\n{earlier.question}\n{earlier.answer}\n{' '.join(earlier.titles)}"
    if not _names(written) <= _forms(talk):
        return None
    pointing = numbered_references(question, len(earlier.titles), earlier.cited)
    named = {number for reference in named_titles(written, earlier.titles) for number in reference.numbers}
    meant = {n for each in (*pointing, *named_titles(question, earlier.titles)) for n in each.numbers}
    if not meant <= named or numbered_references(written, len(earlier.titles), earlier.cited):
        return None
    own = question
    for reference in sorted([*pointing, *open_references(question)], key=lambda each: -each.start):
        own = f"{own[: reference.start]} {own[reference.end :]}"
    must_stay = _names(own) | _forms(read.brings_in or "")
    if not must_stay <= _forms(written) or not _asks_the_same(own, written, talk):
        return None
    if language_of(written) == ENGLISH and open_references(written):
        return None
    return FollowUp(written, False, tuple(sorted(named)) or read.numbers, read.brings_in, True, read.language)


def _is_one_question(written: str, question: str) -> bool:
    """Whether a text is as many sentences as the question and not much longer, and not the question itself."""
    same = clean_text(written).casefold() == clean_text(question).casefold()
    longest = len(question) + _LONGER
    sentences = max(1, len(split_sentences(question)))
    return bool(written) and not same and len(written) <= longest and len(split_sentences(written)) <= sentences


def _names(text: str) -> frozenset[str]:
    """Tokens with a digit or a capital inside, and capitalized ones but for the first."""
    found = set()
    for place, match in enumerate(_TOKEN.finditer(text)):
        token = match.group()
        if _NAME.search(token) or (token[0].isupper() and place):
            found.add(_folded(token))
    return frozenset(found)


def _forms(text: str) -> frozenset[str]:
    """Every token of a text, and the parts of compound ones."""
    tokens = [match.group() for match in _TOKEN.finditer(text)]
    parts = [part for token in tokens for part in re.split(r"[-.+]", token)]
    return frozenset(map(_folded, (*tokens, *parts)))


def _folded(token: str) -> str:
    folded = token.casefold()
    return folded[:-1] if folded.endswith("s") and len(folded) > _STEM else folded


def _asks_the_same(own: str, written: str, talk: str) -> bool:
    """Whether a rewriting keeps the question's ``own`` words and adds words of the talk, hardly any others."""
    before, after, known = (_stems(text) for text in (own, written, talk))
    added = after - before
    return len(before & after) >= _KEPT * len(before) and bool(added & known) and len(added - known) <= _NEW_WORDS


def _stems(text: str) -> frozenset[str]:
    return frozenset(word[:_STEM] for word in content_words(text))
