"""One paper in full: opening marks it as read, links, upvotes over time, similar papers and back, marks, notes."""

import pytest
from textual.pilot import Pilot
from textual.widgets import Static, TextArea

from assistant.errors import AssetCorrupt
from assistant.library.library import Library
from assistant.tui.messages import Failed, OpenLink, PaperMarksChanged, ShowPaper
from assistant.tui.papers import worker
from assistant.tui.papers.detail import LinkLine
from assistant.tui.papers.marking import NoteDialog
from assistant.tui.papers.page import PapersPage
from assistant.tui.widgets.notice import Notice
from assistant.tui.widgets.paper_list import PaperList
from tests.support.paper_hosts import PageHost, opened, text_of, vote
from tests.tui.conftest import MakeApp, running, wait_until
from tests.tui.papers.conftest import OpenPage


def shown_id(host: PageHost) -> str:
    assert host.page.detail.paper is not None
    return host.page.detail.paper.paper_id


def row_at_cursor(host: PageHost) -> str:
    assert host.page.papers.row is not None
    return host.page.papers.row.paper_id


async def test_the_paper_of_the_cursor_stands_at_the_side_and_stays_unread(open_page: OpenPage) -> None:
    async with open_page() as (host, pilot):
        assert shown_id(host) == row_at_cursor(host)
        await pilot.press("down", "down")
        await opened(pilot)
        assert shown_id(host) == row_at_cursor(host) == host.page.papers.rows[2].paper_id
        library = await host.session.library()
        assert library.marks.of(shown_id(host)).read_at is None


async def test_enter_opens_marks_as_read_and_finds_similar_papers(open_page: OpenPage) -> None:
    async with open_page() as (host, pilot):
        await pilot.press("enter")
        await opened(pilot)
        assert host.focused is host.page.detail
        assert host.page.papers.row is not None
        assert host.page.papers.row.read
        text = host.detail_text()
        for part in ("EnvHarness", "Abstract", "No history yet", "arxiv.org/pdf/2608.19880", "and 5 more", "read 20"):
            assert part in text
        similar = host.page.query_one("#similar", PaperList)
        assert len(similar.rows) == 8
        assert shown_id(host) not in [row.paper_id for row in similar.rows]


async def test_a_click_into_the_paper_opens_it_too(open_page: OpenPage) -> None:
    async with open_page() as (host, pilot):
        await pilot.click("#detail", offset=(10, 20))
        await opened(pilot)
        assert host.page.detail.opened
        assert host.page.papers.row is not None
        assert host.page.papers.row.read


async def test_similar_papers_open_and_backspace_returns(open_page: OpenPage) -> None:
    async with open_page() as (host, pilot):
        await pilot.press("enter")
        await opened(pilot)
        first = shown_id(host)
        similar = host.page.query_one("#similar", PaperList)
        similar.focus()
        await pilot.press("down", "enter")
        await opened(pilot)
        second = shown_id(host)
        assert second != first
        assert row_at_cursor(host) == first
        await pilot.press("backspace")
        await opened(pilot)
        assert shown_id(host) == first
        await pilot.press("backspace")
        assert host.page.papers.has_focus


async def test_similar_papers_that_cannot_be_had_are_explained_in_place(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object) -> None:
        raise AssetCorrupt("minilm is damaged", "run `assistant assets pull minilm`")

    monkeypatch.setattr(worker, "similar_papers", fails)
    async with open_page() as (host, pilot):
        await pilot.press("enter")
        await opened(pilot)
        notice = host.page.detail.query_one(Notice)
        assert notice.display
        assert "assets pull minilm" in str(notice.content)
        await pilot.press("escape", "down")
        await opened(pilot)
        assert not notice.display


async def test_upvotes_over_time_are_drawn(open_page: OpenPage) -> None:
    def votes(library: Library) -> None:
        for day, upvotes in ((1, 170), (2, 200), (3, 260)):
            vote(library, "2608.19880", day, upvotes)

    async with open_page(before=votes) as (host, pilot):
        await host.page.show_paper("2608.19880")
        await opened(pilot)
        history = str(host.page.query_one(".-history", Static).content)
        assert history.startswith("▁▁▃█  ▲ 163 → 260, 2026-08-21 to 2026-09-03")
        assert "09-02 ▲200" in history


@pytest.mark.parametrize(
    ("key", "url"),
    [
        ("o", "https://huggingface.co/papers/2608.19880"),
        ("p", "https://arxiv.org/pdf/2608.19880"),
        ("x", "https://github.com/google-research/envharness"),
        ("P", "https://envharness.com/"),
    ],
)
async def test_links_open_by_key(open_page: OpenPage, key: str, url: str) -> None:
    async with open_page() as (host, pilot):
        await pilot.press(key)
        await opened(pilot)
        [asked] = host.asked
        assert isinstance(asked, OpenLink)
        assert asked.url.casefold() == url


async def test_links_open_by_click_and_a_missing_one_is_said_so(open_page: OpenPage) -> None:
    async with open_page() as (host, pilot):
        await pilot.click(host.page.query(LinkLine)[1])
        await opened(pilot)
        assert isinstance(host.asked[-1], OpenLink)
        await pilot.press("A", "escape")
        await opened(pilot)
        library = await host.session.library()
        bare = next(row for row in host.page.papers.rows if not library.get([row.paper_id])[0].paper.project_page)
        await host.page.show_paper(bare.paper_id)
        await opened(pilot)
        await pilot.press("P")
        await opened(pilot)
        assert isinstance(host.asked[-1], Failed)
        assert "project page" in host.asked[-1].error.message


async def test_many_authors_are_folded_until_asked_for(open_page: OpenPage) -> None:
    async with open_page() as (host, pilot):
        authors = host.page.query_one(".-authors", Static)
        await pilot.press("i")
        assert "fewer" in str(authors.content)
        await pilot.click(authors)
        assert "and 5 more" in str(authors.content)


async def test_stars_and_reading_are_toggled_for_one_paper_and_for_the_selected_ones(open_page: OpenPage) -> None:
    async with open_page() as (host, pilot):
        await pilot.press("s", "m")
        await opened(pilot)
        assert host.page.papers.rows[0].starred
        assert host.page.papers.rows[0].read
        assert "★ starred" in host.detail_text()
        await pilot.press("space", "space", "space", "s", "m")
        await opened(pilot)
        assert [row.starred for row in host.page.papers.rows[:4]] == [True, True, True, False]
        await pilot.press("s", "m")
        await opened(pilot)
        assert not any(row.starred or row.read for row in host.page.papers.rows)
        await pilot.press("s", "s")
        await opened(pilot)
        assert not any(row.starred for row in host.page.papers.rows), "two presses are two changes"


async def test_in_an_opened_paper_marks_are_its_own_whatever_is_selected(open_page: OpenPage) -> None:
    async with open_page() as (host, pilot):
        await pilot.press("space", "enter", "s")
        await opened(pilot)
        assert [row.starred for row in host.page.papers.rows[:2]] == [False, True]


async def _note(pilot: Pilot[None], host: PageHost, text: str) -> None:
    await pilot.press("n")
    await wait_until(pilot, lambda: isinstance(host.screen, NoteDialog) and host.screen.query("#note"))
    host.screen.query_one("#note", TextArea).text = text


async def test_a_note_is_kept_by_escape_and_shown(open_page: OpenPage) -> None:
    async with open_page() as (host, pilot):
        await _note(pilot, host, "[/x] compare with [our] work\nand 日本語")
        await pilot.press("escape")
        await wait_until(pilot, lambda: host.page.papers.rows[0].noted)
        await opened(pilot)
        assert "[/x] compare with [our] work" in host.detail_text()
        assert "✎" in text_of(host.page.papers)[0]
        await _note(pilot, host, "something else")
        await pilot.click("#as-it-was")
        await wait_until(pilot, lambda: host.screen is host.page)
        await opened(pilot)
        assert "[/x] compare" in host.detail_text()
        await _note(pilot, host, "more")
        await pilot.click("#remove")
        await wait_until(pilot, lambda: not host.page.papers.rows[0].noted)
        assert not host.page.query_one(".-for-note").display


async def test_a_note_is_not_removed_by_deleting_its_text(open_page: OpenPage) -> None:
    def noted(library: Library) -> None:
        library.marks.set_note("2608.19880", "compare with our work")

    async with open_page(before=noted) as (host, pilot):
        for key in ("escape", "#keep"):
            await _note(pilot, host, "  \n")
            await (pilot.click(key) if key.startswith("#") else pilot.press(key))
            await wait_until(pilot, lambda: host.screen is host.page)
            await opened(pilot)
            assert (await host.session.library()).marks.of("2608.19880").note == "compare with our work"


async def test_a_note_is_kept_when_another_paper_takes_its_place(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app) as pilot:
        await pilot.press("f3")
        await opened(pilot)
        page = app.screen
        assert isinstance(page, PapersPage)
        noted, other = page.papers.rows[0].paper_id, page.papers.rows[3].paper_id
        await pilot.press("n")
        await wait_until(pilot, lambda: isinstance(app.screen, NoteDialog) and app.screen.query("#note"))
        app.screen.query_one("#note", TextArea).text = "half a thought"
        app.post_message(ShowPaper(other))
        await wait_until(pilot, lambda: page.detail.paper is not None and page.detail.paper.paper_id == other)
        await opened(pilot)
        assert (await app.session.library()).marks.of(noted).note == "half a thought"
        assert page.papers.rows[0].noted


async def test_marks_that_another_page_changes_are_shown(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app) as pilot:
        await pilot.press("f3")
        await opened(pilot)
        page = app.screen
        assert isinstance(page, PapersPage)
        first = page.papers.rows[0].paper_id
        await pilot.press("enter")
        await opened(pilot)
        await pilot.press("f4")
        await opened(pilot)
        (await app.session.library()).marks.set_starred([first], True)
        app.screen.post_message(PaperMarksChanged([first]))
        await opened(pilot)
        assert page.papers.rows[0].starred
        assert "★ starred" in str(page.query_one(".-facts", Static).content)


async def test_every_page_is_told_of_changed_marks(open_page: OpenPage) -> None:
    async with open_page() as (host, pilot):
        first = row_at_cursor(host)
        await pilot.press("s", "enter")
        await opened(pilot)
        assert host.marked == [(first,), (first,)]


async def test_a_narrow_terminal_shows_one_side_at_a_time(open_page: OpenPage) -> None:
    async with open_page((80, 24)) as (host, pilot):
        assert not host.page.detail.display
        assert host.page.browser.region.width == 80
        await pilot.press("down", "enter")
        await opened(pilot)
        assert host.page.detail.region.width == 80
        assert host.page.browser.region.area == 0
        await pilot.press("escape")
        await opened(pilot)
        assert host.page.browser.region.width == 80
        assert host.page.papers.has_focus
        await pilot.press("enter")
        await opened(pilot)
        await pilot.click("#close-paper")
        await opened(pilot)
        assert host.page.detail.region.area == 0
        await pilot.resize_terminal(120, 40)
        await opened(pilot)
        assert host.page.detail.region.width > 40


async def test_a_paper_asked_for_by_another_page_opens_whatever_is_listed(open_page: OpenPage) -> None:
    async with open_page((80, 24)) as (host, pilot):
        library = await host.session.library()
        other = next(row for row in library.browsing.rows() if row.paper_id not in host.titles and row.day is not None
                     and row.day.day == 20)  # fmt: skip
        await host.page.show_paper(other.paper_id)
        await opened(pilot)
        assert shown_id(host) == other.paper_id
        await host.page.show_paper("9999.99999")
        await opened(pilot)
        assert isinstance(host.asked[-1], Failed)


async def test_reading_goes_on_when_the_library_changes(open_page: OpenPage) -> None:
    async with open_page() as (host, pilot):
        await pilot.press("enter", "pagedown")
        await opened(pilot)
        similar = host.page.query_one("#similar", PaperList).rows
        vote(await host.session.library(), "2608.19880", 2, 999)
        host.page.papers_changed()
        await opened(pilot)
        assert "▲ 999" in host.detail_text()
        assert host.page.query_one("#similar", PaperList).rows == similar
        assert host.focused is host.page.detail
