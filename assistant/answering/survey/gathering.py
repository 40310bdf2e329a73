"""Gathering the papers for a survey: rounds of searches into one ranked pool, until a round changes none of the best.

The question is asked as it stands and with its acronyms spelled out. What it did not say is then learned from the
papers that lead: terms that they share and that few others of the pool have, each asked together with the subject.
"""

import asyncio
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from assistant.library import Filters, StoredPaper, keyword_terms, title_terms, words
from assistant.retrieval import Hit, IdfWeights, content_words, relevant

_CENTRE = 5
_IN_TITLE = 2
_ACRONYM = re.compile(r"\b[A-Z][A-Za-z]*[A-Z]s?\b|\b[A-Z]{2,}s?\b")
_INTRODUCED = re.compile(r"\(([A-Z][A-Za-z]*[A-Z]|[A-Z]{2,})s?\)")
_WORD = re.compile(r"[^\W\d_]+")
_LOOKED_BACK = 90  # characters before an acronym in which its words stand
_SKIPPED_WORDS = 3
_SEARCHED = 100
"""Papers taken in from each search; all that either side of it ranks."""
_LEADING = 8
_TERMS_A_ROUND = 4
_FEWEST_LEADING = 2
_FEWEST_WORDS = 2
_SHORTEST_TERM = 4
_CLAUSE_END = re.compile(r"[:;?!,]\s+")


class Pool:
    """Papers with their scores in every search, in the order in which they were found."""

    def __init__(self) -> None:
        self._hits: dict[str, Hit] = {}
        self._question_scores: list[Mapping[str, float]] = []
        self._further_scores: list[Mapping[str, float]] = []

    def __len__(self) -> int:
        return len(self._hits)

    @property
    def papers(self) -> list[StoredPaper]:
        """All papers, in the order in which they were found."""
        return [hit.paper for hit in self._hits.values()]

    def add(self, hits: Sequence[Hit], *, further: bool) -> None:
        """Take in what a search found; ``further`` when it was not for the question itself."""
        for hit in hits:
            self._hits.setdefault(hit.paper.paper_id, hit)
        scores = {hit.paper.paper_id: hit.score for hit in hits}
        (self._further_scores if further else self._question_scores).append(scores)

    def ranked(self) -> list[Hit]:
        """The papers, best first; scores are 0..1."""
        ids = list(self._hits)
        searched = _scaled([self._evidence(paper_id) for paper_id in ids])
        central = _scaled(_centrality(self.papers, searched))
        scores = [(score + near) / 2 for score, near in zip(searched, central, strict=True)]
        best_first = sorted(range(len(ids)), key=lambda place: -scores[place])
        return [replace(self._hits[ids[place]], score=scores[place]) for place in best_first]

    def _evidence(self, paper_id: str) -> float:
        """The question's own searches together count as much as all further ones."""
        further = _mean([scores.get(paper_id, 0.0) for scores in self._further_scores])
        return _mean([scores.get(paper_id, 0.0) for scores in self._question_scores]) + further


def _centrality(papers: Sequence[StoredPaper], searched: Sequence[float]) -> list[float]:
    """Cosine of each paper's weighted words with the mean of the leading papers'."""
    weights = IdfWeights.from_texts(paper.text for paper in papers)
    vectors = [_vector(paper, weights) for paper in papers]
    leading = sorted(range(len(papers)), key=lambda place: -searched[place])[:_CENTRE]
    centre: defaultdict[str, float] = defaultdict(float)
    for place in leading:
        for word, weight in vectors[place].items():
            centre[word] += searched[place] * weight
    return [sum(weight * centre.get(word, 0.0) for word, weight in vector.items()) for vector in vectors]


def _vector(paper: StoredPaper, weights: IdfWeights) -> dict[str, float]:
    """The words of a paper by rarity, those of the title twice, as a vector of length 1."""
    title = set(content_words(paper.title))
    words = dict.fromkeys(content_words(paper.text))
    vector = {word: weights.weight(word) * (_IN_TITLE if word in title else 1) for word in words}
    length = math.sqrt(sum(weight * weight for weight in vector.values()))
    return {word: weight / length for word, weight in vector.items()}


def _scaled(values: Sequence[float]) -> list[float]:
    lowest, highest = min(values, default=0.0), max(values, default=0.0)
    return [(value - lowest) / (highest - lowest) if highest > lowest else 1.0 for value in values]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def spelled_out(question: str, texts: Iterable[str]) -> str:
    """The question with its acronyms written in full, where one of the texts introduces them.

    "RL for LLMs" becomes "reinforcement learning for large language models" when texts say "reinforcement learning
    (RL)"; of several readings the most frequent one is taken.
    """
    meanings = _introduced(texts)

    def written_out(match: re.Match[str]) -> str:
        long_forms = meanings.get(match.group().removesuffix("s"))
        return long_forms.most_common(1)[0][0] if long_forms else match.group()

    return _ACRONYM.sub(written_out, question)


def _introduced(texts: Iterable[str]) -> dict[str, Counter[str]]:
    """Long forms by acronym, counted, from "long form (LF)"."""
    meanings: dict[str, Counter[str]] = defaultdict(Counter)
    for text in texts:
        for match in _INTRODUCED.finditer(text):
            before = _WORD.findall(text[max(0, match.start() - _LOOKED_BACK) : match.start()])
            if long_form := _long_form(match.group(1).casefold(), before):
                meanings[match.group(1)][long_form.casefold()] += 1
    return meanings


def _long_form(acronym: str, before: list[str]) -> str | None:
    """The fewest last words whose initials hold the letters of the acronym, the first one at the beginning."""
    for count in range(len(acronym), len(acronym) + _SKIPPED_WORDS):
        words = before[-count:]
        initials = iter("".join(word[0] for word in words).casefold())
        if len(words) == count and words[0][0].casefold() == acronym[0] and all(c in initials for c in acronym):
            return " ".join(words)
    return None


class PaperSearch(Protocol):
    """What finds papers for a query."""

    async def search_async(self, query: str, filters: Filters, limit: int) -> list[Hit]:
        """At most ``limit`` papers that pass the filters, best first."""
        ...


@dataclass(frozen=True, slots=True)
class Gathered:
    """The papers gathered, best first, the rounds that it took and the queries in the order asked.

    ``question_hits`` is what the question by itself found, with the scores of its own search.
    """

    hits: tuple[Hit, ...]
    rounds: int
    queries: tuple[str, ...]
    question_hits: tuple[Hit, ...] = ()


async def gather(search: PaperSearch, question: str, filters: Filters, *, limit: int = 20, rounds: int = 2) -> Gathered:
    """At most ``limit`` papers on the question's subject, from at most ``rounds`` rounds of searches.

    A paper that no search found `relevant` is not among them.

    Raises what the search raises.
    """
    pool, queries = Pool(), [question]
    question_hits = await search.search_async(question, filters, _SEARCHED)
    pool.add(relevant(question_hits), further=False)
    spelled = spelled_out(question, (paper.text for paper in pool.papers))
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
        best_before = {hit.paper.paper_id for hit in ranked[:limit]}
        for query in further:
            pool.add(relevant(await search.search_async(query, filters, _SEARCHED)), further=True)
        queries.extend(further)
        done += 1
        ranked = await asyncio.to_thread(pool.ranked)
        if best_before.issuperset(hit.paper.paper_id for hit in ranked[:limit]):
            break
    return Gathered(tuple(ranked[:limit]), done, tuple(queries), tuple(question_hits[:limit]))


def subject_of(question: str) -> str:
    """The first clause that has words enough to be searched: "RL for X" of "RL for X: how do people do it?"."""
    clauses = [clause.strip(" ?().") for clause in _CLAUSE_END.split(question)]
    return next((clause for clause in clauses if len(content_words(clause)) >= _FEWEST_WORDS), question)


def _gap_queries(subject: str, ranked: Sequence[Hit]) -> list[str]:
    """The subject with each of the terms that the leading papers share."""
    terms = salient_terms([hit.paper for hit in ranked], _LEADING, _TERMS_A_ROUND)
    return [f"{subject} {term}" for term in terms]


def salient_terms(papers: Sequence[StoredPaper], leading: int, limit: int) -> list[str]:
    """At most ``limit`` terms that several of the ``leading`` first papers share and few of the rest have.

    Terms are keywords, and words and pairs of words of titles; none holds another one.
    """
    texts = [f" {' '.join(words(paper.text))} " for paper in papers]
    spellings: dict[str, str] = {}
    for paper in papers[:leading]:
        spellings |= title_terms(paper.title) | keyword_terms(paper.paper.keywords)
    scored: list[tuple[float, str]] = []
    for key in spellings:
        holding = [f" {key} " in text for text in texts]
        shared = sum(holding[:leading])
        if shared >= _FEWEST_LEADING and (" " in key or len(key) >= _SHORTEST_TERM):
            scored.append((shared * math.log((len(papers) + 1) / (sum(holding) + 0.5)), key))
    selected: list[str] = []
    for _, key in sorted(scored, key=lambda scored_key: -scored_key[0]):
        parts = set(key.split())
        if len(selected) < limit and not any(
            parts <= set(term.split()) or parts >= set(term.split()) for term in selected
        ):
            selected.append(key)
    return [spellings[key] for key in selected]
