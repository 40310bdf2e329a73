"""What came into the library, as other programs read it."""

from collections.abc import Sequence

from assistant.export.json.base import Published
from assistant.library.records import IndexCount
from assistant.library.sync import SyncFinished


class RejectionJson(Published):
    """A record that could not be read."""

    place: str
    """Where it stood: page.txt:12, [3]."""
    reason: str


class IndexCountJson(Published):
    """What one index gained and lost."""

    name: str
    added: int
    removed: int
    pending: int
    """Papers that still wait for it."""


class OriginJson(Published):
    """What one file, or one request to a feed, gave."""

    name: str
    """The file's name, or the feed's with what it was asked for."""
    papers: int
    fields_not_understood: list[str]
    """Names of fields that hold something and mean nothing to this program; the raw record keeps them."""


class SyncJson(Published):
    """What a sync brought: paper ids, each in one of the three lists."""

    new: list[str]
    updated: list[str]
    """Papers that differ in text, fields, counts or listings."""
    unchanged: list[str]
    rejected: list[RejectionJson]
    origins: list[OriginJson]
    index: list[IndexCountJson]


def sync_json(finished: SyncFinished) -> SyncJson:
    """The object of `sync`: ids of what came, and rejections with their places."""
    report = finished.report
    return {
        "new": list(report.new),
        "updated": list(report.updated),
        "unchanged": list(report.unchanged),
        "rejected": [{"place": rejection.place, "reason": rejection.reason} for rejection in report.rejections],
        "origins": [
            {"name": origin.origin, "papers": origin.papers, "fields_not_understood": list(origin.unread_fields)}
            for origin in finished.origins
        ],
        "index": index_json(finished.index.counts),
    }


def index_json(counts: Sequence[IndexCount]) -> list[IndexCountJson]:
    """What each index gained and lost."""
    return [
        {"name": count.name, "added": count.added, "removed": count.removed, "pending": count.pending}
        for count in counts
    ]
