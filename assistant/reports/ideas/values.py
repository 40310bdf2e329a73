"""Research directions as values: candidates as a model wrote them, ideas that have their grounds in papers."""

from dataclasses import dataclass, field

from assistant.answering import Answer, Citation, ModelInfo, NumberedSource
from assistant.library import Filters
from assistant.models import Usage
from assistant.retrieval.query import ParsedQuery

IDEAS = 5
"""Ideas that are shown when no number is given."""


@dataclass(frozen=True, slots=True)
class IdeaRequest:
    """What is asked for: so many ideas on a topic, from papers that pass the filters."""

    topic: str
    filters: Filters = Filters()  # noqa: RUF009  # frozen
    number: int = IDEAS
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A proposal as it was read out of a model's text; ``text`` has its markers still.

    ``probability`` is what the model said of how likely the proposal is, 0..1; None when it said nothing readable.
    """

    title: str
    text: str
    probability: float | None


@dataclass(frozen=True, slots=True)
class Nearest:
    """The paper that is most like an idea; ``similarity`` is a cosine (of meaning, or of words without an embedder).

    ``close`` when it is so like the paper that the idea may be the paper's own.
    """

    number: int
    similarity: float
    close: bool


@dataclass(frozen=True, slots=True)
class Idea:
    """A proposal with its grounds: papers, each with the sentence of its abstract that the idea starts from.

    The proposal itself is not checked. ``doubts`` are figures in it that no given paper has.
    """

    title: str
    text: str
    probability: float | None
    grounds: tuple[Citation, ...]
    nearest: Nearest | None
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dropped:
    """Candidates that are not shown, by the reason."""

    ungrounded: int = 0
    duplicates: int = 0
    likelier: int = 0

    @property
    def reasons(self) -> tuple[str, ...]:
        """The reasons in words: "2 without grounds in the papers"."""
        counted = (
            (self.ungrounded, "without grounds in the papers"),
            (self.duplicates, "too like another one"),
            (self.likelier, "likelier than those shown"),
        )
        return tuple(f"{count} {reason}" for count, reason in counted if count)


@dataclass(frozen=True, slots=True)
class Ideas:
    """The ideas on a topic, the unlikely ones first; their grounds name ``sources`` by number.

    ``candidates`` counts what could be read of the model's text. ``incomplete`` says why the text broke off.
    """

    topic: str
    ideas: tuple[Idea, ...]
    sources: tuple[NumberedSource, ...]
    writer: ModelInfo
    candidates: int
    dropped: Dropped = field(default_factory=Dropped)
    usage: Usage = field(default_factory=Usage)
    understood: ParsedQuery | None = None
    incomplete: str | None = None


@dataclass(frozen=True, slots=True)
class IdeasStarted:
    """The papers are found, and the model begins to write ``candidates`` proposals."""

    sources: tuple[NumberedSource, ...]
    writer: ModelInfo
    candidates: int
    understood: ParsedQuery


@dataclass(frozen=True, slots=True)
class CandidateWritten:
    """So many candidates can be read of what is written by now."""

    done: int


@dataclass(frozen=True, slots=True)
class IdeasRefused:
    """The papers do not tell of the topic; the answer says so, and names those that come closest."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class IdeasFinished:
    """The ideas are chosen and have their grounds."""

    ideas: Ideas


IdeaEvent = IdeasStarted | CandidateWritten | IdeasRefused | IdeasFinished
