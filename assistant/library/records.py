"""What the library tells about its papers and about the work done on it: frozen values, no I/O."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from pathlib import Path

from assistant.papers import WITHDRAWN, Paper, Rejection


@dataclass(frozen=True, slots=True)
class StoredPaper:
    """A paper with the days on which it was listed, oldest first, and its latest known counts."""

    paper: Paper
    days: tuple[date, ...] = ()
    upvotes: int | None = None
    comments: int | None = None

    @property
    def paper_id(self) -> str:
        """The arXiv id without version."""
        return self.paper.paper_id

    @property
    def title(self) -> str:
        """The paper's title."""
        return self.paper.title

    @property
    def abstract(self) -> str:
        """The paper's abstract."""
        return self.paper.abstract

    @property
    def text(self) -> str:
        """Title and abstract as one text."""
        return self.paper.text

    @property
    def link(self) -> str | None:
        """The paper's page on Hugging Face."""
        return self.paper.link

    @property
    def day(self) -> date | None:
        """The latest listing day, or else the arXiv date; None when neither is known."""
        return self.days[-1] if self.days else self.paper.published

    @property
    def day_text(self) -> str:
        """`day` as it is written everywhere: "2026-08-21"; empty when it is not known."""
        return self.day.isoformat() if self.day else ""

    @property
    def facts(self) -> str:
        """Day, upvotes and who wrote it, as far as they are known: "2026-08-21 · ▲ 63 · Google"."""
        withdrawn = WITHDRAWN if self.paper.withdrawn else ""
        upvotes = "" if self.upvotes is None else f"▲ {self.upvotes}"
        return " · ".join(part for part in (withdrawn, self.day_text, upvotes, self.paper.byline) if part)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The counts of a paper as they were from ``observed_at`` (UTC) on."""

    observed_at: datetime
    upvotes: int | None
    comments: int | None


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What became of the records of one batch, or of several: paper ids, each in one of the three tuples.

    ``updated`` papers differ in text, fields, counts or listings; a provisional paper that got its arXiv id
    counts as updated, under the new id.
    """

    new: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    rejections: tuple[Rejection, ...] = ()

    @property
    def paper_ids(self) -> tuple[str, ...]:
        """Every paper that the batch named."""
        return self.new + self.updated + self.unchanged

    @classmethod
    def combined(cls, reports: Iterable["IngestReport"]) -> "IngestReport":
        """One report over several batches; a paper new in one of them is new, else updated in one is updated."""
        parts = tuple(reports)
        new = dict.fromkeys(chain.from_iterable(part.new for part in parts))
        updated = dict.fromkeys(chain.from_iterable(part.updated for part in parts))
        unchanged = dict.fromkeys(chain.from_iterable(part.unchanged for part in parts))
        return cls(
            new=tuple(new),
            updated=tuple(paper_id for paper_id in updated if paper_id not in new),
            unchanged=tuple(paper_id for paper_id in unchanged if paper_id not in new and paper_id not in updated),
            rejections=tuple(chain.from_iterable(part.rejections for part in parts)),
        )


@dataclass(frozen=True, slots=True)
class IndexCount:
    """What one index gained and lost, and how many papers still wait for it."""

    name: str
    added: int = 0
    removed: int = 0
    pending: int = 0


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What a run of indexing did; ``stopped`` when it was asked to stop before everything was indexed."""

    counts: tuple[IndexCount, ...] = ()
    stopped: bool = False

    @property
    def pending(self) -> int:
        """Papers that wait for at least one index (those of the index that lacks most)."""
        return max((count.pending for count in self.counts), default=0)


@dataclass(frozen=True, slots=True)
class IndexCheck:
    """How one index compares with the database, as paper ids.

    ``missing`` are not in the index, ``stale`` are in it with another text, ``extra`` are in the index alone.
    ``note`` says why an index was not compared; None when it was.
    """

    name: str
    papers: int = 0
    missing: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    note: str | None = None

    @property
    def clean(self) -> bool:
        """Whether index and database hold the same papers, or the index could not be compared at all."""
        return not (self.missing or self.stale or self.extra)


@dataclass(frozen=True, slots=True)
class CheckReport:
    """The database's own integrity, in SQLite's words when it is damaged, and each index against it."""

    papers: int
    damages: tuple[str, ...] = ()
    indexes: tuple[IndexCheck, ...] = ()

    @property
    def clean(self) -> bool:
        """Whether nothing is wrong with what could be compared."""
        return not self.damages and all(index.clean for index in self.indexes)


@dataclass(frozen=True, slots=True)
class LibraryStats:
    """What is in the library; sizes in bytes, ``indexed`` as papers per index.

    ``sample_papers`` are those whose text is that of the sample, which earlier versions put into every empty library.
    """

    folder: Path
    schema_version: int
    papers: int
    provisional: int
    listings: int
    days: int
    first_day: date | None
    last_day: date | None
    snapshots: int
    database_bytes: int
    index_bytes: dict[str, int]
    indexed: dict[str, int]
    embedder: str | None
    sample_papers: int = 0
