"""Answering questions from the library, further questions on the same papers, and summarizing chosen papers."""

import asyncio
import re
from collections.abc import AsyncGenerator, Callable, Collection, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from assistant.answering.answerability.gates import Sufficiency
from assistant.answering.answerability.question_features import aims_with
from assistant.answering.answerability.refusal import RetrievalResult
from assistant.answering.asked import NamedQuestion, read_named, wants_others, with_names
from assistant.answering.collection_answers import answer_from_tables
from assistant.answering.comparison import Comparer, ComparisonWriter
from assistant.answering.context_packing import FollowUpContext, PackedEvidence, pack_evidence, whole_evidence
from assistant.answering.pipeline import AnswerPipeline, AskSettings, GenerationTask
from assistant.answering.prompts import Prompt
from assistant.answering.query_transformation import ModelPlanner, Rewriting, rewritten, translated
from assistant.answering.question_prompt import QuestionKind, QuestionPrompts
from assistant.answering.quoting import Passage, answering_passages, passages_for, quotes_of, summary_quotes
from assistant.answering.survey.writer import SurveyWriter
from assistant.answering.values import AnswerEvent, Finished, ModelInfo, NumberedSource, Refusal, Retrieved
from assistant.errors import NothingFound
from assistant.language import ENGLISH, language_of, listed, say
from assistant.library import Filters, StoredPaper
from assistant.models import ChatModel, Message, ModelKind
from assistant.retrieval import EvidenceRanker, Hit, PaperRetriever, QueryRequest, by_paper
from assistant.retrieval.query import LONGEST_QUESTION, Earlier, FilterKind, FollowUp, ParsedQuery

_ONE_PAPER = re.compile(r"\bthe (?:(?!the\b)[\w-]+ ){1,6}paper\b", re.IGNORECASE)
"""A question about one paper that it describes."""
_FOLLOW_UP_SHARE = 10
_FOLLOW_UP_SHARE_WITH_MORE = 2
_MOST_JOINING = 2
_PAPERS_AN_OUTPUT = 4


@dataclass(frozen=True, slots=True)
class Comparing:
    """A comparison to be written: the question as asked, and what it asks."""

    question: str
    asked: NamedQuestion
    language: str
    remarks: tuple[str, ...]


class QuestionAnswerer:
    """Answers from papers with one model.

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
        self._ranker = ranker
        self._word_ranker = EvidenceRanker()
        self._asking = QuestionPrompts(model.kind, prompts)
        self._pipeline = AnswerPipeline(model, settings, prompts, ranker.embedder)
        self._surveys = SurveyWriter(ranker, model, settings, prompts)
        self._aims = aims_with(ranker.embedder)
        self._comparisons = None
        if comparer is not None:
            writer = ModelInfo(model.name, model.kind)
            self._comparisons = ComparisonWriter(comparer, writer, ranker, self._asking, self._aims)
        self._model = model
        self._planner = ModelPlanner(retriever, model, prompts)
        self._papers = settings.papers
        self._prompts = prompts

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
        understood = await self._understood(request)
        if understood.plan is None:
            understood = await self._planner.plan(request) or understood
        answering: Callable[[ParsedQuery, int], AsyncGenerator[AnswerEvent, None]] = self._answered
        if understood.plan:
            answering = self.answer_plan
        elif papers is None and _is_survey(understood):
            answering = self._surveyed
        async with aclosing(answering(understood, papers or self._papers)) as events:
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
        understood = await self._understood(QueryRequest(question, filters, (), today))
        if understood.plan:
            return None
        hits = tuple(await self._retriever.find(understood, papers or self._papers))
        plan = await self._plan(understood, hits)
        return None if isinstance(plan, Comparing) else await self._pipeline.decide(plan)

    async def would_answer(self, question: str) -> bool:
        """Whether a question gets an answer: from the tables, or from papers that the gates let pass."""
        understood = await self._understood(QueryRequest(question, Filters()))
        if understood.plan:
            return (await self._retriever.read_tables(understood.plan)).answers
        try:
            return await self.decide(question, Filters()) is None
        except NothingFound:
            return False

    async def answer_from(self, question: str, hits: Sequence[Hit]) -> AsyncGenerator[AnswerEvent, None]:
        """Answer from these papers, which the reader chose, best first; or tell what they say, when that is asked."""
        understood = await self._understood(QueryRequest(question, Filters()))
        async with aclosing(self._written(await self._named_plan(understood, tuple(hits)))) as events:
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
        understood = await self._understood(QueryRequest(question, Filters()))
        language = language or understood.language
        hits = tuple(Hit(source.paper, 1.0, named=True) for source in meant)
        named_question = await asyncio.to_thread(read_named, question, understood.language, hits, self._aims)
        if named_question.comparing and self._comparisons is not None:
            plan: GenerationTask | Comparing = Comparing(question, named_question, language, self._remarks(language))
        else:
            worded_question = self._asking.worded(question, language, QuestionKind.of(named_question))
            ranked = self._word_ranker.rank(understood.english, [source.paper.paper for source in meant])
            retrieval = replace(
                await self._retrieval_of(understood.english, hits, user_selected=True), names=named_question
            )
            sufficiency, passages = await self._sufficiency_and_passages(retrieval, [source.paper for source in meant])
            retrieval = replace(retrieval, sufficiency=sufficiency)
            quotes = quotes_of(passages, meant)
            context = FollowUpContext(
                worded_question, conversation, sources, joining, meant, ranked, quotes, self._asking.block
            )
            tokens = self._pipeline.evidence_tokens // (_FOLLOW_UP_SHARE_WITH_MORE if joining else _FOLLOW_UP_SHARE)
            pack = partial(context.packed, self._prompts("follow_up"))
            plan = GenerationTask(question, pack, tokens, retrieval, remarks=self._remarks(language), language=language)
        async with aclosing(self._written(plan)) as events:
            async for event in events:
                yield event

    async def standalone(
        self, question: str, follow_up: FollowUp, earlier: Earlier, messages: Sequence[Message]
    ) -> Rewriting:
        """A further question, which the rules read as ``follow_up``, made standalone."""
        return await rewritten(question, follow_up, earlier, messages, self._model, self._prompts("standalone"))

    def summarize(self, papers: Sequence[StoredPaper]) -> AsyncGenerator[AnswerEvent, None]:
        """Summarize the papers together, each whole as far as they fit."""
        titles = "; ".join(paper.title for paper in papers)
        return self._pipeline.write(self._overview_task(titles, papers, self._asking.summarize))

    def write_comparison(self, question: str, papers: Sequence[StoredPaper]) -> AsyncGenerator[AnswerEvent, None]:
        """Write how papers compare, beside a table that is there already; each is given whole as far as they fit."""
        kind = QuestionKind.COMPARISON
        messages = partial(self._asking.ask, question=question, language=ENGLISH, kind=kind)
        return self._pipeline.write(self._overview_task(question, papers, messages))

    async def _joining(self, subject: str, sources: Sequence[NumberedSource]) -> tuple[NumberedSource, ...]:
        """Papers on a further subject, numbered behind the sources."""
        known_ids = {source.paper.paper_id for source in sources}
        hits = await self._retriever.search.search_async(subject, Filters(), _MOST_JOINING + len(known_ids))
        named = [hit for hit in hits if hit.named] or hits
        new = [hit.paper for hit in named if hit.paper.paper_id not in known_ids][:_MOST_JOINING]
        last = max((source.number for source in sources), default=0)
        return tuple(NumberedSource(number, paper, ()) for number, paper in enumerate(new, start=last + 1))

    async def _understood(self, request: QueryRequest) -> ParsedQuery:
        if planned := await asyncio.to_thread(self._retriever.plan, request):
            return replace(planned, language=language_of(request.question))
        language = language_of(request.question)
        english = await translated(request.question, language, self._model, self._prompts("translate"))
        return await self._retriever.parse_query(replace(request, english=english))

    async def _answered(self, understood: ParsedQuery, papers: int) -> AsyncGenerator[AnswerEvent, None]:
        hits = tuple(await self._retriever.find(understood, papers))
        yield Retrieved(hits, understood)
        async with aclosing(self._written(await self._plan(understood, hits))) as events:
            async for event in events:
                yield event

    def plan(self, question: str, filters: Filters) -> ParsedQuery | None:
        """A question about the collection with its plan; None for any other. Blocks."""
        return self._retriever.plan(QueryRequest(question, filters))

    async def answer_plan(self, understood: ParsedQuery, _: int = 0) -> AsyncGenerator[AnswerEvent, None]:
        """Answer a question about the collection from the tables; no model is asked."""
        assert understood.plan is not None  # noqa: S101  # only such come here
        result = await self._retriever.read_tables(understood.plan)
        async with aclosing(answer_from_tables(understood, result)) as events:
            async for event in events:
                yield event

    def _written(self, plan: "GenerationTask | Comparing") -> AsyncGenerator[AnswerEvent, None]:
        match plan:
            case Comparing(question, asked, language, remarks):
                assert self._comparisons is not None  # noqa: S101  # without it nothing is planned to be compared
                return self._comparisons.write(question, asked, language, remarks)
            case _:
                return self._pipeline.write(plan)

    async def _plan(self, understood: ParsedQuery, hits: tuple[Hit, ...]) -> "GenerationTask | Comparing":
        """How a question is answered: from the papers that it names, or from those that were found for it."""
        named = hits if understood.named else tuple(hit for hit in hits if hit.named)
        if not named:
            retrieval = await self._doubted(understood, hits)
            describes = _ONE_PAPER.search(understood.english) and not retrieval.user_selected
            if describes and (await self._pipeline.gate.retrieval_sufficiency(retrieval)).sufficient:
                described = replace(understood, question=_ONE_PAPER.sub("it", understood.question))
                return await self._named_plan(described, hits[:1])
            return await self._question_task(understood, retrieval)
        question = with_names(understood.english, [hit.paper for hit in named])
        if not await asyncio.to_thread(wants_others, question, named, self._aims):
            return await self._named_plan(understood, named, hits)
        search = replace(understood, query=_with_titles(question, named), named=())
        named_ids = {hit.paper.paper_id for hit in named}
        others = await self._retriever.find(search, self._papers + len(named))
        beside = [hit for hit in others if hit.paper.paper_id not in named_ids]
        together = (*named, *beside)[: max(self._papers, len(named) + 1)]
        return await self._question_task(
            understood, await self._retrieval_of(search.query, together, user_selected=True)
        )

    async def _named_plan(
        self, understood: ParsedQuery, hits: tuple[Hit, ...], beside: tuple[Hit, ...] = ()
    ) -> "GenerationTask | Comparing":
        """How a question about these papers, which it names or the reader chose, is answered."""
        papers = [hit.paper for hit in hits]
        question = with_names(understood.question, papers)
        understood = replace(understood, question=question, english=with_names(understood.english, papers))
        named_question = await asyncio.to_thread(read_named, question, understood.language, hits, self._aims, beside)
        remarks = self._remarks(understood.language, named_question)
        if named_question.comparing and self._comparisons is not None:
            return Comparing(question, named_question, understood.language, remarks)
        named = tuple(hit for paper in named_question.papers for hit in hits if hit.paper is paper)
        if named_question.is_overview or named_question.comparing:
            language, kind = understood.language, QuestionKind.of(named_question)
            is_plain = not named_question.comparing and language == ENGLISH and len(question) <= LONGEST_QUESTION
            summarized = len(named_question.papers) > 1 and is_plain and not self._asking.hosted
            messages = partial(self._asking.ask, question=question, language=language, kind=kind)
            task = self._overview_task(
                question, named_question.papers, self._asking.summarize if summarized else messages
            )
        else:
            retrieval = replace(
                await self._retrieval_of(understood.english, named, user_selected=True), names=named_question
            )
            task = await self._detail_task(understood, retrieval, named_question)
        return replace(task, question=question, remarks=remarks, language=understood.language)

    async def _detail_task(
        self, understood: ParsedQuery, retrieval: RetrievalResult, named_question: NamedQuestion
    ) -> GenerationTask:
        """A question for details of the papers that it names; what they do not tell is not quoted for."""
        sufficiency, passages = await self._sufficiency_and_passages(retrieval, named_question.papers)
        return await self._question_task(understood, replace(retrieval, sufficiency=sufficiency), passages)

    async def _sufficiency_and_passages(
        self, retrieval: RetrievalResult, papers: Sequence[StoredPaper]
    ) -> tuple[Sufficiency | None, tuple[Passage, ...]]:
        """Whether the papers of a question tell what it asks, where that is decided, and the passages that do."""
        assert retrieval.names is not None  # noqa: S101  # of such a question alone
        sufficiency = await self._pipeline.gate.details_sufficiency(retrieval) if self._pipeline.refuses else None
        missing = sufficiency.missing if sufficiency else ()
        return sufficiency, await asyncio.to_thread(passages_for, retrieval.names, missing, papers, self._ranker)

    def _remarks(self, language: str, named_question: NamedQuestion | None = None) -> tuple[str, ...]:
        """What the program says behind an answer: of namesakes, and of the language that it cannot write."""
        remarks = []
        if named_question is not None and named_question.namesakes:
            titles = listed([f"“{paper.title}” ({paper.paper_id})" for paper in named_question.namesakes], language)
            remarks.append(say("namesakes" if named_question.told_apart else "shared_name", language, papers=titles))
        if language != ENGLISH and self._model.kind is ModelKind.EXTRACTIVE:
            remarks.append(say("quotes", language))
        return tuple(remarks)

    async def _surveyed(self, understood: ParsedQuery, papers: int) -> AsyncGenerator[AnswerEvent, None]:
        """Gather more papers than one search brings, and answer in groups; few papers are answered from as usual."""
        from assistant.answering.survey.gathering import gather

        gathered = await gather(self._retriever.search, understood.query, understood.filters)
        named = [hit for hit in gathered.question_hits[:papers] if hit.named]
        about_named = named and not await asyncio.to_thread(wants_others, understood.english, named, self._aims)
        if len(gathered.hits) <= papers or about_named:
            answering = self._answered(understood, papers)
        else:
            yield Retrieved(gathered.hits, understood)
            retrieval = await self._doubted(understood, gathered.question_hits)
            answering = self._surveys.write(understood.english, gathered.hits, retrieval)
        async with aclosing(answering) as events:
            async for event in events:
                yield event

    async def _doubted(self, understood: ParsedQuery, hits: tuple[Hit, ...]) -> RetrievalResult:
        """Papers that were searched may miss the question; those that were only listed are what was asked for."""
        return await self._retrieval_of(understood.query, hits, user_selected=not understood.query.strip())

    async def _retrieval_of(self, query: str, hits: tuple[Hit, ...], *, user_selected: bool) -> RetrievalResult:
        return RetrievalResult(query, hits, await self._retriever.weights(query), user_selected)

    def _overview_task(
        self,
        question: str,
        papers: Sequence[StoredPaper],
        messages: Callable[[Sequence[NumberedSource]], tuple[Message, ...]],
    ) -> GenerationTask:
        """What the papers say, each whole as far as they fit; nothing that they could fail to tell."""

        def pack(tokens: int) -> tuple[PackedEvidence, tuple[Message, ...]]:
            whole = whole_evidence(papers, tokens)
            evidence = replace(whole, quotes=summary_quotes(whole.sources))
            return evidence, messages(evidence.sources)

        outputs = -(-len(papers) // _PAPERS_AN_OUTPUT)
        return GenerationTask(question, pack, self._pipeline.context_tokens, outputs=outputs)

    async def _question_task(
        self, understood: ParsedQuery, retrieval: RetrievalResult, passages: tuple[Passage, ...] | None = None
    ) -> GenerationTask:
        """A question about what was found, for which ``passages`` are quoted; those that answer without."""
        hits, english = retrieval.hits, understood.english
        papers, scores = [hit.paper for hit in hits], {hit.paper.paper_id: hit.score for hit in hits}
        scored = await asyncio.to_thread(self._ranker.scored, english, [paper.paper for paper in papers])
        if passages is None and retrieval.query.strip():
            passages = await asyncio.to_thread(answering_passages, papers, scored, scores)
        question, language = understood.question, understood.language
        kind = QuestionKind.of(retrieval.names) if retrieval.names else QuestionKind.OPEN

        def pack(tokens: int) -> tuple[PackedEvidence, tuple[Message, ...]]:
            whole = self._asking.hosted
            evidence = whole_evidence(papers, tokens) if whole else pack_evidence(hits, by_paper(scored), tokens)
            quotes = quotes_of(passages or (), evidence.sources) or summary_quotes(evidence.sources)
            messages = self._asking.ask(evidence.sources, question, language, kind)
            return replace(evidence, quotes=quotes), messages

        remarks = self._remarks(language)
        return GenerationTask(
            question, pack, self._pipeline.evidence_tokens, retrieval, remarks=remarks, language=language
        )


def _is_survey(understood: ParsedQuery) -> bool:
    from assistant.retrieval.query import is_survey

    return bool(understood.query.strip()) and not understood.newest and is_survey(understood.query)


def _with_titles(question: str, hits: Sequence[Hit]) -> str:
    """What is searched for papers like those of a question: its words and their whole titles."""
    return " ".join((question, *(hit.paper.title for hit in hits)))
