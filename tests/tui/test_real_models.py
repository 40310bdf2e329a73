"""The chat on real models: a small GGUF in this process, a real OpenAI-compatible server. What they write is poor."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.answering.conversation import TurnState
from assistant.config import load_config
from assistant.config.settings import SettingValue
from assistant.paths import Folders
from assistant.services import AppContainer
from assistant.tui.app import AssistantApp
from assistant.tui.chat.page import ChatPage
from assistant.tui.session import Session
from assistant.tui.ui_state import UiState
from tests.conftest import ASSETS
from tests.support.chat_pilot import ask, page, send
from tests.tui.conftest import NOW, running, wait_until

QUESTION = "How do agents learn from their own experience?"
SMALL: dict[str, SettingValue] = {
    "local.threads": 1,
    "answers.max_output_tokens": 48,
    "answers.refuse": False,  # the judgements of so small a model are noise
    "hosted.evidence_tokens": 200,
}

MakeRealApp = Callable[[dict[str, SettingValue]], AssistantApp]


@pytest.fixture
def real_app(tmp_path: Path, sample_library: Path) -> MakeRealApp:
    """Applications on the sample feed whose models are those that the settings name."""

    def make(settings: dict[str, SettingValue]) -> AssistantApp:
        library = shutil.copytree(sample_library, tmp_path / "library")
        folders = Folders(library, ASSETS, tmp_path / "state", tmp_path / "config.toml")
        container = AppContainer(load_config(None, {}, SMALL | settings), {}, folders)
        state = tmp_path / "state.json"
        UiState(introduced=True).write(state)
        return AssistantApp(Session(container, lambda: NOW), state)

    return make


def last_turn_state(chat: ChatPage) -> TurnState:
    assert chat.turns.talk is not None
    return chat.turns.talk.turns[-1].state


async def test_a_real_small_gguf_answers_and_a_further_question_keeps_the_papers(
    real_app: MakeRealApp, small_gguf: Path
) -> None:
    app = real_app({"model": str(small_gguf), "offline": True})
    async with running(app) as pilot:
        await ask(pilot, QUESTION)
        chat = page(app)
        assert last_turn_state(chat) is TurnState.DONE
        assert chat.turns.talk is not None
        first = chat.turns.talk.turns[-1].answer
        assert first is not None
        assert first.usage.output_tokens > 0

        await ask(pilot, "And which of them is cheaper?")

        second = chat.turns.talk.turns[-1].answer
        assert second is not None
        assert [source.paper.paper_id for source in second.sources] == [
            source.paper.paper_id for source in first.sources
        ]


async def test_a_real_small_gguf_stops_while_it_reads_its_prompt(real_app: MakeRealApp, small_gguf: Path) -> None:
    app = real_app({"model": str(small_gguf), "offline": True})
    async with running(app) as pilot:
        await send(pilot, QUESTION)
        await wait_until(pilot, lambda: page(app).turns.writing)
        await pilot.press("escape")

        await wait_until(pilot, lambda: not page(app).turns.writing)

        await ask(pilot, QUESTION)
        assert last_turn_state(page(app)) is TurnState.DONE


async def test_a_real_openai_compatible_server_answers(real_app: MakeRealApp, llama_server: str) -> None:
    app = real_app({
        "model": "hosted", "hosted.base_url": llama_server, "hosted.model": "small", "hosted.context_tokens": 1024
    })  # fmt: skip
    async with running(app) as pilot:
        await ask(pilot, QUESTION)

        chat = page(app)
        assert last_turn_state(chat) is TurnState.DONE
        assert "hosted" in str(app.screen.query_one("StatusLine").render())
