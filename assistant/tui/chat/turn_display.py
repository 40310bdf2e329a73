"""Shows a turn as it comes: its text and stage, its sources beside it, its figures in the status line."""

from dataclasses import dataclass, field, replace
from typing import assert_never

from assistant.answering import (
    Delta,
    Finished,
    Packed,
    Retrieved,
    SentenceFinished,
    SentenceRevised,
    TalkEvent,
    Turn,
    TurnEnded,
    TurnStarted,
)
from assistant.answering.verification import CheckMode
from assistant.models import ModelKind
from assistant.retrieval.query import ExtractedFilter, ParsedQuery
from assistant.services import ChatSession
from assistant.tui.chat.ports import Cancellable, Sources
from assistant.tui.chat.status import Speed, Status, StatusLine, mode_text
from assistant.tui.chat.turn import TurnView, sources_of
from assistant.tui.chat.turn_worker import ModelReady, SourcesReady, TurnWorker
from assistant.tui.session import Session
from assistant.tui.widgets.text_layout import papers_text


@dataclass(slots=True)
class Run:
    """One turn while it is written. ``typed`` is what the reader gets back when nothing came of it.

    ``work`` writes it; None until it has begun.
    """

    number: int
    turn_worker: TurnWorker
    view: TurnView
    typed: str
    speed: Speed = field(default_factory=Speed)
    work: Cancellable | None = None

    @property
    def conversation_id(self) -> int | None:
        """The conversation it is written in; None until a new one has begun."""
        conversation = self.turn_worker.talk.conversation if self.turn_worker.talk else None
        return conversation.conversation_id if conversation else None


class TurnDisplay:
    """Writes to the view of the turn, to the sources and to the status line."""

    def __init__(self, session: Session, sources: Sources, status_line: StatusLine) -> None:
        self._session = session
        self._sources = sources
        self._status_line = status_line

    def clear(self) -> None:
        """Show no sources, and of the figures only what the next turn begins with."""
        self._sources.clear()
        status = self._status
        self._status = Status(
            model=status.model, mode=status.mode, context_size=status.context_size, settings=status.settings
        )

    # A turn that is written

    def begin(self, run: Run) -> None:
        """Show that papers are looked for."""
        if self._session.answer_options.get("check") is CheckMode.STRICT:
            run.view.hold_doubtful()
        run.view.show_stage("looking for papers…")
        self._status = self._status.begun()

    def show_model(self, run: Run, ready: ModelReady) -> None:
        """Show who writes; quoting has neither a speed nor a context."""
        is_language_model = ready.kind is not ModelKind.EXTRACTIVE
        run.speed.measured = is_language_model
        self._status = replace(
            self._status,
            model=ready.name,
            mode=mode_text(ready.kind, offline=self._session.config.offline),
            context_size=ready.context_tokens if is_language_model else None,
        )

    def show_sources(self, run: Run, ready: SourcesReady) -> None:
        """Show what the model reads."""
        packed = ready.packed
        self._sources.show(run.view.turn_id, packed.sources, closest=ready.closest)
        run.view.show_stage(f"reading {papers_text(len(packed.sources))}, {packed.prompt_tokens:,} tokens…")
        self._status = replace(self._status, context_used=packed.prompt_tokens)

    async def show_event(self, run: Run, event: TalkEvent) -> None:
        """Show an event of the engine."""
        match event:
            case Delta(text):
                run.speed.add(text)
                await run.view.add_text(text)
            case Retrieved(hits, understood):
                self._status = replace(self._status, question_filters=_filters_in(understood))
                run.view.show_stage(f"{papers_text(len(hits))} found; choosing what to read…")
            case SentenceFinished(sentence):
                await run.view.finish_sentence(sentence)
            case SentenceRevised(place, sentence):
                await run.view.revise(place, sentence)
            case TurnStarted() | Packed() | Finished() | TurnEnded():
                pass  # sources come as `SourcesReady`; the turn is shown as a whole when the run ends
            case _:
                assert_never(event)

    def show_time(self, run: Run) -> None:
        """Show how long it takes by now."""
        speed = run.speed
        self._status = replace(self._status, seconds=speed.seconds, tokens_per_second=speed.tokens_per_second())

    # A turn that is not written any more

    def rest(self, talk: ChatSession | None) -> None:
        """Show that nothing is written."""
        self._status = replace(self._status, writing=False)
        self.show_kept_papers(talk)

    def show_kept_papers(self, talk: ChatSession | None) -> None:
        """Show how many papers the next question is answered from."""
        self._status = replace(self._status, kept_papers=len(talk.kept) if talk else 0)

    def forget_time(self) -> None:
        """Show no time, for no turn came of it."""
        self._status = replace(self._status, seconds=None)

    def show_turn(self, turn: Turn, talk: ChatSession | None, speed: Speed | None = None) -> None:
        """Show the sources and the figures of a turn that is kept; ``speed`` of one that was just written."""
        if sources := sources_of(turn):
            self._sources.show(turn.turn_id, sources, turn.answer)
        answer = turn.answer
        output_tokens = answer.usage.output_tokens if answer and answer.usage else 0
        status = replace(self._status, question_filters=_filters_in(answer.understood if answer else None))
        if turn.packed is not None:
            status = replace(status, context_used=turn.packed.prompt_tokens + output_tokens)
        if speed is not None:
            status = replace(status, tokens_per_second=speed.tokens_per_second(output_tokens))
        self._status = replace(status, seconds=turn.seconds, cost=self._cost(talk))
        self.show_kept_papers(talk)

    def _cost(self, talk: ChatSession | None) -> float | None:
        """What the hosted answers of this conversation cost, in US dollars; None when none has a price."""
        prices = self._session.config.prices
        costs = [
            prices[answer.writer.name].of(
                answer.usage.prompt_tokens, answer.usage.cached_tokens, answer.usage.output_tokens
            )
            for turn in (talk.turns if talk else ())
            if (answer := turn.answer) and answer.writer.kind is ModelKind.HOSTED and answer.writer.name in prices
        ]
        return sum(costs) if costs else None

    @property
    def _status(self) -> Status:
        return self._status_line.status

    @_status.setter
    def _status(self, status: Status) -> None:
        self._status_line.status = status


def _filters_in(understood: ParsedQuery | None) -> tuple[ExtractedFilter, ...]:
    return understood.found if understood else ()
