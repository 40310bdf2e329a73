"""A document about several papers as a value: a survey of a topic or a comparison, and the events while it is made."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from assistant.answering import (
    Answer,
    AnswerSentence,
    ColumnFinished,
    Comparison,
    ModelInfo,
    NumberedSource,
    needs_attention,
    reason_of,
    sign_of,
)
from assistant.retrieval.query import ParsedQuery
from assistant.sentences import Sentence
from assistant.text import counted

OPEN_PROBLEMS = "Open problems stated by the papers"
NO_OPEN_PROBLEMS = "None of these abstracts states one in words that the program knows."
NOTHING_WRITTEN = "Nothing was written about these papers."


class DocumentKind(StrEnum):
    """What a document is about: the work on a topic, or papers that the reader chose."""

    SURVEY = "survey"
    COMPARISON = "comparison"


@dataclass(frozen=True, slots=True)
class Group:
    """Papers that share an approach, by their numbers, and what is said of them; every sentence is checked.

    ``name`` is empty for sentences about all papers. A model may have passed over a group: it has no sentences then.
    """

    name: str
    numbers: tuple[int, ...]
    sentences: tuple[AnswerSentence, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A finished document.

    ``sources`` are its references; every citation names one by number. ``open_problems`` are sentences of abstracts,
    word for word. ``shared`` are terms that several of the papers have. ``method`` says how it came about, one fact a
    line; ``incomplete`` what is not there because the model failed.
    """

    kind: DocumentKind
    title: str
    question: str
    method: tuple[str, ...]
    sources: tuple[NumberedSource, ...]
    groups: tuple[Group, ...]
    table: Comparison | None
    open_problems: tuple[AnswerSentence, ...]
    writer: ModelInfo
    shared: tuple[str, ...] = ()
    incomplete: tuple[str, ...] = ()

    @property
    def sentences(self) -> tuple[AnswerSentence, ...]:
        """The sentences of all groups, in order."""
        return tuple(sentence for group in self.groups for sentence in group.sentences)

    @property
    def checked(self) -> tuple[AnswerSentence, ...]:
        """Everything that was checked: sentences of groups, cells of the table, open problems."""
        rows = self.table.cells if self.table else ()
        cells = tuple(cell.content for row in rows for cell in row if cell.content)
        return (*self.sentences, *cells, *self.open_problems)

    @property
    def cited(self) -> frozenset[int]:
        """The numbers of the papers that something in the document cites."""
        return frozenset(citation.number for sentence in self.checked for citation in sentence.citations)

    @property
    def coverage(self) -> str:
        """One line: how many papers the document rests on, and where they stand in it."""
        grouped = {number for group in self.groups for number in group.numbers}
        tabled = len(self.table.sources) if self.table else 0
        parts = [counted(len(self.sources), "paper"), f"{len(self.cited)} cited"]
        parts += [f"{len(grouped)} in groups"] if grouped else []
        return ", ".join([*parts, *([f"{tabled} in the table"] if tabled else [])])

    def evidence_for(self, number: int) -> tuple[Sentence, ...]:
        """The sentences of a source that stand behind its citations, in the order of its abstract, each once."""
        evidence = {
            span
            for sentence in self.checked
            for citation in sentence.citations
            if citation.number == number
            for span in citation.spans
        }
        return tuple(sorted(evidence, key=lambda sentence: sentence.start))


@dataclass(frozen=True, slots=True)
class DocumentStarted:
    """The papers are found and grouped, and writing begins; ``table`` counts the papers that the table will have."""

    papers: int
    table: int
    writer: ModelInfo
    understood: ParsedQuery | None = None


@dataclass(frozen=True, slots=True)
class SentenceWritten:
    """So many sentences are written."""

    done: int


@dataclass(frozen=True, slots=True)
class DocumentRefused:
    """The papers do not tell of the topic; the answer says so, and names those that come closest."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class DocumentFinished:
    """The document is complete, or as complete as the model let it be."""

    document: Document


DocumentEvent = DocumentStarted | SentenceWritten | ColumnFinished | DocumentRefused | DocumentFinished


def shared_of(document: Document) -> str:
    """The terms that several of the papers have, in one line; empty without any."""
    return f"Terms that several of the papers have: {'; '.join(document.shared)}." if document.shared else ""


def doubts(document: Document) -> Iterator[str]:
    """Why something is not simply supported, sentence by sentence and cell by cell, as plain text."""
    for number, sentence in enumerate(document.sentences, start=1):
        if needs_attention(sentence):
            wrote = f"; the model wrote: “{sentence.original.strip()}”" if sentence.original else ""
            yield reason_of(sentence, number) + wrote
    for row in document.table.cells if document.table else ():
        for cell in row:
            if cell.content and needs_attention(cell.content):
                reason = cell.content.check.reason if cell.content.check else ""
                yield f"{sign_of(cell.content)} {cell.aspect} of [{cell.number}]: {reason}"
