"""The page of trends: its plot and tables at every size, what is compared, and what opens as a list."""

from datetime import date

import pytest
from textual.message import Message
from textual.pilot import Pilot
from textual.widgets import Input, Static

from assistant.errors import LibraryError
from assistant.library.filters import Filters
from assistant.papers import FeedBatch, FeedRecord, Listing, Paper, Provenance
from assistant.reports.trends.drawing import MARKERS
from assistant.tui import messages
from assistant.tui.app import AssistantApp
from assistant.tui.themes import DARK, LIGHT
from assistant.tui.trends import page as page_module
from assistant.tui.trends.count_table import CountTable
from assistant.tui.trends.page import TrendsPage, WeekPlot
from assistant.tui.trends.tables import Controls
from assistant.tui.widgets.notice import Notice
from tests.library.test_trend_report import MONDAY, weekly
from tests.tui.conftest import NOW, MakeApp, running, settled

SIZES = [(80, 24), (120, 40), (200, 60)]
HOSTILE = "[/x] [red]not red[/red] 漢字 " + "y" * 10_000


async def open_page(pilot: Pilot[None]) -> TrendsPage:
    await pilot.press("f6")
    await settled(pilot)
    page = pilot.app.screen
    assert isinstance(page, TrendsPage)
    return page


def table(page: TrendsPage, name: str) -> CountTable:
    return page.query_one(f"#{name}", CountTable)


def plotted(page: TrendsPage) -> str:
    return str(page.query_one(WeekPlot).render())


def text_of(page: TrendsPage, selector: str) -> str:
    return str(page.query_one(selector, Static).render())


def recorded(page: TrendsPage, monkeypatch: pytest.MonkeyPatch) -> list[messages.ShowPapers]:
    """The lists that the page asks the application for, in place of their being shown."""
    asked: list[messages.ShowPapers] = []
    post = page.post_message

    def record(message: Message) -> bool:
        if isinstance(message, messages.ShowPapers):
            asked.append(message)
            return True
        return post(message)

    monkeypatch.setattr(page, "post_message", record)
    return asked


@pytest.fixture
def app(make_app: MakeApp) -> AssistantApp:
    """The application with thirty weeks of papers on robots, ten on agents and one on video."""
    made = make_app(papers=False)
    library = made.session.container.library
    library.ingest(weekly([*[1] * 18, *[3] * 12]), NOW)
    library.ingest(weekly([2] * 10, keyword="agents", organization="Other"), NOW)
    library.ingest(weekly([8], keyword="video", organization="Third"), NOW)
    return made


async def test_a_library_without_papers_says_what_to_do(make_app: MakeApp) -> None:
    async with running(make_app(papers=False)) as pilot:
        page = await open_page(pilot)

        assert "No papers yet" in text_of(page, "Notice")
        assert "^s" in text_of(page, "Notice")
        assert not page.query_one(WeekPlot).display
        for key in ("enter", "space", "u", "-", "+", "t", "o", "w"):
            await pilot.press(key)
        await settled(pilot)
        assert "No papers yet" in text_of(page, "Notice")


@pytest.mark.parametrize("size", SIZES)
async def test_one_week_is_drawn(make_app: MakeApp, size: tuple[int, int]) -> None:
    async with running(make_app(), size=size) as pilot:
        page = await open_page(pilot)

        assert "█" in plotted(page)
        assert "Aug 17" in plotted(page)
        assert [row.numbers[:1] for row in table(page, "weeks").counts] == [("31",)]
        assert str(page.query_one(WeekPlot).border_title) == "Papers a week · 2026-08-17 to 2026-08-23"


@pytest.mark.parametrize("size", SIZES)
async def test_many_weeks_are_drawn_over_every_range(app: AssistantApp, size: tuple[int, int]) -> None:
    async with running(app, size=size) as pilot:
        page = await open_page(pilot)
        weeks = []
        for key in ("+", "+", "+", "+", "-"):
            weeks.append((text_of(page, "#range"), len(table(page, "weeks").counts)))
            await pilot.press(key)
            await settled(pilot)
            assert "█" in plotted(page)

        assert weeks == [
            ("last 12 weeks", 12),
            ("last 26 weeks", 26),
            ("last 52 weeks", 30),
            ("all weeks", 30),
            ("all weeks", 30),
        ]
        assert text_of(page, "#range") == "last 52 weeks"


async def test_the_range_and_what_is_counted_can_be_clicked(app: AssistantApp) -> None:
    async with running(app) as pilot:
        page = await open_page(pilot)
        await pilot.click("#measure")
        await settled(pilot)
        assert text_of(page, "#measure") == " papers  [upvotes]"
        for button in page.query("Controls ActionWord"):
            await pilot.click(button)
            await settled(pilot)

        assert text_of(page, "#range") == "last 26 weeks"
        assert text_of(page, "#measure") == "[papers]  upvotes "


async def test_upvotes_take_the_place_of_papers_and_back(app: AssistantApp) -> None:
    async with running(app) as pilot:
        page = await open_page(pilot)
        assert table(page, "topics").counts[0].numbers == ("36", "360", "+24")
        await pilot.press("u")
        await settled(pilot)

        assert str(page.query_one(WeekPlot).border_title).startswith("Upvotes a week")
        assert table(page, "topics").counts[0].numbers == ("360", "36", "+240")
        assert text_of(page, "#measure") == " papers  [upvotes]"
        await pilot.press("u")
        assert text_of(page, "#measure") == "[papers]  upvotes "


async def test_compared_names_are_lines_with_markers_of_their_own(app: AssistantApp) -> None:
    async with running(app) as pilot:
        page = await open_page(pilot)
        await pilot.press("space", "down", "space", "o", "down", "down", "space")
        await settled(pilot)

        assert all(marker in plotted(page) for marker in MARKERS[:3])
        assert [row.sign for row in table(page, "topics").counts[:2]] == list(MARKERS[:2])
        assert [row.sign for row in table(page, "organizations").counts] == [" ", " ", MARKERS[2]]
        assert page.query_one(Controls).has_class("-comparing")

        await pilot.press("space")
        await settled(pilot)
        assert MARKERS[2] not in plotted(page)
        await pilot.press("backspace")
        await settled(pilot)
        assert "█" in plotted(page)


async def test_a_compared_name_is_clicked_away(app: AssistantApp) -> None:
    async with running(app) as pilot:
        page = await open_page(pilot)
        await pilot.press("space")
        await settled(pilot)
        await pilot.click("#compared Static")
        await settled(pilot)

        assert not page.query_one(Controls).has_class("-comparing")


async def test_a_topic_is_typed_and_five_are_the_most(app: AssistantApp) -> None:
    async with running(app) as pilot:
        page = await open_page(pilot)
        await pilot.press("/")
        for words in ("Robots", "robots", "works", "paper", "look", HOSTILE, "too many"):
            page.query_one("TopicLine", Input).value = words
            await pilot.press("enter")
            await settled(pilot)

        compared = [str(part.render()) for part in page.query("#compared Static").results(Static)]
        assert [part.split(" ")[:2] for part in compared[:4]] == [
            [MARKERS[0], "robots"],
            [MARKERS[1], "works"],
            [MARKERS[2], "paper"],
            [MARKERS[3], "look"],
        ]
        assert compared[4].startswith(f"{MARKERS[4]} [/x]")
        assert len(compared) == 5
        assert [notice.title for notice in app._notifications] == ["5 lines are the most"]
        await pilot.press("escape")
        assert page.focused is table(page, "topics")


async def test_compared_names_share_one_line_at_every_width(app: AssistantApp) -> None:
    async with running(app, size=(200, 60)) as pilot:
        page = await open_page(pilot)
        for words in ("reinforcement learning", "a long name of a topic", "another long name of a topic"):
            await pilot.press("/")
            page.query_one("TopicLine", Input).value = words
            await pilot.press("enter")
            await settled(pilot)
        for width in (80, 200, 60):
            await pilot.resize_terminal(width, 24)
            await settled(pilot)
            assert all(part.region.right <= width for part in page.query("#compared Static"))


async def test_a_week_opens_as_a_list(app: AssistantApp, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(app) as pilot:
        page = await open_page(pilot)
        asked = recorded(page, monkeypatch)
        await pilot.press("w", "down", "enter")

        assert asked == [messages.ShowPapers(Filters(since=date(2026, 8, 10), until=date(2026, 8, 16)), "2026-W33")]


async def test_a_period_of_weeks_is_begun_and_opens_as_a_list(
    app: AssistantApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(app) as pilot:
        page = await open_page(pilot)
        asked = recorded(page, monkeypatch)
        await pilot.press("w", "space", "down", "down")
        assert [row.sign for row in table(page, "weeks").counts[:2]] == ["▶", " "]
        await pilot.press("enter")

        august = Filters(since=date(2026, 8, 3), until=date(2026, 8, 23))
        assert asked == [messages.ShowPapers(august, "2026-W32 to 2026-W34")]
        await pilot.press("up", "up", "space")
        assert table(page, "weeks").counts[0].sign == " "


async def test_an_organization_opens_as_a_list(app: AssistantApp, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(app) as pilot:
        page = await open_page(pilot)
        asked = recorded(page, monkeypatch)
        await pilot.press("o", "down", "enter", "+")
        await settled(pilot)
        await pilot.press("+", "+")
        await settled(pilot)
        await pilot.press("enter")

        range_of_days = Filters(since=date(2026, 6, 1), until=date(2026, 8, 23), organizations=("Other",))
        assert asked[0] == messages.ShowPapers(range_of_days, "Other, last 12 weeks")
        assert asked[1] == messages.ShowPapers(Filters(organizations=("Other",)), "Other")


async def test_a_topic_opens_as_a_list_of_its_papers(app: AssistantApp, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(app) as pilot:
        page = await open_page(pilot)
        asked = recorded(page, monkeypatch)
        await pilot.press("down", "enter")
        await settled(pilot)

        (list_of_agents,) = asked
        assert list_of_agents.label == "“agents”, last 12 weeks"
        assert len(list_of_agents.filters.paper_ids) == 20
        assert app.session.container.library.matching_ids(list_of_agents.filters) == frozenset(
            list_of_agents.filters.paper_ids
        )


async def test_a_second_click_opens_a_row(app: AssistantApp, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(app) as pilot:
        page = await open_page(pilot)
        asked = recorded(page, monkeypatch)
        await pilot.click("#weeks", offset=(6, 3))
        assert asked == []
        await pilot.click("#weeks", offset=(6, 3), times=2)
        await settled(pilot)

        assert asked[0].label == "2026-W32"


async def test_a_narrow_terminal_shows_one_table_behind_a_strip(app: AssistantApp) -> None:
    async with running(app, size=(80, 24)) as pilot:
        page = await open_page(pilot)

        def shown() -> list[str | None]:
            return [part.id for part in page.query(CountTable) if part.display]

        assert shown() == ["topics"]
        await pilot.press("w")
        assert shown() == ["weeks"]
        await pilot.click("#tab-organizations")
        assert shown() == ["organizations"]
        assert page.focused is table(page, "organizations")
        assert text_of(page, "#tab-organizations") == "[Organizations]"
        assert table(page, "organizations").region.height >= 6
        assert page.query_one(WeekPlot).region.height >= 6

        await pilot.resize_terminal(160, 40)
        await settled(pilot)
        assert shown() == ["topics", "organizations", "weeks"]


@pytest.mark.parametrize("size", SIZES)
async def test_hostile_names_are_shown_as_they_are(make_app: MakeApp, size: tuple[int, int]) -> None:
    app = make_app(papers=False)
    paper = Paper("2601.00001", HOSTILE, "Abstract.", Provenance.EXPORT, organization=HOSTILE, keywords=(HOSTILE,))
    app.session.container.library.ingest(FeedBatch("test", (FeedRecord(paper, Listing(MONDAY, 1), "{}", "[0]"),)), NOW)
    async with running(app, size=size) as pilot:
        page = await open_page(pilot)
        for key, name in (("t", "topics"), ("o", "organizations")):
            await pilot.press(key)
            await settled(pilot)
            cell = table(page, name).get_row_at(0)[0]
            assert cell.plain.strip().startswith("[/x] [red]not")
            assert cell.cell_len <= table(page, name).size.width
        await pilot.press("space", "t", "space")
        await settled(pilot)
        assert str(page.query_one("#compared Static", Static).render()).startswith(f"{MARKERS[0]} [/x]")


async def test_new_papers_are_counted(app: AssistantApp) -> None:
    async with running(app) as pilot:
        page = await open_page(pilot)
        app.session.container.library.ingest(weekly([7], keyword="speech", organization="Fourth"), NOW)
        app.papers_changed()
        await settled(pilot)

        assert "speech" in [row.name for row in table(page, "topics").counts]


@pytest.mark.parametrize("theme", [DARK.name, LIGHT.name, "ansi-dark", "nord"])
async def test_the_plot_follows_the_theme(app: AssistantApp, theme: str) -> None:
    async with running(app) as pilot:
        page = await open_page(pilot)
        await pilot.press("space")
        await settled(pilot)
        app.theme = theme
        await settled(pilot)

        assert MARKERS[0] in plotted(page)


async def test_a_library_that_cannot_be_read_is_said_in_place(
    app: AssistantApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise LibraryError("The library is damaged.", "run `assistant library check`")

    async with running(app) as pilot:
        page = await open_page(pilot)
        monkeypatch.setattr(page_module, "count_weeks", broken)
        await pilot.press("+")
        await settled(pilot)

        assert page.query_one(Notice).has_class("-error")
        assert "library check" in text_of(page, "Notice")
