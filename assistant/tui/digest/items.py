"""What stands in the list of a digest: values to draw and to move over, each with a key that stays the same."""

from dataclasses import dataclass

from assistant.answering import AnswerSentence

ItemKey = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class StatusItem:
    """How far the digest is; with ``offer`` choosing it starts the writing. ``spaced`` sets off what is below."""

    text: str
    offer: bool
    spaced: bool = True

    @property
    def key(self) -> ItemKey:
        """There is one."""
        return ("status",)


@dataclass(frozen=True, slots=True)
class DifferencesItem:
    """What is different from before, below its heading; of a closed one the first text is seen."""

    heading: str
    texts: tuple[str, ...]
    is_open: bool

    @property
    def key(self) -> ItemKey:
        """There is one."""
        return ("differences",)


@dataclass(frozen=True, slots=True)
class TopicItem:
    """A topic with the numbers of its papers; ``place`` counts from 0.

    ``is_open`` when its papers are shown, ``is_told`` when its sentences are. ``spaced`` sets it off from what is
    above.
    """

    place: int
    name: str
    numbers: tuple[int, ...]
    is_open: bool
    is_told: bool
    spaced: bool

    @property
    def key(self) -> ItemKey:
        """By its place: its name changes when it is written."""
        return ("topic", self.place)


@dataclass(frozen=True, slots=True)
class TopicSentenceItem:
    """One sentence about a topic's papers; both places count from 0."""

    topic: int
    sentence: AnswerSentence
    place: int

    @property
    def key(self) -> ItemKey:
        """By its topic and place."""
        return ("topic sentence", self.topic, self.place)


@dataclass(frozen=True, slots=True)
class PaperItem:
    """A paper by the number that sentences of topics cite; facts, links and reasons are shown below the title.

    ``is_new`` for one that no digest of those that are remembered has shown, where others have been.
    """

    number: int
    title: str
    upvotes: str
    facts: str
    is_open: bool
    starred: bool
    selected: bool
    why: str = ""
    links: str = ""
    is_new: bool = False
    withdrawn: bool = False

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


Item = StatusItem | DifferencesItem | TopicItem | TopicSentenceItem | PaperItem | SentenceItem
Foldable = DifferencesItem | TopicItem | PaperItem
"""What is opened and closed."""


def citations_of(item: Item | None) -> tuple[int, ...]:
    """The numbers that a sentence cites, in their order, each once; of anything else none."""
    if isinstance(item, TopicSentenceItem | SentenceItem):
        return tuple(dict.fromkeys(citation.number for citation in item.sentence.citations))
    return ()
