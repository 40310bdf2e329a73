"""The application as a whole: its pages, themes, copying and links, and where failures end."""

import base64
import logging
import webbrowser

import pytest

from assistant.errors import NothingFound
from assistant.tui import messages
from assistant.tui.themes import DARK, LIGHT
from assistant.tui.widgets.title_bar import PAGES, PageTab
from tests.support.applications import notices
from tests.tui.conftest import MakeApp, running, settled, wait_until

PAGE_KEYS = {"papers": "f3", "digest": "f4", "trends": "f6", "conversations": "f7", "chat": "f2"}


# Pages


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
@pytest.mark.parametrize("papers", [True, False])
async def test_every_page_opens_by_its_key(make_app: MakeApp, size: tuple[int, int], papers: bool) -> None:
    app = make_app(papers=papers)
    async with running(app, size=size) as pilot:
        for scope, key in PAGE_KEYS.items():
            await pilot.press(key)
            await settled(pilot)
            assert app.current_mode == scope


async def test_every_page_opens_by_a_click_on_its_name(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, size=(80, 24)) as pilot:
        for scope in (*PAGE_KEYS, "trends"):
            tab = next(tab for tab in app.screen.query(PageTab) if PAGES[scope] in str(tab.render()))
            await pilot.click(tab)
            await settled(pilot)
            assert app.current_mode == scope
            assert f"[{PAGES[scope]}]" in [str(tab.render()) for tab in app.screen.query(PageTab)]


async def test_the_page_of_the_last_run_opens_first(make_app: MakeApp) -> None:
    async with running(make_app()) as pilot:
        await pilot.press("f6")
        await settled(pilot)
    again = make_app()
    async with running(again):
        assert again.current_mode == "trends"


# Themes and what is remembered


async def test_the_theme_is_kept_between_runs(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app) as pilot:
        assert app.theme == DARK.name
        await pilot.press("f10")
        assert app.theme == LIGHT.name
    again = make_app()
    async with running(again) as pilot:
        assert again.theme == LIGHT.name
        await pilot.press("f10")
        assert again.theme == DARK.name


@pytest.mark.parametrize(
    "state", ["", "{", "[]", '"text"', '{"theme": 3, "page": "nowhere", "history": [1]}', '{"theme": "gone"}']
)
async def test_a_broken_state_file_is_harmless(make_app: MakeApp, state: str) -> None:
    folder = make_app().session.container.folders.logs
    (folder / "state.json").write_text(state)
    app = make_app(introduced=False)
    async with running(app):
        assert app.theme == DARK.name
        assert app.current_mode == "chat"


async def test_a_state_file_that_cannot_be_written_is_harmless(make_app: MakeApp) -> None:
    folder = make_app().session.container.folders.logs
    (folder / "state.json").unlink()
    (folder / "state.json").mkdir()
    async with running(make_app(introduced=False)) as pilot:
        await pilot.press("f10")
    assert (folder / "state.json").is_dir()


async def test_without_colour_everything_still_shows(make_app: MakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = make_app()
    async with running(app) as pilot:
        assert app.no_color
        for key in PAGE_KEYS.values():
            await pilot.press(key)
            await settled(pilot)
            assert f"[{PAGES[app.current_mode]}]" in app.export_screenshot().replace("&#160;", " ")


# Copying and links


async def test_what_is_copied_goes_to_the_terminal_and_into_a_file(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app()
    text = "https://example.org/[/x] 漢字"
    async with running(app) as pilot:
        written: list[str] = []
        assert app._driver is not None
        monkeypatch.setattr(app._driver, "write", written.append)
        app.screen.post_message(messages.Copy(text, "the link"))
        await settled(pilot)

        assert f"\x1b]52;c;{base64.b64encode(text.encode()).decode()}\a" in written
        file = app.session.container.folders.logs / "copied.txt"
        assert file.read_text(encoding="utf-8") == text
        assert notices(app) == [("Copied the link", f"also in {file}")]


async def test_copying_works_without_a_place_for_the_file(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app) as pilot:
        (app.session.container.folders.logs / "copied.txt").mkdir()
        app.screen.post_message(messages.Copy("text", "[/x]"))
        await settled(pilot)

        assert app.clipboard == "text"
        assert notices(app) == [("Copied [/x]", "")]


async def test_a_link_opens_in_the_browser(make_app: MakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    app = make_app()
    async with running(app) as pilot:
        opened: list[str] = []
        assert app._driver is not None
        monkeypatch.setattr(app._driver, "open_url", lambda url, new_tab=True: opened.append(url))
        app.screen.post_message(messages.OpenLink("https://huggingface.co/papers/[red]"))
        await settled(pilot)

        assert opened == ["https://huggingface.co/papers/[red]"]
        assert notices(app) == [("Opened in the browser", "https://huggingface.co/papers/[red]")]


async def test_without_a_browser_a_link_is_copied(make_app: MakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> None:
        raise webbrowser.Error("could not locate runnable browser")

    monkeypatch.setattr("webbrowser.get", none)
    app = make_app()
    async with running(app) as pilot:
        app.screen.post_message(messages.OpenLink("https://huggingface.co/papers/2608.19880"))
        await settled(pilot)

        assert app.clipboard == "https://huggingface.co/papers/2608.19880"
        assert notices(app)[0][0] == "Copied the link, for there is no browser here"


# Where failures end


async def test_the_unexpected_in_the_background_is_a_notice_and_a_line_in_the_log(
    make_app: MakeApp, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail() -> None:
        raise RuntimeError("a bug in [/x] the background")

    app = make_app()
    async with running(app) as pilot:
        with caplog.at_level(logging.ERROR):
            app.screen.run_worker(fail(), exit_on_error=False)
            await wait_until(pilot, lambda: notices(app))

        assert app.is_running
        ((title, text),) = notices(app)
        assert title == "Something unexpected happened: RuntimeError"
        assert "assistant.log" in text
        assert "Traceback" not in title + text
        assert "a bug in [/x] the background" in caplog.text
        assert "Traceback" in caplog.text


async def test_an_expected_failure_is_told_with_its_remedy_and_not_logged(
    make_app: MakeApp, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail() -> None:
        raise NothingFound("No paper [/x].", "Ask [red]otherwise.")

    app = make_app()
    async with running(app) as pilot:
        app.screen.run_worker(fail(), exit_on_error=False)
        await wait_until(pilot, lambda: notices(app))
        app.post_message(messages.Failed(NothingFound("Again.")))
        await settled(pilot)

        assert sorted(notices(app)) == [("Again.", ""), ("No paper [/x].", "Ask [red]otherwise.")]
        assert not [record for record in caplog.records if record.levelno >= logging.ERROR]
