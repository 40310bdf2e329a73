"""`assistant cite`: papers as BibTeX or RIS for a reference manager."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.cli import console
from assistant.cli.options import Invocation, common_options, invocation, json_option, sample_option
from assistant.errors import NothingFound, UsageError
from assistant.export import Exportable, ExportFormat, format_named, formats_of
from assistant.text import counted

if TYPE_CHECKING:
    from assistant.library import StoredPaper
    from assistant.services import AppContainer

_REFERENCES = Exportable.REFERENCES


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the references go: to a file, or printed, as they are or as an object."""

    file: Path | None
    as_json: bool


@click.command("cite", short_help="Papers as BibTeX or RIS for a reference manager.")
@click.argument("papers", nargs=-1, metavar="[PAPER…]")
@click.option("--starred", is_flag=True, help="The papers that are starred in the application, newest first.")
@click.option(
    "--format",
    "form",
    type=click.Choice([form.name for form in formats_of(_REFERENCES)]),
    help="Form of the references; without it the suffix of --out says which, else bibtex.",
)
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Write to FILE instead of printing.")
@json_option
@sample_option
@common_options
def command(papers: tuple[str, ...], starred: bool, form: str | None, out: Path | None, as_json: bool) -> None:
    """Print references for papers (id, link or title), each once: keys differ, every author is named.

    BibTeX entries are @misc with eprint, as arXiv gives them; RIS records carry DOI and abstract.
    """
    if not papers and not starred:
        raise UsageError("No paper is named.", "Name papers by id, link or title, or take --starred.")
    if out and as_json:
        raise UsageError("--out and --json do not go together.", "The text stands in the object; leave one away.")
    asyncio.run(_cite(invocation(), papers, starred, _form(form, out), _Place(out, as_json)))


def _form(name: str | None, out: Path | None) -> ExportFormat:
    """The named form, else that of the suffix, else the first one: BibTeX."""
    if name:
        return format_named(_REFERENCES, name)
    forms = {form.suffix: form for form in formats_of(_REFERENCES)}
    return forms.get(out.suffix.casefold() if out else "", next(iter(forms.values())))


async def _cite(called: Invocation, names: tuple[str, ...], starred: bool, form: ExportFormat, place: _Place) -> None:
    from assistant.export.json import references_json
    from assistant.files import save_bytes

    async with called.container() as container:
        papers = _cited_papers(container, names, starred)
    content = form.content(_REFERENCES, papers)
    if place.as_json:
        console.write_json(references_json(form.name, papers, content.decode()))
        return
    if place.file is None:
        console.write(content.decode(), newline=False)
        return
    written = await asyncio.to_thread(save_bytes, place.file, content)
    console.note(f"{counted(len(papers), 'reference')} written to {written}")


def _cited_papers(container: "AppContainer", names: tuple[str, ...], starred: bool) -> "list[StoredPaper]":
    """The named papers, then the starred ones, each once. Raises `NothingFound`."""
    from assistant.cli.arguments import papers_named
    from assistant.services import starred_papers

    papers = papers_named(container, names)
    if starred:
        named = {paper.paper_id for paper in papers}
        papers += [paper for paper in starred_papers(container.library) if paper.paper_id not in named]
    if not papers:
        raise NothingFound("No paper is starred.", "Star papers in the application, or name them by id.")
    return papers
