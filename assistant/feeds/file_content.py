"""The bytes of a file to read: unpacked, measured, and recognized by the first of them.

Every failure is an `InputError` that names the file; a kind that holds no papers, or none that can be read, is refused
by its name.
"""

import codecs
import gzip
import io
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum, auto
from typing import BinaryIO

from assistant.errors import InputError
from assistant.feeds.table_files import looks_like_table

READABLE = (
    "readable are saved pages (HTML, MHTML, text, Markdown clippings), JSON and JSON Lines of the feed and of other"
    " tools, tables (CSV, TSV), BibTeX and RIS; gzip too"
)
_TABLE_SUFFIXES = (".csv", ".tsv", ".tab", ".csv.gz", ".tsv.gz")
_REFERENCES = "export the references as BibTeX, RIS, CSV or CSL-JSON instead"
_AS_JSON = "write it by Python's `json.dumps`, one record a line"
_BINARY: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF-", "a PDF", "save the page as HTML or text; papers of arXiv come by `assistant sync --arxiv ID`"),
    (b"%!PS", "PostScript", READABLE),
    (b"PK\x03\x04", "a zip archive (office documents are such, too)", "unpack it; save a table as CSV"),
    (b"PK\x05\x06", "an empty zip archive", READABLE),
    (b"{'", "written as Python shows values, which is not JSON", _AS_JSON),
    (b"[{'", "written as Python shows values, which is not JSON", _AS_JSON),
    (b"{\\rtf", "a text document (RTF)", "save it as HTML or as plain text"),
    (b"\xd0\xcf\x11\xe0", "an office document", "save a table as CSV, a text as HTML or plain text"),
    (
        b"SQLite format 3\x00",
        "an SQLite database",
        "export what it holds: `assistant library export` writes JSON Lines",
    ),
    (
        b"PAR1",
        "a Parquet file",
        'write it as JSON Lines, for example by pandas\' `to_json(…, orient="records", lines=True)`',
    ),
    (b"ARROW1", "an Arrow file", "write it as JSON Lines"),
    (b"\x89PNG", "not text but a picture", READABLE),
    (b"\xff\xd8\xff", "not text but a picture", READABLE),
    (b"GIF8", "not text but a picture", READABLE),
    (b"BZh", "packed by bzip2", "unpack it: `bunzip2 FILE`"),
    (b"\xfd7zXZ", "packed by xz", "unpack it: `unxz FILE`"),
    (b"\x28\xb5\x2f\xfd", "packed by zstd", "unpack it: `unzstd FILE`"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "unpack it"),
    (b"<?xml", "XML, which no feed of this program is", _REFERENCES),
    (b"<rdf:RDF", "RDF, which no feed of this program is", _REFERENCES),
)
_WRITTEN: tuple[tuple[re.Pattern[str], str, str], ...] = tuple(
    (re.compile(pattern, re.MULTILINE), what, remedy)
    for pattern, what, remedy in (
        (r"\A(?:PMID|OWN |STAT)\s*- ", "references as PubMed writes them (MEDLINE, nbib)", _REFERENCES),
        (r"\A%[0TAD] \S.*\n%[A-Z0-9] ", "references as EndNote writes them (tagged)", _REFERENCES),
        (r"\A(?:FN|PT) \S.*\n(?:VR|AU|PT) ", "references as Web of Science writes them", _REFERENCES),
        (
            r"\\documentclass|\\begin\{(?:document|thebibliography)\}",
            "LaTeX, not a list of papers",
            "give its .bib file",
        ),
        (
            r"\A(?:---[ \t]*\n)?(?:#.*\n)*(?:cff-version:|[\w-]+:[ \t]*\n[ \t]*- )",
            "YAML, not a list of papers",
            _REFERENCES,
        ),
        (
            r"\A(?:#!|(?:#[^\n]*\n|\s)*(?:import \w[\w., ]*\n|from \w[\w.]* import |def \w+\(|#include [<\"]))",
            "program text, not papers",
            READABLE,
        ),
        (r"\A(?:diff --git|--- a/|Index: )", "a patch, not papers", READABLE),
        (r"\ABEGIN:V(?:CARD|CALENDAR)", "a calendar or contacts, not papers", READABLE),
        (r"\A(?:WEBVTT|1\s*\n\d\d:\d\d:\d\d)", "subtitles, not papers", READABLE),
        (r"\A\[[A-Za-z][\w. -]*\][ \t]*\n\s*[\w.-]+\s*=", "a configuration file, not papers", READABLE),
    )
)
_JSON = re.compile(
    rb"\{\s*(?:[\"'}\[]|\Z)|\[\s*(?:[\[{\"\]]|\Z|-?\d+(?:\.\d+)?\s*[,\]]\s*(?:[^\sA-Za-z(*#]|\Z)|(?:true|false|null)\b)"
)
_HTML = re.compile(
    rb"(?:<\?xml[^>]*>\s*)?<(?:!--|(?:!doctype html|html|head|body|div|meta|title|section|main|script|article|link"
    rb"|style|p|a|ul|table)\b)",
    re.IGNORECASE,
)
_MHTML = re.compile(
    rb"From: <Saved by|(?:[A-Za-z-]+:[^\n]*\n(?:[ \t][^\n]*\n)*){0,40}?Content-Type:\s*"
    rb"(?:multipart/(?:related|alternative|mixed)|text/html)",
    re.IGNORECASE,
)
_MAIL = re.compile(
    rb"(?:[A-Za-z-]+: [^\n]*\n(?:[ \t][^\n]*\n)*){0,40}?(?:Message-ID|Received|Subject): ", re.IGNORECASE
)
_WEBARCHIVE = b"bplist00"
_RIS = re.compile(r"\A(?:.*\n){0,20}?\s{0,3}TY {1,2}- ?[A-Z]")
_BIBTEX = re.compile(
    r"^[ \t]*@[A-Za-z]+\s*(?:\{\s*[^\s,{}=\"]+\s*,|\(\s*[^\s,(){}=\"]+\s*,\s*[A-Za-z-]+\s*=)", re.MULTILINE
)
_BIBTEX_START = re.compile(r"\A(?:[ \t]*(?:%[^\n]*)?\n)*[ \t]*@(?:string|preamble|comment)\s*[{(]", re.IGNORECASE)
_LONGEST_PREFACE = 1_000
_HEADING = re.compile(r"^#{1,6} \S", re.MULTILINE)
_UNPRINTABLE = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffd]")
_MOST_UNPRINTABLE = 0.05
_BUFFER_BYTES = 2**16
_LARGEST_DOCUMENT = 256 * 2**20
_LONGEST_LINE = 8 * 2**20
_GZIP = b"\x1f\x8b"
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")


class FileForm(Enum):
    """How a file is written."""

    JSON = auto()
    HTML = auto()
    WEB_ARCHIVE = auto()
    TEXT = auto()
    TABLE = auto()
    BIBTEX = auto()
    RIS = auto()


def recognized(head: bytes, name: str) -> FileForm:
    """The form of a file that begins with ``head`` (without byte-order mark and white space).

    Raises:
        InputError: the file is empty, or of a kind that is known and not readable, or binary.
    """
    if not head:
        raise InputError(f"{name} is empty", READABLE)
    if _HTML.match(head):
        return FileForm.HTML
    if head.startswith(_WEBARCHIVE) or _MHTML.match(head):
        return FileForm.WEB_ARCHIVE
    for start, what, remedy in _BINARY:
        if head.startswith(start):
            raise InputError(f"{name} is {what}", remedy)
    if _JSON.match(head):
        return FileForm.JSON
    text = head.decode(errors="replace").replace("\r\n", "\n").replace("\r", "\n")
    sample = text[:4096]
    if len(_UNPRINTABLE.findall(sample)) > _MOST_UNPRINTABLE * len(sample):
        raise InputError(f"{name} is not text", READABLE)
    return _written_form(text, head, name)


def _written_form(text: str, head: bytes, name: str) -> FileForm:
    if _RIS.match(text):
        return FileForm.RIS
    if _is_bibtex(text):
        return FileForm.BIBTEX
    if _MAIL.match(head):
        raise InputError(f"{name} is a mail, not a saved page", READABLE)
    for pattern, what, remedy in _WRITTEN:
        if pattern.search(text):
            raise InputError(f"{name} is {what}", remedy)
    if name.lower().endswith(_TABLE_SUFFIXES) or looks_like_table(text):
        return FileForm.TABLE
    return FileForm.TEXT


def _is_bibtex(text: str) -> bool:
    """Whether a file is a bibliography, which programs begin with a few words, and not a text that shows an entry."""
    if _BIBTEX_START.match(text):
        return True
    entry = _BIBTEX.search(text)
    if entry is None or _HEADING.search(text, 0, entry.start()):
        return False
    return len(text[: entry.start()].strip()) < _LONGEST_PREFACE


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
