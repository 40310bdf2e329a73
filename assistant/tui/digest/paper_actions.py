"""A page that shows an edition: its papers go to other pages, its text to the clipboard or to a file."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from textual import on, work

from assistant.answering import NumberedSource
from assistant.errors import NothingFound, UsageError
from assistant.export.markdown import digest_markdown
from assistant.library import StoredPaper
from assistant.reports.digest import Digest
from assistant.tui import messages
from assistant.tui.digest.digest_list import DigestList
from assistant.tui.digest.paging import PeriodPage
from assistant.tui.digest.view_model import DigestViewModel
from assistant.tui.digest.worker import StarsChanged, change_stars, read_stars
from assistant.tui.exporting import proposed_name, write_new
from assistant.tui.widgets.export_dialog import ExportDialog

_FORMS = (".html", ".md", ".json")
FORMS_TOLD = ".html is a page, .md Markdown, .json for programs; .bib and .ris are references of the papers"
"""The endings, for the dialog that asks for a file."""


def export_digest(digest: Digest | None, papers: Sequence[StoredPaper], name: str) -> Path:
    """Write the digest, or the references of the papers, to the named file; a name that is taken gets a number.

    The ending chooses the form. Raises `UsageError` for one that is none and for a file that cannot be written, and
    `NothingFound` while the ``digest`` is not begun. Blocking.
    """
    from assistant.export import REFERENCES, digest_file

    wanted = Path(name.strip())
    ending = wanted.suffix.casefold()
    if ending in REFERENCES:
        return write_new(wanted, f"papers{ending}", REFERENCES[ending](papers))
    if ending not in _FORMS:
        raise UsageError("The ending of the name says no form for a digest.", f"{FORMS_TOLD}.")
    if digest is None:
        raise NothingFound("Nothing is written yet.", "Have it written first; .bib and .ris need no text.")
    return write_new(wanted, f"digest{ending}", digest_file(digest, ending))


class EditionPage(PeriodPage):
    """What is done with the papers that are selected, or with those at the cursor, and with the digest as a whole."""

    def __init__(self) -> None:
        super().__init__()
        self._edition: DigestViewModel | None = None

    def redraw(self) -> None:
        """Show the edition as it is now."""
        raise NotImplementedError

    def _targets(self) -> list[NumberedSource]:
        """The selected papers, else those at the cursor."""
        listing = self.query_one(DigestList)
        if self._edition is None:
            return []
        about = self._edition.numbers_at(listing.item, listing.citation)
        return self._edition.chosen(about)

    def _here(self) -> NumberedSource | None:
        """The paper at the cursor, whatever is selected."""
        listing = self.query_one(DigestList)
        about = self._edition.numbers_at(listing.item, listing.citation) if self._edition else ()
        return self._edition.sources[about[0]] if self._edition and about else None

    def action_select(self) -> None:
        """Select the paper or the topic at the cursor, or take it out of the selection."""
        listing = self.query_one(DigestList)
        if self._edition is not None:
            self._edition.toggle_selected(self._edition.numbers_at(listing.item, listing.citation))
            self.redraw()

    def action_open_paper(self) -> None:
        """Open the paper on the page of papers."""
        if (source := self._here()) is not None:
            self.post_message(messages.ShowPaper(source.paper.paper_id))

    def action_open_link(self) -> None:
        """Open the paper's page in the browser."""
        if (source := self._here()) is not None and source.paper.link:
            self.post_message(messages.OpenLink(source.paper.link))

    def action_ask(self) -> None:
        """Ask about the papers."""
        if targets := self._targets():
            self.post_message(messages.AskAbout([source.paper for source in targets]))

    def action_compare(self) -> None:
        """Compare the papers."""
        if targets := self._targets():
            self.post_message(messages.ComparePapers([source.paper for source in targets]))

    @work(exit_on_error=False, group="star")
    async def action_star(self) -> None:
        """Star the papers; when all have one it is taken away."""
        edition = self._edition
        ids = [source.paper.paper_id for source in self._targets()]
        if edition is not None and ids:
            await change_stars(self.session, edition, ids)
            self.post_message(messages.PaperMarksChanged(ids))

    def marks_changed(self, paper_ids: Sequence[str]) -> None:
        """Look which papers have a star now."""
        edition = self._edition
        if edition is not None and not set(edition.paper_ids).isdisjoint(paper_ids):
            self._read_stars(edition)

    @work(exit_on_error=False, exclusive=True, group="stars")
    async def _read_stars(self, edition: DigestViewModel) -> None:
        self.post_message(await read_stars(self.session, edition))

    @on(StarsChanged)
    def _stars_changed(self, event: StarsChanged) -> None:
        event.edition.starred = set(event.starred)
        self.redraw()

    # The digest as a whole

    def _written(self) -> Digest | None:
        return self._edition.as_digest() if self._edition else None

    def action_copy(self) -> None:
        """Copy the digest as far as it is written."""
        digest = self._written()
        if digest is None:
            remedy = f"{self.keys_of('digest.write')} writes the digest."
            self.post_message(messages.Failed(NothingFound("Nothing is written yet.", remedy)))
        else:
            self.post_message(messages.Copy(digest_markdown(digest), f"the digest of {digest.period.label}"))

    @work(exit_on_error=False, group="export")
    async def action_export(self) -> None:
        """Write the digest as far as it is there, or references of the selected papers, to a file."""
        edition, digest = self._edition, self._written()
        if edition is None:
            return
        papers = [source.paper for source in edition.chosen(list(edition.sources))]
        named = " ".join(filter(None, ("daily papers", edition.period.label, edition.plan.profile)))
        name = proposed_name(named, ".html" if digest else ".bib")
        dialog = ExportDialog("the digest", name, FORMS_TOLD, partial(export_digest, digest, papers))
        written = await self.app.push_screen_wait(dialog)
        if written is not None:
            self.notify(str(written), title="Exported", markup=False)
