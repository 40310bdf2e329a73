"""Tables of papers, one a row: Zotero's CSV, exports of spreadsheets, TSV; columns are known by their names."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import islice

from assistant.errors import InputError
from assistant.feeds.field_names import Meaning, meaning_of, tells_publication_day
from assistant.feeds.record_parser import RecordRejected, foreign_record, read_records
from assistant.papers import FeedBatch, FeedRecord, clean_text
from assistant.text import quoted

_DELIMITERS = ("\t", ",", ";", "|")
_LARGEST_CELL = 2**22
_BATCH_SIZE = 500
_ROWS_SEEN = 6
_MOST_COLUMNS_SHOWN = 12
_NEEDED = "a column title, and one of abstract, id, arxiv_id, doi, url; authors, published, date, upvotes are read too"

Placed = tuple[str, object]


def looks_like_table(text: str) -> bool:
    """Whether the beginning of a file is a table: its first row names a title, or its rows have cells alike."""
    delimiter = _delimiter(text)
    if delimiter is None:
        return False
    rows = _first_rows(text, delimiter)
    if Meaning.TITLE in {meaning_of(cell) for cell in rows[0]}:
        return True
    return len(rows) > 1 and len(rows[0]) > 2 and len({len(row) for row in rows}) == 1


def read_table(text: str, name: str) -> Iterator[FeedBatch]:
    """Read a table, row by row; ``name`` is the file's, for places (``refs.csv:2``).

    A ``date`` is a publication date, unless the table has another column for it, or one for upvotes.

    Raises:
        InputError: no column for titles, or none for what makes a paper of a title; the message names the columns.
    """
    delimiter = _delimiter(text) or ","
    rows = _numbered_rows(text, delimiter)
    try:
        _, header = next(rows, (0, []))
    except csv.Error as error:
        raise InputError(f"{name} is a table that cannot be read: {error}", _NEEDED) from error
    meanings = {meaning_of(cell) for cell in header}
    if Meaning.TITLE not in meanings or meanings.isdisjoint({Meaning.ABSTRACT, Meaning.PAPER_ID}):
        raise InputError(f"{name} is a table, but not of papers: {_columns(header)}", f"it needs {_NEEDED}")
    date_is_listing = any(map(tells_publication_day, header)) or Meaning.UPVOTES in meanings
    placed = _items(name, header, rows)
    yielded = False
    while batch := list(islice(placed, _BATCH_SIZE)):
        yielded = True
        yield FeedBatch(name, *read_records(batch, partial(_row_record, date_is_listing=date_is_listing)))
    if not yielded:
        raise InputError(f"{name} is a table without a row below its names", f"it needs {_NEEDED}")


def _row_record(item: object, place: str, *, date_is_listing: bool) -> FeedRecord:
    if isinstance(item, RecordRejected):
        raise item
    return foreign_record(item, place, date_is_listing=date_is_listing, is_reference=True)


def _items(name: str, header: Sequence[str], rows: Iterator[tuple[int, list[str]]]) -> Iterator[Placed]:
    try:
        for line, row in rows:
            place = f"{name}:{line}"
            if len(row) > len(header) and any(row[len(header) :]):
                yield place, RecordRejected(f"{len(row)} cells in a row of {len(header)} columns, at {quoted(row[0])}")
            elif any(row):
                yield place, _fields(header, row)
    except csv.Error as error:
        yield name, RecordRejected(f"the table cannot be read from here on: {error}")


def _fields(header: Sequence[str], row: Sequence[str]) -> Mapping[str, str]:
    return {title: cell for title, cell in zip(header, row, strict=False) if title and cell.strip()}


def _numbered_rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold something, each with the line on which it begins; Excel's ``sep=`` line is none."""
    csv.field_size_limit(_LARGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False)
    line = 1
    for row in reader:
        if any(cell.strip() for cell in row) and not (line == 1 and row[0].lower().startswith("sep=")):
            yield line, [cell.strip() for cell in row]
        line = reader.line_num + 1


def _first_rows(text: str, delimiter: str) -> list[list[str]]:
    """The first rows; of a text that goes on the last one may be cut and is left out. An empty line ends them."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        rows = list(islice(reader, _ROWS_SEEN))
    except csv.Error:
        return [[]]
    if rows and rows[0] and rows[0][0].lower().startswith("sep="):
        rows = rows[1:]
    return rows[:-1] if 2 < len(rows) < _ROWS_SEEN and rows[-1] and not text.endswith("\n") else rows or [[]]


def _delimiter(text: str) -> str | None:
    """The character between the cells of the first row: the one that gives most columns of known names."""
    ranked = []
    for delimiter in _DELIMITERS:
        header = _first_rows(text[:65_536], delimiter)[0]
        if len(header) > 1:
            ranked.append((sum(meaning_of(cell) is not None for cell in header), len(header), delimiter))
    return max(ranked, key=lambda entry: entry[:2])[2] if ranked else None


def _columns(header: Sequence[str]) -> str:
    column_names = ", ".join(clean_text(cell)[:40] or "(no name)" for cell in header[:_MOST_COLUMNS_SHOWN])
    more = f" and {len(header) - _MOST_COLUMNS_SHOWN} more" if len(header) > _MOST_COLUMNS_SHOWN else ""
    return f"its columns are {column_names}{more}"
