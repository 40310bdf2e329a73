"""Where citations stand in an answer, and the answer as Markdown in which they are links."""

import re
from dataclasses import dataclass
from typing import Self

from assistant.answering.answer import Answer, AnswerSentence, Citation, Source

_MARKER = re.compile(r"\[(\d{1,4})\]")
_HREF = re.compile(r"cite:(\d+)\.(\d+)\.(\d+)")


@dataclass(frozen=True, slots=True)
class CitationPlace:
    """Where one citation stands: its turn, the sentence of the answer (from 0), the number of its source."""

    turn_id: int
    sentence: int
    number: int

    @property
    def href(self) -> str:
        """The address that the citation's link carries; it leads nowhere outside the page."""
        return f"cite:{self.turn_id}.{self.sentence}.{self.number}"

    @classmethod
    def parse(cls, href: str) -> Self | None:
        """The place that an address names; None for any other address."""
        matched = _HREF.fullmatch(href)
        return cls(*map(int, matched.groups())) if matched else None


@dataclass(frozen=True, slots=True)
class PlacedCitation:
    """A citation with its source, and which one of how many in its answer it is (from 1)."""

    place: CitationPlace
    citation: Citation
    source: Source
    position: int
    total: int


def sentence_markdown(sentence: AnswerSentence, turn_id: int, index: int) -> str:
    """One sentence as Markdown, its markers links to its citations. What is said about a sentence is put here."""
    cited = {citation.number for citation in sentence.citations}

    def link(marker: re.Match[str]) -> str:
        number = int(marker[1])
        return f"[{marker[0]}]({CitationPlace(turn_id, index, number).href})" if number in cited else marker[0]

    return _MARKER.sub(link, sentence.text)


def answer_markdown(answer: Answer, turn_id: int) -> str:
    """The answer's text, its lists and paragraphs as they are, every sentence by `sentence_markdown`."""
    parts: list[str] = []
    end = 0
    for index, sentence in enumerate(answer.sentences):
        start = answer.text.find(sentence.text, end)
        if start >= 0:
            parts += [answer.text[end:start], sentence_markdown(sentence, turn_id, index)]
            end = start + len(sentence.text)
    return "".join([*parts, answer.text[end:]])


def citations_of(answer: Answer, turn_id: int) -> tuple[PlacedCitation, ...]:
    """Every citation of an answer, as they are read."""
    sources = {source.number: source for source in answer.sources}
    found = [
        (CitationPlace(turn_id, index, citation.number), citation)
        for index, sentence in enumerate(answer.sentences)
        for citation in sentence.citations
        if citation.number in sources
    ]
    return tuple(
        PlacedCitation(place, citation, sources[citation.number], position, len(found))
        for position, (place, citation) in enumerate(found, start=1)
    )


def citation_text(placed: PlacedCitation) -> str:
    """A citation for the clipboard: the evidence, the paper, its link."""
    paper = placed.source.paper.paper
    evidence = f"“{placed.citation.evidence.text}”\n" if placed.citation.evidence else ""
    return evidence + paper.title + (f"\n{paper.link}" if paper.link else "")


def answer_text(answer: Answer) -> str:
    """An answer for the clipboard: its text and the sources it cites, with their links."""
    lines = [
        f"[{source.number}] {source.paper.paper.title}"
        + (f", {source.paper.paper.link}" if source.paper.paper.link else "")
        for source in answer.cited
    ]
    return "\n".join([answer.text, "", *lines]) if lines else answer.text
