"""Papers and sources as lines of text."""

from assistant.answering import Answer, NumberedSource, closest_papers
from assistant.cli import console
from assistant.library import StoredPaper
from assistant.papers import WITHDRAWN, Provenance
from assistant.text import counted


def facts_line(paper: StoredPaper) -> str:
    """Date, upvotes and who wrote it: "2026-08-21 · 63 upvotes · Google"; says of a sample that its words are ours."""
    upvotes = None if paper.upvotes is None else counted(paper.upvotes, "upvote")
    sample = "sample: our words" if paper.paper.source is Provenance.SAMPLE else None
    withdrawn = console.strong(WITHDRAWN) if paper.paper.withdrawn else None
    return " · ".join(part for part in (withdrawn, paper.day_text, upvotes, paper.paper.byline, sample) if part)


def source_head(source: NumberedSource) -> list[str]:
    """Number and title of a source, and below them its facts and its page."""
    paper = source.paper
    facts = " · ".join(part for part in (facts_line(paper), paper.link or "") if part)
    return [f"[{source.number}] {console.strong(paper.title)}", "    " + console.dim(facts)]


def _titled(source: NumberedSource) -> str:
    withdrawn = f" ({WITHDRAWN})" if source.paper.paper.withdrawn else ""
    return f"[{source.number}] {source.paper.title}{withdrawn}"


def source_lines(answer: Answer) -> list[str]:
    """The sources below an answer: the cited ones with their evidence, the others by title.

    Below a refusal: the papers that come closest, with why, then what else was looked at.
    """
    close = closest_papers(answer)
    lines = ["", console.strong(("Closest papers" if close else "Papers found") if answer.refusal else "Sources")]
    for source, why in close:
        lines += [*source_head(source), console.wrapped(f"close: {why}", "    ")]
    if not close:
        for source in answer.cited:
            evidence = answer.evidence_for(source.number)
            lines += [*source_head(source), *(console.wrapped(f"“{sentence.text}”", "    ") for sentence in evidence)]
    listed = {source.number for source, _ in close} or {source.number for source in answer.cited}
    others = [source for source in answer.sources if source.number not in listed]
    if others:
        if listed:
            lines.append(console.dim("also found:" if answer.refusal else "also given to the model, not cited:"))
        lines.extend(console.dim(_titled(source)) for source in others)
    return lines
