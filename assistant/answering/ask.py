"""Answering a question from the library, and summarizing chosen papers together."""

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from assistant.answering.answer import AnswerEvent, Packed, Retrieved, Source, Writer
from assistant.answering.attribution import Attributor
from assistant.answering.packing import PackedEvidence, pack_evidence, whole_evidence
from assistant.answering.prompts import Prompt
from assistant.answering.salience import salient_sentences
from assistant.answering.writer import Assignment, write_answer
from assistant.errors import ModelError, NothingFound
from assistant.library.filters import Filters
from assistant.library.values import LibraryPaper
from assistant.models.base import Message, ModelKind, Quote, WritingModel, WritingRequest
from assistant.retrieval.evidence import EvidenceRanker
from assistant.retrieval.search import Hit, HybridSearch

_TEMPLATE_MARGIN_TOKENS = 64
_TIGHTER = 0.8
_SMALLEST_EVIDENCE_TOKENS = 64


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


class Asker:
    """Answers from papers with one model."""

    def __init__(
        self,
        search: HybridSearch,
        ranker: EvidenceRanker,
        model: WritingModel,
        settings: AskSettings,
        prompts: Callable[[str], Prompt],
    ) -> None:
        self._search = search
        self._ranker = ranker
        self._model = model
        self._settings = settings
        self._prompts = prompts

    async def ask(
        self, question: str, filters: Filters, papers: int | None = None
    ) -> AsyncGenerator[AnswerEvent, None]:
        """Answer a question: `Retrieved`, `Packed`, then text, then `Finished`.

        Raises `NothingFound` when no paper passes the filters, `ModelError` when the model fails before any text.
        """
        hits = await self._search.search_async(question, filters, papers or self._settings.papers)
        if not hits:
            raise NothingFound(
                "No paper of the library fits the question.", "run `assistant sync`, or widen the filters"
            )
        yield Retrieved(tuple(hits))
        async with aclosing(self.answer_from(question, hits)) as events:
            async for event in events:
                yield event

    async def answer_from(self, question: str, hits: Sequence[Hit]) -> AsyncGenerator[AnswerEvent, None]:
        """Answer from these papers, best first; a second question about them reuses what the model has read."""
        ranked = await self._ranker.rank_async(question, [hit.paper.paper for hit in hits])
        prompt = self._prompts("ask")
        budget = self._settings.evidence_tokens(self._model.kind)

        def packed(tokens: int) -> PackedEvidence:
            return pack_evidence(hits, ranked, tokens)

        def messages(evidence: PackedEvidence) -> tuple[Message, ...]:
            return prompt.render(sources=evidence.text, question=question)

        async with aclosing(self._write(question, packed, messages, budget)) as events:
            async for event in events:
                yield event

    async def summarize(self, papers: Sequence[LibraryPaper]) -> AsyncGenerator[AnswerEvent, None]:
        """Summarize the papers together, each whole as far as they fit."""
        prompt = self._prompts("summarize")
        budget = self._model.context_tokens

        def packed(tokens: int) -> PackedEvidence:
            whole = whole_evidence(papers, tokens)
            return PackedEvidence(whole.sources, tuple(_summary_quotes(whole.sources)), whole.left_out)

        def messages(evidence: PackedEvidence) -> tuple[Message, ...]:
            return prompt.render(sources=evidence.text)

        title = "; ".join(paper.paper.title for paper in papers)
        async with aclosing(self._write(title, packed, messages, budget)) as events:
            async for event in events:
                yield event

    async def _write(
        self,
        question: str,
        packed: Callable[[int], PackedEvidence],
        messages: Callable[[PackedEvidence], tuple[Message, ...]],
        budget: int,
    ) -> AsyncGenerator[AnswerEvent, None]:
        evidence, prompt, prompt_tokens = await self._within_context(packed, messages, budget)
        yield Packed(evidence.sources, evidence.left_out, prompt_tokens, Writer(self._model.name, self._model.kind))
        request = WritingRequest(
            prompt,
            quotes=evidence.quotes,
            max_output_tokens=self._settings.max_output_tokens,
            temperature=self._settings.temperature,
        )
        assignment = Assignment(question, evidence.sources, evidence.left_out)
        attributor = Attributor(evidence.sources)
        async with aclosing(write_answer(self._model, request, assignment, attributor)) as events:
            async for event in events:
                yield event

    async def _within_context(
        self,
        packed: Callable[[int], PackedEvidence],
        messages: Callable[[PackedEvidence], tuple[Message, ...]],
        budget: int,
    ) -> tuple[PackedEvidence, tuple[Message, ...], int]:
        """Evidence that fits the model's context by the model's own count, packed tighter until it does."""
        room = self._model.context_tokens - self._settings.max_output_tokens - _TEMPLATE_MARGIN_TOKENS
        tokens = min(budget, room)
        while tokens >= _SMALLEST_EVIDENCE_TOKENS:
            evidence = packed(tokens)
            prompt = messages(evidence)
            counted = await self._model.count_tokens(prompt)
            if counted <= room:
                return evidence, prompt, counted
            tokens = int(tokens * _TIGHTER)
        raise ModelError(
            f"The question and one source do not fit the context of {self._model.name} "
            f"({self._model.context_tokens} tokens).",
            "Ask a shorter question, lower answers.max_output_tokens, or take a model with a larger context.",
        )


def _summary_quotes(sources: Sequence[Source]) -> list[Quote]:
    return [
        Quote(source.number, sentence.text)
        for source in sources
        for sentence in salient_sentences(source.paper.paper.title, source.paper.paper.abstract, 3)
    ]
