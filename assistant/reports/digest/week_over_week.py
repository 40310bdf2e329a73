"""What is different from the week before: counts of papers, upvotes, terms and organizations, and nothing else."""

import statistics
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from assistant.library import (
    Library,
    StoredPaper,
    as_written,
    is_everywhere,
    keyword_terms,
    organization_key,
    places_spoken,
    title_terms,
)

_WEEK = timedelta(days=7)
_ONE_DAY = timedelta(days=1)
_MOST_TERMS = 3
_FEWEST_PAPERS = 3
_FEWEST_OWNERS = 2
"""So many papers must have a term in title or keywords: a word of abstracts alone is no subject."""
_LEAST_SURPRISE = 2.0
"""In standard deviations of a Poisson count: of so many more papers than before a term is said to be on the rise."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is counted now and in the time before, as a sentence for the reader and as its two figures.

    ``name`` is what is counted: "papers", "upvotes" (of the median paper), a term or an organization. All but the
    upvotes are counts a day on which papers were listed, so that a day and a week compare.
    """

    text: str
    name: str
    now: float
    before: float


@dataclass(frozen=True, slots=True)
class _Window:
    """The papers listed in some days, and the number of days that had any."""

    papers: tuple[StoredPaper, ...]
    days: int

    @classmethod
    def of(cls, library: Library, first: date, last: date) -> "_Window":
        papers = tuple(library.listed(first, last))
        days = {day for paper in papers for day in paper.days if first <= day <= last}
        return cls(papers, len(days))

    def a_day(self, papers: float) -> float:
        return round(papers / max(self.days, 1), 2)


def differences_from_before(library: Library, first: date, last: date) -> tuple[Difference, ...]:
    """How the days from ``first`` to ``last`` differ from the week before them, or from as many days if those are more.

    Nothing when one of the two has no papers. Terms count by the papers whose title or abstract has them.
    """
    length = max(last - first + _ONE_DAY, _WEEK)
    now, before = _Window.of(library, first, last), _Window.of(library, first - length, first - _ONE_DAY)
    if not now.papers or not before.papers:
        return ()
    when = "the week before" if length == _WEEK else f"the {length.days} days before"
    return (*_totals(now, before, when), *_rising_terms(now, before, when), *_rising_organizations(now, before, when))


def _totals(now: _Window, before: _Window, when: str) -> list[Difference]:
    papers, papers_before = now.a_day(len(now.papers)), before.a_day(len(before.papers))
    counted = "1 paper" if papers == 1 else f"{papers:g} papers"
    text = f"{counted} a day; {papers_before:g} in" if now.days > 1 else f"{counted}; {papers_before:g} a day in"
    differences = [Difference(f"{text} {when}.", "papers", papers, papers_before)]
    votes, votes_before = _median_upvotes(now.papers), _median_upvotes(before.papers)
    if votes is not None and votes_before is not None:
        text = f"The median paper has {votes:g} upvotes so far; {votes_before:g} in {when}, which had longer for them."
        differences.append(Difference(text, "upvotes", votes, votes_before))
    return differences


def _rising_terms(now: _Window, before: _Window, when: str) -> list[Difference]:
    """The terms in far more papers than the time before lets expect, none inside another one."""
    owned = [title_terms(paper.title) | keyword_terms(paper.paper.keywords) for paper in now.papers]
    owners = Counter(key for terms in owned for key in terms)
    spellings = {key: spelling for terms in reversed(owned) for key, spelling in terms.items()}
    telling = {
        key: spelling for key, spelling in spellings.items() if owners[key] >= _FEWEST_OWNERS and not is_everywhere(key)
    }
    counts, counts_before = _speaking(telling, now.papers), _speaking(telling, before.papers)
    surprises = {key: _surprise(counts[key], counts_before[key], now, before) for key in telling}
    rising = sorted((key for key in telling if surprises[key] > 0), key=lambda key: (-surprises[key], key))
    selected: list[str] = []
    for key in rising:
        parts = set(key.split())
        if len(selected) < _MOST_TERMS and not any(parts & set(other.split()) for other in selected):
            selected.append(key)
    texts = [paper.text for paper in now.papers]
    return [
        _risen(f"“{as_written(telling[key], texts)}”", counts[key], counts_before[key], (now, before), when)
        for key in selected
    ]


def _rising_organizations(now: _Window, before: _Window, when: str) -> list[Difference]:
    names = Counter(paper.paper.organization for paper in now.papers if paper.paper.organization)
    spellings = {organization_key(name): name for name, _ in reversed(names.most_common())}
    counts = Counter(organization_key(name) for name in names.elements())
    counts_before = Counter(
        organization_key(paper.paper.organization) for paper in before.papers if paper.paper.organization
    )
    if not counts_before:
        return []
    surprises = {name: _surprise(counts[name], counts_before[name], now, before) for name in counts}
    best = max(surprises, key=lambda name: (surprises[name], name), default=None)
    if best is None or surprises[best] <= 0:
        return []
    return [_risen(spellings[best], counts[best], counts_before[best], (now, before), when)]


def _risen(name: str, papers: int, papers_before: int, windows: tuple[_Window, _Window], when: str) -> Difference:
    now, before = windows
    text = f"{name}: {papers} of {len(now.papers)} papers; {papers_before} of {len(before.papers)} in {when}."
    return Difference(text, name.strip("“”"), now.a_day(papers), before.a_day(papers_before))


def _surprise(papers: int, papers_before: int, now: _Window, before: _Window) -> float:
    """How far a count is above what the time before lets expect, in standard deviations; 0 for what is no news."""
    expected = papers_before * len(now.papers) / len(before.papers)
    deviations = float((papers - expected) / (expected + 1) ** 0.5)
    return deviations if papers >= _FEWEST_PAPERS and deviations >= _LEAST_SURPRISE else 0.0


def _speaking(keys: Collection[str], papers: Sequence[StoredPaper]) -> dict[str, int]:
    """The number of papers whose text has each term."""
    return {key: len(places) for key, places in places_spoken(keys, (paper.text for paper in papers)).items()}


def _median_upvotes(papers: Sequence[StoredPaper]) -> float | None:
    upvotes = [paper.upvotes for paper in papers if paper.upvotes is not None]
    return float(statistics.median(upvotes)) if upvotes else None
