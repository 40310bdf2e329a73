"""A question as it is understood: what is searched for, and which papers may answer."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from assistant.language import ENGLISH
from assistant.library import Filters
from assistant.papers import clean_text
from assistant.retrieval.query_plan.plan import QueryPlan

LONGEST_QUESTION = 2000
"""A longer text was pasted."""


class FilterKind(StrEnum):
    """What a filter that was read out of a question is about."""

    DATES = "dates"
    ORGANIZATIONS = "organizations"
    UPVOTES = "upvotes"
    AUTHORS = "authors"
    LINKS = "links"
    WORDS = "words"
    PLAN = "plan"


@dataclass(frozen=True, slots=True)
class ExtractedFilter:
    """A filter in the words of the question, as they stand there, and as it is shown ("2025-03-01 to 2026-08-21")."""

    kind: FilterKind
    words: str
    label: str


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """A question, what is searched for it, and the filters: the given ones, narrowed by those of its own words.

    ``query`` is the question without words that became filters; it may be empty ("the newest papers"). ``newest``
    asks for the latest papers first. ``named`` are the papers that it names by id or link: they answer, and no others.
    ``language`` is the code of the one that it is asked in, and ``english`` what it says in English words.
    A question about the collection has a ``plan``, and the tables answer it. Of a further question that leans on what
    was said before ``standalone`` is what it was read as.
    """

    question: str
    query: str
    filters: Filters
    found: tuple[ExtractedFilter, ...] = ()
    newest: bool = False
    named: tuple[str, ...] = ()
    language: str = ENGLISH
    english: str = ""
    plan: QueryPlan | None = None
    standalone: str = ""


@dataclass(frozen=True, slots=True)
class _Finding:
    kind: FilterKind
    spans: tuple[tuple[int, int], ...]
    label: str
    filters: Filters


def parse_query(
    question: str,
    *,
    today: date,
    organizations: Collection[str] = (),
    explicit_filters: Filters = Filters(),  # noqa: B008 (frozen)
    ignored: Collection[FilterKind] = (),
) -> ParsedQuery:
    """Read the filters out of a question. ``organizations`` are all that the library knows.

    Days and organizations that are given stand above the question's own, whose words are left out of the query all
    the same; of two numbers of upvotes the higher counts. Kinds in ``ignored`` stay ordinary words of the query. A
    text beyond 2,000 characters is pasted: its words filter nothing.
    """
    # Their patterns take a tenth of a second to compile.
    from assistant.retrieval.query.boilerplate import searched
    from assistant.retrieval.query.intent import find_newest

    text = clean_text(question)
    if len(text) > LONGEST_QUESTION:
        return ParsedQuery(question, text, explicit_filters)
    findings = [finding for finding in (_dates(text, today), _upvotes(text)) if finding and finding.kind not in ignored]
    rest = _without_words(text, findings)
    authors = None if FilterKind.ORGANIZATIONS in ignored else _organizations(rest, organizations)
    if authors:
        findings.append(authors)
        rest = _without_words(rest, [authors])
    filters, extracted = explicit_filters, []
    for finding in findings:
        narrowed = _narrowed(filters, finding)
        if narrowed is not filters:
            words = " … ".join(text[start:end].strip(" ,;") for start, end in finding.spans)
            extracted.append(ExtractedFilter(finding.kind, words, finding.label))
        filters = narrowed
    newest = find_newest(rest)
    if newest:
        rest = _blank(rest, *newest)
        filters = _up_to_today(filters, today)
    return ParsedQuery(question, searched(rest), filters, tuple(extracted), newest is not None)


def without(
    understood: ParsedQuery,
    kind: FilterKind,
    *,
    today: date,
    organizations: Collection[str] = (),
    explicit_filters: Filters = Filters(),  # noqa: B008 (frozen)
) -> ParsedQuery:
    """The question understood again, with a filter that it had taken off; one that was taken off before stays off."""
    kept_kinds = {extracted.kind for extracted in understood.found} - {kind}
    ignored = set(FilterKind) - kept_kinds
    return parse_query(
        understood.question,
        today=today,
        organizations=organizations,
        explicit_filters=explicit_filters,
        ignored=ignored,
    )


def _dates(text: str, today: date) -> _Finding | None:
    from assistant.retrieval.query.dates.extract import common_window, find_dates

    date_words = find_dates(text, today)
    window = common_window([words.window for words in date_words])
    if window is None:
        return None
    spans = tuple((words.start, words.end) for words in date_words)
    return _Finding(FilterKind.DATES, spans, window.label, Filters(since=window.since, until=window.until))


def _upvotes(text: str) -> _Finding | None:
    from assistant.retrieval.query.intent import find_upvotes

    upvotes = find_upvotes(text)
    if upvotes is None:
        return None
    filters = Filters(min_upvotes=upvotes.least)
    return _Finding(FilterKind.UPVOTES, ((upvotes.start, upvotes.end),), f"{upvotes.least} upvotes or more", filters)


def _organizations(rest: str, organizations: Collection[str]) -> _Finding | None:
    from assistant.retrieval.query.organizations import find_organizations

    organization_words = find_organizations(rest, organizations)
    if not organization_words:
        return None
    names = tuple(dict.fromkeys(name for words in organization_words for name in words.names))
    spans = tuple((words.start, words.end) for words in organization_words)
    return _Finding(FilterKind.ORGANIZATIONS, spans, " or ".join(names), Filters(organizations=names))


def _narrowed(filters: Filters, finding: _Finding) -> Filters:
    """The filters with what was found; the same ones when what is given stands above it."""
    match finding.kind:
        case FilterKind.DATES if filters.since is None and filters.until is None:
            return replace(filters, since=finding.filters.since, until=finding.filters.until)
        case FilterKind.ORGANIZATIONS if not filters.organizations:
            return replace(filters, organizations=finding.filters.organizations)
        case FilterKind.UPVOTES if (finding.filters.min_upvotes or 0) > (filters.min_upvotes or 0):
            return replace(filters, min_upvotes=finding.filters.min_upvotes)
        case _:
            return filters


def _up_to_today(filters: Filters, today: date) -> Filters:
    """Without other days the newest papers are those up to today."""
    return replace(filters, until=today) if filters.since is None and filters.until is None else filters


def _without_words(text: str, findings: Iterable[_Finding]) -> str:
    for finding in findings:
        for start, end in finding.spans:
            text = _blank(text, start, end)
    return text


def _blank(text: str, start: int, end: int) -> str:
    """The text with `REMOVED` in place of words; offsets stay."""
    from assistant.retrieval.query.boilerplate import REMOVED

    return text[:start] + REMOVED * (end - start) + text[end:]
