"""The turns of a conversation, and walking in them: from citation to citation, with the marks between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.events import Click, Key
from textual.message import Message
from textual.widgets import Markdown, Static

from assistant.answering import Turn
from assistant.tui.chat.anchors import Placed, PlacedMark, place_of
from assistant.tui.chat.citations import AnswerMarkdown
from assistant.tui.chat.turn import TurnView
from assistant.tui.messages import OpenLink

_SHOWN_AT_ONCE = 12


class EarlierTurns(Static):
    """Stands above the turns while earlier ones are not drawn; a click draws more."""

    DEFAULT_CSS = "EarlierTurns { height: 1; color: $secondary; padding: 0 1; margin-bottom: 1; }"

    class Wanted(Message):
        """The reader wants to see more."""

    def on_click(self, event: Click) -> None:
        """Ask for more."""
        event.stop()
        self.post_message(self.Wanted())


class Transcript(VerticalScroll, inherit_bindings=False):
    """The turns, newest last, the end kept in view until the reader scrolls.

    Left and right are free for citations: nothing here scrolls sideways.
    """

    DEFAULT_CSS = """
    Transcript { height: 1fr; padding: 1 0 0 0; scrollbar-size-vertical: 1; }
    Transcript:focus { background-tint: $foreground 3%; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "scroll_up", show=False),
        Binding("down", "scroll_down", show=False),
        Binding("home", "earliest", show=False),
        Binding("end", "scroll_end", show=False),
        Binding("pageup", "page_up", show=False),
        Binding("pagedown,space", "page_down", show=False),
    ]

    @dataclass
    class CitationChosen(Message):
        """A citation, a mark or a close paper was chosen; ``jump`` when its source is to be gone to.

        None: none is chosen any more.
        """

        placed: Placed | None
        jump: bool = False

    @dataclass
    class SourceWanted(Message):
        """A source of the turn in view is to be gone to, by its number."""

        number: int

    def __init__(self) -> None:
        super().__init__()
        self.current_stop: Placed | None = None
        self._earlier: list[Turn] = []

    def on_mount(self) -> None:
        """Keep the end in view."""
        self.anchor()

    @property
    def views(self) -> list[TurnView]:
        """The turns that are drawn, oldest first."""
        return list(self.query(TurnView))

    def view(self, turn_id: int) -> TurnView | None:
        """The view of a turn."""
        return next((view for view in self.views if view.turn_id == turn_id), None)

    async def show(self, turns: Sequence[Turn]) -> None:
        """Show a kept conversation from its end; earlier turns are drawn when they are wanted."""
        self.choose(None)
        for view in self.views:
            await view.close_stream()
        await self.remove_children()
        self._earlier = list(turns[:-_SHOWN_AT_ONCE])
        if self._earlier:
            await self.mount(EarlierTurns(Content(self._earlier_line()), markup=False))
        await self.mount_all(TurnView.of(turn) for turn in turns[-_SHOWN_AT_ONCE:])
        self.anchor()

    async def begin(self, view: TurnView) -> None:
        """Add a turn that begins now."""
        self.choose(None)
        await self.mount(view)
        self.anchor()

    async def drop(self, view: TurnView) -> None:
        """Take a turn off the screen."""
        if self.current_stop is not None and self.current_stop.place.turn_id == view.turn_id:
            self.choose(None)
        await view.remove()

    def _earlier_line(self) -> str:
        return f"↑ {len(self._earlier)} earlier turns (Home)"

    @on(EarlierTurns.Wanted)
    async def action_earliest(self) -> None:
        """Go to the top; draw earlier turns when there are some."""
        self.release_anchor()
        if self._earlier:
            more, self._earlier = self._earlier[-_SHOWN_AT_ONCE:], self._earlier[:-_SHOWN_AT_ONCE]
            line = self.query_one(EarlierTurns)
            await self.mount_all([TurnView.of(turn) for turn in more], after=line)
            if self._earlier:
                line.update(Content(self._earlier_line()))
            else:
                await line.remove()
        self.scroll_home(animate=False)

    # What can be chosen

    def step(self, forward: int) -> None:
        """Choose the next (1) or the previous (-1) stop; from none, the first of the last answer that has some."""
        stops = [placed for view in self.views for placed in view.stops]
        if not stops:
            return
        if self.current_stop in stops:
            position = stops.index(self.current_stop) + forward
            self.choose(stops[max(0, min(position, len(stops) - 1))])
        else:
            last = [placed for placed in stops if placed.place.turn_id == stops[-1].place.turn_id]
            self.choose(last[0] if forward > 0 else last[-1])

    def choose(self, placed: Placed | None, *, jump: bool = False) -> None:
        """Show a stop in reverse and say so; None unmarks."""
        if self.current_stop is not None and (
            placed is None or placed.place.turn_id != self.current_stop.place.turn_id
        ):
            former = self.view(self.current_stop.place.turn_id)
            if former is not None:
                former.query_one(AnswerMarkdown).mark(None)
        changed = placed != self.current_stop
        self.current_stop = placed
        view = self.view(placed.place.turn_id) if placed else None
        if placed is not None and view is not None:
            block = view.query_one(AnswerMarkdown).mark(placed.place)
            if block is not None:
                self.release_anchor()
                self.scroll_to_widget(block, animate=False)
        if changed or jump:
            self.post_message(self.CitationChosen(placed, jump))

    @on(Markdown.LinkClicked)
    def _link_clicked(self, event: Markdown.LinkClicked) -> None:
        """A citation leads to its source, a mark to its reason; another address to the browser, and only then."""
        event.stop()
        place = place_of(event.href)
        stops = [placed for view in self.views for placed in view.stops]
        placed = next((placed for placed in stops if placed.place == place), None)
        if placed is not None:
            self.choose(placed, jump=not isinstance(placed, PlacedMark))
        elif event.href.startswith(("https://", "http://")):
            self.post_message(OpenLink(event.href))

    def on_key(self, event: Key) -> None:
        """Enter goes to the source of the chosen citation, a digit to the source of that number."""
        if event.key == "enter" and self.current_stop is not None:
            event.stop()
            self.choose(self.current_stop, jump=True)
        elif event.character is not None and event.character in "123456789":
            event.stop()
            self.post_message(self.SourceWanted(int(event.character)))
