"""A conversation and its turns as values, and the events while a turn is written."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from assistant.answering.values import Answer, AnswerEvent, NumberedSource, Packed


class TurnKind(StrEnum):
    """What a turn asks for."""

    ASK = "ask"
    SUMMARIZE = "summarize"


class TurnState(StrEnum):
    """How far a turn came: ``stopped`` by the reader, ``interrupted`` by a crash, ``failed`` with an error."""

    WRITING = "writing"
    DONE = "done"
    STOPPED = "stopped"
    INTERRUPTED = "interrupted"
    FAILED = "failed"


class ContextSource(StrEnum):
    """Which papers a turn is answered from: found by a search, kept from the turn before, chosen by the reader."""

    SEARCH = "search"
    KEPT = "kept"
    CHOSEN = "chosen"


@dataclass(frozen=True, slots=True)
class Turn:
    """One question and what came of it.

    ``text`` is what was shown, also when the answer is unfinished. ``answer`` is there as soon as a sentence is; of an
    unfinished one ``incomplete`` says why it breaks off. ``packed`` is the prompt with its sources. ``seconds`` is the
    time from the question to the end. ``chosen`` are the ids of the papers that the reader picked for this turn.
    """

    turn_id: int
    kind: TurnKind
    question: str
    state: TurnState
    text: str
    answer: Answer | None
    packed: Packed | None
    failure: str | None
    started_at: datetime
    seconds: float | None
    basis: ContextSource = ContextSource.SEARCH
    chosen: tuple[str, ...] = ()

    @property
    def answered(self) -> bool:
        """Whether there is text that a further question can continue; that nothing is told is no such text."""
        refused = self.answer is not None and self.answer.refusal is not None
        return self.packed is not None and bool(self.text.strip()) and not refused

    @property
    def sources(self) -> tuple[NumberedSource, ...]:
        """The papers that the model was given, by number; none where it was not asked."""
        if self.answer is not None:
            return self.answer.sources
        return self.packed.sources if self.packed else ()


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation with its turns, oldest first."""

    conversation_id: int
    title: str
    turns: tuple[Turn, ...] = ()


@dataclass(frozen=True, slots=True)
class TurnStarted:
    """The question is kept and the answer begins; a turn that is written again starts under the same id."""

    turn_id: int
    question: str


@dataclass(frozen=True, slots=True)
class TurnEnded:
    """The turn is kept as it is now; the last event."""

    turn: Turn


TalkEvent = TurnStarted | AnswerEvent | TurnEnded
