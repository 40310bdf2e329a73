"""Gathering the papers for a survey: searched in rounds, until a round brings none that ranks among the best.

The question is asked as it stands and with its acronyms spelled out. What it did not say is then learned from the
papers that lead: terms that they share and that few others of the pool have, each asked together with the subject.
"""

import asyncio
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.answering.survey.names import spelled_out
from assistant.answering.survey.pool import Pool
from assistant.library.filters import Filters
from assistant.library.index.tantivy_index import words
from assistant.library.records import LibraryPaper
from assistant.library.repositories.terms import keyword_terms, title_terms
from assistant.retrieval.relevance import relevant
from assistant.retrieval.search import Hit
from assistant.retrieval.term_weights import content_words

_SEARCHED = 100
"""Papers taken in from each search; all that either side of it ranks."""
_LEADING = 8
_TERMS_A_ROUND = 4
_FEWEST_LEADING = 2
_FEWEST_WORDS = 2
_SHORTEST_TERM = 4
_CLAUSE_END = re.compile(r"[:;?!,]\s+")


class PaperSearch(Protocol):
    """What finds papers for a query."""

    async def search_async(self, query: str, filters: Filters, limit: int) -> list[Hit]:
        """At most ``limit`` papers that pass the filters, best first."""
        ...


@dataclass(frozen=True, slots=True)
class Gathered:
    """The papers gathered, best first, the rounds that it took and the queries in the order asked.

    ``asked`` is what the question by itself found, with the scores of its own search.
    """

    hits: tuple[Hit, ...]
    rounds: int
    queries: tuple[str, ...]
    asked: tuple[Hit, ...] = ()


async def gather(search: PaperSearch, question: str, filters: Filters, *, limit: int = 20, rounds: int = 2) -> Gathered:
    """At most ``limit`` papers on the question's subject, from at most ``rounds`` rounds of searches.

    A paper that no search found `relevant` is not among them.

    Raises what the search raises.
    """
    pool, queries = Pool(), [question]
    asked = await search.search_async(question, filters, _SEARCHED)
    pool.add(relevant(asked), further=False)
    spelled = spelled_out(question, (paper.paper.text for paper in pool.papers))
    if spelled != question:
        queries.append(spelled)
        pool.add(relevant(await search.search_async(spelled, filters, _SEARCHED)), further=False)
    ranked = await asyncio.to_thread(pool.ranked)
    done, subject = 1, subject_of(spelled)
    while done < rounds:
        gaps = await asyncio.to_thread(_gap_queries, subject, ranked)
        further = [query for query in gaps if query not in queries]
        if not further:
            break
        best_before = {hit.paper.paper.paper_id for hit in ranked[:limit]}
        for query in further:
            pool.add(relevant(await search.search_async(query, filters, _SEARCHED)), further=True)
        queries.extend(further)
        done += 1
        ranked = await asyncio.to_thread(pool.ranked)
        if best_before.issuperset(hit.paper.paper.paper_id for hit in ranked[:limit]):
            break
    return Gathered(tuple(ranked[:limit]), done, tuple(queries), tuple(asked[:limit]))


def subject_of(question: str) -> str:
    """The first clause that has words enough to be searched: "RL for X" of "RL for X: how do people do it?"."""
    clauses = [clause.strip(" ?().") for clause in _CLAUSE_END.split(question)]
    return next((clause for clause in clauses if len(content_words(clause)) >= _FEWEST_WORDS), question)


def _gap_queries(subject: str, ranked: Sequence[Hit]) -> list[str]:
    """The subject with each of the terms that the leading papers share."""
    terms = salient_terms([hit.paper for hit in ranked], _LEADING, _TERMS_A_ROUND)
    return [f"{subject} {term}" for term in terms]


def salient_terms(papers: Sequence[LibraryPaper], leading: int, limit: int) -> list[str]:
    """At most ``limit`` terms that several of the ``leading`` first papers share and few of the rest have.

    Terms are keywords, and words and pairs of words of titles; none holds another one.
    """
    texts = [f" {' '.join(words(paper.paper.text))} " for paper in papers]
    spellings: dict[str, str] = {}
    for paper in papers[:leading]:
        spellings |= title_terms(paper.paper.title) | keyword_terms(paper.paper.keywords)
    scored: list[tuple[float, str]] = []
    for key in spellings:
        holding = [f" {key} " in text for text in texts]
        shared = sum(holding[:leading])
        if shared >= _FEWEST_LEADING and (" " in key or len(key) >= _SHORTEST_TERM):
            scored.append((shared * math.log((len(papers) + 1) / (sum(holding) + 0.5)), key))
    chosen: list[str] = []
    for _, key in sorted(scored, key=lambda found: -found[0]):
        parts = set(key.split())
        if len(chosen) < limit and not any(parts <= set(one.split()) or parts >= set(one.split()) for one in chosen):
            chosen.append(key)
    return [spellings[key] for key in chosen]
