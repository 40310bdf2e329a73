"""References as BibTeX and RIS, the forms that `assistant cite` writes and every reference manager exports."""

import re
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice, pairwise
from typing import Any

from assistant.errors import InputError
from assistant.feeds.bibtex_text import bibtex_text
from assistant.feeds.person_names import given_first
from assistant.feeds.record_parser import RecordRejected, foreign_record, read_records
from assistant.papers import FeedBatch, FeedRecord, clean_text

_BATCH_SIZE = 500
_RIS_LINE = re.compile(r"\s{0,3}([A-Z][A-Z0-9]) {1,2}-(?: (.*)|([^\s-].*))?$")
_ENTRY = re.compile(r"^[ \t]*@[A-Za-z]+[ \t]*[{(]", re.MULTILINE)
_BRACE = re.compile(r"[{}]")
_COMMENT = re.compile(r"@comment\s*\{", re.IGNORECASE)
_VERBATIM = {"url", "doi", "eprint", "file", "archiveprefix", "pdf", "date", "year", "urldate"}
_AUTHORS = {"authors", "first_authors"}
_LISTS = {"urls", "authors", "first_authors", "keywords", "notes"}
_NOTHING = "no entry in it could be read"
_REMEDY = "export the references again, as BibTeX, RIS, CSV or CSL-JSON"

Placed = tuple[str, object]
_read_entry = partial(foreign_record, date_is_listing=False, is_reference=True)


def read_bibtex(text: str, name: str) -> Iterator[FeedBatch]:
    """Read BibTeX; a broken entry costs itself at most, and is named with the line on which it begins.

    LaTeX becomes Unicode, formulas stay. Comments, preambles and strings are no papers.

    Raises:
        InputError: not one entry in it.
    """
    return _batches(_bibtex_entries(text, name), name, "BibTeX")


def read_ris(text: str, name: str) -> Iterator[FeedBatch]:
    """Read RIS in the spellings that are met: without ``ER``, with one space before the hyphen or none behind it.

    Raises:
        InputError: not one reference in it.
    """
    return _batches(_ris_records(text, name), name, "RIS")


def _batches(placed: Iterator[Placed], name: str, form: str) -> Iterator[FeedBatch]:
    yielded = False
    while batch := list(islice(placed, _BATCH_SIZE)):
        yielded = True
        yield FeedBatch(name, *read_records(batch, _entry))
    if not yielded:
        raise InputError(f"{name} looks like {form}, but {_NOTHING}", _REMEDY)


def _entry(item: object, place: str) -> FeedRecord:
    if isinstance(item, RecordRejected):
        raise item
    return _read_entry(item, place)


def _bibtex_entries(text: str, name: str) -> Iterator[Placed]:
    from pybtex.database.input.bibtex import LowLevelParser, month_names
    from pybtex.utils import CaseInsensitiveDict

    # pybtex adds the strings of a file to the macros it is given, and to its own for good where it is given none.
    macros = CaseInsensitiveDict(month_names)
    for line, piece in _bibtex_pieces(_without_comments(text)):
        errors: list[str] = []
        parser = LowLevelParser(piece, macros=macros, handle_error=partial(_note_error, errors))
        entries = [body for command, body in parser if command.lower() not in {"string", "preamble", "comment"}]
        for key, pairs in entries:
            fields = _bibtex_fields(pairs) if key else {}
            if "title" in fields or not errors:
                yield f"{name}:{line}", fields
        named = next((f"“{clean_text(key)}” " for key, _ in entries if key), "")
        if entries and errors:
            yield (
                f"{name}:{line}",
                RecordRejected(f"{named}is broken: {errors[0]}; what stands behind that is not read"),
            )


def _note_error(errors: list[str], error: Any) -> None:
    if error.error_type != "undefined string":  # it stays empty, as in BibTeX
        errors.append(clean_text(str(error)).partition(": ")[2] or "it cannot be read")


def _bibtex_pieces(text: str) -> Iterator[tuple[int, str]]:
    """The file cut before each entry that begins a line, so that one which is not closed costs itself alone."""
    starts = [match.start() for match in _ENTRY.finditer(text)]
    line = 1
    for start, end in pairwise([0, *starts, len(text)]):
        piece = text[start:end]
        if piece.strip():
            yield line, piece
        line += piece.count("\n")


def _without_comments(text: str) -> str:
    """The file without its ``@comment`` groups, whatever they hold; lines stay where they were."""
    comments = list(_COMMENT.finditer(text))
    if not comments:
        return text
    closing, opened = {}, list[int]()
    for brace in _BRACE.finditer(text):
        if brace.group() == "{":
            opened.append(brace.start())
        elif opened:
            closing[opened.pop()] = brace.end()
    parts, last = [], 0
    for match in comments:
        end = closing.get(match.end() - 1)
        if end is not None and match.start() >= last:
            parts += [text[last : match.start()], "\n" * text.count("\n", match.start(), end)]
            last = end
    return "".join([*parts, text[last:]])


def _bibtex_fields(pairs: Sequence[tuple[str, Sequence[str]]]) -> dict[str, object]:
    fields: dict[str, object] = {}
    for field, parts in pairs:
        value = "".join(parts)
        if field.lower() == "author":
            fields.setdefault("author", [{"literal": person} for person in _persons(value)])
        elif field.lower() not in {"editor", "translator"}:
            fields.setdefault(field.lower(), value if field.lower() in _VERBATIM else bibtex_text(value))
    return fields


def _persons(names: str) -> Iterator[str]:
    """The authors, given names first; "and others" is not one."""
    from pybtex.bibtex.exceptions import BibTeXError
    from pybtex.bibtex.utils import split_name_list
    from pybtex.database import InvalidNameString, Person

    for name in split_name_list(" ".join(names.split())):
        if name.strip().lower() == "others":
            continue
        try:
            person = Person(name)
        except (InvalidNameString, BibTeXError):
            yield bibtex_text(name)
            continue
        parts = (person.first_names, person.middle_names, person.prelast_names, person.last_names, person.lineage_names)
        yield bibtex_text(" ".join(word for words in parts for word in words))


def _ris_records(text: str, name: str) -> Iterator[Placed]:
    import rispy
    from rispy.config import TAG_KEY_MAPPING

    lines, starts = _ris_lines(text)
    tags = {field: tag for tag, field in TAG_KEY_MAPPING.items()}
    list_tags = [tag for tag, field in TAG_KEY_MAPPING.items() if field in _LISTS]
    records = rispy.loads("\n".join(lines), list_tags=list_tags, delimiter_tags_mapping={})
    for line, record in zip(starts, records, strict=True):
        unknown = {tag: values for tag, values in record.pop("unknown_tag", {}).items() if tag}  # None: before any tag
        fields = {field if _is_read(field) else tags[field]: value for field, value in record.items()}
        for field in _AUTHORS & fields.keys():  # one a line, and the family name first
            fields[field] = [{"literal": given_first(author)} for author in fields[field]]
        yield f"{name}:{line}", fields | unknown


def _is_read(field: str) -> bool:
    from assistant.feeds.field_names import NOT_KEPT, field_key, meaning_of

    return meaning_of(field) is not None or field == "date" or field_key(field) in NOT_KEPT


def _ris_lines(text: str) -> tuple[list[str], list[int]]:
    """The lines as rispy wants them, each record closed, and the numbers of the lines on which records begin.

    rispy leaves out a last record without ``ER`` and takes a letter from values that no space stands before.
    """
    lines: list[str] = []
    starts: list[int] = []
    is_open = False
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        tagged = _RIS_LINE.match(line)
        tag, value = (tagged[1], tagged[2] or tagged[3] or "") if tagged else ("", line.strip())
        if tag in {"TY", "ER"} and is_open:
            lines.append("ER  - ")
            is_open = False
        if tag == "TY":
            starts.append(number)
            is_open = True
        if is_open and (tag or value):
            lines.append(f"{tag}  - {value}" if tag else value)
    return [*lines, "ER  - "] if is_open else lines, starts
