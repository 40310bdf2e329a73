"""Papers, sources and their sentences, as other programs read them."""

from collections.abc import Sequence

from assistant.answering import ModelInfo, NumberedSource
from assistant.export.json.base import Published
from assistant.library import StoredPaper
from assistant.models import ModelKind
from assistant.papers import Provenance
from assistant.retrieval import SearchResult
from assistant.sentences import Sentence


class SpanJson(Published):
    """A sentence of an abstract, exactly as it stands there."""

    text: str
    start: int
    """Where it begins, in characters of the abstract."""
    end: int
    """Where it ends, in characters of the abstract."""


class PaperJson(Published):
    """A paper without its abstract."""

    id: str
    """The arXiv id without version; "title:…" while no arXiv id of the paper is known."""
    title: str
    link: str | None
    """Its page on Hugging Face."""
    days: list[str]
    """The days on which it was listed, YYYY-MM-DD, oldest first."""
    published: str | None
    """The arXiv date, YYYY-MM-DD."""
    upvotes: int | None
    comments: int | None
    organization: str | None
    authors: list[str]
    origin: Provenance
    """Where its text came from."""
    withdrawn: bool
    """Whether its abstract or its comment on arXiv says that it has been withdrawn."""


class PaperTextJson(PaperJson):
    """A paper with its abstract."""

    abstract: str
    keywords: list[str]
    github: str | None
    project_page: str | None


class SourceJson(PaperJson):
    """A paper that was given to the model."""

    number: int
    """What citations call it."""
    evidence: list[SpanJson]
    """The sentences of its abstract that stand behind its citations."""


class ModelJson(Published):
    """Which model wrote."""

    name: str
    kind: ModelKind


def span_json(sentence: Sentence) -> SpanJson:
    """A sentence of an abstract: its text and where it stands, in characters."""
    return {"text": sentence.text, "start": sentence.start, "end": sentence.end}


def paper_json(paper: StoredPaper) -> PaperJson:
    """A paper without its abstract."""
    return {
        "id": paper.paper_id,
        "title": paper.title,
        "link": paper.link,
        "days": [day.isoformat() for day in paper.days],
        "published": paper.paper.published.isoformat() if paper.paper.published else None,
        "upvotes": paper.upvotes,
        "comments": paper.comments,
        "organization": paper.paper.organization,
        "authors": [author.name for author in paper.paper.authors],
        "origin": paper.paper.source,
        "withdrawn": paper.paper.withdrawn,
    }


def paper_text_json(paper: StoredPaper) -> PaperTextJson:
    """A paper with its abstract and what else the feed tells of it."""
    return {
        **paper_json(paper),
        "abstract": paper.abstract,
        "keywords": list(paper.paper.keywords),
        "github": paper.paper.github,
        "project_page": paper.paper.project_page,
    }


def source_json(source: NumberedSource, evidence: Sequence[Sentence]) -> SourceJson:
    """A source: its paper, and the sentences that stand behind its citations."""
    return {"number": source.number, **paper_json(source.paper), "evidence": [span_json(s) for s in evidence]}


def model_json(writer: ModelInfo) -> ModelJson:
    """Which model wrote."""
    return {"name": writer.name, "kind": writer.kind}


class HitJson(PaperJson):
    """A paper that was found."""

    rank: int
    """Its place in the list, from 1."""
    score: float
    """0 to 1 within one search; 1 for a paper that the query names."""
    lexical: float | None
    """Its score by words (BM25); null where it was not among the candidates."""
    dense: float | None
    """Its similarity by meaning (cosine); null where it was not among the candidates."""
    sentence: SpanJson | None
    """The sentence of its abstract that fits the query best."""


class SearchJson(Published):
    """Papers for a query, best first."""

    query: str
    hits: list[HitJson]


def search_json(query: str, search_results: Sequence[SearchResult], first_rank: int = 1) -> SearchJson:
    """The object of `search`; ``first_rank`` is the place of the first of these in the whole list."""
    return {
        "query": query,
        "hits": [_hit_json(rank, each) for rank, each in enumerate(search_results, start=first_rank)],
    }


def _hit_json(rank: int, search_result: SearchResult) -> HitJson:
    hit = search_result.hit
    return {
        "rank": rank,
        **paper_json(hit.paper),
        "score": round(hit.score, 4),
        "lexical": None if hit.lexical is None else round(hit.lexical, 4),
        "dense": None if hit.dense is None else round(hit.dense, 4),
        "sentence": span_json(search_result.sentence) if search_result.sentence else None,
    }
