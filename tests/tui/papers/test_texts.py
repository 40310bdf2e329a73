"""Periods, links, citations, upvote history, row texts: what the page says, without the page."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from assistant.errors import UsageError
from assistant.export.paper_list import citation_line, paper_links
from assistant.library.filters import Filters
from assistant.library.records import Snapshot, StoredPaper
from assistant.papers import Author, Paper, Provenance, provisional_id
from assistant.periods import PeriodKind
from assistant.tui.papers.detail import history_text, sparkline
from assistant.tui.papers.row_query import (
    EVERYTHING,
    BrowsePeriod,
    chosen_period,
    explain_empty,
    named_period,
    neighbour,
    period_at,
)
from assistant.tui.papers.selection_actions import link_lines
from assistant.tui.widgets.text_layout import cut, wrapped

TODAY = date(2026, 8, 21)
DAYS = (date(2026, 7, 31), date(2026, 8, 14), date(2026, 8, 20), TODAY)


@pytest.mark.parametrize(
    ("text", "label", "first", "last"),
    [
        ("2026-08-20", "2026-08-20", date(2026, 8, 20), date(2026, 8, 20)),
        (" 2026-W34 ", "2026-W34", date(2026, 8, 17), date(2026, 8, 23)),
        ("2026w34", "2026-W34", date(2026, 8, 17), date(2026, 8, 23)),
        ("2026-02", "2026-02", date(2026, 2, 1), date(2026, 2, 28)),
    ],
)
def test_periods_are_named_as_days_weeks_and_months(text: str, label: str, first: date, last: date) -> None:
    period = named_period(text, TODAY)
    assert (period.label, period.filters) == (label, Filters(first, last))


@pytest.mark.parametrize("text", ["", "yesterday", "2026-W60", "2026-13", "2027-01", "2026-08-32", "[/x]", "-", "w"])
def test_what_names_no_period_is_refused_with_a_remedy(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        named_period(text, TODAY)
    assert caught.value.remedy


def test_everything_can_be_named() -> None:
    assert named_period("All", TODAY) == EVERYTHING


@pytest.mark.parametrize(
    ("span", "day", "step", "label"),
    [
        (PeriodKind.DAY, TODAY, -1, "2026-08-20"),
        (PeriodKind.DAY, date(2026, 8, 20), -1, "2026-08-14"),
        (PeriodKind.DAY, date(2026, 8, 16), 1, "2026-08-20"),
        (PeriodKind.WEEK, TODAY, -1, "2026-W33"),
        (PeriodKind.WEEK, date(2026, 8, 14), -1, "2026-W31"),
        (PeriodKind.MONTH, TODAY, -1, "2026-07"),
        (PeriodKind.MONTH, date(2026, 6, 1), 1, "2026-07"),
    ],
)
def test_steps_skip_periods_without_papers(span: PeriodKind, day: date, step: int, label: str) -> None:
    period = neighbour(DAYS, period_at(span, day), step)
    assert period is not None
    assert period.label == label


def test_there_is_nothing_beyond_the_first_and_the_last_paper() -> None:
    assert neighbour(DAYS, period_at(PeriodKind.DAY, TODAY), 1) is None
    assert neighbour(DAYS, period_at(PeriodKind.DAY, DAYS[0]), -1) is None
    assert neighbour(DAYS, EVERYTHING, 1) is None
    assert neighbour((), period_at(PeriodKind.WEEK, TODAY), -1) is None


@given(st.sampled_from([PeriodKind.DAY, PeriodKind.WEEK, PeriodKind.MONTH]), st.dates())
def test_a_period_holds_the_day_it_was_made_from(span: PeriodKind, day: date) -> None:
    filters = period_at(span, day).filters
    assert filters.since is not None
    assert filters.until is not None
    assert filters.since <= day <= filters.until


def test_filters_of_a_week_are_that_week_and_others_keep_their_label() -> None:
    week = period_at(PeriodKind.WEEK, TODAY)
    assert chosen_period(week.filters, "last week") == week
    google = Filters(organizations=("Google",))
    assert chosen_period(google, "Google") == BrowsePeriod(PeriodKind.CUSTOM, google, "Google")
    assert chosen_period(Filters(), "x") == EVERYTHING


def test_an_empty_period_is_explained() -> None:
    now = datetime(2026, 8, 21, 12, tzinfo=UTC)
    assert "weekend" in explain_empty(period_at(PeriodKind.DAY, date(2026, 8, 15)), now)
    assert "2026-W20" in explain_empty(period_at(PeriodKind.WEEK, date(2026, 5, 13)), now)
    assert explain_empty(EVERYTHING, now)


PAPER = Paper(
    "2608.00001",
    "FooNet.",
    "An abstract.",
    Provenance.EXPORT,
    authors=tuple(Author(name) for name in ("Ada Lovelace", "Alan Turing", "Grace Hopper", "Kurt Gödel")),
    published=date(2026, 8, 20),
    github="https://github.com/foo/net",
)


def test_links_and_citation_name_what_is_known() -> None:
    assert [link.kind for link in paper_links(PAPER)] == ["page", "pdf", "code"]
    assert citation_line(StoredPaper(PAPER)) == (
        "Ada Lovelace, Alan Turing, Grace Hopper et al. (2026). FooNet. arXiv:2608.00001. "
        "https://huggingface.co/papers/2608.00001"
    )


def test_a_paper_known_by_title_alone_has_no_link() -> None:
    bare = StoredPaper(Paper(provisional_id("Bare"), "Bare", "", Provenance.SAVED_PAGE))
    assert paper_links(bare.paper) == ()
    assert citation_line(bare) == "Bare"
    assert link_lines([bare, StoredPaper(PAPER)]) == "https://huggingface.co/papers/2608.00001"


def _snapshot(day: int, upvotes: int | None) -> Snapshot:
    return Snapshot(datetime(2026, 8, day, tzinfo=UTC), upvotes, 0)


def test_history_shows_bars_numbers_and_days() -> None:
    text = history_text([_snapshot(1, 2), _snapshot(2, None), _snapshot(3, 9), _snapshot(5, 16)])
    assert text.splitlines() == [
        "▁▄█  ▲ 2 → 16, 2026-08-01 to 2026-08-05",
        "08-01 ▲2  08-03 ▲9  08-05 ▲16",
    ]


def test_one_count_is_no_history_and_none_is_said_so() -> None:
    assert history_text([_snapshot(1, 5)]).startswith("No history yet: ▲ 5 on 2026-08-01")
    assert history_text([_snapshot(1, None)]) == "No upvotes are known."


@given(st.lists(st.integers(min_value=0, max_value=2**63 - 1), min_size=1, max_size=300))
def test_a_sparkline_has_a_bar_a_number_and_forty_at_most(numbers: list[int]) -> None:
    bars = sparkline(numbers)
    assert len(bars) == min(len(numbers), 40)
    if numbers[0] == min(numbers) < max(numbers):
        assert bars[0] == "▁"


@given(st.text(), st.integers(min_value=0, max_value=60))
def test_a_cut_text_has_exactly_the_cells_it_may_have(text: str, width: int) -> None:
    assert cell_len(cut(text, width)) == width


def test_joined_emoji_stand_side_by_side_because_terminals_disagree_on_their_width() -> None:
    assert cut("👩‍👩‍👧 x", 10) == "👩👩👧 x  "


@given(st.text(), st.integers(min_value=2, max_value=60))
def test_wrapped_lines_fit(text: str, width: int) -> None:
    assert all(cell_len(line) <= width for line in wrapped(text, width))
