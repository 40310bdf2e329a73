"""An answer as a value: its checked sentences, its sources, and the events while it is written.

Fields with defaults came later than the others: conversations that were kept without them still load.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from assistant.language import ENGLISH
from assistant.library import StoredPaper
from assistant.models import Message, ModelKind, Usage
from assistant.retrieval import Hit
from assistant.retrieval.query import ParsedQuery
from assistant.retrieval.query_plan import CollectionResult
from assistant.sentences import Sentence


class CitationOrigin(StrEnum):
    """Who put a citation: the model, or the attribution that follows it."""

    MODEL = "model"
    ATTRIBUTED = "attributed"


@dataclass(frozen=True, slots=True)
class Citation:
    """One citation of a sentence: the source's number and the sentence of its abstract that stands behind it.

    ``evidence`` is an exact span of the abstract, or None when no sentence of it shares enough with the claim;
    ``further`` are other sentences of it that the claim needs beside.
    """

    number: int
    evidence: Sentence | None
    origin: CitationOrigin
    further: tuple[Sentence, ...] = ()

    @property
    def spans(self) -> tuple[Sentence, ...]:
        """All sentences behind it, the best first."""
        return (self.evidence, *self.further) if self.evidence else ()


class Verdict(StrEnum):
    """Whether the cited sentences support a claim.

    ``QUOTED`` is a sentence of an abstract word for word: there is nothing to support, and whether it answers is
    another question. ``PARTLY`` also stands where nothing could tell for sure.
    """

    SUPPORTED = "supported"
    QUOTED = "quoted"
    PARTLY = "partly"
    UNSUPPORTED = "unsupported"

    @property
    def holds(self) -> bool:
        """Whether the paper says all of it, in other words or in its own."""
        return self in {Verdict.SUPPORTED, Verdict.QUOTED}


class DecisionStage(StrEnum):
    """What decided a verdict, cheapest first."""

    FACTS = "numbers and names"
    WORDS = "words"
    MEANING = "meaning"
    READER = "reader"
    MODEL = "model"


@dataclass(frozen=True, slots=True)
class Check:
    """A verdict, why (for the reader; empty for what is simply supported), and how probable it is that it is supported.

    ``rung`` is the last step of the cascade that was needed. ``probability`` is 0..1.
    """

    verdict: Verdict
    reason: str
    rung: DecisionStage
    probability: float


class Repair(StrEnum):
    """What became of a sentence that failed its check."""

    REWRITTEN = "rewritten"
    QUOTED = "quoted"


@dataclass(frozen=True, slots=True)
class CheckedClaim:
    """A sentence without markers, the citations it is to carry, and how it stands.

    ``check`` is None for a sentence that claims nothing. ``undecided`` asks for the model's judgement: the cheap
    steps alone cannot tell, and ``check`` is what they would say. ``about`` are the sources that the claim is about;
    empty where that is open.
    """

    claim: str
    citations: tuple[Citation, ...] = ()
    check: Check | None = None
    undecided: bool = False
    about: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class AnswerSentence:
    """One sentence as it is shown, its markers included, and its citations.

    ``refuted`` are sources that the model named and that do not say this; another one may stand in their place.
    ``check`` is None for a sentence that claims nothing ("Several papers look into this:"). Of a sentence that was
    repaired ``original`` is what the model wrote first.
    """

    text: str
    citations: tuple[Citation, ...] = ()
    refuted: tuple[int, ...] = ()
    check: Check | None = None
    mending: Repair | None = None
    original: str | None = None

    @property
    def verdict(self) -> Verdict | None:
        """The verdict of its check; None for no claim."""
        return self.check.verdict if self.check else None


@dataclass(frozen=True, slots=True)
class NumberedSource:
    """A paper that was given to the model, under the number that citations use, from 1.

    ``given`` are the sentences of the abstract that stood in the prompt; all of them for a paper given whole.
    """

    number: int
    paper: StoredPaper
    given: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """Which model wrote."""

    name: str
    kind: ModelKind


class Gate(StrEnum):
    """Where it was seen that the papers do not tell: in what was found, or in what it says."""

    RETRIEVAL = "retrieval"
    EVIDENCE = "evidence"


@dataclass(frozen=True, slots=True)
class ClosePaper:
    """A paper that comes near a question which it does not answer: its source number, and why it came near."""

    number: int
    why: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a question is not answered; ``probability`` (0..1) that the papers do answer it was too small."""

    gate: Gate
    reason: str
    probability: float
    closest: tuple[ClosePaper, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """A finished answer.

    ``stripped`` are markers, ids and links that named something outside the sources and were taken out.
    ``left_out`` are titles of papers that were found and did not fit the budget. ``incomplete`` says why the text
    breaks off; None when it is whole. ``missing`` are parts of the question that the papers do not tell.
    ``withheld`` are sentences that were not shown because they are not supported. ``understood`` is what was read out
    of the question before the search. ``language`` is the code of the one in which the program speaks to the reader. A
    question about the collection has its ``collection``, and no sentence of it is a model's.
    """

    question: str
    sentences: tuple[AnswerSentence, ...]
    text: str
    sources: tuple[NumberedSource, ...]
    writer: ModelInfo
    usage: Usage = field(default_factory=Usage)
    stripped: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    incomplete: str | None = None
    refusal: Refusal | None = None
    missing: tuple[str, ...] = ()
    withheld: tuple[AnswerSentence, ...] = ()
    understood: ParsedQuery | None = None
    language: str = ENGLISH
    collection: CollectionResult | None = None

    @property
    def cited(self) -> tuple[NumberedSource, ...]:
        """The sources that at least one sentence cites."""
        numbers = {citation.number for sentence in self.sentences for citation in sentence.citations}
        return tuple(source for source in self.sources if source.number in numbers)

    def evidence_for(self, number: int) -> tuple[Sentence, ...]:
        """The sentences of a source that stand behind its citations, in the order of its abstract, each once."""
        evidence = {
            span
            for sentence in self.sentences
            for citation in sentence.citations
            if citation.number == number
            for span in citation.spans
        }
        return tuple(sorted(evidence, key=lambda sentence: sentence.start))


@dataclass(frozen=True, slots=True)
class Retrieved:
    """Retrieval is done: the papers found, best first, and what was read out of the question before."""

    hits: tuple[Hit, ...]
    understood: ParsedQuery | None = None


@dataclass(frozen=True, slots=True)
class Packed:
    """The prompt is ready: the sources in it, what did not fit, and its size in the model's tokens."""

    sources: tuple[NumberedSource, ...]
    left_out: tuple[str, ...]
    prompt: tuple[Message, ...]
    prompt_tokens: int
    writer: ModelInfo


@dataclass(frozen=True, slots=True)
class Delta:
    """More text to show; every citation in it has been checked. Joined, the deltas are the answer's text."""

    text: str


@dataclass(frozen=True, slots=True)
class SentenceFinished:
    """A sentence is whole and has its citations and the verdict of the cheap checks; the next one in order."""

    sentence: AnswerSentence


@dataclass(frozen=True, slots=True)
class SentenceRevised:
    """A later check, or a repair, changed the sentence at ``place`` (from 0); None takes it out of the text.

    Comes between the last `SentenceFinished` and `Finished`; or before further sentences, where all of those at hand
    turned out to be a model's thoughts.
    """

    place: int
    sentence: AnswerSentence | None


@dataclass(frozen=True, slots=True)
class Finished:
    """The answer is done; also sent when a model broke off, with ``answer.incomplete`` set.

    ``answer.text`` differs from the deltas when sentences were revised.
    """

    answer: Answer


AnswerEvent = Retrieved | Packed | Delta | SentenceFinished | SentenceRevised | Finished
