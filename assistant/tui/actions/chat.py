"""What can be done on the page `chat`."""

from assistant.tui.actions.action import Action

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
