"""What becomes of records: identity, merging, counts, idempotency."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from assistant.library.library import Library
from assistant.papers import Author, FeedBatch, Listing, Provenance, Rejection, provisional_id
from tests.support.library_factory import DAY, MORNING, batch, paper, record

LATER = MORNING + timedelta(hours=5)


def ids(library: Library) -> set[str]:
    return {known.paper_id for known, _ in library.export()}


def test_new_paper_is_kept_with_all_its_fields(library: Library) -> None:
    full = replace(
        paper("2510.00001", "Title"),
        authors=(Author("Ada"), Author("Émile")),
        published=date(2025, 10, 13),
        organization="Org",
        keywords=("a", "b"),
        github="https://github.com/o/r",
        project_page="https://example.org",
    )
    report = library.ingest(batch(record(full, upvotes=3, comments=1)), MORNING)
    assert report.new == ("2510.00001",)
    (kept,) = library.get(["2510.00001"])
    assert kept.paper == full
    assert (kept.days, kept.upvotes, kept.comments) == ((DAY,), 3, 1)


def test_the_same_batch_again_changes_nothing(library: Library) -> None:
    sent = batch(record(paper("2510.00001"), upvotes=3), record(paper(None, "Untitled Thing")))
    library.ingest(sent, MORNING)
    report = library.ingest(sent, LATER)
    assert (report.new, report.updated) == ((), ())
    assert len(report.unchanged) == 2
    assert len(library.snapshots("2510.00001")) == 1


@pytest.mark.parametrize(("days_late", "expected"), [(0, 1), (3, 1), (14, 1), (15, 2), (-1, 2)])
def test_a_day_that_a_record_tells_itself_is_no_second_one_soon_after_the_asked_day(
    library: Library, days_late: int, expected: int
) -> None:
    asked = record(paper("2510.00001"), upvotes=3)
    library.ingest(batch(asked), MORNING)
    told = replace(asked, listing=Listing(DAY + timedelta(days=days_late), 9), tells_own_day=True)
    library.ingest(batch(told), LATER)
    (kept,) = library.get(["2510.00001"])
    assert (len(kept.days), kept.upvotes) == (expected, 9)
    library.ingest(batch(replace(told, tells_own_day=False)), LATER)  # asked for, it is a listing day like any other
    assert told.listing is not None
    assert told.listing.day in library.get(["2510.00001"])[0].days


@pytest.mark.parametrize(("days_late", "expected"), [(4, 1), (14, 1), (15, 2), (-1, 2)])
def test_the_asked_day_counts_also_after_the_day_that_the_record_tells(
    library: Library, days_late: int, expected: int
) -> None:
    own_day = DAY + timedelta(days=days_late)
    asked = replace(record(paper("2510.00001"), upvotes=3), own_day=own_day)
    told = replace(asked, listing=Listing(own_day, 3), tells_own_day=True)
    library.ingest(batch(told), MORNING)
    library.ingest(batch(asked), LATER)
    (kept,) = library.get(["2510.00001"])
    assert DAY in kept.days
    assert len(kept.days) == expected
    assert library.ingest(batch(asked), LATER).updated == ()


def test_a_revisions_day_in_an_older_library_is_read_as_the_month_of_the_id(library: Library) -> None:
    library.ingest(batch(record(replace(paper("2411.00001"), published=date(2026, 5, 4)))), MORNING)
    (kept,) = library.get(["2411.00001"])
    assert kept.paper.published == date(2024, 11, 1)


def test_a_month_out_of_a_citation_takes_no_day_away(library: Library) -> None:
    known = replace(paper("2411.00001"), published=date(2024, 11, 18), source=Provenance.EXPORT)
    library.ingest(batch(record(known)), MORNING)
    for told, expected in ((date(2024, 11, 1), 18), (date(2024, 1, 1), 18), (date(2024, 11, 19), 19)):
        library.ingest(batch(record(replace(known, published=told))), LATER)
        assert library.get(["2411.00001"])[0].paper.published == date(2024, 11, expected)


def test_changed_counts_add_a_snapshot_and_keep_the_earlier_one(library: Library) -> None:
    library.ingest(batch(record(paper("2510.00001"), upvotes=3, comments=0)), MORNING)
    report = library.ingest(batch(record(paper("2510.00001"), upvotes=9, comments=0)), LATER)
    assert report.updated == ("2510.00001",)
    assert [(seen.observed_at, seen.upvotes) for seen in library.snapshots("2510.00001")] == [(MORNING, 3), (LATER, 9)]
    assert library.get(["2510.00001"])[0].upvotes == 9


def test_counts_that_a_source_does_not_give_stay(library: Library) -> None:
    library.ingest(batch(record(paper("2510.00001"), upvotes=3, comments=1)), MORNING)
    library.ingest(batch(record(paper(None), comments=4)), LATER)
    (kept,) = library.get(["2510.00001"])
    assert (kept.upvotes, kept.comments) == (3, 4)


def test_an_older_observation_does_not_replace_newer_counts(library: Library) -> None:
    library.ingest(batch(record(paper("2510.00001"), upvotes=9)), LATER)
    library.ingest(batch(record(paper("2510.00001"), upvotes=3, comments=2)), MORNING)
    (kept,) = library.get(["2510.00001"])
    assert (kept.upvotes, kept.comments) == (9, 2)
    assert [seen.upvotes for seen in library.snapshots("2510.00001")] == [3, 9]


def test_absurd_counts_are_unknown_counts(library: Library) -> None:
    library.ingest(batch(record(paper("2510.00001"), upvotes=10**30, comments=-1)), MORNING)
    (kept,) = library.get(["2510.00001"])
    assert (kept.upvotes, kept.comments) == (None, None)


def test_one_paper_on_two_days_has_two_listings(library: Library) -> None:
    library.ingest(batch(record(paper("2510.00001"), day=date(2025, 10, 14))), MORNING)
    report = library.ingest(batch(record(paper("2510.00001"), day=DAY)), MORNING)
    assert report.updated == ("2510.00001",)
    assert library.get(["2510.00001"])[0].days == (date(2025, 10, 14), DAY)
    assert library.days() == {date(2025, 10, 14): 1, DAY: 1}


def test_saved_page_then_api_is_one_paper_under_the_arxiv_id(library: Library) -> None:
    library.ingest(batch(record(paper(None, "Attention, Again!", abstract="From page."), comments=2)), MORNING)
    report = library.ingest(
        batch(record(paper("2510.00001", "Attention, again", abstract="From API."), day=None)), LATER
    )
    assert report.updated == ("2510.00001",)
    (kept,) = library.get(["2510.00001"])
    assert kept.paper.abstract == "From API."
    assert (kept.days, kept.comments) == ((DAY,), 2)
    assert ids(library) == {"2510.00001"}
    assert library.stats().provisional == 0


def test_api_then_saved_page_joins_and_keeps_the_api_text(library: Library) -> None:
    library.ingest(batch(record(paper("2510.00001", "Attention, again", abstract="From API."), day=None)), MORNING)
    page = replace(paper(None, "Attention, Again!", abstract="From page."), organization="Org")
    report = library.ingest(batch(record(page, comments=2)), LATER)
    assert report.updated == ("2510.00001",)
    (kept,) = library.get(["2510.00001"])
    assert (kept.paper.abstract, kept.paper.title, kept.paper.organization) == ("From API.", "Attention, again", "Org")
    assert ids(library) == {"2510.00001"}


def test_page_and_api_in_one_batch_are_one_new_paper(library: Library) -> None:
    report = library.ingest(batch(record(paper(None, "T", abstract="p")), record(paper("2510.00001", "T"))), MORNING)
    assert report.new == ("2510.00001",)
    assert (report.updated, report.unchanged) == ((), ())


def test_a_saved_page_finds_its_paper_after_the_title_has_changed(library: Library) -> None:
    page = batch(record(paper(None, "Old Name")))
    library.ingest(page, MORNING)
    library.ingest(batch(record(paper("2510.00001", "Old Name"))), MORNING)
    library.ingest(batch(record(paper("2510.00001", "New Name"))), MORNING)
    assert library.ingest(page, LATER).unchanged == ("2510.00001",)
    assert library.get(["2510.00001"])[0].paper.title == "New Name"


def test_a_known_paper_absorbs_what_was_known_by_its_new_title(library: Library) -> None:
    library.ingest(batch(record(paper("2510.00001", "Old Name", abstract=""), day=None)), MORNING)
    page = replace(paper(None, "New Name", abstract="From page."), organization="Org")
    library.ingest(batch(record(page, day=date(2025, 10, 14), comments=5)), MORNING)
    report = library.ingest(batch(record(paper("2510.00001", "New Name", abstract=""))), LATER)
    assert report.updated == ("2510.00001",)
    assert ids(library) == {"2510.00001"}
    (kept,) = library.get(["2510.00001"])
    assert (kept.paper.abstract, kept.paper.organization) == ("From page.", "Org")
    assert (kept.days, kept.comments) == ((date(2025, 10, 14), DAY), 5)


def test_equal_titles_of_two_arxiv_ids_stay_two_papers(library: Library) -> None:
    library.ingest(batch(record(paper("2402.00001", "Twin")), record(paper("2408.00001", "Twin"), day=None)), MORNING)
    assert ids(library) == {"2402.00001", "2408.00001"}


def test_a_saved_page_joins_the_twin_that_was_listed_on_its_day(library: Library) -> None:
    first, second = date(2024, 2, 1), date(2024, 8, 15)
    library.ingest(batch(record(paper("2402.1", "Twin"), first), record(paper("2408.1", "Twin"), second)), MORNING)
    library.ingest(batch(record(paper(None, "Twin"), second, comments=7)), LATER)
    library.ingest(batch(record(paper(None, "Twin"), date(2024, 9, 1), comments=1)), LATER)
    older, newer = library.get(["2402.1", "2408.1"])
    assert (newer.comments, older.comments) == (7, 1)


def test_a_better_source_replaces_the_text_and_a_worse_one_does_not(library: Library) -> None:
    def kept_abstract(source: Provenance) -> str:
        sent = paper("2510.00001", abstract=f"By {source}.", source=source)
        library.ingest(batch(record(sent, day=None)), MORNING)
        return library.get(["2510.00001"])[0].paper.abstract

    assert kept_abstract(Provenance.SAMPLE) == "By sample."
    assert kept_abstract(Provenance.ARXIV) == "By arxiv."
    assert kept_abstract(Provenance.SAVED_PAGE) == "By arxiv."
    assert kept_abstract(Provenance.HUGGINGFACE) == "By huggingface."
    assert kept_abstract(Provenance.ARXIV) == "By huggingface."


def test_the_raw_record_belongs_to_the_text(library: Library) -> None:
    api = replace(record(paper("2510.00001")), raw='{"stars": 1}')
    library.ingest(batch(api), MORNING)
    assert library.ingest(batch(replace(api, raw='{"stars": 2}')), LATER).unchanged == ("2510.00001",)
    library.ingest(batch(replace(record(paper(None)), raw="page")), LATER)
    with library._database.reading() as connection:
        assert connection.execute("SELECT raw FROM papers").fetchall() == [('{"stars": 2}',)]


def test_lone_surrogates_do_not_cost_the_batch(library: Library) -> None:
    odd = replace(
        paper("2510.00001", "Odd"), organization="Org \ud83d", authors=(Author("\udfff"),), keywords=("\ud800",)
    )
    sent = batch(replace(record(odd), raw='{"x": "\ud83d"}'), record(paper("2510.00002", "Even \N{GRINNING FACE}")))
    assert len(library.ingest(sent, MORNING).new) == 2
    assert library.ingest(sent, LATER).updated == ()
    assert library.get(["2510.00001"])[0].paper.organization == "Org \ufffd"


def test_rejections_pass_through(library: Library) -> None:
    rejection = Rejection("[3]", "no title")
    report = library.ingest(FeedBatch("x", (), (rejection,)), MORNING)
    assert report.rejections == (rejection,)
    assert report.paper_ids == ()


def test_a_record_without_day_has_no_listing(library: Library) -> None:
    library.ingest(batch(record(paper(None, "T"), day=None)), MORNING)
    assert library.get([provisional_id("T")])[0].days == ()
    assert library.newest_day() is None
