"""The second step: the embedder comes, papers get vectors, and search uses them without a new start."""

from collections.abc import Callable

import pytest
from textual.widgets import ProgressBar

from assistant.errors import AssetError
from assistant.library.filters import Filters
from assistant.tui.app import AssistantApp
from assistant.tui.widgets.title_bar import TitleBar
from tests.conftest import AssetPath
from tests.tui.conftest import running, wait_until
from tests.tui.setup.conftest import SteadyPuller, idle, line, notice, setup_of, step, texts

FirstRun = Callable[..., AssistantApp]
Puller = type[SteadyPuller]


@pytest.fixture(autouse=True)
def embedder(asset_path: AssetPath) -> None:
    """What the puller copies from."""
    asset_path("minilm")


async def test_the_embedder_comes_and_search_goes_by_meaning_from_then_on(first_run: FirstRun, puller: Puller) -> None:
    app = first_run(papers=True)
    async with running(app) as pilot:
        await pilot.press("f9")
        await idle(pilot)
        library = await app.session.library()
        before = app.session.container.search.search("agents that learn", Filters(), 5)
        assert {hit.dense for hit in before} == {None}
        assert line(pilot, 2) == "▸ ○ 2 Search   by words alone; minilm is missing"
        await pilot.press("ctrl+n", "f5")
        await idle(pilot)

        assert puller.pulled == ["minilm"]
        assert line(pilot, 2) == "▸ ✓ 2 Search   by words and by meaning"
        assert step(pilot, 3).opened
        await app.session.warm()
        hits = app.session.container.search.search("agents that learn", Filters(), 5)
        assert any(hit.dense is not None for hit in hits)
        assert await app.session.library() is library, "pages keep the library that they have"
        assert library.check().clean


async def test_bytes_are_counted_and_f8_stops_with_everything_kept(first_run: FirstRun, puller: Puller) -> None:
    puller.may_finish.clear()
    async with running(first_run(papers=True)) as pilot:
        await pilot.press("f9")
        await idle(pilot)
        await pilot.press("ctrl+n", "f5")
        await wait_until(pilot, lambda: "fetching minilm: 11 MB of 23 MB" in texts(step(pilot, 2)))
        assert line(pilot, 2).startswith("▾ … 2 Search")
        assert step(pilot, 2).query_one(ProgressBar).percentage == pytest.approx(0.5, abs=0.01)
        assert "setup: 49 %" in setup_of(pilot).query_one(TitleBar).activity
        await pilot.press("f8")
        await idle(pilot)

        assert puller.stopped == ["minilm"]
        assert notice(pilot, 2).startswith("Stopped.")
        assert setup_of(pilot).query_one(TitleBar).activity == ""
        puller.may_finish.set()
        await pilot.press("f5")
        await idle(pilot)
        assert step(pilot, 2).done


async def test_a_pull_goes_on_behind_other_pages(first_run: FirstRun, puller: Puller) -> None:
    puller.may_finish.clear()
    app = first_run(papers=True)
    async with running(app) as pilot:
        await pilot.press("f9")
        await idle(pilot)
        await pilot.press("ctrl+n", "f5")
        await wait_until(pilot, lambda: step(pilot, 2).working)
        await pilot.press("escape")
        await wait_until(pilot, lambda: app.current_mode == "chat")
        await wait_until(pilot, lambda: app.activity.startswith("setup: 4"))
        puller.may_finish.set()
        await idle(pilot)
        await pilot.press("f9")
        await idle(pilot)

        assert line(pilot, 2).endswith("by words and by meaning")


async def test_a_pull_that_fails_says_why_in_place(first_run: FirstRun, puller: Puller) -> None:
    puller.fails = AssetError("No source could give [/red] it.", "Check the network.")
    async with running(first_run(papers=True), (80, 24)) as pilot:
        await pilot.press("f9")
        await idle(pilot)
        await pilot.press("ctrl+n", "f5")
        await idle(pilot)

        assert notice(pilot, 2) == "✗ No source could give [/red] it.\n→ Check the network."
        assert line(pilot, 2).startswith("▾ ○")


async def test_offline_it_says_which_file_to_copy_where(first_run: FirstRun) -> None:
    app = first_run(papers=True, settings={"offline": True})
    async with running(app) as pilot:
        await pilot.press("f9")
        await idle(pilot)
        await pilot.press("ctrl+n")
        await pilot.pause()

        shown = texts(step(pilot, 2))
        assert "Offline nothing is fetched" in shown
        assert str(app.session.container.assets.file("minilm")) in shown
        assert "Pull and index" not in shown
        await pilot.press("f5")
        await idle(pilot)
        assert "offline nothing is fetched" in notice(pilot, 2)


async def test_papers_that_came_before_the_embedder_are_indexed_without_a_pull(first_run: FirstRun) -> None:
    async with running(first_run(papers=True, embedder=True)) as pilot:
        await pilot.press("f9")
        await idle(pilot)
        assert line(pilot, 2) == "▸ ○ 2 Search   vectors of 0 of 31 papers"
        await pilot.press("ctrl+n", "f5")
        await idle(pilot)

        assert step(pilot, 2).done
