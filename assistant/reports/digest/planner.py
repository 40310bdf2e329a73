"""From the papers of a digest to its plan: grouped, named, numbered in the order in which they are shown."""

import asyncio
import hashlib
import json
from collections.abc import Sequence
from contextlib import suppress

from assistant.answering.context_packing import numbered_sources
from assistant.answering.generation_cache import GenerationCache
from assistant.errors import LibraryError
from assistant.library.library import Library
from assistant.library.records import LibraryPaper
from assistant.papers import Paper
from assistant.reports.digest.clustering import VERSION, clusters
from assistant.reports.digest.selection import PeriodPapers
from assistant.reports.digest.topic_names import named_groups, spoken_terms
from assistant.reports.digest.values import LEADING, OTHERS, DigestPlan, Topic
from assistant.reports.digest.week_over_week import differences_from_before
from assistant.retrieval.embeddings import PaperVectors

_FEWEST_TO_GROUP = 6


class DigestPlanner:
    """Plans digests. Groups are kept: the second plan of the same papers needs no vectors."""

    def __init__(self, library: Library, vectors: PaperVectors, cache: GenerationCache) -> None:
        self._library = library
        self._vectors = vectors
        self._cache = cache

    async def plan(self, chosen: PeriodPapers) -> DigestPlan:
        """Group the papers; a topic stands where its first paper does, the rest behind all of them.

        The paper that leads is on top of its topic, and that topic on top of all: see `_leading_paper`.
        """
        return await asyncio.to_thread(self._plan, chosen)

    def _plan(self, chosen: PeriodPapers) -> DigestPlan:
        leading = _leading_paper(chosen)
        leading_first = sorted(chosen.papers, key=lambda paper: paper is not leading)
        papers = [found.paper for found in leading_first]
        named = named_groups(sorted(self._groups(papers), key=min), spoken_terms(papers), papers)
        grouped = {place for _, group in named for place in group}
        rest = [place for place in range(len(papers)) if place not in grouped]
        if leading and named and rest[:1] == [0]:
            named.append((LEADING, [rest.pop(0)]))
        named.sort(key=lambda topic: min(topic[1]))
        in_order = [place for group in (*(group for _, group in named), rest) for place in group]
        number = {place: number for number, place in enumerate(in_order, start=1)}
        topics = [Topic(name, tuple(number[place] for place in group)) for name, group in named]
        if rest:
            topics.append(Topic(OTHERS, tuple(number[place] for place in rest), is_rest=True))
        sources = numbered_sources([leading_first[place] for place in in_order])
        why = {source.number: chosen.why.get(source.paper.paper.paper_id, ()) for source in sources}
        return DigestPlan(
            chosen.period,
            sources,
            tuple(topics),
            chosen.listed,
            chosen.left_out,
            {number: reasons for number, reasons in why.items() if reasons},
            chosen.profile,
            differences_from_before(self._library, chosen.period.first, chosen.period.last),
        )

    def _groups(self, papers: Sequence[Paper]) -> list[list[int]]:
        if len(papers) < _FEWEST_TO_GROUP:
            return []
        known = sorted((paper.paper_id, paper.content_hash) for paper in papers)
        key = hashlib.sha256(json.dumps(["groups", VERSION, self._vectors.fingerprint, known]).encode()).hexdigest()
        kept = self._cache.generation(key)
        if kept is None:
            found = [[papers[p].paper_id for p in group] for group in clusters(papers, self._vectors.of(papers))]
            with suppress(LibraryError):  # groups that cannot be kept are still groups
                self._cache.remember_generation(key, json.dumps(found), "clusters")
        else:
            found = json.loads(kept)
        place = {paper.paper_id: place for place, paper in enumerate(papers)}
        return [sorted(place[paper_id] for paper_id in group) for group in found]


def _leading_paper(chosen: PeriodPapers) -> LibraryPaper | None:
    """The paper with most upvotes; None without any, and for a profile, which leads with what fits it best."""
    leading = max(chosen.papers, key=lambda paper: paper.upvotes or 0, default=None)
    return leading if leading is not None and leading.upvotes and chosen.profile is None else None
