"""The page of kept conversations: finding, reading, renaming, deleting, exporting and opening them."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from textual.message import Message
from textual.pilot import Pilot
from textual.widgets import Input, Markdown, Static

from assistant.library.library import Library
from assistant.library.repositories.conversations import ConversationRepository, NewTurn, TurnProgress, TurnRow
from assistant.tui import messages
from assistant.tui.app import AssistantApp
from assistant.tui.conversations.dialogs import ConfirmDialog, LineDialog
from assistant.tui.conversations.listing import ConversationList, Preview
from assistant.tui.conversations.page import ConversationsPage
from assistant.tui.widgets.notice import Notice
from tests.tui.conftest import MakeApp, running, settled

HOSTILE = "[/x] [red]not red[/red] [@click=app.quit]quit[/] 漢字" + "y" * 10_000


def keep(library: Library, title: str, answer: str = "Agents learn [1].", state: str = "done") -> int:
    """Put a conversation of one turn into the library; returns its id."""
    shelf = library.conversations
    number, turn = shelf.begin(title, NewTurn("ask", "search", (), f"{title}, please?", "writing", datetime.now(UTC)))
    if state != "writing":
        shelf.write_turn(turn, TurnProgress(state, answer, seconds=1.0))
    return number


async def open_page(pilot: Pilot[None]) -> ConversationsPage:
    await pilot.press("f7")
    await settled(pilot)
    page = pilot.app.screen
    assert isinstance(page, ConversationsPage)
    return page


def shown(pilot: Pilot[None]) -> object:
    return pilot.app.screen


def titles(page: ConversationsPage) -> list[str]:
    kept = page.query_one(ConversationList)
    return [str(kept.get_option_at_index(place).prompt).split("\n")[0] for place in range(kept.option_count)]


def text_of(page: ConversationsPage, selector: str) -> str:
    return str(page.query_one(selector, Static).render())


def recorded(page: ConversationsPage, monkeypatch: pytest.MonkeyPatch) -> list[Message]:
    """What the page asks the application to do, in place of its being done."""
    asked: list[Message] = []
    post = page.post_message

    def record(message: Message) -> bool:
        if isinstance(message, messages.OpenConversation):
            asked.append(message)
            return True
        return post(message)

    monkeypatch.setattr(page, "post_message", record)
    return asked


@pytest.fixture
def app(make_app: MakeApp) -> AssistantApp:
    """The application with three conversations; the newest is about robots."""
    made = make_app()
    library = made.session.container.library
    for title in ("Agents", "Diffusion", "Robots"):
        keep(library, title)
    return made


async def test_conversations_stand_newest_first_with_date_and_turns(app: AssistantApp) -> None:
    async with running(app) as pilot:
        page = await open_page(pilot)

        assert titles(page) == ["Robots", "Diffusion", "Agents"]
        line = str(page.query_one(ConversationList).get_option_at_index(0).prompt)
        newest = app.session.container.library.conversations.found()[0]
        assert newest.updated_at.astimezone().strftime("%Y-%m-%d") in line
        assert "1 turn" in line


async def test_an_empty_list_says_what_will_be_there(make_app: MakeApp) -> None:
    async with running(make_app(), size=(80, 24)) as pilot:
        page = await open_page(pilot)

        assert "No conversations yet" in text_of(page, "#none")
        assert page.query_one("#none").display
        for key in ("r", "d", "e", "enter"):
            await pilot.press(key)
        assert shown(pilot) is page


async def test_a_search_narrows_as_it_is_typed_and_escape_ends_it(app: AssistantApp) -> None:
    keep(app.session.container.library, "Other", answer="About robots too.")
    async with running(app) as pilot:
        page = await open_page(pilot)
        await pilot.press("/", *"ROBOTS")
        await settled(pilot)
        assert titles(page) == ["Other", "Robots"]

        await pilot.press(*"zz")
        await settled(pilot)
        assert titles(page) == []
        assert "Nothing with “ROBOTSzz”" in text_of(page, "#none")

        await pilot.press("escape")
        await settled(pilot)
        assert len(titles(page)) == 4
        assert page.focused is page.query_one(ConversationList)


async def test_while_searching_the_arrows_move_and_enter_opens(
    app: AssistantApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(app) as pilot:
        page = await open_page(pilot)
        asked = recorded(page, monkeypatch)
        await pilot.press("/", *"please")
        await settled(pilot)
        await pilot.press("down", "down", "up", "enter")
        await settled(pilot)

        diffusion = app.session.container.library.conversations.found("diffusion")[0]
        assert asked == [messages.OpenConversation(diffusion.conversation_id)]


async def test_enter_and_a_double_click_open_and_one_click_only_moves(
    app: AssistantApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(app) as pilot:
        page = await open_page(pilot)
        asked = recorded(page, monkeypatch)
        await pilot.press("enter")
        await settled(pilot)
        newest, second, _ = app.session.container.library.conversations.found()
        assert asked == [messages.OpenConversation(newest.conversation_id)]

        await pilot.click(ConversationList, offset=(3, 2))
        await settled(pilot)
        assert page.query_one(ConversationList).highlighted == 1
        assert len(asked) == 1

        await pilot.click(ConversationList, offset=(3, 2), times=2)
        await settled(pilot)
        assert asked[1:] == [messages.OpenConversation(second.conversation_id)]


async def test_the_last_question_and_answer_stand_beside_the_list(app: AssistantApp) -> None:
    async with running(app) as pilot:
        page = await open_page(pilot)

        assert text_of(page, "Preview .-question") == "Robots, please?"
        assert page.query_one(Markdown).source == "Agents learn [1]."
        assert page.query_one(Preview).region.width > 30


async def test_a_narrow_terminal_shows_the_list_alone(app: AssistantApp) -> None:
    async with running(app, size=(80, 24)) as pilot:
        page = await open_page(pilot)

        assert not page.query_one(Preview).display
        assert page.query_one(ConversationList).region.width == 80


def marked(page: ConversationsPage) -> list[bool]:
    """Which lines say that the answer was interrupted."""
    kept = page.query_one(ConversationList)
    return ["interrupted" in str(kept.get_option_at_index(place).prompt) for place in range(kept.option_count)]


async def test_an_answer_that_broke_off_is_marked(app: AssistantApp) -> None:
    library = app.session.container.library
    keep(library, "Broken off", state="writing")
    async with running(app) as pilot:
        page = await open_page(pilot)

        assert marked(page) == [True, False, False, False]
        assert "Interrupted" in text_of(page, "Preview .-state")


async def test_an_answer_that_is_being_written_is_no_broken_one(app: AssistantApp) -> None:
    library = app.session.container.library
    app.session.writing_conversation = keep(library, "Written just now", state="writing")
    keep(library, "Broken off", state="writing")
    async with running(app) as pilot:
        page = await open_page(pilot)
        await pilot.press("down")
        await settled(pilot)
        assert marked(page) == [True, False, False, False, False]
        assert "Being written" in text_of(page, "Preview .-state")

        await pilot.press("/", *"broken")
        await settled(pilot)
        assert marked(page) == [True]
        assert "Interrupted" in text_of(page, "Preview .-state")


async def test_the_list_is_read_without_the_turns(app: AssistantApp, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    turns = ConversationRepository.turns

    def counted(shelf: ConversationRepository, conversation_id: int) -> list[TurnRow]:
        read.append(conversation_id)
        return turns(shelf, conversation_id)

    monkeypatch.setattr(ConversationRepository, "turns", counted)
    async with running(app) as pilot:
        page = await open_page(pilot)
        highlighted = page.query_one(ConversationList).current
        assert highlighted is not None
        assert set(read) == {highlighted.conversation_id}


async def test_a_conversation_gets_another_title(app: AssistantApp) -> None:
    async with running(app) as pilot:
        page = await open_page(pilot)
        await pilot.press("down", "r")
        await pilot.pause()
        dialog = app.screen
        assert isinstance(dialog, LineDialog)
        assert dialog.query_one(Input).value == "Diffusion"
        dialog.query_one(Input).value = HOSTILE
        await pilot.press("enter")
        await settled(pilot)

        assert shown(pilot) is page
        current = page.query_one(ConversationList).current
        assert current is not None
        assert current.title == HOSTILE

        await pilot.press("r", "x", "escape")
        await settled(pilot)
        assert HOSTILE in [row.title for row in app.session.container.library.conversations.found()]


@pytest.mark.parametrize("no", ["n", "escape", "enter"])
async def test_deleting_asks_first(app: AssistantApp, no: str) -> None:
    async with running(app) as pilot:
        page = await open_page(pilot)
        await pilot.press("d")
        await pilot.pause()
        assert isinstance(app.screen, ConfirmDialog)
        await pilot.press(no)
        await settled(pilot)
        assert titles(page) == ["Robots", "Diffusion", "Agents"]

        await pilot.press("d", "y")
        await settled(pilot)
        assert titles(page) == ["Diffusion", "Agents"]


async def test_the_dialog_can_be_clicked(app: AssistantApp) -> None:
    async with running(app) as pilot:
        page = await open_page(pilot)
        await pilot.press("delete")
        await pilot.pause()
        await pilot.click("#yes")
        await settled(pilot)
        assert titles(page) == ["Diffusion", "Agents"]

        await pilot.press("r")
        await pilot.pause()
        await pilot.click("#cancel")
        await settled(pilot)
        assert app.screen is page


async def test_an_export_never_writes_over_a_file(
    app: AssistantApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "robots.md").write_text("mine")
    monkeypatch.chdir(tmp_path)
    async with running(app) as pilot:
        await open_page(pilot)
        for key in ("e", "E"):
            await pilot.press(key)
            await pilot.pause()
            await pilot.press("enter")
            await settled(pilot)

        assert (tmp_path / "robots.md").read_text() == "mine"
        assert "Robots, please?" in (tmp_path / "robots-2.md").read_text()
        assert json.loads((tmp_path / "robots.json").read_text())["title"] == "Robots"
        notices = [notice.message for notice in app._notifications]
        assert notices == [str(tmp_path / "robots-2.md"), str(tmp_path / "robots.json")]


async def test_an_export_that_cannot_be_written_is_said_in_place(app: AssistantApp, tmp_path: Path) -> None:
    async with running(app) as pilot:
        page = await open_page(pilot)
        await pilot.press("e")
        await pilot.pause()
        app.screen.query_one(Input).value = str(tmp_path / "missing" / "x.md")
        await pilot.press("enter")
        await settled(pilot)

        assert "cannot be written" in text_of(page, "Notice")
        assert page.query_one(Notice).has_class("-error")


async def test_a_conversation_deleted_elsewhere_is_an_error_in_place(app: AssistantApp) -> None:
    async with running(app) as pilot:
        page = await open_page(pilot)
        row = page.query_one(ConversationList).current
        assert row is not None
        app.session.container.library.conversations.delete(row.conversation_id)
        await pilot.press("r")
        await pilot.pause()
        await pilot.press("x", "enter")
        await settled(pilot)

        assert "not kept any more" in text_of(page, "Notice")
        assert titles(page) == ["Diffusion", "Agents"]


async def test_coming_back_shows_what_came_meanwhile(app: AssistantApp) -> None:
    async with running(app) as pilot:
        page = await open_page(pilot)
        await pilot.press("down", "f6")
        keep(app.session.container.library, "Newest")
        await open_page(pilot)

        assert titles(page)[0] == "Newest"
        current = page.query_one(ConversationList).current
        assert current is not None
        assert current.title == "Diffusion"


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
async def test_hostile_text_is_shown_as_it_is(make_app: MakeApp, size: tuple[int, int]) -> None:
    app = make_app()
    keep(app.session.container.library, HOSTILE, answer=HOSTILE)
    async with running(app, size=size) as pilot:
        page = await open_page(pilot)
        assert titles(page)[0].startswith("[/x] [red]not red[/red] [@click=app.quit]")
        assert page.query_one(ConversationList).virtual_size.height == 2

        await pilot.press("d")
        await pilot.pause()
        assert "[/x]" in str(app.screen.query_one(".-question", Static).render())
        await pilot.press("n", "r", "escape", "e", "escape")
        await settled(pilot)
        assert app.screen is page


async def test_a_resized_terminal_cuts_titles_anew(make_app: MakeApp) -> None:
    app = make_app()
    keep(app.session.container.library, "word " * 60)
    async with running(app, size=(200, 60)) as pilot:
        page = await open_page(pilot)
        wide = len(titles(page)[0])
        await pilot.resize_terminal(60, 20)
        await settled(pilot)

        assert len(titles(page)[0]) < wide
        assert page.query_one(ConversationList).highlighted == 0
