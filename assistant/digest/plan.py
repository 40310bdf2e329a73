"""From the papers of a digest to its plan: grouped, named, numbered in the order in which they are shown."""

import asyncio
import hashlib
import json
from collections.abc import Sequence
from contextlib import suppress

from assistant.answering.generation import GenerationCache
from assistant.answering.packing import numbered_sources
from assistant.digest.clusters import VERSION, clusters
from assistant.digest.difference import differences_from_before
from assistant.digest.digest import OTHERS, DigestPlan, Topic
from assistant.digest.naming import spoken_terms, topic_names
from assistant.digest.selection import PeriodPapers
from assistant.errors import LibraryError
from assistant.library.library import Library
from assistant.papers import Paper
from assistant.retrieval.vectors import PaperVectors

_FEWEST_TO_GROUP = 6


class DigestPlanner:
    """Plans digests. Groups are kept: the second plan of the same papers needs no vectors."""

    def __init__(self, library: Library, vectors: PaperVectors, cache: GenerationCache) -> None:
        self._library = library
        self._vectors = vectors
        self._cache = cache

    async def plan(self, chosen: PeriodPapers) -> DigestPlan:
        """Group the papers; a group stands where its first paper does, the rest behind all of them."""
        return await asyncio.to_thread(self._plan, chosen)

    def _plan(self, chosen: PeriodPapers) -> DigestPlan:
        papers = [found.paper for found in chosen.papers]
        groups = sorted(self._groups(papers), key=min)
        terms = spoken_terms(papers)
        names = topic_names(groups, terms, papers)
        grouped = {place for group in groups for place in group}
        rest = [place for place in range(len(papers)) if place not in grouped]
        in_order = [place for group in (*groups, rest) for place in group]
        number = {place: number for number, place in enumerate(in_order, start=1)}
        topics = [Topic(name, tuple(number[p] for p in group)) for name, group in zip(names, groups, strict=True)]
        if rest:
            topics.append(Topic(OTHERS, tuple(number[place] for place in rest), is_rest=True))
        sources = numbered_sources([chosen.papers[place] for place in in_order])
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
