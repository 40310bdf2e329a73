"""The input: several lines, paste, history over sessions, completion of commands and papers."""

import pytest
from textual.events import Paste
from textual.pilot import Pilot

from assistant.tui.chat.completion import CompletionKind, CompletionRequest, Completions, completion_request_at
from assistant.tui.chat.composer import Composer
from tests.support.chat_pilot import ask, page, send, sources, turns, type_text
from tests.tui.conftest import MakeApp, running, settled, wait_until


def _composer(pilot: Pilot[None]) -> Composer:
    return pilot.app.screen.query_one(Composer)


def _offered(pilot: Pilot[None]) -> list[str]:
    completions = pilot.app.screen.query_one(Completions)
    return [str(option.prompt) for option in completions.options] if completions.display else []


@pytest.mark.parametrize(
    ("before", "wanted"),
    [
        ("/", CompletionRequest(CompletionKind.COMMAND, "", 1)),
        ("/sum", CompletionRequest(CompletionKind.COMMAND, "sum", 4)),
        ("/model loc", CompletionRequest(CompletionKind.ARGUMENT, "loc", 3, "model")),
        ("of @vid", CompletionRequest(CompletionKind.PAPER, "vid", 4)),
        ("@vid", CompletionRequest(CompletionKind.PAPER, "vid", 4)),
        ('in @"two wor', CompletionRequest(CompletionKind.PAPER, "two wor", 9)),
        ("/compare @[2608.1 X] @ba", CompletionRequest(CompletionKind.PAPER, "ba", 3)),
        ("", None),
        ("what", None),
        ("a /today", None),
        ("me@home", None),
        ("@[2608.19880 FooNet]", None),
        ("@[2608.19880 FooNet] and", None),
        ("/org Goo", None),
    ],
)
def test_what_can_be_completed(before: str, wanted: CompletionRequest | None) -> None:
    assert completion_request_at(before) == wanted


async def test_enter_sends_and_ctrl_j_begins_a_line(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app) as pilot:
        await pilot.press("a", "ctrl+j", "b", "shift+enter", "c")
        assert _composer(pilot).text == "a\nb\nc"
        await pilot.press("enter")
        await wait_until(pilot, lambda: turns(app))
        assert _composer(pilot).text == ""


async def test_an_empty_input_sends_nothing(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app) as pilot:
        await pilot.press("enter", "space", "enter")
        await settled(pilot)
        assert turns(app) == []


async def test_the_input_grows_with_its_text_to_a_limit(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, (80, 24)) as pilot:
        assert _composer(pilot).size.height == 1
        await type_text(pilot, "1\n2\n3\n4")
        await pilot.pause()
        assert _composer(pilot).size.height == 4
        await type_text(pilot, "\n5\n6\n7\n8\n9")
        await pilot.pause()
        assert _composer(pilot).size.height == 6


async def test_a_paste_keeps_its_lines_and_is_not_sent(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app) as pilot:
        app.post_message(Paste("one\ntwo\n[/x]"))
        await pilot.pause()
        assert _composer(pilot).text == "one\ntwo\n[/x]"
        assert turns(app) == []


async def test_history_is_walked_from_the_outer_lines_and_outlives_the_session(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app) as pilot:
        await ask(pilot, "First question about video?")
        await ask(pilot, "Second question\nabout games?")
    app = make_app()
    async with running(app) as pilot:
        await type_text(pilot, "draft")
        await pilot.press("up")
        assert _composer(pilot).text == "Second question\nabout games?"
        await pilot.press("up")
        assert _composer(pilot).text == "Second question\nabout games?"
        await pilot.press("up")
        assert _composer(pilot).text == "First question about video?"
        await pilot.press("up")
        assert _composer(pilot).text == "First question about video?"
        await pilot.press("down", "down", "down")
        assert _composer(pilot).text == "draft"


async def test_commands_are_offered_and_taken_with_tab(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app) as pilot:
        await pilot.press("slash")
        await pilot.pause()
        assert len(_offered(pilot)) > 15
        await pilot.press("s", "u")
        await pilot.pause()
        assert [offer.split()[0] for offer in _offered(pilot)] == ["/summarize"]
        await pilot.press("tab")
        await pilot.pause()
        assert _composer(pilot).text == "/summarize "
        assert _offered(pilot) == []
        assert _composer(pilot).has_focus


async def test_the_list_is_walked_and_closed_with_keys(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app) as pilot:
        await pilot.press("slash", "s")
        await pilot.pause()
        await pilot.press("down", "down", "down")
        await pilot.press("enter")
        await pilot.pause()
        assert _composer(pilot).text == "/sync"
        _composer(pilot).put("")
        await pilot.press("slash", "s")
        await pilot.pause()
        await pilot.press("escape")
        await pilot.pause()
        assert _offered(pilot) == []
        assert _composer(pilot).text == "/s"


async def test_a_paper_is_completed_by_its_title_and_asked_about_alone(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app) as pilot:
        await type_text(pilot, "What is new in @4da")
        await wait_until(pilot, lambda: _offered(pilot))
        assert _offered(pilot)[0].startswith("4DAnyone: Create Anyone in 4D")
        await pilot.press("enter")
        await settled(pilot)
        text = _composer(pilot).text
        assert text.startswith("What is new in @[")
        assert text.endswith(" 4DAnyone] ")
        assert _offered(pilot) == []
        await pilot.press("enter")
        await wait_until(pilot, lambda: turns(app) and not page(app).turns.writing)
        await settled(pilot)
        assert [source.paper.title[:8] for source in sources(app).sources] == ["4DAnyone"]
        assert "What is new in “4DAnyone: Create" in str(turns(app)[0].query(".-question").first().render())


async def test_a_mention_of_a_paper_that_is_not_here_is_refused_in_place(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app) as pilot:
        await send(pilot, "What is @[9999.99999 Nothing]?")
        await settled(pilot)
        assert turns(app) == []
        assert _composer(pilot).text == "What is @[9999.99999 Nothing]?"


async def test_an_offer_is_taken_with_a_click(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app) as pilot:
        await pilot.press("slash", "s", "u")
        await pilot.pause()
        await pilot.click(Completions, offset=(4, 1))
        await pilot.pause()
        assert _composer(pilot).text == "/summarize "
        assert _composer(pilot).has_focus
