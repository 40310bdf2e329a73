"""Runs the turns of the open conversation: asks the engine, one question at a time, stops it, asks once more."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from assistant.answering import Conversation, NumberedSource, TalkEvent, Turn, TurnStarted
from assistant.arxiv_ids import find_paper_ids
from assistant.errors import AssistantError
from assistant.library import StoredPaper
from assistant.retrieval.query import FilterKind
from assistant.services import ChatSession
from assistant.tui.chat.mentions import mentioned_ids, mentioned_papers, without_mentions
from assistant.tui.chat.options_controller import OptionsController
from assistant.tui.chat.ports import TranscriptView, TurnPage
from assistant.tui.chat.turn import TurnView
from assistant.tui.chat.turn_display import Run, TurnDisplay
from assistant.tui.chat.turn_worker import (
    Begin,
    ModelReady,
    SourcesReady,
    TalkProgress,
    TurnMessage,
    TurnWorker,
    WritingEnded,
)
from assistant.tui.session import Session
from assistant.tui.widgets.notice import Notice

if TYPE_CHECKING:
    from assistant.answering import QuestionAnswerer

_WRITING = "An answer is being written."


class TurnController:
    """Begins and ends turns. A turn that was stopped is still kept by its worker while the next one is written.

    ``turn_worker`` writes the open conversation; None until something is asked in a new one.
    """

    def __init__(
        self,
        session: Session,
        options: OptionsController,
        page: TurnPage,
        turns: TranscriptView,
        *,
        display: TurnDisplay,
        notice: Notice,
    ) -> None:
        self._session = session
        self._options = options
        self._page = page
        self._turns = turns
        self._display = display
        self._notice = notice
        self._runs: dict[int, Run] = {}
        self._run: Run | None = None
        self._last_number = 0
        self.turn_worker: TurnWorker | None = None

    @property
    def writing(self) -> bool:
        """Whether an answer is being written."""
        return self._run is not None

    @property
    def talk(self) -> ChatSession | None:
        """The conversation that is open, once something was asked in it."""
        return self.turn_worker.talk if self.turn_worker else None

    @property
    def conversation(self) -> Conversation | None:
        """The conversation as far as it came."""
        return self.talk.conversation if self.talk else None

    @property
    def kept_sources(self) -> Sequence[NumberedSource]:
        """The papers that a further question is answered from."""
        return self.talk.kept if self.talk else ()

    @property
    def typed(self) -> str:
        """The question that is being answered, as it was typed; "" when it was not, and when there is none."""
        return self._run.typed if self._run else ""

    # The conversation that is open

    async def open(self, talk: ChatSession | None) -> None:
        """Have another conversation open, or none yet; what is being written was stopped before."""
        self.turn_worker = self._new_turn_worker(talk) if talk else None
        self._options.forget_question()
        self._notice.clear_notice()
        self._display.clear()
        turns = talk.turns if talk else ()
        await self._turns.show(turns)
        self._page.show_conversation(empty=not turns)

    def show_last_turn(self) -> None:
        """Show the sources and the figures of the last turn."""
        if self.talk is not None and self.talk.turns:
            self._display.show_turn(self.talk.turns[-1], self.talk)

    def forget_papers(self) -> None:
        """Let the next question search."""
        if self.talk is not None:
            self.talk.forget_papers()
        self._options.forget_papers()
        self._notice.clear_notice()
        self._display.show_kept_papers(self.talk)

    # Asking

    async def ask(self, text: str, *, afresh: bool = False) -> None:
        """Ask what was typed: about the papers it mentions, else those chosen before, else those kept, else by search.

        ``afresh`` searches in any case.
        """
        filters = self._session.filters
        try:
            mentioned = await self._mentioned(text)
        except AssistantError as error:
            self._notice.show_error(error)
            self._page.give_back(text)
            return
        question = without_mentions(text, mentioned)
        papers = _each_once([*mentioned, *(() if mentioned_ids(text) else self._options.papers)])

        def begin(talk: ChatSession, answerer: "QuestionAnswerer") -> AsyncGenerator[TalkEvent, None]:
            if afresh:
                return talk.ask_afresh(answerer, question, filters)
            if papers:
                return talk.ask_about(answerer, question, papers)
            return talk.ask(answerer, question, filters)

        if await self._start(begin, question, text):
            self._options.forget_question()

    async def _mentioned(self, text: str) -> Sequence[StoredPaper]:
        """The papers that are to answer; where neither a mention nor a choice says so the engine reads the ids."""
        if not (mentioned_ids(text) or (self._options.papers and find_paper_ids(text))):
            return ()
        library = await self._session.library()
        return await asyncio.to_thread(mentioned_papers, library, text)

    async def summarize(self, papers: Sequence[StoredPaper]) -> None:
        """Summarize these papers in the conversation that is open."""
        title = f"Summarize {len(papers)} papers" if len(papers) != 1 else f"Summarize {papers[0].paper.title}"
        await self._start(lambda talk, answerer: talk.summarize(answerer, papers), title, "")

    # Asking once more

    async def again(self, *, refuse: bool | None = None) -> None:
        """Write the last turn once more; what it was goes when the new one begins.

        ``refuse`` None leaves it to the configuration whether the question may be refused.
        """
        turn = self._last_turn
        if self.writing or turn is None:
            self._notice.show_remark("There is no answer to write again." if turn is None else _WRITING)
            return
        filters, ignored = self._session.filters, self._options.ignored
        replaced = self._turns.view(turn.turn_id)
        if replaced is not None:
            await self._turns.drop(replaced)
        await self._start(
            lambda talk, answerer: talk.again(answerer, filters, ignored=ignored), turn.question, "", refuse=refuse
        )

    async def answer_anyway(self) -> None:
        """Have the last question answered although it was refused."""
        answer = self._last_turn.answer if self._last_turn else None
        if answer is None or answer.refusal is None:
            self._notice.show_remark("The last question was not refused.")
        else:
            await self.again(refuse=False)

    async def ignore_filters(self, kind: str = "") -> None:
        """Ask the last question again without a filter that its words made, or without any of them ("")."""
        turn = self._last_turn
        understood = turn.answer.understood if turn and turn.answer else None
        kinds = {each.kind for each in understood.found} if understood else set()
        unwanted = kinds & {FilterKind(kind)} if kind else kinds
        if self.writing or turn is None or not unwanted:
            self._notice.show_remark(_WRITING if self.writing else "The question made no such filter.")
            return
        ignored, question, filters = self._options.ignored | unwanted, turn.question, self._session.filters

        def begin(talk: ChatSession, answerer: "QuestionAnswerer") -> AsyncGenerator[TalkEvent, None]:
            return talk.ask_afresh(answerer, question, filters, ignored=ignored)

        if await self._start(begin, question, ""):
            self._options.ignored = ignored

    @property
    def _last_turn(self) -> Turn | None:
        return self.talk.turns[-1] if self.talk and self.talk.turns else None

    # Begin and end

    def first_steps(self) -> str:
        """How papers come into an empty library."""
        setup, sync = self._page.keys_of("app.setup"), self._page.keys_of("app.sync")
        return f"{setup} leads through the first steps; {sync} fetches the newest papers."

    def _new_turn_worker(self, talk: ChatSession | None = None) -> TurnWorker:
        """What writes a conversation: a kept one, or one that begins with its first question."""
        return TurnWorker(self._session, self._page.post_message, self.first_steps(), talk)

    async def _start(self, begin: Begin, question: str, typed: str, *, refuse: bool | None = None) -> bool:
        if self.writing:
            self._notice.show_remark(_WRITING, f"{self._page.keys_of('chat.stop')} stops it.")
            return False
        self._notice.clear_notice()
        self.turn_worker = self.turn_worker or self._new_turn_worker()
        self._last_number += 1
        run = Run(self._last_number, self.turn_worker, TurnView(None, question), typed)
        self._runs[run.number] = self._run = run
        self._page.show_conversation(empty=False)
        await self._turns.begin(run.view)
        if self._run is not run:
            await self._was_stopped_at_once(run)
            return False
        self._note_writing()
        self._display.begin(run)
        self._page.writing_changed(writing=True)
        run.work = self._page.run_turn(partial(run.turn_worker.write, run.number, begin, refuse=refuse))
        return True

    async def _was_stopped_at_once(self, run: Run) -> None:
        """Nothing was begun for a run that was stopped while its view was put on the screen."""
        del self._runs[run.number]
        if run.turn_worker is self.turn_worker:
            await self._nothing_came(run, None)
        else:
            await self._turns.drop(run.view)
            self._page.give_back(run.typed)

    def _note_writing(self) -> None:
        """Tell the other pages in which conversation is written: also while what was stopped is still being kept."""
        writing = [run.conversation_id for run in self._runs.values()]
        self._session.writing_conversation = next((number for number in reversed(writing) if number is not None), None)

    def stop(self) -> None:
        """Stop at once: nothing is written now, the engine keeps what came."""
        if self._run is not None:
            run = self._run
            self._end_writing()
            run.view.say("■ stopped")
            if run.work is not None:
                run.work.cancel()

    def _end_writing(self) -> None:
        self._run = None
        self._display.rest(self.talk)
        self._page.writing_changed(writing=False)

    # What comes

    def show_time(self) -> None:
        """Show how long the answer takes by now."""
        if self._run is not None:
            self._display.show_time(self._run)

    async def take(self, message: TurnMessage) -> None:
        """Show what comes of a run; of one that was stopped only how it ends."""
        run = self._runs.get(message.run)
        if run is None:
            return
        match message:
            case TalkProgress(event=TurnStarted(turn_id=turn_id)):
                run.view.turn_id = turn_id
                self._note_writing()
            case WritingEnded(error=error):
                await self._ended(run, error)
            case TalkProgress(event=event) if run is self._run:
                await self._display.show_event(run, event)
            case ModelReady() if run is self._run:
                self._display.show_model(run, message)
            case SourcesReady() if run is self._run:
                self._display.show_sources(run, message)

    async def _ended(self, run: Run, error: AssistantError | None) -> None:
        del self._runs[run.number]
        self._note_writing()
        if self._run is run:
            self._end_writing()
        if run.turn_worker is not self.turn_worker:
            return  # another conversation is open by now
        turn = self._turn_of(run)
        if turn is None:
            await self._nothing_came(run, error)
            return
        await run.view.end(turn)
        if run.turn_worker is not self.turn_worker:
            return  # and now it is
        if error is not None:
            run.view.show_error(error)
        self._display.show_turn(turn, self.talk, run.speed)

    def _turn_of(self, run: Run) -> Turn | None:
        """The turn that a run wrote; of one that was stopped before it said which, the last turn if it has no view.

        That is also an answer that was to be written again and was not: it stands again as it was.
        """
        turns = run.turn_worker.talk.turns if run.turn_worker.talk else ()
        if run.view.turn_id is None and turns and self._turns.view(turns[-1].turn_id) is None:
            run.view.turn_id = turns[-1].turn_id
        return next((turn for turn in turns if turn.turn_id == run.view.turn_id), None)

    async def _nothing_came(self, run: Run, error: AssistantError | None) -> None:
        """The turn did not even begin: the question goes back to the input."""
        await self._turns.drop(run.view)
        self._page.show_conversation(empty=self._last_turn is None and not self._runs)
        self._display.forget_time()
        if error is not None:
            self._notice.show_error(error)
        self._page.give_back(run.typed)


def _each_once(papers: Sequence[StoredPaper]) -> Sequence[StoredPaper]:
    return tuple({paper.paper_id: paper for paper in papers}.values())
