"""A day's digest as a value, and the events while it is made."""

from dataclasses import dataclass
from datetime import date

from assistant.answering.answer import AnswerSentence, Source, Writer
from assistant.answering.summaries import Summary


@dataclass(frozen=True, slots=True)
class DigestPeriod:
    """The days a digest covers, both included, and how it is called ("2026-08-21", "2026-W34")."""

    first: date
    last: date
    label: str


@dataclass(frozen=True, slots=True)
class DigestEntry:
    """One paper of the digest: its number is the one that the overview cites."""

    source: Source
    summary: Summary


@dataclass(frozen=True, slots=True)
class Digest:
    """The whole digest: ``overview`` sentences cite entries by number; ``listed`` counts the papers of the period."""

    period: DigestPeriod
    overview: tuple[AnswerSentence, ...]
    entries: tuple[DigestEntry, ...]
    listed: int
    writer: Writer

    @property
    def coverage(self) -> str:
        """One line: how many papers of the period are in the digest and how they came about."""
        cached = sum(entry.summary.cached for entry in self.entries)
        quoted = sum(1 for entry in self.entries if entry.summary.quoted)
        notes = [f"summaries by {self.writer.name}"]
        if cached:
            notes.append(f"{cached} from the cache")
        if quoted:
            notes.append(f"{quoted} quoted because the model's text had no evidence")
        return f"{len(self.entries)} of {self.listed} papers; " + ", ".join(notes)

    @property
    def from_sample(self) -> bool:
        """Whether any text comes from the sample feed, whose abstracts are not the authors' own words."""
        return any(entry.source.paper.paper.source == "sample" for entry in self.entries)


@dataclass(frozen=True, slots=True)
class DigestStarted:
    """The papers are chosen and in order."""

    period: DigestPeriod
    papers: int
    listed: int
    writer: Writer


@dataclass(frozen=True, slots=True)
class EntryFinished:
    """One paper is summarized; entries may come in another order than the digest's."""

    entry: DigestEntry
    done: int
    papers: int


@dataclass(frozen=True, slots=True)
class OverviewGrew:
    """A sentence of the overview is written."""

    sentence: AnswerSentence
    done: int
    sentences: int


@dataclass(frozen=True, slots=True)
class DigestFinished:
    """The digest is complete."""

    digest: Digest


DigestEvent = DigestStarted | EntryFinished | OverviewGrew | DigestFinished
