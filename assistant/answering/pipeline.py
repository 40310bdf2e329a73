"""From a task to its answer: the prompt packed into the model's context, the decision to answer, the checked text."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass

from assistant.answering.answerability.gates import Sufficiency
from assistant.answering.answerability.refusal import (
    AnswerabilityGate,
    RetrievalResult,
    refusal_events,
    refusal_of,
    refused,
)
from assistant.answering.context_packing import PackedEvidence
from assistant.answering.generation import AnswerContext, write_answer
from assistant.answering.prompts import Prompt
from assistant.answering.values import AnswerEvent, ModelInfo, Packed, Refusal
from assistant.answering.verification.checker import SupportChecker, Verifier
from assistant.answering.verification.review import ModelVerifier
from assistant.answering.verification.revision import AnswerReviser, CheckMode, SentenceRepairer
from assistant.errors import ModelError
from assistant.language import ENGLISH
from assistant.models import ChatModel, GenerationRequest, Judge, Message, ModelKind
from assistant.retrieval import SentenceEmbedder

_TEMPLATE_MARGIN_TOKENS = 64
_TIGHTER = 0.8
_SMALLEST_EVIDENCE_TOKENS = 64

Pack = Callable[[int], tuple[PackedEvidence, tuple[Message, ...]]]


@dataclass(frozen=True, slots=True)
class AskSettings:
    """Limits of an answer: papers given, tokens of evidence by kind of model, tokens written; and how it is checked.

    ``samples`` answers are written and the best supported one is shown. With ``judge`` the model is asked where the
    cheap checks cannot decide; with ``refuse`` questions that the papers do not answer get no answer. A ``verifier``
    reads every claim together with its evidence.
    """

    papers: int
    hosted_evidence_tokens: int
    local_evidence_tokens: int
    max_output_tokens: int
    temperature: float
    check: CheckMode = CheckMode.MARK
    samples: int = 1
    judge: bool = True
    refuse: bool = False
    verifier: Verifier | None = None

    def evidence_tokens(self, kind: ModelKind) -> int:
        """Tokens of evidence for a model: much for a hosted one, little where reading takes time."""
        return self.local_evidence_tokens if kind is ModelKind.LOCAL else self.hosted_evidence_tokens


@dataclass(frozen=True, slots=True)
class GenerationTask:
    """A text to be written: how its prompt is packed, for about how many tokens of evidence.

    With ``retrieval`` it answers a question, which may be refused. ``outputs`` multiplies the longest answer, for texts
    about many papers, as far as half the context goes. ``remarks`` are lines of the program behind the answer, in the
    ``language`` of the question as all that it says.
    """

    question: str
    pack: Pack
    budget: int
    retrieval: RetrievalResult | None = None
    outputs: int = 1
    remarks: tuple[str, ...] = ()
    language: str = ENGLISH


@dataclass(frozen=True, slots=True)
class _PackedPrompt:
    """A task's prompt within the model's context."""

    evidence: PackedEvidence
    prompt: tuple[Message, ...]
    prompt_tokens: int
    output_tokens: int


class AnswerPipeline:
    """Writes tasks with one model; ``embedder`` lets the checks see what sentences mean."""

    def __init__(
        self,
        model: ChatModel,
        settings: AskSettings,
        prompts: Callable[[str], Prompt],
        embedder: SentenceEmbedder | None = None,
    ) -> None:
        self._model = model
        self._settings = settings
        self._embedder = embedder
        judge = model if settings.judge and isinstance(model, Judge) else None
        self.gate = AnswerabilityGate(judge, prompts, embedder)
        verifier = ModelVerifier(model, judge, prompts) if judge else None
        self._reviser = AnswerReviser(settings.check, verifier, SentenceRepairer(model, verifier, prompts))

    @property
    def evidence_tokens(self) -> int:
        """Tokens of evidence that suit the model."""
        return self._settings.evidence_tokens(self._model.kind)

    @property
    def refuses(self) -> bool:
        """Whether questions that the papers do not answer get no answer."""
        return self._settings.refuse

    @property
    def context_tokens(self) -> int:
        """Tokens that the model holds."""
        return self._model.context_tokens

    async def decide(self, task: GenerationTask) -> Refusal | None:
        """Whether the papers of a task do not answer it; nothing is written. Raises `ModelError`."""
        ready = await self._ready(task)
        sufficiency = await self._sufficiency(task, ready)
        if sufficiency is None or sufficiency.sufficient:
            return None
        return refusal_of(task.question, ready.evidence.sources, sufficiency, task.language)

    async def write(self, task: GenerationTask) -> AsyncGenerator[AnswerEvent, None]:
        """Yield `Packed`, the text as it comes, and `Finished`.

        Raises `ModelError` when the model fails before any text or the request does not fit its context.
        """
        ready = await self._ready(task)
        evidence, writer = ready.evidence, ModelInfo(self._model.name, self._model.kind)
        yield Packed(evidence.sources, evidence.left_out, ready.prompt, ready.prompt_tokens, writer)
        sufficiency = await self._sufficiency(task, ready) if self._settings.refuse else None
        if sufficiency is not None and not sufficiency.sufficient:
            for refusal in refusal_events(refused(task.question, evidence.sources, sufficiency, writer, task.language)):
                yield refusal
            return
        request = GenerationRequest(
            ready.prompt,
            quotes=evidence.quotes,
            max_output_tokens=ready.output_tokens,
            temperature=self._settings.temperature,
        )
        assignment = AnswerContext(
            task.question,
            evidence.sources,
            evidence.left_out,
            sufficiency.missing if sufficiency else (),
            task.remarks,
            task.language,
            self._settings.refuse,
            sufficiency.about if sufficiency else (),
        )
        checker = await asyncio.to_thread(SupportChecker, evidence.sources, self._embedder, self._settings.verifier)
        warming = asyncio.create_task(asyncio.to_thread(checker.warm))  # while the model reads the prompt
        writing = write_answer(self._model, request, assignment, checker, self._reviser, samples=self._settings.samples)
        try:
            async with aclosing(writing) as events:
                async for event in events:
                    yield event
        finally:
            warming.cancel()
            await asyncio.gather(warming, return_exceptions=True)  # the check itself tells when it fails

    async def _sufficiency(self, task: GenerationTask, ready: _PackedPrompt) -> Sufficiency | None:
        if task.retrieval is None or not task.retrieval.query.strip():
            return None
        return await self.gate.sufficiency(task.retrieval, ready.evidence.sources)

    async def _ready(self, task: GenerationTask) -> _PackedPrompt:
        """Evidence that fits the model's context by the model's own count, packed tighter until it does."""
        longest = self._settings.max_output_tokens
        output_tokens = max(min(longest * task.outputs, self._model.context_tokens // 2), longest)
        room = self._model.context_tokens - output_tokens - _TEMPLATE_MARGIN_TOKENS
        tokens = min(max(task.budget, _SMALLEST_EVIDENCE_TOKENS), room)
        while tokens >= _SMALLEST_EVIDENCE_TOKENS:
            evidence, prompt = task.pack(tokens)
            counted = await self._model.count_tokens(prompt)
            if counted <= room:
                return _PackedPrompt(evidence, prompt, counted, output_tokens)
            tokens = int(tokens * _TIGHTER)
        raise ModelError(
            f"The question and one source do not fit the context of {self._model.name} "
            f"({self._model.context_tokens} tokens).",
            "Ask a shorter question, lower answers.max_output_tokens, or take a model with a larger context.",
        )
