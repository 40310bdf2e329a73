"""Filter as one types: ranked, newest input wins, errors in place."""

import asyncio
import threading
from datetime import date

import pytest

from assistant.errors import AssetMissing, LibraryError
from assistant.library.filters import Filters
from assistant.retrieval.search import Hit, HybridSearch
from assistant.tui.papers.row_query import MOST_HITS
from assistant.tui.session import Session
from assistant.tui.widgets.notice import Notice
from tests.support.paper_hosts import opened, text_of
from tests.tui.conftest import wait_until
from tests.tui.papers.conftest import OpenPage

DAY = Filters(date(2026, 8, 21), date(2026, 8, 21))


async def test_each_letter_filters_and_escape_brings_everything_back(open_page: OpenPage) -> None:
    async with open_page() as (host, pilot):
        before = host.titles
        await pilot.press("/", *"agents")
        await opened(pilot)
        expected = host.session.container.search.search("agents", DAY, MOST_HITS)
        assert host.titles == [hit.paper.title for hit in expected]
        assert host.status == f"{len(expected)} found"
        assert host.page.browser.filter_input.has_focus
        await pilot.press("escape")
        await opened(pilot)
        assert host.titles == before
        assert host.status == ""
        assert host.page.papers.has_focus


async def test_the_beginning_of_a_word_of_a_title_finds_it_and_nonsense_finds_nothing(open_page: OpenPage) -> None:
    async with open_page() as (host, pilot):
        await pilot.press("/", *"whol")
        await opened(pilot)
        assert [title.partition(":")[0] for title in host.titles] == ["PolicyGuide"]
        await pilot.press("escape", "/", *"zzqqxx")
        await opened(pilot)
        assert host.titles == []
        assert host.status == "0 found"


async def test_the_filter_holds_within_the_period(open_page: OpenPage) -> None:
    async with open_page() as (host, pilot):
        await pilot.press("/", *"agents", "enter", "A")
        await opened(pilot)
        everywhere = len(host.titles)
        await pilot.press("D")
        await opened(pilot)
        assert 0 < len(host.titles) < everywhere
        assert host.period == "2026-08-21"


async def test_cursor_keys_move_in_the_list_while_one_types(open_page: OpenPage) -> None:
    async with open_page() as (host, pilot):
        await pilot.press("/", *"agents")
        await opened(pilot)
        await pilot.press("down", "pagedown", "pageup", "down", "up")
        assert host.page.papers.row == host.page.papers.rows[0]
        await pilot.press("down", "enter", "enter")
        await opened(pilot)
        shown = host.page.detail.paper
        assert shown is not None
        assert shown.stored.paper.title == host.titles[1]


async def test_nothing_found_says_what_to_do(open_page: OpenPage) -> None:
    async with open_page() as (host, pilot):
        await pilot.press("/", *"zzzqqq")
        await opened(pilot)
        assert host.status == "0 found"
        assert "Esc clears the filter; A looks" in "".join(text_of(host.page.papers))


async def test_what_is_found_keeps_its_rank_when_an_order_is_asked_for(open_page: OpenPage) -> None:
    async with open_page() as (host, pilot):
        await pilot.press("/", *"agents", "enter")
        await opened(pilot)
        before = host.titles
        await pilot.press("t")
        await opened(pilot)
        assert host.titles == before


async def test_only_starred_papers_are_found_when_only_those_are_shown(open_page: OpenPage) -> None:
    async with open_page() as (host, pilot):
        await pilot.press("/", *"agents", "enter", "s", "v", "v")
        await opened(pilot)
        assert len(host.titles) == 1


async def test_the_newest_input_wins_over_a_slow_older_one(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_page() as (host, pilot):
        await host.session.warm()
        original, older_began, older_may_end = HybridSearch.search_async, asyncio.Event(), asyncio.Event()

        async def slow_at_first(search: HybridSearch, query: str, filters: Filters, limit: int) -> list[Hit]:
            if query == "v":
                older_began.set()
                await older_may_end.wait()
            return await original(search, query, filters, limit)

        monkeypatch.setattr(HybridSearch, "search_async", slow_at_first)
        await pilot.press("/", "v")
        await wait_until(pilot, older_began.is_set)
        await pilot.press(*"ideo")
        await wait_until(pilot, lambda: host.status.endswith("found"))
        newer = host.titles
        older_may_end.set()
        await opened(pilot)
        assert host.titles == newer


async def test_typing_before_search_is_loaded_says_so_and_finds_afterwards(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_load = threading.Event()
    monkeypatch.setattr(Session, "_search_once", lambda *_: may_load.wait(60))
    async with open_page() as (host, pilot):
        await pilot.press("/", *"agents")
        await wait_until(pilot, lambda: host.status == "loading search…")
        assert len(host.titles) == 17, "the list stays usable meanwhile"
        may_load.set()
        await wait_until(pilot, lambda: host.status.endswith("found"))


@pytest.mark.parametrize(
    "error", [LibraryError("the lexical index is gone", "run `assistant library rebuild`"), AssetMissing("no minilm")]
)
async def test_a_failing_search_is_shown_in_place_and_the_list_stays(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, error: LibraryError
) -> None:
    async with open_page() as (host, pilot):

        async def fails(*_: object) -> list[Hit]:
            raise error

        monkeypatch.setattr(HybridSearch, "search_async", fails)
        await pilot.press("/", *"agents")
        await opened(pilot)
        notice = host.page.browser.query_one(Notice)
        assert error.message in str(notice.content)
        assert len(host.titles) == 17
        await pilot.press("escape")
        await opened(pilot)
        assert not notice.has_class("-error")


async def test_a_failure_that_nobody_expected_reaches_the_edge_of_the_application(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def breaks(*_: object) -> list[Hit]:
        raise ZeroDivisionError

    async with open_page() as (host, pilot):
        monkeypatch.setattr(HybridSearch, "search_async", breaks)
        await pilot.press("/", "a")
        await wait_until(pilot, lambda: host.failures)
        assert isinstance(host.failures.pop(), ZeroDivisionError)
