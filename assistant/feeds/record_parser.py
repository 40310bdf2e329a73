"""One record of a feed in, one `FeedRecord` out: Hugging Face API items and the lines of our own export.

Fields of the API come and go over the years, so a record is read by what it has; only a title and an abstract are
needed. The outer ``publishedAt`` of an API item is shifted by hours and is never read.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Protocol

from assistant.feeds.json_values import BrokenJson, compact_json, count_of, day_of, link_of, texts_of
from assistant.feeds.translation import translated, unread_names
from assistant.papers import (
    Author,
    FeedRecord,
    Listing,
    Paper,
    Provenance,
    Rejection,
    arxiv_day,
    clean_text,
    is_provisional,
    parse_paper_id,
    provisional_id,
)
from assistant.plain_text import clean_author_name, plain_text
from assistant.text import quoted

_LONGEST_TITLE = 2_000
_LONGEST_ABSTRACT = 200_000
_LONGEST_RECORD = 2_000_000

Fields = Mapping[str, object]


class RecordRejected(Exception):
    """This one record cannot become a paper; the text says why, for the reader."""


def read_records(
    placed_items: Iterable[tuple[str, object]], read_item: Callable[[object, str], FeedRecord]
) -> tuple[tuple[FeedRecord, ...], tuple[Rejection, ...]]:
    """Read (place, item) pairs one by one; an odd one becomes a `Rejection` and costs nothing else."""
    records: list[FeedRecord] = []
    rejections: list[Rejection] = []
    for place, item in placed_items:
        try:
            records.append(read_item(item, place))
        except RecordRejected as rejected:
            rejections.append(Rejection(place, str(rejected)))
    return tuple(records), tuple(rejections)


def api_record(item: object, place: str, day: date | None = None, *, fallback_day: date | None = None) -> FeedRecord:
    """Read one item of the Hugging Face API: ``{"paper": {…}, …}`` or the paper object alone.

    ``day`` is the listing day that was asked for; without it the record's own ``submittedOnDailyAt`` counts, and
    ``fallback_day`` where a record of before March 2025 has none.

    Raises:
        RecordRejected: no title, no abstract, or something else where text belongs.
    """
    outer = _fields(item)
    inner = _fields(outer["paper"]) if outer.get("paper") is not None else outer
    title = _title(inner, outer)
    paper_id = _paper_id(inner, title)
    paper = Paper(
        paper_id=paper_id,
        title=title,
        abstract=_abstract(title, inner.get("summary"), outer.get("summary")),
        source=Provenance.HUGGINGFACE,
        authors=_authors(inner.get("authors")),
        published=arxiv_day(paper_id, day_of(inner.get("publishedAt"))),
        organization=_organization(inner.get("organization")) or _organization(outer.get("organization")),
        keywords=_keywords(inner.get("ai_keywords")),
        github=link_of(inner.get("githubRepo")),
        project_page=link_of(inner.get("projectPage")),
        comment=_comment(inner.get("comment")),
    )
    own_day = day_of(inner.get("submittedOnDailyAt")) or day_of(outer.get("submittedOnDailyAt"))
    listed = day or own_day or fallback_day
    counts = count_of(inner.get("upvotes")), count_of(outer.get("numComments"))
    return FeedRecord(
        paper,
        Listing(listed, *counts) if listed else None,
        _raw(item, title),
        place,
        unread_names(outer) if inner is outer else unread_names(inner) + unread_names(outer),
        tells_own_day=day is None and own_day is not None,
        own_day=own_day,
    )


def export_record(item: object, place: str, source: Provenance | None = None) -> FeedRecord:
    """Read one line of an export: ``id title abstract date published authors upvotes …``.

    The paper keeps the ``source`` that the line names (else ``Provenance.EXPORT``), unless one is given.

    Raises:
        RecordRejected: no title, no abstract, a ``date`` that is none, or something else where text belongs.
    """
    return _export_record(_fields(item), item, place, source)


def foreign_record(
    item: object,
    place: str,
    day: date | None = None,
    *,
    fallback_day: date | None = None,
    source: Provenance | None = None,
    date_is_listing: bool | None = None,
    is_reference: bool = False,
) -> FeedRecord:
    """Read a record of another tool, whatever it calls its fields; what was not understood is in ``unread_fields``.

    ``day`` is the listing day that was asked for, ``fallback_day`` that of a record which tells none.
    ``date_is_listing`` says what a ``date`` is: the listing day, or the publication date; None tells by the fields
    beside it. A reference (``is_reference``, or one by its fields) needs no abstract where it has an arXiv id, by
    which arXiv or the feed fills the rest.

    Raises:
        RecordRejected: as `export_record`.
    """
    translation = translated(_fields(item), date_is_listing=date_is_listing)
    fields = dict(translation.fields)
    own_day = fields["date"]
    fields["date"] = day.isoformat() if day else own_day or (fallback_day.isoformat() if fallback_day else None)
    record = _export_record(fields, item, place, source, may_lack_abstract=is_reference or translation.is_reference)
    unread = translation.unread
    if record.listing is None and fields["upvotes"] is not None:
        unread += ("upvotes (they belong to a listing day, and none is given)",)
    return replace(
        record,
        unread_fields=unread,
        tells_own_day=translation.tells_own_day and day is None,
        own_day=day_of(own_day) if translation.tells_own_day else None,
    )


def _export_record(
    fields: Fields, item: object, place: str, source: Provenance | None, *, may_lack_abstract: bool = False
) -> FeedRecord:
    """Read the fields of an export, which ``item``, the record as it came, was translated to."""
    title = _title(fields)
    paper_id = _paper_id(fields, title)
    lacks_abstract = may_lack_abstract and not fields.get("abstract")
    if lacks_abstract and is_provisional(paper_id):
        raise _rejected(title, "no abstract and no arXiv id")
    paper = Paper(
        paper_id=paper_id,
        title=title,
        abstract="" if lacks_abstract else _abstract(title, fields.get("abstract")),
        source=source or _source(fields.get("source")),
        authors=_authors(fields.get("authors")),
        published=arxiv_day(paper_id, day_of(fields.get("published"))),
        organization=_organization(fields.get("organization")),
        keywords=_keywords(fields.get("ai_keywords")),
        github=link_of(fields.get("github_repo")),
        project_page=link_of(fields.get("project_page")),
        comment=_comment(fields.get("comment")),
    )
    listed = _listing_day(fields.get("date"), title)
    counts = count_of(fields.get("upvotes")), count_of(fields.get("comments"))
    return FeedRecord(paper, Listing(listed, *counts) if listed else None, _raw(item, title), place)


def export_line(paper: Paper, listing: Listing | None = None) -> str:
    """Write a paper as one line of JSON, without the line's end; a paper with several listings makes one line each.

    `export_record` reads the line back to the same paper and listing.
    """
    fields = {
        "id": paper.paper_id,
        "title": paper.title,
        "abstract": paper.abstract,
        "date": listing.day.isoformat() if listing else None,
        "published": paper.published.isoformat() if paper.published else None,
        "authors": [author.name for author in paper.authors],
        "upvotes": listing.upvotes if listing else None,
        "comments": listing.comments if listing else None,
        "organization": paper.organization,
        "ai_keywords": list(paper.keywords),
        "github_repo": paper.github,
        "project_page": paper.project_page,
        "comment": paper.comment,
        "source": paper.source.value,
    }
    return json.dumps(fields, ensure_ascii=False)


def _fields(item: object) -> Fields:
    if not isinstance(item, dict):
        raise RecordRejected(f"not a record but {_kind(item)}")
    return item


def _kind(value: object) -> str:
    names = {str: "text", bool: "true or false", int: "a number", float: "a number", list: "a list"}
    return names.get(type(value), "an object" if isinstance(value, dict) else "nothing")


def _title(*objects: Fields) -> str:
    return _text(objects[0].get("id"), "title", _LONGEST_TITLE, [fields.get("title") for fields in objects])


def _abstract(title: str, *values: object) -> str:
    return _text(title, "abstract", _LONGEST_ABSTRACT, values)


def _text(name: object, label: str, longest: int, values: Sequence[object]) -> str:
    """The first of the values that holds text, cleaned; ``name`` is what a rejection calls the record."""
    for value in values:
        if value is None:
            continue
        if not isinstance(value, str):
            raise _rejected(name, f"the {label} is not text but {_kind(value)}")
        if len(value) > longest:
            raise _rejected(name, f"the {label} is {len(value):,} characters long; {longest:,} are the most")
        if cleaned := plain_text(clean_text(value)):
            return cleaned
    raise _rejected(name, f"no {label}")


def _rejected(name: object, reason: str) -> RecordRejected:
    return RecordRejected(f"{quoted(name)}: {reason}" if isinstance(name, str) and name else reason)


def _paper_id(fields: Fields, title: str) -> str:
    """The record's arXiv id; one made of the title where the record has none or one of another kind."""
    value = fields.get("id")
    if value is not None and not isinstance(value, str):
        raise _rejected(title, f"the id is not text but {_kind(value)}")
    arxiv_id = parse_paper_id(value) if value and value.isascii() else None
    return arxiv_id if arxiv_id and not is_provisional(arxiv_id) else provisional_id(title)


def _authors(value: object) -> tuple[Author, ...]:
    """Names from ``[{"name": …, "hidden": …}, …]`` or from a list of names; hidden and odd entries are left out."""
    if not isinstance(value, list):
        return ()
    visible = [entry for entry in value if not (isinstance(entry, dict) and entry.get("hidden") is True)]
    names = texts_of([entry.get("name") if isinstance(entry, dict) else entry for entry in visible])
    return tuple(Author(plain) for name in names if (plain := clean_author_name(name)))


def _organization(value: object) -> str | None:
    """The full name of ``{"name": slug, "fullname": …}``, or the name itself."""
    candidates = [value.get("fullname"), value.get("name")] if isinstance(value, dict) else [value]
    return next(iter(texts_of(candidates)), None)


def _comment(value: object) -> str | None:
    """What authors say of a paper on arXiv; feeds that count comments under this name say nothing."""
    return clean_text(value[:_LONGEST_TITLE]) or None if isinstance(value, str) else None


def _keywords(value: object) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts_of(value)))


def _listing_day(value: object, title: str) -> date | None:
    if value is None or value == "":
        return None
    if day := day_of(value):
        return day
    description = quoted(value) if isinstance(value, str) else _kind(value)
    raise _rejected(title, f"the date is {description}, not of the form YYYY-MM-DD")


def _source(value: object) -> Provenance:
    return Provenance(value) if isinstance(value, str) and value in set(Provenance) else Provenance.EXPORT


def _raw(item: object, title: str) -> str:
    try:
        raw = compact_json(item)
    except BrokenJson as error:
        raise _rejected(title, str(error)) from error
    if len(raw) > _LONGEST_RECORD:
        raise _rejected(title, f"the record is {len(raw):,} bytes long; {_LONGEST_RECORD:,} are the most")
    return raw


class ByteStream(Protocol):
    """Where the lines go: a file, standard output, a compressing stream."""

    def write(self, data: bytes, /) -> object:
        """Take some bytes."""
        ...


def write_export(stream: ByteStream, papers: Iterable[tuple[Paper, Listing | None]]) -> int:
    """Write one line a paper and listing, and return their number. Raises the stream's `OSError`."""
    lines = 0
    for paper, listing in papers:
        stream.write(export_line(paper, listing).encode() + b"\n")
        lines += 1
    return lines
