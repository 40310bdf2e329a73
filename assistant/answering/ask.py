"""Answering questions from the library, further questions on the same papers, and summarizing chosen papers."""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Protocol

from assistant.answering.answer import AnswerEvent, Packed, Retrieved, Source, Writer
from assistant.answering.attribution import Attributor
from assistant.answering.packing import PackedEvidence, further_evidence, pack_evidence, source_block, whole_evidence
from assistant.answering.prompts import Prompt
from assistant.answering.salience import salient_sentences
from assistant.answering.writer import Assignment, write_answer
from assistant.errors import ModelError, NothingFound
from assistant.library.filters import Filters
from assistant.library.values import LibraryPaper
from assistant.models.base import Message, ModelKind, Quote, WritingModel, WritingRequest
from assistant.retrieval.evidence import EvidenceRanker
from assistant.retrieval.search import Hit
from assistant.sentences import Sentence

_TEMPLATE_MARGIN_TOKENS = 64
_TIGHTER = 0.8
_SMALLEST_EVIDENCE_TOKENS = 64
_FOLLOW_UP_SHARE = 10
_MOST_QUOTES = 4
_QUOTES_IN_A_SUMMARY = 9
_PAPERS_AN_OUTPUT = 4

Pack = Callable[[int], tuple[PackedEvidence, tuple[Message, ...]]]


@dataclass(frozen=True, slots=True)
class AskSettings:
    """Limits of an answer: papers given, tokens of evidence by kind of model, tokens written."""

    papers: int
    hosted_evidence_tokens: int
    local_evidence_tokens: int
    max_output_tokens: int
    temperature: float

    def evidence_tokens(self, kind: ModelKind) -> int:
        """Tokens of evidence for a model: much for a hosted one, little where reading takes time."""
        return self.local_evidence_tokens if kind is ModelKind.LOCAL else self.hosted_evidence_tokens


class PaperSearch(Protocol):
    """What finds papers for a question."""

    async def search_async(self, query: str, filters: Filters, limit: int) -> list[Hit]:
        """At most ``limit`` papers that pass the filters, best first."""
        ...


class Asker:
    """Answers from papers with one model.

    Every method yields `Packed`, text, and `Finished` last, and raises `ModelError` when the model fails before any
    text or the request does not fit its context.
    """

    def __init__(
        self,
        search: PaperSearch,
        ranker: EvidenceRanker,
        model: WritingModel,
        settings: AskSettings,
        prompts: Callable[[str], Prompt],
    ) -> None:
        self._search = search
        self._ranker = ranker
        self._word_ranker = EvidenceRanker()
        self._model = model
        self._settings = settings
        self._prompts = prompts

    @property
    def _budget(self) -> int:
        return self._settings.evidence_tokens(self._model.kind)

    async def ask(
        self, question: str, filters: Filters, papers: int | None = None
    ) -> AsyncGenerator[AnswerEvent, None]:
        """Answer a question from the library; `Retrieved` comes first.

        Raises `NothingFound` when no paper fits.
        """
        hits = await self._search.search_async(question, filters, papers or self._settings.papers)
        if not hits:
            raise NothingFound(
                "No paper of the library fits the question.", "Run `assistant sync`, or widen the filters."
            )
        yield Retrieved(tuple(hits))
        async with aclosing(self.answer_from(question, hits)) as events:
            async for event in events:
                yield event

    async def answer_from(self, question: str, hits: Sequence[Hit]) -> AsyncGenerator[AnswerEvent, None]:
        """Answer from these papers, best first."""
        ranked = await self._ranker.rank_async(question, [hit.paper.paper for hit in hits])
        prompt = self._prompts("ask")

        def pack(tokens: int) -> tuple[PackedEvidence, tuple[Message, ...]]:
            evidence = pack_evidence(hits, ranked, tokens)
            evidence = replace(evidence, quotes=evidence.quotes[:_MOST_QUOTES])
            return evidence, prompt.render(sources=evidence.text, question=question)

        async with aclosing(self._write(question, pack, self._budget)) as events:
            async for event in events:
                yield event

    async def follow_up(
        self, question: str, conversation: Sequence[Message], sources: Sequence[Source]
    ) -> AsyncGenerator[AnswerEvent, None]:
        """Answer a further question on the same sources.

        ``conversation`` is the prompt of the last `Packed` and the answer to it: it stands unchanged at the beginning
        of the new prompt, so that a local model need not read it again.
        """
        ranked = self._word_ranker.rank(question, [source.paper.paper for source in sources])
        prompt = self._prompts("follow_up")

        def pack(tokens: int) -> tuple[PackedEvidence, tuple[Message, ...]]:
            further = further_evidence(sources, ranked, tokens)
            more = "\n\n".join(source_block(source) for source in further)
            messages = (*conversation, *prompt.render(more=more, question=question))
            return PackedEvidence(_with_further(sources, further), _best_quotes(sources, ranked)), messages

        async with aclosing(self._write(question, pack, self._budget // _FOLLOW_UP_SHARE)) as events:
            async for event in events:
                yield event

    async def summarize(self, papers: Sequence[LibraryPaper]) -> AsyncGenerator[AnswerEvent, None]:
        """Summarize the papers together, each whole as far as they fit."""
        prompt = self._prompts("summarize")

        def pack(tokens: int) -> tuple[PackedEvidence, tuple[Message, ...]]:
            whole = whole_evidence(papers, tokens)
            evidence = replace(whole, quotes=_summary_quotes(whole.sources))
            return evidence, prompt.render(sources=evidence.text)

        title = "; ".join(paper.paper.title for paper in papers)
        outputs = -(-len(papers) // _PAPERS_AN_OUTPUT)
        async with aclosing(self._write(title, pack, self._model.context_tokens, outputs)) as events:
            async for event in events:
                yield event

    async def _write(
        self, question: str, pack: Pack, budget: int, outputs: int = 1
    ) -> AsyncGenerator[AnswerEvent, None]:
        """``outputs`` multiplies the longest answer, for texts about many papers, as far as half the context goes."""
        output_tokens = min(self._settings.max_output_tokens * outputs, self._model.context_tokens // 2)
        output_tokens = max(output_tokens, self._settings.max_output_tokens)
        evidence, prompt, prompt_tokens = await self._within_context(pack, budget, output_tokens)
        writer = Writer(self._model.name, self._model.kind)
        yield Packed(evidence.sources, evidence.left_out, prompt, prompt_tokens, writer)
        request = WritingRequest(
            prompt,
            quotes=evidence.quotes,
            max_output_tokens=output_tokens,
            temperature=self._settings.temperature,
        )
        assignment = Assignment(question, evidence.sources, evidence.left_out)
        attributor = Attributor(evidence.sources)
        async with aclosing(write_answer(self._model, request, assignment, attributor)) as events:
            async for event in events:
                yield event

    async def _within_context(
        self, pack: Pack, budget: int, output_tokens: int
    ) -> tuple[PackedEvidence, tuple[Message, ...], int]:
        """Evidence that fits the model's context by the model's own count, packed tighter until it does."""
        room = self._model.context_tokens - output_tokens - _TEMPLATE_MARGIN_TOKENS
        tokens = min(max(budget, _SMALLEST_EVIDENCE_TOKENS), room)
        while tokens >= _SMALLEST_EVIDENCE_TOKENS:
            evidence, prompt = pack(tokens)
            counted = await self._model.count_tokens(prompt)
            if counted <= room:
                return evidence, prompt, counted
            tokens = int(tokens * _TIGHTER)
        raise ModelError(
            f"The question and one source do not fit the context of {self._model.name} "
            f"({self._model.context_tokens} tokens).",
            "Ask a shorter question, lower answers.max_output_tokens, or take a model with a larger context.",
        )


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
