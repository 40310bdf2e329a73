"""Applications for readers with keys of their own, and what is notified."""

from dataclasses import replace

from assistant.tui.app import AssistantApp
from assistant.tui.session import Session
from tests.tui.conftest import NOW, ScriptedWorkspace


def with_keys(app: AssistantApp, keys: dict[str, str]) -> AssistantApp:
    """The same application, not started, for a reader with keys of their own."""
    before = app.session.workspace
    loaded = replace(before.loaded, config=replace(before.config, keys=keys))
    workspace = ScriptedWorkspace(loaded, {}, before.folders)
    workspace.writer = before.model()
    return AssistantApp(Session(workspace, lambda: NOW), before.folders.logs / "state.json")


def notices(app: AssistantApp) -> list[tuple[str, str]]:
    """Title and text of what is notified."""
    return [(notice.title, notice.message) for notice in app._notifications]
