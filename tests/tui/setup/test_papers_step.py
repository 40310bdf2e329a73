"""The first step: papers come in, from wherever they can be had, and what goes wrong is said in place."""

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static

from assistant.feeds.files import STANDARD_INPUT
from assistant.tui.app import AssistantApp
from assistant.tui.setup.screen import SetupScreen
from tests.support.applications import with_keys
from tests.support.http_server import Answer, Asked, running_server
from tests.tui.conftest import running, wait_until
from tests.tui.setup.conftest import idle, line, notice, setup_of, step, texts, write_export

FirstRun = Callable[..., AssistantApp]


async def read_file(pilot: Pilot[None], path: object) -> None:
    field = setup_of(pilot).query_one("#file", Input)
    field.value = str(path)
    field.focus()
    await pilot.press("enter")
    await idle(pilot)


async def test_a_first_start_opens_the_steps_with_the_sync_at_hand(first_run: FirstRun) -> None:
    async with running(first_run(), (80, 24)) as pilot:
        assert line(pilot, 1) == "▾ ○ 1 Papers   the library is empty"
        assert line(pilot, 2).startswith("▸ ○ 2 Search")
        assert line(pilot, 3).startswith("▸ ○ 3 Who writes")
        assert pilot.app.focused is not None
        assert pilot.app.focused.id == "sync"


async def test_without_a_reachable_feed_the_sample_is_shown_and_that_is_said(first_run: FirstRun) -> None:
    async with running(first_run()) as pilot:
        await pilot.press("enter")
        await idle(pilot)

        assert line(pilot, 1) == "▸ ✓ 1 Papers   31 sample papers, the newest of 2026-08-21"
        assert "showing the sample papers" in notice(pilot, 1)
        assert step(pilot, 2).opened, "the reader is led on"


async def test_without_feed_and_sample_the_error_names_files(first_run: FirstRun) -> None:
    async with running(first_run(settings={"feeds.sample": False})) as pilot:
        await pilot.press("f5")
        await idle(pilot)

        assert notice(pilot, 1).startswith("✗ ")
        assert "127.0.0.1:9 cannot be reached" in notice(pilot, 1)
        assert "files" in notice(pilot, 1)
        assert line(pilot, 1).startswith("▾ ○")


async def test_offline_no_sync_is_offered_but_files_and_the_sample(first_run: FirstRun) -> None:
    async with running(first_run(settings={"offline": True})) as pilot:
        shown = texts(step(pilot, 1))
        assert "Offline: no feed is asked" in shown
        assert "files" in shown
        assert not setup_of(pilot).query("#sync")
        await pilot.press("f5")
        await idle(pilot)

        assert line(pilot, 1).startswith("▸ ✓ 1 Papers   31 sample paper")


@pytest.mark.parametrize("quote", ["", "'", '"'])
async def test_papers_are_read_from_a_file_also_when_a_terminal_quotes_it(
    first_run: FirstRun, tmp_path: Path, quote: str
) -> None:
    file = write_export(tmp_path / "own papers.jsonl")
    async with running(first_run()) as pilot:
        await read_file(pilot, f"{quote}{file}{quote} ")

        assert line(pilot, 1) == "▸ ✓ 1 Papers   1 paper"
        assert notice(pilot, 1) == "1 new papers, 0 updated."


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "No file was named"),
        ("/nowhere/at/all.json", "there is no file"),
        (STANDARD_INPUT, "there is no file"),
        ("~nobody-has-this-name/x", "cannot be found"),
    ],
)
async def test_a_path_that_is_none_is_an_error_in_place(first_run: FirstRun, typed: str, said: str) -> None:
    async with running(first_run()) as pilot:
        await read_file(pilot, typed)

        assert said in notice(pilot, 1)
        assert "→" in notice(pilot, 1)
        assert pilot.app.focused is setup_of(pilot).query_one("#file"), "it can be corrected at once"
        assert line(pilot, 1).startswith("▾ ○")


async def test_a_file_without_papers_is_an_error_that_names_it_whatever_it_is_called(
    first_run: FirstRun, tmp_path: Path
) -> None:
    file = tmp_path / "[red]名前[x].json"
    file.write_text('{"nothing": [1, 2]}')
    async with running(first_run(), (80, 24)) as pilot:
        await read_file(pilot, file)

        assert notice(pilot, 1).startswith("✗ ")
        assert line(pilot, 1).startswith("▾ ○")


async def test_another_writer_is_named_in_place(first_run: FirstRun) -> None:
    app = first_run()
    async with running(app) as pilot:
        with (await app.session.library()).writing("rebuild"):
            await pilot.press("f5")
            await idle(pilot)

        assert notice(pilot, 1).startswith("✗ ")
        assert "rebuild" in notice(pilot, 1)


async def test_every_step_is_opened_with_the_mouse_too(first_run: FirstRun) -> None:
    async with running(first_run(), (80, 24)) as pilot:
        await pilot.click(step(pilot, 3).query_one(".-title"))
        await pilot.pause()
        assert [each.opened for each in setup_of(pilot).steps] == [False, False, True]

        await pilot.click(step(pilot, 1).query_one(".-title"))
        await pilot.pause()
        await pilot.click("#sample")
        await idle(pilot)
        assert step(pilot, 1).done


async def test_leaving_is_remembered_and_f9_comes_back(first_run: FirstRun) -> None:
    app = first_run()
    async with running(app) as pilot:
        await pilot.press("escape")
        await idle(pilot)
        assert app.current_mode == "chat"
        assert app.remembered.introduced
        await pilot.press("f3", "f9")
        await idle(pilot)
        assert isinstance(app.screen, SetupScreen)
        await pilot.press("escape")
        await idle(pilot)
        assert app.current_mode == "papers"
    async with running(first_run()) as pilot:
        assert not isinstance(pilot.app.screen, SetupScreen), "the second start leads nobody"


async def test_the_last_step_leads_to_the_chat(first_run: FirstRun) -> None:
    app = first_run()
    async with running(app) as pilot:
        await pilot.press("ctrl+n", "ctrl+n")
        await idle(pilot)
        assert step(pilot, 3).opened
        await pilot.press("ctrl+n")
        await idle(pilot)
        await pilot.press("enter")
        await idle(pilot)

        assert app.current_mode == "chat"
        assert app.remembered.introduced


async def test_what_came_before_the_step_was_stopped_shows_on_the_pages(first_run: FirstRun, shared: Path) -> None:
    day = (shared / "feeds/hf_api/daily_papers_date_2026-08-21.json").read_bytes()

    def answer(asked: Asked) -> Answer:
        return Answer(day) if asked.query.get("date") == "2026-08-21" else Answer(hangs=True)

    with running_server() as server:
        server.answer = answer
        app = first_run(settings={"feeds.base_url": server.url, "feeds.timeout_seconds": 60.0})
        async with running(app) as pilot:
            await pilot.press("f5")
            await wait_until(pilot, lambda: len(server.asked) == 2)
            told: list[int] = []
            app.papers_changed = lambda: told.append(app.session.container.library.stats().papers)  # type: ignore[method-assign]
            await pilot.press("f8")
            await idle(pilot)
            assert told == [17]


async def test_the_keys_in_force_are_named(first_run: FirstRun) -> None:
    async with running(with_keys(first_run(), {"setup.start": "ctrl+t", "app.setup": "f12"})) as pilot:
        assert "^t or Enter starts" in texts(step(pilot, 1))
        assert "f12 comes back" in str(setup_of(pilot).query_one(".-introduction", Static).content)
