"""What becomes of what is typed, without an application."""

from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import cast

import pytest
from textual.content import Content
from textual.message import Message

from assistant.tui.chat.commands import OptionReady
from assistant.tui.chat.completion import Completions, Offer, argument_offers, completion_request_at
from assistant.tui.chat.composer import Composer
from assistant.tui.chat.question_input import InputFailed, InputPage, QuestionInput
from assistant.tui.messages import ShowDigest
from assistant.tui.ui_state import UiState
from assistant.tui.widgets.notice import Notice
from tests.tui.chat.parts import TurnsWithoutApp
from tests.tui.conftest import MakeSession


class Typing:
    """An input on a page that keeps what it is told."""

    def __init__(self, chat: TurnsWithoutApp) -> None:
        self.asked: list[tuple[str, bool]] = []
        self.actions: list[str] = []
        self.posted: list[Message] = []
        self.background: list[Callable[[], Awaitable[Message]]] = []
        self.turns = SimpleNamespace(writing=False, ask=self.ask, conversation=None)
        page = SimpleNamespace(
            session=chat.session,
            options=chat.options,
            turns=self.turns,
            keys_of=chat.page.keys_of,
            run_action=self.run_action,
            post_message=self.posted.append,
            in_background=lambda make, typed="": self.background.append(make),
        )
        self.completions, self.notice, self.remembered = Completions(), Notice(), UiState()
        self.composer = Composer(self.completions)
        self.input = QuestionInput(
            cast("InputPage", page), self.composer, self.completions, self.notice, self.remembered
        )

    async def ask(self, text: str, *, afresh: bool = False) -> None:
        self.asked.append((text, afresh))

    async def run_action(self, action: str) -> None:
        self.actions.append(action)

    async def send(self, text: str) -> None:
        self.composer.put(text)
        await self.input.send()


@pytest.fixture
def typing(make_session: MakeSession) -> Typing:
    return Typing(TurnsWithoutApp(make_session()))


async def test_a_question_is_asked_and_remembered(typing: Typing) -> None:
    await typing.send(" Which papers prune heads? ")
    typing.composer.put("And which do not?")
    await typing.input.ask_afresh()
    await typing.send("  ")
    assert typing.asked == [("Which papers prune heads?", False), ("And which do not?", True)]
    assert typing.remembered.history == ["Which papers prune heads?", "And which do not?"]
    assert typing.composer.text.strip() == ""


async def test_while_an_answer_is_written_a_question_stays_and_a_command_is_done(typing: Typing) -> None:
    typing.turns.writing = True
    await typing.send("Another one?")
    assert typing.composer.text == "Another one?"
    assert "<chat.stop> stops it" in str(typing.notice.content)
    await typing.send("/forget")
    assert typing.actions == ["forget_papers"]
    assert typing.asked == []


async def test_commands_act_set_and_go_to_other_pages(typing: Typing) -> None:
    for command in ("/samples 3", "/today 2026-W34", "/fresh Which?", "/papers", "/model extractive"):
        await typing.send(command)
    assert typing.posted == [ShowDigest("2026-W34")]
    assert typing.asked == [("Which?", True)]
    assert typing.actions == ["app.show_page('papers')"]
    ready = await typing.background[0]()
    assert isinstance(ready, OptionReady)
    assert (ready.option.name, ready.text) == ("model", "extractive")


async def test_a_command_that_cannot_be_done_comes_back(typing: Typing) -> None:
    await typing.send("/samples many")
    await typing.input.export()
    typed, export = typing.posted
    assert isinstance(typed, InputFailed)
    assert isinstance(export, InputFailed)
    typing.input.show_failure(typed)
    assert "/samples takes a number from 1 to 16." in str(typing.notice.content)
    assert typing.composer.text == "/samples many"
    typing.input.show_failure(export)
    assert typing.composer.text == "/samples many"


@pytest.mark.parametrize(
    ("text", "done"), [("/papers", ["app.show_page('papers')"]), ("/forget", ["forget_papers"]), ("/", [])]
)
async def test_offers_for_a_word_that_goes_on_are_not_taken(typing: Typing, text: str, done: list[str]) -> None:
    typing.composer.put(text)
    typing.completions.offer([Offer("/today ", Content("/today"))], completion_request_at("/"))
    typing.composer.action_complete()  # Tab
    assert typing.composer.text == ("/today " if text == "/" else text)
    typing.composer.put(text)
    typing.completions.offer([Offer("/today ", Content("/today"))], completion_request_at("/"))
    assert typing.composer.completing  # so that Tab does not leave the input
    await typing.input.send()
    assert typing.actions == done
    assert typing.composer.text == ("/today " if text == "/" else "")


async def test_what_is_typed_meanwhile_is_not_written_over(typing: Typing) -> None:
    typing.composer.put("Something else")
    typing.input.give_back("The question before")
    assert typing.composer.text == "Something else"


def test_an_argument_that_is_typed_in_full_is_not_offered() -> None:
    assert [offer.text for offer in argument_offers("m", ("mark", "md"))] == ["mark", "md"]
    assert argument_offers("md", ("mark", "md")) == []
