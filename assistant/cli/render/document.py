"""A document about several papers as plain text, and as much of its table as a terminal can hold."""

from assistant.answering.compare import NOT_STATED
from assistant.answering.verdict_text import cited_once, legend, marked_sentence
from assistant.cli import console
from assistant.cli.render.sources import source_head
from assistant.reports.document import Document, Group
from assistant.reports.wording import NO_OPEN_PROBLEMS, NOTHING_WRITTEN, OPEN_PROBLEMS, doubts, shared_of


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
    if told := legend(document.checked):
        lines += ["", console.wrapped(told), *map(console.wrapped, doubts(document))]
    lines += ["", console.strong("References"), *_reference_lines(document)]
    return "\n".join([*lines, "", console.dim(console.wrapped("; ".join((*document.made, document.coverage))))])


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
        lines.append(f"[{source.number}] {console.strong(source.paper.paper.title)}")
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
