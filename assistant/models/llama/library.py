"""Loading llama-cpp-python: quietly, and with threads that wait politely."""

import os
import re
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

from assistant.errors import ModelMissing, ModelUnavailable

_INSTALL = "CMAKE_ARGS=\"-DGGML_NATIVE=OFF\" pip install 'daily-papers-assistant[local]'"
_GGML_ERROR = 4  # ggml.h; llama_cpp._logger 0.3.36 has an older numbering
_FUNCTION_NAMES = re.compile(r"^(?:\w+: )*(?:error loading model: )?")
_WAIT_POLICY = "OMP_WAIT_POLICY"


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
    with _passive_waiting():
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
def _passive_waiting() -> Iterator[None]:
    """Let OpenMP threads sleep at their barriers instead of spinning; libgomp reads this as it is loaded.

    Spinning threads fight for the processor as soon as another process wants one: measured with one busy neighbour
    on two cores, a 135M model wrote 4 to 29 tokens a second spinning and 53 waiting, and read prompts 1.6 times
    faster.
    """
    if _WAIT_POLICY in os.environ:
        yield
        return
    os.environ[_WAIT_POLICY] = "passive"
    try:
        yield
    finally:
        del os.environ[_WAIT_POLICY]
