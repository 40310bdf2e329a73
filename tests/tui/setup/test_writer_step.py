"""The third step: a key for this session, the local model, or no model."""

import os
from collections.abc import Callable

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from assistant.services import setup as readiness
from assistant.tui.app import AssistantApp
from assistant.tui.widgets.title_bar import TitleBar
from tests.tui.conftest import running
from tests.tui.setup.conftest import SteadyPuller, idle, line, notice, setup_of, step, texts

FirstRun = Callable[..., AssistantApp]
KEY = "sk-very-secret-0123456789"


async def open_writers(pilot: Pilot[None]) -> None:
    await pilot.press("ctrl+n", "ctrl+n")
    await idle(pilot)


async def give_key(pilot: Pilot[None], key: str) -> None:
    setup_of(pilot).query_one("#key", Input).focus()
    await pilot.press(*("space" if letter == " " else letter for letter in key), "enter")
    await idle(pilot)


async def test_the_three_are_shown_with_their_state(first_run: FirstRun) -> None:
    async with running(first_run(), (80, 24)) as pilot:
        await open_writers(pilot)
        shown = texts(step(pilot, 3))

        assert "○ hosted  gpt-5-mini, api.openai.com, OPENAI_API_KEY is not set" in shown
        assert "○ local  qwen2.5-coder-1.5b, 1,117 MB, not here yet" in shown
        assert "● extractive  quotes the best sentences; writes now" in shown
        assert line(pilot, 3).startswith("▾ ○"), "quoting alone is not what the reader chose"


async def test_no_model_is_a_choice_too(first_run: FirstRun) -> None:
    app = first_run(settings={"offline": True})
    async with running(app) as pilot:
        await open_writers(pilot)
        await pilot.press("f5")
        await idle(pilot)

        assert line(pilot, 3) == "▾ ✓ 3 Who writes   extractive writes"
        assert app.session.model_name == "extractive"


async def test_a_key_is_taken_for_this_session_and_shown_nowhere(first_run: FirstRun) -> None:
    app = first_run()
    async with running(app) as pilot:
        await open_writers(pilot)
        await pilot.press("tab")
        setup_of(pilot).query_one("#key", Input).focus()
        await pilot.press(*KEY)
        await pilot.pause()
        assert KEY not in app.export_screenshot()
        await pilot.press("enter")
        await idle(pilot)

        assert app.session.choice.kind.value == "hosted"
        assert app.session.container.models.api_key == KEY
        assert line(pilot, 3) == "▾ ✓ 3 Who writes   gpt-5-mini (hosted) writes"
        assert "gpt-5-mini (hosted)" in setup_of(pilot).query_one(TitleBar).writer
        assert notice(pilot, 3).startswith("The key is taken for this session.")
        assert setup_of(pilot).query_one("#key", Input).value == ""
        assert KEY not in app.export_screenshot()
    assert KEY not in os.environ.values()
    written = [file for file in app.session.container.folders.library.parent.rglob("*") if file.is_file()]
    assert written
    assert not [file for file in written if KEY.encode() in file.read_bytes()]


@pytest.mark.parametrize("key", ["", "  ", "two words", "schlüssel"])
async def test_what_cannot_be_a_key_is_refused_in_place(first_run: FirstRun, key: str) -> None:
    app = first_run()
    async with running(app) as pilot:
        await open_writers(pilot)
        await give_key(pilot, key)

        assert notice(pilot, 3).startswith("✗ That is no key.")
        assert key not in notice(pilot, 3) or not key.strip()
        assert app.session.container.models.api_key is None


async def test_the_local_model_is_pulled_and_writes_at_once(first_run: FirstRun, puller: type[SteadyPuller]) -> None:
    app = first_run()
    async with running(app) as pilot:
        await open_writers(pilot)
        await pilot.press("f5")
        await idle(pilot)

        assert puller.pulled == ["qwen2.5-coder-1.5b"]
        assert line(pilot, 3) == "▾ ✓ 3 Who writes   qwen2.5-coder-1.5b (local) writes"
        assert "● local  qwen2.5-coder-1.5b, 1,117 MB, its file is here; writes now" in texts(step(pilot, 3))


async def test_one_can_change_between_what_is_ready(first_run: FirstRun, puller: type[SteadyPuller]) -> None:
    app = first_run()
    async with running(app, (120, 40)) as pilot:
        await open_writers(pilot)
        await pilot.press("f5")
        await idle(pilot)
        await pilot.click("#choice-extractive .-use")
        await idle(pilot)
        assert app.session.choice.kind.value == "extractive"
        await pilot.click("#choice-local .-use")
        await idle(pilot)
        assert app.session.choice.kind.value == "local"


async def test_offline_hosted_cannot_be_asked_and_the_local_file_must_be_copied(first_run: FirstRun) -> None:
    app = first_run(settings={"offline": True})
    async with running(app) as pilot:
        await open_writers(pilot)
        shown = texts(step(pilot, 3))

        assert "offline: cannot be asked" in shown
        assert str(app.session.container.assets.file("qwen2.5-coder-1.5b")) in shown
        assert "Take the key" not in shown
        assert "Pull" not in shown


async def test_a_missing_package_is_said_with_what_installs_it(
    first_run: FirstRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness, "find_spec", lambda _name: None)
    async with running(first_run()) as pilot:
        await open_writers(pilot)
        shown = texts(step(pilot, 3))

        assert "llama-cpp-python is not installed" in shown
        assert "pip install 'daily-papers-assistant[local]'" in shown
