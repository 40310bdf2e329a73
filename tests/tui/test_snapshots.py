"""The states that matter, as pictures; `pytest tests/tui/test_snapshots.py --snapshot-update` after a look at them.

The pictures hold for the Textual of requirements.lock.
"""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace

import pytest
from textual.pilot import Pilot
from textual.widgets import Markdown, TextArea

from assistant.errors import ModelUnavailable
from assistant.models.chat_model import ChatModel
from assistant.tui.app import AssistantApp
from assistant.tui.chat.status import Speed, StatusLine
from tests.support.chat_pilot import ask, send
from tests.support.digest_pilot import drawn, honest
from tests.support.fake_models import HeldQuotingModel, ScriptedModel
from tests.tui.conftest import MakeApp, cite_everything, settled, wait_until

SIZES = {"80x24": (80, 24), "120x40": (120, 40)}
QUESTION = "How do agents learn from their own experience?"

Steps = Callable[[Pilot[None]], Awaitable[None]]


async def nothing(_pilot: Pilot[None]) -> None:
    """The state that the application opens with."""


async def streaming(pilot: Pilot[None]) -> None:
    await send(pilot, QUESTION)
    # The sign of a sentence comes behind its citation.
    await wait_until(pilot, lambda: any("❝" in answer.source for answer in pilot.app.screen.query(Markdown)))


async def answered(pilot: Pilot[None]) -> None:
    await ask(pilot, QUESTION)
    await pilot.press("ctrl+t")


async def failed(pilot: Pilot[None]) -> None:
    await ask(pilot, QUESTION)


async def papers(pilot: Pilot[None]) -> None:
    await pilot.press("f3")
    await settled(pilot)


async def digest(pilot: Pilot[None]) -> None:
    await pilot.press("f4")
    await drawn(pilot)
    await pilot.press("b")
    await drawn(pilot)


async def compare(pilot: Pilot[None]) -> None:
    await papers(pilot)
    await pilot.press("space", "down", "space", "c")
    await settled(pilot)


async def trends(pilot: Pilot[None]) -> None:
    await pilot.press("f6")
    await settled(pilot)


def refusing() -> ScriptedModel:
    error = ModelUnavailable("The server 127.0.0.1:8080 does not answer.", "Start it, or take another --model.")
    return ScriptedModel(lambda _request: "", fails_with=error)


STATES: dict[str, tuple[Steps, Callable[[], ChatModel], bool]] = {
    "first run": (nothing, lambda: ScriptedModel(cite_everything), False),
    "empty": (nothing, lambda: ScriptedModel(cite_everything), True),
    "streaming": (streaming, HeldQuotingModel, True),
    "answer with sources": (answered, lambda: ScriptedModel(cite_everything), True),
    "error": (failed, refusing, True),
    "papers": (papers, lambda: ScriptedModel(cite_everything), True),
    "digest": (digest, lambda: ScriptedModel(honest), True),
    "compare": (compare, lambda: ScriptedModel(cite_everything), True),
    "trends": (trends, lambda: ScriptedModel(cite_everything), True),
}
"""What is done, who writes, and whether the library has papers."""


@pytest.fixture
def opened(make_app: MakeApp) -> Iterator[Callable[[str], AssistantApp]]:
    """Applications of the states; their libraries are closed afterwards."""
    made: list[AssistantApp] = []

    def make(state: str) -> AssistantApp:
        _, model, with_papers = STATES[state]
        settings = {"answers.check": "repair"}
        made.append(make_app(model(), papers=with_papers, introduced=with_papers, settings=settings))
        return made[-1]

    yield make
    for app in made:
        app.session.container.library.close()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("state", STATES)
def test_the_state_looks_as_it_did(
    state: str,
    size: str,
    opened: Callable[[str], AssistantApp],
    snap_compare: Callable[..., bool],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Speed, "seconds", 0.0)  # while an answer is written the clock goes on
    monkeypatch.setattr(Speed, "tokens_per_second", lambda *_: None)

    async def reach(pilot: Pilot[None]) -> None:
        await settled(pilot)
        await STATES[state][0](pilot)
        await pilot.pause()
        without_clock(pilot)
        await pilot.pause()

    assert snap_compare(opened(state), terminal_size=SIZES[size], run_before=reach)


def without_clock(pilot: Pilot[None]) -> None:
    """Take out what differs from run to run: seconds, speeds, a cursor that blinks."""
    for line in pilot.app.screen.query(StatusLine):
        line.status = replace(line.status, seconds=None, tokens_per_second=None)
    for area in pilot.app.screen.query(TextArea):
        area.cursor_blink = False
