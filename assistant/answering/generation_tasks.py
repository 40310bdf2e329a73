"""Generation tasks: what of which papers goes into a prompt, and how it is packed, for each route of a question."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import assert_never

from assistant.answering.answerability.refusal import RetrievalResult
from assistant.answering.context_packing import FollowUpContext, PackedEvidence, pack_evidence, whole_evidence
from assistant.answering.pipeline import AnswerPipeline, GenerationTask
from assistant.answering.question_prompt import QuestionKind, QuestionPrompts
from assistant.answering.question_routing import EvidenceRoute, FollowUpRoute, GeneratedRoute, OverviewRoute
from assistant.answering.quoting import Passage, answering_passages, passages_for, quotes_of, summary_quotes
from assistant.answering.values import NumberedSource
from assistant.language import ENGLISH
from assistant.library import StoredPaper
from assistant.models import Message
from assistant.retrieval import EvidenceRanker, by_paper
from assistant.retrieval.query import LONGEST_QUESTION

_FOLLOW_UP_SHARE = 10
"""Part of the evidence tokens that a further question gets: one in ten, one in two where sources join."""
_FOLLOW_UP_SHARE_WITH_JOINING = 2
_PAPERS_AN_OUTPUT = 4

Messages = Callable[[Sequence[NumberedSource]], tuple[Message, ...]]


class GenerationTasks:
    """Makes the tasks that a pipeline writes; ``ranker`` orders the sentences of papers."""

    def __init__(
        self,
        pipeline: AnswerPipeline,
        ranker: EvidenceRanker,
        question_prompts: QuestionPrompts,
    ) -> None:
        self._pipeline = pipeline
        self._ranker = ranker
        self._word_ranker = EvidenceRanker()
        self._question_prompts = question_prompts

    async def for_route(self, route: GeneratedRoute) -> GenerationTask:
        """The task of a question; what ``retrieval.sufficiency`` says is missing is not quoted for."""
        match route:
            case EvidenceRoute():
                return await self._evidence(route)
            case OverviewRoute():
                return self._overview(route)
            case FollowUpRoute():
                return await self._follow_up(route)
            case _:
                assert_never(route)

    def summary(self, papers: Sequence[StoredPaper]) -> GenerationTask:
        """A summary of the papers together."""
        titles = "; ".join(paper.title for paper in papers)
        return self._whole_papers(titles, papers, self._question_prompts.summarize)

    def comparison(self, question: str, papers: Sequence[StoredPaper]) -> GenerationTask:
        """A text on how the papers compare."""
        return self._whole_papers(question, papers, self._messages(question, ENGLISH, QuestionKind.COMPARISON))

    def _overview(self, route: OverviewRoute) -> GenerationTask:
        """What the papers say; a local model summarizes several of them, unless they are compared."""
        question, language = route.understood.question, route.understood.language
        papers, comparing = route.named_question.papers, route.named_question.comparing
        is_plain = not comparing and language == ENGLISH and len(question) <= LONGEST_QUESTION
        if len(papers) > 1 and is_plain and not self._question_prompts.hosted:
            messages: Messages = self._question_prompts.summarize
        else:
            messages = self._messages(question, language, QuestionKind.of(route.named_question))
        return replace(self._whole_papers(question, papers, messages), remarks=route.remarks, language=language)

    def _whole_papers(self, question: str, papers: Sequence[StoredPaper], messages: Messages) -> GenerationTask:
        """The papers whole, as far as they fit; nothing is asked that they could leave out."""

        def pack(tokens: int) -> tuple[PackedEvidence, tuple[Message, ...]]:
            whole = whole_evidence(papers, tokens)
            evidence = replace(whole, quotes=summary_quotes(whole.sources))
            return evidence, messages(evidence.sources)

        outputs = -(-len(papers) // _PAPERS_AN_OUTPUT)
        return GenerationTask(question, pack, self._pipeline.context_tokens, outputs=outputs)

    async def _evidence(self, route: EvidenceRoute) -> GenerationTask:
        """The best sentences of the papers; a hosted model gets whole abstracts."""
        question, language, retrieval = route.understood.question, route.understood.language, route.retrieval
        hits, papers = retrieval.hits, [hit.paper for hit in retrieval.hits]
        scored = await asyncio.to_thread(self._ranker.scored, route.understood.english, [p.paper for p in papers])
        passages: tuple[Passage, ...] = ()
        if retrieval.names is not None:
            passages = await self._detail_passages(retrieval, retrieval.names.papers)
        elif retrieval.query.strip():
            paper_scores = {hit.paper.paper_id: hit.score for hit in hits}
            passages = await asyncio.to_thread(answering_passages, papers, scored, paper_scores)
        messages = self._messages(question, language, _kind_of(retrieval))

        def pack(tokens: int) -> tuple[PackedEvidence, tuple[Message, ...]]:
            whole = self._question_prompts.hosted
            evidence = whole_evidence(papers, tokens) if whole else pack_evidence(hits, by_paper(scored), tokens)
            quotes = quotes_of(passages, evidence.sources) or summary_quotes(evidence.sources)
            return replace(evidence, quotes=quotes), messages(evidence.sources)

        tokens = self._pipeline.evidence_tokens
        return GenerationTask(question, pack, tokens, retrieval, remarks=route.remarks, language=language)

    async def _follow_up(self, route: FollowUpRoute) -> GenerationTask:
        """The best sentences that the conversation does not have yet, behind it."""
        question, retrieval = route.understood.question, route.retrieval
        context, meant = route.context, route.context.meant
        worded_question = self._question_prompts.worded(question, route.language, _kind_of(retrieval))
        ranked = self._word_ranker.rank(route.understood.english, [source.paper.paper for source in meant])
        passages = await self._detail_passages(retrieval, [source.paper for source in meant])
        packing = FollowUpContext(
            worded_question,
            context.conversation,
            context.sources,
            context.joining,
            meant,
            ranked,
            quotes_of(passages, meant),
            self._question_prompts.block,
        )
        pack = partial(packing.packed, self._question_prompts.prompts("follow_up"))
        share = _FOLLOW_UP_SHARE_WITH_JOINING if context.joining else _FOLLOW_UP_SHARE
        tokens = self._pipeline.evidence_tokens // share
        return GenerationTask(question, pack, tokens, retrieval, remarks=route.remarks, language=route.language)

    async def _detail_passages(self, retrieval: RetrievalResult, papers: Sequence[StoredPaper]) -> tuple[Passage, ...]:
        """The passages that answer each part of a question about named papers, but for what is missing."""
        if retrieval.names is None:
            return ()
        missing = retrieval.sufficiency.missing if retrieval.sufficiency else ()
        return await asyncio.to_thread(passages_for, retrieval.names, missing, papers, self._ranker)

    def _messages(self, question: str, language: str, kind: QuestionKind) -> Messages:
        return partial(self._question_prompts.ask, question=question, language=language, kind=kind)


def _kind_of(retrieval: RetrievalResult) -> QuestionKind:
    return QuestionKind.of(retrieval.names) if retrieval.names else QuestionKind.OPEN
