"""A library of invented papers for questions about the collection."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from assistant.library.library import Library
from assistant.papers import Author, FeedRecord, Listing, Paper, Provenance
from assistant.retrieval.query_plan.names import NameResolver
from tests.support.library_factory import MORNING, batch

TODAY = date(2026, 8, 21)
"""A Friday."""


def invented(
    number: int,
    title: str,
    abstract: str,
    authors: str,
    *,
    day: date,
    upvotes: int | None = 1,
    comments: int | None = 0,
    organization: str | None = None,
    github: str | None = None,
    project_page: str | None = None,
) -> FeedRecord:
    """A record of the feed; ``authors`` are parted by semicolons."""
    names = tuple(Author(name.strip()) for name in authors.split(";") if name.strip())
    paper = Paper(
        f"2608.{number:05}", title, abstract, Provenance.HUGGINGFACE, names, day, organization,
        github=github, project_page=project_page,
    )  # fmt: skip
    return FeedRecord(paper, Listing(day, upvotes, comments), raw="{}", place=str(number))


RECORDS = (
    invented(
        1, "KelpNet: Pruning Heads of Seaweed Models", "We prune heads. Code is at https://github.com/kelp/kelpnet.",
        "Zoë Krüger; Jun-Yan Ito; Ada Quill", day=date(2026, 8, 20), upvotes=40, comments=3, organization="Tidal AI",
    ),
    invented(
        2, "Kelp: Growing Agents", "Agents grow like kelp. See our page at https://kelp-agents.github.io.",
        "Ada Quill", day=date(2026, 8, 19), upvotes=12, comments=7, organization="Tidal AI",
        github="https://github.com/tidal/kelp",
    ),
    invented(
        3, "Kelp: A Benchmark of Ocean Questions", "A benchmark with questions in Wolof and Breton.",
        "Jun-Yan Ito; Boris D. Marsh", day=date(2026, 8, 12), upvotes=40, comments=7, organization="Reef University",
    ),
    invented(
        4, "Code World Fish", "A fish that writes code and counts tokens.", "Boris Marsh; Mei Marsh",
        day=date(2026, 8, 11), upvotes=99, organization="Reef University", project_page="https://fish.example.org",
    ),
    invented(
        5, "Barnacle-2: Attention That Sticks", "Barnacle-2 sticks to long inputs.", "Kim Do; Ada Quill",
        day=date(2026, 7, 3), upvotes=5, comments=1, organization="Harbor Labs",
    ),
    invented(
        6, "Old Anchors of Vision", "Anchors are old. The demo is a Space: https://huggingface.co/spaces/old/anchors",
        "Mei Marsh", day=date(2025, 3, 4), upvotes=300, comments=None, organization="Open Tide Research",
    ),
    invented(
        7, "Quiet Buoys", "Buoys that are quiet, and no model of theirs is at https://huggingface.co/tide/buoy.",
        "", day=date(2025, 3, 5), upvotes=None, comments=None,
    ),
)  # fmt: skip


@pytest.fixture(scope="package")
def sea(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """The library, indexed by words."""
    folder: Path = tmp_path_factory.mktemp("sea")
    with Library.open(folder / "library", embedder=None) as library:
        library.ingest(batch(*RECORDS), MORNING)
        library.index_pending()
        yield library


@pytest.fixture
def resolver(sea: Library) -> NameResolver:
    """Names of the library."""
    return NameResolver(sea)
