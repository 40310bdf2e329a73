"""`assistant library remove`: what goes, what stays, what is asked, and that nothing of the reader's goes unsaid."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.library.library import Library
from tests.cli.conftest import Assistant

PAPER = "2608.19880"
DAYS = ("2026-08-20", "2026-08-21")


@pytest.fixture
def library(filled: Assistant, home: Path) -> Iterator[Library]:
    with Library.open(home / "data/daily-papers/library", embedder=None) as opened:
        yield opened


def test_the_sample_of_an_earlier_version_is_taken_out(filled: Assistant, library: Library) -> None:
    assert "sample papers" in filled("library").out
    ran = filled("library", "remove", "--sample", "--yes", "--json")

    assert ran.code == 0
    assert len(ran.json["removed"]) == 31
    assert ran.json["papers"] == 0
    assert library.stats().papers == 0
    assert filled("library", "check").code == 0
    assert "sample papers" not in filled("library").out
    assert filled("library", "remove", "--sample", "--yes").code == 3


@pytest.mark.parametrize("name", [PAPER, f"https://huggingface.co/papers/{PAPER}", f"arXiv:{PAPER}v2"])
def test_a_paper_goes_by_id_or_link_and_is_not_found_any_more(filled: Assistant, name: str) -> None:
    title = filled("cite", "--json", PAPER).out
    ran = filled("library", "remove", name, "--yes")

    assert ran.code == 0
    assert ran.out == "1 paper removed; 30 papers left\n"
    assert PAPER in title
    assert filled("cite", PAPER).code == 3
    assert PAPER not in filled("search", "--json", "agents remember").out
    assert filled("library", "check").code == 0


def test_a_paper_goes_by_its_whole_title_alone(filled: Assistant, library: Library) -> None:
    (paper,) = library.get([PAPER])
    part = filled("library", "remove", " ".join(paper.title.split()[:2]), "--yes")
    assert part.code == 3
    assert "whole title" in part.err
    assert filled("library", "remove", paper.title.upper(), "--yes").code == 0
    assert library.get([PAPER]) == []


def test_a_day_goes_with_its_papers_and_counts_as_never_fetched(filled: Assistant, library: Library) -> None:
    before = library.days()
    ran = filled("library", "remove", "--day", DAYS[0], "--yes", "--json").json

    assert ran["days"] == [DAYS[0]]
    assert len(ran["removed"]) + len(ran["delisted"]) == before[min(before)]
    assert [day.isoformat() for day in library.days()] == [DAYS[1]]


def test_a_range_of_days(filled: Assistant, library: Library) -> None:
    assert filled("library", "remove", "--since", "2026-08-22", "--yes").code == 3
    assert filled("library", "remove", "--since", "2026-08-22", "--until", "2026-08-20", "--yes").code == 2
    assert filled("library", "remove", "--until", "2026-08-21", "--yes").code == 0
    assert library.stats().papers == 0


def test_what_the_reader_wrote_is_named_and_decided_on(filled: Assistant, library: Library) -> None:
    library.marks.set_starred([PAPER], starred=True)
    library.marks.set_note("2608.19891", "read again")
    refused = filled("library", "remove", "--sample", "--yes")

    assert refused.code == 2
    assert "2 of these papers carry a star or a note of yours" in refused.err
    assert "(a star)" in refused.err
    assert "(a note)" in refused.err
    assert "--marked keep" in refused.err
    assert library.stats().papers == 31

    kept = filled("library", "remove", "--sample", "--marked", "keep", "--yes", "--json").json
    assert kept["kept"] == [PAPER, "2608.19891"]
    assert library.stats().papers == 2
    assert library.marks.of("2608.19891").note == "read again"

    assert filled("library", "remove", PAPER, "--marked", "remove", "--yes").code == 0
    assert library.stats().papers == 1


def test_nothing_goes_without_a_confirmation(filled: Assistant, library: Library) -> None:
    ran = filled("library", "remove", PAPER)
    assert ran.code == 2
    assert "--yes" in ran.err
    assert library.get([PAPER])


def test_what_is_not_there_is_an_error_and_nothing_goes(filled: Assistant, library: Library) -> None:
    assert filled("library", "remove").code == 2
    assert filled("library", "remove", "--day", "yesterday", "--yes").code == 2
    ran = filled("library", "remove", PAPER, "2101.00001", "--yes")
    assert ran.code == 3
    assert "2101.00001" in ran.err
    assert library.get([PAPER])


def test_while_another_process_writes_nothing_goes(filled: Assistant, library: Library) -> None:
    with library.writing("sync"):
        ran = filled("library", "remove", PAPER, "--yes")
    assert ran.code == 6
    assert library.get([PAPER])
