"""Papers from files: API answers, exports and saved pages; folders of them; standard input."""

import os
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, assert_never

from assistant.errors import InputError
from assistant.feeds.file_content import READABLE, FileContent, FileForm
from assistant.feeds.json_files import RecordReading, read_json
from assistant.feeds.json_values import day_of
from assistant.feeds.page_text import archived_page
from assistant.feeds.reference_files import read_bibtex, read_ris
from assistant.feeds.saved_html import read_saved_html
from assistant.feeds.saved_text import looks_like_page, read_saved_text
from assistant.feeds.table_files import read_table
from assistant.papers import FeedBatch, Rejection, clean_text, is_provisional, parse_paper_id
from assistant.text import nearest, quoted

STANDARD_INPUT = "-"
_SUFFIXES = frozenset(
    (
        *("", ".txt", ".text", ".md", ".markdown", ".html", ".htm", ".xhtml", ".mhtml", ".mht", ".webarchive"),
        *(".json", ".jsonl", ".ndjson", ".csv", ".tsv", ".tab", ".bib", ".bibtex", ".ris"),
    )
)
_OPTION_FORMS = {
    "--date": re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII),
    "--week": re.compile(r"\d{4}-W\d{2}", re.ASCII),
    "--month": re.compile(r"\d{4}-\d{2}", re.ASCII),
}
_DAY_IN_NAME = re.compile(r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)", re.ASCII)

_HEADING = re.compile(r"^#{1,6} \S", re.MULTILINE)  # Markdown: a clipping of a page has links to its papers
_PAPERS_TO_AN_ODD_LINE = 5
_NO_PAGE = f"save a page of huggingface.co/papers as HTML; {READABLE}"
_FORM_NAMES = {
    FileForm.JSON: "JSON",
    FileForm.HTML: "HTML",
    FileForm.WEB_ARCHIVE: "a web archive",
    FileForm.TABLE: "a table",
    FileForm.BIBTEX: "BibTeX",
    FileForm.RIS: "RIS",
}


class FileKind(StrEnum):
    """What a file holds."""

    API_JSON = "api-json"
    EXPORT_JSONL = "export-jsonl"
    SAVED_TEXT = "saved-text"
    SAVED_HTML = "saved-html"
    TABLE = "table"
    BIBTEX = "bibtex"
    RIS = "ris"


_FORMS = {
    FileKind.API_JSON: FileForm.JSON,
    FileKind.EXPORT_JSONL: FileForm.JSON,
    FileKind.SAVED_TEXT: FileForm.TEXT,
    FileKind.SAVED_HTML: FileForm.HTML,
    FileKind.TABLE: FileForm.TABLE,
    FileKind.BIBTEX: FileForm.BIBTEX,
    FileKind.RIS: FileForm.RIS,
}


def read_files(
    paths: Sequence[str],
    kind: FileKind | None = None,
    *,
    today: date,
    day: date | None = None,
    standard_input: BinaryIO | None = None,
) -> Iterator[FeedBatch]:
    """Read files, folders and ``-`` (standard input), batch by batch.

    ``kind`` is recognized by content where it is None. ``today`` (UTC) gives a saved page's day its year. ``day`` is
    the listing day of every saved page and API answer, whatever they say themselves.

    Raises:
        InputError: at once for a path that does not exist; at the end, after everything else was read, for files
            that hold no papers. In a folder such a file is a `Rejection`.
    """
    return _Reading(kind, today, day, standard_input).read(paths)


@dataclass(frozen=True, slots=True)
class _Reading:
    kind: FileKind | None
    today: date
    day: date | None
    standard_input: BinaryIO | None

    def read(self, paths: Sequence[str]) -> Iterator[FeedBatch]:
        for path in paths:
            if path != STANDARD_INPUT:
                _require(path)
        errors: list[InputError] = []
        for path in paths:
            try:
                yield from self._path(path)
            except InputError as error:
                errors.append(error)
        if len(errors) == 1:
            raise errors[0]
        if errors:
            raise InputError("; ".join(error.message for error in errors), errors[0].remedy)

    def _path(self, path: str) -> Iterator[FeedBatch]:
        if path == STANDARD_INPUT:
            return self._content(FileContent("standard input", self.standard_input or sys.stdin.buffer))
        if Path(path).is_dir():
            return self._folder(Path(path))
        return self._file(Path(path))

    def _folder(self, folder: Path) -> Iterator[FeedBatch]:
        """Every file below the folder, sorted, but for hidden ones; the batches of those that cannot be read say so."""
        has_papers = False
        unreadable: list[OSError] = []
        for path in _files_below(folder, unreadable):
            try:
                if _suffix(path) not in _SUFFIXES:
                    raise InputError(f"{_displayed(path)} is of no kind that holds papers", READABLE)
                for batch in self._file(path, in_folder=True):
                    has_papers = has_papers or bool(batch.records)
                    yield batch
            except InputError as error:
                yield _rejected_file(_displayed(path), error.message.removeprefix(f"{_displayed(path)} "))
        for failure in unreadable:
            yield _rejected_file(clean_text(str(failure.filename)), f"cannot be opened: {failure.strerror}")
        if not has_papers:
            raise InputError(f"{_displayed(folder)} has no file with papers", READABLE)

    def _file(self, path: Path, *, in_folder: bool = False) -> Iterator[FeedBatch]:
        try:
            stream = path.open("rb")
        except OSError as error:
            raise InputError(
                f"{_displayed(path)} cannot be opened: {error.strerror}", "check its permissions"
            ) from error
        with stream:
            yield from self._content(FileContent(_displayed(path), stream), _day_in_name(path), in_folder=in_folder)

    def _content(
        self, content: FileContent, named_day: date | None = None, *, in_folder: bool = False
    ) -> Iterator[FeedBatch]:
        form = content.form()  # also where the kind is given: it knows empty and binary files
        if self.kind is not None:
            form = _as_given(content.name, self.kind, form)
        match form:
            case FileForm.JSON:
                api = None if self.kind is None else self.kind is FileKind.API_JSON
                yield from read_json(content, RecordReading(api, self.day, named_day))
            case FileForm.HTML:
                yield read_saved_html(content.text(), content.name, today=self.today, day=self.day)
            case FileForm.WEB_ARCHIVE:
                page = archived_page(content.document(), content.name)
                yield read_saved_html(page, content.name, today=self.today, day=self.day)
            case FileForm.TABLE:
                yield from read_table(content.text(), content.name)
            case FileForm.BIBTEX:
                yield from read_bibtex(content.text(), content.name)
            case FileForm.RIS:
                yield from read_ris(content.text(), content.name)
            case FileForm.TEXT:
                yield self._saved_text(content, named_day, in_folder=in_folder)
            case _:
                assert_never(form)

    def _saved_text(self, content: FileContent, named_day: date | None, *, in_folder: bool) -> FeedBatch:
        """Titles and abstracts alone are enough in a file that was named; prose of other kinds is kept out.

        No remedy names ``--kind`` here: of prose it would make a paper of every heading.
        """
        text = content.text()
        batch = read_saved_text(text, content.name, today=self.today, day=self.day, named_day=named_day)
        is_prose = (
            in_folder or _HEADING.search(text) or len(batch.rejections) * _PAPERS_TO_AN_ODD_LINE > len(batch.records)
        )
        if is_prose and self.kind is None and not looks_like_page(text):
            raise InputError(f"{content.name} does not look like a Daily Papers page", _NO_PAGE)
        return batch


def _as_given(name: str, kind: FileKind, form: FileForm) -> FileForm:
    """The form of a given kind, where the file can be that; one form never makes sense read as another.

    Raises:
        InputError: the file is of a form that is known, and another one.
    """
    kind_form = _FORMS[kind]
    if kind_form is FileForm.HTML and form is FileForm.WEB_ARCHIVE:
        return form
    if form not in {kind_form, FileForm.TEXT}:
        raise InputError(f"{name} is {_FORM_NAMES[form]}, not {kind}", "leave out --kind: the file is recognized")
    return kind_form


def _rejected_file(name: str, reason: str) -> FeedBatch:
    return FeedBatch(name, (), (Rejection(name, reason),))


def _files_below(folder: Path, unreadable: list[OSError]) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder, onerror=unreadable.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(parent, name)
            if not name.startswith(".") and path.is_file():
                yield path


def _suffix(path: Path) -> str:
    return Path(path.stem if path.suffix.lower() == ".gz" else path.name).suffix.lower()


def _day_in_name(path: Path) -> date | None:
    """The date in a file's name, when there is one and only one: ``daily_papers_2025-10-15.json``."""
    dates = set(_DAY_IN_NAME.findall(path.name))
    return day_of(dates.pop()) if len(dates) == 1 else None


def _displayed(path: Path) -> str:
    return clean_text(str(path))


def _require(path: str) -> None:
    """See that something is there before anything is read; name the nearest file when not."""
    if not path:
        raise InputError("the name of a file is empty", f"give a file, a folder, or {STANDARD_INPUT}")
    file = Path(path)
    try:
        if file.exists():
            return
        parent = next((above for above in file.parents if above.is_dir()), Path())
        names = sorted(entry.name for entry in parent.iterdir())
    except OSError as error:
        raise InputError(f"{quoted(path)} cannot be opened: {error.strerror}", "check name and permissions") from error
    near = nearest(file.relative_to(parent).parts[0], names)
    where = "this folder" if parent == Path() else _displayed(parent)
    remedy = f"did you mean {_displayed(parent / near)}?" if near else f"nothing in {where} has a name like it"
    if option := _meant_option(path):
        remedy = f"to fetch it, write `assistant sync {option} {path}`"
    raise InputError(f"there is no file {quoted(path)}", remedy)


def _meant_option(path: str) -> str | None:
    """The option of a sync that takes what was given as a file: a day, a week, a month, or a paper's id."""
    options = (option for option, form in _OPTION_FORMS.items() if form.fullmatch(path))
    return next(options, "--arxiv" if parse_paper_id(path) and not is_provisional(path) else None)
