"""The comparison of some papers on a screen of its own: the table, and below it the evidence of the cell in focus."""

import asyncio
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

from textual import on, work
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from assistant.answering import (
    DEFAULT_ASPECTS,
    Comparison,
    ComparisonEvent,
    ModelInfo,
    NumberedSource,
    needs_attention,
    only_doubtful,
)
from assistant.errors import AssistantError, NothingFound, UsageError
from assistant.export import Exportable
from assistant.export.markdown import comparison_markdown
from assistant.library import StoredPaper
from assistant.services import compare_sources
from assistant.text import counted
from assistant.tui import messages
from assistant.tui.actions import ACTIONS, bindings_of
from assistant.tui.compare.table import MOST_PAPERS, ComparisonTable, Sheet, Stage, check_number, distinct, read_aspects
from assistant.tui.exporting import export_new
from assistant.tui.page import Page
from assistant.tui.session import Session
from assistant.tui.widgets.abstract import AbstractView
from assistant.tui.widgets.notice import Notice


@dataclass
class WriterKnown(Message):
    """The model is here and begins."""

    sheet: Sheet
    writer: ModelInfo


@dataclass
class SheetGrew(Message):
    """A column is written, or the table is complete."""

    sheet: Sheet
    event: ComparisonEvent


@dataclass
class SheetFailed(Message):
    """The model did not answer."""

    sheet: Sheet
    error: AssistantError


async def compare(session: Session, sheet: Sheet) -> AsyncGenerator[Message, None]:
    """Fill a sheet; closing stops it. Columns that were written before come at once."""
    try:
        model = await session.model()
        yield WriterKnown(sheet, ModelInfo(model.name, model.kind))
        comparing = compare_sources(session.container, model, sheet.sources, sheet.aspects)
        async with aclosing(comparing) as events:
            async for event in events:
                yield SheetGrew(sheet, event)
    except AssistantError as error:
        yield SheetFailed(sheet, error)


class CompareScreen(Page):
    """The table of some papers; it is written when the screen opens, and stops when it closes."""

    SCOPE = "compare"
    BINDINGS = bindings_of(ACTIONS["compare"])
    DEFAULT_CSS = """
    CompareScreen #compare-head { height: 1; padding: 0 1; text-style: bold; }
    CompareScreen Input, CompareScreen Input:focus {
        display: none; height: 3; border: round $primary; background: $surface;
    }
    CompareScreen.-editing Input { display: block; }
    CompareScreen ComparisonTable { height: 3fr; }
    CompareScreen #compare-evidence { height: 2fr; min-height: 6; border-top: solid $panel; }
    CompareScreen #compare-cell { height: auto; max-height: 4; padding: 0 1; color: $secondary; }
    """

    def __init__(self, papers: Sequence[StoredPaper]) -> None:
        super().__init__()
        self._papers = distinct(papers)
        self._sheet = Sheet(self._papers[:MOST_PAPERS], DEFAULT_ASPECTS)  # abstracts are split here

    def compose_page(self) -> Iterable[Widget]:
        """Head, notice, aspects while they are edited, table, evidence."""
        yield Static("", id="compare-head", markup=False)
        yield Notice()
        aspects = Input(id="compare-aspects")
        aspects.border_title = "Aspects, with commas"
        aspects.border_subtitle = f"Enter writes the table · {self.keys_of('compare.close')} leaves it"
        yield aspects
        yield ComparisonTable()
        with Vertical(id="compare-evidence"):
            yield Static("", id="compare-cell", markup=False)
            yield AbstractView()

    def on_mount(self) -> None:
        """Begin, unless the number of papers makes no table."""
        self.query_one(ComparisonTable).focus()
        try:
            check_number(self._papers)
        except UsageError as error:
            self._sheet.stage = Stage.FAILED
            self.query_one(ComparisonTable).display = False
            self.query_one("#compare-evidence").display = False
            self.query_one(Notice).show_error(error)
            self._show_head()
            return
        self._begin(DEFAULT_ASPECTS)

    def on_screen_resume(self) -> None:
        """Show in the bar who would write."""
        self.host.refresh_writer()

    # Writing

    def _begin(self, aspects: Sequence[str]) -> None:
        self._sheet = Sheet(self._papers, aspects)
        self.query_one(Notice).clear_notice()
        self.query_one(ComparisonTable).show(self._sheet)
        self._show_head()
        self._consume(compare(self.session, self._sheet))

    @work(exit_on_error=False, exclusive=True, group="compare")
    async def _consume(self, stream: AsyncGenerator[Message, None]) -> None:
        async with aclosing(stream):
            async for message in stream:
                self.post_message(message)

    @on(WriterKnown)
    def _writer_known(self, event: WriterKnown) -> None:
        event.sheet.writer = event.writer
        self._show_head()

    @on(SheetGrew)
    def _grew(self, event: SheetGrew) -> None:
        event.sheet.take(event.event)
        if event.sheet is self._sheet:
            self._show_sheet()

    @on(SheetFailed)
    def _failed(self, event: SheetFailed) -> None:
        event.sheet.stage = Stage.FAILED
        if event.sheet is self._sheet:
            self.query_one(Notice).show_error(event.error)
            self._show_sheet()

    def action_stop(self) -> None:
        """Stop at once."""
        if self._sheet.stage is Stage.WRITING:
            self.workers.cancel_group(self, "compare")
            self._sheet.stage = Stage.STOPPED
            self._show_sheet()

    def action_again(self) -> None:
        """Write the table again; what is kept comes at once."""
        if self._is_a_table() and self._sheet.stage is not Stage.WRITING:
            self._begin(self._sheet.aspects)

    def _is_a_table(self) -> bool:
        return self.query_one(ComparisonTable).display

    # Showing

    def _show_sheet(self) -> None:
        self._show_head()
        self.query_one(ComparisonTable).refresh_columns()
        self._show_evidence()

    def _show_head(self) -> None:
        sheet = self._sheet
        papers = counted(len(self._papers), "paper")
        who = f"{sheet.writer.name} ({sheet.writer.kind})" if sheet.writer else "the model"
        states = {
            Stage.WRITING: f"{who} writes, {sheet.progress}",
            Stage.STOPPED: f"stopped at {sheet.progress}, what came is kept",
            Stage.FAILED: f"not finished, {sheet.progress}",
            Stage.DONE: f"✓ written by {who}",
        }
        state = f" · {states[sheet.stage]}" if self._is_a_table() else ""
        self.query_one("#compare-head", Static).update(Content(f"Comparing {papers}{state}"))

    @on(ComparisonTable.CellHighlighted)
    def _cell_highlighted(self) -> None:
        self._show_evidence()

    def _here(self) -> NumberedSource | None:
        """The paper whose column has the cursor; the first one in the column of aspects."""
        place = max(self.query_one(ComparisonTable).cursor_column - 1, 0)
        return self._sheet.sources[place] if self._is_a_table() and place < len(self._sheet.sources) else None

    def _show_evidence(self) -> None:
        """Say what the cell under the cursor rests on, and mark it in the abstract."""
        table, source = self.query_one(ComparisonTable), self._here()
        row = table.cursor_row
        if source is None or not 0 <= row < len(self._sheet.aspects):
            return
        aspect = self._sheet.aspects[row]
        cell = self._sheet.cell(row, source.number)
        if cell is None:
            text = "not written yet"
        elif cell.content is None:
            text = f"nothing found: no sentence of this abstract bears out a word on “{aspect}”"
        else:
            text = only_doubtful(cell.content)
            if needs_attention(cell.content) and cell.content.check:
                text += f" {cell.content.check.reason}"
        citations = cell.content.citations if cell and cell.content else ()
        evidence = [span for citation in citations for span in citation.spans]
        line = Content.assemble((f"{aspect}: ", "bold"), Content(text))
        self.query_one("#compare-cell", Static).update(line)
        self.query_one(AbstractView).show(source.paper, evidence, source.number)

    # Aspects

    def action_edit_aspects(self) -> None:
        """Open the input with the aspects of now."""
        if self._is_a_table():
            aspects = self.query_one("#compare-aspects", Input)
            aspects.value = ", ".join(self._sheet.aspects)
            self.add_class("-editing")
            aspects.focus()

    @on(Input.Submitted, "#compare-aspects")
    def _aspects_entered(self, event: Input.Submitted) -> None:
        try:
            aspects = read_aspects(event.value)
        except UsageError as error:
            self.query_one(Notice).show_error(error)
            return
        self._leave_aspects()
        self._begin(aspects)

    def _leave_aspects(self) -> None:
        self.remove_class("-editing")
        self.query_one(Notice).clear_notice()
        self.query_one(ComparisonTable).focus()

    # Leaving, copying, papers

    async def action_close(self) -> None:
        """Leave the input when it is open, else the screen; a worker of it is cancelled with it."""
        if self.has_class("-editing"):
            self._leave_aspects()
        else:
            self.workers.cancel_group(self, "compare")
            await self.app.pop_screen()

    def _comparison(self) -> Comparison | None:
        """The table as far as it is written; without a column says so."""
        comparison = self._sheet.comparison()
        if comparison is None:
            self.post_message(messages.Failed(NothingFound("No column is written yet.", "Wait for the first one.")))
        return comparison

    def action_copy(self) -> None:
        """Copy the table as Markdown."""
        if (comparison := self._comparison()) is not None:
            self.post_message(messages.Copy(comparison_markdown(comparison), "the comparison"))

    @work(exit_on_error=False, group="export")
    async def action_export(self) -> None:
        """Write the table to a file of its own in the current folder."""
        if (comparison := self._comparison()) is not None:
            name = str(Path.cwd() / f"comparison-{self.session.clock():%Y-%m-%d}.md")
            try:
                file = await asyncio.to_thread(export_new, Exportable.COMPARISON, comparison, name)
            except AssistantError as error:
                self.post_message(messages.Failed(error))
            else:
                self.notify(str(file), title="Comparison written", markup=False)

    async def action_open_paper(self) -> None:
        """Open the paper of the column on the page of papers; the table closes."""
        if (source := self._here()) is not None:
            await self._leave_for(messages.ShowPaper(source.paper.paper_id))

    async def action_ask(self) -> None:
        """Ask about the papers; the table closes."""
        await self._leave_for(messages.AskAbout(self._papers))

    async def _leave_for(self, message: Message) -> None:
        app = self.app
        self.workers.cancel_group(self, "compare")
        await app.pop_screen()
        app.post_message(message)

    def action_open_link(self) -> None:
        """Open the page of the column's paper in the browser."""
        if (source := self._here()) is not None and source.paper.link:
            self.post_message(messages.OpenLink(source.paper.link))
