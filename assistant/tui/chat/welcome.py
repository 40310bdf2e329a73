"""What an empty chat shows: what there is to ask about, three questions to begin with, and the keys that matter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from assistant.library import PaperRow
from assistant.services import answerable_questions
from assistant.tui.page import Page
from assistant.tui.session import Session
from assistant.tui.widgets.text_layout import papers_text

_HINTS = (
    "/ commands   @ a paper or an author   ↑ what was asked before",
    "{newline} begins a new line   {palette} every action   {help} every key",
)
_NO_PAPERS = "No papers are here yet."
_LONGEST_NAME = 70
_EXAMPLES_SHOWN = 3
_TEMPLATES = (
    "What does {} propose, and what does it show?",
    "How does {} work?",
    "Is there code for {}?",
    "Who wrote {}?",
)
_OF_A_DAY = "Which papers were upvoted most on {}?"


class Welcome(Vertical):
    """Stands in place of the transcript until something is asked."""

    DEFAULT_CSS = """
    Welcome { height: 1fr; padding: 1 2; align: left middle; }
    Welcome > Static { width: 1fr; height: auto; }
    Welcome > .-title { text-style: bold; color: $primary; }
    Welcome > .-there { margin-bottom: 1; }
    Welcome > .-hints { color: $text-muted; margin-top: 1; }
    Welcome > OptionList { height: auto; max-height: 9; border: none; padding: 0; background: $background; }
    Welcome > OptionList:focus { border: none; }
    Welcome > OptionList:blur > .option-list--option-highlighted { background: $background; color: $foreground; }
    """

    @dataclass
    class ExampleChosen(Message):
        """An example is to be asked."""

        question: str

    def __init__(self) -> None:
        super().__init__()
        self._examples: tuple[str, ...] = ()

    def compose(self) -> ComposeResult:
        """Title, what is there, examples, hints."""
        yield Static(Content("Ask the papers"), classes="-title", markup=False)
        yield Static(Content("…"), classes="-there", markup=False)
        yield OptionList()
        yield Static(Content(self._hints()), classes="-hints", markup=False)

    def _hints(self) -> str:
        keys_of = cast("Page", self.screen).keys_of
        newline, palette, help_ = (keys_of(name) for name in ("chat.newline", "app.command_palette", "app.help"))
        return "\n".join(_HINTS).format(newline=newline, palette=palette, help=help_)

    def show(self, papers: int, newest: date | None, examples: Sequence[str], first_steps: str) -> None:
        """Show how many papers there are, their newest day, and questions that can be answered.

        ``first_steps`` tells a reader who has none how papers come here.
        """
        there = self.query_one(".-there", Static)
        if papers:
            newest_text = f", newest {newest.isoformat()}" if newest else ""
            there.update(Content(f"{papers_text(papers)}{newest_text}"))
        else:
            there.update(Content(f"{_NO_PAPERS}\n→ {first_steps}"))
        self._examples = tuple(examples) if papers else ()
        options = self.query_one(OptionList)
        options.set_options(Option(Content(f"❯ {question}")) for question in self._examples)
        options.highlighted = 0 if self._examples else None
        options.display = bool(self._examples)

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if event.option_index < len(self._examples):
            self.post_message(self.ExampleChosen(self._examples[event.option_index]))


def example_questions(rows: Sequence[PaperRow]) -> tuple[str, ...]:
    """Questions about papers by the names that their titles begin with, or by their titles, and on the newest day.

    They are to be tried before they are shown.
    """
    questions = [template.format(_name(row.title)) for template, row in zip(_TEMPLATES, rows, strict=False)]
    newest = [_OF_A_DAY.format(row.day) for row in rows[:1] if row.day]
    return (*questions[:2], *newest, *questions[2:])


async def answerable_examples(session: Session, rows: Sequence[PaperRow]) -> tuple[str, ...]:
    """The first questions about these papers that get an answer, tried with the model that only quotes."""
    await session.warm()
    return await answerable_questions(session.container, example_questions(rows), _EXAMPLES_SHOWN)


def _name(title: str) -> str:
    name, colon, _ = title.partition(":")
    name = name.strip()
    if colon and name and len(name) <= _LONGEST_NAME:
        return name
    return f"“{title if len(title) <= _LONGEST_NAME else title[:_LONGEST_NAME].rsplit(' ', 1)[0] + '…'}”"
