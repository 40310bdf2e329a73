"""Applications whose engine answers as a test says."""

import pytest

from assistant.models.chat_model import ChatModel
from assistant.tui.app import AssistantApp
from tests.scripted_answerer import ScriptedAnswerer


def answering(app: AssistantApp, monkeypatch: pytest.MonkeyPatch, answerer: ScriptedAnswerer) -> None:
    """Have the application answer with this engine."""

    async def build(model: ChatModel, *, refuse: bool | None = None) -> ScriptedAnswerer:
        del model
        answerer.refuse.append(refuse)
        return answerer

    monkeypatch.setattr(app.session, "answerer", build)
