"""What an action is; bindings, the footer, the command palette and the help screen are all made from these."""

from collections.abc import Iterable
from dataclasses import dataclass

from textual.binding import Binding, BindingType


@dataclass(frozen=True, slots=True)
class Action:
    """Something the reader can do with a key.

    ``name`` is ``scope.method``: the configuration's ``[keys]`` uses it, and ``action_<method>`` of the scope's page
    (of the application for ``app``) does it, unless ``does`` names another Textual action. ``keys`` are comma
    separated. ``label`` stands in the footer when ``footer``, ``meaning`` in the palette (when ``palette``) and on the
    help screen. ``priority`` keys work while something is typed.
    """

    name: str
    keys: str
    label: str
    meaning: str
    footer: bool = False
    palette: bool = True
    priority: bool = False
    does: str = ""

    @property
    def scope(self) -> str:
        """The page that can do it, or ``app``."""
        return self.name.partition(".")[0]

    @property
    def action(self) -> str:
        """The Textual action, with its parameters: ``star``, ``show_page('chat')``."""
        return self.does or self.name.partition(".")[2]


def bindings_of(actions: Iterable[Action]) -> list[BindingType]:
    """The Textual bindings of a table of actions; ids are the names, so that a key map can replace their keys."""
    return [
        Binding(
            action.keys,
            action.action,
            action.label,
            show=action.footer,
            priority=action.priority,
            tooltip=action.meaning,
            id=action.name,
        )
        for action in actions
    ]
