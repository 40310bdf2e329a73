"""Models behind an OpenAI-compatible server, by the openai package: OpenAI, vLLM, Ollama, llama.cpp and others."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from typing import TYPE_CHECKING, Any, cast

from assistant import __version__
from assistant.errors import ModelError
from assistant.models import hosted_errors
from assistant.models.base import Completed, Judgement, Message, ModelEvent, ModelKind, TextDelta, WritingRequest
from assistant.models.hosted_answer import StreamedAnswer
from assistant.models.hosted_judging import ChoiceReader
from assistant.models.hosted_request import REASONING_TOKENS, refused_parameter, request_parameters
from assistant.models.hosted_server import HostedModelSettings, server_of
from assistant.models.tokens import TokenCounter, counter_for

if TYPE_CHECKING:
    from openai import APIStatusError, AsyncOpenAI, AsyncStream
    from openai.types.chat import ChatCompletionChunk

_CONNECT_SECONDS = 10.0
_TOKENS_PER_MESSAGE = 4
_TOKENS_PER_PROMPT = 3
_JUDGEMENTS_AT_ONCE = 4
_JUDGEMENT_TOKENS = 4  # the word, and what servers put before it
_NECESSARY_HEADERS = frozenset(
    ("host", "accept", "accept-encoding", "authorization", "connection", "content-length", "content-type", "user-agent")
)


class HostedModel:
    """A model of an OpenAI-compatible server.

    Failures before the first piece of text are retried by the client, with back-off and ``Retry-After``; later
    ones never. Of the headers that the client would send (system, Python version) only those that HTTP needs
    leave the machine. A server on this machine is never asked through a proxy; others are, as the environment says.
    """

    kind = ModelKind.HOSTED

    def __init__(self, settings: HostedModelSettings) -> None:
        """Nothing is sent and nothing imported yet.

        Raises:
            ConfigError: ``base_url`` is no http address.
            ModelMissing: the server is not on this machine and there is no key, or what there is cannot be one.
        """
        self._settings = settings
        self._server = server_of(settings)
        self.name = settings.model
        self.context_tokens = settings.context_tokens
        self.fingerprint = f"hosted:{self._server.address}:{settings.model}"
        self._client: AsyncOpenAI | None = None
        self._connecting = asyncio.Lock()
        self._counter: TokenCounter | None = None
        self._refused: set[str] = set()

    async def count_tokens(self, messages: Sequence[Message]) -> int:
        """Tokens of the messages with the few that the chat format adds; an upper estimate for unknown models.

        Format: https://cookbook.openai.com/examples/how_to_count_tokens_with_tiktoken (three tokens a message, one
        for the role, three for the answer's beginning).
        """
        counter = await self._token_counter()
        texts = sum(counter.count(message.content) for message in messages)
        return texts + _TOKENS_PER_MESSAGE * len(messages) + _TOKENS_PER_PROMPT

    @property
    def hidden_output_tokens(self) -> int:
        """The room that a reasoning model gets for its thoughts; 0 for the others."""
        return REASONING_TOKENS if self._server.reasons else 0

    async def stream(self, request: WritingRequest) -> AsyncGenerator[ModelEvent, None]:
        """Write; ``request.grammar`` is not for hosted models. Closing the iterator closes the connection.

        Raises:
            ModelMissing: the server does not know the model.
            ModelUnavailable: it refuses, fails, is silent or unreadable before any text came.
            ModelInterrupted: the same, after text came.
        """
        from openai import OpenAIError

        answer = StreamedAnswer()
        cut = False
        try:
            chunks = await self._open(request)
            try:
                visible = await self._visible_tokens(request)
                while not cut and (chunk := await self._next(chunks)) is not None:
                    if text := answer.take(chunk):
                        yield TextDelta(text)
                        cut = visible.spend(text)
            finally:
                await chunks.close()
        except (OpenAIError, TimeoutError, ValueError) as error:
            known = self._translated(error)
            raise (hosted_errors.interrupted(known) if answer.began else known) from error
        if not cut:
            self._check_finished(answer, chunks.response.headers.get("content-type", "nothing"))
        yield Completed(answer.usage, truncated=cut or answer.finish == "length")

    async def judge(self, judgements: Sequence[Judgement]) -> list[tuple[float, ...]]:
        """The probability of each choice; by the written word alone where the server tells no probabilities.

        A few are asked at a time. Raises what `stream` raises before any text came.
        """
        free = asyncio.Semaphore(_JUDGEMENTS_AT_ONCE)

        async def in_turn(judgement: Judgement) -> tuple[float, ...]:
            async with free:
                return await self._judged(judgement)

        tasks = [asyncio.create_task(in_turn(judgement)) for judgement in judgements]
        try:
            return await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def aclose(self) -> None:
        """Close the connections."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    async def _judged(self, judgement: Judgement) -> tuple[float, ...]:
        from openai import OpenAIError

        answer, choice = StreamedAnswer(), ChoiceReader(judgement.choices)
        request = WritingRequest(judgement.messages, max_output_tokens=_JUDGEMENT_TOKENS)
        try:
            chunks = await self._open(request, judging=True)
            try:
                while (chunk := await self._next(chunks)) is not None:
                    choice.take(chunk, answer.take(chunk))
            finally:
                await chunks.close()
        except (OpenAIError, TimeoutError, ValueError) as error:
            raise self._translated(error) from error
        return choice.probabilities

    async def _open(self, request: WritingRequest, *, judging: bool = False) -> "AsyncStream[ChatCompletionChunk]":
        """Send the request; without a parameter, or with its other name, where the server refuses it."""
        from openai import BadRequestError, UnprocessableEntityError

        client = await self._connected()
        while True:
            parameters = request_parameters(self._server, request, self._refused, judging=judging)
            try:
                return cast("AsyncStream[ChatCompletionChunk]", await client.chat.completions.create(**parameters))
            except (BadRequestError, UnprocessableEntityError) as error:
                name = refused_parameter(parameters, error.param, _words(error) or error.message)
                if name is None or name in self._refused:
                    raise
                self._refused.add(name)

    async def _next(self, chunks: "AsyncStream[ChatCompletionChunk]") -> "ChatCompletionChunk | None":
        async with asyncio.timeout(self._settings.timeout_seconds):
            return await anext(chunks, None)

    async def _connected(self) -> "AsyncOpenAI":
        async with self._connecting:
            if self._client is None:
                # The import takes half a second, and the certificates some more.
                self._client = await asyncio.to_thread(self._make_client)
            return self._client

    def _make_client(self) -> "AsyncOpenAI":
        import openai

        settings = self._settings
        key = self._server.key or "none"
        timeout = openai.Timeout(settings.timeout_seconds, connect=min(settings.timeout_seconds, _CONNECT_SECONDS))
        return openai.AsyncOpenAI(
            base_url=settings.base_url,
            api_key=key,
            timeout=timeout,
            max_retries=settings.max_retries,
            default_headers={"Authorization": f"Bearer {key}", "User-Agent": f"daily-papers-assistant/{__version__}"},
            http_client=openai.DefaultAsyncHttpxClient(
                timeout=timeout,
                trust_env=not self._server.is_local,
                event_hooks={"request": [_keep_necessary_headers]},
            ),
        )

    async def _token_counter(self) -> TokenCounter:
        if self._counter is None:
            settings = self._settings
            self._counter = await asyncio.to_thread(counter_for, settings.model, settings.bpe_folder, settings.encoding)
        return self._counter

    async def _visible_tokens(self, request: WritingRequest) -> "_VisibleTokens":
        counter = await self._token_counter() if self._server.reasons else None
        return _VisibleTokens(counter, request.max_output_tokens)

    def _check_finished(self, answer: StreamedAnswer, content_type: str) -> None:
        if answer.finish is None:
            if answer.began:
                raise hosted_errors.interrupted(hosted_errors.cut_off(self._server))
            raise hosted_errors.unreadable(self._server, f"it sent {content_type} without an answer")
        if answer.finish == "content_filter":
            filtered = hosted_errors.filtered(self._server)
            raise hosted_errors.interrupted(filtered) if answer.began else filtered
        if not answer.began and answer.finish == "length":
            raise hosted_errors.only_reasoned(self._server, answer.reasoning_tokens)

    def _translated(self, error: Exception) -> ModelError:
        import openai

        match error:
            case TimeoutError() | openai.APITimeoutError():
                return hosted_errors.timed_out(self._server, self._settings.timeout_seconds)
            case openai.APIConnectionError():
                return hosted_errors.unreachable(self._server, str(error.__cause__ or error))
            case openai.APIStatusError():
                return hosted_errors.refused(self._server, error.status_code, _words(error))
            case openai.APIError():
                return hosted_errors.failed(self._server, error.message)
            case _:
                return hosted_errors.unreadable(self._server, "a piece of the stream is damaged")


class _VisibleTokens:
    """The limit on text where the server's own limit holds hidden reasoning too; else the server keeps it."""

    def __init__(self, counter: TokenCounter | None, limit: int) -> None:
        self._counter = counter
        self._left = limit

    def spend(self, text: str) -> bool:
        """Whether the limit is reached with this text."""
        if self._counter is None:
            return False
        self._left -= self._counter.count(text)
        return self._left <= 0


async def _keep_necessary_headers(request: Any) -> None:
    """Drop what the client adds about this machine and what it reads from OPENAI_* variables."""
    for name in set(request.headers) - _NECESSARY_HEADERS:
        del request.headers[name]


def _words(error: "APIStatusError") -> str:
    """What the server says, if it says it in JSON: error pages of proxies are no words for the reader."""
    if isinstance(error.body, dict):
        message = error.body.get("message")
        return message if isinstance(message, str) else ""
    is_json = "json" in error.response.headers.get("content-type", "")
    return error.body if isinstance(error.body, str) and is_json else ""
