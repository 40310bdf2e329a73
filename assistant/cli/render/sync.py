"""What a sync brought, as lines and as JSON."""

from typing import Any

from assistant.library.sync import SyncFinished

_MOST_REJECTIONS_SHOWN = 20


def sync_lines(finished: SyncFinished) -> list[str]:
    """One line of counts, then what was rejected and where it stood."""
    report = finished.report
    counts = f"{len(report.new)} new, {len(report.updated)} updated, {len(report.unchanged)} unchanged"
    lines = [f"{counts}, {len(report.rejections)} rejected"]
    shown = report.rejections[:_MOST_REJECTIONS_SHOWN]
    lines.extend(f"  rejected {rejection.place}: {rejection.reason}" for rejection in shown)
    if len(report.rejections) > len(shown):
        lines.append(f"  … and {len(report.rejections) - len(shown)} more (--json lists all)")
    if not report.new and not report.updated and report.unchanged:
        lines.append("nothing new")
    if finished.index.pending:
        lines.append(f"{finished.index.pending} papers wait for an index")
    return lines


def sync_json(finished: SyncFinished) -> dict[str, Any]:
    """The documented object of `sync`: ids of what came, and rejections with their places."""
    report = finished.report
    return {
        "new": list(report.new),
        "updated": list(report.updated),
        "unchanged": list(report.unchanged),
        "rejected": [{"place": rejection.place, "reason": rejection.reason} for rejection in report.rejections],
        "index": [
            {"name": count.name, "added": count.added, "removed": count.removed, "pending": count.pending}
            for count in finished.index.counts
        ],
    }
