"""Papers and models that say what a test wants; no model of theirs is under test."""

from collections.abc import AsyncGenerator, Callable, Sequence

from assistant.answering.values import NumberedSource
from assistant.library.records import StoredPaper
from assistant.models.chat_model import (
    Completed,
    GenerationRequest,
    Judgement,
    Message,
    ModelEvent,
    ModelKind,
    TextDelta,
    Usage,
)
from assistant.papers import Author, Paper, Provenance
from assistant.sentences import split_sentences

FOO = "FooNet prunes attention heads during training. It cuts memory by 37% on ImageNet. Accuracy stays at 81.2%."
BAR = "BarBench tests agents on kitchen robots. It has 450 tasks in 12 homes. The best agent solves 23% of them."
BAZ = "BazSpeech clones voices from three seconds of audio. Listeners prefer it in 68% of trials over VoxClone."


def paper(paper_id: str = "2601.00001", title: str = "FooNet: Pruning Heads", abstract: str = FOO) -> StoredPaper:
    """A paper of the library with five upvotes."""
    return StoredPaper(
        Paper(paper_id, title, abstract, Provenance.EXPORT, authors=(Author("Ada Lovelace"),)), upvotes=5
    )


def three_papers() -> list[StoredPaper]:
    """Three papers that share no word that matters."""
    return [
        paper(),
        paper("2601.00002", "BarBench: Agents in Kitchens", BAR),
        paper("2601.00003", "BazSpeech: Cloning Voices", BAZ),
    ]


def sources(papers: Sequence[StoredPaper] | None = None) -> tuple[NumberedSource, ...]:
    """The papers as whole sources, numbered from 1."""
    stored = papers if papers is not None else three_papers()
    return tuple(NumberedSource(n, p, split_sentences(p.paper.abstract)) for n, p in enumerate(stored, start=1))


class ScriptedModel:
    """Writes what a function of the request says, word by word, and keeps the requests."""

    name = "scripted"
    fingerprint = "scripted-1"

    def __init__(
        self,
        write: Callable[[GenerationRequest], str],
        *,
        kind: ModelKind = ModelKind.LOCAL,
        context_tokens: int = 4096,
        fails_with: Exception | None = None,
        truncated: bool = False,
    ) -> None:
        self.kind = kind
        self.context_tokens = context_tokens
        self.requests: list[GenerationRequest] = []
        self.closed_early = False
        self._write = write
        self._fails_with = fails_with
        self._truncated = truncated

    async def count_tokens(self, messages: Sequence[Message]) -> int:
        return sum(len(message.content) // 4 + 4 for message in messages)

    async def stream(self, request: GenerationRequest) -> AsyncGenerator[ModelEvent, None]:
        self.requests.append(request)
        try:
            for word in self._write(request).split(" "):
                yield TextDelta(word + " ")
            if self._fails_with:
                raise self._fails_with
            yield Completed(Usage(10, 5), truncated=self._truncated)
        except GeneratorExit:
            self.closed_early = True
            raise

    async def aclose(self) -> None:
        pass


class ScriptedJudge(ScriptedModel):
    """A scripted model that is asked for judgements too; ``judge_by`` gives the probability of the first choice."""

    def __init__(
        self,
        write: Callable[[GenerationRequest], str],
        judge_by: Callable[[Judgement], float],
        *,
        kind: ModelKind = ModelKind.LOCAL,
    ) -> None:
        super().__init__(write, kind=kind)
        self.judgements: list[Judgement] = []
        self._judge_by = judge_by

    async def judge(self, judgements: Sequence[Judgement]) -> list[tuple[float, ...] | None]:
        self.judgements.extend(judgements)
        probabilities: list[tuple[float, ...] | None] = []
        for judgement in judgements:
            first = self._judge_by(judgement)
            others = len(judgement.choices) - 1
            probabilities.append((first, *[(1 - first) / others] * others))
        return probabilities


class MemoryCache:
    """A generation cache that ends with the test."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}

    def generation(self, key: str) -> str | None:
        return self.texts.get(key)

    def remember_generation(self, key: str, text: str, model: str) -> None:
        self.texts[key] = text
