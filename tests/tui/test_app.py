"""The application as a whole: its pages, keys, themes, syncing, copying, and where failures end."""

import base64
import logging
from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest
from textual.dom import DOMNode
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.widgets import Footer, Static, TextArea
from textual.widgets._footer import FooterKey

from assistant.errors import ConfigError, NothingFound
from assistant.tui import messages
from assistant.tui.actions import ACTIONS, is_key, keymap_of, split_keys
from assistant.tui.app import _PAGE_CLASSES, AssistantApp
from assistant.tui.compare.screen import CompareScreen
from assistant.tui.page import Page
from assistant.tui.papers.dialogs import NoteDialog
from assistant.tui.remembered import Remembered
from assistant.tui.session import Session
from assistant.tui.themes import DARK, LIGHT
from assistant.tui.widgets.title_bar import PAGES, PageTab, TitleBar
from tests.feeds.servers import Answer, Asked, running_server
from tests.tui.conftest import NOW, MakeApp, ScriptedWorkspace, running, settled, wait_until

PAGE_KEYS = {"papers": "f3", "digest": "f4", "trends": "f6", "conversations": "f7", "chat": "f2"}


def with_keys(app: AssistantApp, keys: dict[str, str]) -> AssistantApp:
    """The same application, not started, for a reader with keys of their own."""
    before = app.session.workspace
    loaded = replace(before.loaded, config=replace(before.config, keys=keys))
    workspace = ScriptedWorkspace(loaded, {}, before.folders)
    workspace.writer = before.model()
    return AssistantApp(Session(workspace, lambda: NOW), before.folders.logs / "state.json")


def notices(app: AssistantApp) -> list[tuple[str, str]]:
    """Title and text of what is notified."""
    return [(notice.title, notice.message) for notice in app._notifications]


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


# The registry and its keys


def scope_class(scope: str) -> type[DOMNode]:
    if scope == "app":
        return AssistantApp
    if scope == "compare":
        return CompareScreen
    module, _, name = _PAGE_CLASSES[scope].partition(":")
    found: type[DOMNode] = getattr(import_module(module), name)
    return found


@pytest.mark.parametrize("scope", ACTIONS)
def test_every_action_is_done_by_a_method_of_its_scope(scope: str) -> None:
    for action in ACTIONS[scope]:
        assert action.scope == scope
        method = action.action.partition("(")[0]
        focused = method.startswith("focused.")  # done by the widget that has the cursor
        assert focused or callable(getattr(scope_class(scope), f"action_{method}", None)), action.name


@pytest.mark.parametrize("scope", ACTIONS)
def test_no_two_actions_that_hold_at_once_share_a_key_or_a_name(scope: str) -> None:
    tables = {table for name in (scope, "app") for table in ACTIONS[name]}
    keys = [_character_to_key(key) if len(key) == 1 else key for action in tables for key in action.keys.split(",")]
    names = [action.name for action in tables]

    assert sorted(keys) == sorted(set(keys))
    assert sorted(names) == sorted(set(names))
    assert all(action.label and action.meaning and key for action in tables for key in action.keys.split(","))


async def test_the_footer_fits_a_narrow_terminal(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, size=(80, 24)) as pilot:
        for key in PAGE_KEYS.values():
            await pilot.press(key)
            await settled(pilot)
            shown = app.screen.query_one(Footer).query(FooterKey)
            assert sum(part.outer_size.width for part in shown) <= 80, app.current_mode


async def test_a_readers_own_keys_replace_the_usual_ones_everywhere(make_app: MakeApp) -> None:
    app = with_keys(make_app(), {"app.trends": "f12", "trends.switch_measure": "ctrl+u,x", "app.help": "f11"})
    async with running(app) as pilot:
        await pilot.press("f6")
        await settled(pilot)
        assert app.current_mode == "chat"
        await pilot.press("f12")
        await settled(pilot)
        assert app.current_mode == "trends"

        assert "[papers]" in str(app.screen.query_one("#measure", Static).render())
        await pilot.press("u")
        assert "[papers]" in str(app.screen.query_one("#measure", Static).render())
        await pilot.press("x")
        assert "[upvotes]" in str(app.screen.query_one("#measure", Static).render())
        footer = {part.description: part.key_display for part in app.screen.query(FooterKey)}
        assert footer["Upvotes"] == "^u"
        assert footer["Help"] == "f11"


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({"app.synk": "f5"}, "Did you mean app.sync?"),
        ({"trends.swich_measure": "f5"}, "Did you mean trends.switch_measure?"),
        ({"qqqq": "f5"}, "F1"),
        ({"app.sync": " "}, "ctrl+t"),
        ({"papers.filter": "notakey+++"}, "ctrl+t"),
        ({"papers.star": "b,ctrl+q"}, "give app.quit another one"),
        ({"papers.star": "space"}, "give papers.select another one"),
    ],
)
def test_keys_for_no_action_are_an_error_of_the_configuration(
    make_app: MakeApp, keys: dict[str, str], told: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        with_keys(make_app(), keys)
    assert told in (caught.value.remedy or "")
    assert next(iter(keys)) in caught.value.message


def test_keys_may_be_replaced_for_every_action() -> None:
    actions = [action for table in ACTIONS.values() for action in table]
    names = {action.name: f"alt+{chr(0x4E00 + number)}" for number, action in enumerate(actions)}

    assert keymap_of(names) == names


def test_the_usual_keys_are_keys_and_may_be_swapped() -> None:
    assert all(is_key(key) for table in ACTIONS.values() for action in table for key in split_keys(action.keys))

    swapped = {"papers.star": "space", "papers.select": "s"}
    assert keymap_of(swapped) == swapped


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
    folder = make_app().session.workspace.folders.logs
    (folder / "state.json").write_text(state)
    app = make_app(introduced=False)
    async with running(app):
        assert app.theme == DARK.name
        assert app.current_mode == "chat"


async def test_a_state_file_that_cannot_be_written_is_harmless(make_app: MakeApp) -> None:
    folder = make_app().session.workspace.folders.logs
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


# Syncing


async def test_a_feed_that_cannot_be_reached_is_said_and_the_library_stays(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app) as pilot:
        await pilot.press("ctrl+s")
        await settled(pilot)

        ((title, text),) = notices(app)
        assert "reading what the library has" in title
        assert "network" in text
        assert app.activity == ""
        assert app.session.workspace.library.newest_day() == NOW.date()


async def test_an_empty_library_without_a_feed_gets_the_sample(make_app: MakeApp) -> None:
    app = make_app(papers=False)
    async with running(app) as pilot:
        await pilot.press("ctrl+s")
        await settled(pilot)

        ((title, text),) = notices(app)
        assert title == "Sync finished"
        assert "31 new papers" in text
        assert "sample feed" in text


async def test_a_sync_brings_papers_from_the_feed(make_app: MakeApp, shared: Path) -> None:
    day = (shared / "feeds/hf_api/daily_papers_date_2026-08-21.json").read_bytes()
    with running_server() as server:
        server.answer = lambda asked: Answer(day if asked.query.get("date") == "2026-08-21" else b"[]")
        app = make_app(papers=False, settings={"feeds.base_url": server.url})
        async with running(app) as pilot:
            await pilot.press("ctrl+s")
            await settled(pilot)

            assert notices(app) == [("Sync finished", "17 new papers, 0 updated")]
            assert app.session.workspace.library.stats().papers == 17
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
        file = app.session.workspace.folders.logs / "copied.txt"
        assert file.read_text(encoding="utf-8") == text
        assert notices(app) == [("Copied the link", f"also in {file}")]


async def test_copying_works_without_a_place_for_the_file(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app) as pilot:
        (app.session.workspace.folders.logs / "copied.txt").mkdir()
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


# What others stop, change or say meanwhile


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
        assert app.session.workspace.library.marks.of(paper_id).note == "half a [/thought]"
    await app.session.workspace.aclose()


async def test_what_opens_a_page_keeps_the_note_above_it_and_leaves_nobody_waiting(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app) as pilot:
        paper_id = await open_note(pilot, app, "half a thought")
        app.post_message(messages.ShowPaper(paper_id))
        await wait_until(pilot, lambda: len(app.screen_stack) == 1)
        await settled(pilot)  # every worker is done

        assert app.session.workspace.library.marks.of(paper_id).note == "half a thought"


async def test_a_stopped_sync_shows_what_came(make_app: MakeApp, shared: Path) -> None:
    day = (shared / "feeds/hf_api/daily_papers_date_2026-08-21.json").read_bytes()

    def answer(asked: Asked) -> Answer:
        return Answer(day) if asked.query.get("date") == "2026-08-21" else Answer(hangs=True)

    with running_server() as server:
        server.answer = answer
        app = make_app(papers=False, settings={"feeds.base_url": server.url, "feeds.timeout_seconds": 60.0})
        async with running(app) as pilot:
            told: list[int] = []
            app.screen.papers_changed = lambda: told.append(app.session.workspace.library.stats().papers)  # type: ignore[attr-defined]
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
        assert "search" not in vars(app.session.workspace)
        await pilot.press("ctrl+s")
        await settled(pilot)
        await app.session.warm()
        assert "search" in vars(app.session.workspace)


async def test_another_theme_is_kept_before_the_end(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app) as pilot:
        await pilot.press("f10")
        await pilot.pause()
        file = app.session.workspace.folders.logs / "state.json"
        assert Remembered.read(file).theme == LIGHT.name
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
        Remembered().write(tmp_path / "state.json")
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
