import struct
from pathlib import Path

import pytest

from assistant.errors import ModelMissing, ModelUnavailable
from assistant.models.llama.gguf import GgufHeader, file_fingerprint, read_header

UINT32, FLOAT32, STRING, ARRAY = 4, 6, 8, 9


def string(text: bytes) -> bytes:
    return struct.pack("<Q", len(text)) + text


def entry(key: bytes, kind: int, value: bytes) -> bytes:
    return string(key) + struct.pack("<I", kind) + value


def gguf(*entries: bytes, version: int = 3, count: int | None = None) -> bytes:
    return b"GGUF" + struct.pack("<IQQ", version, 0, len(entries) if count is None else count) + b"".join(entries)


ARCHITECTURE = entry(b"general.architecture", STRING, string(b"qwen2"))
CONTEXT = entry(b"qwen2.context_length", UINT32, struct.pack("<I", 32768))
NUMBERS = entry(b"numbers", ARRAY, struct.pack("<IQ", FLOAT32, 3) + b"\0" * 12)
WORDS = entry(b"words", ARRAY, struct.pack("<IQ", STRING, 2) + string(b"one") + string(b"two"))


@pytest.mark.parametrize(
    ("content", "context"),
    [
        (gguf(ARCHITECTURE, CONTEXT), 32768),
        (gguf(ARCHITECTURE, CONTEXT, version=2), 32768),
        (gguf(entry(b"a", FLOAT32, b"\0" * 4), ARCHITECTURE, NUMBERS, WORDS, CONTEXT), 32768),
        (gguf(ARCHITECTURE, WORDS), None),
        (gguf(ARCHITECTURE, entry(b"qwen2.context_length", STRING, string(b"much"))), None),
    ],
)
def test_the_header_tells_architecture_and_trained_context(tmp_path: Path, content: bytes, context: int | None) -> None:
    path = tmp_path / "m.gguf"
    path.write_bytes(content)

    assert read_header(path) == GgufHeader("qwen2", context)


def test_the_small_model_was_trained_on_8192_tokens(small_gguf: Path) -> None:
    assert read_header(small_gguf) == GgufHeader("llama", 8192)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GG",
        b"<html>Sign in</html>",
        b"GGUF",
        gguf(version=1),
        gguf(count=1 << 40),
        gguf(count=1),
        gguf(ARCHITECTURE)[:-3],
        gguf(WORDS),
        gguf(entry(b"key", 77, b"")),
        gguf(entry(b"key", ARRAY, struct.pack("<IQ", ARRAY, 1))),
        gguf(entry(b"key", ARRAY, struct.pack("<IQ", UINT32, 1 << 60))),
        gguf(struct.pack("<Q", 1 << 62)),
        gguf(entry(b"general.architecture", STRING, string(b"\xff\xfe"))),
    ],
)
def test_what_is_no_whole_gguf_file_is_said_to_be_so(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "m.gguf"
    path.write_bytes(content)

    with pytest.raises(ModelUnavailable, match="is not a whole GGUF model file") as raised:
        read_header(path)

    assert raised.value.remedy


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="There is no model file"):
        read_header(tmp_path / "none.gguf")
    with pytest.raises(ModelUnavailable, match="cannot be read"):
        read_header(tmp_path)


def test_the_fingerprint_follows_the_bytes_and_not_the_clock(tmp_path: Path) -> None:
    first, other = tmp_path / "a" / "m.gguf", tmp_path / "b" / "m.gguf"
    for path in (first, other):
        path.parent.mkdir()
        path.write_bytes(b"x" * (3 << 20))

    assert file_fingerprint(first) == file_fingerprint(other)

    other.write_bytes(b"x" * ((3 << 20) - 1) + b"y")
    assert file_fingerprint(first) != file_fingerprint(other)
