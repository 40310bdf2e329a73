"""A survey answered: the papers grouped, one paragraph a group, every sentence checked like any other answer.

A hosted model writes of all groups at once. For the others a paragraph is one sentence of each of its papers, in the
groups that the papers' own words make: see `PaperwiseModel`.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace

from assistant.answering.answerability.refusal import RetrievalResult
from assistant.answering.context_packing import PackedEvidence
from assistant.answering.generation_cache import CachedGenerator, GenerationCache, remembering
from assistant.answering.pipeline import AnswerPipeline, AskSettings, GenerationTask
from assistant.answering.prompts import Prompt
from assistant.answering.question_prompt import QuestionPrompts
from assistant.answering.summaries import PaperSummarizer, quoted_sentences
from assistant.answering.survey.grouping import Approach, grouped_approaches
from assistant.answering.survey.packing import Part, pack_survey
from assistant.answering.values import AnswerEvent
from assistant.models import (
    ChatModel,
    Completed,
    GenerationRequest,
    Judge,
    Judgement,
    Message,
    ModelEvent,
    ModelKind,
    TextDelta,
    Usage,
    WrappedModel,
)
from assistant.retrieval import EvidenceRanker, Hit

Parts = Mapping[tuple[Message, ...], tuple[Part, ...]]
_LOCAL_EVIDENCE_TOKENS = 1100
"""For twelve papers: each one's title and about two sentences; a local model reads it in ten to twenty seconds."""
_PAPERS = {ModelKind.HOSTED: 20, ModelKind.LOCAL: 12, ModelKind.EXTRACTIVE: 12}
_OUTPUTS = 2


class PaperwiseModel(WrappedModel):
    """Writes a request that has ``parts`` part by part, and any other one as it is.

    A part is its name and the first checked sentence of each of its papers' summaries, as a digest has them.
    ``parts`` is looked up by the whole prompt, and may be filled until the request comes.
    """

    def __init__(self, model: ChatModel, summarizer: PaperSummarizer, parts: Parts) -> None:
        super().__init__(model)
        self._summarizer = summarizer
        self._parts = parts

    @property
    def fingerprint(self) -> str:
        """What its texts depend on."""
        return f"{self._model.fingerprint}-paperwise"

    async def stream(self, request: GenerationRequest) -> AsyncGenerator[ModelEvent, None]:
        """Write; yields `TextDelta`, then one `Completed` over all papers. Raises `ModelError`."""
        parts = self._parts.get(request.messages)
        if parts is None:
            async with aclosing(self._model.stream(request)) as events:
                async for event in events:
                    yield event
            return
        before = self._summarizer.used
        for place, part in enumerate(parts):
            paragraph_break = "\n\n" if place else ""
            yield TextDelta(f"{paragraph_break}**{part.name}**\n")
            for source in part.sources:
                summary = await self._summarizer.summarize(source)
                own_words = summary.quoted or self.kind is ModelKind.EXTRACTIVE
                sentences = quoted_sentences(source, 1) if own_words else summary.sentences
                if sentences:
                    yield TextDelta(f"{' ' if source is not part.sources[0] else ''}{sentences[0].text}")
        used = self._summarizer.used
        yield Completed(Usage(used.prompt_tokens - before.prompt_tokens, used.output_tokens - before.output_tokens))


class JudgingPaperwiseModel(PaperwiseModel):
    """The same for a model that can be asked for judgements."""

    def __init__(self, model: ChatModel, judge: Judge, summarizer: PaperSummarizer, parts: Parts) -> None:
        super().__init__(model, summarizer, parts)
        self._judge = judge

    async def judge(self, judgements: Sequence[Judgement]) -> list[tuple[float, ...] | None]:
        """The model's own judgements."""
        return await self._judge.judge(judgements)


class SurveyWriter:
    """Writes surveys with one model: a hosted one gets all in one prompt, the others paper after paper."""

    def __init__(
        self,
        ranker: EvidenceRanker,
        model: ChatModel,
        settings: AskSettings,
        prompts: Callable[[str], Prompt],
        cache: GenerationCache | None = None,
    ) -> None:
        """With a ``cache`` a survey that was written before is not written again."""
        self._ranker = ranker
        self._model = model
        self._settings = settings
        self._prompts = prompts
        self._cache = cache

    async def write(
        self, question: str, hits: Sequence[Hit], retrieval: RetrievalResult | None = None
    ) -> AsyncGenerator[AnswerEvent, None]:
        """Yield `Packed`, the text as it comes, and `Finished`; ``hits`` are the papers gathered, best first.

        ``retrieval`` is what the question's own search brought; with it the question may be refused. Raises
        `ModelError` when the model fails before any text or the request does not fit its context.
        """
        approaches = await self.grouped(question, hits)
        grouped_papers = sum(len(approach.hits) for approach in approaches)
        left_out = tuple(hit.paper.title for hit in hits[grouped_papers:])
        async with aclosing(self.write_groups(question, approaches, retrieval, left_out=left_out)) as events:
            async for event in events:
                yield event

    async def grouped(self, question: str, hits: Sequence[Hit], papers: int | None = None) -> tuple[Approach, ...]:
        """The first ``papers`` in groups; as many as suit the model when no number is given."""
        return await asyncio.to_thread(grouped_approaches, question, hits[: papers or _PAPERS[self._model.kind]])

    async def write_groups(
        self,
        question: str,
        approaches: Sequence[Approach],
        retrieval: RetrievalResult | None = None,
        *,
        numbers: Mapping[str, int] | None = None,
        left_out: tuple[str, ...] = (),
        outputs: int = _OUTPUTS,
    ) -> AsyncGenerator[AnswerEvent, None]:
        """As `write`, for papers that are grouped; ``numbers`` by paper id are theirs where they have some already.

        ``outputs`` multiplies the longest answer.
        """
        parts: dict[tuple[Message, ...], tuple[Part, ...]] = {}
        task = await self._task(question, approaches, parts, retrieval, numbers)
        composer = AnswerPipeline(self._writing_model(parts), self._settings, self._prompts, self._ranker.embedder)
        packed = replace(task, outputs=outputs, pack=lambda tokens: _with_left_out(task.pack(tokens), left_out))
        async with aclosing(composer.write(packed)) as events:
            async for event in events:
                yield event

    async def _task(
        self,
        question: str,
        approaches: Sequence[Approach],
        parts: dict[tuple[Message, ...], tuple[Part, ...]],
        retrieval: RetrievalResult | None,
        numbers: Mapping[str, int] | None,
    ) -> GenerationTask:
        papers = [hit.paper.paper for approach in approaches for hit in approach.hits]
        ranked = await self._ranker.rank_async(question, papers)
        asking = QuestionPrompts(self._model.kind, self._prompts)

        def pack(tokens: int) -> tuple[PackedEvidence, tuple[Message, ...]]:
            survey = pack_survey(question, approaches, ranked, asking, tokens, numbers)
            parts[survey.messages] = survey.parts
            return survey.evidence, survey.messages

        return GenerationTask(question, pack, self._budget, retrieval)

    @property
    def _budget(self) -> int:
        own = self._settings.evidence_tokens(self._model.kind)
        return max(own, _LOCAL_EVIDENCE_TOKENS) if self._model.kind is ModelKind.LOCAL else own

    def _writing_model(self, parts: dict[tuple[Message, ...], tuple[Part, ...]]) -> ChatModel:
        if self._model.kind is ModelKind.HOSTED:
            return self._model if self._cache is None else remembering(self._model, self._cache)
        generator = CachedGenerator(self._model, self._cache or _NothingKept())
        summarizer = PaperSummarizer(generator, self._prompts("paper"))
        writing = (
            JudgingPaperwiseModel(self._model, self._model, summarizer, parts)
            if isinstance(self._model, Judge)
            else PaperwiseModel(self._model, summarizer, parts)
        )

        def of_papers(request: GenerationRequest) -> list[Message]:
            sources = [source for part in parts.get(request.messages, ()) for source in part.sources]
            return [message for source in sources for message in summarizer.prompt_for(source)]

        return writing if self._cache is None else remembering(writing, self._cache, of_papers)


class _NothingKept:
    """A cache for one survey, in which no paper is asked for twice."""

    def generation(self, key: str) -> None:
        """There is nothing."""
        del key

    def remember_generation(self, key: str, text: str, model: str) -> None:
        """Forget it."""
        del key, text, model


def _with_left_out(
    packed: tuple[PackedEvidence, tuple[Message, ...]], left_out: tuple[str, ...]
) -> tuple[PackedEvidence, tuple[Message, ...]]:
    evidence, messages = packed
    return replace(evidence, left_out=left_out), messages
