"""A digest as a value: what it is planned from, what is written of it, and the events while it is made."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from assistant.answering import AnswerSentence, ModelInfo, NumberedSource, Summary
from assistant.periods import Period
from assistant.reports.digest.week_over_week import Difference

OTHERS = "Also today"
"""The name of the papers that share no topic with others."""

LEADING = "Most upvoted"
"""The name above the paper that leads when it shares no topic with others."""


@dataclass(frozen=True, slots=True)
class DigestEntry:
    """One paper of the digest: its number is the one that sentences of topics cite.

    ``why`` are the reasons that a profile shows it for, in words for the reader; empty without a profile.
    """

    source: NumberedSource
    summary: Summary
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Topic:
    """Papers about one thing, by their numbers, in the order of the digest.

    Before it is written a topic is named by words that its papers share, and has no sentences. ``sentences`` cite
    entries by number. ``is_rest`` for the papers that share no topic.
    """

    name: str
    numbers: tuple[int, ...]
    sentences: tuple[AnswerSentence, ...] = ()
    is_rest: bool = False


@dataclass(frozen=True, slots=True)
class DigestPlan:
    """What a digest is made from, before anything is written.

    ``sources`` are numbered from 1 in the order in which they are shown, topic by topic. ``topics`` name every number
    once. ``listed`` counts the papers of the period; ``left_out`` says why some of them are not among the sources
    ("20 shown before"). ``why`` are the reasons of a profile by number.
    """

    period: Period
    sources: tuple[NumberedSource, ...]
    topics: tuple[Topic, ...]
    listed: int
    left_out: tuple[str, ...] = ()
    why: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    profile: str | None = None
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class Digest:
    """The whole digest: every paper of its plan once, under its topic."""

    plan: DigestPlan
    topics: tuple[Topic, ...]
    entries: tuple[DigestEntry, ...]
    writer: ModelInfo

    @property
    def period(self) -> Period:
        """The days it covers."""
        return self.plan.period

    @property
    def coverage(self) -> str:
        """One line: how many papers of the period are in the digest and how they came about."""
        cached = sum(entry.summary.cached for entry in self.entries)
        quoted = sum(1 for entry in self.entries if entry.summary.quoted)
        notes = [*self.plan.left_out, f"summaries by {self.writer.name}"]
        if cached:
            notes.append(f"{cached} from the cache")
        if quoted:
            notes.append(f"{quoted} quoted because the model's text had no evidence")
        papers = "paper" if self.plan.listed == 1 else "papers"
        return f"{len(self.entries)} of {self.plan.listed} {papers}; " + ", ".join(notes)

    @property
    def from_sample(self) -> bool:
        """Whether any text comes from the sample feed, whose abstracts are not the authors' own words."""
        return any(entry.source.paper.paper.source == "sample" for entry in self.entries)

    def entry(self, number: int) -> DigestEntry:
        """The paper of a number; a digest that is not finished may lack some before it."""
        return next(entry for entry in self.entries if entry.source.number == number)

    @property
    def evidence(self) -> tuple[tuple[int, str], ...]:
        """Number and sentence of the abstract for every citation of the topics' sentences, each once, by number."""
        sentences = [sentence for topic in self.topics for sentence in topic.sentences]
        evidence = {(c.number, span.text) for sentence in sentences for c in sentence.citations for span in c.spans}
        return tuple(sorted(evidence))


@dataclass(frozen=True, slots=True)
class DigestStarted:
    """The papers are chosen, in order and grouped."""

    plan: DigestPlan
    writer: ModelInfo


@dataclass(frozen=True, slots=True)
class EntryFinished:
    """One paper is summarized; entries may come in another order than the digest's."""

    entry: DigestEntry
    done: int
    papers: int


@dataclass(frozen=True, slots=True)
class TopicFinished:
    """A topic has its name and its sentences; ``place`` from 0 is its place in the plan."""

    topic: Topic
    place: int
    done: int
    topics: int


@dataclass(frozen=True, slots=True)
class DigestFinished:
    """The digest is complete."""

    digest: Digest


DigestEvent = DigestStarted | EntryFinished | TopicFinished | DigestFinished
