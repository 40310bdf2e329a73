"""Typing that keeps its order."""

from collections.abc import Collection

from textual.events import Key
from textual.widget import Widget


async def do_in_order(typing: Widget, event: Key, also: Collection[str] = ()) -> None:
    """Do a bound key of an input at once; called first thing by its ``_on_key``.

    Textual 8 inserts a letter at once and lets a bound key (Backspace, Enter) bubble up to the application first, so
    that letters of the same burst overtake it: over a slow line, from an expander, from a paste without brackets.
    ``also`` are actions of the page that are part of typing, such as sending.
    """
    active = typing.screen.active_bindings.get(event.key)
    if active is None or not active.enabled or event.is_printable:
        return
    if active.node is typing or active.binding.action in also:
        event.stop()
        event.prevent_default()
        await typing.app.run_action(active.binding.action, active.node)
