"""The command palette: every action of the page and of the application, and the recent papers by title."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from rich.markup import escape
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.fuzzy import Matcher

from assistant.tui.actions import ACTIONS, Action
from assistant.tui.messages import ShowPaper
from assistant.tui.page import Page

if TYPE_CHECKING:
    from assistant.tui.app import AssistantApp

_RECENT_PAPERS = 200
_SHOWN_AT_FIRST = 8


class ActionProvider(Provider):
    """The registry, as far as it holds on the page that is open."""

    def _actions(self) -> list[Action]:
        scope = self.screen.SCOPE if isinstance(self.screen, Page) else "app"
        tables = [ACTIONS[scope], ACTIONS["app"]] if scope != "app" else [ACTIONS["app"]]
        return [action for table in tables for action in table if action.palette]

    def _run(self, action: Action) -> Callable[[], Any]:
        target = self.app if action.scope == "app" else self.screen
        return partial(target.run_action, action.action)

    async def discover(self) -> Hits:
        """Every action, before anything is typed."""
        for action in self._actions():
            yield DiscoveryHit(Content(self._name(action)), self._run(action), text=action.label, help=action.meaning)

    async def search(self, query: str) -> Hits:
        """Actions whose label or meaning fits."""
        matcher = self.matcher(query)
        for action in self._actions():
            text = f"{action.label}: {action.meaning}"
            if (score := matcher.match(text)) > 0:
                yield Hit(score, _highlighted(matcher, text), self._run(action), text=text, help=self._name(action))

    def _name(self, action: Action) -> str:
        keys = cast("AssistantApp", self.app).keys_of(action)
        return f"{action.label}  ({keys})" if keys else action.label


class PaperProvider(Provider):
    """The papers of the last days, by title."""

    async def startup(self) -> None:
        """Fetch the titles once for each time the palette is opened."""
        library = await cast("AssistantApp", self.app).session.library()
        newest = library.newest_day()
        self._rows = library.browsing.recent(_RECENT_PAPERS) if newest else []

    async def discover(self) -> Hits:
        """The newest papers."""
        for row in self._rows[:_SHOWN_AT_FIRST]:
            yield DiscoveryHit(Content(row.title), self._show(row.paper_id), text=row.title, help=escape(row.facts))

    async def search(self, query: str) -> Hits:
        """Papers whose title fits."""
        matcher = self.matcher(query)
        for row in self._rows:
            if (score := matcher.match(row.title)) > 0:
                yield Hit(
                    score,
                    _highlighted(matcher, row.title),
                    self._show(row.paper_id),
                    text=row.title,
                    help=escape(row.facts),
                )

    def _show(self, paper_id: str) -> Callable[[], Any]:
        return partial(self.app.post_message, ShowPaper(paper_id))


def _highlighted(matcher: Matcher, text: str) -> Content:
    """The text with the letters that fit marked; Textual's own reads the text as markup, and titles are hostile."""
    _, offsets = matcher.fuzzy_search.match(matcher.query, text)
    content = Content(text)
    for offset in offsets:
        content = content.stylize(matcher.match_style, offset, offset + 1)
    return content
