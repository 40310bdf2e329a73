"""A small corpus with words and keywords, and a search over it by shared words."""

from collections.abc import Sequence
from string import Template

from assistant.answering.prompts import Prompt
from assistant.library.filters import Filters
from assistant.library.records import StoredPaper
from assistant.papers import Paper, Provenance
from assistant.retrieval.search import Hit
from assistant.retrieval.term_weights import content_words


def library_paper(number: int, title: str, abstract: str, keywords: Sequence[str] = ()) -> StoredPaper:
    return StoredPaper(Paper(f"2601.{number:05}", title, abstract, Provenance.EXPORT, keywords=tuple(keywords)))


def hits_of(papers: Sequence[StoredPaper]) -> list[Hit]:
    """The papers as hits, best first."""
    return [Hit(paper, 1.0 - place / 100) for place, paper in enumerate(papers)]


class WordSearch:
    """Finds the papers that share words with the query, and keeps the queries."""

    def __init__(self, papers: Sequence[StoredPaper]) -> None:
        self.queries: list[str] = []
        self._papers = papers

    async def search_async(self, query: str, filters: Filters, limit: int) -> list[Hit]:
        self.queries.append(query)
        query_words = set(content_words(query))
        scored = [
            (len(query_words & set(content_words(paper.text))) / len(query_words), paper) for paper in self._papers
        ]
        matches = sorted(((score, paper) for score, paper in scored if score > 0), key=lambda pair: -pair[0])
        return [Hit(paper, score, lexical=score) for score, paper in matches[:limit]]


def prompt(name: str, text: str) -> Prompt:
    return Prompt(name, (("user", Template(text)),))


PROMPTS = {
    "survey": prompt("survey", "$groups\nQ: $question"),
    "paper": prompt("paper", "$title\n$abstract\n$result"),
}

TOUCH = [
    library_paper(1, "Visuo-tactile policies", "We introduce tactile sensing for robot policies. It grips eggs."),
    library_paper(
        2, "A tactile pretraining corpus", "We present tactile pretraining for robot hands. It has 9 sensors."
    ),
    library_paper(3, "Pretraining touch encoders", "We propose tactile pretraining of encoders. Robots slip less."),
    library_paper(4, "GelSight skins", "Tactile sensing by an elastic skin. We build skins for grippers."),
]
ASIDE = [
    library_paper(20 + n, f"Paper {n} on painting", f"Brushes of kind {n} paint walls. A robot helps.")
    for n in range(9)
]
