"""Answering questions from the library, further questions on the same papers, and summarizing chosen papers."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Collection, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import date

from assistant.answering.answer import AnswerEvent, Finished, Refusal, Retrieved, Source
from assistant.answering.collection import answer_from_tables
from assistant.answering.composing import AskSettings, Composer, Task
from assistant.answering.named_papers import asks_beyond, compares, is_overview, with_names
from assistant.answering.packing import PackedEvidence, further_evidence, pack_evidence, source_block, whole_evidence
from assistant.answering.planning import ModelPlanner
from assistant.answering.prompts import Prompt
from assistant.answering.refusing import Found
from assistant.answering.salience import salient_sentences
from assistant.answering.survey.writing import SurveyWriter
from assistant.errors import NothingFound
from assistant.library.filters import Filters
from assistant.library.values import LibraryPaper
from assistant.models.base import Message, Quote, WritingModel
from assistant.retrieval.evidence import EvidenceRanker
from assistant.retrieval.finding import Asked, PaperFinder
from assistant.retrieval.search import Hit
from assistant.retrieval.understanding.understood import FilterKind, Understood
from assistant.sentences import Sentence

_FOLLOW_UP_SHARE = 10
_FOLLOW_UP_SHARE_WITH_MORE = 2
_MOST_JOINING = 2
_MOST_QUOTES = 4
_QUOTES_IN_A_SUMMARY = 9
_PAPERS_AN_OUTPUT = 4


class Asker:
    """Answers from papers with one model.

    Every method yields `Packed`, text, and `Finished` last, and raises `ModelError` when the model fails before any
    text or the request does not fit its context. A question that the papers do not answer gets a text that says so,
    and an answer with its ``refusal``.
    """

    def __init__(
        self,
        finder: PaperFinder,
        ranker: EvidenceRanker,
        model: WritingModel,
        settings: AskSettings,
        prompts: Callable[[str], Prompt],
    ) -> None:
        self._finder = finder
        self._ranker = ranker
        self._word_ranker = EvidenceRanker()
        self._composer = Composer(model, settings, prompts, ranker.embedder)
        self._surveys = SurveyWriter(ranker, model, settings, prompts)
        self._planner = ModelPlanner(finder, model, prompts)
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
        asked = Asked(question, filters, ignored, today)
        understood = await self._understood(asked)
        if understood.plan is None:
            understood = await self._planner.plan(asked) or understood
        answering: Callable[[Understood, int], AsyncGenerator[AnswerEvent, None]] = self._answered
        if understood.plan:
            answering = self.answer_plan
        elif understood.named:
            answering = self._answered_by_named
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
        understood = await self._understood(Asked(question, filters, (), today))
        if understood.plan:
            return None
        hits = tuple(await self._finder.find(understood, papers or self._papers))
        if understood.named:
            return await self._composer.decide(await self._task_of_chosen(question, hits))
        return await self._composer.decide(await self._question_task(question, await self._doubted(understood, hits)))

    async def would_answer(self, question: str) -> bool:
        """Whether a question gets an answer: from the tables, or from papers that the gates let pass."""
        understood = await self._understood(Asked(question, Filters()))
        if understood.plan:
            return (await self._finder.read_tables(understood.plan)).answers
        try:
            return await self.decide(question, Filters()) is None
        except NothingFound:
            return False

    async def answer_from(self, question: str, hits: Sequence[Hit]) -> AsyncGenerator[AnswerEvent, None]:
        """Answer from these papers, which the reader chose, best first; or tell what they say, when that is asked."""
        async with aclosing(self._composer.write(await self._task_of_chosen(question, hits))) as events:
            async for event in events:
                yield event

    async def follow_up(
        self,
        question: str,
        conversation: Sequence[Message],
        sources: Sequence[Source],
        *,
        about: Collection[int] = (),
        brings_in: str | None = None,
    ) -> AsyncGenerator[AnswerEvent, None]:
        """Answer a further question, made standalone, on the same sources.

        ``conversation`` is the prompt of the last `Packed` and the answer to it: it stands unchanged at the beginning
        of the new prompt, so that a local model need not read it again. ``about`` are the numbers of the sources that
        are meant, all when there are none. What the question ``brings_in`` is searched, and joins the sources.
        """
        joining = await self._joining(brings_in, sources) if brings_in else ()
        meant = [source for source in sources if not about or source.number in about] + list(joining)
        ranked = self._word_ranker.rank(question, [source.paper.paper for source in meant])
        prompt = self._prompts("follow_up")
        everything = (*sources, *joining)

        def pack(tokens: int) -> tuple[PackedEvidence, tuple[Message, ...]]:
            further = further_evidence(meant, ranked, tokens)
            given = {source.number for source in further}
            blocks = sorted((*further, *(s for s in joining if s.number not in given)), key=lambda s: s.number)
            more = "\n\n".join(source_block(source) for source in blocks)
            messages = (*conversation, *prompt.render(more=more, question=question))
            return PackedEvidence(_with_further(everything, further), _best_quotes(meant, ranked)), messages

        share = _FOLLOW_UP_SHARE_WITH_MORE if joining else _FOLLOW_UP_SHARE
        found = await self._read(question, (), chosen=True)
        task = Task(question, pack, self._composer.evidence_tokens // share, found)
        async with aclosing(self._composer.write(task)) as events:
            async for event in events:
                yield event

    async def summarize(self, papers: Sequence[LibraryPaper]) -> AsyncGenerator[AnswerEvent, None]:
        """Summarize the papers together, each whole as far as they fit."""
        task = self._overview_task("; ".join(paper.paper.title for paper in papers), papers, "summarize")
        async with aclosing(self._composer.write(task)) as events:
            async for event in events:
                yield event

    async def _joining(self, subject: str, sources: Sequence[Source]) -> tuple[Source, ...]:
        """Papers on a further subject, numbered behind the sources."""
        known = {source.paper.paper.paper_id for source in sources}
        found = await self._finder.search.search_async(subject, Filters(), _MOST_JOINING + len(known))
        new = [hit.paper for hit in found if hit.paper.paper.paper_id not in known][:_MOST_JOINING]
        last = max((source.number for source in sources), default=0)
        return tuple(Source(number, paper, ()) for number, paper in enumerate(new, start=last + 1))

    async def _answered(self, understood: Understood, papers: int) -> AsyncGenerator[AnswerEvent, None]:
        hits = tuple(await self._finder.find(understood, papers))
        yield Retrieved(hits, understood)
        task = await self._question_task(understood.question, await self._doubted(understood, hits))
        async with aclosing(self._composer.write(task)) as events:
            async for event in events:
                yield event

    def plan(self, question: str, filters: Filters) -> Understood | None:
        """A question about the collection with its plan; None for any other. Blocks."""
        return self._finder.plan(Asked(question, filters))

    async def answer_plan(self, understood: Understood, _: int = 0) -> AsyncGenerator[AnswerEvent, None]:
        """Answer a question about the collection from the tables; no model is asked."""
        assert understood.plan is not None  # noqa: S101  # only such come here
        result = await self._finder.read_tables(understood.plan)
        async with aclosing(answer_from_tables(understood, result)) as events:
            async for event in events:
                yield event

    async def _understood(self, asked: Asked) -> Understood:
        planned = await asyncio.to_thread(self._finder.plan, asked)
        return planned or await self._finder.understand(asked)

    async def _answered_by_named(self, understood: Understood, papers: int) -> AsyncGenerator[AnswerEvent, None]:
        """Answer from the papers that the question names; where it wants others like them, from those beside them."""
        named = tuple(await self._finder.find(understood, papers))
        question = with_names(understood.question, [hit.paper for hit in named])
        if asks_beyond(question):
            search = replace(understood, query=_with_titles(question, named), named=())
            known = {hit.paper.paper_id for hit in named}
            others = await self._finder.find(search, papers + len(named))
            hits = (*named, *(hit for hit in others if hit.paper.paper_id not in known))[: max(papers, len(named) + 1)]
            yield Retrieved(hits, understood)
            found = await self._read(search.query, hits, chosen=True)
            answering = self._composer.write(await self._question_task(question, found))
        else:
            yield Retrieved(named, understood)
            answering = self.answer_from(question, named)
        async with aclosing(answering) as events:
            async for event in events:
                yield event

    async def _surveyed(self, understood: Understood, papers: int) -> AsyncGenerator[AnswerEvent, None]:
        """Gather more papers than one search brings, and answer in groups; few papers are answered from as usual."""
        from assistant.answering.survey.gathering import gather

        gathered = await gather(self._finder.search, understood.query, understood.filters)
        if len(gathered.hits) <= papers:
            answering = self._answered(understood, papers)
        else:
            yield Retrieved(gathered.hits, understood)
            found = await self._doubted(understood, gathered.asked)
            answering = self._surveys.write(understood.question, gathered.hits, found)
        async with aclosing(answering) as events:
            async for event in events:
                yield event

    async def _doubted(self, understood: Understood, hits: tuple[Hit, ...]) -> Found:
        """Papers that were searched may miss the question; those that were only listed are what was asked for."""
        return await self._read(understood.query, hits, chosen=not understood.query.strip())

    async def _read(self, query: str, hits: tuple[Hit, ...], *, chosen: bool) -> Found:
        return Found(query, hits, await self._finder.weights(query), chosen)

    async def _task_of_chosen(self, question: str, hits: Sequence[Hit]) -> Task:
        papers = [hit.paper for hit in hits]
        asked = with_names(question, papers)
        if is_overview(asked, papers):
            return self._overview_task(asked, papers, "ask" if compares(asked, papers) else "summarize")
        return await self._question_task(asked, await self._read(asked, tuple(hits), chosen=True))

    def _overview_task(self, question: str, papers: Sequence[LibraryPaper], prompt_name: str) -> Task:
        """What the papers say, each whole as far as they fit; nothing that they could fail to tell."""
        prompt = self._prompts(prompt_name)

        def pack(tokens: int) -> tuple[PackedEvidence, tuple[Message, ...]]:
            whole = whole_evidence(papers, tokens)
            evidence = replace(whole, quotes=_summary_quotes(whole.sources))
            asked = {"question": question} if prompt_name == "ask" else {}
            return evidence, prompt.render(sources=evidence.text, **asked)

        outputs = -(-len(papers) // _PAPERS_AN_OUTPUT)
        return Task(question, pack, self._composer.context_tokens, outputs=outputs)

    async def _question_task(self, question: str, found: Found) -> Task:
        hits = found.hits
        ranked = await self._ranker.rank_async(question, [hit.paper.paper for hit in hits])
        prompt = self._prompts("ask")

        def pack(tokens: int) -> tuple[PackedEvidence, tuple[Message, ...]]:
            evidence = pack_evidence(hits, ranked, tokens)
            quotes = evidence.quotes[:_MOST_QUOTES] if found.query.strip() else _summary_quotes(evidence.sources)
            evidence = replace(evidence, quotes=quotes)
            return evidence, prompt.render(sources=evidence.text, question=question)

        return Task(question, pack, self._composer.evidence_tokens, found)


def _is_survey(understood: Understood) -> bool:
    from assistant.answering.survey.detection import is_survey

    return bool(understood.query.strip()) and not understood.newest and is_survey(understood.query)


def _with_titles(question: str, hits: Sequence[Hit]) -> str:
    """What is searched for papers like those of a question: its words and their whole titles."""
    return " ".join((question, *(hit.paper.title for hit in hits)))


def _with_further(sources: Sequence[Source], further: Sequence[Source]) -> tuple[Source, ...]:
    """The sources with the sentences that were given now beside those given before."""
    added = {source.number: source.given for source in further}
    return tuple(
        replace(source, given=tuple(sorted((*source.given, *added.get(source.number, ())), key=lambda s: s.start)))
        for source in sources
    )


def _best_quotes(sources: Sequence[Source], ranked: Mapping[str, Sequence[Sentence]]) -> tuple[Quote, ...]:
    """The best sentence of each source, for the extractive model."""
    return tuple(
        Quote(source.number, ranked[source.paper.paper.paper_id][0].text)
        for source in sources
        if ranked.get(source.paper.paper.paper_id)
    )


def _summary_quotes(sources: Sequence[Source]) -> tuple[Quote, ...]:
    """What summarizes each source in its own words, fewer sentences each when there are many."""
    each = max(1, _QUOTES_IN_A_SUMMARY // max(len(sources), 1))
    return tuple(
        Quote(source.number, sentence.text)
        for source in sources
        for sentence in salient_sentences(source.paper.paper.title, source.paper.paper.abstract, min(each, 3))
    )
