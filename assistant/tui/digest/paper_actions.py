"""What is done with papers of the digest and with its text: to other pages, to the clipboard, to a file."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Protocol

from textual.message import Message

from assistant.errors import NothingFound
from assistant.export import Exportable, format_of, suffixes_of
from assistant.export.markdown import digest_markdown
from assistant.library import StoredPaper
from assistant.reports.digest import Digest
from assistant.tui import messages
from assistant.tui.digest.items import Item
from assistant.tui.digest.view_model import DigestViewModel
from assistant.tui.digest.worker import change_stars
from assistant.tui.exporting import export_new, proposed_name
from assistant.tui.session import Session
from assistant.tui.widgets.dialog import ExportDialog


def export_digest(digest: Digest | None, papers: Sequence[StoredPaper], name: str) -> Path:
    """Write the digest, or the references of the papers, to the named file; a name that is taken gets a number.

    The suffix chooses the form. Raises `UsageError` for one that is none and for a file that cannot be written,
    `DeliveryError` without a converter to PDF, and `NothingFound` while the ``digest`` is not begun. Blocking.
    """
    if format_of(Exportable.DIGEST, Path(name.strip())).holds_references:
        return export_new(Exportable.PAPERS, papers, name)
    if digest is None:
        references = " and ".join(suffixes_of(Exportable.REFERENCES))
        raise NothingFound("Nothing is written yet.", f"Have it written first; {references} need no text.")
    return export_new(Exportable.DIGEST, digest, name)


class DigestView(Protocol):
    """What the actions need of the page."""

    @property
    def session(self) -> Session:
        """What the pages share."""
        ...

    @property
    def view_model(self) -> DigestViewModel | None:
        """The digest that is shown; None while no period is."""
        ...

    @property
    def cursor(self) -> tuple[Item | None, int | None]:
        """The item under the cursor, and the number of the citation that is selected in it."""
        ...

    def keys_of(self, name: str) -> str:
        """The keys of an action as they are shown."""
        ...

    def redraw(self) -> None:
        """Show the digest as it is now."""
        ...

    def post_message(self, message: Message) -> bool:
        """Send a message to the application."""
        ...


class PaperActions:
    """What is done with the papers that are selected, or with those at the cursor, and with the digest as a whole."""

    def __init__(self, view: DigestView) -> None:
        self._view = view

    @property
    def _numbers_at_cursor(self) -> tuple[int, ...]:
        return self._view.view_model.numbers_at(*self._view.cursor) if self._view.view_model else ()

    @property
    def _targets(self) -> list[StoredPaper]:
        """The selected papers, else those at the cursor."""
        view_model = self._view.view_model
        return [source.paper for source in view_model.selected_sources(self._numbers_at_cursor)] if view_model else []

    @property
    def _at_cursor(self) -> StoredPaper | None:
        """The paper at the cursor, whatever is selected."""
        view_model, numbers = self._view.view_model, self._numbers_at_cursor
        return view_model.sources[numbers[0]].paper if view_model and numbers else None

    def select(self) -> None:
        """Select the paper or the topic at the cursor, or take it out of the selection."""
        if self._view.view_model is not None:
            self._view.view_model.toggle_selected(self._numbers_at_cursor)
            self._view.redraw()

    def open_paper(self) -> None:
        """Open the paper at the cursor on the page of papers."""
        if (paper := self._at_cursor) is not None:
            self._view.post_message(messages.ShowPaper(paper.paper_id))

    def open_link(self) -> None:
        """Open the page of the paper at the cursor in the browser."""
        if (paper := self._at_cursor) is not None and paper.link:
            self._view.post_message(messages.OpenLink(paper.link))

    def ask(self) -> None:
        """Ask about the papers."""
        if targets := self._targets:
            self._view.post_message(messages.AskAbout(targets))

    def compare(self) -> None:
        """Compare the papers."""
        if targets := self._targets:
            self._view.post_message(messages.ComparePapers(targets))

    async def star(self) -> None:
        """Star the papers; when all have one it is taken away. Raises `LibraryError`."""
        view_model = self._view.view_model
        paper_ids = [paper.paper_id for paper in self._targets]
        if view_model is not None and paper_ids:
            await change_stars(self._view.session, view_model, paper_ids)
            self._view.post_message(messages.PaperMarksChanged(paper_ids))

    # The digest as a whole

    def copy(self) -> None:
        """Copy the digest as far as it is written."""
        digest = self._written
        if digest is None:
            remedy = f"{self._view.keys_of('digest.write')} writes the digest."
            self._view.post_message(messages.Failed(NothingFound("Nothing is written yet.", remedy)))
        else:
            what = f"the digest of {digest.period.label}"
            self._view.post_message(messages.Copy(digest_markdown(digest), what))

    def export_dialog(self) -> ExportDialog | None:
        """Asks for a file for the digest as far as it is there, or for references of the selected papers.

        None while no period is shown.
        """
        view_model, digest = self._view.view_model, self._written
        if view_model is None:
            return None
        papers = [source.paper for source in view_model.selected_sources(list(view_model.sources))]
        title = " ".join(filter(None, ("daily papers", view_model.period.label, view_model.plan.profile)))
        name = proposed_name(title, ".html" if digest else ".bib")
        return ExportDialog("the digest", name, Exportable.DIGEST, partial(export_digest, digest, papers))

    @property
    def _written(self) -> Digest | None:
        return self._view.view_model.as_digest() if self._view.view_model else None
