"""What a tool tells in words beside its object: for a model to read, and for a person who looks over its shoulder.

Text of papers comes neutralized: its brackets pass for no citation, and it cannot speak as a chat template.
"""

from collections.abc import Sequence

from assistant.answering import (
    Answer,
    NumberedSource,
    closest_papers,
    defused,
    extracted_filters,
    legend,
    neutralized,
    reasons,
    refusal_text,
    unanswered_notes,
    with_sentences,
)
from assistant.library import StoredPaper
from assistant.mcp.bounds import MOST_AUTHORS
from assistant.papers import Provenance
from assistant.retrieval import SearchResult

_SAMPLE = "sample: the abstract is in our own words, not the authors'"


def search_text(search_results: Sequence[SearchResult], first_rank: int = 1) -> str:
    """The papers in a numbered list, each with the sentence that fits."""
    return "\n".join(
        line for rank, each in enumerate(search_results, start=first_rank) for line in _hit_lines(rank, each)
    )


def paper_text(paper: StoredPaper) -> str:
    """A paper as a whole: title, facts, authors, abstract."""
    names = [author.name for author in paper.paper.authors]
    if len(names) > MOST_AUTHORS + 1:
        names = [*names[:MOST_AUTHORS], f"and {len(names) - MOST_AUTHORS} more"]
    authors = ", ".join(names)
    lines = [neutralized(paper.title), _facts(paper), neutralized(authors), "", neutralized(paper.abstract)]
    return "\n".join(line for number, line in enumerate(lines) if line or number == 3)


def answer_text(answer: Answer) -> str:
    """An answer with its verdicts, what they mean, and its sources with their evidence."""
    if answer.collection:
        return "\n".join([neutralized(answer.text), *extracted_filters(answer.understood)])
    text = refusal_text(answer) or with_sentences(answer.text.strip(), answer.sentences)
    checked = [
        legend(answer.sentences),
        *reasons(answer.sentences),
        *unanswered_notes(answer),
        *extracted_filters(answer.understood),
    ]
    cut = [f"The answer is incomplete: {answer.incomplete}"] if answer.incomplete else []
    lines = [text, "", *(line for line in (*checked, *cut) if line)]
    return "\n".join([*map(defused, lines), *_source_lines(answer)])


def _hit_lines(rank: int, search_result: SearchResult) -> list[str]:
    lines = [f"{rank}. {neutralized(search_result.paper.title)}", f"   {_facts(search_result.paper)}"]
    return [*lines, f"   “{neutralized(search_result.sentence.text)}”"] if search_result.sentence else lines


def _source_lines(answer: Answer) -> list[str]:
    if close := closest_papers(answer):
        lines = ["Closest papers"]
        for source, why in close:
            lines += [*_head(source), f"    close: {neutralized(why)}"]
        return lines
    lines = ["Papers found" if answer.refusal else "Sources"]
    for source in answer.cited or answer.sources:
        quotes = answer.evidence_for(source.number)
        lines += [*_head(source), *(f"    “{neutralized(sentence.text)}”" for sentence in quotes)]
    return lines


def _head(source: NumberedSource) -> list[str]:
    return [f"[{source.number}] {neutralized(source.paper.title)}", f"    {_facts(source.paper)}"]


def _facts(paper: StoredPaper) -> str:
    sample = _SAMPLE if paper.paper.source is Provenance.SAMPLE else ""
    return " · ".join(part for part in (paper.paper.shown_id, paper.facts, paper.link or "", sample) if part)
