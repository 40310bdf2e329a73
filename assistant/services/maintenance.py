"""Upkeep of the library: papers written to a file that a sync reads back, papers taken out. Everything blocks."""

import gzip
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from assistant.errors import NothingFound, UsageError
from assistant.feeds import write_export
from assistant.files import replacing
from assistant.library import (
    IndexReport,
    Library,
    MarkedPapers,
    Progress,
    Removal,
    RemovalRequest,
    ShouldStop,
    require_decided,
)
from assistant.papers import clean_text, normalized_title, parse_paper_id

STANDARD_OUTPUT = "-"
"""In place of a file's name."""


@dataclass(frozen=True, slots=True)
class Removed:
    """What was taken out of the database, how the indexes followed, and how many papers are left."""

    removal: Removal
    index: IndexReport
    papers_left: int


def export_papers(library: Library, file: Path) -> int:
    """Write every paper as JSON Lines and return the number of lines; a name in .gz is compressed.

    Raises `DeliveryError` for a file that cannot be written.
    """
    papers = library.export()
    if str(file) == STANDARD_OUTPUT:
        return write_export(sys.stdout.buffer, papers)
    with replacing(file) as stream:
        if file.suffix != ".gz":
            return write_export(stream, papers)
        with gzip.GzipFile(fileobj=stream, mode="wb") as packed:
            return write_export(packed, papers)


def removal_request(
    library: Library,
    names: Sequence[str],
    days: Sequence[date] = (),
    since: date | None = None,
    until: date | None = None,
    *,
    sample: bool = False,
) -> RemovalRequest:
    """What is to go; ``names`` are ids, links or whole titles: nothing is guessed where something is removed.

    Raises `UsageError` for days in the wrong order and where nothing is named, `NothingFound` for an unknown paper.
    """
    if since and until and since > until:
        raise UsageError(f"--since {since} is after {until}.", "Swap the two days.")
    request = RemovalRequest(_ids_of(library, names), tuple(days), since, until, sample)
    if request.is_empty:
        raise UsageError("Nothing to remove was named.", "Name papers, --day, --since, --until or --sample.")
    return request


def plan_removal(library: Library, request: RemovalRequest, marked: MarkedPapers | None) -> Removal:
    """What a request comes to; changes nothing.

    Raises `NothingFound` when nothing would go, `UsageError` when ``marked`` does not say what becomes of papers with a
    star or a note.
    """
    removal = library.planned_removal(request, marked)
    if removal.is_empty:
        stay = f" {len(removal.kept)} with a star or a note stay." if removal.kept else ""
        raise NothingFound(f"The library has nothing of that to remove.{stay}", "`assistant library` shows its days")
    require_decided(removal, marked)
    return removal


def remove_papers(
    library: Library,
    request: RemovalRequest,
    marked: MarkedPapers | None,
    progress: Progress | None = None,
    should_stop: ShouldStop | None = None,
) -> Removed:
    """Take papers out of the database and then out of the indexes, which ``should_stop`` may end early.

    Raises what `Library.remove` raises.
    """
    with library.writing("remove"):
        removal = library.remove(request, marked)
        index = library.index_pending(progress, should_stop)
    return Removed(removal, index, library.stats().papers)


def _ids_of(library: Library, names: Sequence[str]) -> tuple[str, ...]:
    ids: dict[str, None] = {}
    for name in names:
        paper_id = parse_paper_id(name)
        papers = library.get([paper_id]) if paper_id else library.find_by_title(name)
        meant = [each.paper_id for each in papers if paper_id or normalized_title(each.title) == normalized_title(name)]
        if not meant:
            raise NothingFound(
                f"No paper of the library is {clean_text(name)!r}.", "Give an id, a link or the whole title."
            )
        ids |= dict.fromkeys(meant)
    return tuple(ids)
