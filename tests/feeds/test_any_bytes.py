"""Any bytes are papers or an error that says what to do."""

import gzip
import io
import json
from collections.abc import Iterator
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import AssistantError
from assistant.feeds.files import read_files
from tests.feeds.test_files import api_item, export, lines

TODAY = date(2026, 8, 21)
ABSTRACT = "We study how files are read, and find that they are read from front to end. " * 3


def pieces() -> Iterator[bytes]:
    yield from (
        b"{",
        b"[",
        b"}",
        b"]",
        b"\n",
        b'"',
        b"<html>",
        b"\x1f\x8b",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\0",
        b"\xe2\x80",
    )
    yield from (b"TY  - GEN\n", b"TI  - Kites\n", b"ER  - \n", b"@misc{a, title={A}", b", eprint={2405.00001}}\n")
    yield from (b"title,abstract\n", b'"a",b\n', b"[12]", b"### [A](/papers/2405.00001)\n\n", b"---\n", b"bplist00")
    yield from (b"Content-Type: text/html\n\n", b"<div data-props='", b"]}'>", b'{"dailyPapers": [')
    yield from (
        lines(export(1)),
        json.dumps(api_item(1)).encode(),
        gzip.compress(lines(export(2)), mtime=0),
        ABSTRACT.encode(),
    )


@given(st.lists(st.binary(max_size=20) | st.sampled_from(list(pieces())), max_size=12).map(b"".join))
def test_any_bytes_are_papers_or_an_error(content: bytes) -> None:
    try:
        for batch in read_files(["-"], today=TODAY, standard_input=io.BytesIO(content)):
            assert batch.origin == "standard input"
    except AssistantError as error:
        assert error.remedy  # noqa: PT017  either outcome is right
