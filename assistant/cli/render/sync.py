"""What a sync brought, as lines."""

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
