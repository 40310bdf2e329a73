"""Browsing: periods, order, marks, what other pages ask to list, an empty library, a library that changes."""

from datetime import date

import pytest
from textual.widgets import Button, Input

from assistant.library.filters import Filters
from assistant.tui.messages import OpenSetup
from assistant.tui.papers.marking import PeriodDialog
from assistant.tui.widgets.action_link import ActionWord
from assistant.tui.widgets.notice import Notice
from tests.support.paper_factory import HOSTILE_TITLES
from tests.support.paper_hosts import ingest_hostile, opened, text_of
from tests.tui.conftest import wait_until
from tests.tui.papers.conftest import OpenPage


async def test_the_page_begins_with_the_newest_day(open_page: OpenPage) -> None:
    async with open_page() as (host, _):
        assert host.period == "2026-08-21 · 17 papers"
        assert len(host.titles) == 17
        assert host.focused is host.page.papers


async def test_periods_with_papers_follow_one_another(open_page: OpenPage) -> None:
    async with open_page(before=ingest_hostile) as (host, pilot):
        for key, period in (
            ("left", "2026-08-20 · 14 papers"),
            ("[", f"2026-08-19 · {len(HOSTILE_TITLES)} papers"),
            ("left", f"2026-08-19 · {len(HOSTILE_TITLES)} papers"),
            ("right", "2026-08-20 · 14 papers"),
            ("W", f"2026-W34 · {31 + len(HOSTILE_TITLES)} papers"),
            ("M", f"2026-08 · {31 + len(HOSTILE_TITLES)} papers"),
            ("A", f"All days · {31 + len(HOSTILE_TITLES)} papers"),
            ("D", "2026-08-21 · 17 papers"),
        ):
            await pilot.press(key)
            await opened(pilot)
            assert host.period == period, key


async def test_periods_can_be_clicked(open_page: OpenPage) -> None:
    async with open_page() as (host, pilot):
        for chip, period in (("#previous", "2026-08-20"), ("#next", "2026-08-21"), ("#span-week", "2026-W34")):
            await pilot.click(chip)
            await opened(pilot)
            assert host.period.startswith(period)
        assert str(host.page.query_one("#span-week", ActionWord).content) == "[week]"


async def test_orders_follow_one_another(open_page: OpenPage) -> None:
    async with open_page() as (host, pilot):
        await pilot.press("A", "t")
        await opened(pilot)
        upvotes = [row.upvotes or 0 for row in host.page.papers.rows]
        assert upvotes == sorted(upvotes, reverse=True)
        await pilot.press("t")
        await opened(pilot)
        comments = [row.comments or 0 for row in host.page.papers.rows]
        assert comments == sorted(comments, reverse=True)
        await pilot.click("#order")
        await opened(pilot)
        assert host.titles == sorted(host.titles, key=str.casefold)


async def test_only_starred_unread_or_noted_papers(open_page: OpenPage) -> None:
    def mark(library: object) -> None:
        from assistant.library.library import Library

        assert isinstance(library, Library)
        ids = [row.paper_id for row in library.browsing.rows()]
        library.marks.set_read(ids[1:], True)
        library.marks.set_starred(ids[:2], True)
        library.marks.set_note(ids[0], "[/x] a note")

    async with open_page(before=mark) as (host, pilot):
        for key, papers in (("v", 1), ("v", 2), ("v", 1), ("v", 17)):
            await pilot.press(key)
            await opened(pilot)
            assert len(host.titles) == papers
        await pilot.press("left", "v", "v", "v")
        await opened(pilot)
        assert "No noted papers (2026-08-20)" in "".join(text_of(host.page.papers))


async def test_a_period_is_typed_and_a_wrong_one_is_explained_in_place(open_page: OpenPage) -> None:
    async with open_page() as (host, pilot):
        await pilot.press("g")
        await wait_until(pilot, lambda: isinstance(host.screen, PeriodDialog))
        await pilot.press(*"[/x]", "enter")
        await wait_until(pilot, lambda: host.screen.query_one(Notice).has_class("-error"))
        host.screen.query_one(Input).value = "2026-08-20"
        await pilot.press("enter")
        await wait_until(pilot, lambda: host.period == "2026-08-20 · 14 papers")


async def test_a_typed_day_without_papers_says_why(open_page: OpenPage) -> None:
    async with open_page() as (host, pilot):
        await pilot.press("g")
        await wait_until(pilot, lambda: isinstance(host.screen, PeriodDialog))
        await pilot.press(*"2026-08-15", "enter")
        await wait_until(pilot, lambda: host.period == "2026-08-15 · 0 papers")
        await opened(pilot)
        assert "weekend" in "".join(text_of(host.page.papers))
        assert host.page.detail.paper is None
        await pilot.press("right")
        await opened(pilot)
        assert host.period == "2026-08-20 · 14 papers"


async def test_closing_the_period_dialog_changes_nothing(open_page: OpenPage) -> None:
    async with open_page() as (host, pilot):
        await pilot.press("g")
        await wait_until(pilot, lambda: isinstance(host.screen, PeriodDialog))
        await pilot.press("escape")
        await wait_until(pilot, lambda: host.screen is host.page)
        assert host.period == "2026-08-21 · 17 papers"


async def test_filters_of_another_page_are_listed_under_their_label(open_page: OpenPage) -> None:
    async with open_page() as (host, pilot):
        await host.page.show_filtered(Filters(organizations=("Google",)), "[/x] Google")
        await opened(pilot)
        assert host.period == "[/x] Google · 1 paper"
        await host.page.show_filtered(Filters(date(2026, 8, 17), date(2026, 8, 23)), "a week")
        await opened(pilot)
        assert host.period == "2026-W34 · 31 papers"


async def test_new_papers_leave_cursor_and_selection_on_their_papers(open_page: OpenPage) -> None:
    async with open_page() as (host, pilot):
        await pilot.press("A", "down", "down", "space")
        await opened(pilot)
        before, selected = host.page.papers.row, host.page.papers.selected_ids
        ingest_hostile(await host.session.library())
        host.page.papers_changed()
        await opened(pilot)
        assert len(host.titles) == 31 + len(HOSTILE_TITLES)
        assert host.page.papers.row == before
        assert host.page.papers.selected_ids == selected


async def test_an_empty_library_leads_to_sync_and_setup(open_page: OpenPage) -> None:
    async with open_page(papers=False) as (host, pilot):
        assert not host.page.papers.display
        await pilot.click("#sync")
        await pilot.click("#setup")
        await pilot.pause()
        assert host.synced == 1
        assert isinstance(host.asked[-1], OpenSetup)
        host.page.query_one("#sync", Button).focus()
        await pilot.press("enter", "s", "a", "c", "u", "n", "m", "o", "y", "enter", "left", "t", "v")
        await opened(pilot)


async def test_an_empty_library_that_gets_papers_lists_them(open_page: OpenPage) -> None:
    async with open_page(papers=False) as (host, pilot):
        ingest_hostile(await host.session.library())
        host.page.papers_changed()
        await opened(pilot)
        assert host.page.papers.display
        assert host.period == f"2026-08-19 · {len(HOSTILE_TITLES)} papers"


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
async def test_hostile_papers_are_browsed_opened_and_filtered_at_every_size(
    open_page: OpenPage, size: tuple[int, int]
) -> None:
    async with open_page(size, before=ingest_hostile) as (host, pilot):
        await pilot.press("left", "left")
        await opened(pilot)
        for _ in HOSTILE_TITLES:
            await pilot.press("enter")
            await opened(pilot)
            shown = host.page.detail.paper
            assert shown is not None
            assert shown.stored.paper.title[:40] in host.detail_text()
            assert "[/i] Author 0" in host.detail_text()
            await pilot.press("escape", "down")
        await pilot.press("/", *"[/x]")
        await opened(pilot)
        assert host.titles[0].startswith("[/x]")
