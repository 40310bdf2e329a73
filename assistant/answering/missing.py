"""The lines in which a hosted model says what its sources do not tell, read out of its text as it comes."""

import re
from collections.abc import Sequence

from assistant.answering.citation_markers import MARKER
from assistant.papers import clean_text
from assistant.retrieval import content_words
from assistant.sentences import split_sentences

SIGN = "MISSING:"
"""How such a line begins; the prompts of hosted models ask for it."""

_DECORATION = " \t>*_#`-"
_EMPTY = re.compile(r"\W*(?:n/?a|none|nothing)?\W*", re.IGNORECASE)
_MARKERS = re.compile(rf"\s*{MARKER}", re.IGNORECASE)
_LONGEST_PART = 200


class MissingLines:
    """Takes the lines that begin with `SIGN` out of a text; ``parts`` is what they say.

    The beginning of a line is held back while it may still turn out to be one. Where an answer follows on the same
    line, it is text from its first sentence with a citation on.
    """

    def __init__(self) -> None:
        self.parts: list[str] = []
        self._line = ""
        self._passes = False

    def feed(self, text: str) -> str:
        """Take the next piece; what is text for sure."""
        passed = ""
        for piece in text.splitlines(keepends=True):
            self._line += "" if self._passes else piece
            if self._passes:
                passed += piece
            elif piece.endswith("\n"):
                passed += self._finished()
            elif not _may_be_one(self._line):
                passed += self._finished()
                self._passes = True
            if piece.endswith("\n"):
                self._passes = False
        return passed

    def close(self) -> str:
        """The text is done: what was held back of it."""
        return self._finished()

    def _finished(self) -> str:
        """The text of the line that was held; its part is kept where it is one."""
        line, self._line = self._line, ""
        statement = _statement_in(line)
        if statement is None:
            return line
        sentences = split_sentences(statement)
        behind = [place for place, sentence in enumerate(sentences) if place and re.search(MARKER, sentence.text)]
        answer = sentences[behind[0] :] if behind else ()
        part = clean_text(_MARKERS.sub("", statement[: answer[0].start] if answer else statement)).strip(
            _DECORATION + "."
        )
        if not _EMPTY.fullmatch(part):
            self.parts.append(part if len(part) <= _LONGEST_PART else f"{part[: _LONGEST_PART - 1].rstrip()}…")
        return statement[answer[0].start :] if answer else ""


def joined_parts(own: Sequence[str], further: Sequence[str]) -> tuple[str, ...]:
    """What is missing by the program and by a model, without what is said twice."""
    parts = list(own)
    for part in further:
        words = set(content_words(part))
        alike = (set(content_words(other)) for other in parts)
        if not any(words <= other or other <= words for other in alike):
            parts.append(part)
    return tuple(parts)


def _may_be_one(line: str) -> bool:
    begun = line.lstrip(_DECORATION)
    return (
        SIGN.startswith(begun[: len(SIGN)]) or _statement_in(line) is not None or SIGN[:-1] == begun.rstrip(_DECORATION)
    )


def _statement_in(line: str) -> str | None:
    """What stands behind the sign; None for a line without it."""
    name, colon, statement = line.lstrip(_DECORATION).partition(":")
    return statement.lstrip(_DECORATION) if colon and name.rstrip(_DECORATION) == SIGN[:-1] else None
