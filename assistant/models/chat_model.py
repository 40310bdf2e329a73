"""What every writing model is to the rest of the program: one asynchronous stream of events.

A model gets a `GenerationRequest` and yields `TextDelta` as text comes and `Completed` once at the end; `TextWithdrawn`
takes back what came before it. What a model thinks is no text (see `assistant.models.answer_text`). Closing the
iterator stops the model promptly, also while it still reads the prompt. Failures are errors of the `ModelError`
branch; after text has come, `ModelInterrupted`.
"""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, Protocol, runtime_checkable

from assistant.papers import printable


class ModelKind(StrEnum):
    """Where the text is written."""

    HOSTED = "hosted"
    LOCAL = "local"
    EXTRACTIVE = "extractive"


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the prompt, in the chat roles that OpenAI-compatible servers and GGUF templates share."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Quote:
    """Neighbouring sentences of a source that may stand as the answer: its number, from 1, and the exact text."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class GenerationRequest:
    """What a model is asked to write.

    ``messages`` is the whole prompt. ``quotes`` are the evidence sentences behind it, best first: the extractive
    model writes from these alone and reads no prompt. ``grammar`` is GBNF and holds local models only; ``json_schema``,
    the text of a JSON Schema, hosted ones, as far as their server knows it.
    ``max_output_tokens`` is a hard limit. ``temperature`` 0 is greedy.
    """

    messages: tuple[Message, ...]
    quotes: tuple[Quote, ...] = ()
    max_output_tokens: int = 512
    temperature: float = 0.0
    seed: int = 0
    grammar: str | None = None
    json_schema: str | None = None


@dataclass(frozen=True, slots=True)
class TextDelta:
    """The next piece of text; never empty."""

    text: str


@dataclass(frozen=True, slots=True)
class TextWithdrawn:
    """All text of this request so far was no answer: the model turned out to have been thinking aloud."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens read and written; ``cached_tokens`` of the prompt were reused from an earlier one."""

    prompt_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0

    def __add__(self, other: "Usage") -> "Usage":
        """The tokens of both."""
        return Usage(
            self.prompt_tokens + other.prompt_tokens,
            self.output_tokens + other.output_tokens,
            self.cached_tokens + other.cached_tokens,
        )


@dataclass(frozen=True, slots=True)
class Completed:
    """The model finished; ``truncated`` when it stopped at the output limit and not by itself."""

    usage: Usage
    truncated: bool = False


ModelEvent = TextDelta | TextWithdrawn | Completed


@dataclass(frozen=True, slots=True)
class Judgement:
    """A question to a model whose answer is one of ``choices``: single lower-case words that begin differently.

    One that ``continues`` begins like the request that is written before or after it, which a local model then reads
    once for both; the others leave what was read of a conversation in place.
    """

    messages: tuple[Message, ...]
    choices: tuple[str, ...] = ("yes", "no")
    continues: bool = False


@runtime_checkable
class Judge(Protocol):
    """A model that can be asked for a judgement and tells how sure it is; models that only quote cannot."""

    async def judge(self, judgements: Sequence[Judgement]) -> list[tuple[float, ...] | None]:
        """The probability of each choice, in its order, for each judgement; those of one sum to 1.

        None where the model did not choose: it wrote something else, or its answer was cut off. That is not an even
        chance, and is neither kept nor counted. Prompts that begin alike should stand next to each other. Raises
        `ModelError`.
        """
        ...


@runtime_checkable
class ThinkingModel(Protocol):
    """A model that may write tokens which it does not show, and which are paid for."""

    @property
    def hidden_output_tokens(self) -> int:
        """The most that it may write unseen beside each text; 0 for one that does not think."""
        ...


class ChatModel(Protocol):
    """A language model, or what stands in for one.

    ``name`` says which one wrote ("gpt-5-mini", "qwen2.5-coder-1.5b"). ``fingerprint`` changes whenever the same
    prompt may give another text (name, file hash, server); cached summaries are kept by it.
    ``context_tokens`` holds prompt and output together.
    """

    @property
    def kind(self) -> ModelKind:
        """Where it writes."""
        ...

    @property
    def name(self) -> str:
        """How it is called."""
        ...

    @property
    def fingerprint(self) -> str:
        """What its texts depend on."""
        ...

    @property
    def context_tokens(self) -> int:
        """Tokens of prompt and output together."""
        ...

    async def count_tokens(self, messages: Sequence[Message]) -> int:
        """Tokens that the messages take in this model's context, its chat template included."""
        ...

    def stream(self, request: GenerationRequest) -> AsyncGenerator[ModelEvent, None]:
        """Write; yields `TextDelta`, then one `Completed`. Close the iterator (``aclose``) to stop."""
        ...

    async def aclose(self) -> None:
        """Free the file, the thread or the connection; the model is not used afterwards."""
        ...


class WrappedModel:
    """Says of itself what the model behind it says, and writes as that one does; it belongs to who gave it."""

    def __init__(self, model: ChatModel) -> None:
        self._model = model

    @property
    def kind(self) -> ModelKind:
        """Where it writes."""
        return self._model.kind

    @property
    def name(self) -> str:
        """How the model behind it is called."""
        return self._model.name

    @property
    def fingerprint(self) -> str:
        """What its texts depend on."""
        return self._model.fingerprint

    @property
    def context_tokens(self) -> int:
        """Tokens of prompt and output together."""
        return self._model.context_tokens

    async def count_tokens(self, messages: Sequence[Message]) -> int:
        """Tokens that the messages take in the model's context."""
        return await self._model.count_tokens(messages)

    def stream(self, request: GenerationRequest) -> AsyncGenerator[ModelEvent, None]:
        """Write as the model behind it does."""
        return self._model.stream(request)

    async def aclose(self) -> None:
        """The model behind it stays open for others."""


async def whole_text(model: ChatModel, request: GenerationRequest) -> tuple[str, Usage]:
    """What the model writes, and the tokens that it says it took. Raises `ModelError`."""
    text, usage = "", Usage()
    async with aclosing(model.stream(request)) as events:
        async for event in events:
            match event:
                case TextDelta(piece):
                    text += printable(piece)
                case TextWithdrawn():
                    text = ""
                case Completed(usage):
                    pass
    return text, usage
