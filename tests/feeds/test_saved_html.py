"""Saved pages as HTML: the capture, what is cut, and pages of other sites."""

import html
import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import AssistantError, InputError
from assistant.feeds.saved_html import read_saved_html
from assistant.papers import Provenance


def page(props: object, *, quote: str = '"') -> str:
    text = html.escape(json.dumps(props), quote=True)
    return (
        f"<!doctype html><div class='x' data-target={quote}DailyPapers{quote} data-props={quote}{text}{quote}>x</div>"
    )


def item(number: int) -> dict[str, object]:
    return {"paper": {"id": f"2407.{number:05}", "title": f'Title "{number}" <b>', "summary": "An abstract."}}


TODAY = date(2026, 8, 21)
PROPS = {"date": "2024-08-01T00:00:00.000Z", "dailyPapers": [item(1), item(2), item(3)], "nextDate": "2024-08-02"}


@pytest.fixture
def captured(shared: Path) -> str:
    return (shared / "feeds/hf_html/daily_papers_2024-08-01.html").read_text(encoding="utf-8")


def test_the_captured_page_is_read(captured: str) -> None:
    batch = read_saved_html(captured, "page.html", today=TODAY)
    assert len(batch.records) == 13
    assert batch.rejections == ()
    assert batch.day == date(2024, 8, 1)
    first = batch.records[0]
    assert first.paper.paper_id == "2407.21783"
    assert first.paper.source is Provenance.HUGGINGFACE
    assert first.place == "page.html[0]"
    assert first.listing is not None
    assert (first.listing.upvotes, first.listing.comments) == (94, 5)


def test_a_given_day_counts_before_the_pages(captured: str) -> None:
    assert read_saved_html(captured, "x", day=date(2024, 8, 2), today=TODAY).day == date(2024, 8, 2)


def test_a_page_cut_anywhere_keeps_the_whole_papers(captured: str) -> None:
    before = 0
    for length in range(90_000, len(captured), 9_001):
        batch = read_saved_html(captured[:length], "page.html", today=TODAY)
        assert len(batch.records) >= before
        assert batch.day == date(2024, 8, 1)
        before = len(batch.records)
        assert bool(batch.rejections) == (before < 13)
    assert before == 13
    cut = read_saved_html(captured[:100_000], "page.html", today=TODAY)
    assert cut.rejections[0].place == f"page.html[{len(cut.records)}]"
    assert cut.rejections[0].reason == "the page is cut in the middle of this paper"


def test_a_page_cut_after_the_last_paper_loses_none() -> None:
    text = page(PROPS)
    batch = read_saved_html(text[: text.index("nextDate")], "x", today=TODAY)
    assert len(batch.records) == 3
    assert batch.rejections == ()


@pytest.mark.parametrize("quote", ['"', "'"])
def test_attributes_are_read_in_either_quotes(quote: str) -> None:
    batch = read_saved_html(page(PROPS, quote=quote), "x", today=TODAY)
    assert [record.paper.title for record in batch.records] == [f'Title "{number}" <b>' for number in (1, 2, 3)]


def test_a_page_of_a_week_has_no_day_of_its_own() -> None:
    batch = read_saved_html(page({**PROPS, "periodType": "week"}), "x", today=TODAY)
    assert batch.day is None
    assert batch.records[0].listing is None


def test_one_odd_paper_costs_itself_only() -> None:
    batch = read_saved_html(page({**PROPS, "dailyPapers": [item(1), {"paper": {}}, 3]}), "x", today=TODAY)
    assert len(batch.records) == 1
    assert [rejection.place for rejection in batch.rejections] == ["x[1]", "x[2]"]


def test_an_empty_day_is_an_empty_batch() -> None:
    assert read_saved_html(page({**PROPS, "dailyPapers": []}), "x", today=TODAY).records == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<html><body>News of the day</body></html>", "not one of Daily Papers"),
        ('<p>data-target="DailyPapers" is an attribute</p>', "not one of Daily Papers"),
        ('<div data-target="DailyPapers">', "not one of Daily Papers"),
        (page(PROPS)[:90], "cut before its first paper"),
        (page({"date": "2024-08-01"})[:-20], "cut before its first paper"),
        (page({"papers": []}), "holds no list of papers"),
        (page([1]), "holds no list of papers"),
    ],
)
def test_another_page_is_an_error_that_names_the_file(text: str, words: str) -> None:
    with pytest.raises(InputError, match=rf"^page\.html .*{words}") as caught:
        read_saved_html(text, "page.html", today=TODAY)
    assert caught.value.remedy


def test_a_page_that_the_standard_parser_stumbles_over_is_an_error() -> None:
    with pytest.raises(InputError):
        read_saved_html('<div "DailyPapers"><![x[>', "x", today=TODAY)


parts = st.lists(
    st.text(max_size=20)
    | st.sampled_from(
        ["<", ">", "<![", "<!--", "]]>", "<div ", 'data-target="DailyPapers"', ' data-props="', '"', "&quot;"]
    )
    | st.sampled_from(["{", "&quot;dailyPapers&quot;:[", '{"paper":', "[", "]", "}", page(PROPS)]),
    max_size=20,
)


@given(parts.map("".join))
def test_any_text_is_a_batch_or_an_error(text: str) -> None:
    try:
        read_saved_html(text, "x", today=TODAY)
    except AssistantError as error:
        assert error.message.startswith("x ")  # noqa: PT017  either outcome is right
