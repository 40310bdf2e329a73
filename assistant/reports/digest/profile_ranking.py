"""Which papers a profile shows, in which order, and why."""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from assistant.config.profiles import Profile
from assistant.library.library import Library
from assistant.library.records import LibraryPaper
from assistant.library.repositories.paper_rows import Mark
from assistant.reports.digest.likeness import example_matches
from assistant.reports.digest.profile_matching import (
    Match,
    author_matches,
    is_excluded,
    organization_matches,
    word_matches,
)

if TYPE_CHECKING:
    from assistant.reports.digest.likeness import Vectors

_MOST_STARRED = 50
_MOST_REASONS = 4
_HALF_AS_NEW_DAYS = 3.0
_BACKGROUND = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Interests:
    """A profile with the papers that it names as examples, as far as the library has them.

    ``missing`` are the ids of those that it does not have. ``background`` are texts that say how rare words are, for
    when there are no vectors.
    """

    profile: Profile
    examples: tuple[LibraryPaper, ...] = ()
    missing: tuple[str, ...] = ()
    background: tuple[str, ...] = ()

    @property
    def remarks(self) -> tuple[str, ...]:
        """What the reader should know about the examples, in words."""
        name, found = f"the profile {self.profile.name}", []
        if self.missing:
            found.append(
                f"{name} goes without the examples {', '.join(self.missing)}, which are not in the library"
                f" (`assistant sync --arxiv {self.missing[0]}`)"
            )
        if self.profile.starred and not self.profile.papers and not self.examples:
            found.append(f"{name} wants papers like the starred ones, and none is starred yet")
        return tuple(found)


@dataclass(frozen=True, slots=True)
class RankedPaper:
    """A paper that a profile shows, its score, and the reasons in words for the reader, the strongest first."""

    paper: LibraryPaper
    score: float
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ranking:
    """Every paper once: those shown, best first, those that do not fit, and those that the profile excludes."""

    shown: tuple[RankedPaper, ...]
    outside: tuple[LibraryPaper, ...]
    excluded: tuple[LibraryPaper, ...]


def interests_of(library: Library, profile: Profile, until: date) -> Interests:
    """The profile with its examples out of the library: its papers, then the latest starred ones. Blocking.

    Words are weighed by the papers of the month up to ``until``.
    """
    wanted = list(profile.papers)
    if profile.starred:
        wanted += [row.paper_id for row in library.browsing.rows(mark=Mark.STARRED)[:_MOST_STARRED]]
    examples = tuple(library.get(list(dict.fromkeys(wanted))))
    found = {example.paper.paper_id for example in examples}
    background = tuple(paper.paper.text for paper in library.listed(until - _BACKGROUND, until)) if examples else ()
    return Interests(profile, examples, tuple(one for one in profile.papers if one not in found), background)


def trending_ids(papers: Sequence[LibraryPaper], count: int) -> frozenset[str]:
    """The ``count`` papers of most upvotes of each listing day; a paper without upvotes does not lead."""
    by_day: dict[date | None, list[LibraryPaper]] = {}
    for paper in papers:
        if paper.upvotes:
            by_day.setdefault(paper.day, []).append(paper)
    leading = (sorted(found, key=_by_upvotes)[:count] for found in by_day.values())
    return frozenset(paper.paper.paper_id for day in leading for paper in day)


def rank_papers(
    papers: Sequence[LibraryPaper],
    interests: Interests,
    vectors: "Vectors | None" = None,
    trending: Collection[str] = (),
) -> Ranking:
    """Rank papers for a profile; the same whatever order they come in.

    ``vectors`` have one row for each of ``papers`` and then one for each example, see `example_matches`. ``trending``
    are shown although nothing of the profile fits.
    """
    profile = interests.profile
    like = example_matches(papers, interests.examples, vectors, interests.background)
    scale = _Scale.of(papers)
    shown, outside, excluded = [], [], []
    for paper, example in zip(papers, like, strict=True):
        leads = paper.paper.paper_id in trending
        matches = _matches(paper, profile, example)
        if is_excluded(paper.paper, profile.exclude):
            excluded.append(paper)
        elif matches or leads or not profile.chooses:
            score = profile.interest * _interest(matches) + scale.part(paper, profile)
            shown.append(RankedPaper(paper, score, _reasons(matches, paper, leads=leads)))
        else:
            outside.append(paper)
    shown.sort(key=lambda ranked: (-ranked.score, *_by_upvotes(ranked.paper)))
    return Ranking(tuple(shown), tuple(outside), tuple(excluded))


@dataclass(frozen=True, slots=True)
class _Scale:
    """The papers at hand: what their upvotes and days are held against."""

    most_upvotes: int
    newest: date | None

    @classmethod
    def of(cls, papers: Sequence[LibraryPaper]) -> "_Scale":
        days = [paper.day for paper in papers if paper.day]
        return cls(max((paper.upvotes or 0 for paper in papers), default=0), max(days, default=None))

    def part(self, paper: LibraryPaper, profile: Profile) -> float:
        """What upvotes and newness add to a paper's score."""
        upvotes = math.log1p(paper.upvotes or 0) / math.log1p(self.most_upvotes) if self.most_upvotes else 0.0
        age = (self.newest - paper.day).days if self.newest and paper.day else None
        newness = 0.0 if age is None else 0.5 ** (age / _HALF_AS_NEW_DAYS)
        return profile.upvotes * upvotes + profile.newness * newness


def _matches(paper: LibraryPaper, profile: Profile, example: Match | None) -> list[Match]:
    """What the paper has of the profile, the strongest first."""
    found = [
        *word_matches(paper.paper, profile.words),
        *author_matches(paper.paper, profile.authors),
        *organization_matches(paper.paper, profile.organizations),
        *([example] if example else []),
    ]
    return sorted(found, key=lambda match: -match.strength)


def _interest(matches: Sequence[Match]) -> float:
    """How much all matches together speak for a paper (0..1): each one takes its share of what is missing to 1."""
    return 1.0 - math.prod(1.0 - match.strength for match in matches)


def _reasons(matches: Sequence[Match], paper: LibraryPaper, *, leads: bool) -> tuple[str, ...]:
    reasons = list(dict.fromkeys(match.reason for match in matches))[:_MOST_REASONS]
    return (*reasons, f"trending, ▲ {paper.upvotes}") if leads else tuple(reasons)


def _by_upvotes(paper: LibraryPaper) -> tuple[int, str]:
    return -(paper.upvotes or 0), paper.paper.paper_id
