"""From a model's raw stream to sentences with checked citations, shown as early as they are safe to show."""

import re
from collections.abc import Callable, Iterator

from assistant.answering.answer import AnswerSentence, Citation, Delta, SentenceFinished
from assistant.answering.markers import MARKER, Allowed, clean_markers, with_markers
from assistant.sentences import split_sentences

Attribute = Callable[[str, tuple[int, ...]], tuple[Citation, ...]]

_TRAILING_MARKERS = re.compile(rf"(?:\s*{MARKER})+\s*[.!?]?", re.IGNORECASE)
_UNFINISHED_MARKER = re.compile(rf"\s*(?:{MARKER}\s*)*(?:[\[【][^\]】\n]{{0,30}})?$", re.IGNORECASE)
_HELD_BACK = re.compile(r"\s*\S*\s*(?:[\[【][^\[\]【】\n]{0,40}[\]】]?[^\s\[【]*\s*)*$")
_LONGEST_HELD = 300
_NOT_PROSE = re.compile(r"^\W*$")


class CitationStream:
    """Takes pieces of raw text, gives events: text in which every citation is checked, and finished sentences.

    ``attribute`` is given a sentence without markers and the numbers its markers name, and returns the citations
    it is to carry; they stand at its end. Nothing that could still turn out to be a marker, a false id or a link
    is shown: the last word is held back until the next one begins, an open bracket until it closes.
    """

    def __init__(self, attribute: Attribute, allowed: Allowed) -> None:
        self.sentences: list[AnswerSentence] = []
        self.stripped: list[str] = []
        self._attribute = attribute
        self._allowed = allowed
        self._raw = ""
        self._shown = 0

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
        held = _HELD_BACK.search(self._raw, start)
        safe = self._raw[: held.start()] if held else self._raw
        yield from self._show(clean_markers(safe, self._allowed).text.strip())

    def _show(self, text: str) -> Iterator[Delta]:
        fresh = text[self._shown :]
        if fresh:
            first_of_its_sentence = self._shown == 0
            blank = _separator(self._raw) if first_of_its_sentence and self.sentences else ""
            self._shown = len(text)
            yield Delta(blank + fresh)

    def _finish(self, raw: str) -> Iterator[Delta | SentenceFinished]:
        cleaned = clean_markers(raw.strip(), self._allowed)
        self.stripped.extend(cleaned.stripped)
        claim = cleaned.text.strip()
        citations = () if _NOT_PROSE.match(claim) else self._attribute(claim, cleaned.numbers)
        text = with_markers(claim, [citation.number for citation in citations])
        yield from self._show(text)
        self._shown = 0
        if text:
            held = {citation.number for citation in citations}
            refuted = tuple(number for number in cleaned.numbers if number not in held)
            sentence = AnswerSentence(text, citations, refuted)
            self.sentences.append(sentence)
            yield SentenceFinished(sentence)


def _separator(raw: str) -> str:
    """White space before a sentence as the model meant it: a paragraph, a line, or one space."""
    breaks = raw[: len(raw) - len(raw.lstrip())].count("\n")
    return "\n\n" if breaks > 1 else "\n" if breaks else " "
