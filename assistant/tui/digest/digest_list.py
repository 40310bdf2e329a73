"""The digest as one list: status, topics, papers and sentences of both, with a cursor; hundreds stay quick."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from textual.binding import Binding
from textual.content import Content
from textual.events import Click, Resize
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

from assistant.tui.digest.items import (
    DifferencesItem,
    Foldable,
    Item,
    ItemKey,
    PaperItem,
    SentenceItem,
    TopicItem,
    TopicSentenceItem,
    citations_of,
)
from assistant.tui.digest.rendering import draw

_GUTTER, _MARGIN = 2, 1
_MOST_DRAWN = 1000
"""Drawings of items that are gone are thrown away when there are more than these."""
_ABOVE: Mapping[str | int, str] = {"sentence": "paper", "topic sentence": "topic"}
"""Under what the items of a kind stand, by the first parts of their keys."""


class DigestList(ScrollView, can_focus=True):
    """Items drawn line by line. The cursor stays on its item, and its item on its line, when others come or go.

    Its keys move the cursor alone: what is done with an item are actions, whose keys the reader may change.
    """

    DEFAULT_CSS = """
    DigestList {
        height: 1fr; width: 1fr; padding: 0 0 0 1; overflow-x: hidden;
        /* Lines are wrapped for one width: a bar that comes later takes no room from them. */
        scrollbar-size-vertical: 1; scrollbar-gutter: stable;
    }
    DigestList > .digest--cursor { background: $primary 10%; }
    DigestList:focus > .digest--cursor { background: $primary 22%; }
    """
    COMPONENT_CLASSES = {"digest--cursor"}
    BINDINGS = [
        Binding("up", "move(-1)", "Up", show=False),
        Binding("down", "move(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("home", "edge(0)", "First", show=False),
        Binding("end", "edge(-1)", "Last", show=False),
        Binding("left", "inward(-1)", "Citation before, or close", show=False),
        Binding("right", "inward(1)", "Next citation, or open", show=False),
    ]

    @dataclass
    class Moved(Message):
        """The cursor stands on another item, or on another of its citations."""

        item: Item
        citation: int | None

    @dataclass
    class Chosen(Message):
        """The item under the cursor was chosen, by key or with a click."""

        item: Item
        citation: int | None

    @dataclass
    class Opened(Message):
        """A topic, a paper or what is different is to be opened or closed."""

        item: Foldable
        is_open: bool

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  # Textual's name for it
        super().__init__(id=id)
        self._items: list[Item] = []
        self._starts: list[int] = []
        self._cursor = 0
        self._citation: int | None = None
        self._drawn: dict[tuple[Item, int | None], list[Content]] = {}
        self._width = 0
        self._reported: tuple[Item, int | None] | None = None

    @property
    def item(self) -> Item | None:
        """The item under the cursor."""
        return self._items[self._cursor] if self._items else None

    @property
    def citation(self) -> int | None:
        """The number of the citation that is chosen in it; None where nothing is cited."""
        return self._citation

    def set_items(self, items: Sequence[Item]) -> None:
        """Show other items; the cursor stays where it is, or goes to the nearest thing that is left."""
        key = self.item.key if self.item else None
        offset = self._starts[self._cursor] - int(self.scroll_offset.y) if self._starts else 0
        self._items = list(items)
        self._measure()
        self._cursor = self._place_of(key)
        if self._starts and key is not None and 0 <= offset < self.size.height:
            self.scroll_to(y=self._starts[self._cursor] - offset, animate=False, immediate=True)
        self._settle(self._citation)

    def go_to(self, key: ItemKey, citation: int | None = None) -> bool:
        """Put the cursor on an item; False when it is not shown."""
        place = next((place for place, item in enumerate(self._items) if item.key == key), None)
        if place is None:
            return False
        self._cursor = place
        self._settle(citation)
        self._show_cursor()
        return True

    # Moving

    def action_move(self, step: int) -> None:
        """Go some items up or down."""
        self._go(self._cursor + step)

    def action_page(self, direction: int) -> None:
        """Go a page up or down."""
        if self._starts:
            line = self._starts[self._cursor] + direction * max(self.size.height - 2, 1)
            self._go(bisect_right(self._starts, max(line, 0)) - 1)

    def action_edge(self, place: int) -> None:
        """Go to the first (0) or the last item (-1)."""
        self._go(place if place >= 0 else len(self._items) - 1)

    def action_inward(self, step: int) -> None:
        """To the next citation of a sentence; what can be opened is opened, or closed on the way left."""
        item, cited = self.item, citations_of(self.item)
        if isinstance(item, DifferencesItem | TopicItem | PaperItem):
            unfolded = item.is_open or (step < 0 and isinstance(item, TopicItem) and item.is_told)
            if unfolded != (step > 0):
                self.post_message(self.Opened(item, step > 0))
            elif step > 0:
                self._go(self._cursor + 1)
            elif isinstance(item, PaperItem):
                self._go_up_to(TopicItem)
            return
        at = cited.index(self._citation) + step if self._citation in cited else 0
        if 0 <= at < len(cited):
            self._settle(cited[at])
        elif step < 0 and isinstance(item, SentenceItem | TopicSentenceItem):
            self._go_up_to(PaperItem if isinstance(item, SentenceItem) else TopicItem)

    def action_choose(self) -> None:
        """Choose the item under the cursor; what that does is the page's."""
        if self.item is not None:
            self.post_message(self.Chosen(self.item, self._citation))

    def on_click(self, event: Click) -> None:
        """A click goes to an item; on its mark, or when it is the one under the cursor, it chooses it."""
        offset = event.get_content_offset(self)
        line = int(self.scroll_offset.y) + offset.y if offset else -1
        if not self._starts or not 0 <= line < self.virtual_size.height:
            return
        place = bisect_right(self._starts, line) - 1
        citation = event.style.meta.get("citation")
        again = place == self._cursor and citation in {None, self._citation}
        self._cursor = place
        self._settle(citation)
        if again or event.style.meta.get("toggle"):
            self.action_choose()

    def _go(self, place: int) -> None:
        if self._items:
            moved = max(0, min(place, len(self._items) - 1))
            if moved != self._cursor:
                self._cursor = moved
                self._settle(None)
            self._show_cursor()

    def _go_up_to(self, kind: type[TopicItem | PaperItem]) -> None:
        above = (place for place in range(self._cursor, -1, -1) if isinstance(self._items[place], kind))
        self._go(next(above, self._cursor))

    def _settle(self, citation: int | None) -> None:
        """Choose a citation of the item under the cursor, or its first one; tell the page of a change."""
        cited = citations_of(self.item)
        self._citation = citation if citation in cited else next(iter(cited), None)
        self.refresh()
        there = (self.item, self._citation) if self.item else None
        if there is not None and there != self._reported:
            self.post_message(self.Moved(*there))
        self._reported = there

    def _show_cursor(self) -> None:
        start, end = self._starts[self._cursor], self._end_of(self._cursor)
        region = Region(0, start, 1, min(end - start, max(self.size.height, 1)))
        self.scroll_to_region(region, animate=False, force=True)

    # Lines

    def on_resize(self, event: Resize) -> None:
        """Wrap anew."""
        del event
        self._measure()
        if self._starts:
            self._show_cursor()

    def render_line(self, y: int) -> Strip:
        """One line of the item that stands there."""
        line = y + int(self.scroll_offset.y)
        width = self.scrollable_content_region.width
        if not self._starts or line >= self.virtual_size.height:
            return Strip.blank(width, self.rich_style)
        place = bisect_right(self._starts, line) - 1
        at_cursor = place == self._cursor
        drawn = self._lines_of(self._items[place], self._citation if at_cursor else None)
        content = drawn[line - self._starts[place]]
        marked = at_cursor and bool(content.plain.strip())
        style = self.get_visual_style("digest--cursor") if marked else self.visual_style
        gutter = Content.styled("▌ ", "$primary") if marked else Content("  ")
        return Visual.to_strips(self, gutter + content, width, 1, style, pad=True)[0].crop(0, width)

    def _lines_of(self, item: Item, citation: int | None) -> list[Content]:
        key = (item, citation)
        if key not in self._drawn:
            self._drawn[key] = draw(item, self._width - _GUTTER - _MARGIN, citation)
        return self._drawn[key]

    def _measure(self) -> None:
        """Where each item begins; lines of an item that did not change are drawn once for a width.

        Lines are drawn for the width they were measured with: between a change of size and its event some are asked
        for already.
        """
        width = self.scrollable_content_region.width
        if not width:
            return
        if width != self._width or len(self._drawn) > _MOST_DRAWN + 2 * len(self._items):
            self._width = width
            self._drawn.clear()
        self._starts, line = [], 0
        for item in self._items:
            self._starts.append(line)
            line += len(self._lines_of(item, None))
        self.virtual_size = Size(width, line)
        self.refresh()

    def _end_of(self, place: int) -> int:
        return self._starts[place + 1] if place + 1 < len(self._starts) else self.virtual_size.height

    def _place_of(self, key: ItemKey | None) -> int:
        """The place of an item; of a sentence that is gone that of its paper or topic, else the cursor's, if it is."""
        places = {item.key: place for place, item in enumerate(self._items)}
        if key in places:
            return places[key]
        if key is not None and key[0] in _ABOVE:
            return places.get((_ABOVE[key[0]], key[1]), 0)
        return max(0, min(self._cursor, len(self._items) - 1))
