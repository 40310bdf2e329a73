"""What can be done everywhere."""

from assistant.tui.actions.action import Action


def _page(name: str, keys: str) -> Action:
    return Action(
        f"app.{name}", keys, name.capitalize(), f"Go to the page {name}", priority=True, does=f"show_page('{name}')"
    )


APP_ACTIONS = (
    _page("chat", "f2,alt+1"),
    _page("papers", "f3,alt+2"),
    _page("digest", "f4,alt+3"),
    _page("trends", "f6,alt+4"),
    _page("conversations", "f7,alt+5"),
    Action(
        "app.command_palette",
        "ctrl+p",
        "Palette",
        "Every action and the recent papers",
        footer=True,
        palette=False,
        priority=True,
    ),
    Action("app.help", "f1", "Help", "Every key and what it does", footer=True, priority=True),
    Action("app.sync", "ctrl+s", "Sync", "Fetch the newest papers; again to stop", priority=True),
    Action("app.setup", "f9", "Setup", "Papers, models and keys, step by step", priority=True),
    Action("app.next_theme", "f10", "Theme", "Change between the dark and the light theme", priority=True),
    Action("app.quit", "ctrl+q", "Quit", "Leave the application; everything is kept", priority=True),
)
