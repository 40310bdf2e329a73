"""The text of an answer while it comes, sentence by sentence, so that a sentence can still be changed once shown."""

from dataclasses import dataclass

from assistant.answering.values import AnswerSentence
from assistant.answering.verdict_text import mark_of, marked_sentence


@dataclass(slots=True)
class _Piece:
    """A sentence with the white space before it; None when it was taken out."""

    lead: str
    sentence: AnswerSentence | None


class StreamedText:
    """Takes what comes and says what to show; with ``strict`` a sentence only once it is found supported."""

    def __init__(self, *, strict: bool = False) -> None:
        self._strict = strict
        self._pieces: list[_Piece] = []
        self._open = ""

    @property
    def sentences(self) -> tuple[AnswerSentence, ...]:
        """The sentences that are shown, without the one that is being written."""
        return tuple(piece.sentence for piece in self._pieces if piece.sentence and self._is_shown(piece.sentence))

    @property
    def text(self) -> str:
        """Everything as it is to be shown now."""
        finished = "".join(
            piece.lead + marked_sentence(piece.sentence)
            for piece in self._pieces
            if piece.sentence and self._is_shown(piece.sentence)
        )
        return finished if self._strict else finished + self._open

    def add(self, text: str) -> str:
        """More text came; returns what is to be shown behind what is there."""
        self._open += text
        return "" if self._strict else text

    def finish(self, sentence: AnswerSentence) -> str:
        """The sentence that was being written is whole; returns what is to be shown behind what is there."""
        lead = self._open[: len(self._open) - len(self._open.lstrip())]
        self._open = ""
        self._pieces.append(_Piece(lead, sentence))
        if self._strict:
            return lead + marked_sentence(sentence) if self._is_shown(sentence) else ""
        mark = mark_of(sentence)
        return f" {mark}" if mark else ""

    def revise(self, place: int, sentence: AnswerSentence | None) -> None:
        """Put another sentence in a place (from 0), or none; the whole text is to be shown anew."""
        if place < len(self._pieces):
            self._pieces[place].sentence = sentence

    def _is_shown(self, sentence: AnswerSentence) -> bool:
        return not self._strict or sentence.verdict is None or sentence.verdict.holds
