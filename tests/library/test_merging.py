"""Rules of merging, on generated records."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.library.library import Library
from assistant.library.repositories.merging import merge_counts, merge_papers
from assistant.papers import (
    Author,
    FeedRecord,
    Listing,
    Paper,
    Provenance,
    is_provisional,
    normalized_title,
    provisional_id,
)
from tests.support.library_factory import MORNING, batch, open_library

TITLES = st.sampled_from(["Alpha", "alpha!", "Beta", "Gamma"])
DAYS = st.sampled_from([date(2025, 10, day) for day in (13, 14, 15)])
COUNTS = st.none() | st.integers(0, 3)


@st.composite
def papers(draw: st.DrawFn) -> Paper:
    title = draw(TITLES)
    source = draw(st.sampled_from(Provenance))
    named = st.sampled_from(["2510.00001", "2510.00002", "2510.00003"])
    paper_id = provisional_id(title) if source is Provenance.SAVED_PAGE else draw(named)
    return Paper(
        paper_id,
        title,
        draw(st.sampled_from(["", "One text.", "Another text."])),
        source,
        authors=draw(st.sampled_from([(), (Author("Ada"),), (Author("Bo"),)])),
        published=draw(st.none() | DAYS),
        organization=draw(st.sampled_from([None, "X", "Y"])),
    )


@st.composite
def records(draw: st.DrawFn) -> FeedRecord:
    listing = draw(st.none() | st.builds(Listing, DAYS, COUNTS, COUNTS))
    return FeedRecord(draw(papers()), listing, raw=draw(st.sampled_from(["{}", "[]"])), place="[0]")


def state(library: Library) -> dict[str, object]:
    everything = library.get([known.paper_id for known, _ in library.export()])
    return {found.paper.paper_id: found for found in everything}


@given(papers(), papers())
def test_merging_the_same_record_again_changes_nothing(kept: Paper, incoming: Paper) -> None:
    merged = merge_papers(kept, incoming)
    assert merge_papers(merged, incoming) == merged
    assert merged.paper_id == kept.paper_id


@given(papers(), papers())
def test_merging_never_loses_a_field(kept: Paper, incoming: Paper) -> None:
    merged = merge_papers(kept, incoming)
    for name in ("abstract", "authors", "published", "organization"):
        assert bool(getattr(merged, name)) == bool(getattr(kept, name) or getattr(incoming, name))


@given(papers(), papers())
def test_text_comes_whole_from_the_better_source(kept: Paper, incoming: Paper) -> None:
    merged = merge_papers(kept, incoming)
    assert (merged.title, merged.abstract, merged.source) in [
        (known.title, known.abstract, known.source) for known in (kept, incoming)
    ]
    if kept.abstract and incoming.abstract:
        order = list(Provenance)
        assert order.index(merged.source) == min(order.index(kept.source), order.index(incoming.source))


@given(st.builds(Listing, DAYS, COUNTS, COUNTS), st.builds(Listing, DAYS, COUNTS, COUNTS))
def test_counts_are_the_newer_ones_with_gaps_filled(newer: Listing, before: Listing) -> None:
    merged = merge_counts(newer, before)
    assert merged.upvotes == (before.upvotes if newer.upvotes is None else newer.upvotes)
    assert merge_counts(newer, merged) == merged


# With two titles under one id, and texts by the same source under both, the last text stands: no fixed point.
TITLE_OF_ID = {"2510.00001": "Alpha", "2510.00002": "alpha!", "2510.00003": "Beta"}


def with_one_title(sent: FeedRecord) -> FeedRecord:
    title = TITLE_OF_ID.get(sent.paper.paper_id, sent.paper.title)
    return replace(sent, paper=replace(sent.paper, title=title))


@settings(max_examples=60, deadline=None)
@given(st.lists(records().map(with_one_title), max_size=8))
def test_any_batch_taken_in_again_adds_nothing(sent: list[FeedRecord]) -> None:
    with TemporaryDirectory() as folder, open_library(Path(folder)) as library:
        library.ingest(batch(*sent), MORNING)
        before = state(library)
        report = library.ingest(batch(*sent), MORNING + timedelta(hours=1))
        assert report.new == ()
        assert state(library) == before
        ids = [each.paper.paper_id for each in sent]
        titles = [normalized_title(each.paper.title) for each in sent]
        if len(set(ids)) == len(set(titles)) == len(sent):
            assert report.updated == ()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(records(), max_size=3), max_size=5))
def test_identity_holds_whatever_comes_in_whatever_order(batches: list[list[FeedRecord]]) -> None:
    with TemporaryDirectory() as folder, open_library(Path(folder)) as library:
        for hours, sent in enumerate(batches):
            library.ingest(batch(*sent), MORNING + timedelta(hours=hours))
        kept = [known for known, _ in library.export()]
        named_titles = {normalized_title(known.title) for known in kept if not is_provisional(known.paper_id)}
        assert all(
            normalized_title(known.title) not in named_titles for known in kept if is_provisional(known.paper_id)
        )
        sent_ids = {
            each.paper.paper_id for sent in batches for each in sent if each.paper.source != Provenance.SAVED_PAGE
        }
        assert {known.paper_id for known in kept if not is_provisional(known.paper_id)} == sent_ids
        assert library.check().damages == ()
        for found in library.get([known.paper_id for known in kept]):
            seen = library.snapshots(found.paper.paper_id)
            if seen:
                assert found.upvotes == next((s.upvotes for s in reversed(seen) if s.upvotes is not None), None)
