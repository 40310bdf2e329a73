"""The library's own state as other programs read it."""

from pathlib import Path

from assistant.export.json.base import Published
from assistant.export.json.sync import IndexCountJson, index_json
from assistant.library.records import CheckReport, IndexReport, LibraryStats
from assistant.library.removal import Removal


class LibraryJson(Published):
    """What the library holds; sizes are in bytes."""

    folder: str
    schema_version: int
    papers: int
    provisional: int
    """Papers of which no arXiv id is known."""
    listings: int
    days: int
    first_day: str | None
    last_day: str | None
    snapshots: int
    """Times that the counts of a paper changed."""
    database_bytes: int
    index_bytes: dict[str, int]
    indexed: dict[str, int]
    """Papers in each index."""
    embedder: str | None
    """What its vectors were made with."""
    sample_papers: int
    """Papers with the text of the sample feed, which earlier versions put into an empty library."""


class IndexCheckJson(Published):
    """How one index compares with the truth, as paper ids."""

    name: str
    papers: int
    missing: list[str]
    stale: list[str]
    """In the index with another text."""
    extra: list[str]
    """In the index alone."""
    note: str | None
    """Why it was not compared."""


class LibraryCheckJson(Published):
    """Whether the library is sound."""

    papers: int
    damages: list[str]
    indexes: list[IndexCheckJson]
    clean: bool


class RebuildJson(Published):
    """What making the indexes anew did."""

    index: list[IndexCountJson]
    stopped: bool
    """Whether it was stopped before every paper was indexed."""


class RemovedJson(Published):
    """What was taken out of the library: paper ids, and days."""

    removed: list[str]
    delisted: list[str]
    """Papers that stay, since they are listed on another day too."""
    days: list[str]
    """Listing days that were taken out; a sync may bring them back."""
    kept: list[str]
    """Papers with a star or a note that stay."""
    papers: int
    """Papers in the library afterwards."""
    index: list[IndexCountJson]


class ExportJson(Published):
    """What was written by an export of the library."""

    file: str
    lines: int


def library_json(stats: LibraryStats) -> LibraryJson:
    """The object of `library`."""
    return {
        "folder": str(stats.folder),
        "schema_version": stats.schema_version,
        "papers": stats.papers,
        "provisional": stats.provisional,
        "listings": stats.listings,
        "days": stats.days,
        "first_day": stats.first_day.isoformat() if stats.first_day else None,
        "last_day": stats.last_day.isoformat() if stats.last_day else None,
        "snapshots": stats.snapshots,
        "database_bytes": stats.database_bytes,
        "index_bytes": stats.index_bytes,
        "indexed": stats.indexed,
        "embedder": stats.embedder,
        "sample_papers": stats.sample_papers,
    }


def library_check_json(report: CheckReport) -> LibraryCheckJson:
    """The object of `library check`."""
    return {
        "papers": report.papers,
        "damages": list(report.damages),
        "indexes": [
            {
                "name": index.name,
                "papers": index.papers,
                "missing": list(index.missing),
                "stale": list(index.stale),
                "extra": list(index.extra),
                "note": index.note,
            }
            for index in report.indexes
        ],
        "clean": report.clean,
    }


def rebuild_json(report: IndexReport) -> RebuildJson:
    """The object of `library rebuild`."""
    return {"index": index_json(report.counts), "stopped": report.stopped}


def removed_json(removal: Removal, report: IndexReport, papers: int) -> RemovedJson:
    """The object of `library remove`."""
    return {
        "removed": [paper.paper_id for paper in removal.papers],
        "delisted": list(removal.delisted),
        "days": [day.isoformat() for day in removal.days],
        "kept": list(removal.kept),
        "papers": papers,
        "index": index_json(report.counts),
    }


def export_json(file: Path, lines: int) -> ExportJson:
    """The object of `library export`."""
    return {"file": str(file), "lines": lines}
