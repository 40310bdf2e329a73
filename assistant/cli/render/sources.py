"""Papers and sources as lines of text and as JSON."""

from collections.abc import Sequence
from typing import Any

from assistant.answering.answer import Answer, AnswerSentence, Citation, Source
from assistant.cli import console
from assistant.library.values import LibraryPaper
from assistant.papers import Source as Origin
from assistant.sentences import Sentence


def facts_line(paper: LibraryPaper) -> str:
    """Date, upvotes and who wrote it: "2026-08-21 · 63 upvotes · Google"; says of a sample that its words are ours."""
    upvotes = None if paper.upvotes is None else f"{paper.upvotes} upvote{'' if paper.upvotes == 1 else 's'}"
    sample = "sample: our words" if paper.paper.source is Origin.SAMPLE else None
    return " · ".join(part for part in (paper.day_text, upvotes, paper.paper.byline, sample) if part)


def day_text(paper: LibraryPaper) -> str:
    """`LibraryPaper.day_text`."""
    return paper.day_text


def source_lines(answer: Answer) -> list[str]:
    """The sources below an answer: the cited ones with their evidence, the others by title."""
    lines = ["", console.strong("Sources")]
    for source in answer.cited:
        paper = source.paper
        lines.append(f"[{source.number}] {console.strong(paper.paper.title)}")
        lines.append("    " + console.dim(" · ".join(p for p in (facts_line(paper), paper.paper.link or "") if p)))
        lines.extend(console.wrapped(f"“{sentence.text}”", "    ") for sentence in answer.evidence_for(source.number))
    cited = {source.number for source in answer.cited}
    others = [source for source in answer.sources if source.number not in cited]
    if others:
        lines.append(console.dim("also given to the model, not cited:"))
        lines.extend(console.dim(f"[{source.number}] {source.paper.paper.title}") for source in others)
    return lines


def paper_json(paper: LibraryPaper) -> dict[str, Any]:
    """A paper without its abstract."""
    return {
        "id": paper.paper.paper_id,
        "title": paper.paper.title,
        "link": paper.paper.link,
        "days": [day.isoformat() for day in paper.days],
        "published": paper.paper.published.isoformat() if paper.paper.published else None,
        "upvotes": paper.upvotes,
        "comments": paper.comments,
        "organization": paper.paper.organization,
        "authors": [author.name for author in paper.paper.authors],
        "origin": paper.paper.source.value,
    }


def span_json(sentence: Sentence) -> dict[str, Any]:
    """A sentence of an abstract: its text and where it stands, in characters."""
    return {"text": sentence.text, "start": sentence.start, "end": sentence.end}


def sentence_json(sentence: AnswerSentence) -> dict[str, Any]:
    """A sentence of an answer with its citations."""
    return {
        "text": sentence.text,
        "citations": [_citation_json(citation) for citation in sentence.citations],
        "refuted": list(sentence.refuted),
    }


def source_json(source: Source, evidence: Sequence[Sentence]) -> dict[str, Any]:
    """A source: its paper, and the sentences that stand behind its citations."""
    return {"number": source.number, **paper_json(source.paper), "evidence": [span_json(s) for s in evidence]}


def _citation_json(citation: Citation) -> dict[str, Any]:
    evidence = span_json(citation.evidence) if citation.evidence else None
    return {"number": citation.number, "by": citation.origin.value, "evidence": evidence}
