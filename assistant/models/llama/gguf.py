"""The header of a GGUF file: what must be known of a local model before it is loaded.

Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md, versions 2 and 3 (version 1 is extinct). Only
the scalar metadata is read, up to the keys that are needed; they stand at the front, so this takes a millisecond
where loading the vocabulary takes a quarter of a second.
"""

import hashlib
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from assistant.errors import ModelMissing, ModelUnavailable

_MAGIC = b"GGUF"
_VERSIONS = (2, 3)
_SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_STRING, _ARRAY = 8, 9
_LONGEST_STRING = 1 << 24
_LONGEST_ARRAY = 1 << 32
_MOST_ENTRIES = 1 << 16
_SAMPLE_BYTES = 1 << 20
_REMEDY = "Pull it again (`assistant assets pull`), or set local.model to a GGUF file."

Scalar = int | float | bool | str


@dataclass(frozen=True, slots=True)
class GgufHeader:
    """``architecture`` as llama.cpp names it; ``trained_context_tokens`` None where the file does not say."""

    architecture: str
    trained_context_tokens: int | None


class _Malformed(Exception):
    """The bytes do not follow the format."""


def read_header(path: Path) -> GgufHeader:
    """Read what a GGUF file says about itself.

    Raises:
        ModelMissing: there is no such file.
        ModelUnavailable: it cannot be read, is no GGUF file, or its header is cut or damaged.
    """
    architecture, context = None, None
    try:
        with path.open("rb") as file:
            for key, value in _entries(file):
                if key == "general.architecture":
                    architecture = str(value)
                elif key == f"{architecture}.context_length" and isinstance(value, int):
                    context = value
                if architecture and context:
                    break
    except FileNotFoundError as error:
        raise ModelMissing(f"There is no model file {path}.", _REMEDY) from error
    except OSError as error:
        raise ModelUnavailable(f"The model file {path} cannot be read: {error.strerror or error}.", _REMEDY) from error
    except (_Malformed, struct.error, UnicodeDecodeError) as error:
        raise ModelUnavailable(f"{path} is not a whole GGUF model file: {error}.", _REMEDY) from error
    if architecture is None:
        raise ModelUnavailable(f"{path} is not a whole GGUF model file: it names no architecture.", _REMEDY)
    return GgufHeader(architecture, context)


def file_fingerprint(path: Path) -> str:
    """Name, size and the SHA-256 of the first and the last MiB: equal for equal files, whenever they were copied."""
    size = path.stat().st_size
    digest = hashlib.sha256(str(size).encode())
    with path.open("rb") as file:
        digest.update(file.read(_SAMPLE_BYTES))
        file.seek(max(0, size - _SAMPLE_BYTES))
        digest.update(file.read(_SAMPLE_BYTES))
    return f"{path.name}-{size}-{digest.hexdigest()[:16]}"


def _entries(file: BinaryIO) -> Iterator[tuple[str, Scalar | None]]:
    """The metadata in file order; arrays come as None."""
    if file.read(4) != _MAGIC:
        raise _Malformed("it does not begin with GGUF")
    version, _tensors, entries = _unpack(file, "<IQQ")
    if version not in _VERSIONS:
        raise _Malformed(f"its format version is {version}, 2 and 3 are known")
    if entries > _MOST_ENTRIES:
        raise _Malformed("its header is damaged")
    for _ in range(entries):
        key = _string(file)
        (kind,) = _unpack(file, "<I")
        yield key, _value(file, kind)


def _value(file: BinaryIO, kind: int) -> Scalar | None:
    if kind == _STRING:
        return _string(file)
    if kind == _ARRAY:
        _skip_array(file)
        return None
    if kind not in _SCALARS:
        raise _Malformed("its header is damaged")
    value: Scalar = _unpack(file, "<" + _SCALARS[kind])[0]
    return value


def _skip_array(file: BinaryIO) -> None:
    kind, length = _unpack(file, "<IQ")
    if kind == _ARRAY or length > _LONGEST_ARRAY:
        raise _Malformed("its header is damaged")
    if kind in _SCALARS:
        file.seek(length * struct.calcsize(_SCALARS[kind]), 1)
        return
    for _ in range(length):
        _value(file, kind)


def _string(file: BinaryIO) -> str:
    (length,) = _unpack(file, "<Q")
    if length > _LONGEST_STRING:
        raise _Malformed("its header is damaged")
    text = file.read(length)
    if len(text) < length:
        raise _Malformed("it ends in the middle of its header")
    return text.decode("utf-8")


def _unpack(file: BinaryIO, layout: str) -> tuple[int, ...]:
    size = struct.calcsize(layout)
    data = file.read(size)
    if len(data) < size:
        raise _Malformed("it ends in the middle of its header")
    return struct.unpack(layout, data)
