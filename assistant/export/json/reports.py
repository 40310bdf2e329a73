"""Surveys, comparisons as documents and proposed directions, as other programs read them."""

from assistant.answering import Answer, CitationOrigin
from assistant.export.json.answers import (
    AspectJson,
    RefusalJson,
    SentenceJson,
    comparison_json,
    sentence_json,
    trust_json,
)
from assistant.export.json.base import Published, json_text
from assistant.export.json.papers import ModelJson, SourceJson, SpanJson, model_json, source_json, span_json
from assistant.reports import Document, DocumentKind, Group
from assistant.reports.ideas import Idea, Ideas


class GroupJson(Published):
    """Papers that share an approach, and what is said of them."""

    name: str
    """Words that the papers share; empty for sentences about all papers."""
    numbers: list[int]
    """The numbers of its papers."""
    sentences: list[SentenceJson]


class DocumentJson(Published):
    """A document about several papers: groups with checked sentences, a table, open problems, references."""

    kind: DocumentKind
    title: str
    question: str
    groups: list[GroupJson]
    table: list[AspectJson]
    """One row an aspect; empty without a table."""
    open_problems: list[SentenceJson]
    """Sentences of abstracts that state what is not solved, word for word."""
    shared: list[str]
    """Terms that several of the papers have."""
    sources: list[SourceJson]
    """The references; what stands behind the citations of each is its evidence."""
    model: ModelJson
    made: list[str]
    """How the document came about."""
    coverage: str
    incomplete: list[str]
    """What is not there because the model failed."""
    refusal: RefusalJson | None
    """Why there is no document; null when there is one."""


def document_json(document: Document) -> DocumentJson:
    """The object of `survey`, and of `compare --out FILE.json`."""
    table = comparison_json(document.table)["rows"] if document.table else []
    return {
        "kind": document.kind,
        "title": document.title,
        "question": document.question,
        "groups": [_group_json(group) for group in document.groups],
        "table": table,
        "open_problems": [sentence_json(sentence) for sentence in document.open_problems],
        "shared": list(document.shared),
        "sources": [source_json(source, document.evidence_for(source.number)) for source in document.sources],
        "model": model_json(document.writer),
        "made": list(document.method),
        "coverage": document.coverage,
        "incomplete": list(document.incomplete),
        "refusal": None,
    }


def document_json_file(document: Document) -> str:
    """The object as the text of a file."""
    return json_text(document_json(document)) + "\n"


def refused_document_json(answer: Answer) -> DocumentJson:
    """The object of `survey` for a topic of which the papers do not tell; ``answer`` is the one that says so."""
    return {
        "kind": DocumentKind.SURVEY,
        "title": "",
        "question": answer.question,
        "groups": [],
        "table": [],
        "open_problems": [],
        "shared": [],
        "sources": [source_json(source, ()) for source in answer.sources],
        "model": model_json(answer.writer),
        "made": [],
        "coverage": "",
        "incomplete": [],
        "refusal": trust_json(answer)["refusal"],
    }


def _group_json(group: Group) -> GroupJson:
    return {
        "name": group.name,
        "numbers": list(group.numbers),
        "sentences": [sentence_json(sentence) for sentence in group.sentences],
    }


class GroundJson(Published):
    """A paper that an idea builds on."""

    number: int
    """The number of the source."""
    evidence: SpanJson | None
    """The sentence of its abstract that the idea starts from."""
    named: bool
    """Whether the model named the paper itself; the program found it otherwise."""


class NearestJson(Published):
    """The paper that is most like an idea."""

    number: int
    similarity: float
    close: bool
    """Whether the idea may be the paper's own."""


class IdeaJson(Published):
    """A proposal; only its grounds are taken from papers."""

    title: str
    text: str
    probability: float | None
    """How likely the model said the proposal is, 0 to 1; null when it did not say."""
    grounds: list[GroundJson]
    nearest: NearestJson | None
    doubts: list[str]
    """Figures in it that no given paper has."""


class DroppedJson(Published):
    """Candidates that are not among the ideas, by the reason."""

    ungrounded: int
    duplicates: int
    likelier: int


class IdeasJson(Published):
    """Research directions proposed by a model, the unlikely ones first."""

    topic: str
    ideas: list[IdeaJson]
    sources: list[SourceJson]
    """The papers given to the model; the evidence of each is what ideas start from."""
    model: ModelJson
    candidates: int
    """Proposals that could be read of the model's text."""
    dropped: DroppedJson
    incomplete: str | None
    """Why the model's text broke off; null when it is whole."""
    refusal: RefusalJson | None
    """Why there are no ideas: the papers do not tell of the topic."""


def ideas_json(ideas: Ideas) -> IdeasJson:
    """The object of `ideas`."""
    evidence = {
        source.number: dict.fromkeys(
            citation.evidence
            for idea in ideas.ideas
            for citation in idea.grounds
            if citation.number == source.number and citation.evidence
        )
        for source in ideas.sources
    }
    return {
        "topic": ideas.topic,
        "ideas": [_idea_json(idea) for idea in ideas.ideas],
        "sources": [source_json(source, tuple(evidence[source.number])) for source in ideas.sources],
        "model": model_json(ideas.writer),
        "candidates": ideas.candidates,
        "dropped": {
            "ungrounded": ideas.dropped.ungrounded,
            "duplicates": ideas.dropped.duplicates,
            "likelier": ideas.dropped.likelier,
        },
        "incomplete": ideas.incomplete,
        "refusal": None,
    }


def refused_ideas_json(answer: Answer) -> IdeasJson:
    """The object of `ideas` for a topic of which the papers do not tell; ``answer`` is the one that says so."""
    return {
        "topic": answer.question,
        "ideas": [],
        "sources": [source_json(source, ()) for source in answer.sources],
        "model": model_json(answer.writer),
        "candidates": 0,
        "dropped": {"ungrounded": 0, "duplicates": 0, "likelier": 0},
        "incomplete": None,
        "refusal": trust_json(answer)["refusal"],
    }


def _idea_json(idea: Idea) -> IdeaJson:
    near = idea.nearest
    return {
        "title": idea.title,
        "text": idea.text,
        "probability": idea.probability,
        "grounds": [
            {
                "number": citation.number,
                "evidence": span_json(citation.evidence) if citation.evidence else None,
                "named": citation.origin is CitationOrigin.MODEL,
            }
            for citation in idea.grounds
        ],
        "nearest": {"number": near.number, "similarity": round(near.similarity, 4), "close": near.close}
        if near
        else None,
        "doubts": list(idea.doubts),
    }
