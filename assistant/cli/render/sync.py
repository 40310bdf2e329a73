"""What a sync brought, as lines."""

from assistant.library.sync import OriginReport, SyncFinished

_MOST_REJECTIONS_SHOWN = 20
_MOST_FIELDS_SHOWN = 12


def sync_lines(finished: SyncFinished) -> list[str]:
    """One line of counts, what was not understood in each file, then what was rejected and where it stood."""
    report = finished.report
    counts = f"{len(report.new)} new, {len(report.updated)} updated, {len(report.unchanged)} unchanged"
    lines = [f"{counts}, {len(report.rejections)} rejected"]
    lines.extend(_unread_line(origin) for origin in finished.origins if origin.unread_fields)
    shown = report.rejections[:_MOST_REJECTIONS_SHOWN]
    lines.extend(f"  rejected {rejection.place}: {rejection.reason}" for rejection in shown)
    if len(report.rejections) > len(shown):
        lines.append(f"  … and {len(report.rejections) - len(shown)} more (--json lists all)")
    if not report.new and not report.updated and report.unchanged:
        lines.append("nothing new")
    if finished.index.pending:
        lines.append(f"{finished.index.pending} papers wait for an index")
    return lines


def _unread_line(origin: OriginReport) -> str:
    names = ", ".join(origin.unread_fields[:_MOST_FIELDS_SHOWN])
    more = f" and {len(origin.unread_fields) - _MOST_FIELDS_SHOWN} more" * (
        len(origin.unread_fields) > _MOST_FIELDS_SHOWN
    )
    papers = f"{origin.papers} paper{'' if origin.papers == 1 else 's'}"
    return f"  {origin.origin}: {papers}; fields not understood: {names}{more}"
