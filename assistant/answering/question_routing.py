"""The route of a question to its answer: from papers that retrieval brought, those that it names, or a comparison.

A route says what is asked of which papers. `QuestionRouter` decides it; what is written for it is `generation_tasks`.
"""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.answering.answerability.question_features import Aims
from assistant.answering.answerability.refusal import AnswerabilityGate, RetrievalResult
from assistant.answering.asked import NamedQuestion, read_named, wants_others, with_names
from assistant.answering.values import NumberedSource
from assistant.language import ENGLISH, listed, say
from assistant.models import Message, ModelKind
from assistant.retrieval import Hit, PaperRetriever
from assistant.retrieval.query import ParsedQuery

_DESCRIBED_PAPER = re.compile(r"\bthe (?:(?!the\b)[\w-]+ ){1,6}paper\b", re.IGNORECASE)
"""A paper that a question describes: "the tiny video model paper"."""


@dataclass(frozen=True, slots=True)
class EvidenceRoute:
    """An answer from the sentences of papers that fit the question.

    The papers are those that retrieval brought; with ``retrieval.names`` they are named, and details of them are asked.
    """

    understood: ParsedQuery
    retrieval: RetrievalResult
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OverviewRoute:
    """An answer that says what the named papers are; ``understood`` has their names in place of ids."""

    understood: ParsedQuery
    named_question: NamedQuestion
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ComparisonRoute:
    """A question that asks how its papers compare, for `ComparisonWriter`."""

    question: str
    named_question: NamedQuestion
    language: str
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FollowUpSources:
    """The ``sources`` of a ``conversation``, those ``joining`` them, and those of both that a question is about."""

    conversation: Sequence[Message]
    sources: Sequence[NumberedSource]
    joining: Sequence[NumberedSource]
    meant: Sequence[NumberedSource]


@dataclass(frozen=True, slots=True)
class FollowUpRoute:
    """An answer to a further question on the sources of a conversation, in ``language``."""

    understood: ParsedQuery
    context: FollowUpSources
    retrieval: RetrievalResult
    language: str
    remarks: tuple[str, ...] = ()


GeneratedRoute = EvidenceRoute | OverviewRoute | FollowUpRoute
Route = GeneratedRoute | ComparisonRoute


class QuestionRouter:
    """Decides the routes of questions.

    ``papers`` are retrieved for a question. Where nothing ``compares``, a comparison is an overview of its papers.
    """

    def __init__(
        self,
        retriever: PaperRetriever,
        gate: AnswerabilityGate,
        aims: Aims,
        model_kind: ModelKind,
        *,
        papers: int,
        compares: bool,
    ) -> None:
        self._retriever = retriever
        self._gate = gate
        self._aims = aims
        self._model_kind = model_kind
        self._papers = papers
        self._compares = compares

    async def route(self, understood: ParsedQuery, hits: tuple[Hit, ...]) -> Route:
        """The route of a question for which retrieval brought ``hits``, best first."""
        named = hits if understood.named else tuple(hit for hit in hits if hit.named)
        if not named:
            return await self._unnamed(understood, hits)
        question = with_names(understood.english, [hit.paper for hit in named])
        if not await asyncio.to_thread(wants_others, question, named, self._aims):
            return await self.route_named(understood, named, hits)
        return await self._beside_named(understood, question, named)

    async def route_named(
        self, understood: ParsedQuery, hits: tuple[Hit, ...], beside: tuple[Hit, ...] = ()
    ) -> OverviewRoute | EvidenceRoute | ComparisonRoute:
        """The route of a question about these papers, which it names or the reader chose.

        ``beside`` are others that retrieval brought, among which a namesake may be.
        """
        papers = [hit.paper for hit in hits]
        question = with_names(understood.question, papers)
        understood = replace(understood, question=question, english=with_names(understood.english, papers))
        named_question = await asyncio.to_thread(read_named, question, understood.language, hits, self._aims, beside)
        remarks = self._remarks(understood.language, named_question)
        if named_question.comparing and self._compares:
            return ComparisonRoute(question, named_question, understood.language, remarks)
        if named_question.is_overview or named_question.comparing:
            return OverviewRoute(understood, named_question, remarks)
        named = tuple(hit for paper in named_question.papers for hit in hits if hit.paper is paper)
        retrieval = await self._retrieval(understood.english, named, user_selected=True)
        return EvidenceRoute(understood, replace(retrieval, names=named_question), remarks)

    async def route_follow_up(
        self, understood: ParsedQuery, context: FollowUpSources, language: str
    ) -> FollowUpRoute | ComparisonRoute:
        """The route of a further question, to be answered in ``language``, on the sources that it is about."""
        question = understood.question
        hits = tuple(Hit(source.paper, 1.0, named=True) for source in context.meant)
        named_question = await asyncio.to_thread(read_named, question, understood.language, hits, self._aims)
        remarks = self._remarks(language)
        if named_question.comparing and self._compares:
            return ComparisonRoute(question, named_question, language, remarks)
        retrieval = await self._retrieval(understood.english, hits, user_selected=True)
        return FollowUpRoute(understood, context, replace(retrieval, names=named_question), language, remarks)

    async def is_about_named(self, understood: ParsedQuery, hits: Sequence[Hit]) -> bool:
        """Whether a question is about papers among the hits that it names, and not about others like them."""
        named = [hit for hit in hits if hit.named]
        return bool(named) and not await asyncio.to_thread(wants_others, understood.english, named, self._aims)

    async def searched(self, understood: ParsedQuery, hits: tuple[Hit, ...]) -> RetrievalResult:
        """The result of a search, whose papers may miss the question; papers that were only listed do not."""
        return await self._retrieval(understood.query, hits, user_selected=not understood.query.strip())

    async def _unnamed(self, understood: ParsedQuery, hits: tuple[Hit, ...]) -> Route:
        """A question that names no paper; one that describes a paper is about the best hit, where that is certain."""
        retrieval = await self.searched(understood, hits)
        describes = _DESCRIBED_PAPER.search(understood.english) and not retrieval.user_selected
        if describes and (await self._gate.retrieval_sufficiency(retrieval)).sufficient:
            described = replace(understood, question=_DESCRIBED_PAPER.sub("it", understood.question))
            return await self.route_named(described, hits[:1])
        return EvidenceRoute(understood, retrieval, self._remarks(understood.language))

    async def _beside_named(self, understood: ParsedQuery, question: str, named: tuple[Hit, ...]) -> EvidenceRoute:
        """A question for papers like those that it names: these and what a search by their titles brings."""
        query = " ".join((question, *(hit.paper.title for hit in named)))
        named_ids = {hit.paper.paper_id for hit in named}
        similar = await self._retriever.find(replace(understood, query=query, named=()), self._papers + len(named))
        others = [hit for hit in similar if hit.paper.paper_id not in named_ids]
        hits = (*named, *others)[: max(self._papers, len(named) + 1)]
        retrieval = await self._retrieval(query, hits, user_selected=True)
        return EvidenceRoute(understood, retrieval, self._remarks(understood.language))

    async def _retrieval(self, query: str, hits: tuple[Hit, ...], *, user_selected: bool) -> RetrievalResult:
        return RetrievalResult(query, hits, await self._retriever.weights(query), user_selected)

    def _remarks(self, language: str, named_question: NamedQuestion | None = None) -> tuple[str, ...]:
        """What the program adds to an answer: namesakes, and that quotes stay English where no model writes."""
        remarks = []
        if named_question is not None and named_question.namesakes:
            titles = listed([f"“{paper.title}” ({paper.paper_id})" for paper in named_question.namesakes], language)
            remarks.append(say("namesakes" if named_question.told_apart else "shared_name", language, papers=titles))
        if language != ENGLISH and self._model_kind is ModelKind.EXTRACTIVE:
            remarks.append(say("quotes", language))
        return tuple(remarks)
