"""llama-cpp-python loaded quietly, a context over it that keeps what it read, and a flag that stops a computation."""

import ctypes
import os
import re
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

from assistant.errors import ModelMissing, ModelUnavailable

_INSTALL = "CMAKE_ARGS=\"-DGGML_NATIVE=OFF\" pip install 'daily-papers-assistant[local]'"
_GGML_ERROR = 4  # ggml.h; llama_cpp._logger 0.3.36 has an older numbering
_FUNCTION_NAMES = re.compile(r"^(?:\w+: )*(?:error loading model: )?")
_SPIN_COUNT = "GOMP_SPINCOUNT"
_SPIN_SETTINGS = (_SPIN_COUNT, "OMP_WAIT_POLICY")
_ABORTED = 2
LESS_MEMORY = "Lower local.context_tokens, choose a smaller model, or close other programs."
"""The remedy where memory is short."""


@dataclass(frozen=True, slots=True)
class Library:
    """The ``llama_cpp`` module as ``api``, and the errors that llama.cpp wrote to its log, oldest first."""

    api: Any
    errors: deque[str]
    _log_callback: Any  # C keeps a pointer to it

    def first_error(self, otherwise: str) -> str:
        """The first line of llama.cpp's error log, which names the cause, without the function it comes from."""
        return _FUNCTION_NAMES.sub("", self.errors[0].strip()).rstrip(".") if self.errors else otherwise


@cache
def load_library() -> Library:
    """Import llama-cpp-python once a process; its log goes to `Library.errors` and never to the terminal.

    Raises:
        ModelMissing: the package is not installed.
        ModelUnavailable: it is installed and its compiled part cannot be loaded.
    """
    with _short_spinning():
        try:
            import llama_cpp
        except ImportError as error:
            raise ModelMissing("Local models need llama-cpp-python, which is not installed.", _INSTALL) from error
        except (OSError, RuntimeError) as error:
            message = f"llama-cpp-python is installed but does not load: {error}."
            raise ModelUnavailable(message, f"Build it again: {_INSTALL} --force-reinstall --no-cache-dir") from error
    errors: deque[str] = deque(maxlen=20)

    @llama_cpp.llama_log_callback  # type: ignore[untyped-decorator]  # ctypes
    def keep_errors(level: int, text: bytes, _user_data: object) -> None:
        if level == _GGML_ERROR:
            errors.append(text.decode("utf-8", "replace"))

    llama_cpp.llama_log_set(keep_errors, None)
    llama_cpp.llama_backend_init()
    return Library(llama_cpp, errors, keep_errors)


@contextmanager
def _short_spinning() -> Iterator[None]:
    """Let OpenMP threads spin only briefly at their barriers and then sleep; libgomp reads this as it is loaded.

    Left alone they spin for milliseconds, and fight for the processor as soon as another process wants one. Measured
    on two cores, tokens a second read / written with the 1.5B model: on a quiet machine 75 / 25 either way (75 /
    20 if they sleep at once); beside one busy process 38 / 15, where long spinning took minutes for the same.
    """
    if any(name in os.environ for name in _SPIN_SETTINGS):
        yield
        return
    os.environ[_SPIN_COUNT] = "300"
    try:
        yield
    finally:
        del os.environ[_SPIN_COUNT]


class Stopped(Exception):
    """The request's `StopFlag` was set."""


class StopFlag:
    """One byte that Python sets in any thread and C reads in its own.

    llama.cpp asks its abort callback before every operation of a computation, about a thousand times a token. A
    callback in Python would wait for the interpreter lock each time (measured: 0.3 tokens a second instead of 1.5
    beside a busy main thread). ``strlen`` over the byte answers the same: 0 while it is 0, then 1.
    """

    __slots__ = ("_byte",)

    def __init__(self) -> None:
        self._byte = ctypes.create_string_buffer(2)

    def set(self) -> None:
        """Stop the computation that watches this flag; stays set."""
        self._byte[0] = b"\x01"

    @property
    def is_set(self) -> bool:
        """Whether somebody wants the computation to end."""
        return self._byte[0] != b"\x00"

    def check(self) -> None:
        """Raise `Stopped` when the flag is set."""
        if self.is_set:
            raise Stopped

    @property
    def address(self) -> int:
        """Where C finds the byte."""
        return ctypes.addressof(self._byte)


def flag_reader(api: Any) -> Any:
    """``strlen`` as an abort callback (see `StopFlag`)."""
    c_library = ctypes.cdll.msvcrt if sys.platform == "win32" else ctypes.CDLL(None)
    return ctypes.cast(c_library.strlen, api.ggml_abort_callback)


class LlamaContext:
    """A context of llama.cpp; keeps what it read, so that the next prompt is read from where it differs.

    ``pointer`` is llama.cpp's own; ``tokens`` are the tokens in it. Prompts are read ``batch_tokens`` at a time.
    """

    def __init__(self, pointer: Any, model_name: str, batch_tokens: int, flag_reader: Any) -> None:
        self.pointer = pointer
        self.tokens: list[int] = []
        self._name = model_name
        self._batch_tokens = batch_tokens
        self._flag_reader = flag_reader

    def read(self, tokens: Sequence[int], stop: StopFlag) -> int:
        """Bring the context to these tokens (at least one); the number that it held already.

        Raises:
            Stopped: the flag was set; what was read stays for the next prompt.
            ModelUnavailable: memory is short.
        """
        # Whole batches only: a token's numbers depend in their last digits on the batch it was read in, so a prompt
        # is always cut at the same places and gives the same text whether or not its beginning was held. (Only an
        # answer that comes back in a history is kept as it was written, token by token.)
        batch = self._batch_tokens
        common = _common_prefix(self.tokens, tokens[:-1]) // batch * batch
        self._forget_after(common)
        common = len(self.tokens)
        for start in range(common, len(tokens), batch):
            self.decode(tokens[start : start + batch], stop)
        return common

    def decode(self, tokens: Sequence[int], stop: StopFlag) -> None:
        """Read these tokens behind the others; raises as `read` does."""
        api = load_library().api
        batch = (api.llama_token * len(tokens))(*tokens)
        api.llama_set_abort_callback(self.pointer, self._flag_reader, stop.address)
        code = api.llama_decode(self.pointer, api.llama_batch_get_one(batch, len(tokens)))
        api.llama_set_abort_callback(self.pointer, api.ggml_abort_callback(0), None)
        if code == 0:
            self.tokens.extend(tokens)
            return
        self._forget_after(len(self.tokens))
        if code == _ABORTED:
            raise Stopped
        raise ModelUnavailable(f"{self._name} failed while computing (llama.cpp: {code}).", LESS_MEMORY)

    def logits(self, tokens: Sequence[int]) -> list[float]:
        """The logits of these tokens as the next one."""
        logits = load_library().api.llama_get_logits_ith(self.pointer, -1)
        return [float(logits[token]) for token in tokens]

    def close(self) -> None:
        """Free it."""
        load_library().api.llama_free(self.pointer)

    def _forget_after(self, length: int) -> None:
        api = load_library().api
        memory = api.llama_get_memory(self.pointer)
        if not api.llama_memory_seq_rm(memory, 0, length, -1):
            # Recurrent models cannot take back a part of what they read.
            api.llama_memory_clear(memory, True)
            length = 0
        del self.tokens[length:]


def _common_prefix(before: Sequence[int], after: Sequence[int]) -> int:
    for position, (first, other) in enumerate(zip(before, after, strict=False)):
        if first != other:
            return position
    return min(len(before), len(after))
