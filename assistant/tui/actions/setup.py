"""What can be done on the page `setup`."""

from assistant.tui.actions.action import Action

SETUP_ACTIONS: tuple[Action, ...] = (
    Action("setup.start", "f5", "Start", "Do what the open step offers first: sync, pull or write", footer=True),
    Action("setup.stop", "f8", "Stop", "Stop what the open step does; what came is kept", footer=True),
    Action("setup.next_step", "ctrl+n", "Next", "Go to the next step; every step can be skipped", footer=True),
    Action("setup.previous_step", "ctrl+b", "Back", "Go to the step before", footer=True),
    Action("setup.finish", "ctrl+g", "Chat", "Finish the first steps and open the chat", footer=True),
    Action("setup.leave", "escape", "Leave", "Leave the first steps; what runs goes on", footer=True),
)
