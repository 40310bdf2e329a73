"""The line of a step, as text."""

import pytest

from assistant.tui.setup.step import step_line


@pytest.mark.parametrize(
    ("is_open", "works", "is_done", "line"),
    [
        (False, False, False, "▸ ○ 2 Search   by words alone"),
        (True, False, True, "▾ ✓ 2 Search   by words alone"),
        (False, True, True, "▸ … 2 Search   by words alone"),
    ],
)
def test_a_line_says_whether_the_step_is_open_works_or_is_done(
    is_open: bool, works: bool, is_done: bool, line: str
) -> None:
    assert step_line("2 Search", "by words alone", is_open=is_open, works=works, is_done=is_done).plain == line
