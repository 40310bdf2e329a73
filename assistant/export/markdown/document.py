"""A document as Markdown; text of papers and models cannot add markup to it."""

import re
from collections.abc import Mapping, Sequence

from assistant.answering import (
    AnswerSentence,
    Comparison,
    NumberedSource,
    cited_once,
    legend,
    mark_of,
    marked_sentence,
    needs_attention,
)
from assistant.reports import NO_OPEN_PROBLEMS, NOTHING_WRITTEN, OPEN_PROBLEMS, Document, Group, doubts, shared_of
from assistant.text import escaped

_MARKER = re.compile(r"\\\[(\d+)\\\]")
_WIDEST = 3
"""From more papers on each has a row of the table, and not a column."""

Links = Mapping[int, str | None]


def document_markdown(document: Document) -> str:
    """The whole document; citations are links to the papers' pages. Ends with a line break."""
    links = {source.number: source.paper.link for source in document.sources}
    parts = [f"# {_flat(document.title)}", f"**Question.** {_flat(document.question)}"]
    parts += [f"_Not complete: {_flat(line)}._" for line in document.incomplete]
    parts += _groups_markdown(document, links)
    if document.table:
        parts += ["## Table", _table(document.table, links)]
    parts.append(f"## {OPEN_PROBLEMS}")
    quoted = [f"- {_cited(problem.text, problem, links)}" for problem in document.open_problems]
    parts.append("\n".join(quoted) or NO_OPEN_PROBLEMS)
    parts += _check_markdown(document)
    parts += ["## References", *_references(document), "## How this was made", _method_lines(document)]
    return "\n\n".join(parts) + "\n"


def _groups_markdown(document: Document, links: Links) -> list[str]:
    parts: list[str] = []
    if any(group.name for group in document.groups):
        parts.append("## Groups of approaches")
    elif document.groups:
        parts.append("## What the papers say")
    if shared := shared_of(document):
        parts.append(_flat(shared))
    for group in document.groups:
        parts += [*([f"### {_flat(group.name)}"] if group.name else []), *_group_markdown(group, links)]
    return parts


def _group_markdown(group: Group, links: Links) -> list[str]:
    named = [_link(number, links) for number in group.numbers]
    papers = f"{'Papers' if len(named) > 1 else 'Paper'}: {' '.join(named)}" if group.name and named else ""
    text = " ".join(_cited(marked_sentence(sentence), sentence, links) for sentence in cited_once(group.sentences))
    if group.name and not text:
        text = NOTHING_WRITTEN
    return [part for part in (papers, text) if part]


def _cited(text: str, sentence: AnswerSentence, links: Links) -> str:
    """A sentence on one line; only the markers of its own citations are links."""
    cited = {citation.number for citation in sentence.citations}

    def marker(match: re.Match[str]) -> str:
        number = int(match.group(1))
        return _link(number, links) if number in cited else match.group()

    return _MARKER.sub(marker, _flat(text))


def _link(number: int, links: Links) -> str:
    link = links.get(number)
    return f"[\\[{number}\\]]({link})" if link else f"\\[{number}\\]"


def _table(table: Comparison, links: Links) -> str:
    """Aspects as rows for few papers, papers as rows for many."""
    aspects = [_flat(aspect) for aspect in table.aspects]
    heads = [f"{_link(source.number, links)} {_flat(source.paper.title)}" for source in table.sources]
    cells = [
        [_cited(_cell_text(cell.content, cell.text), cell.content or AnswerSentence(""), links) for cell in row]
        for row in table.cells
    ]
    if len(heads) > _WIDEST:
        head, rows = (
            ["Paper", *aspects],
            [[name, *column] for name, column in zip(heads, zip(*cells, strict=True), strict=True)],
        )
    else:
        head, rows = ["", *heads], [[name, *row] for name, row in zip(aspects, cells, strict=True)]
    return "\n".join("| " + " | ".join(line) + " |" for line in (head, ["---"] * len(head), *rows))


def _cell_text(content: AnswerSentence | None, cell: str) -> str:
    return f"{cell} {mark_of(content)}" if content and needs_attention(content) else cell


def _check_markdown(document: Document) -> list[str]:
    parts = [f"_{_flat(legend_text)}_"] if (legend_text := legend(document.checked)) else []
    lines = [f"- {_flat(line)}" for line in doubts(document)]
    return ["## Checked", *parts, *(["\n".join(lines)] if lines else [])] if parts or lines else []


def _references(document: Document) -> list[str]:
    return [_reference(source, document) for source in document.sources]


def _reference(source: NumberedSource, document: Document) -> str:
    paper = source.paper.paper
    title = f"[{_flat(paper.title)}]({paper.link})" if paper.link else _flat(paper.title)
    facts = " · ".join(part for part in (title, _flat(source.paper.facts)) if part)
    indent = " " * (len(str(source.number)) + 2)
    quoted = f"\n{indent}>\n".join(f"{indent}> “{_flat(s.text)}”" for s in document.evidence_for(source.number))
    return f"{source.number}. {facts}" + (f"\n{quoted}" if quoted else "")


def _method_lines(document: Document) -> str:
    lines: Sequence[str] = (
        *document.method,
        document.coverage,
        f"written by {document.writer.name} ({document.writer.kind}); every sentence was held against the abstracts, "
        "and open problems are quoted word for word",
    )
    return "\n".join(f"- {_flat(line)}" for line in lines)


def _flat(text: str) -> str:
    """Text on one line, without markup of its own."""
    return escaped(" ".join(text.split()))


def comparison_rows(comparison: Comparison) -> list[list[str]]:
    """The table as text, its head first: one column a paper behind the column of aspects."""
    head = ["", *(f"[{source.number}] {source.paper.title}" for source in comparison.sources)]
    rows = zip(comparison.aspects, comparison.cells, strict=True)
    return [head, *([aspect, *(cell.text for cell in cells)] for aspect, cells in rows)]


def comparison_table(comparison: Comparison) -> str:
    """The table alone; text of papers and models cannot add markup to it."""
    head, *rows = ([escaped(cell) for cell in line] for line in comparison_rows(comparison))
    return "\n".join("| " + " | ".join(line) + " |" for line in (head, ["---"] * len(head), *rows))


def comparison_markdown(comparison: Comparison) -> str:
    """The table and below it every paper with its link and the evidence of its cells."""
    parts = ["# Comparison", comparison_table(comparison), "## Sources"]
    for source in comparison.sources:
        paper = source.paper.paper
        title = escaped(paper.title)
        linked = f"[{title}]({paper.link})" if paper.link else title
        parts.append(f"\\[{source.number}\\] {linked}")
        parts.extend(f"> “{escaped(sentence.text)}”" for sentence in comparison.evidence_for(source.number))
    parts.append(f"_Written by {escaped(comparison.writer.name)} ({comparison.writer.kind})._")
    return "\n\n".join(parts)
