"""Where the records of a JSON document lie: in lists, in objects by id or by day, below keys of any name, wrapped."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from assistant.feeds.field_names import DATE, NAMES, NOT_KEPT, Meaning, field_key, meaning_of
from assistant.feeds.record_days import Precision, record_day
from assistant.papers import is_provisional, parse_paper_id

_DEEPEST = 6
_DAY_NAMES = ("date", "day", "listing_date", "listingDate", "period")
_WRAPPERS = ("row", "_source", "node", "attributes", "data", "item", "record", "csljson", "fields", "entry", "work")
_TEXT = {Meaning.TITLE, Meaning.ABSTRACT}
_LISTS_OF_PAPERS = frozenset(("papers", "items", "entries", "results", "records", "articles", "works", "documents"))
_OTHER_PAPERS = NOT_KEPT | {"reference", "citedby", "relation", "similar", "similarpapers", "recommendations"}
"""Members of a paper that hold papers beside it, as far as they are known; their lists are not read."""
_OF_PAPERS_ALONE = (*NAMES[Meaning.ABSTRACT], *NAMES[Meaning.AUTHORS], *NAMES[Meaning.PAPER_ID], DATE)


@dataclass(frozen=True, slots=True)
class FoundRecord:
    """A record, where it lies (``[3]``, ``.papers[0]``), and the listing day that stands outside of it."""

    item: object
    place: str = ""
    day: date | None = None


def is_record(item: object) -> bool:
    """Whether an object is a paper by its fields: it has a title, or holds one as the hub's API does."""
    if not isinstance(item, dict):
        return False
    return isinstance(item.get("paper"), dict) or Meaning.TITLE in {meaning_of(str(name)) for name in item}


def records_in(parsed: object, *, whole_file: bool = False) -> Iterator[FoundRecord]:
    """The records of a document in their order; nothing where it holds none.

    A ``date`` beside a list, or a day as a key, is the listing day of everything below it. The elements of a list
    of papers come all, the odd ones too, so that each is kept or named; so do those of a list that is a whole file.
    """
    nothing = True
    for record in _walk(parsed, FoundRecord(parsed), 0):
        nothing = False
        yield record
    if nothing and whole_file and isinstance(parsed, list):
        yield from (FoundRecord(each, f"[{index}]") for index, each in enumerate(parsed))


def _walk(value: object, at: FoundRecord, depth: int) -> Iterator[FoundRecord]:
    if isinstance(value, list):
        has_records = any(_unwrapped(each) is not None for each in value)
        for index, each in enumerate(value):
            place = f"{at.place}[{index}]"
            record = _unwrapped(each)
            if record is not None and _is_list(record) and depth < _DEEPEST:
                yield from _members(record, replace(at, place=place), depth + 1)
            elif has_records:
                yield replace(at, item=record or each, place=place)
            elif depth < _DEEPEST:
                yield from _walk(each, replace(at, place=place), depth + 1)
    elif isinstance(value, dict) and (record := _unwrapped(value)) is not None:
        if _is_list(record) and depth < _DEEPEST:
            yield from _members(record, at, depth + 1)
        else:
            yield replace(at, item=record)
    elif isinstance(value, dict) and depth < _DEEPEST:
        yield from _members(value, at, depth)


def _members(fields: Mapping[str, object], at: FoundRecord, depth: int) -> Iterator[FoundRecord]:
    beside = next((day for name in _DAY_NAMES if (day := _exact_day(fields.get(name)))), at.day)
    is_lone = sum(map(is_record, fields.values())) == 1
    for key, value in fields.items():
        if not isinstance(value, list | dict):
            continue
        below = FoundRecord(value, f"{at.place}.{key}", _exact_day(key) or beside)
        paper_id = parse_paper_id(key) if key.isascii() and len(key) < 200 else None
        if is_lone and paper_id is None and _may_be_anything(value):
            continue
        for record in _walk(value, below, depth + 1):
            yield record if paper_id is None or is_provisional(paper_id) else _named(record, paper_id)


def _named(record: FoundRecord, paper_id: str) -> FoundRecord:
    """The record with the id of its key, unless it tells its own."""
    if not isinstance(record.item, dict) or isinstance(record.item.get("paper"), dict):
        return record
    fields = {name: value for name, value in record.item.items() if value is not None}
    return replace(record, item={"arxiv_id": paper_id, **fields})


def _unwrapped(value: object) -> dict[str, object] | None:
    """The record that an object is or holds under a key that servers use for it (``{"row": {…}}``); else None."""
    if not isinstance(value, dict):
        return None
    if is_record(value):
        holder = next((value[name] for name in _WRAPPERS if _has_text(value.get(name)) and not _has_text(value)), value)
        return holder if isinstance(holder, dict) else value
    return next((value[name] for name in _WRAPPERS if is_record(value.get(name))), None)


def _is_list(record: Mapping[str, object]) -> bool:
    """Whether an object with a title is a list of papers and not one: a reading list, a collection of the hub."""
    if isinstance(record.get("paper"), dict) or _names_itself(record):
        return False
    has_abstract = any(meaning_of(str(name)) is Meaning.ABSTRACT for name, value in record.items() if value)
    for key, value in record.items():
        name = field_key(str(key))
        is_for_papers = name in _LISTS_OF_PAPERS
        if meaning_of(name) is not None or name in _OTHER_PAPERS or (has_abstract and not is_for_papers):
            continue
        if _holds_papers([*value.values()] if is_for_papers and isinstance(value, dict) else value, 0):
            return True
    return False


def _holds_papers(value: object, depth: int) -> bool:
    """Whether papers lie in a list, also in lists below it; a title alone makes no paper here."""
    if isinstance(value, dict):
        record = _unwrapped(value)
        if record is not None and (_has_text(record) or isinstance(record.get("paper"), dict) or _names_itself(record)):
            return True
        members: list[object] = [each for each in value.values() if isinstance(each, list)]
    else:
        members = value if isinstance(value, list) else []
    return depth < _DEEPEST and any(_holds_papers(each, depth + 1) for each in members)


def _names_itself(record: Mapping[str, object]) -> bool:
    """Whether a record tells an arXiv id of its own, in a field that is there for one."""
    texts = (value for name, value in record.items() if meaning_of(str(name)) is Meaning.PAPER_ID)
    short = (value for value in texts if isinstance(value, str) and value.isascii() and len(value) < 200)
    return any((paper_id := parse_paper_id(value)) and not is_provisional(paper_id) for value in short)


def _may_be_anything(value: object) -> bool:
    """Whether an object has a title and a summary, as papers have, and nothing that only papers have."""
    if not isinstance(value, dict) or not _has_text(value):
        return False
    names = {field_key(str(name)) for name in value} - {"summary"}
    return names.isdisjoint(_OF_PAPERS_ALONE) and not any(meaning_of(name) is Meaning.PUBLISHED for name in names)


def _has_text(value: object) -> bool:
    return isinstance(value, dict) and {meaning_of(str(name)) for name in value} >= _TEXT


def _exact_day(value: object) -> date | None:
    record_date = record_day(value) if isinstance(value, str) and len(value) >= 8 else None
    return record_date.day if record_date and record_date.precision is Precision.DAY else None
