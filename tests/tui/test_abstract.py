"""The view of one paper with its abstract, alone."""

import pytest
from textual.app import App, ComposeResult
from textual.widgets import Static

from assistant.library.records import StoredPaper
from assistant.papers import Paper, Provenance, clean_text
from assistant.tui.widgets.abstract import AbstractView
from tests.support.paper_factory import HOSTILE_TITLES


class Host(App[None]):
    """A view as tall as it is beside a chat."""

    def compose(self) -> ComposeResult:
        yield AbstractView()


@pytest.mark.parametrize("title", HOSTILE_TITLES)
async def test_the_abstract_stays_in_view_below_any_title_and_byline(title: str) -> None:
    title = clean_text(title)
    paper = Paper("2608.00001", title, "The abstract.", Provenance.EXPORT, organization=title)
    async with Host().run_test(size=(80, 16)) as pilot:
        view = pilot.app.query_one(AbstractView)
        view.show(StoredPaper(paper, upvotes=7), number=1)
        await pilot.pause()

        assert str(view.query_one(".-title", Static).render()).startswith(f"[1] {title[:1]}")
        assert str(view.query_one(".-facts", Static).render()).startswith(f"▲ 7 · {title[:1]}")
        assert view.query_one(".-abstract", Static).virtual_region.bottom <= view.size.height
