"""The command palette: every action of the page and of the application, the profiles, and papers by title.

Textual reads plain strings of a hit as markup, and its fuzzy matcher takes exponential time on long titles; so hits are
made of `Content` here, and words are looked for as words.
"""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.style import Style

from assistant.library import PaperRow
from assistant.tui.actions import ACTIONS, Action
from assistant.tui.messages import ShowPaper, ShowProfile
from assistant.tui.page import Page
from assistant.tui.ports import Host
from assistant.tui.widgets.text_layout import cut

_RECENT_PAPERS = 10
_PAPERS_FOUND = 12
_TITLE_CELLS = 110
_WORD_START = r"(?<!\w)"


@dataclass(frozen=True, slots=True)
class _Entry:
    """One thing that can be done, with its keys where it has some."""

    label: str
    meaning: str
    run: Callable[[], Any]
    keys: str = ""


class ActionProvider(Provider):
    """The registry, as far as it holds on the page that is open, and the digest for each profile."""

    async def discover(self) -> Hits:
        """Every action, before anything is typed."""
        for entry in self._entries():
            yield DiscoveryHit(self._line(entry, ""), entry.run, text=entry.label)

    async def search(self, query: str) -> Hits:
        """Actions in whose label or meaning every word of the query begins a word; labels count more."""
        for entry in self._entries():
            score = 2 * _fit(query, entry.label) + _fit(query, f"{entry.label} {entry.meaning}")
            if score > 0:
                yield Hit(1 + score, self._line(entry, query), entry.run, text=entry.label)

    def _entries(self) -> list[_Entry]:
        app = cast("Host", self.app)
        scope = self.screen.SCOPE if isinstance(self.screen, Page) else "app"
        tables = [ACTIONS[scope], ACTIONS["app"]] if scope != "app" else [ACTIONS["app"]]
        actions = [action for table in tables for action in table if action.palette]
        entries = [_Entry(action.label, action.meaning, self._run(action), app.keys_of(action)) for action in actions]
        return entries + self._profiles(app)

    def _profiles(self, app: Host) -> list[_Entry]:
        """The digest for each profile and for none; nothing where the configuration has no profiles."""
        entries = [
            _Entry(f"Digest for profile {name}", "The papers that fit it, each with why", self._show(name))
            for name in app.session.config.profiles
        ]
        everything = _Entry(
            "Digest of everything", "The papers of the period, whatever profile they fit", self._show("")
        )
        return [*entries, everything] if entries else []

    def _run(self, action: Action) -> Callable[[], Any]:
        target = self.app if action.scope == "app" else self.screen
        return partial(target.run_action, action.action)

    def _show(self, profile: str) -> Callable[[], Any]:
        return partial(self.app.post_message, ShowProfile(profile))

    def _line(self, entry: _Entry, query: str) -> Content:
        label = _marked(query, entry.label, self.match_style)
        line = label + Content.styled(f"  {entry.keys}", "dim") if entry.keys else label
        return line + Content("\n") + _marked(query, entry.meaning, self.match_style).stylize_before("dim not bold")


class PaperProvider(Provider):
    """The newest papers, and every paper of the library by the words of its title."""

    async def discover(self) -> Hits:
        """The newest papers."""
        library = await cast("Host", self.app).session.library()
        for row in await asyncio.to_thread(library.browsing.recent, _RECENT_PAPERS):
            yield DiscoveryHit(self._line(row, ""), self._show(row.paper_id), text=row.title)

    async def search(self, query: str) -> Hits:
        """Papers in whose title the words of the query begin words; they stand below the actions."""
        library = await cast("Host", self.app).session.library()
        rows = await asyncio.to_thread(library.browsing.complete, query, _PAPERS_FOUND)
        for place, row in enumerate(rows):
            yield Hit(1 / (2 + place), self._line(row, query), self._show(row.paper_id), text=row.title)

    def _line(self, row: PaperRow, query: str) -> Content:
        title = cut(" ".join(row.title.split()), _TITLE_CELLS).rstrip()
        facts = Content.styled(f"paper · {row.facts}", "dim not bold")
        return _marked(query, title, self.match_style) + Content("\n") + facts

    def _show(self, paper_id: str) -> Callable[[], Any]:
        return partial(self.app.post_message, ShowPaper(paper_id))


def _fit(query: str, text: str) -> float:
    """How well the query fits the text, 0..1: the share of the text's words that its words begin; 0 if one does not."""
    words = query.split()
    if not words or not all(_beginnings(word, text) for word in words):
        return 0.0
    return len(words) / max(len(text.split()), len(words))


def _marked(query: str, text: str, style: Style | None) -> Content:
    """The text as it is, with the beginnings of words that the query names marked."""
    content = Content(text)
    for word in query.split():
        for start, end in _beginnings(word, text):
            content = content.stylize(style or Style(reverse=True), start, end)
    return content


def _beginnings(word: str, text: str) -> list[tuple[int, int]]:
    return [match.span() for match in re.finditer(_WORD_START + re.escape(word), text, re.IGNORECASE)]
