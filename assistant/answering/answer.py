"""An answer as a value: its sentences with their citations, its sources, and the events while it is written."""

from dataclasses import dataclass, field
from enum import StrEnum

from assistant.library.values import LibraryPaper
from assistant.models.base import Message, ModelKind, Usage
from assistant.retrieval.search import Hit
from assistant.sentences import Sentence


class CitationOrigin(StrEnum):
    """Who put a citation: the model, or the attribution that follows it."""

    MODEL = "model"
    ATTRIBUTED = "attributed"


@dataclass(frozen=True, slots=True)
class Citation:
    """One citation of a sentence: the source's number and the sentence of its abstract that stands behind it.

    ``evidence`` is an exact span of the abstract, or None when no sentence of it shares enough with the claim.
    """

    number: int
    evidence: Sentence | None
    origin: CitationOrigin


@dataclass(frozen=True, slots=True)
class AnswerSentence:
    """One sentence as it is shown, its markers included, and its citations.

    ``refuted`` are sources that the model named and that do not say this; another one may stand in their place.
    """

    text: str
    citations: tuple[Citation, ...] = ()
    refuted: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A paper that was given to the model, under the number that citations use, from 1.

    ``given`` are the sentences of the abstract that stood in the prompt; all of them for a paper given whole.
    """

    number: int
    paper: LibraryPaper
    given: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Writer:
    """Which model wrote."""

    name: str
    kind: ModelKind


@dataclass(frozen=True, slots=True)
class Answer:
    """A finished answer.

    ``stripped`` are markers, ids and links that named something outside the sources and were taken out.
    ``left_out`` are titles of papers that were found and did not fit the budget. ``incomplete`` says why the text
    breaks off; None when it is whole.
    """

    question: str
    sentences: tuple[AnswerSentence, ...]
    text: str
    sources: tuple[Source, ...]
    writer: Writer
    usage: Usage = field(default_factory=Usage)
    stripped: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    incomplete: str | None = None

    @property
    def cited(self) -> tuple[Source, ...]:
        """The sources that at least one sentence cites."""
        numbers = {citation.number for sentence in self.sentences for citation in sentence.citations}
        return tuple(source for source in self.sources if source.number in numbers)

    def evidence_for(self, number: int) -> tuple[Sentence, ...]:
        """The sentences of a source that stand behind its citations, in the order of its abstract, each once."""
        found = {
            citation.evidence
            for sentence in self.sentences
            for citation in sentence.citations
            if citation.number == number and citation.evidence is not None
        }
        return tuple(sorted(found, key=lambda sentence: sentence.start))


@dataclass(frozen=True, slots=True)
class Retrieved:
    """Retrieval is done: the papers found, best first."""

    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Packed:
    """The prompt is ready: the sources in it, what did not fit, and its size in the model's tokens."""

    sources: tuple[Source, ...]
    left_out: tuple[str, ...]
    prompt: tuple[Message, ...]
    prompt_tokens: int
    writer: Writer


@dataclass(frozen=True, slots=True)
class Delta:
    """More text to show; every citation in it has been checked. Joined, the deltas are the answer's text."""

    text: str


@dataclass(frozen=True, slots=True)
class SentenceFinished:
    """A sentence is whole and has its citations."""

    sentence: AnswerSentence


@dataclass(frozen=True, slots=True)
class Finished:
    """The answer is done; also sent when a model broke off, with ``answer.incomplete`` set."""

    answer: Answer


AnswerEvent = Retrieved | Packed | Delta | SentenceFinished | Finished
