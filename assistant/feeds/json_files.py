"""JSON files of papers: API answers and exports, as one document or as JSON Lines, told apart record by record."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from importlib.resources import files
from io import BytesIO

from assistant.errors import InputError
from assistant.feeds.containers import FoundRecord, is_record, records_in
from assistant.feeds.file_content import READABLE, FileContent
from assistant.feeds.json_values import BrokenJson, error_text, parse_json
from assistant.feeds.record_parser import RecordRejected, api_record, export_record, foreign_record, read_records
from assistant.feeds.saved_html import page_items
from assistant.papers import FeedBatch, FeedRecord, Provenance

BATCH_SIZE = 500
"""The most records of one batch, so that a large file is kept as it is read."""

_OF_PAPERS = frozenset({"paper", "abstract", "summary"})
_MOST_STRANGE = 100  # so many items without one that looks like a paper, and the file is something else

Placed = tuple[str, object]


@dataclass(frozen=True, slots=True)
class RecordReading:
    """How the records of a file are to be read.

    ``api`` is True for API items, False for export lines, None to tell by each record. ``day`` is the listing day
    of API items, ``fallback_day`` that of items which tell none themselves. ``source`` is that of export lines,
    whatever they say.
    """

    api: bool | None = None
    day: date | None = None
    fallback_day: date | None = None
    source: Provenance | None = None

    def record(self, item: object, place: str) -> FeedRecord:
        """Read one record.

        Raises:
            RecordRejected: it cannot become a paper.
        """
        day = self.day
        if isinstance(item, FoundRecord):
            day = day or item.day
            item = item.item
        if isinstance(item, RecordRejected):
            raise item
        fields = item if isinstance(item, dict) else {}
        fallback_day = None if "highlightedTitle" in fields else self.fallback_day  # a search answer is of many days
        if self.api or (self.api is None and "paper" in fields):
            return api_record(item, place, day, fallback_day=fallback_day)
        if self.api is False:
            return export_record(item, place, self.source)
        return foreign_record(item, place, day, fallback_day=fallback_day, source=self.source)


def read_json(content: FileContent, reading: RecordReading) -> Iterator[FeedBatch]:
    """Read a JSON document or JSON Lines, in batches of at most `BATCH_SIZE`; a broken line loses that line only.

    Raises:
        InputError: broken JSON, an ``{"error": …}`` body, or JSON of something else; what was yielded stands.
    """
    first = content.first_line()
    if first.startswith(b"{") and _is_line_of_its_own(first):
        yield from _batches(content.name, _line_items(content.name, content.lines()), reading)
        return
    document = content.document()
    try:
        parsed = parse_json(document)
    except BrokenJson as error:
        lines = _numbered(document)
        if first.startswith(b"{") and any(_is_line_of_its_own(line) for _, line in lines[1:_MOST_STRANGE]):
            yield from _batches(content.name, _line_items(content.name, lines), reading)
            return
        raise InputError(f"{content.name} is not whole JSON: {error}", "was it cut? get the file again") from error
    items, reading = _document_items(content.name, parsed, reading)
    yield from _batches(content.name, items, reading)


def _document_items(name: str, parsed: object, reading: RecordReading) -> tuple[Iterable[Placed], RecordReading]:
    if reason := error_text(parsed):
        raise InputError(f"{name} holds an error, not papers: {reason}", "fetch the papers again")
    if page := page_items(parsed):
        items, page_day = page
        placed: list[Placed] = [(f"{name}[{index}]", item) for index, item in enumerate(items)]
        return placed, replace(reading, day=reading.day or page_day)
    return _records_of(name, parsed, whole_file=True), reading


def _records_of(place: str, parsed: object, *, whole_file: bool = False) -> Iterator[Placed]:
    """The records of a document or a line; itself, where it holds none, for a message about it."""
    nothing = True
    for record in records_in(parsed, whole_file=whole_file):
        nothing = False
        yield place + record.place, record
    if nothing and not (whole_file and parsed == []):
        yield place, parsed


def _line_items(name: str, lines: Iterable[tuple[int, bytes | None]]) -> Iterator[Placed]:
    for number, line in lines:
        place = f"{name}:{number}"
        if line is None:
            yield place, RecordRejected("the line is too long to be a record")
            continue
        try:
            parsed = parse_json(line)
        except BrokenJson as error:
            yield place, RecordRejected(f"not whole JSON: {error}")
        else:
            yield from _records_of(place, parsed)


def _batches(name: str, placed_items: Iterable[Placed], reading: RecordReading) -> Iterator[FeedBatch]:
    """Batches of records; at least one, so that an empty list of papers is seen to be one."""
    pending: list[Placed] = []
    yielded = False
    try:
        for placed in _plausible(name, placed_items):
            pending.append(placed)
            if len(pending) == BATCH_SIZE:
                batch = _batch(name, pending, reading)
                if not batch.records and not yielded:
                    odd = batch.rejections[0]
                    raise InputError(f"{name} has no paper in its first records; {odd.place}: {odd.reason}", READABLE)
                yielded, pending = True, []
                yield batch
    except InputError:
        before_the_break = _batch(name, pending, reading)
        if before_the_break.records:
            yield before_the_break
        raise
    if pending or not yielded:
        yield _batch(name, pending, reading)


def _batch(name: str, placed_items: list[Placed], reading: RecordReading) -> FeedBatch:
    records, rejections = read_records(placed_items, reading.record)
    days = {record.listing.day if record.listing else None for record in records}
    return FeedBatch(name, records, rejections, days.pop() if len(days) == 1 else None)


def _plausible(name: str, placed_items: Iterable[Placed]) -> Iterator[Placed]:
    """The same items; an error as soon as it is clear that the file is about something else."""
    strange = 0
    is_plausible = False
    for place, item in placed_items:
        is_plausible = is_plausible or _is_of_a_paper(item)
        strange += not is_plausible
        if strange == _MOST_STRANGE:
            break
        yield place, item
    if strange and not is_plausible:
        raise InputError(f"{name} is JSON, but not of papers", READABLE)


def _is_line_of_its_own(line: bytes) -> bool:
    """Whether a line is one whole record of JSON Lines, and not a document that happens to be on one line."""
    try:
        parsed = parse_json(line)
    except BrokenJson:
        return False
    return isinstance(parsed, dict) and page_items(parsed) is None and error_text(parsed) is None


def _is_of_a_paper(item: object) -> bool:
    value = item.item if isinstance(item, FoundRecord) else item
    return isinstance(value, dict) and (is_record(value) or not _OF_PAPERS.isdisjoint(value))


def _numbered(document: bytes) -> list[tuple[int, bytes]]:
    numbered = enumerate(document.split(b"\n"), start=1)
    return [(number, stripped) for number, line in numbered if (stripped := line.strip())]


def sample_batches() -> tuple[FeedBatch, ...]:
    """The sample papers, with the source `Provenance.SAMPLE`: any other feed's text replaces theirs."""
    resource = files("assistant.feeds") / "sample" / "daily_papers.jsonl"
    content = FileContent("sample", BytesIO(resource.read_bytes()))
    return tuple(read_json(content, RecordReading(api=False, source=Provenance.SAMPLE)))
