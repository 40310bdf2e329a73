"""The parts of the page without an application: the paper at the side, marks, what is done with selected papers."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path
from typing import TypeVar

import pytest
from textual.message import Message

from assistant.config import load_config
from assistant.errors import AssistantError
from assistant.library import PaperRow
from assistant.paths import Folders
from assistant.services import AppContainer
from assistant.tui import messages
from assistant.tui.papers.detail import DetailedPaper
from assistant.tui.papers.marking import MarksEditor, MarksRead, NoteDialog, mark_read, toggle_starred
from assistant.tui.papers.reader import PaperReader
from assistant.tui.papers.selection_actions import SelectionActions
from assistant.tui.papers.worker import PaperLoaded, SimilarFound, load_paper
from assistant.tui.session import Session
from assistant.tui.widgets.dialog import Dialog
from tests.tui.conftest import BY_WORDS, NOW, UNREACHABLE

Answer = TypeVar("Answer")


class Detail:
    """In place of the paper in full."""

    def __init__(self) -> None:
        self.paper: DetailedPaper | None = None
        self.opened = False
        self.similar: Sequence[PaperRow] = ()

    def show(self, paper: DetailedPaper, *, opened: bool) -> None:
        self.paper, self.opened = paper, opened

    def renew(self, paper: DetailedPaper) -> None:
        self.paper = paper

    def clear_paper(self) -> None:
        self.paper = None

    def show_similar(self, rows: Sequence[PaperRow]) -> None:
        self.similar = rows

    def show_error(self, error: AssistantError) -> None:
        raise error


class Rows:
    """In place of the list: the cursor is on the first row."""

    def __init__(self, rows: Sequence[PaperRow]) -> None:
        self.rows = rows
        self.selected_ids: tuple[str, ...] = ()

    @property
    def row(self) -> PaperRow | None:
        return self.rows[0] if self.rows else None


class View:
    """In place of the page: work waits for `finish`, and what is asked for is kept."""

    def __init__(self, session: Session, rows: Sequence[PaperRow]) -> None:
        self.session = session
        self.papers = Rows(rows)
        self.detail = Detail()
        self.is_in_detail = False
        self.answer: object = None
        self.dialogs: list[object] = []
        self.posted: list[Message] = []
        self.remarks: list[str] = []
        self.read: list[str] = []
        self._work: list[tuple[str, Callable[[], Awaitable[None]]]] = []

    def run(self, work: Callable[[], Awaitable[None]], group: str, *, exclusive: bool = True) -> None:
        if exclusive:
            self.cancel(group)
        self._work.append((group, work))

    def cancel(self, group: str) -> None:
        self._work = [(other, work) for other, work in self._work if other != group]

    async def finish(self) -> None:
        """Do what waits, and what comes of it."""
        while self._work:
            await self._work.pop(0)[1]()

    def mark_as_read(self, paper_id: str) -> None:
        self.read.append(paper_id)

    def show_remark(self, text: str, *, title: str = "", seconds: float = 2) -> None:
        self.remarks.append(title or text)

    def post_message(self, message: Message) -> bool:
        self.posted.append(message)
        return True

    async def ask(self, dialog: Dialog[Answer]) -> Answer | None:
        self.dialogs.append(dialog)
        return self.answer  # type: ignore[return-value]  # what the test answers


@pytest.fixture
async def view(tmp_path: Path, sample_library: Path) -> AsyncIterator[View]:
    """A view on the newest day of the sample library."""
    folders = Folders(tmp_path / "library", tmp_path / "assets", tmp_path / "state", tmp_path / "config.toml")
    shutil.copytree(sample_library, folders.library)
    async with AppContainer(load_config(None, {}, UNREACHABLE | BY_WORDS), {}, folders) as container:
        session = Session(container, lambda: NOW)
        library = await session.library()
        paper_ids = [paper.paper_id for paper in library.listed(NOW.date(), NOW.date())]
        yield View(session, library.browsing.rows_of(paper_ids))


def ids_of(view: View) -> list[str]:
    return [row.paper_id for row in view.papers.rows]


async def take_all(reader: PaperReader, view: View) -> None:
    """Do the work that waits and take in what it posts, until nothing comes."""
    await view.finish()
    while view.posted:
        event = view.posted.pop(0)
        assert isinstance(event, PaperLoaded | SimilarFound)
        reader.take(event)
        await view.finish()


async def test_a_glance_shows_the_paper_and_opening_it_marks_it_as_read_and_finds_similar_ones(view: View) -> None:
    reader, (first, *_) = PaperReader(view), ids_of(view)
    reader.glance(first)
    await take_all(reader, view)
    assert view.detail.paper is not None
    assert (view.detail.paper.paper_id, view.detail.opened, view.read) == (first, False, [])

    reader.open(first)
    await take_all(reader, view)
    assert (view.detail.opened, view.read) == (True, [first])
    assert view.detail.similar


async def test_the_paper_that_is_asked_for_last_is_shown(view: View) -> None:
    reader, (first, second, third, *_) = PaperReader(view), ids_of(view)
    reader.glance(first)
    reader.glance(second)
    await view.finish()
    (loaded,) = view.posted
    assert isinstance(loaded, PaperLoaded)
    assert loaded.paper.paper_id == second, "the first one was not loaded"

    reader.glance(third)
    reader.take(loaded)
    assert view.detail.paper is None, "it came late"
    reader.glance(None)
    await view.finish()
    assert view.posted == [loaded]


async def test_the_trail_leads_back_to_the_paper_from_which_a_similar_one_was_opened(view: View) -> None:
    reader, (first, second, *_) = PaperReader(view), ids_of(view)
    reader.begin_trail()
    reader.open(first)
    await take_all(reader, view)
    reader.extend_trail()
    reader.open(second)
    await take_all(reader, view)

    assert reader.previous() == first
    assert reader.previous() is None


async def test_marks_are_changed_and_every_page_gets_to_know(view: View) -> None:
    marks, paper_ids = MarksEditor(view), ids_of(view)[:2]
    marks.start(paper_ids, toggle_starred)
    marks.start(paper_ids[:1], mark_read)
    await view.finish()
    assert [message.paper_ids for message in view.posted if isinstance(message, messages.PaperMarksChanged)] == [
        paper_ids,
        paper_ids[:1],
    ]
    assert view.remarks == ["2 papers starred"]

    marks.start_reading(paper_ids, lambda: paper_ids[0])
    await view.finish()
    read = view.posted[-1]
    assert isinstance(read, MarksRead)
    assert [(row.starred, row.read) for row in read.rows] == [(True, True), (True, False)]
    assert read.marks is not None
    assert read.marks.starred


async def test_actions_take_the_paper_that_is_read_else_the_selected_ones_else_that_of_the_cursor(view: View) -> None:
    actions, (first, second, third, *_) = SelectionActions(view, MarksEditor(view)), ids_of(view)
    view.detail.paper = load_paper(await view.session.library(), third)
    targets = []
    for selected_ids, is_in_detail in (((), False), ((first, second), False), ((first, second), True)):
        view.papers.selected_ids, view.is_in_detail = selected_ids, is_in_detail
        actions.chat("ask")
        await view.finish()
        asked = view.posted.pop()
        assert isinstance(asked, messages.AskAbout)
        targets.append([paper.paper_id for paper in asked.papers])

    assert targets == [[first], [first, second], [third]]


async def test_a_comparison_needs_two_papers_and_takes_the_one_that_is_read(view: View) -> None:
    actions, (first, second, *_) = SelectionActions(view, MarksEditor(view)), ids_of(view)
    actions.compare()
    await view.finish()
    assert (view.remarks, view.posted) == (["A comparison needs two"], [])

    view.papers.selected_ids = (first,)
    view.detail.paper, view.is_in_detail = load_paper(await view.session.library(), second), True
    actions.compare()
    await view.finish()
    (compared,) = view.posted
    assert isinstance(compared, messages.ComparePapers)
    assert [paper.paper_id for paper in compared.papers] == [first, second]


async def test_a_note_is_asked_for_and_kept_unless_the_dialog_is_left(view: View) -> None:
    actions, (first, *_) = SelectionActions(view, MarksEditor(view)), ids_of(view)
    library = await view.session.library()
    await actions.note()
    assert library.marks.of(first).note == ""
    view.answer = "worth a second look"
    await actions.note()

    assert library.marks.of(first).note == "worth a second look"
    assert [type(dialog) for dialog in view.dialogs] == [NoteDialog, NoteDialog]
    assert view.remarks == ["note kept"]


async def test_papers_that_were_removed_meanwhile_are_a_failure(view: View) -> None:
    actions = SelectionActions(view, MarksEditor(view))
    view.papers.selected_ids = ("2001.00001",)
    actions.copy("links")
    await view.finish()
    (failed,) = view.posted

    assert isinstance(failed, messages.Failed)
    assert failed.error.message == "The library no longer has this paper."
