"""One turn on the screen: the question, the answer as it comes and as it stands, and how it ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic
from typing import cast

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Markdown, Static
from textual.widgets.markdown import MarkdownStream

from assistant.answering import (
    Answer,
    AnswerSentence,
    NumberedSource,
    Turn,
    TurnState,
    interpretation,
    legend,
    mark_of,
    marked_sentence,
    unanswered_notes,
)
from assistant.errors import AssistantError
from assistant.papers import printable
from assistant.text import counted
from assistant.tui.chat.anchors import Placed, PlacedCitation
from assistant.tui.chat.citations import AnswerMarkdown, answer_markdown, stops_of
from assistant.tui.page import Page
from assistant.tui.widgets.notice import Notice


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


_DRAWING_SECONDS = 0.25
_CHARACTERS_A_SECOND_LATER = 20_000
_ENDINGS = {
    TurnState.STOPPED: "■ stopped; what came is kept",
    TurnState.INTERRUPTED: "✂ interrupted; {again} writes it again",
    TurnState.FAILED: "{again} tries again",
}


class TurnView(Vertical):
    """A turn; made for one that begins, whose id is not known yet, or with ``turn`` for one that is kept.

    What still comes for a turn that was taken off the screen is not shown: another conversation may be opened while
    this one is drawn.
    """

    DEFAULT_CSS = """
    TurnView { height: auto; margin-bottom: 1; }
    TurnView > .-question { text-style: bold; padding: 0 1; background: $panel; margin-bottom: 1; }
    TurnView > .-stage { color: $secondary; padding: 0 2; }
    TurnView > .-legend, TurnView > .-ending { color: $text-muted; padding: 0 2; display: none; }
    TurnView > .-legend.-shown, TurnView > .-ending.-shown { display: block; }
    """

    def __init__(self, turn_id: int | None, question: str, turn: Turn | None = None) -> None:
        super().__init__()
        self.turn_id = turn_id
        self.answer: Answer | None = None
        self.sources: tuple[NumberedSource, ...] = ()
        self.stops: tuple[Placed, ...] = ()
        self._question = "❯ " + printable(question).strip().replace("\n", "\n  ")
        self._turn = turn
        self._streamed = StreamedText()
        self._stream: MarkdownStream | None = None
        self._drawing: Timer | None = None
        self._pending: list[str] = []
        self._drawn_at, self._drawn = 0.0, 0

    @classmethod
    def of(cls, turn: Turn) -> "TurnView":
        """The view of a turn that is kept."""
        return cls(turn.turn_id, turn.question, turn)

    def compose(self) -> ComposeResult:
        """Question, stage, answer, what its marks say, failure, ending."""
        yield Static(Content(self._question), classes="-question", markup=False)
        yield Static("", classes="-stage", markup=False)
        yield AnswerMarkdown(self._take_over(self._turn) if self._turn else None)
        yield Static("", classes="-legend", markup=False)
        yield Notice()
        yield Static("", classes="-ending", markup=False)

    def on_mount(self) -> None:
        """Show how a turn that is kept ended."""
        if self._turn is not None:
            self._show_ending(self._turn)

    def show_stage(self, text: str) -> None:
        """Say what is done before the first word comes; empty when there is nothing to say."""
        for stage in self.query(".-stage").results(Static):
            stage.update(Content(text))
            stage.display = bool(text)

    def hold_doubtful(self) -> None:
        """Show sentences of the answer that begins only once they are found supported."""
        self._streamed = StreamedText(strict=True)

    async def add_text(self, text: str) -> None:
        """Show more of the answer."""
        await self._show_more(self._streamed.add(text))

    async def finish_sentence(self, sentence: AnswerSentence) -> None:
        """A sentence is whole: show its mark, and count it."""
        await self._show_more(self._streamed.finish(sentence))
        self._show_legend(self._streamed.sentences)

    async def revise(self, place: int, sentence: AnswerSentence | None) -> None:
        """Show another sentence in a place of the answer, or none."""
        self._streamed.revise(place, sentence)
        await self.close_stream()
        if not self._is_gone:
            await self.query_one(AnswerMarkdown).update(self._streamed.text)
            self._show_legend(self._streamed.sentences)

    async def _show_more(self, text: str) -> None:
        """Show more text: the first piece at once, later ones together a few times a second.

        Each drawing lays the page out anew, which takes longer the longer the answer is, so it is done less often then.
        """
        if self._is_gone or not text:
            return
        self._pending.append(text)
        if self._stream is None:
            self.show_stage("")
            self._stream = Markdown.get_stream(self.query_one(AnswerMarkdown))
            self._drawing = self.set_interval(_DRAWING_SECONDS / 2, self._draw_when_due)
            await self._draw()

    async def _draw_when_due(self) -> None:
        if monotonic() - self._drawn_at >= _DRAWING_SECONDS + self._drawn / _CHARACTERS_A_SECOND_LATER:
            await self._draw()

    async def _draw(self) -> None:
        if self._stream is not None and self._pending:
            text = "".join(self._pending)
            self._pending.clear()
            self._drawn_at, self._drawn = monotonic(), self._drawn + len(text)
            await self._stream.write(text)

    async def close_stream(self) -> None:
        """Let the last pieces be shown; nothing is streamed afterwards."""
        if self._drawing is not None:
            self._drawing.stop()
        await self._draw()
        if self._stream is not None:
            stream, self._stream = self._stream, None
            await stream.stop()

    async def end(self, turn: Turn) -> None:
        """Show the turn as it is kept: the whole text once more, its citations as links, how it ended."""
        await self.close_stream()
        if not self._is_gone:
            await self.query_one(AnswerMarkdown).update(self._take_over(turn))
            self._show_ending(turn)

    def say(self, ending: str) -> None:
        """Say below the answer how it ended."""
        self.show_stage("")
        for line in self.query(".-ending").results(Static):
            line.update(Content(ending))
            line.set_class(bool(ending), "-shown")

    def show_error(self, error: AssistantError) -> None:
        """Show in place why the turn failed."""
        self.show_stage("")
        for notice in self.query(Notice):
            notice.show_error(error)

    def _take_over(self, turn: Turn) -> str:
        self.answer = turn.answer
        self.sources = sources_of(turn)
        self.stops = stops_of(turn.answer, turn.turn_id) if turn.answer else ()
        return answer_markdown(turn.answer, turn.turn_id) if turn.answer else turn.text

    def _show_ending(self, turn: Turn) -> None:
        if self._is_gone:
            return
        if turn.answer is not None:
            self._show_legend(
                turn.answer.sentences, [*interpretation(turn.answer.understood), *unanswered_notes(turn.answer)]
            )
        self.say(ending_of(turn, cast("Page", self.screen).keys_of("chat.again")))
        if turn.state is TurnState.FAILED and turn.failure:
            message, _, remedy = turn.failure.partition("\n")
            self.show_error(AssistantError(message, remedy or None))

    def _show_legend(self, sentences: Sequence[AnswerSentence], further: Sequence[str] = ()) -> None:
        """Say what the marks mean and how many there are, and what the answer does not hold."""
        lines = [line for line in (legend(sentences), *further) if line]
        for line in self.query(".-legend").results(Static):
            line.update(Content("\n".join(lines)))
            line.set_class(bool(lines), "-shown")

    @property
    def citations(self) -> tuple[PlacedCitation, ...]:
        """The citations of the answer, as they are read."""
        return tuple(placed for placed in self.stops if isinstance(placed, PlacedCitation))

    @property
    def _is_gone(self) -> bool:
        return not self.is_attached or self._pruning


def sources_of(turn: Turn) -> tuple[NumberedSource, ...]:
    """The sources of a turn; a question refused before the model reads has them in its answer alone."""
    if turn.packed is not None:
        return turn.packed.sources
    return turn.answer.sources if turn.answer else ()


def ending_of(turn: Turn, again: str) -> str:
    """How a turn ended, when that is worth a line: that it broke off, and what was taken out of its text.

    ``again`` is the key that has it written once more.
    """
    remarks = [_ENDINGS[turn.state].format(again=again)] if turn.state in _ENDINGS else []
    answer = turn.answer
    if answer is not None:
        if answer.refusal:
            remarks.append("/anyway has it answered all the same")
        if answer.incomplete and turn.state is TurnState.DONE:
            remarks.append(f"✂ incomplete: {answer.incomplete}")
        if answer.stripped:
            count = len(answer.stripped)
            remarks.append(f"{counted(count, 'reference')} to no source taken out")
        if answer.left_out:
            remarks.append(f"{len(answer.left_out)} more papers did not fit")
    return " · ".join(remarks)
