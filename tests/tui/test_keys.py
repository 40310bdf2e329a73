"""The registry of actions, and own keys in place of the usual ones."""

from importlib import import_module

import pytest
from textual.dom import DOMNode
from textual.keys import _character_to_key
from textual.widgets import Footer, Static
from textual.widgets._footer import FooterKey

from assistant.errors import ConfigError
from assistant.tui.actions import ACTIONS
from assistant.tui.app import _PAGE_CLASSES, AssistantApp
from assistant.tui.compare.screen import CompareScreen
from assistant.tui.keymap import is_key, keymap_of, split_keys
from tests.support.applications import with_keys
from tests.tui.conftest import MakeApp, running, settled

PAGE_KEYS = {"papers": "f3", "digest": "f4", "trends": "f6", "conversations": "f7", "chat": "f2"}


def scope_class(scope: str) -> type[DOMNode]:
    if scope == "app":
        return AssistantApp
    if scope == "compare":
        return CompareScreen
    module, _, name = _PAGE_CLASSES[scope].partition(":")
    found: type[DOMNode] = getattr(import_module(module), name)
    return found


@pytest.mark.parametrize("scope", ACTIONS)
def test_every_action_is_done_by_a_method_of_its_scope(scope: str) -> None:
    for action in ACTIONS[scope]:
        assert action.scope == scope
        method = action.action.partition("(")[0]
        focused = method.startswith("focused.")  # done by the widget that has the cursor
        assert focused or callable(getattr(scope_class(scope), f"action_{method}", None)), action.name


@pytest.mark.parametrize("scope", ACTIONS)
def test_no_two_actions_that_hold_at_once_share_a_key_or_a_name(scope: str) -> None:
    tables = {table for name in (scope, "app") for table in ACTIONS[name]}
    keys = [_character_to_key(key) if len(key) == 1 else key for action in tables for key in action.keys.split(",")]
    names = [action.name for action in tables]

    assert sorted(keys) == sorted(set(keys))
    assert sorted(names) == sorted(set(names))
    assert all(action.label and action.meaning and key for action in tables for key in action.keys.split(","))


async def test_the_footer_fits_a_narrow_terminal(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, size=(80, 24)) as pilot:
        for key in PAGE_KEYS.values():
            await pilot.press(key)
            await settled(pilot)
            shown = app.screen.query_one(Footer).query(FooterKey)
            assert sum(part.outer_size.width for part in shown) <= 80, app.current_mode


async def test_a_readers_own_keys_replace_the_usual_ones_everywhere(make_app: MakeApp) -> None:
    app = with_keys(make_app(), {"app.trends": "f12", "trends.switch_measure": "ctrl+u,x", "app.help": "f11"})
    async with running(app) as pilot:
        await pilot.press("f6")
        await settled(pilot)
        assert app.current_mode == "chat"
        await pilot.press("f12")
        await settled(pilot)
        assert app.current_mode == "trends"

        assert "[papers]" in str(app.screen.query_one("#measure", Static).render())
        await pilot.press("u")
        assert "[papers]" in str(app.screen.query_one("#measure", Static).render())
        await pilot.press("x")
        assert "[upvotes]" in str(app.screen.query_one("#measure", Static).render())
        footer = {part.description: part.key_display for part in app.screen.query(FooterKey)}
        assert footer["Upvotes"] == "^u"
        assert footer["Help"] == "f11"


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({"app.synk": "f5"}, "Did you mean app.sync?"),
        ({"trends.swich_measure": "f5"}, "Did you mean trends.switch_measure?"),
        ({"qqqq": "f5"}, "F1"),
        ({"app.sync": " "}, "ctrl+t"),
        ({"papers.filter": "notakey+++"}, "ctrl+t"),
        ({"papers.star": "b,ctrl+q"}, "give app.quit another one"),
        ({"papers.star": "space"}, "give papers.select another one"),
    ],
)
def test_keys_for_no_action_are_an_error_of_the_configuration(
    make_app: MakeApp, keys: dict[str, str], told: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        with_keys(make_app(), keys)
    assert told in (caught.value.remedy or "")
    assert next(iter(keys)) in caught.value.message


def test_keys_may_be_replaced_for_every_action() -> None:
    actions = [action for table in ACTIONS.values() for action in table]
    names = {action.name: f"alt+{chr(0x4E00 + number)}" for number, action in enumerate(actions)}

    assert keymap_of(names) == names


def test_the_usual_keys_are_keys_and_may_be_swapped() -> None:
    assert all(is_key(key) for table in ACTIONS.values() for action in table for key in split_keys(action.keys))

    swapped = {"papers.star": "space", "papers.select": "s"}
    assert keymap_of(swapped) == swapped
