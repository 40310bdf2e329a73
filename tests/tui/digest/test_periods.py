"""The days, weeks and months of the digest page: going from one to another, and those without papers."""

from datetime import date

import pytest

from assistant.tui import messages
from assistant.tui.digest.navigator import PeriodChooser
from tests.support.digest_pilot import add_papers, drawn, head_text, items, notice_text, open_digest
from tests.tui.conftest import MakeApp, running


async def test_days_before_and_after_and_the_ends_of_the_library(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app) as pilot:
        await open_digest(pilot, app)
        await pilot.press("p")
        await drawn(pilot)
        assert head_text(app) == "Thursday 2026-08-20 · 14 papers"
        await pilot.press("p")
        await drawn(pilot)
        assert head_text(app) == "Thursday 2026-08-20 · 14 papers"
        await pilot.click("ActionWord:last-of-type")
        await pilot.press("escape", "n")
        await drawn(pilot)
        assert head_text(app) == "Friday 2026-08-21 · 17 papers"


@pytest.mark.parametrize(("key", "head"), [("w", "Week 2026-W34 · 31 papers"), ("m", "August 2026 · 31 papers")])
async def test_the_week_and_the_month_of_a_day_and_back(make_app: MakeApp, key: str, head: str) -> None:
    app = make_app()
    async with running(app) as pilot:
        await open_digest(pilot, app)
        await pilot.press(key)
        await drawn(pilot)
        assert head_text(app) == head
        await pilot.press("d")
        await drawn(pilot)
        assert head_text(app) == "Friday 2026-08-21 · 17 papers"


async def test_a_period_is_chosen_from_the_list_or_typed(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app) as pilot:
        await open_digest(pilot, app)
        await pilot.press("g", "down", "enter")
        await drawn(pilot)
        assert head_text(app).startswith("Thursday 2026-08-20")

        await pilot.press("g", *"2026-w34", "enter")
        await drawn(pilot)
        assert head_text(app).startswith("Week 2026-W34")


async def test_a_text_that_is_no_period_is_refused_in_place(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app) as pilot:
        await open_digest(pilot, app)
        await pilot.press("g", *"soon", "enter")
        await pilot.pause()

        assert isinstance(app.screen, PeriodChooser)
        assert "is not a day" in str(app.screen.query_one("Notice").render())


@pytest.mark.parametrize(
    ("period", "said"),
    [
        ("2026-08-16", "is a weekend"),
        ("2026-08-24", "is in the future"),
        ("2020-01-01", "is before the archive"),
        ("2026-W99", "is not a week"),
        ("2026-07", "No paper of it is here"),
    ],
)
async def test_a_period_without_papers_is_explained_and_left_again(make_app: MakeApp, period: str, said: str) -> None:
    app = make_app()
    async with running(app) as pilot:
        page = await open_digest(pilot, app)
        app.post_message(messages.ShowDigest(period))
        await drawn(pilot)
        assert said in notice_text(page)
        assert not items(app)
        await pilot.press("t")
        await drawn(pilot)
        assert notice_text(page) == ""
        assert items(app)


async def test_a_period_can_be_asked_for_before_the_page_was_ever_open(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app) as pilot:
        app.post_message(messages.ShowDigest("2026-08-20"))
        await drawn(pilot)
        assert head_text(app).startswith("Thursday 2026-08-20")


async def test_an_empty_library_is_explained_and_papers_show_as_soon_as_they_come(make_app: MakeApp) -> None:
    app = make_app(papers=False)
    async with running(app) as pilot:
        page = await open_digest(pilot, app)
        assert "The library has no papers." in notice_text(page)
        add_papers(await app.session.library(), ["One", "Two"], date(2026, 8, 21))
        app.papers_changed()
        await drawn(pilot)
        assert head_text(app) == "Friday 2026-08-21 · 2 papers"


async def test_a_paper_dated_in_the_future_is_not_the_newest_day(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app) as pilot:
        add_papers(await app.session.library(), ["From the future"], date(2027, 1, 1))
        await open_digest(pilot, app)
        assert head_text(app).startswith("Friday 2026-08-21")
