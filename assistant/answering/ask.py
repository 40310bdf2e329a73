"""Answering questions from the library, further questions on the same papers, and summarizing chosen papers."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Collection, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import date

from assistant.answering.answerability.question_features import aims_with
from assistant.answering.collection_answers import answer_from_tables
from assistant.answering.comparison import Comparer, ComparisonWriter
from assistant.answering.generation_tasks import GenerationTasks
from assistant.answering.pipeline import AnswerPipeline, AskSettings, GenerationTask
from assistant.answering.prompts import Prompt
from assistant.answering.query_transformation import ModelPlanner, Rewriting, rewritten, translated
from assistant.answering.question_prompt import QuestionPrompts
from assistant.answering.question_routing import (
    ComparisonRoute,
    FollowUpSources,
    GeneratedRoute,
    OverviewRoute,
    QuestionRouter,
    Route,
)
from assistant.answering.survey.writer import SurveyWriter
from assistant.answering.values import AnswerEvent, Finished, ModelInfo, NumberedSource, Refusal, Retrieved
from assistant.errors import NothingFound
from assistant.language import language_of
from assistant.library import Filters, StoredPaper
from assistant.models import ChatModel, Message
from assistant.retrieval import EvidenceRanker, Hit, PaperRetriever, QueryRequest
from assistant.retrieval.query import Earlier, FilterKind, FollowUp, ParsedQuery

_MOST_JOINING = 2


class QuestionAnswerer:
    """Answers from papers with one model.

    A question is parsed and its papers are retrieved. `QuestionRouter` reads what is asked of which of them, the gate
    decides whether they state it, `GenerationTasks` says how they are packed, and `AnswerPipeline` packs, writes and
    checks. Tables answer questions about the collection, `ComparisonWriter` comparisons, `SurveyWriter` surveys.

    Every method yields `Packed`, text, and `Finished` last, and raises `ModelError` when the model fails before any
    text or the request does not fit its context. A question that the papers do not answer gets a text that says so,
    and an answer with its ``refusal``.
    """

    def __init__(
        self,
        retriever: PaperRetriever,
        ranker: EvidenceRanker,
        model: ChatModel,
        settings: AskSettings,
        prompts: Callable[[str], Prompt],
        comparer: Comparer | None = None,
    ) -> None:
        self._retriever = retriever
        self._model = model
        self._prompts = prompts
        self._papers = settings.papers
        self._planner = ModelPlanner(retriever, model, prompts)
        self._pipeline = AnswerPipeline(model, settings, prompts, ranker.embedder)
        self._surveys = SurveyWriter(ranker, model, settings, prompts)
        question_prompts = QuestionPrompts(model.kind, prompts)
        self._tasks = GenerationTasks(self._pipeline, ranker, question_prompts)
        aims = aims_with(ranker.embedder)
        self._comparisons = None
        if comparer is not None:
            writer = ModelInfo(model.name, model.kind)
            self._comparisons = ComparisonWriter(comparer, writer, ranker, question_prompts, aims)
        compares = comparer is not None
        self._router = QuestionRouter(
            retriever, self._pipeline.gate, aims, model.kind, papers=settings.papers, compares=compares
        )

    async def ask(
        self,
        question: str,
        filters: Filters,
        papers: int | None = None,
        *,
        ignored: Collection[FilterKind] = (),
        today: date | None = None,
    ) -> AsyncGenerator[AnswerEvent, None]:
        """Answer a question from the library; `Retrieved` comes first.

        Filters in the question's own words hold beside the given ones, but for the ``ignored`` kinds; "last week" is
        counted from ``today``. Raises `NothingFound` when no paper fits.
        """
        request = QueryRequest(question, filters, ignored, today)
        understood = await self._parsed(request)
        if understood.plan is None:
            understood = await self._planner.plan(request) or understood
        if understood.plan:
            answering = self.answer_plan(understood)
        elif papers is None and _is_survey(understood):
            answering = self._answered_as_survey(understood)
        else:
            answering = self._answered(understood, papers or self._papers)
        async with aclosing(answering) as events:
            async for event in events:
                match event:
                    case Finished(answer):
                        yield Finished(replace(answer, question=question, understood=understood))
                    case _:
                        yield event

    async def decide(
        self, question: str, filters: Filters, papers: int | None = None, *, today: date | None = None
    ) -> Refusal | None:
        """Whether `ask` would refuse a question, and why; nothing is written.

        Raises `NothingFound` when no paper fits, and `ModelError`.
        """
        understood = await self._parsed(QueryRequest(question, filters, (), today))
        if understood.plan:
            return None
        hits = tuple(await self._retriever.find(understood, papers or self._papers))
        route = await self._router.route(understood, hits)
        return None if isinstance(route, ComparisonRoute) else await self._pipeline.decide(await self._task(route))

    async def would_answer(self, question: str) -> bool:
        """Whether a question gets an answer: from the tables, or from papers that the gates let pass."""
        understood = await self._parsed(QueryRequest(question, Filters()))
        if understood.plan:
            return (await self._retriever.read_tables(understood.plan)).answers
        try:
            return await self.decide(question, Filters()) is None
        except NothingFound:
            return False

    async def answer_from(self, question: str, hits: Sequence[Hit]) -> AsyncGenerator[AnswerEvent, None]:
        """Answer from these papers, which the reader chose, best first; or tell what they say, when that is asked."""
        understood = await self._parsed(QueryRequest(question, Filters()))
        route = await self._router.route_named(understood, tuple(hits))
        async with aclosing(self._written(route)) as events:
            async for event in events:
                yield event

    async def follow_up(
        self,
        question: str,
        conversation: Sequence[Message],
        sources: Sequence[NumberedSource],
        *,
        about: Collection[int] = (),
        brings_in: str | None = None,
        language: str | None = None,
    ) -> AsyncGenerator[AnswerEvent, None]:
        """Answer a further question, made standalone, on the same sources.

        ``conversation`` is the prompt of the last `Packed` and the answer to it: it stands unchanged at the beginning
        of the new prompt, so that a local model need not read it again. ``about`` are the numbers of the sources that
        are meant, all when there are none. What the question ``brings_in`` is searched, and joins the sources.
        ``language`` is the one of the answer, that of the question when there is none.
        """
        joining = await self._joining(brings_in, sources) if brings_in else ()
        meant = [source for source in sources if not about or source.number in about] + list(joining)
        understood = await self._parsed(QueryRequest(question, Filters()))
        context = FollowUpSources(conversation, sources, joining, meant)
        route = await self._router.route_follow_up(understood, context, language or understood.language)
        async with aclosing(self._written(route)) as events:
            async for event in events:
                yield event

    async def standalone(
        self, question: str, follow_up: FollowUp, earlier: Earlier, messages: Sequence[Message]
    ) -> Rewriting:
        """A further question, which the rules read as ``follow_up``, made standalone."""
        return await rewritten(question, follow_up, earlier, messages, self._model, self._prompts("standalone"))

    def summarize(self, papers: Sequence[StoredPaper]) -> AsyncGenerator[AnswerEvent, None]:
        """Summarize the papers together, each whole as far as they fit."""
        return self._pipeline.write(self._tasks.summary(papers))

    def write_comparison(self, question: str, papers: Sequence[StoredPaper]) -> AsyncGenerator[AnswerEvent, None]:
        """Write how papers compare, beside a table that is there already; each is given whole as far as they fit."""
        return self._pipeline.write(self._tasks.comparison(question, papers))

    def plan(self, question: str, filters: Filters) -> ParsedQuery | None:
        """A question about the collection with its plan; None for any other. Blocks."""
        return self._retriever.plan(QueryRequest(question, filters))

    async def answer_plan(self, understood: ParsedQuery) -> AsyncGenerator[AnswerEvent, None]:
        """Answer a question about the collection from the tables; no model is asked."""
        assert understood.plan is not None  # noqa: S101  # only such come here
        collection_result = await self._retriever.read_tables(understood.plan)
        async with aclosing(answer_from_tables(understood, collection_result)) as events:
            async for event in events:
                yield event

    async def _parsed(self, request: QueryRequest) -> ParsedQuery:
        """The question read by rules: with its plan, or by what it says in English."""
        language = language_of(request.question)
        if planned := await asyncio.to_thread(self._retriever.plan, request):
            return replace(planned, language=language)
        english = await translated(request.question, language, self._model, self._prompts("translate"))
        return await self._retriever.parse_query(replace(request, english=english))

    async def _joining(self, subject: str, sources: Sequence[NumberedSource]) -> tuple[NumberedSource, ...]:
        """Papers on a further subject, numbered behind the sources."""
        source_ids = {source.paper.paper_id for source in sources}
        hits = await self._retriever.search.search_async(subject, Filters(), _MOST_JOINING + len(source_ids))
        named = [hit for hit in hits if hit.named] or hits
        new_papers = [hit.paper for hit in named if hit.paper.paper_id not in source_ids][:_MOST_JOINING]
        last = max((source.number for source in sources), default=0)
        return tuple(NumberedSource(number, paper, ()) for number, paper in enumerate(new_papers, start=last + 1))

    async def _answered(self, understood: ParsedQuery, papers: int) -> AsyncGenerator[AnswerEvent, None]:
        hits = tuple(await self._retriever.find(understood, papers))
        yield Retrieved(hits, understood)
        route = await self._router.route(understood, hits)
        async with aclosing(self._written(route)) as events:
            async for event in events:
                yield event

    async def _answered_as_survey(self, understood: ParsedQuery) -> AsyncGenerator[AnswerEvent, None]:
        """Gather more papers than one search brings, and answer in groups; few papers are answered from as usual."""
        from assistant.answering.survey.gathering import gather

        gathered = await gather(self._retriever.search, understood.query, understood.filters)
        about_named = await self._router.is_about_named(understood, gathered.question_hits[: self._papers])
        if len(gathered.hits) <= self._papers or about_named:
            answering = self._answered(understood, self._papers)
        else:
            yield Retrieved(gathered.hits, understood)
            retrieval = await self._router.searched(understood, gathered.question_hits)
            answering = self._surveys.write(understood.english, gathered.hits, retrieval)
        async with aclosing(answering) as events:
            async for event in events:
                yield event

    async def _written(self, route: Route) -> AsyncGenerator[AnswerEvent, None]:
        """The answer of a route: gated, packed, written and checked; a comparison from its table."""
        if isinstance(route, ComparisonRoute):
            assert self._comparisons is not None  # noqa: S101  # without it the router makes no such route
            writing = self._comparisons.write(route.question, route.named_question, route.language, route.remarks)
        else:
            writing = self._pipeline.write(await self._task(route))
        async with aclosing(writing) as events:
            async for event in events:
                yield event

    async def _task(self, route: GeneratedRoute) -> GenerationTask:
        """The task of a route, with the gate's decision on the details that named papers are asked for."""
        if not isinstance(route, OverviewRoute) and route.retrieval.names is not None and self._pipeline.refuses:
            sufficiency = await self._pipeline.gate.details_sufficiency(route.retrieval)
            route = replace(route, retrieval=replace(route.retrieval, sufficiency=sufficiency))
        return await self._tasks.for_route(route)


def _is_survey(understood: ParsedQuery) -> bool:
    from assistant.retrieval.query import is_survey

    return bool(understood.query.strip()) and not understood.newest and is_survey(understood.query)
