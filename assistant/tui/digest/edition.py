"""A digest as far as it is there: its papers by topic, what is written of it, what the reader opened and selected."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TypeVar

from assistant.answering.answer import AnswerSentence, Source, Writer
from assistant.answering.packing import numbered_sources
from assistant.digest.digest import (
    Digest,
    DigestEntry,
    DigestEvent,
    DigestFinished,
    DigestPeriod,
    DigestStarted,
    EntryFinished,
    OverviewGrew,
)
from assistant.digest.selection import PeriodPapers
from assistant.digest.topics import grouped
from assistant.library.values import LibraryPaper
from assistant.tui.digest.items import Item, ItemKey, OverviewItem, PaperItem, SentenceItem, StatusItem, TopicItem
from assistant.tui.widgets.row_text import comments_text

_OPEN_AT_FIRST = 80
"""Up to so many papers topics and summaries are open at first; of more the reader sees the topics."""
_BAR_CELLS = 16


_Member = TypeVar("_Member", str, int)


class Stage(Enum):
    """How far the writing is."""

    LOOKING = auto()
    OFFERED = auto()
    WRITING = auto()
    STOPPED = auto()
    FAILED = auto()
    DONE = auto()


@dataclass(frozen=True, slots=True)
class _Group:
    name: str
    numbers: tuple[int, ...]


@dataclass(slots=True)
class _Progress:
    stage: Stage = Stage.LOOKING
    writer: Writer | None = None
    would_write: str = ""
    overview_sentences: int = 0


@dataclass(slots=True)
class _Choices:
    closed_topics: set[str] = field(default_factory=set)
    papers: dict[int, bool] = field(default_factory=dict)
    selected: set[int] = field(default_factory=set)


class Edition:
    """The state of one period on the page. ``starred`` are paper ids."""

    def __init__(self, chosen: PeriodPapers, starred: Iterable[str]) -> None:
        self.period: DigestPeriod = chosen.period
        self.papers: tuple[LibraryPaper, ...] = chosen.papers
        self.listed = chosen.listed
        self.starred = set(starred)
        self.sources = {source.number: source for source in numbered_sources(chosen.papers)}
        self.overview: list[AnswerSentence] = []
        self.entries: dict[int, DigestEntry] = {}
        self.digest: Digest | None = None
        self._groups = _groups(tuple(self.sources.values()))
        self._progress = _Progress()
        self._choices = _Choices()
        if len(self.papers) > _OPEN_AT_FIRST:
            self._choices.closed_topics.update(group.name for group in self._groups)
            self._choices.papers.update(dict.fromkeys(self.sources, False))

    # Writing

    @property
    def stage(self) -> Stage:
        """How far the writing is."""
        return self._progress.stage

    @property
    def progress(self) -> str:
        """How many papers are written: "7 of 17"."""
        return f"{len(self.entries)} of {len(self.papers)}"

    @property
    def from_sample(self) -> bool:
        """Whether any paper is of the sample feed."""
        return any(paper.paper.source == "sample" for paper in self.papers)

    def begin(self) -> None:
        """Writing begins, or goes on."""
        self._progress.stage = Stage.WRITING

    def stop(self) -> None:
        """The reader stopped it."""
        self._progress.stage = Stage.STOPPED

    def fail(self) -> None:
        """The model did not answer."""
        self._progress.stage = Stage.FAILED

    def offer(self, writer: Writer, would_write: str) -> None:
        """What was kept is shown, the rest would be written by ``would_write``; of a whole digest nothing is left."""
        self._progress.writer, self._progress.would_write = writer, would_write
        if self._progress.stage is Stage.LOOKING:
            self._progress.stage = Stage.OFFERED

    def take(self, event: DigestEvent) -> None:
        """Take in what a digest's builder says."""
        match event:
            case DigestStarted():
                self._progress.writer = event.writer
                self.overview = []
            case EntryFinished():
                self.entries[event.entry.source.number] = event.entry
            case OverviewGrew():
                if event.done == 1:
                    self.overview = []
                self.overview.append(event.sentence)
                self._progress.overview_sentences = event.sentences
            case DigestFinished():
                self.digest = event.digest
                self.overview = list(event.digest.overview)
                self._progress.stage = Stage.DONE

    def as_digest(self) -> Digest | None:
        """The digest as far as it is written; None before anything is."""
        if self.digest is not None or not self.entries or self._progress.writer is None:
            return self.digest
        entries = tuple(self.entries[number] for number in sorted(self.entries))
        return Digest(self.period, tuple(self.overview), entries, self.listed, self._progress.writer)

    # What the reader opens and selects

    def adopt(self, former: "Edition", key: ItemKey) -> ItemKey:
        """Keep what the reader opened, closed and selected, as far as the papers are still here.

        Papers may have other numbers than before; returns the key of the item that had ``key``.
        """
        ids = {number: source.paper.paper.paper_id for number, source in former.sources.items()}
        numbers = {source.paper.paper.paper_id: number for number, source in self.sources.items()}
        now = {number: numbers[paper_id] for number, paper_id in ids.items() if paper_id in numbers}
        kept = former._choices  # noqa: SLF001  # of its own class
        self._choices.closed_topics = set(kept.closed_topics)
        self._choices.papers = {now[number]: is_open for number, is_open in kept.papers.items() if number in now}
        self._choices.selected = {now[number] for number in kept.selected if number in now}
        kind, *place = key
        if kind in {"paper", "sentence"} and isinstance(place[0], int) and place[0] in now:
            place[0] = now[place[0]]
        return (kind, *place)

    def set_open(self, item: Item, is_open: bool) -> None:
        """Open or close a topic or a paper."""
        match item:
            case TopicItem():
                _put(self._choices.closed_topics, [item.name], not is_open)
            case PaperItem():
                self._choices.papers[item.number] = is_open
            case _:
                return

    def reveal(self, number: int) -> None:
        """Open a paper and the topic it stands under."""
        self._choices.papers[number] = True
        self._choices.closed_topics.difference_update(g.name for g in self._groups if number in g.numbers)

    def expand_all(self) -> None:
        """Open everything; close every paper when everything is open."""
        all_open = not self._choices.closed_topics and all(map(self._is_open, self.sources))
        self._choices.closed_topics.clear()
        self._choices.papers = dict.fromkeys(self.sources, not all_open)

    def _is_open(self, number: int) -> bool:
        """As the reader left it; else a paper is open from when it is summarized."""
        return self._choices.papers.get(number, number in self.entries)

    def toggle_selected(self, numbers: Sequence[int]) -> None:
        """Select papers; those that are all selected are taken out again."""
        _put(self._choices.selected, numbers, not self._choices.selected.issuperset(numbers))

    def chosen(self, otherwise: Sequence[int]) -> list[Source]:
        """The selected papers in their order, else those of the given numbers."""
        numbers = sorted(self._choices.selected) or otherwise
        return [self.sources[number] for number in numbers if number in self.sources]

    @property
    def selected(self) -> int:
        """How many papers are selected."""
        return len(self._choices.selected)

    def numbers_at(self, item: Item | None, citation: int | None) -> tuple[int, ...]:
        """The papers that an item is about: of a sentence of the overview the one whose citation is chosen."""
        match item:
            case TopicItem():
                return item.numbers
            case PaperItem() | SentenceItem():
                return (item.number,)
            case OverviewItem():
                return (citation,) if citation is not None else ()
            case _:
                return ()

    # As a list

    def items(self, write_keys: str, stop_keys: str) -> list[Item]:
        """Everything that is open, from top to bottom; the keys are named where the writing begins or stops."""
        status = self._status(write_keys, stop_keys)
        sentences = [OverviewItem(sentence, place) for place, sentence in enumerate(self.overview)]
        return [status, *sentences, *(item for group in self._groups for item in self._group_items(group))]

    def _group_items(self, group: _Group) -> Iterator[Item]:
        is_open = group.name not in self._choices.closed_topics
        yield TopicItem(group.name, group.numbers, is_open)
        if is_open:
            for number in group.numbers:
                yield from self._paper_items(number)

    def _paper_items(self, number: int) -> Iterator[Item]:
        paper = self.sources[number].paper
        is_open = self._is_open(number)
        entry = self.entries.get(number)
        yield PaperItem(
            number,
            " ".join(paper.paper.title.split()),
            "" if paper.upvotes is None else f"▲ {paper.upvotes}",
            _facts(paper) if is_open else "",
            is_open,
            paper.paper.paper_id in self.starred,
            number in self._choices.selected,
        )
        if is_open and entry is not None:
            for place, sentence in enumerate(entry.summary.sentences):
                yield SentenceItem(number, sentence, place)

    def _status(self, write_keys: str, stop_keys: str) -> StatusItem:
        made = self.progress
        who = self._progress.would_write
        papers = _counted(len(self.papers))
        match self.stage:
            case Stage.LOOKING:
                return StatusItem(f"Looking for what was written before … {made}", offer=False)
            case Stage.OFFERED:
                kept = f"; {len(self.entries)} are here from before" if self.entries else ""
                return StatusItem(f"▶ {write_keys} writes the digest of {papers} with {who}{kept}", offer=True)
            case Stage.WRITING:
                return StatusItem(f"{self._writing()} · {stop_keys} stops", offer=False)
            case Stage.STOPPED:
                return StatusItem(
                    f"▶ Stopped at {made} papers, what came is kept. {write_keys} goes on with {who}", offer=True
                )
            case Stage.FAILED:
                return StatusItem(f"▶ Not finished: {made} papers. {write_keys} tries again", offer=True)
            case Stage.DONE:
                return StatusItem(f"✓ {self.digest.coverage}" if self.digest else "", offer=False)

    def _writing(self) -> str:
        who = self._progress.writer.name if self._progress.writer else self._progress.would_write
        filled = _BAR_CELLS * len(self.entries) // max(len(self.papers), 1)
        bar = "━" * filled + "─" * (_BAR_CELLS - filled)
        if self.overview or len(self.entries) == len(self.papers):
            of = f" {len(self.overview)} of {self._progress.overview_sentences}" if self.overview else ""
            return f"{bar} {self.progress} · overview{of} · {who} writes"
        return f"{bar} {self.progress} · {who} writes"


def _groups(sources: Sequence[Source]) -> tuple[_Group, ...]:
    topics = grouped(sources, lambda source: source.paper)
    return tuple(_Group(topic.name, tuple(source.number for source in topic.entries)) for topic in topics)


def _facts(paper: LibraryPaper) -> str:
    return " · ".join(part for part in (paper.facts, comments_text(paper.comments)) if part)


def _counted(papers: int) -> str:
    return f"{papers} paper{'' if papers == 1 else 's'}"


def _put(into: set[_Member], members: Iterable[_Member], present: bool) -> None:
    if present:
        into.update(members)
    else:
        into.difference_update(members)
