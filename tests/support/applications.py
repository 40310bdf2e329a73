"""Applications for readers with keys, profiles and prices of their own, and what is notified."""

from dataclasses import replace

from assistant.config import Config
from assistant.config.profiles import Profile
from assistant.config.user_tables import Price
from assistant.tui.app import AssistantApp
from assistant.tui.session import Session
from tests.tui.conftest import NOW, ScriptedContainer


def with_keys(app: AssistantApp, keys: dict[str, str]) -> AssistantApp:
    """The same application, not started, for a reader with keys of their own."""
    return _configured(app, replace(app.session.config, keys=keys))


def with_profiles(app: AssistantApp, *profiles: Profile, used: str = "") -> AssistantApp:
    """The same application, not started, for a reader with profiles, of which the digest takes one at first."""
    config = app.session.config
    named = {profile.name: profile for profile in profiles}
    return _configured(app, replace(config, profiles=named, digest=replace(config.digest, profile=used)))


def with_prices(app: AssistantApp, prices: dict[str, Price]) -> AssistantApp:
    """The same application, not started, where hosted models cost this."""
    return _configured(app, replace(app.session.config, prices=prices))


def _configured(app: AssistantApp, config: Config) -> AssistantApp:
    before = app.session.container
    container = ScriptedContainer(replace(before.loaded, config=config), {}, before.folders)
    container.writer = before.model()
    return AssistantApp(Session(container, lambda: NOW), before.folders.logs / "state.json")


def notices(app: AssistantApp) -> list[tuple[str, str]]:
    """Title and text of what is notified."""
    return [(notice.title, notice.message) for notice in app._notifications]
