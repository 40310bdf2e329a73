"""Ideas on a topic: papers gathered, proposals asked for with their probabilities in one call, the unlikely ones kept.

Asking one text for several proposals and how likely each is ("verbalized sampling", Zhang et al. 2025,
arXiv:2510.01171) gives more different ones than asking several times; benchmarks/ideas.py measures it here.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace

from assistant.answering import GenerationCache, ModelInfo, NumberedSource, PackedEvidence, Prompt, remembering
from assistant.answering.answerability import RetrievalResult, about_topic, refused
from assistant.answering.survey import gather, spread_evidence
from assistant.errors import ModelError, ModelInterrupted
from assistant.models import (
    ChatModel,
    Completed,
    GenerationRequest,
    Message,
    ModelKind,
    TextDelta,
    TextWithdrawn,
    Usage,
)
from assistant.reports.ideas.parser import read_candidates
from assistant.reports.ideas.selection import chosen_ideas
from assistant.reports.ideas.values import (
    Candidate,
    CandidateWritten,
    IdeaEvent,
    IdeaRequest,
    Ideas,
    IdeasFinished,
    IdeasRefused,
    IdeasStarted,
)
from assistant.retrieval import EvidenceRanker, Hit, PaperRetriever, QueryRequest
from assistant.retrieval.query import ParsedQuery

_PAPERS = {ModelKind.HOSTED: 16, ModelKind.LOCAL: 8}
_EVIDENCE_TOKENS = {ModelKind.HOSTED: 4000, ModelKind.LOCAL: 900}
_SMALLEST_EVIDENCE_TOKENS = 200
_TIGHTER = 0.8
_MORE = 3
"""Candidates asked for beyond the ideas wanted: some repeat others, some have no grounds."""
_TOKENS_A_CANDIDATE = 130
_MARGIN_TOKENS = 64
_TEMPERATURE = 1.0
_FEWEST_CANDIDATES = 2
_NO_IDEAS = "take a larger model: --model with an asset's name, a GGUF path or a hosted model's name"


@dataclass(frozen=True, slots=True)
class _Written:
    """What a model wrote for one request."""

    candidates: tuple[Candidate, ...]
    usage: Usage
    incomplete: str | None


@dataclass(frozen=True, slots=True)
class _Ready:
    """A request that fits the model's context, and the sources in it."""

    sources: tuple[NumberedSource, ...]
    request: GenerationRequest


class IdeaProposer:
    """Proposes research directions with one model; what it wrote for the same request before is taken again."""

    def __init__(
        self,
        retriever: PaperRetriever,
        ranker: EvidenceRanker,
        model: ChatModel,
        prompts: Callable[[str], Prompt],
        cache: GenerationCache | None = None,
        *,
        refuse: bool = True,
    ) -> None:
        """Without ``refuse`` ideas are written also for a topic that the papers do not seem to be about."""
        self._retriever = retriever
        self._ranker = ranker
        self._model = model if cache is None else remembering(model, cache)
        self._prompts = prompts
        self._refuse = refuse

    async def propose(self, request: IdeaRequest) -> AsyncGenerator[IdeaEvent, None]:
        """Yield `IdeasStarted`, progress, and `IdeasFinished`; for a topic of which nothing is known a refusal.

        Raises `NothingFound` when no paper fits, and `ModelError` for a model that only quotes, that fails before any
        text, or whose text holds no two proposals, also when it is asked a second time.
        """
        if self._model.kind is ModelKind.EXTRACTIVE:
            raise ModelError(f"{self._model.name} only quotes; it has no ideas.", f"To get some, {_NO_IDEAS}.")
        understood = await self._retriever.parse_query(QueryRequest(request.topic, request.filters))
        retrieval, hits = await self._retrieved(understood)
        number = request.number + _MORE
        ready = await self._ready(request, understood, hits, number)
        writer = ModelInfo(self._model.name, self._model.kind)
        sufficiency = about_topic(retrieval)
        if self._refuse and not sufficiency.sufficient:
            answer = refused(request.topic, ready.sources, sufficiency, writer)
            yield IdeasRefused(replace(answer, understood=understood))
            return
        yield IdeasStarted(ready.sources, writer, number, understood)
        written: _Written | None = None
        async with aclosing(self._written(ready.request)) as steps:
            async for step in steps:
                if isinstance(step, _Written):
                    written = step
                else:
                    yield CandidateWritten(step)
        assert written is not None  # noqa: S101  # the last step
        embedder = self._ranker.embedder
        ideas, dropped = await asyncio.to_thread(
            chosen_ideas, written.candidates, ready.sources, embedder, request.number
        )
        count = len(written.candidates)
        yield IdeasFinished(
            Ideas(
                request.topic, ideas, ready.sources, writer, count, dropped, written.usage, understood,
                written.incomplete,
            )
        )  # fmt: skip

    async def _retrieved(self, understood: ParsedQuery) -> tuple[RetrievalResult, tuple[Hit, ...]]:
        """What the topic's own search says of it, and the papers to build on."""
        limit = _PAPERS[self._model.kind]
        query = understood.query.strip()
        weights = await self._retriever.weights(query)
        if query and not understood.newest:
            gathered = await gather(self._retriever.search, query, understood.filters, limit=limit)
            if gathered.hits:
                return RetrievalResult(query, gathered.question_hits, weights), gathered.hits
        hits = tuple(await self._retriever.find(understood, limit))
        return RetrievalResult(query, hits, weights, user_selected=not query), hits

    async def _ready(self, request: IdeaRequest, understood: ParsedQuery, hits: Sequence[Hit], number: int) -> _Ready:
        """Sentences of every paper, fewer and fewer until the request fits; then fewer papers."""
        papers = [hit.paper for hit in hits]
        ranked = await self._ranker.rank_async(understood.query or request.topic, [paper.paper for paper in papers])
        output = number * _TOKENS_A_CANDIDATE
        room = self._model.context_tokens - _MARGIN_TOKENS
        tokens = _EVIDENCE_TOKENS[self._model.kind]
        while papers and tokens >= _SMALLEST_EVIDENCE_TOKENS:
            sources = spread_evidence(papers, ranked, tokens)
            messages = self._messages(sources, request.topic, number)
            if await self._model.count_tokens(messages) + output <= room:
                grammar = _grammar(number) if self._model.kind is ModelKind.LOCAL else None
                generation = GenerationRequest(
                    messages,
                    max_output_tokens=output,
                    temperature=_TEMPERATURE,
                    seed=request.seed,
                    grammar=grammar,
                )
                return _Ready(sources, generation)
            tokens = int(tokens * _TIGHTER)
            papers = papers[: max(1, len(papers) - 1)]
        raise ModelError(
            f"{number} proposals and their papers do not fit the context of {self._model.name} "
            f"({self._model.context_tokens} tokens).",
            "Ask for fewer with --number, write a shorter topic, or take a model with a larger context.",
        )

    def _messages(self, sources: tuple[NumberedSource, ...], topic: str, number: int) -> tuple[Message, ...]:
        text = PackedEvidence(sources, ()).text
        return self._prompts("ideas").render(sources=text, topic=topic, number=str(number))

    async def _written(self, request: GenerationRequest) -> AsyncGenerator["int | _Written", None]:
        """The number of candidates that can be read by now, and all of them last; asks again when there are too few."""
        usage = Usage()
        for attempt in range(2):
            text, incomplete, done = "", None, 0
            again = replace(request, seed=request.seed + attempt)
            try:
                async with aclosing(self._model.stream(again)) as events:
                    async for event in events:
                        match event:
                            case TextDelta(piece):
                                text += piece
                                if "\n" in piece and (count := len(read_candidates(text, whole=False))) > done:
                                    done = count
                                    yield done
                            case TextWithdrawn():
                                text, done = "", 0
                            case Completed(used, truncated):
                                usage += used
                                incomplete = "the model stopped at its output limit" if truncated else None
            except ModelInterrupted as error:
                incomplete = error.message
            candidates = read_candidates(text, whole=incomplete is None)
            if len(candidates) >= _FEWEST_CANDIDATES:
                yield _Written(candidates, usage, incomplete)
                return
        raise ModelError(
            f"{self._model.name} wrote nothing that reads as proposals with probabilities, asked twice.",
            f"Small models cannot always do this; {_NO_IDEAS}.",
        )


def _grammar(candidates: int) -> str:
    """The form of the prompt as GBNF: small models lose it otherwise. All text in it has an end."""
    items = " ".join(f'"{number}. " item' for number in range(1, candidates + 1))
    return (
        f"root ::= {items}\n"
        'item ::= "Title: " [A-Za-z] [^\\n]{8,90} "\\nIdea: " [A-Z] [A-Za-z] [^\\n]{60,420} "\\nProbability: 0."'
        ' [0-9] [0-9] "\\n\\n"\n'
    )
