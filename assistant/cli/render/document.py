"""Documents and digests as plain text, and as much of a table as a terminal can hold."""

import shutil

from assistant.answering import NOT_STATED, Comparison, cited_once, legend, marked_sentence, needs_attention, sign_of
from assistant.cli import console
from assistant.cli.render.sources import source_head
from assistant.export import TextStyle, digest_text
from assistant.export.markdown import comparison_rows, comparison_table
from assistant.reports import NO_OPEN_PROBLEMS, NOTHING_WRITTEN, OPEN_PROBLEMS, Document, Group, doubts, shared_of
from assistant.reports.digest import Digest
from assistant.reports.ideas import Idea, Ideas

_WIDEST_TABLE = 160
PROPOSALS = "Proposals of a language model, not findings: only what they build on is taken from the papers."


def document_text(document: Document) -> str:
    """The whole document for a reader of a terminal; in a pipe a paragraph is one line."""
    lines = [console.strong(document.title), console.wrapped(document.question)]
    lines += [console.wrapped(f"Not complete: {line}.") for line in document.incomplete]
    if shared := shared_of(document):
        lines += ["", console.wrapped(shared)]
    for group in document.groups:
        lines += ["", *_group_lines(group)]
    lines += ["", *_table_lines(document), console.strong(OPEN_PROBLEMS)]
    problems = [console.wrapped(f"- {sentence.text}") for sentence in document.open_problems]
    lines += problems or [NO_OPEN_PROBLEMS]
    if legend_text := legend(document.checked):
        lines += ["", console.wrapped(legend_text), *map(console.wrapped, doubts(document))]
    lines += ["", console.strong("References"), *_reference_lines(document)]
    return "\n".join([*lines, "", console.dim(console.wrapped("; ".join((*document.method, document.coverage))))])


def _group_lines(group: Group) -> list[str]:
    numbers = "".join(f"[{number}]" for number in group.numbers)
    head = [f"{console.strong(group.name)} {console.dim(numbers)}"] if group.name else []
    text = " ".join(marked_sentence(sentence) for sentence in cited_once(group.sentences))
    return [*head, console.wrapped(text or NOTHING_WRITTEN)]


def _table_lines(document: Document) -> list[str]:
    """The table paper by paper: on a terminal eight columns of prose cannot be read."""
    table = document.table
    if table is None:
        return []
    lines = []
    for place, source in enumerate(table.sources):
        lines.append(f"[{source.number}] {console.strong(source.paper.title)}")
        for aspect, row in zip(table.aspects, table.cells, strict=True):
            content = row[place].content
            lines.append(console.wrapped(f"{aspect}: {marked_sentence(content) if content else NOT_STATED}", "    "))
    return [*lines, ""]


def _reference_lines(document: Document) -> list[str]:
    """Every source with the sentences that stand behind its citations."""
    lines = []
    for source in document.sources:
        evidence = document.evidence_for(source.number)
        lines += [*source_head(source), *(console.wrapped(f"“{sentence.text}”", "    ") for sentence in evidence)]
    return lines


def comparison_text(comparison: Comparison) -> str:
    """The table with its sources; drawn on a terminal, as a Markdown table in a pipe."""
    table = _drawn(comparison) if console.is_terminal() else comparison_table(comparison)
    lines = [table, "", console.strong("Sources")]
    for source in comparison.sources:
        lines.extend(source_head(source))
        lines.extend(console.wrapped(f"“{s.text}”", "    ") for s in comparison.evidence_for(source.number))
    if doubts := _doubts(comparison):
        lines += ["", console.strong("To be looked at"), *map(console.wrapped, doubts)]
    return "\n".join(lines)


def _doubts(comparison: Comparison) -> list[str]:
    """Why cells are not simply supported: "~ method of [1]: the number 2.78 is not in the source"."""
    return [
        f"{sign_of(cell.content)} {cell.aspect} of [{cell.number}]: {cell.content.check.reason}"
        for row in comparison.cells
        for cell in row
        if cell.content and cell.content.check and needs_attention(cell.content)
    ]


def _drawn(comparison: Comparison) -> str:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(show_lines=True)
    head, *rows = comparison_rows(comparison)
    for title in head:
        table.add_column(Text(title), ratio=1 if title else None, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    drawing = Console(width=min(shutil.get_terminal_size().columns, _WIDEST_TABLE))
    with drawing.capture() as captured:
        drawing.print(table)
    return captured.get().rstrip("\n")


def ideas_text(ideas: Ideas) -> str:
    """Every idea with its grounds and what is nearest to it, then the papers."""
    titles = {source.number: source.paper.title for source in ideas.sources}
    lines = [console.wrapped(PROPOSALS)]
    for place, idea in enumerate(ideas.ideas, start=1):
        lines += ["", *_idea_lines(place, idea, titles)]
    used = {citation.number for idea in ideas.ideas for citation in idea.grounds}
    used |= {idea.nearest.number for idea in ideas.ideas if idea.nearest}
    lines += ["", console.strong("Papers")]
    for source in ideas.sources:
        if source.number in used:
            lines += source_head(source)
    return "\n".join(lines)


def summary_line(ideas: Ideas) -> str:
    """How the ideas came about: "8 candidates by tiny (local) from 8 papers; not shown: 2 too like another one"."""
    origin = (
        f"{ideas.candidates} candidates by {ideas.writer.name} ({ideas.writer.kind}) from {len(ideas.sources)} papers"
    )
    dropped = f"; not shown: {', '.join(ideas.dropped.reasons)}" if ideas.dropped.reasons else ""
    return origin + dropped + (f"; {ideas.incomplete}" if ideas.incomplete else "")


def _idea_lines(place: int, idea: Idea, titles: dict[int, str]) -> list[str]:
    stated = "" if idea.probability is None else console.dim(f"  stated probability {idea.probability:.2f}")
    lines = [f"{place}. {console.strong(idea.title)}{stated}", console.wrapped(idea.text, "   ")]
    for citation in idea.grounds:
        lines.append(console.wrapped(f"builds on [{citation.number}] {titles[citation.number]}:", "   "))
        if citation.evidence:
            lines.append(console.wrapped(f"“{citation.evidence.text}”", "     "))
    if idea.nearest:
        near = idea.nearest
        relation = f"close to [{near.number}], perhaps its own idea" if near.close else f"nearest paper [{near.number}]"
        lines.append(console.wrapped(f"{relation} (similarity {near.similarity:.2f})", "   "))
    return [*lines, *(console.wrapped(f"unsure: {doubt}", "   ") for doubt in idea.doubts)]


def digest_plain(digest: Digest) -> str:
    """The digest with what stands out on a terminal, folded to its width."""
    return digest_text(digest, TextStyle(console.strong, console.dim, console.wrapped))
