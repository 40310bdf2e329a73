"""Which papers a profile shows, in which order, and why."""

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from textwrap import shorten
from typing import TYPE_CHECKING

from assistant.config import Profile
from assistant.library import Library, Mark, StoredPaper
from assistant.reports.digest.profile_matching import (
    Match,
    author_matches,
    is_excluded,
    organization_matches,
    word_matches,
)
from assistant.retrieval import IdfWeights

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

_EXAMPLE_STRENGTH = 0.9
_WEAKEST, _STRONGEST = 0.4, 0.9
_TITLE_LENGTH = 60
_MOST_STARRED = 50
_MOST_REASONS = 4
_HALF_AS_NEW_DAYS = 3.0
_BACKGROUND = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class _SimilarityScale:
    """From which similarity on a paper counts as like an example, and where it could hardly be more so."""

    near: float
    same: float

    def strength(self, similarity: float) -> float | None:
        """How much the similarity speaks for a paper; None when it is too small to."""
        if similarity < self.near:
            return None
        return _WEAKEST + (_STRONGEST - _WEAKEST) * min(1.0, (similarity - self.near) / (self.same - self.near))


# Calibrated on 11,028 papers: of ten subjects four papers each that name it in title or keywords were the examples,
# eight times over. With all-MiniLM-L6-v2, at 0.60 to the nearest of them 2.4 of 40 papers were shown, 61 % of the
# others that name the subject so (0.55: 5.5 and 80 %; 0.65: 0.9 and 35 %). As many pairs of papers (2.5 %) are nearer
# than 0.47 with the embedder that comes along. By words, on days of 40 papers, 0.12 shows 2.8 of 40, 38 %.
_BY_VECTORS = _SimilarityScale(near=0.47, same=0.78)
_BY_WORDS = _SimilarityScale(near=0.12, same=0.30)


def example_matches(
    papers: Sequence[StoredPaper],
    examples: Sequence[StoredPaper],
    vectors: "Vectors | None",
    background: Iterable[str] = (),
) -> list[Match | None]:
    """For each paper the example that it is most like; None when it is like none.

    ``vectors`` are of length 1, one row for each paper and then one for each example. Without them the words that are
    shared count, weighted by how rare they are among all these papers and the ``background`` texts.
    """
    if not papers or not examples:
        return [None] * len(papers)
    if vectors is None:
        scale, rows = _BY_WORDS, _similar_words(papers, examples, background)
    else:
        similarities = vectors[: len(papers)] @ vectors[len(papers) :].T
        # Rounded, so that the last bits of a processor's sums decide no order.
        scale, rows = _BY_VECTORS, [[round(float(value), 4) for value in row] for row in similarities]
    return [_match(paper, examples, row, scale) for paper, row in zip(papers, rows, strict=True)]


def _match(
    paper: StoredPaper, examples: Sequence[StoredPaper], similarities: Sequence[float], scale: _SimilarityScale
) -> Match | None:
    if any(example.paper.paper_id == paper.paper_id for example in examples):
        return Match(_EXAMPLE_STRENGTH, "one of the examples")
    place = max(range(len(examples)), key=lambda at: similarities[at])
    strength = scale.strength(similarities[place])
    if strength is None:
        return None
    title = shorten(examples[place].paper.title, _TITLE_LENGTH, placeholder=" …")
    return Match(strength, f"like “{title}”")


def _similar_words(
    papers: Sequence[StoredPaper], examples: Sequence[StoredPaper], background: Iterable[str]
) -> list[list[float]]:
    texts = [paper.text for paper in papers]
    others = [example.paper.text for example in examples]
    weights = IdfWeights.from_texts([*texts, *others, *background])
    return [[round(weights.similarity(text, other), 4) for other in others] for text in texts]


@dataclass(frozen=True, slots=True)
class Interests:
    """A profile with the papers that it names as examples, as far as the library has them.

    ``missing`` are the ids of those that it does not have. ``background`` are texts that say how rare words are, for
    when there are no vectors.
    """

    profile: Profile
    examples: tuple[StoredPaper, ...] = ()
    missing: tuple[str, ...] = ()
    background: tuple[str, ...] = ()

    @property
    def remarks(self) -> tuple[str, ...]:
        """What the reader should know about the examples, in words."""
        name, remarks = f"the profile {self.profile.name}", []
        if self.missing:
            remarks.append(
                f"{name} goes without the examples {', '.join(self.missing)}, which are not in the library"
                f" (`assistant sync --arxiv {self.missing[0]}`)"
            )
        if self.profile.starred and not self.profile.papers and not self.examples:
            remarks.append(f"{name} wants papers like the starred ones, and none is starred yet")
        return tuple(remarks)


@dataclass(frozen=True, slots=True)
class RankedPaper:
    """A paper that a profile shows, its score, and the reasons in words for the reader, the strongest first."""

    paper: StoredPaper
    score: float
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ranking:
    """Every paper once: those shown, best first, those that do not fit, and those that the profile excludes."""

    fitting: tuple[RankedPaper, ...]
    outside: tuple[StoredPaper, ...]
    excluded: tuple[StoredPaper, ...]


def interests_of(library: Library, profile: Profile, until: date) -> Interests:
    """The profile with its examples out of the library: its papers, then the latest starred ones. Blocking.

    Words are weighed by the papers of the month up to ``until``.
    """
    example_ids = list(profile.papers)
    if profile.starred:
        example_ids += [row.paper_id for row in library.browsing.rows(mark=Mark.STARRED)[:_MOST_STARRED]]
    examples = tuple(library.get(list(dict.fromkeys(example_ids))))
    stored_ids = {example.paper.paper_id for example in examples}
    background = tuple(paper.text for paper in library.listed(until - _BACKGROUND, until)) if examples else ()
    return Interests(profile, examples, tuple(paper for paper in profile.papers if paper not in stored_ids), background)


def trending_ids(papers: Sequence[StoredPaper], count: int) -> frozenset[str]:
    """The ``count`` papers of most upvotes of each listing day; a paper without upvotes does not lead."""
    by_day: dict[date | None, list[StoredPaper]] = {}
    for paper in papers:
        if paper.upvotes:
            by_day.setdefault(paper.day, []).append(paper)
    leading = (sorted(day_papers, key=_by_upvotes)[:count] for day_papers in by_day.values())
    return frozenset(paper.paper_id for day in leading for paper in day)


def rank_papers(
    papers: Sequence[StoredPaper],
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
    fitting, outside, excluded = [], [], []
    for paper, example in zip(papers, like, strict=True):
        leads = paper.paper_id in trending
        matches = _matches(paper, profile, example)
        if is_excluded(paper.paper, profile.exclude):
            excluded.append(paper)
        elif matches or leads or not profile.chooses:
            score = profile.interest * _interest(matches) + scale.part(paper, profile)
            fitting.append(RankedPaper(paper, score, _reasons(matches, paper, leads=leads)))
        else:
            outside.append(paper)
    fitting.sort(key=lambda ranked: (-ranked.score, *_by_upvotes(ranked.paper)))
    return Ranking(tuple(fitting), tuple(outside), tuple(excluded))


@dataclass(frozen=True, slots=True)
class _Scale:
    """The papers at hand: what their upvotes and days are held against."""

    most_upvotes: int
    newest: date | None

    @classmethod
    def of(cls, papers: Sequence[StoredPaper]) -> "_Scale":
        days = [paper.day for paper in papers if paper.day]
        return cls(max((paper.upvotes or 0 for paper in papers), default=0), max(days, default=None))

    def part(self, paper: StoredPaper, profile: Profile) -> float:
        """What upvotes and newness add to a paper's score."""
        upvotes = math.log1p(paper.upvotes or 0) / math.log1p(self.most_upvotes) if self.most_upvotes else 0.0
        age = (self.newest - paper.day).days if self.newest and paper.day else None
        newness = 0.0 if age is None else 0.5 ** (age / _HALF_AS_NEW_DAYS)
        return profile.upvotes * upvotes + profile.newness * newness


def _matches(paper: StoredPaper, profile: Profile, example: Match | None) -> list[Match]:
    """What the paper has of the profile, the strongest first."""
    matches = [
        *word_matches(paper.paper, profile.words),
        *author_matches(paper.paper, profile.authors),
        *organization_matches(paper.paper, profile.organizations),
        *([example] if example else []),
    ]
    return sorted(matches, key=lambda match: -match.strength)


def _interest(matches: Sequence[Match]) -> float:
    """How much all matches together speak for a paper (0..1): each one takes its share of what is missing to 1."""
    return 1.0 - math.prod(1.0 - match.strength for match in matches)


def _reasons(matches: Sequence[Match], paper: StoredPaper, *, leads: bool) -> tuple[str, ...]:
    reasons = list(dict.fromkeys(match.reason for match in matches))[:_MOST_REASONS]
    return (*reasons, f"trending, ▲ {paper.upvotes}") if leads else tuple(reasons)


def _by_upvotes(paper: StoredPaper) -> tuple[int, str]:
    return -(paper.upvotes or 0), paper.paper_id
