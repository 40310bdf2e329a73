"""Applications whose engine answers as a test says."""

import pytest

from assistant.models.chat_model import WritingModel
from assistant.tui.app import AssistantApp
from tests.scripted_asker import ScriptedAsker


def answering(app: AssistantApp, monkeypatch: pytest.MonkeyPatch, asker: ScriptedAsker) -> None:
    """Have the application answer with this engine."""

    async def build(model: WritingModel, *, refuse: bool | None = None) -> ScriptedAsker:
        del model
        asker.refuse.append(refuse)
        return asker

    monkeypatch.setattr(app.session, "asker", build)
