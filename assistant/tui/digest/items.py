"""What stands in the list of a digest: values to draw and to move over, each with a key that stays the same."""

from dataclasses import dataclass

from assistant.answering.answer import AnswerSentence

ItemKey = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class StatusItem:
    """How far the digest is; with ``offer`` choosing it starts the writing."""

    text: str
    offer: bool

    @property
    def key(self) -> ItemKey:
        """There is one."""
        return ("status",)


@dataclass(frozen=True, slots=True)
class OverviewItem:
    """One sentence of the overview; ``place`` counts from 0."""

    sentence: AnswerSentence
    place: int

    @property
    def key(self) -> ItemKey:
        """By its place."""
        return ("overview", self.place)


@dataclass(frozen=True, slots=True)
class TopicItem:
    """A topic with the numbers of its papers."""

    name: str
    numbers: tuple[int, ...]
    is_open: bool

    @property
    def key(self) -> ItemKey:
        """By its name."""
        return ("topic", self.name)


@dataclass(frozen=True, slots=True)
class PaperItem:
    """A paper by the number that the overview cites; ``facts`` are shown when it is open."""

    number: int
    title: str
    upvotes: str
    facts: str
    is_open: bool
    starred: bool
    selected: bool

    @property
    def key(self) -> ItemKey:
        """By its number."""
        return ("paper", self.number)


@dataclass(frozen=True, slots=True)
class SentenceItem:
    """One sentence of a paper's summary; ``place`` counts from 0."""

    number: int
    sentence: AnswerSentence
    place: int

    @property
    def key(self) -> ItemKey:
        """By its paper and place."""
        return ("sentence", self.number, self.place)


Item = StatusItem | OverviewItem | TopicItem | PaperItem | SentenceItem


def citations_of(item: Item | None) -> tuple[int, ...]:
    """The numbers that a sentence cites, in their order, each once; of anything else none."""
    if isinstance(item, OverviewItem | SentenceItem):
        return tuple(dict.fromkeys(citation.number for citation in item.sentence.citations))
    return ()
