"""Every action of every page; bindings, the footer, the palette, key maps and the help screen are made from these."""

from collections.abc import Iterable, Mapping
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


CHAT_ACTIONS: tuple[Action, ...] = (
    Action("chat.send", "enter", "Send", "Ask what is typed, or take the completion that is marked", palette=False),
    Action("chat.newline", "shift+enter,ctrl+j", "New line", "Begin a new line in the input", palette=False),
    Action("chat.afresh", "alt+enter", "Ask afresh", "Ask what is typed with a new search, whatever papers were kept"),
    Action("chat.stop", "escape", "Stop", "Stop the answer and keep what came; else go back a step", footer=True),
    Action("chat.new", "ctrl+n", "New", "Begin a new conversation", footer=True),
    Action("chat.again", "ctrl+r", "Again", "Write the last answer once more", footer=True),
    Action("chat.focus_transcript", "ctrl+t", "Citations", "Go to the text; left and right walk its citations and"
           " marks, Enter goes to the source, a digit to the source of that number", footer=True),
    Action("chat.focus_sources", "ctrl+o", "Sources", "Go to the sources and back; opens them where there is no room",
           footer=True),
    Action("chat.focus_composer", "ctrl+l,i", "Input", "Go to the input"),
    Action("chat.next_citation", "right,]", "Next citation", "Choose the next citation, or mark"),
    Action("chat.previous_citation", "left,[", "Previous citation", "Choose the previous citation, or mark"),
    Action("chat.open_paper", "p", "Paper", "Open the chosen source on the page Papers"),
    Action("chat.open_link", "o", "Open link", "Open the chosen source in the browser"),
    Action("chat.copy_link", "l", "Copy link", "Copy the link of the chosen source"),
    Action("chat.copy_answer", "y", "Copy answer", "Copy the answer with its sources"),
    Action("chat.copy_citation", "c", "Copy citation", "Copy the chosen citation, or the last one, with its evidence"),
    Action("chat.export", "e", "Export", "Write the conversation to a Markdown file in the current folder"),
    Action("chat.clear_filters", "x", "Clear filters", "Remove every filter"),
    Action("chat.ignore_found", "X", "Leave out what the question says", "Ask the last question again without the days,"
           " organizations and upvotes that its words made a filter"),
    Action("chat.anyway", "a", "Answer anyway", "Have the last question answered although it was refused"),
    Action("chat.next_check", "k", "Check of answers", "What becomes of sentences that are not supported: marked,"
           " repaired, or left out (strict); one after the other"),
    Action("chat.forget_papers", "ctrl+g", "Forget papers", "Forget the papers kept: the next question searches"),
)  # fmt: skip


def _browse(span: str, key: str, meaning: str) -> Action:
    return Action(f"papers.browse_{span}", key, span.capitalize(), meaning, does=f"browse('{span}')")


def _open(kind: str, key: str, label: str, meaning: str) -> Action:
    return Action(f"papers.open_{kind}", key, label, meaning, does=f"open_link('{kind}')")


PAPERS_ACTIONS: tuple[Action, ...] = (
    Action("papers.filter", "/", "Filter", "Filter as you type, by meaning and words", footer=True),
    Action("papers.ask", "a", "Ask", "Ask about the selected papers, or this one", footer=True, does="chat('ask')"),
    Action(
        "papers.summarize",
        "u",
        "Sum up",
        "Summarize the selected papers, or this one",
        footer=True,
        does="chat('summarize')",
    ),
    Action("papers.compare", "c", "Compare", "Compare the selected papers in a table", footer=True),
    Action(
        "papers.star",
        "s",
        "Star",
        "Star the selected papers, or take the stars away",
        footer=True,
        does="mark('star')",
    ),
    Action("papers.note", "n", "Note", "Write a note on this paper", footer=True),
    Action("papers.read", "m", "Read", "Mark as read, or as unread", does="mark('read')"),
    Action("papers.open_paper", "enter", "Open", "Open this paper: abstract, links, upvotes, similar papers"),
    Action("papers.select", "space", "Select", "Select this paper (Shift and the cursor keys select several)"),
    Action("papers.select_all", "ctrl+a", "All", "Select every paper of the list, or none"),
    Action("papers.back", "escape", "Back", "Close the paper, clear the filter or the selection", palette=False),
    Action("papers.previous_paper", "backspace", "Paper before", "From a similar paper back to the one before"),
    Action(
        "papers.previous_period", "left,[", "Earlier", "The day, week or month before that has papers", does="step(-1)"
    ),
    Action("papers.next_period", "right,]", "Later", "The next day, week or month that has papers", does="step(1)"),
    Action("papers.go_to_period", "g", "Go to", "Go to a day, a week or a month typed by hand"),
    _browse("day", "D", "Browse by day"),
    _browse("week", "W", "Browse by week"),
    _browse("month", "M", "Browse by month"),
    _browse("all", "A", "Browse all papers"),
    Action("papers.next_order", "t", "Order", "Order by day, upvotes (trending), comments or title"),
    Action("papers.next_mark", "v", "Show only", "Show all papers, or only unread, starred or noted ones"),
    _open("page", "o", "Paper page", "Open the paper's page in the browser"),
    _open("pdf", "p", "PDF", "Open the PDF on arXiv"),
    _open("code", "x", "Code", "Open the code on GitHub"),
    _open("project", "P", "Project", "Open the project's page"),
    Action(
        "papers.copy_links",
        "y",
        "Copy link",
        "Copy the links of the selected papers, or this one's",
        does="copy('links')",
    ),
    Action(
        "papers.copy_citations",
        "Y",
        "Cite",
        "Copy a line to cite each selected paper, or this one",
        does="copy('citations')",
    ),
    Action("papers.export", "e", "Export", "Write the selected papers, or this one, to a Markdown or JSON Lines file"),
    Action("papers.authors", "i", "Authors", "Show all authors of the open paper, or the first ones"),
)


DIGEST_ACTIONS: tuple[Action, ...] = (
    Action("digest.write", "b", "Write", "Write the digest, or what is missing of it", footer=True),
    Action("digest.stop", "escape", "Stop", "Stop writing; what came is kept"),
    Action(
        "digest.choose_item",
        "enter",
        "Choose",
        "Open or close the topic or the paper; go to the paper that is cited",
        does="focused.choose",
    ),
    Action("digest.previous", "p", "Earlier", "The day, week or month before", does="step(-1)"),
    Action("digest.next", "n", "Later", "The day, week or month after", does="step(1)"),
    Action("digest.day", "d", "Day", "The newest day of the period", does="resize('day')"),
    Action("digest.week", "w", "Week", "The week of the day", does="resize('week')"),
    Action("digest.month", "m", "Month", "The month of the day", does="resize('month')"),
    Action("digest.newest", "t", "Newest day", "The newest day that has papers"),
    Action("digest.next_profile", "f", "Profile", "Papers for the next profile of the configuration, or everything"),
    Action("digest.select", "space", "Select", "Select the paper, or every paper of the topic", footer=True),
    Action("digest.open_paper", "o", "Open", "Open the paper on the page of papers", footer=True),
    Action("digest.ask", "a", "Ask", "Ask about the selected papers, or about this one", footer=True),
    Action("digest.compare", "c", "Compare", "Compare the selected papers, or those of the topic", footer=True),
    Action("digest.choose", "g", "Period", "Choose a day, a week or a month", footer=True),
    Action("digest.star", "s", "Star", "Star the selected papers, or this one; again to take the star away"),
    Action("digest.expand", "e", "Expand all", "Expand or collapse every paper"),
    Action("digest.back", "backspace", "Back", "Back to the citation that led to the paper"),
    Action("digest.copy", "y", "Copy Markdown", "Copy the digest as Markdown"),
    Action(
        "digest.export",
        "x",
        "Export",
        "Write the digest to a file: a page to read, Markdown, JSON; or the selected papers as BibTeX or RIS",
    ),
    Action("digest.open_link", "l", "Open link", "Open the paper's page in the browser"),
)


COMPARE_ACTIONS: tuple[Action, ...] = (
    Action("compare.close", "escape", "Close", "Close the table; writing stops", footer=True),
    Action("compare.stop", "s", "Stop", "Stop writing; the columns that came are kept", footer=True),
    Action("compare.again", "r", "Again", "Write the table again, or what is missing of it", footer=True),
    Action("compare.edit_aspects", "e", "Aspects", "Change the rows of the table", footer=True),
    Action("compare.copy", "y", "Copy", "Copy the table as Markdown", footer=True),
    Action("compare.export", "x", "Export", "Write the table to a Markdown file", footer=True),
    Action("compare.open_paper", "o", "Open", "Open the paper on the page of papers"),
    Action("compare.ask", "a", "Ask", "Ask about the compared papers"),
    Action("compare.open_link", "l", "Open link", "Open the paper's page in the browser"),
)


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


CONVERSATIONS_ACTIONS: tuple[Action, ...] = (
    Action("conversations.open", "enter", "Open", "Go on with the conversation in the chat", footer=True),
    Action("conversations.search", "/", "Search", "Search in titles, questions and answers", footer=True),
    Action("conversations.rename", "r", "Rename", "Give the conversation another title", footer=True),
    Action("conversations.delete", "d,delete", "Delete", "Delete the conversation, after asking", footer=True),
    Action("conversations.export_markdown", "e", "Export", "Write the conversation to a Markdown file", footer=True),
    Action("conversations.export_json", "E", "JSON", "Write the conversation to a JSON file", footer=True),
)


SETUP_ACTIONS: tuple[Action, ...] = (
    Action("setup.start", "f5", "Start", "Do what the open step offers first: sync, pull or write", footer=True),
    Action("setup.stop", "f8", "Stop", "Stop what the open step does; what came is kept", footer=True),
    Action("setup.next_step", "ctrl+n", "Next", "Go to the next step; every step can be skipped", footer=True),
    Action("setup.previous_step", "ctrl+b", "Back", "Go to the step before", footer=True),
    Action("setup.finish", "ctrl+g", "Chat", "Finish the first steps and open the chat", footer=True),
    Action("setup.leave", "escape", "Leave", "Leave the first steps; what runs goes on", footer=True),
)


ACTIONS: Mapping[str, tuple[Action, ...]] = {
    "app": APP_ACTIONS,
    "chat": CHAT_ACTIONS,
    "papers": PAPERS_ACTIONS,
    "digest": DIGEST_ACTIONS,
    "compare": COMPARE_ACTIONS,
    "trends": TRENDS_ACTIONS,
    "conversations": CONVERSATIONS_ACTIONS,
    "setup": SETUP_ACTIONS,
}
"""Every table by its scope, in the order of the help screen."""
