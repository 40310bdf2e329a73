"""The part of the chat page that writes: asks the engine, shows what comes as it comes, stops."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, assert_never

from textual import on
from textual.timer import Timer
from textual.worker import WorkType

from assistant.answering import (
    Conversation,
    Delta,
    Finished,
    NumberedSource,
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
from assistant.arxiv_ids import find_paper_ids
from assistant.errors import AssistantError
from assistant.library import StoredPaper
from assistant.models import ModelKind
from assistant.retrieval.query import ExtractedFilter, FilterKind, ParsedQuery
from assistant.services import ChatSession
from assistant.tui.chat.citation_navigation import ReadingPage
from assistant.tui.chat.mentions import mentioned_ids, mentioned_papers, without_mentions
from assistant.tui.chat.sources import SourcesPanel
from assistant.tui.chat.status import Speed, Status, StatusLine, mode_text
from assistant.tui.chat.transcript import Transcript
from assistant.tui.chat.turn import TurnView, sources_of
from assistant.tui.chat.turn_worker import Begin, ModelReady, SourcesReady, TalkProgress, TurnWorker, WritingEnded
from assistant.tui.widgets.text_layout import papers_text

if TYPE_CHECKING:
    from assistant.answering import QuestionAnswerer

_STATUS_SECONDS = 0.5


@dataclass(slots=True)
class Run:
    """One turn while it is written. ``typed`` is what the reader gets back when nothing came of it."""

    number: int
    turn_worker: TurnWorker
    view: TurnView
    typed: str
    speed: Speed = field(default_factory=Speed)

    @property
    def conversation_id(self) -> int | None:
        """The conversation it is written in; None until a new one has begun."""
        conversation = self.turn_worker.talk.conversation if self.turn_worker.talk else None
        return conversation.conversation_id if conversation else None


class WritingPage(ReadingPage):
    """What the chat page is while it writes; the page itself adds the input and the keys."""

    def __init__(self) -> None:
        super().__init__()
        self._runs: dict[int, Run] = {}
        self._run: Run | None = None
        self._last_number = 0
        self._turn_worker: TurnWorker | None = None
        self._chosen: tuple[StoredPaper, ...] = ()
        self._ignored: frozenset[FilterKind] = frozenset()
        self._ticking: Timer | None = None

    # What there is

    @property
    def writing(self) -> bool:
        """Whether an answer is being written."""
        return self._run is not None

    @property
    def talk(self) -> ChatSession | None:
        """The conversation that is open, once something was asked in it."""
        return self._turn_worker.talk if self._turn_worker else None

    @property
    def conversation(self) -> Conversation | None:
        """The conversation as far as it came."""
        return self.talk.conversation if self.talk else None

    @property
    def kept(self) -> tuple[NumberedSource, ...]:
        """The papers that a further question is answered from."""
        return self.talk.kept if self.talk else ()

    # Asking

    async def ask(self, text: str, *, afresh: bool = False) -> None:
        """Ask what was typed: about the papers it mentions, else those chosen before, else those kept, else by search.

        ``afresh`` searches in any case.
        """
        filters = self.session.filters
        try:
            mentioned = await self._mentioned(text)
        except AssistantError as error:
            self.show_error(error)
            self.give_back(text)
            return
        question = without_mentions(text, mentioned)
        papers = _each_once([*mentioned, *(() if mentioned_ids(text) else self._chosen)])

        def begin(talk: ChatSession, answerer: "QuestionAnswerer") -> AsyncGenerator[TalkEvent, None]:
            if afresh:
                return talk.ask_afresh(answerer, question, filters)
            if papers:
                return talk.ask_about(answerer, question, papers)
            return talk.ask(answerer, question, filters)

        if await self._start(begin, question, text):
            self._chosen, self._ignored = (), frozenset()

    async def _mentioned(self, text: str) -> Sequence[StoredPaper]:
        """The papers that are to answer; where neither a mention nor a choice says so the engine reads the ids."""
        if not (mentioned_ids(text) or (self._chosen and find_paper_ids(text))):
            return ()
        library = await self.session.library()
        return await asyncio.to_thread(mentioned_papers, library, text)

    async def summarize(self, papers: Sequence[StoredPaper]) -> None:
        """Summarize these papers in the conversation that is open."""
        title = f"Summarize {len(papers)} papers" if len(papers) != 1 else f"Summarize {papers[0].paper.title}"
        await self._start(lambda talk, answerer: talk.summarize(answerer, papers), title, "")

    async def action_again(self, *, refuse: bool | None = None) -> None:
        """Write the last turn once more; what it was goes when the new one begins.

        ``refuse`` None leaves it to the configuration whether the question may be refused.
        """
        turns = self.talk.turns if self.talk else ()
        if self.writing or not turns:
            self.remark("There is no answer to write again." if not turns else "An answer is being written.")
            return
        filters, ignored = self.session.filters, self._ignored
        replaced = self.query_one(Transcript).view(turns[-1].turn_id)
        if replaced is not None:
            await self.query_one(Transcript).drop(replaced)
        await self._start(
            lambda talk, answerer: talk.again(answerer, filters, ignored=ignored), turns[-1].question, "", refuse=refuse
        )

    def first_steps(self) -> str:
        """How papers come into an empty library."""
        setup, sync = self.keys_of("app.setup"), self.keys_of("app.sync")
        return f"{setup} leads through the first steps; {sync} fetches the newest papers."

    def new_turn_worker(self, talk: ChatSession | None = None) -> TurnWorker:
        """What writes a conversation: a kept one, or one that begins with its first question."""
        return TurnWorker(self.session, self.post_message, self.first_steps(), talk)

    async def _start(self, begin: Begin, question: str, typed: str, *, refuse: bool | None = None) -> bool:
        if self.writing:
            self.remark("An answer is being written.", f"{self.keys_of('chat.stop')} stops it.")
            return False
        self.clear_remark()
        self._turn_worker = self._turn_worker or self.new_turn_worker()
        self._last_number += 1
        view = TurnView(None, question)
        run = Run(self._last_number, self._turn_worker, view, typed)
        self._runs[run.number] = self._run = run
        self.show_conversation(empty=False)
        await self.query_one(Transcript).begin(view)
        if self._run is not run:
            await self._was_stopped_at_once(run)
            return False
        self._note_writing()
        if self.session.check is CheckMode.STRICT:
            view.hold_doubtful()
        view.show_stage("looking for papers…")
        self._update_status(self._status.begun())
        self._ticking = self.set_interval(_STATUS_SECONDS, self._tick)
        self.refresh_bindings()
        write: WorkType[None] = partial(self._turn_worker.write, run.number, begin, refuse=refuse)
        self.run_worker(write, group="writing", exit_on_error=False, name=str(run.number))
        return True

    async def _was_stopped_at_once(self, run: Run) -> None:
        """Nothing was begun for a run that was stopped while its view was put on the screen."""
        del self._runs[run.number]
        if run.turn_worker is self._turn_worker:
            await self._nothing_came(run, None)
        else:
            await self.query_one(Transcript).drop(run.view)
            self.give_back(run.typed)

    def _note_writing(self) -> None:
        """Tell the other pages in which conversation is written: also while what was stopped is still being kept."""
        writing = [run.conversation_id for run in self._runs.values()]
        self.session.writing_conversation = next((number for number in reversed(writing) if number is not None), None)

    def stop_writing(self) -> None:
        """Stop at once: the page is idle now, the engine keeps what came."""
        if self._run is not None:
            run = self._run
            self._rest()
            run.view.say("■ stopped")
            for worker in self.workers:
                if worker.group == "writing" and worker.name == str(run.number):
                    worker.cancel()

    def _rest(self) -> None:
        self._run = None
        if self._ticking is not None:
            self._ticking.stop()
            self._ticking = None
        self._update_status(replace(self._status, writing=False, kept=len(self.kept)))
        self.refresh_bindings()

    # What comes

    @on(ModelReady)
    def _model_ready(self, event: ModelReady) -> None:
        if self._run is not None and event.run == self._run.number:
            mode = mode_text(event.kind, offline=self.session.config.offline)
            writes = event.kind is not ModelKind.EXTRACTIVE  # quoting has neither a speed nor a context
            self._run.speed.measured = writes
            size = event.context_tokens if writes else None
            self._update_status(replace(self._status, model=event.name, mode=mode, context_size=size))

    @on(TalkProgress)
    async def _progress(self, progress: TalkProgress) -> None:
        run = self._runs.get(progress.run)
        if run is not None and isinstance(progress.event, TurnStarted):
            run.view.turn_id = progress.event.turn_id
            self._note_writing()
        elif run is not None and run is self._run:
            await self._take(run, progress.event)

    async def _take(self, run: Run, event: TalkEvent) -> None:
        match event:
            case Delta(text):
                run.speed.add(text)
                await run.view.add_text(text)
            case Retrieved(hits, understood):
                self._update_status(replace(self._status, found=_found(understood)))
                run.view.show_stage(f"{papers_text(len(hits))} found; choosing what to read…")
            case SentenceFinished(sentence):
                await run.view.finish_sentence(sentence)
            case SentenceRevised(place, sentence):
                await run.view.revise(place, sentence)
            case TurnStarted() | Packed() | Finished() | TurnEnded():
                pass  # sources come as `SourcesReady`; the turn is shown as a whole when the run ends
            case _:
                assert_never(event)

    @on(SourcesReady)
    def _sources_ready(self, ready: SourcesReady) -> None:
        if self._run is not None and ready.run == self._run.number:
            packed, view = ready.packed, self._run.view
            self.query_one(SourcesPanel).show(view.turn_id, packed.sources, closest=ready.closest)
            view.show_stage(f"reading {papers_text(len(packed.sources))}, {packed.prompt_tokens:,} tokens…")
            self._update_status(replace(self._status, context_used=packed.prompt_tokens))

    @on(WritingEnded)
    async def _writing_ended(self, ended: WritingEnded) -> None:
        run = self._runs.pop(ended.run)
        self._note_writing()
        if self._run is run:
            self._rest()
        if run.turn_worker is not self._turn_worker:
            return  # another conversation is open by now
        turn = self._turn_of(run)
        if turn is None:
            await self._nothing_came(run, ended.error)
            return
        await run.view.end(turn)
        if run.turn_worker is not self._turn_worker:
            return  # and now it is
        if ended.error is not None:
            run.view.show_error(ended.error)
        self._show_turn(turn, run.speed)

    def _turn_of(self, run: Run) -> Turn | None:
        """The turn that a run wrote; of one that was stopped before it said which, the last turn if it has no view.

        That is also an answer that was to be written again and was not: it stands again as it was.
        """
        turns = run.turn_worker.talk.turns if run.turn_worker.talk else ()
        if run.view.turn_id is None and turns and self.query_one(Transcript).view(turns[-1].turn_id) is None:
            run.view.turn_id = turns[-1].turn_id
        return next((turn for turn in turns if turn.turn_id == run.view.turn_id), None)

    async def _nothing_came(self, run: Run, error: AssistantError | None) -> None:
        """The turn did not even begin: the question goes back to the input."""
        await self.query_one(Transcript).drop(run.view)
        turns = self.talk.turns if self.talk else ()
        self.show_conversation(empty=not turns and not self._runs)
        self._update_status(replace(self._status, seconds=None))
        if error is not None:
            self.show_error(error)
        self.give_back(run.typed)

    def _show_turn(self, turn: Turn, speed: Speed | None = None) -> None:
        """The sources and the figures of a turn that is kept."""
        if sources := sources_of(turn):
            self.query_one(SourcesPanel).show(turn.turn_id, sources, turn.answer)
        usage = turn.answer.usage if turn.answer else None
        status = replace(self._status, found=_found(turn.answer.understood if turn.answer else None))
        if turn.packed is not None:
            written = usage.output_tokens if usage else 0
            status = replace(status, context_used=turn.packed.prompt_tokens + written)
        if speed is not None:
            status = replace(status, tokens_per_second=speed.tokens_per_second(usage.output_tokens if usage else 0))
        self._update_status(replace(status, seconds=turn.seconds, kept=len(self.kept), cost=self._cost()))

    def _cost(self) -> float | None:
        """What the hosted answers of this conversation cost, in US dollars; None when none has a price."""
        prices = self.session.config.prices
        costs = [
            prices[answer.writer.name].of(
                answer.usage.prompt_tokens, answer.usage.cached_tokens, answer.usage.output_tokens
            )
            for turn in (self.talk.turns if self.talk else ())
            if (answer := turn.answer) and answer.writer.kind is ModelKind.HOSTED and answer.writer.name in prices
        ]
        return sum(costs) if costs else None

    # Status

    @property
    def _status(self) -> Status:
        return self.query_one(StatusLine).status

    def _update_status(self, status: Status) -> None:
        chosen, session = len(self._chosen), self.session
        self.query_one(StatusLine).status = replace(
            status,
            chosen=chosen,
            filters=session.filters,
            check="" if session.check is CheckMode.REPAIR else session.check.value,
            samples=session.samples,
        )

    def _tick(self) -> None:
        if self._run is not None:
            speed = self._run.speed
            self._update_status(
                replace(self._status, seconds=speed.seconds, tokens_per_second=speed.tokens_per_second())
            )

    # What the page itself adds

    def show_conversation(self, *, empty: bool) -> None:
        """Show the transcript, or the welcome while there is nothing in it."""
        raise NotImplementedError

    def give_back(self, typed: str) -> None:
        """Put a question back that nothing came of."""
        raise NotImplementedError


def _each_once(papers: Sequence[StoredPaper]) -> Sequence[StoredPaper]:
    return tuple({paper.paper_id: paper for paper in papers}.values())


def _found(understood: ParsedQuery | None) -> tuple[ExtractedFilter, ...]:
    return understood.found if understood else ()
