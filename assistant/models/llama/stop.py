"""Stopping a computation of llama.cpp from another thread."""

import ctypes
import sys
from typing import Any


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
