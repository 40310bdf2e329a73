"""What others stop, change or say while something goes on."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import TextArea

from assistant.tui import messages
from assistant.tui.app import AssistantApp
from assistant.tui.page import Page
from assistant.tui.papers.marking import NoteDialog
from assistant.tui.themes import LIGHT
from assistant.tui.ui_state import UiState
from tests.support.applications import notices, with_keys
from tests.support.http_server import Answer, Asked, running_server
from tests.tui.conftest import MakeApp, running, settled, wait_until


async def open_note(pilot: Pilot[None], app: AssistantApp, text: str) -> str:
    """Begin a note on the first paper of the page of papers; returns its id."""
    await pilot.press("f3")
    await settled(pilot)
    await pilot.press("n")
    await wait_until(pilot, lambda: isinstance(app.screen, NoteDialog))
    await wait_until(pilot, lambda: app.screen.query("#note"))
    app.screen.query_one("#note", TextArea).text = text
    library = await app.session.library()
    return library.browsing.rows()[0].paper_id


async def test_quitting_keeps_a_note_that_is_being_written_also_behind_another_page(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test() as pilot:
        await settled(pilot)
        paper_id = await open_note(pilot, app, "half a [/thought]")
        app.post_message(messages.OpenSetup())
        await wait_until(pilot, lambda: app.current_mode == "setup")
        await pilot.press("ctrl+q")
        await wait_until(pilot, lambda: app._exit)
        assert app.session.container.library.marks.of(paper_id).note == "half a [/thought]"
    await app.session.container.aclose()


async def test_what_opens_a_page_keeps_the_note_above_it_and_leaves_nobody_waiting(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app) as pilot:
        paper_id = await open_note(pilot, app, "half a thought")
        app.post_message(messages.ShowPaper(paper_id))
        await wait_until(pilot, lambda: len(app.screen_stack) == 1)
        await wait_until(pilot, lambda: all(worker.is_finished for worker in app.workers))

        assert app.session.container.library.marks.of(paper_id).note == "half a thought"


async def test_a_stopped_sync_shows_what_came(make_app: MakeApp, shared: Path) -> None:
    day = (shared / "feeds/hf_api/daily_papers_date_2026-08-21.json").read_bytes()

    def answer(asked: Asked) -> Answer:
        return Answer(day) if asked.query.get("date") == "2026-08-21" else Answer(hangs=True)

    with running_server() as server:
        server.answer = answer
        app = make_app(papers=False, settings={"feeds.base_url": server.url, "feeds.timeout_seconds": 60.0})
        async with running(app) as pilot:
            told: list[int] = []
            app.screen.papers_changed = lambda: told.append(app.session.container.library.stats().papers)  # type: ignore[attr-defined]
            await pilot.press("ctrl+s")
            await wait_until(pilot, lambda: len(server.asked) == 2)
            await pilot.press("ctrl+s")
            await wait_until(pilot, lambda: told)
            assert told == [17]


async def test_a_sync_hindered_by_another_writer_says_to_wait(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app) as pilot:
        with (await app.session.library()).writing("rebuild"):
            await pilot.press("ctrl+s")
            await settled(pilot)

        ((title, text),) = notices(app)
        assert "rebuild" in title
        assert "wait until it has finished" in text


async def test_sources_of_activity_do_not_wipe_out_each_other(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app):
        app.show_activity("digest", "digest: 3 of 17")
        app.show_activity("setup 2", "setup: 40 %")
        assert app.activity == "digest: 3 of 17 · setup: 40 %"
        app.show_activity("setup 2", "")
        assert app.activity == "digest: 3 of 17"


async def test_progress_that_comes_after_the_sync_was_stopped_is_not_shown(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app) as pilot:
        app.post_message(messages.SyncProgress("sync: asking for 2026-08-21"))
        await settled(pilot)
        assert app.activity == ""


async def test_papers_that_come_into_an_empty_library_are_warmed_up_for(make_app: MakeApp) -> None:
    app = make_app(papers=False)
    async with running(app) as pilot:
        await app.session.warm()
        assert "search" not in vars(app.session.container)
        await pilot.press("ctrl+s")
        await settled(pilot)
        await app.session.warm()
        assert "search" in vars(app.session.container)


async def test_another_theme_is_kept_before_the_end(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app) as pilot:
        await pilot.press("f10")
        await pilot.pause()
        file = app.session.container.folders.logs / "state.json"
        assert UiState.read(file).theme == LIGHT.name
        assert [each.name for each in file.parent.glob("state*")] == ["state.json"]


def test_two_windows_do_not_write_into_the_same_partial_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    used: list[Path] = []
    replace_file = Path.replace

    def note(partial: Path, to: Path) -> Path:
        used.append(partial)
        return replace_file(partial, to)

    monkeypatch.setattr(Path, "replace", note)
    for process in (11, 12):
        monkeypatch.setattr("os.getpid", lambda process=process: process)
        UiState().write(tmp_path / "state.json")
    assert len(set(used)) == 2


async def test_changed_marks_are_told_to_every_open_page(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app) as pilot:
        first = app.screen
        told: list[tuple[str, Sequence[str]]] = []
        await pilot.press("f6")
        await settled(pilot)
        for page in (first, app.screen):
            assert isinstance(page, Page)
            page.marks_changed = lambda ids, scope=page.SCOPE: told.append((scope, ids))  # type: ignore[method-assign,misc]
        app.screen.post_message(messages.PaperMarksChanged(["2608.00001"]))
        await settled(pilot)
        assert sorted(told) == [("chat", ["2608.00001"]), ("trends", ["2608.00001"])]


async def test_a_page_names_the_keys_in_force(make_app: MakeApp) -> None:
    app = with_keys(make_app(), {"digest.write": "ctrl+t"})
    async with running(app):
        assert isinstance(app.screen, Page)
        assert (app.screen.keys_of("digest.write"), app.screen.keys_of("app.setup")) == ("^t", "f9")
