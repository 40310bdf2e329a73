"""The command palette and the help screen: both are made from the registry, and hold for hostile titles."""

import pytest
from textual.command import CommandList, CommandPalette
from textual.content import Content
from textual.pilot import Pilot
from textual.style import Style
from textual.widgets import Input, Static

from assistant.papers import FeedBatch, FeedRecord, Listing, Paper, Provenance
from assistant.tui.actions import ACTIONS
from assistant.tui.chat.commands import COMMANDS
from assistant.tui.help import HelpScreen
from assistant.tui.palette import _fit, _marked
from assistant.tui.themes import LIGHT
from tests.support.applications import with_keys
from tests.tui.conftest import NOW, MakeApp, running, settled, wait_until

HOSTILE = ("[/x] first", "[red]second[/red] [@click=app.quit]", "\\[third] [$primary] 漢字", "fourth " + "y" * 10_000)


async def open_palette(pilot: Pilot[None], *typed: str) -> list[str]:
    """Open the palette, type, and return its lines once they are there."""
    await pilot.press("ctrl+p")
    await wait_until(pilot, lambda: isinstance(pilot.app.screen, CommandPalette))
    if typed:
        await pilot.press(*"".join(typed))
    await wait_until(pilot, lambda: pilot.app.screen.has_class("-ready") and found(pilot))
    await settled(pilot)
    return found(pilot)


def found(pilot: Pilot[None]) -> list[str]:
    commands = pilot.app.screen.query_one(CommandList)
    return [str(commands.get_option_at_index(place).prompt) for place in range(commands.option_count)]


def help_text(pilot: Pilot[None]) -> str:
    shown = [part for part in pilot.app.screen.query(".-group").results(Static) if part.display]
    lines: list[str] = []
    for part in shown:
        strips = [part.render_line(line) for line in range(part.size.height)]
        lines += [strip.text for strip in strips]
    return "\n".join(lines)


# The palette


@pytest.mark.parametrize("page", ["f2", "f3", "f4", "f6", "f7"])
async def test_the_palette_lists_every_action_that_holds_and_the_newest_papers(make_app: MakeApp, page: str) -> None:
    app = make_app()
    async with running(app) as pilot:
        await pilot.press(page)
        await settled(pilot)
        lines = await open_palette(pilot)

        wanted = [action for scope in (app.current_mode, "app") for action in ACTIONS[scope] if action.palette]
        for action in wanted:
            assert any(line.startswith(action.label) and action.meaning in line for line in lines), action.name
        assert len(lines) == len(wanted) + 10
        assert any("▲ 163 · Google" in line for line in lines)


async def test_a_readers_own_key_stands_in_the_palette(make_app: MakeApp) -> None:
    async with running(with_keys(make_app(), {"app.next_theme": "ctrl+y"})) as pilot:
        lines = await open_palette(pilot, "theme")

        assert lines[0].startswith("Theme  ^y\n")


async def test_an_action_runs_from_the_palette(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app) as pilot:
        await open_palette(pilot, "theme")
        await pilot.press("enter")
        await wait_until(pilot, lambda: app.theme == LIGHT.name)


async def test_an_action_of_the_page_runs_from_the_palette(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app) as pilot:
        await pilot.press("f6")
        await settled(pilot)
        page = app.screen
        await open_palette(pilot, "instead of papers")
        await pilot.press("enter")
        await wait_until(pilot, lambda: "[upvotes]" in str(page.query_one("#measure", Static).render()))


async def test_a_paper_is_found_by_the_words_of_its_title_and_opens(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app) as pilot:
        lines = await open_palette(pilot, "static awaken")
        assert lines[0].startswith("EnvHarness: Awakening Static Worlds for Agent Learning\npaper · 2026-08-21")
        await pilot.press("enter")
        await wait_until(pilot, lambda: app.current_mode == "papers")
        await settled(pilot)


async def test_an_empty_library_leaves_the_actions(make_app: MakeApp) -> None:
    async with running(make_app(papers=False)) as pilot:
        assert not [line for line in await open_palette(pilot) if "paper ·" in line]


async def test_hostile_titles_do_not_break_the_palette(make_app: MakeApp) -> None:
    app = make_app(papers=False)
    records = [
        FeedRecord(
            Paper(f"2601.0000{number}", title, "Abstract.", Provenance.EXPORT, organization=title),
            Listing(NOW.date(), 9 - number),
            "{}",
            f"[{number}]",
        )
        for number, title in enumerate(HOSTILE)
    ]
    app.session.container.library.ingest(FeedBatch("test", tuple(records)), NOW)
    async with running(app) as pilot:
        lines = [line for line in await open_palette(pilot) if "paper ·" in line]
        assert [line[:9] for line in lines] == [title[:9] for title in HOSTILE]
        assert all(len(line.split("\n")) == 2 for line in lines)

        await pilot.press(*"red")
        await wait_until(pilot, lambda: len(found(pilot)) == 1)
        assert found(pilot)[0].startswith(HOSTILE[1])
        await pilot.press("escape")


def test_what_fits_is_marked_as_it_is_written() -> None:
    style = Style(bold=True)
    marked = _marked("RED a.", "[red]red[/red] a.b İstanbul a b", style)

    assert marked.plain == "[red]red[/red] a.b İstanbul a b"
    assert [(span.start, span.end) for span in marked.spans] == [(1, 4), (5, 8), (10, 13), (15, 17)]
    assert _marked("", "text", None) == Content("text")


@pytest.mark.parametrize(
    ("query", "text", "fits"),
    [("the pag", "Go to the page", True), ("age", "Go to the page", False), ("", "text", False), ("g p", "Go", False)],
)
def test_every_word_must_begin_a_word(query: str, text: str, fits: bool) -> None:
    assert (_fit(query, text) > 0) is fits


# The help screen


async def test_help_lists_every_action_with_its_keys_and_the_page_first(make_app: MakeApp) -> None:
    async with running(make_app(), size=(200, 300)) as pilot:
        await pilot.press("f6")
        await settled(pilot)
        await pilot.press("f1")
        await settled(pilot)
        assert isinstance(pilot.app.screen, HelpScreen)
        text = help_text(pilot)

        assert text.index("trends.open") < text.index("app.chat") < text.index("chat.")
        for table in ACTIONS.values():
            for action in table:
                assert action.name in text, action.name
        assert "f6 alt+4" in text


async def test_help_shows_the_readers_own_keys(make_app: MakeApp) -> None:
    async with running(with_keys(make_app(), {"app.sync": "ctrl+y,f11"})) as pilot:
        await pilot.press("f1")
        await settled(pilot)
        line = next(line for line in help_text(pilot).split("\n") if "app.sync" in line)

        assert line.startswith("^y f11")


async def test_help_lists_the_slash_commands(make_app: MakeApp) -> None:
    async with running(make_app(), size=(200, 300)) as pilot:
        await pilot.press("f1")
        await settled(pilot)
        lines = help_text(pilot).split("\n")
        for command in COMMANDS:
            assert any(
                f"/{command.name} {command.arguments}".strip() in line and command.meaning in line for line in lines
            )

        pilot.app.screen.query_one(Input).value = "/upvotes"
        await settled(pilot)
        assert [line.split()[:2] for line in help_text(pilot).split("\n") if line.strip()] == [["/upvotes", "N"]]


async def test_help_is_narrowed_by_what_is_typed_and_closes(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app) as pilot:
        await pilot.press("f6")
        await settled(pilot)
        page = app.screen
        await pilot.press("f1")
        await settled(pilot)
        app.screen.query_one(Input).value = "LONGER range"
        await settled(pilot)
        assert [line for line in help_text(pilot).split("\n") if line.strip()] == [
            line for line in help_text(pilot).split("\n") if "trends.longer" in line
        ]

        app.screen.query_one(Input).value = "[/x]"
        await settled(pilot)
        assert help_text(pilot).strip() == ""
        await pilot.press("escape")
        assert app.screen is page


@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
async def test_help_scrolls_where_it_does_not_fit(make_app: MakeApp, size: tuple[int, int]) -> None:
    async with running(make_app(), size=size) as pilot:
        await pilot.press("f1")
        await settled(pilot)
        scroll = pilot.app.screen.query_one("VerticalScroll")
        await pilot.press("down", "pagedown")
        await settled(pilot)
        assert scroll.scroll_offset.y > 1
        await pilot.press("pageup", "up")
        await settled(pilot)
        assert scroll.scroll_offset.y == 0
