"""The parts of the chat without an application: a page and lists that keep what they are told."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

from textual.message import Message

from assistant.answering.conversation import Turn
from assistant.answering.values import Answer, NumberedSource
from assistant.sentences import Sentence
from assistant.tui.chat.anchors import Placed
from assistant.tui.chat.options_controller import OptionsController
from assistant.tui.chat.status import Status, StatusLine
from assistant.tui.chat.turn import TurnView
from assistant.tui.chat.turn_controller import TurnController
from assistant.tui.chat.turn_display import TurnDisplay
from assistant.tui.chat.turn_worker import TurnMessage, WritingEnded
from assistant.tui.session import Session
from assistant.tui.widgets.notice import Notice


class ListedTurns:
    """The turns, on no screen; ``stops`` are what can be chosen in them."""

    def __init__(self, stops: Sequence[Placed] = ()) -> None:
        self.current_stop: Placed | None = None
        self.views: list[TurnView] = []
        self.jumps: list[Placed | None] = []
        self.drawing: Callable[[], object] | None = None
        self._stops = stops

    def view(self, turn_id: int) -> TurnView | None:
        return next((view for view in self.views if view.turn_id == turn_id), None)

    async def show(self, turns: Sequence[Turn]) -> None:
        self.views = [TurnView.of(turn) for turn in turns]

    async def begin(self, view: TurnView) -> None:
        self.views.append(view)
        if self.drawing is not None:
            self.drawing()

    async def drop(self, view: TurnView) -> None:
        self.views.remove(view)

    def step(self, forward: int) -> None:
        stop = self.current_stop
        position = self._stops.index(stop) if stop in self._stops else -1 if forward > 0 else 0
        self.choose(self._stops[(position + forward) % len(self._stops)])

    def choose(self, placed: Placed | None, *, jump: bool = False) -> None:
        self.current_stop = placed
        if jump:
            self.jumps.append(placed)


class ListedSources:
    """The sources of a turn, on no screen."""

    def __init__(self) -> None:
        self.turn_id: int | None = None
        self.sources: tuple[NumberedSource, ...] = ()
        self.answer: Answer | None = None
        self.expanded_source: NumberedSource | None = None

    def clear(self) -> None:
        self.show(None, ())

    def show(
        self,
        turn_id: int | None,
        sources: Sequence[NumberedSource],
        answer: Answer | None = None,
        closest: Mapping[str, Sentence] | None = None,
    ) -> None:
        self.turn_id, self.sources, self.answer = turn_id, tuple(sources), answer
        self.expanded_source = self.sources[0] if sources else None

    def choose(self, number: int, placed: Placed | None = None) -> bool:
        source = next((source for source in self.sources if source.number == number), None)
        self.expanded_source = source or self.expanded_source
        return source is not None


class RecordingPage:
    """Keeps what is posted until `TurnsWithoutApp.pump` hands it on, and runs turns as tasks."""

    def __init__(self) -> None:
        self.posted: asyncio.Queue[Message] = asyncio.Queue()
        self.composer_text = ""
        self.shows_welcome = True
        self.ticks = False

    def keys_of(self, name: str) -> str:
        return f"<{name}>"

    def post_message(self, message: Message) -> bool:
        self.posted.put_nowait(message)
        return True

    def run_turn(self, write: Callable[[], Awaitable[None]]) -> asyncio.Task[None]:
        async def run() -> None:
            await write()

        return asyncio.create_task(run())

    def writing_changed(self, *, writing: bool) -> None:
        self.ticks = writing

    def show_conversation(self, *, empty: bool) -> None:
        self.shows_welcome = empty

    def give_back(self, typed: str) -> None:
        self.composer_text = self.composer_text or typed


class TurnsWithoutApp:
    """A controller of turns with everything it works on."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.page = RecordingPage()
        self.turns = ListedTurns()
        self.sources = ListedSources()
        self.status_line = StatusLine()
        self.notice = Notice()
        self.options = OptionsController(session, self.status_line, self.notice)
        self.controller = TurnController(
            session,
            self.options,
            self.page,
            self.turns,
            display=TurnDisplay(session, self.sources, self.status_line),
            notice=self.notice,
        )

    @property
    def status(self) -> Status:
        return self.status_line.status

    @property
    def remark(self) -> str:
        return str(self.notice.content)

    def is_writing(self) -> tuple[bool, bool, bool]:
        """Whether an answer is written: by the controller, the status line, and the page's clock."""
        return self.controller.writing, self.status.writing, self.page.ticks

    async def pump_until(self, kind: type[TurnMessage]) -> None:
        """Hand on messages as the page does, up to the first one of a kind."""
        async with asyncio.timeout(60):
            while True:
                message = await self.page.posted.get()
                assert isinstance(message, TurnMessage)
                await self.controller.take(message)
                if isinstance(message, kind):
                    return

    async def ask(self, text: str) -> None:
        """Ask and wait for the end of the answer."""
        await self.controller.ask(text)
        await self.pump_until(WritingEnded)
