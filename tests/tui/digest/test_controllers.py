"""The parts of the page without an application: periods, writing, what is done with papers."""

import asyncio
import shutil
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from pathlib import Path

import pytest
from textual.message import Message

from assistant.config import load_config
from assistant.errors import AssistantError, ModelUnavailable
from assistant.paths import Folders
from assistant.periods import PeriodKind
from assistant.tui import messages
from assistant.tui.digest.items import Item, PaperItem, TopicItem
from assistant.tui.digest.navigator import PeriodNavigator
from assistant.tui.digest.paper_actions import PaperActions
from assistant.tui.digest.progress import Stage
from assistant.tui.digest.view_model import DigestViewModel
from assistant.tui.digest.worker import PeriodEmpty, PeriodLoaded, load_period
from assistant.tui.digest.writing import DigestWriting, WritingMessage
from assistant.tui.session import Session
from tests.support.digest_pilot import honest
from tests.support.fake_models import ScriptedModel
from tests.tui.conftest import BY_WORDS, NOW, UNREACHABLE, ScriptedContainer


class View:
    """In place of the page: keeps what its parts ask of it."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.view_model: DigestViewModel | None = None
        self.cursor: tuple[Item | None, int | None] = (None, None)
        self.loads: list[tuple[str | None, str]] = []
        self.remarks: list[str] = []
        self.posted: list[Message] = []
        self.activity = ""
        self.announced: list[DigestViewModel] = []
        self.failures: list[tuple[AssistantError, bool]] = []
        self.reloads = 0
        self.coming: AsyncGenerator[Message, None] | None = None

    def load_period(self, label: str | None, profile: str) -> None:
        self.loads.append((label, profile))

    def show_remark(self, text: str) -> None:
        self.remarks.append(text)

    def post_message(self, message: Message) -> bool:
        self.posted.append(message)
        return True

    def receive(self, messages: AsyncGenerator[Message, None]) -> None:
        self.coming = messages

    def stop_receiving(self) -> None:
        self.coming = None

    def show_activity(self, text: str) -> None:
        self.activity = text

    def redraw(self) -> None:
        pass

    def redraw_soon(self) -> None:
        pass

    def announce(self, view_model: DigestViewModel) -> None:
        self.announced.append(view_model)

    def show_failure(self, error: AssistantError, *, reloads: bool) -> None:
        self.failures.append((error, reloads))

    def clear_failure(self) -> None:
        self.failures.clear()

    def reload(self) -> None:
        self.reloads += 1

    def keys_of(self, name: str) -> str:
        return name


@pytest.fixture
async def view(tmp_path: Path, sample_library: Path) -> AsyncIterator[View]:
    """A view on the sample library; its model writes what stands in the prompt."""
    folders = Folders(tmp_path / "library", tmp_path / "assets", tmp_path / "state", tmp_path / "config.toml")
    shutil.copytree(sample_library, folders.library)
    folders.config_file.write_text('[profiles.agents]\nwords = ["agent"]\n')
    loaded = load_config(folders.config_file, {}, UNREACHABLE | BY_WORDS)
    async with ScriptedContainer(loaded, {}, folders) as container:
        container.writer = ScriptedModel(honest)
        yield View(Session(container, lambda: NOW))


async def loaded_period(view: View, label: str | None = None) -> PeriodLoaded:
    loaded = await load_period(view.session, label, "")
    assert isinstance(loaded, PeriodLoaded)
    return loaded


async def drain(writing: DigestWriting, view: View, most: int | None = None) -> None:
    """Take in what comes, or its first messages."""
    assert view.coming is not None
    async with aclosing(view.coming) as coming:
        number = 0
        async for message in coming:
            assert isinstance(message, WritingMessage)
            writing.take(message)
            number += 1
            if number == most:
                return


async def shown_writing(view: View) -> DigestWriting:
    """The writing of the newest day, of which nothing is written."""
    writing = DigestWriting(view)
    writing.show((await loaded_period(view)).view_model)
    view.view_model = writing.view_model
    writing.load_cached()
    await drain(writing, view)
    return writing


def stage_of(writing: DigestWriting) -> Stage | None:
    return writing.view_model.stage if writing.view_model else None


async def test_the_first_period_is_the_newest_day_unless_another_was_asked_for(view: View) -> None:
    PeriodNavigator(view).begin()
    other = PeriodNavigator(view)
    other.go_to("2026-W34")
    other.begin()

    assert view.loads == [(None, ""), ("2026-W34", "")]


async def test_steps_lead_to_periods_with_papers_and_end_with_a_remark(view: View) -> None:
    loaded = await loaded_period(view)
    navigator = PeriodNavigator(view)
    navigator.step(-1)
    assert view.loads == [], "nothing is shown yet"

    navigator.set_period(loaded.view_model.period, loaded.days)
    navigator.step(-1)
    navigator.step(1)
    navigator.resize(PeriodKind.WEEK)
    navigator.resize(PeriodKind.MONTH)
    assert [label for label, _ in view.loads] == ["2026-08-20", "2026-W34", "2026-08"]
    assert view.remarks == ["No later papers are in the library"]


async def test_from_a_period_that_cannot_be_read_the_steps_go_on_from_the_one_before(view: View) -> None:
    loaded = await loaded_period(view)
    navigator = PeriodNavigator(view)
    navigator.set_period(loaded.view_model.period, loaded.days)
    empty = await load_period(view.session, "yesterweek", "")
    assert isinstance(empty, PeriodEmpty)
    navigator.set_period(empty.period, empty.days)
    navigator.step(-1)

    assert view.loads == [("2026-08-20", "")]


async def test_profiles_follow_each_other_on_the_same_period(view: View) -> None:
    navigator = PeriodNavigator(view)
    navigator.go_to("2026-W34")
    navigator.next_profile()
    navigator.next_profile()

    assert view.loads == [("2026-W34", ""), ("2026-W34", "agents"), ("2026-W34", "")]


async def test_another_model_makes_what_was_loaded_outdated(view: View) -> None:
    navigator = PeriodNavigator(view)
    assert not navigator.is_outdated
    navigator.begin()
    assert not navigator.is_outdated
    view.session.model_name = "no model has this name"
    assert navigator.is_outdated


async def test_a_digest_is_written_part_by_part_and_announced(view: View) -> None:
    writing = await shown_writing(view)
    view_model = writing.view_model
    assert view_model is not None
    assert stage_of(writing) is Stage.OFFERED
    writing.begin()
    assert writing.is_running
    await drain(writing, view)

    assert stage_of(writing) is Stage.DONE
    assert view.announced == [view_model]
    assert view.activity == ""


async def test_what_was_written_before_the_stop_is_cached(view: View) -> None:
    writing = await shown_writing(view)
    writing.begin()
    await drain(writing, view, most=4)
    assert view.activity == "digest 2026-08-21: 3 of 17"
    writing.stop()
    assert not writing.is_running
    assert view.coming is None

    again = await shown_writing(view)
    assert again.view_model is not None
    assert len(again.view_model.entries) >= 3


async def test_papers_that_come_meanwhile_are_loaded_after_the_writing(view: View) -> None:
    writing = await shown_writing(view)
    writing.papers_changed()
    assert view.reloads == 1
    writing.begin()
    writing.papers_changed()
    assert view.reloads == 1
    await drain(writing, view)

    assert view.reloads == 2


async def test_a_failure_is_shown_and_writing_can_begin_again(view: View) -> None:
    container = view.session.container
    assert isinstance(container, ScriptedContainer)
    writing = await shown_writing(view)
    container.writer = ScriptedModel(honest, fails_with=ModelUnavailable("The model does not answer."))
    writing.begin()
    await drain(writing, view)
    assert [(error.message, reloads) for error, reloads in view.failures] == [("The model does not answer.", False)]

    container.writer = ScriptedModel(honest)
    writing.begin()
    assert view.failures == []
    await drain(writing, view)
    assert writing.view_model is not None
    assert writing.view_model.stage is Stage.DONE


async def test_what_comes_late_of_another_period_changes_nothing_on_the_page(view: View) -> None:
    writing = await shown_writing(view)
    writing.begin()
    late, former = view.coming, writing.view_model
    writing.show((await loaded_period(view, "2026-08-20")).view_model)
    view.coming = late
    await drain(writing, view)

    assert former is not None
    assert former.stage is Stage.DONE
    assert view.announced == []


async def test_actions_take_the_selected_papers_else_those_at_the_cursor(view: View) -> None:
    view.view_model = (await loaded_period(view)).view_model
    actions = PaperActions(view)
    actions.ask()
    actions.open_paper()
    assert view.posted == []

    items = view.view_model.items("b", "escape")
    topic = next(item for item in items if isinstance(item, TopicItem) and len(item.numbers) > 1)
    paper = next(item for item in items if isinstance(item, PaperItem) and item.number not in topic.numbers)
    view.cursor = topic, None
    actions.select()
    view.cursor = paper, None
    actions.ask()
    actions.open_paper()

    asked, opened = view.posted
    assert isinstance(asked, messages.AskAbout)
    assert isinstance(opened, messages.ShowPaper)
    assert len(asked.papers) == len(topic.numbers)
    assert opened.paper_id == view.view_model.sources[paper.number].paper.paper_id


async def test_a_star_is_given_and_taken_away(view: View) -> None:
    view.view_model = (await loaded_period(view)).view_model
    actions = PaperActions(view)
    view.cursor = next(item for item in view.view_model.items("", "") if isinstance(item, PaperItem)), None
    await actions.star()
    changed = view.posted[-1]
    assert isinstance(changed, messages.PaperMarksChanged)

    library = await view.session.library()
    (paper_id,) = changed.paper_ids
    assert (await asyncio.to_thread(library.marks.of, paper_id)).starred
    view.view_model.starred.add(paper_id)
    await actions.star()
    assert not (await asyncio.to_thread(library.marks.of, paper_id)).starred


async def test_nothing_is_copied_before_anything_is_written(view: View) -> None:
    writing = await shown_writing(view)
    actions = PaperActions(view)
    actions.copy()
    writing.begin()
    await drain(writing, view)
    actions.copy()

    failed, copied = view.posted
    assert isinstance(failed, messages.Failed)
    assert failed.error.remedy == "digest.write writes the digest."
    assert isinstance(copied, messages.Copy)
    assert copied.what == "the digest of 2026-08-21"
