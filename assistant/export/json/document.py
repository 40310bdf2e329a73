"""A survey, or a comparison as a document, as other programs read it."""

from assistant.answering import Answer
from assistant.export.json.answers import (
    AspectJson,
    RefusalJson,
    SentenceJson,
    comparison_json,
    sentence_json,
    trust_json,
)
from assistant.export.json.base import Published, json_text
from assistant.export.json.papers import ModelJson, SourceJson, model_json, source_json
from assistant.reports import Document, DocumentKind, Group


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
