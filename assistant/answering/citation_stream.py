"""From a model's raw stream to checked sentences with citations, shown as early as they are safe to show."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from assistant.answering.citation_markers import MARKER, AllowedReferences, clean_markers, with_markers
from assistant.answering.substance import Label, PriorKnowledge, without_label
from assistant.answering.values import AnswerSentence, Delta, SentenceFinished, SentenceRevised
from assistant.answering.verification.claims import CheckedClaim, is_heading
from assistant.sentences import split_sentences

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
