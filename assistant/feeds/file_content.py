"""The bytes of a file to read: unpacked, measured and recognized; every failure is an `InputError` that names it."""

import codecs
import gzip
import io
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from assistant.errors import InputError
from assistant.feeds.recognition import FileForm, recognized

_BUFFER_BYTES = 2**16
_LARGEST_DOCUMENT = 256 * 2**20
_LONGEST_LINE = 8 * 2**20
_GZIP = b"\x1f\x8b"
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")


class FileContent:
    """A file's bytes, read once from front to end; gzip and UTF-16 are undone on the way. The stream stays open."""

    def __init__(self, name: str, stream: BinaryIO) -> None:
        self.name = name
        self._returned: list[bytes] = []
        self._reader = io.BufferedReader(_Lent(stream), _BUFFER_BYTES)
        if self._peek()[:2] == _GZIP:
            self._reader = io.BufferedReader(_Lent(gzip.GzipFile(fileobj=self._reader)), _BUFFER_BYTES)
        if self._peek()[:2] in _UTF16:
            text = self.document().decode("utf-16", "replace")
            self._reader = io.BufferedReader(_Lent(io.BytesIO(text.encode())), _BUFFER_BYTES)

    def form(self) -> FileForm:
        """What the first bytes look like.

        Raises:
            InputError: the file is empty, or of a kind that is known and not readable, or binary.
        """
        return recognized(self._peek().removeprefix(codecs.BOM_UTF8).lstrip(), self.name)

    def text(self) -> str:
        """The rest of the file as text: UTF-8, or the code page of Windows; what is neither becomes U+FFFD."""
        document = self.document()
        try:
            return document.decode("utf-8-sig")
        except UnicodeDecodeError:
            has_utf8 = _MULTIBYTE.search(document) is not None
            return document.decode("utf-8-sig" if has_utf8 else "cp1252", "replace")

    def document(self) -> bytes:
        """The rest of the file."""
        with self._failures():
            document = b"".join(self._returned) + self._reader.read(_LARGEST_DOCUMENT + 1)
        self._returned.clear()
        if len(document) > _LARGEST_DOCUMENT:
            raise InputError(f"{self.name} is larger than {_LARGEST_DOCUMENT:,} bytes", "split it, or use JSON Lines")
        return document

    def first_line(self) -> bytes:
        """The first line that is not blank, or the beginning of a long one; nothing is consumed."""
        consumed: list[bytes] = []
        while line := self._line():
            consumed.append(line)
            if line.removeprefix(codecs.BOM_UTF8).strip():
                break
        self._returned = consumed + self._returned
        return consumed[-1].removeprefix(codecs.BOM_UTF8).strip() if consumed else b""

    def lines(self) -> Iterator[tuple[int, bytes | None]]:
        """The lines that are not blank, with their numbers; None for one that is too long to be a record."""
        number = 0
        while line := self._line():
            number += 1
            if len(line) > _LONGEST_LINE:
                while line and not line.endswith(b"\n"):
                    line = self._line()
                yield number, None
            elif stripped := line.removeprefix(codecs.BOM_UTF8).strip():
                yield number, stripped

    def _line(self) -> bytes:
        if self._returned:
            return self._returned.pop(0)
        with self._failures():
            return self._reader.readline(_LONGEST_LINE + 1)

    def _peek(self) -> bytes:
        with self._failures():
            return self._reader.peek(_BUFFER_BYTES)

    @contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise InputError(f"{self.name} is a damaged gzip file, or was cut", "get the file again") from error
        except OSError as error:
            raise InputError(f"{self.name} cannot be read: {error.strerror or error}", "check the file") from error


class _Lent(io.RawIOBase):
    """A stream to read from that is not closed with its reader."""

    def __init__(self, stream: BinaryIO | gzip.GzipFile) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # the base class takes every buffer
        piece = self._stream.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)
