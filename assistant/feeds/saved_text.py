"""Saved Daily Papers pages as text: what a browser gives for "select all, copy" or "save as text".

A page has a header with the day, mostly without a year (``Dec 12``), then per paper a title, an abstract in one
paragraph and, for some papers or none, a block: ``• 5 authors`` or ``slug Organization Name``, a line ``·``, and the
arXiv date with the number of comments after it (``Jun 16, 2024 2``). Ids and upvotes are not in the text.
"""

from dataclasses import dataclass, replace
from datetime import date
from itertools import zip_longest

from assistant.errors import InputError
from assistant.feeds.page_lines import (
    Line,
    LineKind,
    PageDate,
    ends_whole,
    is_surely_abstract,
    may_be_abstract,
    page_lines,
)
from assistant.feeds.page_text import linked_page
from assistant.feeds.record_parser import RecordRejected, export_record
from assistant.papers import FeedBatch, FeedRecord, Provenance, Rejection, parse_paper_id
from assistant.text import quoted

_LONGEST_ORGANIZATION = 160
_LONGEST_CUT_DATE = 14
_SHORTEST_ABSTRACT = 80
_SHORTEST_PARAGRAPH = 150  # of an abstract's further ones; the site's own words are shorter
_EXPECTED = "expected titles, each with its abstract in the paragraph after it"
_REMEDY = "save a page of huggingface.co/papers as text or as HTML"


def read_saved_text(
    text: str, name: str, *, today: date, day: date | None = None, named_day: date | None = None
) -> FeedBatch:
    """Read a page's text; ``name`` is the file's, for places. The listing day is ``day``, else the header's.

    A header without a year is ``named_day``, the date in the file's name, if that is the same day of a year; else
    the last such day that is not after ``today``. A page without header gives papers without a listing.

    Raises:
        InputError: not one paper in it.
    """
    page = linked_page(text)
    is_cut = not page.text.endswith(("\n", "\r"))
    reader = _PageReader(name, today, day or page.day, named_day, is_cut=is_cut, has_links=bool(page.paper_ids))
    lines = page_lines(page)
    for line, following in zip_longest(lines, lines[1:]):
        reader.read(line, following)
    reader.finish()
    if not reader.records:
        why = reader.rejections[0].reason if reader.rejections else _EXPECTED
        raise InputError(f"{name} has no paper: {why}", _REMEDY)
    days = {record.listing.day if record.listing else None for record in reader.records}
    return FeedBatch(name, tuple(reader.records), tuple(reader.rejections), days.pop() if len(days) == 1 else None)


def looks_like_page(text: str) -> bool:
    """Whether the text has a mark of a Daily Papers page: its name, its day, a link to a paper, or a paper's block."""
    page = linked_page(text)
    lines = page_lines(page)
    marks = {LineKind.DATE, LineKind.AUTHORS, LineKind.SEPARATOR}
    return bool(page.paper_ids) or any(line.kind in marks or line.text.casefold() == "daily papers" for line in lines)


@dataclass(slots=True)
class _Draft:
    """A paper as far as it was read."""

    title: Line
    abstract: Line | None = None
    paper_id: str | None = None
    upvotes: int | None = None
    in_block: bool = False
    organization: str | None = None
    dated: PageDate | None = None


class _PageReader:
    """Takes lines one by one; keeps the papers that are whole and says of the others where they stood."""

    def __init__(
        self, name: str, today: date, day: date | None, named_day: date | None, *, is_cut: bool, has_links: bool
    ) -> None:
        self.records: list[FeedRecord] = []
        self.rejections: list[Rejection] = []
        self._name = name
        self._today = today
        self._given_day = day
        self._named_day = named_day
        self._has_links = has_links  # titles lead to their papers, so that no other line is a title
        self._is_cut = is_cut  # the text does not end with a line, so it may end in the middle of one
        self._day = day
        self._has_header = False
        self._draft: _Draft | None = None
        self._previous = LineKind.FURNITURE

    def read(self, line: Line, following: Line | None) -> None:
        """Take the next line; ``following`` is the one after it, which tells an organization from a title."""
        match line.kind:
            case LineKind.DATE:
                self._read_date(line)
            case LineKind.AUTHORS | LineKind.SEPARATOR:
                self._open_block()
            case LineKind.TEXT:
                self._read_text(line, following)
            case LineKind.PUBLISHED:
                if self._draft:
                    self._draft.dated = self._draft.dated or line.date
            case LineKind.UPVOTES:
                if self._draft:
                    self._draft.upvotes = line.count
            case LineKind.FURNITURE:
                pass
        self._previous = line.kind

    def finish(self) -> None:
        """Take the end of the page."""
        draft = self._draft
        if self._is_cut and draft and draft.abstract and not draft.in_block and not _is_whole(draft.abstract.text):
            self._reject(draft.title, f"{quoted(draft.title.text)}: the page is cut in the middle of the abstract")
            self._draft = None
        self._close()

    def _open_block(self) -> None:
        if self._draft and self._draft.abstract:
            self._draft.in_block = True
        else:
            self._close()

    def _read_date(self, line: Line) -> None:
        in_block = self._previous in {LineKind.SEPARATOR, LineKind.AUTHORS}
        if in_block and self._draft and self._draft.abstract:
            self._draft.dated = self._draft.dated or line.date
        elif not in_block and line.date:
            self._open_day(line.date)

    def _open_day(self, header: PageDate) -> None:
        if not self._has_header and not self.records and not (self._draft and self._draft.abstract):
            self.rejections.clear()  # what stands above the first header is the site's own text
            self._draft = None
        self._close()
        self._has_header = True
        named = self._named_day
        if named is None or header.in_year(named.year) != named:
            named = header.latest(self._today)
        self._day = self._given_day or named

    def _read_text(self, line: Line, following: Line | None) -> None:
        draft = self._draft
        before_separator = following is not None and following.kind is LineKind.SEPARATOR
        if self._previous is LineKind.SEPARATOR and following is None and len(line.text) <= _LONGEST_CUT_DATE:
            return  # the page is cut in the middle of the date
        is_last = self._is_cut and following is None
        if draft and (linked := _address_of_paper(line.text)):
            draft.paper_id = draft.paper_id or linked
        elif line.paper_id is not None:
            self._close()
            self._draft = _Draft(line, paper_id=line.paper_id)
        elif draft and draft.abstract is None and (self._may_be_abstract(line.text) or is_last):
            draft.abstract = line
        elif draft and draft.abstract and not draft.in_block and before_separator and _may_be_organization(line.text):
            draft.in_block = True
            slug, _, full_name = line.text.partition(" ")
            draft.organization = full_name or slug
        elif self._has_links:
            if draft and draft.abstract and not draft.in_block and len(line.text) >= _SHORTEST_PARAGRAPH:
                draft.abstract = replace(draft.abstract, text=f"{draft.abstract.text} {line.text}")
        else:
            self._close()
            if is_surely_abstract(line.text):
                self._reject(line, f"a paragraph without a title: {quoted(line.text)}")
            else:
                self._draft = _Draft(line)

    def _may_be_abstract(self, text: str) -> bool:
        """Whether the text after a title is its abstract; where titles are links, a shorter one is no other title."""
        return may_be_abstract(text) or (self._has_links and len(text) >= _SHORTEST_ABSTRACT)

    def _close(self) -> None:
        """End the paper at hand."""
        draft, self._draft = self._draft, None
        if draft is None:
            return
        if draft.abstract is None:
            remedy = f" (`assistant sync --arxiv {draft.paper_id}` brings it)" if draft.paper_id else ""
            self._reject(draft.title, f"{quoted(draft.title.text)}: no abstract{remedy}")
            return
        try:
            self.records.append(self._record(draft, draft.abstract.text))
        except RecordRejected as rejected:
            self._reject(draft.title, str(rejected))

    def _record(self, draft: _Draft, abstract: str) -> FeedRecord:
        published = None
        if draft.dated:
            published = draft.dated.in_year(self._day.year) if self._day else draft.dated.latest(self._today)
        fields = {
            "id": draft.paper_id,
            "title": draft.title.text,
            "abstract": abstract,
            "date": self._day.isoformat() if self._day else None,
            "published": published.isoformat() if published else None,
            "upvotes": draft.upvotes,
            "comments": draft.dated.comments if draft.dated else None,
            "organization": draft.organization,
        }
        return export_record(fields, f"{self._name}:{draft.title.number}", Provenance.SAVED_PAGE)

    def _reject(self, line: Line, reason: str) -> None:
        self.rejections.append(Rejection(f"{self._name}:{line.number}", reason))


def _address_of_paper(text: str) -> str | None:
    """The id of the paper to which a line that is nothing but an address leads."""
    return parse_paper_id(text) if text.startswith(("http", "arXiv:", "/papers/")) and " " not in text else None


def _is_whole(abstract: str) -> bool:
    return may_be_abstract(abstract) and ends_whole(abstract)


def _may_be_organization(text: str) -> bool:
    return len(text) <= _LONGEST_ORGANIZATION
