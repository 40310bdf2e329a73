"""Models behind an OpenAI-compatible server, by the openai package: OpenAI, vLLM, Ollama, llama.cpp and others."""

import asyncio
import os
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, aclosing
from typing import TYPE_CHECKING, Any, cast

from assistant._version import __version__
from assistant.errors import ConfigError, ModelCrowdedOut, ModelError, ModelUnavailable
from assistant.models.answer_marks import UNMARKED_NAMES
from assistant.models.answer_text import AnswerFilter
from assistant.models.chat_model import (
    Completed,
    GenerationRequest,
    Judgement,
    Message,
    ModelEvent,
    ModelKind,
    TextDelta,
    TextWithdrawn,
    Usage,
)
from assistant.models.hosted import errors as hosted_errors
from assistant.models.hosted.errors import refused
from assistant.models.hosted.events import ResponseEvents, with_attributes
from assistant.models.hosted.request import (
    REASONING_TOKENS,
    RequestQueue,
    RequestSlot,
    ServerTraits,
    about_parameters,
    asks_too_much,
    refused_part,
    request_parameters,
)
from assistant.models.hosted.response import (
    LIMIT_REACHED,
    ChoiceAnswer,
    ChoiceReader,
    StreamedAnswer,
    VisibleTokens,
)
from assistant.models.hosted.server import HostedModelSettings, server_of
from assistant.models.hosted.words import ServerFailure, is_failure, server_words
from assistant.models.tokens import TokenCounter, counter_for
from assistant.proxies import Proxy, proxy_for

if TYPE_CHECKING:
    from openai import AsyncOpenAI, AsyncStream

    from assistant.transport import RoutedTransport

_CONNECT_SECONDS = 10.0
_TOKENS_PER_MESSAGE = 4
_TOKENS_PER_PROMPT = 3
_JUDGEMENTS_AT_ONCE = 4
_JUDGEMENT_TOKENS = 4  # the word, and what servers put before it
_LEAST_ROOM = 256
_PROXY_WANTS_USER = 407
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
        self._traits = ServerTraits(f"{self._server.address} {settings.model}", settings.traits_file)
        self._queue = RequestQueue()

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
        """The room that a model gets for its thoughts: OpenAI's by their names, others once they were seen to think."""
        return REASONING_TOKENS if self._server.reasons or self._traits.thinks else 0

    async def stream(self, request: GenerationRequest) -> AsyncGenerator[ModelEvent, None]:
        """Write; ``request.grammar`` is not for hosted models. Closing the iterator closes the connection.

        A model that only thinks up to its limit is asked once more, with room for it, and a server that ends the
        request for another one before any text once more alone.

        Raises:
            ModelMissing: the server does not know the model.
            ModelUnavailable: it refuses, fails, is silent or unreadable before any text came, or no text comes.
            ModelInterrupted: the same, after text came.
            ModelCrowdedOut: the server ended it for another request of ours; from now on they wait for each other.
        """
        room, spent, is_again = self.hidden_output_tokens, Usage(), False
        while True:
            answer = self._new_answer()
            try:
                async with self._queue.slot() as slot, aclosing(self._written(request, answer, room, slot)) as events:
                    async for event in events:
                        yield event
            except ModelCrowdedOut:
                self._queue.one_by_one()
                if answer.began or is_again:
                    raise
                is_again = True
                continue
            self._learn(answer)
            spent += answer.usage
            if answer.began:
                break
            limit = request.max_output_tokens + room
            if room or not (answer.only_thought and answer.used_up(limit)):
                raise hosted_errors.without_text(self._server, answer, limit)
            room = REASONING_TOKENS
        yield Completed(spent, truncated=answer.truncated)

    async def _written(
        self, request: GenerationRequest, answer: StreamedAnswer, room: int, slot: RequestSlot
    ) -> AsyncGenerator[TextDelta | TextWithdrawn, None]:
        """The text of one reply, noted in ``answer``."""
        try:
            events = await self._open(request, room=room)
            try:
                visible = await self._visible_tokens(request, room)
                while not answer.ended_early and (chunk := await self._next(events, answer)) is not None:
                    for event in answer.take(chunk):
                        yield event
                    if visible.reached(answer.text):
                        answer.finish = LIMIT_REACHED
                        break
            finally:
                await events.aclose()
            answer.complete = events.complete or answer.ended_early
        except _failures() as error:
            for event in answer.close():
                yield event
            model_error = self._translated(error)
            raise (hosted_errors.interrupted(model_error) if answer.began else model_error) from error
        if slot.crowded and not answer.ended_early and answer.finish is None and answer.usage == Usage():
            raise hosted_errors.crowded_out(self._server)
        for event in answer.close():
            yield event
        hosted_errors.check_finished(self._server, answer, events.content_type)

    async def judge(self, judgements: Sequence[Judgement]) -> list[tuple[float, ...] | None]:
        """The probability of each choice; by the written word alone where the server tells no probabilities.

        A few are asked at a time. Where an answer was cut off, this server is asked one by one from then on, and
        for that answer again. Raises what `stream` raises before any text came.
        """
        answers = await self._choices(judgements)
        cut = [place for place, answer in enumerate(answers) if answer.cut]
        if cut:
            self._queue.one_by_one()
            again = await self._choices([judgements[place] for place in cut])
            for place, answer in zip(cut, again, strict=True):
                answers[place] = answer
        return [answer.probabilities for answer in answers]

    async def aclose(self) -> None:
        """Close the connections."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    async def _choices(self, judgements: Sequence[Judgement]) -> list[ChoiceAnswer]:
        free = asyncio.Semaphore(_JUDGEMENTS_AT_ONCE)

        async def in_slot(judgement: Judgement) -> ChoiceAnswer:
            async with free, self._queue.slot():
                return await self._judged(judgement)

        tasks = [asyncio.create_task(in_slot(judgement)) for judgement in judgements]
        try:
            return await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _judged(self, judgement: Judgement) -> ChoiceAnswer:
        request = GenerationRequest(judgement.messages, max_output_tokens=_JUDGEMENT_TOKENS)
        room = self.hidden_output_tokens
        answer, choice = self._new_answer(), ChoiceReader(judgement.choices)
        await self._heard(request, answer, choice, room)
        if answer.only_thought and answer.thought and answer.used_up(_JUDGEMENT_TOKENS) and not room:
            answer, choice = self._new_answer(), ChoiceReader(judgement.choices)
            await self._heard(request, answer, choice, REASONING_TOKENS)
        return ChoiceAnswer(choice.probabilities, finished=answer.finish is not None)

    async def _heard(self, request: GenerationRequest, answer: StreamedAnswer, choice: ChoiceReader, room: int) -> None:
        """Read one reply to a judgement: its probabilities are those of the answer's words, not of the thoughts'."""
        judged_chunks: list[tuple[object, bool]] = []
        try:
            events = await self._open(request, room=room, judging=True)
            try:
                while (chunk := await self._next(events, answer)) is not None:
                    answer.take(chunk)
                    judged_chunks.append((chunk, answer.began))
            finally:
                await events.aclose()
        except _failures() as error:
            raise self._translated(error) from error
        answer.complete = events.complete
        answer.close()
        self._learn(answer)
        for chunk, is_answer in judged_chunks:
            if is_answer or not answer.thought:
                choice.take(with_attributes(chunk), "")
        choice.take(None, answer.text)

    async def _open(self, request: GenerationRequest, *, room: int, judging: bool = False) -> ResponseEvents:
        """Send the request; without a part of it, or with its other name, where the server refuses it.

        Where its context is too small for the ``room`` to think, there is less.
        """
        refused = self._traits.refused
        while True:
            parameters = request_parameters(self._server, request, refused, room=room, judging=judging)
            try:
                return await self._sent(parameters)
            except ServerFailure as failure:
                words = server_words(failure.body)
                status = failure.status or words.status
                if room and about_parameters(status) and asks_too_much(words):
                    room = room // 4 if room > _LEAST_ROOM else 0
                    continue
                name = refused_part(parameters, words, status)
                if name is None or name in refused:
                    raise
                refused.add(name)

    async def _sent(self, parameters: dict[str, Any]) -> ResponseEvents:
        """The response, whose first event is no failure: some servers tell theirs with status 200."""
        from openai import APIStatusError

        client = await self._connected()
        try:
            chunks = cast("AsyncStream[object]", await client.chat.completions.create(**parameters))
        except APIStatusError as error:
            raise ServerFailure(error.status_code, error.response.text) from error
        events = ResponseEvents(chunks.response)
        async with AsyncExitStack() as closing:
            closing.push_async_callback(events.aclose)
            await self._next(events)
            closing.pop_all()  # it stays open for who reads on
        return events

    async def _next(self, events: ResponseEvents, answer: StreamedAnswer | None = None) -> object:
        """What comes next of an answer; without one the first event, which comes again."""
        async with asyncio.timeout(self._settings.timeout_seconds):
            event = await (events.next() if answer else events.peek())
        if is_failure(event, is_finished=answer is not None and answer.finish is not None):
            raise ServerFailure(None, event)
        return event

    def _new_answer(self) -> StreamedAnswer:
        suspected = UNMARKED_NAMES.search(self.name) is not None
        return StreamedAnswer(AnswerFilter(unmarked=self._traits.unmarked, suspected=suspected))

    def _learn(self, answer: StreamedAnswer) -> None:
        self._traits.learn(thinks=answer.thought, unmarked=answer.reading.unmarked)

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
                transport=self._transport(),
                trust_env=False,
                event_hooks={"request": [_keep_necessary_headers]},
            ),
        )

    def _transport(self) -> "RoutedTransport":
        """The way to the server, by the proxies and certificates that the environment names for it."""
        from assistant.transport import RoutedTransport

        transport = RoutedTransport(os.environ)
        try:
            transport.prepare(self._settings.base_url)
        except ConfigError as error:
            message = f"{self._server.host} cannot be reached: {error.message}"
            raise ModelUnavailable(message, error.remedy) from error
        return transport

    async def _token_counter(self) -> TokenCounter:
        if self._counter is None:
            settings = self._settings
            self._counter = await asyncio.to_thread(counter_for, settings.model, settings.bpe_folder, settings.encoding)
        return self._counter

    async def _visible_tokens(self, request: GenerationRequest, room: int) -> VisibleTokens:
        return VisibleTokens(await self._token_counter() if room else None, request.max_output_tokens)

    def _translated(self, error: Exception) -> ModelError:
        import httpx2
        import openai

        proxy = proxy_for(self._settings.base_url, os.environ)
        match error:
            case ServerFailure():
                return self._refused(error, proxy)
            case TimeoutError() | openai.APITimeoutError() | httpx2.TimeoutException():
                return hosted_errors.timed_out(self._server, self._settings.timeout_seconds, proxy)
            case openai.APIConnectionError() | httpx2.HTTPError():
                return hosted_errors.unreachable(self._server, str(error.__cause__ or error), proxy)
            case openai.APIError():
                return hosted_errors.failed(self._server, error.message)
            case _:
                return hosted_errors.unreadable(self._server, "a piece of the stream is damaged")

    def _refused(self, failure: ServerFailure, proxy: Proxy | None) -> ModelError:
        words = server_words(failure.body)
        status = failure.status or words.status
        if status == _PROXY_WANTS_USER and proxy is not None:
            reason = f"{words.text or 'it wants a user and a password'} ({status})"
            return hosted_errors.unreachable(self._server, reason, proxy)
        if status is None:
            return hosted_errors.failed(self._server, words.text)
        return refused(self._server, status, words)


async def _keep_necessary_headers(request: Any) -> None:
    """Drop what the client adds about this machine and what it reads from OPENAI_* variables."""
    for name in set(request.headers) - _NECESSARY_HEADERS:
        del request.headers[name]


def _failures() -> tuple[type[Exception], ...]:
    """What reading a response may raise; the packages are imported late."""
    import httpx2
    from openai import OpenAIError

    return OpenAIError, httpx2.HTTPError, TimeoutError, ValueError, ServerFailure
