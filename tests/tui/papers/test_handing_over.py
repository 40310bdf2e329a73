"""Selected papers go to the chat, the comparison, the clipboard; the page inside the whole application."""

import json
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from textual.widgets import Input, Static

from assistant.export.paper_list import papers_markdown
from assistant.library.library import Library
from assistant.library.records import StoredPaper
from assistant.papers import FeedBatch, FeedRecord, Listing, Paper, Provenance, provisional_id
from assistant.tui.messages import AskAbout, ComparePapers, Copy, Failed, ShowPaper, SummarizePapers
from assistant.tui.papers.page import PapersPage
from assistant.tui.widgets.dialog import ExportDialog
from assistant.tui.widgets.notice import Notice
from tests.support.paper_hosts import PageHost, hostile_batch, opened
from tests.tui.conftest import NOW, MakeApp, running, settled, wait_until
from tests.tui.papers.conftest import OpenPage


def asked_ids(host: PageHost) -> list[str]:
    event = host.asked[-1]
    assert isinstance(event, AskAbout | SummarizePapers | ComparePapers)
    return [found.paper.paper_id for found in event.papers]


async def test_the_paper_of_the_cursor_is_asked_about_and_summarized(open_page: OpenPage) -> None:
    async with open_page() as (host, pilot):
        await pilot.press("down", "a")
        await opened(pilot)
        assert isinstance(host.asked[-1], AskAbout)
        assert asked_ids(host) == [host.page.papers.rows[1].paper_id]
        await pilot.press("u")
        await opened(pilot)
        assert isinstance(host.asked[-1], SummarizePapers)


async def test_selected_papers_are_handed_on_in_the_order_of_selection(open_page: OpenPage) -> None:
    async with open_page() as (host, pilot):
        rows = host.page.papers.rows
        await pilot.press("down", "down", "space", "home", "space", "left")
        await opened(pilot)
        chosen = [rows[2].paper_id, rows[0].paper_id]
        for key, kind in (("a", AskAbout), ("u", SummarizePapers), ("c", ComparePapers)):
            await pilot.press(key)
            await opened(pilot)
            assert isinstance(host.asked[-1], kind)
            assert asked_ids(host) == chosen, "also when another day is listed"
        assert host.status == "✓ 2 selected"
        await pilot.press("escape")
        await opened(pilot)
        assert host.status == ""


async def test_a_comparison_needs_two_papers_and_takes_the_one_that_is_read(open_page: OpenPage) -> None:
    async with open_page() as (host, pilot):
        await pilot.press("c")
        await opened(pilot)
        assert host.asked == []
        assert [notification.title for notification in host._notifications] == ["A comparison needs two"]
        await pilot.press("space", "enter", "c")
        await opened(pilot)
        assert asked_ids(host) == [row.paper_id for row in host.page.papers.rows[:2]]


def _take_in(library: Library, paper_id: str) -> None:
    """Take in a paper of a day of its own, known by this id."""
    paper = Paper(paper_id, "A title that was known first", "It works.", Provenance.EXPORT)
    listing = Listing(date(2026, 8, 22), 7, 1)
    library.ingest(FeedBatch("test", (FeedRecord(paper, listing, "{}", "test"),), day=listing.day), NOW)


def _take_in_its_title(library: Library) -> None:
    _take_in(library, provisional_id("A title that was known first"))


async def test_papers_that_are_gone_are_not_handed_on(open_page: OpenPage) -> None:
    async with open_page(before=_take_in_its_title) as (host, pilot):
        await pilot.press("space")
        assert len(host.page.papers.selected_ids) == 1
        _take_in(await host.session.library(), "2608.99999")
        for key in ("a", "u", "y", "e"):
            await pilot.press(key)
            await opened(pilot)
            failed = host.asked.pop()
            assert isinstance(failed, Failed)
            assert failed.error.message == "The library no longer has this paper."
        assert host.asked == []
        assert host.screen is host.page


async def test_papers_that_are_gone_are_no_longer_selected_when_the_library_changed(open_page: OpenPage) -> None:
    async with open_page(before=_take_in_its_title) as (host, pilot):
        await pilot.press("space", "left")
        await opened(pilot)
        await pilot.press("space")
        kept = host.page.papers.selected_ids[1]
        _take_in(await host.session.library(), "2608.99999")
        host.page.papers_changed()
        await opened(pilot)
        assert host.page.papers.selected_ids == (kept,)
        assert host.status == "✓ 1 selected"


async def test_links_and_citations_are_copied(open_page: OpenPage) -> None:
    async with open_page() as (host, pilot):
        await pilot.press("y")
        await opened(pilot)
        assert host.asked[-1] == Copy("https://huggingface.co/papers/2608.19880", "the link")
        await pilot.press("space", "space", "y")
        await opened(pilot)
        copied = host.asked[-1]
        assert isinstance(copied, Copy)
        assert (len(copied.text.splitlines()), copied.what) == (2, "2 links")
        await pilot.press("Y")
        await opened(pilot)
        copied = host.asked[-1]
        assert isinstance(copied, Copy)
        assert "EnvHarness: Awakening Static Worlds for Agent Learning. arXiv:2608.19880" in copied.text


def _notice_says(host: PageHost, text: str) -> bool:
    return text in str(host.screen.query_one(Notice).content)


async def test_papers_are_exported_to_a_file_that_is_never_overwritten(
    open_page: OpenPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with open_page() as (host, pilot):
        await pilot.press("space", "space")
        for name in ("papers.md", "papers-2.md"):
            await pilot.press("e")
            await wait_until(pilot, lambda: isinstance(host.screen, ExportDialog) and host.screen.query("#file"))
            await pilot.press("enter")
            await wait_until(pilot, lambda: host.screen is host.page)
            assert (tmp_path / name).read_text().count("\n## ") == 2
        await pilot.press("e")
        await wait_until(pilot, lambda: isinstance(host.screen, ExportDialog) and host.screen.query("#file"))
        file = host.screen.query_one("#file", Input)
        for wrong, said in (
            ("[/x].txt", ".md is Markdown"),
            ("no/such.md", "No such file"),
            ("\0.md", "cannot be written"),
        ):
            file.value = wrong
            await pilot.press("enter")
            await wait_until(pilot, partial(_notice_says, host, said))
        file.value = "papers.jsonl"
        await pilot.press("enter")
        await wait_until(pilot, lambda: host.screen is host.page)
        await pilot.press("e")
        await wait_until(pilot, lambda: isinstance(host.screen, ExportDialog) and host.screen.query("#file"))
        host.screen.query_one("#file", Input).value = "papers.bib"
        await pilot.press("enter")
        await wait_until(pilot, lambda: host.screen is host.page)
        assert (tmp_path / "papers.bib").read_text().count("@misc{") == 2
        lines = (tmp_path / "papers.jsonl").read_text().splitlines()
        assert [json.loads(line)["id"] for line in lines] == [row.paper_id for row in host.page.papers.rows[:2]]


def test_exported_markdown_holds_no_markup_of_titles() -> None:
    hostile = [StoredPaper(record.paper) for record in hostile_batch().records]
    text = papers_markdown(hostile)
    assert "\n[link=" not in text
    assert "\\[/x\\] closes what was never opened" in text


async def test_the_application_opens_the_page_shows_papers_and_syncs_into_it(make_app: MakeApp) -> None:
    app = make_app(papers=False)
    async with running(app, (80, 24)) as pilot:
        await pilot.press("f3")
        await settled(pilot)
        page = app.screen
        assert isinstance(page, PapersPage)
        await pilot.press("ctrl+s")
        await wait_until(pilot, lambda: len(page.papers.rows) == 17)
        await settled(pilot)
        assert str(page.query_one("#period", Static).content) == "2026-08-21 · 17 papers"
        page.post_message(ShowPaper(page.papers.rows[3].paper_id))
        await wait_until(pilot, lambda: page.detail.paper is not None and page.detail.opened)
        await settled(pilot)
        await pilot.press("escape")
        assert page.papers.row == page.papers.rows[3]


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_paper_asked_for_before_the_page_was_ever_open_is_read_at_once(
    make_app: MakeApp, size: tuple[int, int]
) -> None:
    app = make_app()
    async with running(app, size) as pilot:
        library = await app.session.library()
        paper_id = library.browsing.rows()[-1].paper_id
        app.post_message(ShowPaper(paper_id))
        await wait_until(pilot, lambda: isinstance(app.screen, PapersPage))
        page = app.screen
        assert isinstance(page, PapersPage)
        await wait_until(pilot, lambda: page.detail.paper is not None and page.detail.opened)
        await settled(pilot)
        await pilot.press("s")
        await settled(pilot)
        assert page.focused is page.detail
        assert page.detail.region.area > 0
        assert library.marks.of(paper_id).starred
