"""What can be done on the page `trends`."""

from assistant.tui.actions.action import Action

TRENDS_ACTIONS: tuple[Action, ...] = (
    Action("trends.open", "enter", "List", "List the papers of the week, topic or organization", footer=True),
    Action("trends.mark", "space", "Compare", "Compare the topic or organization; begin a period at the week",
           footer=True),
    Action("trends.name_topic", "/", "Topic", "Type a topic and compare it", footer=True),
    Action("trends.switch_measure", "u", "Upvotes", "Count upvotes instead of papers, and back", footer=True),
    Action("trends.shorter", "-", "Shorter", "A shorter range of weeks"),
    Action("trends.longer", "+", "Longer", "A longer range of weeks"),
    Action("trends.topics", "t", "Topics", "Go to the table of topics"),
    Action("trends.organizations", "o", "Organizations", "Go to the table of organizations"),
    Action("trends.weeks", "w", "Weeks", "Go to the table of weeks", footer=True),
    Action("trends.clear", "backspace", "Clear", "Compare nothing and forget the begun period"),
)  # fmt: skip
