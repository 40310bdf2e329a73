"""Syncing from inside the application."""

from pathlib import Path

from assistant.library.library import Library
from assistant.tui.widgets.title_bar import TitleBar
from tests.support.applications import notices
from tests.support.http_server import Answer, Asked, running_server
from tests.tui.conftest import NOW, MakeApp, running, settled, wait_until


async def test_a_feed_that_cannot_be_reached_is_said_and_the_library_stays(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app) as pilot:
        await pilot.press("ctrl+s")
        await settled(pilot)

        ((title, text),) = notices(app)
        assert "reading what the library has" in title
        assert "network" in text
        assert app.activity == ""
        assert app.session.container.library.newest_day() == NOW.date()


async def test_an_empty_library_without_a_feed_shows_the_sample_and_stays_empty(
    make_app: MakeApp, tmp_path: Path
) -> None:
    app = make_app(papers=False)
    async with running(app) as pilot:
        await pilot.press("ctrl+s")
        await settled(pilot)

        ((title, text),) = notices(app)
        assert title == "Sync finished"
        assert "showing the sample papers, which stay apart from your library" in text
        assert app.screen.query_one(TitleBar).writer.startswith("sample papers · ")
        await pilot.press("f6")
        await settled(pilot)
        assert not app.screen.has_class("-empty")
        assert app.session.container.library.folder == tmp_path / "sample"
        with Library.open(tmp_path / "library", embedder=None) as own:
            assert own.stats().papers == 0


async def test_a_sync_leads_back_from_the_sample_to_the_library(make_app: MakeApp, shared: Path) -> None:
    day = (shared / "feeds/hf_api/daily_papers_date_2026-08-21.json").read_bytes()
    with running_server() as server:
        server.answer = lambda asked: Answer(day if asked.query.get("date") == "2026-08-21" else b"[]")
        app = make_app(papers=False, settings={"feeds.base_url": server.url})
        async with running(app) as pilot:
            await app.session.show_sample()
            app.papers_changed()
            await pilot.press("ctrl+s")
            await settled(pilot)

            assert notices(app) == [("Sync finished", "17 new papers, 0 updated")]
            assert not app.session.container.shows_sample
            assert (await app.session.library()).stats().sample_papers == 0
            assert "sample" not in app.screen.query_one(TitleBar).writer


async def test_a_sync_brings_papers_from_the_feed(make_app: MakeApp, shared: Path) -> None:
    day = (shared / "feeds/hf_api/daily_papers_date_2026-08-21.json").read_bytes()
    with running_server() as server:
        server.answer = lambda asked: Answer(day if asked.query.get("date") == "2026-08-21" else b"[]")
        app = make_app(papers=False, settings={"feeds.base_url": server.url})
        async with running(app) as pilot:
            await pilot.press("ctrl+s")
            await settled(pilot)

            assert notices(app) == [("Sync finished", "17 new papers, 0 updated")]
            assert app.session.container.library.stats().papers == 17
            await pilot.press("f6")
            await settled(pilot)
            assert not app.screen.has_class("-empty")


async def test_a_sync_shows_where_it_is_and_stops_at_once(make_app: MakeApp) -> None:
    def answer(asked: Asked) -> Answer:
        return Answer(hangs=True)

    with running_server() as server:
        server.answer = answer
        app = make_app(settings={"feeds.base_url": server.url, "feeds.timeout_seconds": 60.0})
        async with running(app) as pilot:
            await pilot.press("ctrl+s")
            await wait_until(pilot, lambda: server.asked)
            assert app.activity.startswith("sync: asking for 2026-08-2")
            await wait_until(pilot, lambda: app.screen.query_one(TitleBar).activity == app.activity)
            await pilot.press("f6")
            await pilot.pause()
            assert app.screen.query_one(TitleBar).activity == app.activity

            await pilot.press("ctrl+s")
            await wait_until(pilot, lambda: not [worker for worker in app.workers if worker.group == "sync"])
            await settled(pilot)
            assert app.activity == ""
            assert [title for title, _ in notices(app)] == ["Sync stopped"]
