"""Records of the API and of exports: what is read, what is refused, and that an export comes back as it went."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.feeds.record_parser import RecordRejected, api_record, export_line, export_record, read_records
from assistant.papers import Author, FeedRecord, Listing, Paper, Provenance, clean_text, is_provisional, provisional_id
from assistant.plain_text import clean_author_name, plain_text

DAY = date(2025, 10, 15)
API_DAYS = {"2024-05-27": 13, "2025-03-20": 13, "2025-10-15": 26, "2026-08-21": 17}

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
api_keys = st.sampled_from(
    (
        *("paper", "id", "title", "summary", "authors", "publishedAt", "submittedOnDailyAt", "upvotes", "numComments"),
        *("organization", "ai_keywords", "githubRepo", "projectPage", "name", "fullname", "hidden"),
    )
)
api_like = st.recursive(
    json_values, lambda inner: st.dictionaries(api_keys, inner, max_size=9) | st.lists(inner, max_size=3), max_leaves=20
)
line_text = st.text(max_size=40).map(clean_text)
shown_text = line_text.filter(bool)
days = st.dates(date(1991, 1, 1), date(1999, 1, 31))  # not after the months of the ids
counts = st.none() | st.integers(0, 10_000)
links = st.none() | st.sampled_from(["https://github.com/a/b", "http://example.org/x?y=1"])


def item(**changes: object) -> dict[str, object]:
    """An API item with a paper in it; None takes a field of the paper away."""
    paper = {"id": "2510.00001", "title": "A title", "summary": "An abstract.", "authors": [], "upvotes": 3, **changes}
    return {"paper": {key: value for key, value in paper.items() if value is not None}, "numComments": 2}


def captured(shared: Path, day: str) -> list[FeedRecord]:
    items = json.loads((shared / f"feeds/hf_api/daily_papers_date_{day}.json").read_bytes())
    return [api_record(each, f"[{index}]", date.fromisoformat(day)) for index, each in enumerate(items)]


@pytest.mark.parametrize(("day", "papers"), API_DAYS.items())
def test_every_record_of_the_captured_days_is_read(shared: Path, day: str, papers: int) -> None:
    records = captured(shared, day)
    assert len(records) == papers
    for record in records:
        assert not is_provisional(record.paper.paper_id)
        assert record.paper.abstract == clean_text(record.paper.abstract)
        assert record.paper.authors
        assert record.paper.published is not None
        assert record.listing is not None
        assert record.listing.upvotes is not None
        assert json.loads(record.raw)["paper"]["title"]


def test_the_arxiv_date_is_the_inner_one_and_the_organization_the_full_name(shared: Path) -> None:
    record = captured(shared, "2026-08-21")[0]
    assert record.paper.paper_id == "2608.19880"
    assert record.paper.published == date(2026, 8, 20)  # the outer date is the 19th
    assert record.paper.organization == "Google"
    assert record.paper.github == "https://github.com/google-research/envharness"
    assert record.paper.project_page == "https://envharness.com/"
    assert record.paper.keywords[:2] == ("LLM agents", "Environment Harness")
    assert record.listing == Listing(date(2026, 8, 21), 163, 1)


def test_without_a_given_day_the_records_own_listing_day_counts(shared: Path) -> None:
    items = json.loads((shared / "feeds/hf_api/daily_papers_date_2025-03-20.json").read_bytes())
    assert {api_record(each, "x").listing for each in items} != {None}
    early = json.loads((shared / "feeds/hf_api/daily_papers_date_2024-05-27.json").read_bytes())
    assert {api_record(each, "x").listing for each in early} == {None}
    fallback = api_record(early[0], "x", fallback_day=DAY).listing
    assert fallback is not None
    assert fallback.day == DAY


def test_a_search_answer_is_read_in_both_shapes(shared: Path) -> None:
    items = json.loads((shared / "feeds/hf_api/papers_search_q_kazakh.json").read_bytes())
    wrapped = [api_record(each, "x") for each in items]
    bare = [api_record(each["paper"], "x") for each in items]
    assert len(wrapped) == 9
    assert [record.paper for record in wrapped] == [record.paper for record in bare]
    assert wrapped[0].listing is None


def test_a_record_without_id_gets_a_provisional_one() -> None:
    for without in (None, "", "deepdiver", "title:abc", "٢٥٠١.٠١٢٣٤"):
        assert api_record(item(id=without), "x").paper.paper_id == provisional_id("A title")


def test_an_id_with_version_or_as_a_link_is_the_id() -> None:
    for given_id in ("2510.00001v3", "https://huggingface.co/papers/2510.00001", "arXiv:2510.00001"):
        assert api_record(item(id=given_id), "x").paper.paper_id == "2510.00001"


@pytest.mark.parametrize(
    ("odd", "reason"),
    [
        (None, "not a record but nothing"),
        ("text", "not a record but text"),
        ([1], "not a record but a list"),
        ({"paper": 3}, "not a record but a number"),
        ({"paper": {}}, "no title"),
        (item(title=None), "“2510.00001”: no title"),
        (item(title=["x"]), "the title is not text but a list"),
        (item(title="x" * 3_000), "3,000 characters"),
        (item(summary=None), "“A title”: no abstract"),
        (item(summary="\x1b[2J \u200b"), "no abstract"),
        (item(summary=7), "the abstract is not text but a number"),
        (item(summary={}), "the abstract is not text but an object"),
        (item(summary="x" * 200_001), "200,001 characters"),
        (item(id=2510.1), "the id is not text but a number"),
        (item(extra="x" * 2_000_000), "the record is"),
    ],
)
def test_what_cannot_become_a_paper_is_rejected_with_its_reason(odd: object, reason: str) -> None:
    with pytest.raises(RecordRejected) as caught:
        api_record(odd, "x", DAY)
    assert reason in str(caught.value)


def test_endless_nesting_is_rejected() -> None:
    deep: object = "x"
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(RecordRejected, match="nested too deeply"):
        api_record(item(extra=deep), "x")


def test_odd_fields_beside_the_text_cost_nothing_but_themselves() -> None:
    authors = [{"name": "Ada"}, {"name": "Hidden", "hidden": True}, {"name": None}, "Bob", 7, {"name": "Ada"}, None]
    record = api_record(
        item(
            authors=authors,
            upvotes="many",
            publishedAt="yesterday",
            ai_keywords=["a", 1, "a", "", "b"],
            githubRepo="javascript:alert(1)",
            projectPage=" https://example.org ",
            organization={"name": "slug", "fullname": ""},
        ),
        "x",
        DAY,
    )
    assert record.paper.authors == (Author("Ada"), Author("Bob"), Author("Ada"))
    assert record.paper.keywords == ("a", "b")
    assert record.paper.github is None
    assert record.paper.project_page == "https://example.org"
    assert record.paper.organization == "slug"
    assert record.paper.published is None
    assert record.listing == Listing(DAY, None, 2)


@pytest.mark.parametrize("count", [-1, True, 1.5, "3", 2**31, None])
def test_a_count_that_is_none_is_unknown(count: object) -> None:
    listing = api_record(item(upvotes=count), "x", DAY).listing
    assert listing is not None
    assert listing.upvotes is None


def test_hostile_text_is_cleaned_and_hostile_markup_stays_text() -> None:
    record = api_record(
        item(
            title="[RE] Attention \x1b]0;owned\x07[/x] is\u202e all\n you need",
            summary="Line one,\n  $\\alpha$ 🙂 שלום \ud800 \x1b[31mred.",
            authors=[{"name": "Eve\x1b[2J"}],
        ),
        "x",
    )
    assert record.paper.title == "[RE] Attention [/x] is all you need"
    assert record.paper.abstract == "Line one, $\\alpha$ 🙂 שלום \ufffd red."
    assert record.paper.authors == (Author("Eve"),)
    assert record.raw.isascii()


def test_a_long_abstract_is_kept_whole() -> None:
    text = "word " * 8_000 + "end."
    assert api_record(item(summary=text), "x").paper.abstract == text


def test_one_odd_record_costs_itself_only() -> None:
    placed = [("[0]", item()), ("[1]", item(summary=None)), ("[2]", item(title="Third"))]
    records, rejections = read_records(placed, lambda each, place: api_record(each, place, DAY))
    assert [record.place for record in records] == ["[0]", "[2]"]
    assert [(rejection.place, rejection.reason) for rejection in rejections] == [("[1]", "“A title”: no abstract")]


@given(api_like)
def test_any_json_is_clean_records_or_rejections(value: object) -> None:
    for reader in (api_record, export_record):
        records, rejections = read_records([("x", value)], reader)
        for rejection in rejections:
            assert rejection.reason == clean_text(rejection.reason)
        for record in records:
            for text in (record.paper.title, record.paper.abstract, record.paper.byline):
                assert text == clean_text(text)
            assert record.raw.isascii()


def test_an_export_line_of_the_corpus_is_read() -> None:
    line = {
        "id": "2509.23115",
        "title": "RHYTHM",
        "abstract": "Predicting\nhuman mobility.",
        "date": "2025-09-30",
        "published": "2025-09-27T04:55:56.000Z",
        "authors": ["Haoyu He", "Yan Chen"],
        "upvotes": 1,
        "comments": None,
        "organization": None,
        "ai_keywords": ["temporal tokenization"],
        "github_repo": "https://github.com/he-h/rhythm/tree/main",
        "project_page": None,
    }
    record = export_record(line, "daily.jsonl:1")
    assert record.paper == Paper(
        "2509.23115",
        "RHYTHM",
        "Predicting human mobility.",
        Provenance.EXPORT,
        authors=(Author("Haoyu He"), Author("Yan Chen")),
        published=date(2025, 9, 27),
        keywords=("temporal tokenization",),
        github="https://github.com/he-h/rhythm/tree/main",
    )
    assert record.listing == Listing(date(2025, 9, 30), 1, None)
    assert record.place == "daily.jsonl:1"


@pytest.mark.parametrize(
    ("line_source", "forced", "expected"),
    [
        (None, None, Provenance.EXPORT),
        ("huggingface", None, Provenance.HUGGINGFACE),
        ("elsewhere", None, Provenance.EXPORT),
        ("huggingface", Provenance.SAMPLE, Provenance.SAMPLE),
    ],
)
def test_an_export_keeps_its_origin(line_source: object, forced: Provenance | None, expected: Provenance) -> None:
    line = {"title": "T", "abstract": "A.", "source": line_source}
    assert export_record(line, "x", forced).paper.source is expected


@pytest.mark.parametrize(("day", "shown"), [("15 Oct", "“15 Oct”"), (20251015, "a number")])
def test_an_export_with_a_wrong_date_is_rejected(day: object, shown: str) -> None:
    with pytest.raises(RecordRejected, match=f"“T”: the date is {shown}"):
        export_record({"title": "T", "abstract": "A.", "date": day}, "x")


@pytest.mark.parametrize("day", [None, ""])
def test_an_export_without_date_has_no_listing(day: object) -> None:
    assert export_record({"title": "T", "abstract": "A.", "date": day}, "x").listing is None


@given(
    st.builds(
        Paper,
        paper_id=st.sampled_from(["2510.00001", "hep-th/9901001"]),
        title=shown_text.map(plain_text),
        abstract=shown_text.map(plain_text),
        source=st.sampled_from(Provenance),
        authors=st.lists(st.builds(Author, shown_text.map(clean_author_name)), max_size=3).map(tuple),
        published=st.none() | days,
        organization=st.none() | shown_text,
        keywords=st.lists(shown_text, unique=True, max_size=3).map(tuple),
        github=links,
        project_page=links,
        comment=st.none() | shown_text,
    ),
    st.none() | st.builds(Listing, days, counts, counts),
)
def test_an_export_line_comes_back_as_it_went(paper: Paper, listing: Listing | None) -> None:
    line = export_line(paper, listing)
    assert len(line.splitlines()) == 1
    record = export_record(json.loads(line), "x")
    assert record.paper == paper
    assert record.listing == listing


def test_an_exported_paper_without_arxiv_id_keeps_its_provisional_one() -> None:
    paper = Paper(provisional_id("A title"), "A title", "Text.", Provenance.SAVED_PAGE)
    assert export_record(json.loads(export_line(paper)), "x").paper == paper
