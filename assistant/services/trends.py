"""Papers and upvotes counted by week: a report for a request, what comes near where nothing is counted. Blocks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.errors import NothingFound, UsageError
from assistant.library import Filters, Library
from assistant.papers import clean_text
from assistant.reports.trends import (
    Subject,
    SubjectKind,
    TrendReport,
    asked_days,
    nearest_topics,
    papers_of,
    read_between,
    read_report,
)
from assistant.text import nearest_names

_WEEKS = 12
_CANDIDATES = 400
"""So many topics and organizations are counted, for what rises fastest may be far down."""
_NEAR_NAMES = 3
_ALIKE = 0.6


@dataclass(frozen=True, slots=True)
class TrendRequest:
    """What is counted: topics (words of papers), or organizations, or all papers; ``weeks`` None is 12 of them.

    ``since`` and ``until`` are days, both included; ``since`` stands above ``weeks``.
    """

    topics: tuple[str, ...] = ()
    organizations: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    weeks: int | None = None


@dataclass(frozen=True, slots=True)
class Trends:
    """A report, and remarks on topics or organizations that no paper is behind."""

    report: TrendReport
    remarks: tuple[str, ...] = ()


def count_trends(library: Library, request: TrendRequest, today: date) -> Trends:
    """Count what a request asks for.

    Raises `NothingFound` when there is nothing to count, naming what comes near, and `UsageError` for days in the
    future or in the wrong order and for a topic without a word.
    """
    subjects = _subjects(request)
    within = Filters(organizations=request.organizations if request.topics or not subjects else ())
    days = asked_days(library, request.since, request.until, request.weeks or _WEEKS, today, within)
    report = read_between(library, days, subjects, _CANDIDATES)
    if not report.weeks:
        raise NothingFound(*_no_paper_by(library, request.organizations, report))
    return _without_unknown(library, report)


def count_weeks(library: Library, weeks: int | None, subjects: Sequence[Subject], today: date) -> TrendReport:
    """Count over the last ``weeks`` weeks that have papers, None over all."""
    return read_report(library, weeks, subjects, today)


def papers_behind(library: Library, subject: Subject, days: Filters) -> tuple[str, ...]:
    """The ids of the papers that a line counts. Raises `NothingFound` when there are none."""
    ids = papers_of(library, subject, days)
    if not ids:
        raise NothingFound(f"No paper of these weeks is about {subject.name}.", "Choose a longer range.")
    return ids


def _subjects(request: TrendRequest) -> tuple[Subject, ...]:
    topics = [clean_text(topic) for topic in request.topics]
    if not all(any(sign.isalnum() for sign in topic) for topic in topics):
        raise UsageError("A topic has no word.", 'Write topics behind the command: assistant trends "world models" rag')
    if topics:
        return tuple(Subject(SubjectKind.WORDS, topic) for topic in dict.fromkeys(topics))
    if len(request.organizations) > 1:
        return tuple(Subject(SubjectKind.ORGANIZATION, name) for name in dict.fromkeys(request.organizations))
    return ()


def _without_unknown(library: Library, report: TrendReport) -> Trends:
    """The report without lines that no paper is behind, now or before, and what there is instead."""
    unknown = [line for line in report.lines if not line.total.now.papers and not (line.before and line.before.papers)]
    messages = [_unknown(library, line.subject, report) for line in unknown]
    if messages and len(unknown) == len(report.lines):
        raise NothingFound(" ".join(message for message, _ in messages), messages[0][1])
    remarks = tuple(f"{message} {remedy}" for message, remedy in messages)
    return Trends(replace(report, lines=tuple(line for line in report.lines if line not in unknown)), remarks)


def _unknown(library: Library, subject: Subject, report: TrendReport) -> tuple[str, str]:
    if subject.kind is SubjectKind.ORGANIZATION:
        return _no_paper_by(library, (subject.name,), report)
    near = nearest_topics(library, subject.name, report.filters)
    message = f"No paper of {report.span} has {subject.name!r}."
    return message, f"Topics near it: {', '.join(near)}." if near else "Take other words, or more weeks."


def _no_paper_by(library: Library, names: tuple[str, ...], report: TrendReport) -> tuple[str, str]:
    authors = ", ".join(clean_text(name) for name in names)
    organizations = library.organizations()
    near = [name for word in names for name in nearest_names(word, organizations, _NEAR_NAMES, _ALIKE)]
    days = f"{report.filters.since} to {report.filters.until}"
    message = f"No paper of {days} is by {authors}." if authors else f"No paper is listed from {days}."
    return message, f"Organizations near it: {', '.join(near)}." if near else "Choose other days, or more weeks."
