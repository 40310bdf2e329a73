"""A digest as far as it is there: its papers by topic, what is written of it, what the reader opened and selected."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto

from assistant.answering import NumberedSource, cited_once
from assistant.library import StoredPaper
from assistant.periods import Period
from assistant.reports.digest import (
    Digest,
    DigestEntry,
    DigestEvent,
    DigestFinished,
    DigestPlan,
    DigestStarted,
    EntryFinished,
    Topic,
    TopicFinished,
    age_of,
    different_of,
    heading_of,
    links_of,
)
from assistant.tui.digest.items import (
    DifferencesItem,
    Foldable,
    Item,
    ItemKey,
    PaperItem,
    SentenceItem,
    TopicItem,
    TopicSentenceItem,
)
from assistant.tui.digest.progress import Offer, Progress, Stage
from assistant.tui.widgets.text_layout import comments_text

_OPEN_AT_FIRST = 80
"""Up to so many papers all of them are seen at first; of more the reader sees what is told of the topics."""


class _Visibility(Enum):
    """What of a topic is seen: its name, its sentences too, or its papers as well."""

    NAME = auto()
    SENTENCES = auto()
    PAPERS = auto()


@dataclass(slots=True)
class _Choices:
    differences: bool = False
    topics: dict[int, _Visibility] = field(default_factory=dict)
    papers: dict[int, bool] = field(default_factory=dict)
    selected: set[int] = field(default_factory=set)


class DigestViewModel:
    """The state of one period on the page.

    ``starred``, ``new`` (see `PaperItem.is_new`) and ``missing`` are paper ids; the last are examples of the profile
    that the library does not have.
    """

    def __init__(
        self, plan: DigestPlan, starred: Iterable[str], new: Collection[str] = (), missing: Sequence[str] = ()
    ) -> None:
        self.plan = plan
        self.missing = missing
        self.starred = set(starred)
        self.sources = {source.number: source for source in plan.sources}
        self.topics: list[Topic] = list(plan.topics)
        self.entries: dict[int, DigestEntry] = {}
        self.digest: Digest | None = None
        self._new = frozenset(new)
        self._headed = any(not topic.is_rest for topic in plan.topics)
        self._progress = Progress(len(plan.sources), len(plan.topics))
        self._choices = _Choices()
        if len(self.sources) > _OPEN_AT_FIRST:
            self._choices.topics.update(dict.fromkeys(range(len(self.topics)), _Visibility.SENTENCES))
            self._choices.papers.update(dict.fromkeys(self.sources, False))

    @property
    def period(self) -> Period:
        """The days."""
        return self.plan.period

    @property
    def paper_ids(self) -> list[str]:
        """The ids of its papers, in their order."""
        return [source.paper.paper_id for source in self.plan.sources]

    @property
    def from_sample(self) -> bool:
        """Whether any paper is of the sample feed."""
        return any(source.paper.paper.source == "sample" for source in self.plan.sources)

    # Writing

    @property
    def stage(self) -> Stage:
        """How far the writing is."""
        return self._progress.stage

    @property
    def progress(self) -> str:
        """How many papers are written: "7 of 17"."""
        return self._progress.text

    def begin(self) -> None:
        """Writing begins, or goes on."""
        self._progress.stage = Stage.WRITING

    def stop(self) -> None:
        """The reader stopped it."""
        self._progress.stage = Stage.STOPPED

    def fail(self) -> None:
        """The model did not answer."""
        self._progress.stage = Stage.FAILED

    def offer(self, offer: Offer) -> None:
        """What was kept is shown, and who would write the rest."""
        self._progress.take(offer)

    def take(self, event: DigestEvent) -> None:
        """Take in what a digest's builder says."""
        match event:
            case DigestStarted():
                self._progress.writer = event.writer
                self._progress.topics_done = 0
            case EntryFinished():
                self.entries[event.entry.source.number] = event.entry
                self._progress.done = len(self.entries)
            case TopicFinished():
                self.topics[event.place] = event.topic
                self._progress.topics_done = event.done
            case DigestFinished():
                self.digest = event.digest
                self.topics = list(event.digest.topics)
                self._progress.stage, self._progress.coverage = Stage.DONE, event.digest.coverage

    def as_digest(self) -> Digest | None:
        """The digest as far as it is written; None before anything is."""
        if self.digest is not None or not self.entries or self._progress.writer is None:
            return self.digest
        written = [replace(t, numbers=tuple(n for n in t.numbers if n in self.entries)) for t in self.topics]
        entries = tuple(self.entries[number] for number in sorted(self.entries))
        return Digest(self.plan, tuple(t for t in written if t.numbers), entries, self._progress.writer)

    # What the reader opens and selects

    def adopt(self, former: "DigestViewModel", key: ItemKey) -> ItemKey:
        """Keep what the reader opened, closed and selected, as far as papers and topics are still here.

        Both may have other numbers than before, and a topic is known by the name it was planned with. Returns the key
        of the item that had ``key``.
        """
        numbers = {source.paper.paper_id: number for number, source in self.sources.items()}
        places = {topic.name: place for place, topic in enumerate(self.plan.topics)}
        papers = _matched(dict(zip(former.sources, former.paper_ids, strict=True)), numbers)
        topics = _matched({place: topic.name for place, topic in enumerate(former.plan.topics)}, places)
        choices = former._choices  # noqa: SLF001  # of its own class
        self._choices = _Choices(
            choices.differences,
            self._choices.topics
            | {topics[place]: visibility for place, visibility in choices.topics.items() if place in topics},
            self._choices.papers | {papers[n]: is_open for n, is_open in choices.papers.items() if n in papers},
            {papers[number] for number in choices.selected if number in papers},
        )
        kind, *place = key
        now = papers if kind in {"paper", "sentence"} else topics
        if place and isinstance(place[0], int) and place[0] in now:
            place[0] = now[place[0]]
        return (kind, *place)

    def set_open(self, item: Foldable, is_open: bool) -> None:
        """Open or close a topic, a paper, or what is different."""
        match item:
            case DifferencesItem():
                self._choices.differences = is_open
            case TopicItem():
                self._choices.topics[item.place] = self._one_step(item, is_open)
            case PaperItem():
                self._choices.papers[item.number] = is_open

    def _one_step(self, item: TopicItem, is_open: bool) -> _Visibility:
        """A topic opens and closes over its sentences, when it has some."""
        visibility = _Visibility.PAPERS if item.is_open else _Visibility.SENTENCES if item.is_told else _Visibility.NAME
        edge = _Visibility.PAPERS if is_open else _Visibility.NAME
        passes_sentences = {visibility, edge} == {_Visibility.NAME, _Visibility.PAPERS}
        has_step = passes_sentences and bool(self.topics[item.place].sentences)
        return _Visibility.SENTENCES if has_step else edge

    def reveal(self, number: int) -> None:
        """Open a paper and the topic it stands under."""
        self._choices.papers[number] = True
        self._choices.topics |= {
            place: _Visibility.PAPERS for place, topic in enumerate(self.topics) if number in topic.numbers
        }

    def expand_all(self) -> None:
        """Open everything; close every paper when everything is open."""
        all_open = all(map(self._is_open, self.sources)) and all(
            self._visibility_of(place) is _Visibility.PAPERS for place in range(len(self.topics))
        )
        self._choices.topics.clear()
        self._choices.papers = dict.fromkeys(self.sources, not all_open)

    def _visibility_of(self, place: int) -> _Visibility:
        """As the reader left it; papers that stand under no heading are always shown."""
        return self._choices.topics.get(place, _Visibility.PAPERS) if self._headed else _Visibility.PAPERS

    def _is_open(self, number: int) -> bool:
        """As the reader left it; else a paper is open from when it is summarized."""
        return self._choices.papers.get(number, number in self.entries)

    def toggle_selected(self, numbers: Sequence[int]) -> None:
        """Select papers; those that are all selected are taken out again."""
        _put(self._choices.selected, numbers, not self._choices.selected.issuperset(numbers))

    def selected_sources(self, otherwise: Sequence[int]) -> list[NumberedSource]:
        """The selected papers in their order, else those of the given numbers."""
        numbers = sorted(self._choices.selected) or otherwise
        return [self.sources[number] for number in numbers if number in self.sources]

    @property
    def selected(self) -> int:
        """How many papers are selected."""
        return len(self._choices.selected)

    def numbers_at(self, item: Item | None, citation: int | None) -> tuple[int, ...]:
        """The papers that an item is about: of a sentence of a topic the one whose citation is chosen."""
        match item:
            case TopicItem():
                return item.numbers
            case PaperItem() | SentenceItem():
                return (item.number,)
            case TopicSentenceItem():
                return (citation,) if citation is not None else ()
            case _:
                return ()

    # As a list

    def items(self, write_keys: str, stop_keys: str) -> list[Item]:
        """Everything that is open, from top to bottom; the keys are named where the writing begins or stops."""
        texts = tuple(difference.text for difference in self.plan.differences)
        items: list[Item] = [replace(self._progress.status(write_keys, stop_keys), spaced=not texts)]
        if texts:
            items.append(DifferencesItem(different_of(self.period), texts, self._choices.differences))
        spaced = False
        for place, topic in enumerate(self.topics):
            topic_items = self._topic_items(place, topic, spaced)
            spaced = len(topic_items) > 1
            items += topic_items
        return items

    def _topic_items(self, place: int, topic: Topic, spaced: bool) -> list[Item]:
        visibility = self._visibility_of(place)
        is_told = bool(topic.sentences) and visibility is not _Visibility.NAME
        items: list[Item] = []
        if self._headed:
            name = heading_of(topic, self.period)
            items.append(TopicItem(place, name, topic.numbers, visibility is _Visibility.PAPERS, is_told, spaced))
        if is_told:
            items += [TopicSentenceItem(place, sentence, at) for at, sentence in enumerate(cited_once(topic.sentences))]
        if visibility is _Visibility.PAPERS:
            items += [item for number in topic.numbers for item in self._paper_items(number)]
        return items

    def _paper_items(self, number: int) -> Iterator[Item]:
        paper = self.sources[number].paper
        is_open = self._is_open(number)
        entry = self.entries.get(number)
        yield PaperItem(
            number,
            " ".join(paper.title.split()),
            "" if paper.upvotes is None else f"▲ {paper.upvotes}",
            _facts(paper) if is_open else "",
            is_open,
            paper.paper_id in self.starred,
            number in self._choices.selected,
            self._why(number) if is_open or number not in self._choices.papers else "",
            " · ".join(f"{name} {address}" for name, address in links_of(paper)) if is_open else "",
            paper.paper_id in self._new,
            paper.paper.withdrawn,
        )
        if is_open and entry is not None:
            for place, sentence in enumerate(cited_once(entry.summary.sentences)):
                yield SentenceItem(number, sentence, place)

    def _why(self, number: int) -> str:
        reasons = self.plan.why.get(number, ())
        return " ".join(f"why: {'; '.join(reasons)}".split()) if reasons else ""


def _facts(paper: StoredPaper) -> str:
    return " · ".join(part for part in (paper.facts, age_of(paper), comments_text(paper.comments)) if part)


def _matched(former: Mapping[int, str], now: Mapping[str, int]) -> dict[int, int]:
    """The number that each thing has now, by the one it had; without those that are gone."""
    return {number: now[name] for number, name in former.items() if name in now}


def _put(into: set[int], members: Iterable[int], present: bool) -> None:
    if present:
        into.update(members)
    else:
        into.difference_update(members)
