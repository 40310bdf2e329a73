"""Comparisons as Markdown."""

from assistant.answering.compare import Comparison
from assistant.text import escaped


def comparison_rows(comparison: Comparison) -> list[list[str]]:
    """The table as text, its head first: one column a paper behind the column of aspects."""
    head = ["", *(f"[{source.number}] {source.paper.paper.title}" for source in comparison.sources)]
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
