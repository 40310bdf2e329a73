"""From a model's raw stream to checked sentences with citations, shown as early as they are safe to show."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from assistant.answering.answer import AnswerSentence, Delta, SentenceFinished, SentenceRevised
from assistant.answering.markers import MARKER, Allowed, clean_markers, with_markers
from assistant.answering.support.checked import CheckedClaim
from assistant.sentences import split_sentences

CheckClaim = Callable[[str, tuple[int, ...]], CheckedClaim]

_TRAILING_MARKERS = re.compile(rf"(?:\s*{MARKER})+\s*[.!?]?", re.IGNORECASE)
_UNFINISHED_MARKER = re.compile(rf"\s*(?:{MARKER}\s*)*(?:[\[【][^\]】\n]{{0,30}})?$", re.IGNORECASE)
_HELD_BACK = re.compile(r"\s*\S*\s*(?:[\[【][^\[\]【】\n]{0,40}[\]】]?[^\s\[【]*\s*)*$")
_LONGEST_HELD = 300
_NOT_PROSE = re.compile(r"^\W*$")


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence as it was first shown, what the check made of it, and the white space before it.

    A ``withdrawn`` one was no part of the answer; it keeps its place, as events name sentences by their places.
    """

    sentence: AnswerSentence
    checked: CheckedClaim
    separator: str
    withdrawn: bool = False


class CitationStream:
    """Takes pieces of raw text, gives events: text in which every citation is checked, and finished sentences.

    ``check`` is given a sentence without markers and the numbers its markers name; the citations of what it returns
    stand at the sentence's end. Nothing that could still turn out to be a marker, a false id or a link
    is shown: the last word is held back until the next one begins, an open bracket until it closes.
    """

    def __init__(self, check: CheckClaim, allowed: Allowed) -> None:
        self.drafts: list[Draft] = []
        self.stripped: list[str] = []
        self._check = check
        self._allowed = allowed
        self._raw = ""
        self._shown = 0

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
            self._shown = len(text)
            yield Delta((self._separator() if first_of_its_sentence else "") + fresh)

    def _finish(self, raw: str) -> Iterator[Delta | SentenceFinished]:
        cleaned = clean_markers(raw.strip(), self._allowed)
        self.stripped.extend(cleaned.stripped)
        claim = cleaned.text.strip()
        checked = CheckedClaim(claim) if _NOT_PROSE.match(claim) else self._check(claim, cleaned.numbers)
        text = with_markers(claim, [citation.number for citation in checked.citations])
        yield from self._show(text)
        self._shown = 0
        if text:
            held = {citation.number for citation in checked.citations}
            refuted = tuple(number for number in cleaned.numbers if number not in held)
            sentence = AnswerSentence(text, checked.citations, refuted, checked.check)
            self.drafts.append(Draft(sentence, checked, self._separator()))
            yield SentenceFinished(sentence)

    def _separator(self) -> str:
        """White space before a sentence as the model meant it: a paragraph, a line, or one space."""
        if not self.drafts:
            return ""
        breaks = self._raw[: len(self._raw) - len(self._raw.lstrip())].count("\n")
        return "\n\n" if breaks > 1 else "\n" if breaks else " "
