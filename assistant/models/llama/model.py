"""A GGUF model in this process: llama.cpp in one worker thread, its events in the caller's event loop.

Without a setting it takes as many threads as the processor has cores that this process may use.
"""

import asyncio
import codecs
import os
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path

from assistant.errors import ModelError, ModelInterrupted, ModelUnavailable
from assistant.models.answer_text import AnswerFilter
from assistant.models.chat_model import (
    Completed,
    GenerationRequest,
    Judgement,
    Message,
    ModelEvent,
    ModelKind,
    Usage,
)
from assistant.models.llama.bindings import StopFlag, Stopped
from assistant.models.llama.gguf import file_fingerprint, read_header
from assistant.models.llama.runtime import LlamaRuntime, RuntimeSettings

_MOST_THREADS = 8
_QUOTA = Path("/sys/fs/cgroup/cpu.max")
_TOPOLOGY = Path("/sys/devices/system/cpu")
_DEFAULT_CONTEXT_TOKENS = 8192
_BATCH_TOKENS = 64  # of 512, 128, 64, 32 the smallest that reads as fast as the larger ones (-2 %; 32: -15 %)
_THINKING_TOKENS = 2048
"""Room for thoughts beside the answer, as far as the context has it."""
JUDGING_TOKENS = 2048
"""The longest judgement."""
Post = Callable[[ModelEvent | None], None]


def auto_threads(quota_file: Path = _QUOTA, topology: Path = _TOPOLOGY) -> int:
    """The physical cores this process may use, at least 1 and at most 8.

    Two hardware threads of one core share its arithmetic units, so the second one only costs. Memory bandwidth
    ends the gain soon after 8. A container's quota counts as cores.
    """
    cores = _physical_cores(topology)
    quota = _quota_cores(quota_file)
    return max(1, min(cores, quota or cores, _MOST_THREADS))


def _physical_cores(topology: Path) -> int:
    usable = _usable_processors()
    try:
        siblings = {(topology / f"cpu{cpu}/topology/thread_siblings_list").read_text() for cpu in usable}
    except OSError:
        # Without Linux' own description: most processors with more than 4 hardware threads run two a core.
        return len(usable) if len(usable) <= 4 else len(usable) // 2
    return len(siblings)


def _usable_processors() -> set[int]:
    if hasattr(os, "sched_getaffinity"):
        return os.sched_getaffinity(0)
    return set(range(os.cpu_count() or 1))


def _quota_cores(quota_file: Path) -> int | None:
    """Cores of a cgroup v2 quota (``200000 100000`` is two); None without one."""
    try:
        quota, period = quota_file.read_text().split()
        return max(1, int(quota) // int(period))
    except (OSError, ValueError, ZeroDivisionError):
        return None


class LocalModel:
    """A model file on this machine.

    The file's header is read at once, so a missing or broken file is known early; the rest is loaded in the worker
    thread when it is first needed. Requests run one after the other. The prompt's part that is equal to the last
    request's is not read again, so prompts should differ late.
    """

    kind = ModelKind.LOCAL

    def __init__(
        self,
        path: Path,
        *,
        name: str | None = None,
        threads: int = 0,
        context_tokens: int = _DEFAULT_CONTEXT_TOKENS,
        batch_tokens: int = _BATCH_TOKENS,
    ) -> None:
        """``threads`` 0 takes the machine's cores. ``context_tokens`` is a cap; a model trained for less has less.

        Raises:
            ModelMissing: there is no such file.
            ModelUnavailable: it is no whole GGUF file.
        """
        trained = read_header(path).trained_context_tokens or context_tokens
        self.name = name or path.stem
        self.context_tokens = min(context_tokens, trained)
        self._path = path
        settings = RuntimeSettings(self.context_tokens, threads or auto_threads(), batch_tokens, JUDGING_TOKENS)
        self._runtime = LlamaRuntime(path, self.name, settings)
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="llama")
        self._running: set[StopFlag] = set()
        self._closed = False

    @cached_property
    def fingerprint(self) -> str:
        """The file's: name, size and a hash of both its ends."""
        return f"local:{file_fingerprint(self._path)}"

    async def count_tokens(self, messages: Sequence[Message]) -> int:
        """Tokens of the prompt by the model's own tokenizer and template; waits while the model writes."""
        tokens = await asyncio.get_running_loop().run_in_executor(
            self._worker, self._runtime.prompt_tokens, tuple(messages)
        )
        return len(tokens)

    async def stream(self, request: GenerationRequest) -> AsyncGenerator[ModelEvent, None]:
        """Write; closing the iterator stops the computation within milliseconds, wherever it is.

        Raises:
            ModelMissing: llama-cpp-python is not installed.
            ModelUnavailable: the file cannot be loaded, or memory is short.
            ModelError: the prompt is longer than the context.
            ModelInterrupted: the model was closed, or failed after text had come.
        """
        loop = asyncio.get_running_loop()
        events: asyncio.Queue[ModelEvent | None] = asyncio.Queue()
        stop = StopFlag()

        def post(event: ModelEvent | None) -> None:
            try:
                loop.call_soon_threadsafe(events.put_nowait, event)
            except RuntimeError:  # the loop is closed: nobody listens any more
                stop.set()

        self._running.add(stop)
        work = self._worker.submit(self._write, request, stop, post)
        work.add_done_callback(lambda _work: post(None))
        try:
            while (event := await events.get()) is not None:
                yield event
            work.result()
        except Stopped as stopped:
            raise ModelInterrupted(f"{self.name} was closed while it wrote.") from stopped
        finally:
            stop.set()
            work.cancel()
            self._running.discard(stop)

    async def judge(self, judgements: Sequence[Judgement]) -> list[tuple[float, ...] | None]:
        """The probability of each choice, read from the model's numbers; nothing is written.

        Judgements have a context of their own: what is held of a conversation stays. Cancelling stops within
        milliseconds. Raises what `stream` raises.
        """
        stop = StopFlag()
        self._running.add(stop)
        work = self._worker.submit(self._judge, tuple(judgements), stop)
        try:
            return await asyncio.wrap_future(work)
        except Stopped as stopped:
            raise ModelInterrupted(f"{self.name} was closed while it judged.") from stopped
        finally:
            stop.set()
            work.cancel()
            self._running.discard(stop)

    async def aclose(self) -> None:
        """Stop whatever runs, free the model and end the thread."""
        if self._closed:
            return
        self._closed = True
        for stop in self._running:
            stop.set()
        closing = self._worker.submit(self._runtime.close)
        self._worker.shutdown(wait=False)
        await asyncio.wrap_future(closing)

    def _write(self, request: GenerationRequest, stop: StopFlag, post: Post) -> None:
        """Run in the worker thread: post the events of one request."""
        stop.check()
        prompt = self._runtime.prompt_tokens(request.messages)
        room = self._room_after(prompt)
        cached = self._runtime.read(prompt, stop)
        reading = AnswerFilter(in_thought=self._runtime.opens_thought(prompt))
        try:
            written, truncated = self._answer(request, room, reading, stop, post)
        except ModelUnavailable as error:
            _post_all(reading.close(truncated=True), post)
            if reading.has_text:
                raise ModelInterrupted(error.message, error.remedy) from error
            raise
        _post_all(reading.close(truncated=truncated), post)
        if truncated and not reading.has_text and (reading.thought or reading.perhaps_thought):
            raise ModelUnavailable(
                f"The model {self.name} spent its output limit on thinking and stopped before the first word.",
                "Raise answers.max_output_tokens or local.context_tokens, or choose a model that does not think.",
            )
        post(Completed(Usage(len(prompt), written, cached), truncated))

    def _answer(
        self, request: GenerationRequest, room: int, reading: AnswerFilter, stop: StopFlag, post: Post
    ) -> tuple[int, bool]:
        """Write one answer: the tokens written, and whether the limit ended it, in which thoughts do not count."""
        characters = codecs.getincrementaldecoder("utf-8")("ignore")
        written = answer_tokens = 0
        for piece in self._runtime.write(request, min(request.max_output_tokens + _THINKING_TOKENS, room), stop):
            if piece is None:
                return written, False
            written += 1
            _post_all(reading.feed(characters.decode(piece)), post)
            if reading.ended:
                return written, False
            answer_tokens += not reading.thinking
            if answer_tokens >= request.max_output_tokens:
                break
        return written, True

    def _judge(self, judgements: Sequence[Judgement], stop: StopFlag) -> list[tuple[float, ...] | None]:
        """Run in the worker thread."""
        probabilities: list[tuple[float, ...] | None] = []
        for judgement in judgements:
            stop.check()
            prompt = self._runtime.prompt_tokens(judgement.messages)
            judge = self._runtime.judge_further if judgement.continues else self._runtime.judge
            room = self.context_tokens if judgement.continues else JUDGING_TOKENS
            if len(prompt) > room:
                raise ModelError(f"A judgement has {len(prompt)} tokens; {room} are held.", "Ask about fewer papers.")
            probabilities.append(judge(prompt, judgement.choices, stop))
        return probabilities

    def _room_after(self, prompt: Sequence[int]) -> int:
        if not prompt:
            raise ModelError("The request has no prompt for a local model.", "Report it; it is a defect.")
        if len(prompt) >= self.context_tokens:
            raise ModelError(
                f"The prompt has {len(prompt)} tokens; {self.name} holds {self.context_tokens} with its answer.",
                "Ask about fewer papers, or raise local.context_tokens.",
            )
        return self.context_tokens - len(prompt)


def _post_all(events: Iterable[ModelEvent], post: Post) -> None:
    for event in events:
        post(event)
