"""The list of papers: cursor, selection, mouse, marks, hostile titles, many rows."""

import pytest
from rich.cells import cell_len
from textual.events import MouseScrollDown

from assistant.tui.widgets.paper_list import PaperList
from tests.support.paper_factory import HOSTILE_TITLES
from tests.support.paper_hosts import ListHost, row, text_of
from tests.tui.conftest import wait_until


def cursor_of(papers: PaperList) -> str:
    assert papers.row is not None
    return papers.row.paper_id


def selected(papers: PaperList) -> list[int]:
    return [int(paper_id.removeprefix("2608.")) for paper_id in papers.selected_ids]


async def test_cursor_keys_move_by_rows_pages_and_to_the_ends() -> None:
    app = ListHost([row(number) for number in range(100)])
    async with app.run_test(size=(80, 24)) as pilot:
        for keys, place in ((("down",), 1), (("up", "up"), 0), (("pagedown",), 11), (("end",), 99),
                            (("pageup",), 88), (("home",), 0)):  # fmt: skip
            await pilot.press(*keys)
            assert cursor_of(app.papers) == f"2608.{place:05}"
            assert any(line.startswith("›") for line in text_of(app.papers)), "the cursor is in view"


async def test_moving_tells_the_row_and_enter_opens_it() -> None:
    app = ListHost([row(1), row(2)])
    async with app.run_test() as pilot:
        await pilot.press("down", "down", "enter")
        assert [type(event) for event in app.told] == [PaperList.Moved, PaperList.Opened]


async def test_a_click_moves_the_cursor_and_a_second_one_opens() -> None:
    app = ListHost([row(number) for number in range(5)])
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.click("#papers", offset=(20, 4))
        assert cursor_of(app.papers) == "2608.00002"
        await pilot.click("#papers", offset=(20, 5))
        assert isinstance(app.told[-1], PaperList.Opened)
        await pilot.click("#papers", offset=(20, 20))
        assert cursor_of(app.papers) == "2608.00002", "a click below the rows does nothing"


async def test_the_wheel_scrolls_without_moving_the_cursor() -> None:
    app = ListHost([row(number) for number in range(100)])
    async with app.run_test(size=(80, 24)) as pilot:
        app.papers.post_message(MouseScrollDown(app.papers, 5, 5, 0, 0, 0, False, False, False))
        await wait_until(pilot, lambda: app.papers.scroll_offset.y > 0)
        assert cursor_of(app.papers) == "2608.00000"
        assert "Paper number 0" not in text_of(app.papers)[0]


async def test_space_and_clicks_on_marks_select() -> None:
    app = ListHost([row(number) for number in range(5)])
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("space", "space")
        assert selected(app.papers) == [0, 1]
        await pilot.click("#papers", offset=(2, 8))
        assert selected(app.papers) == [0, 1, 4]
        await pilot.click("#papers", offset=(2, 8))
        assert selected(app.papers) == [0, 1]
        assert [line[1] for line in text_of(app.papers)[:6:2]] == ["✓", "✓", " "]


async def test_shift_extends_a_range_and_gives_back_what_it_leaves() -> None:
    app = ListHost([row(number) for number in range(6)])
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("down", "shift+down", "shift+down")
        assert selected(app.papers) == [1, 2, 3]
        await pilot.press("shift+up")
        assert selected(app.papers) == [1, 2]
        await pilot.click("#papers", offset=(20, 10), shift=True)
        assert len(selected(app.papers)) == 5


async def test_select_all_and_none() -> None:
    app = ListHost([row(number) for number in range(6)])
    async with app.run_test() as pilot:
        await pilot.press("space", "ctrl+a")
        assert len(selected(app.papers)) == 6
        await pilot.press("ctrl+a")
        assert selected(app.papers) == []


async def test_cursor_and_selection_stay_on_their_papers_when_rows_change() -> None:
    app = ListHost([row(number) for number in range(6)])
    async with app.run_test() as pilot:
        await pilot.press("down", "down", "space")
        app.papers.set_rows([row(9), row(3), row(2)])
        assert cursor_of(app.papers) == "2608.00003"
        assert selected(app.papers) == [2]
        app.papers.set_rows([row(7)])
        assert cursor_of(app.papers) == "2608.00007"
        assert selected(app.papers) == [2], "what is not shown stays selected"


async def test_marks_are_characters() -> None:
    rows = [row(1), row(2, read=True, starred=True, noted=True)]
    app = ListHost(rows)
    async with app.run_test(size=(80, 24)):
        lines = text_of(app.papers)
        assert lines[0].startswith("› ●   Paper number 1")
        assert lines[2].startswith("   ★✎ Paper number 2")
        assert "▲ 2 · Google" in lines[3]


async def test_the_line_of_the_cursor_has_one_background_from_edge_to_edge() -> None:
    app = ListHost([row(1, starred=True), row(2)])
    async with app.run_test(size=(80, 24)):
        lines = [app.papers.render_line(y) for y in range(4)]
        cursor, other = ({segment.style.bgcolor for line in pair for segment in line if segment.style}
                         for pair in (lines[:2], lines[2:]))  # fmt: skip
        assert len(cursor) == len(other) == 1
        assert cursor != other


@pytest.mark.parametrize("width", [20, 80, 120, 200])
async def test_hostile_titles_stay_in_their_line(width: int) -> None:
    app = ListHost([row(number, title, byline=title) for number, title in enumerate(HOSTILE_TITLES[:8])])
    async with app.run_test(size=(width, 24)) as pilot:
        await pilot.press("down", "end", "space", "home")
        for line in text_of(app.papers):
            assert cell_len(line) == app.papers.scrollable_content_region.width
        assert "[/x] closes"[: width - 8] in "".join(text_of(app.papers))


async def test_a_wide_list_has_one_line_a_paper_and_a_narrow_one_two() -> None:
    app = ListHost([row(number) for number in range(3)])
    async with app.run_test(size=(160, 24)) as pilot:
        assert "Paper number 1" in text_of(app.papers)[1]
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert "Paper number 1" in text_of(app.papers)[2]


async def test_an_empty_list_says_why_in_the_width_it_has() -> None:
    app = ListHost([], empty="There is nothing here, and this is a rather long reason.\nPress a key.")
    async with app.run_test(size=(30, 24)) as pilot:
        await pilot.press("down", "space", "enter", "ctrl+a", "shift+down", "end")
        lines = [line.strip() for line in text_of(app.papers)]
        assert lines[1:4] == ["There is nothing here, and", "this is a rather long", "reason."]
        assert lines[4] == "Press a key."
        assert app.told == []


async def test_eleven_thousand_rows_open_and_page_drawing_only_what_is_in_view() -> None:
    app = ListHost([row(number) for number in range(11_000)])
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("pagedown", "end", "pageup")
        assert app.papers.max_scroll_y == 22_000 - 24
        assert cursor_of(app.papers) == f"2608.{11_000 - 12:05}"
