"""Places in an answer that can be chosen: its citations, the marks of its sentences, the papers near a refusal."""

import re
from dataclasses import dataclass
from typing import Self

from assistant.answering import AnswerSentence, Citation, NumberedSource

_CITATION = re.compile(r"cite:(\d+)\.(\d+)\.(\d+)")
_MARK = re.compile(r"mark:(\d+)\.(\d+)")
_CLOSE = re.compile(r"close:(\d+)\.(\d+)")


@dataclass(frozen=True, slots=True)
class CitationPlace:
    """Where one citation stands: its turn, the sentence of the answer (from 0), the number of its source."""

    turn_id: int
    sentence: int
    number: int

    @property
    def href(self) -> str:
        """The address that the citation's link carries; it leads nowhere outside the page."""
        return f"cite:{self.turn_id}.{self.sentence}.{self.number}"

    @classmethod
    def parse(cls, href: str) -> Self | None:
        """The place that an address names; None for any other address."""
        matched = _CITATION.fullmatch(href)
        return cls(*map(int, matched.groups())) if matched else None


@dataclass(frozen=True, slots=True)
class MarkPlace:
    """Where the mark of a sentence stands: its turn and the sentence (from 0)."""

    turn_id: int
    sentence: int

    @property
    def href(self) -> str:
        """The address that the mark's link carries."""
        return f"mark:{self.turn_id}.{self.sentence}"

    @classmethod
    def parse(cls, href: str) -> Self | None:
        """The place that an address names; None for any other address."""
        matched = _MARK.fullmatch(href)
        return cls(*map(int, matched.groups())) if matched else None


@dataclass(frozen=True, slots=True)
class ClosePlace:
    """A paper that is named below a refusal: its turn and the number of its source."""

    turn_id: int
    number: int

    @property
    def href(self) -> str:
        """The address that the paper's link carries."""
        return f"close:{self.turn_id}.{self.number}"

    @classmethod
    def parse(cls, href: str) -> Self | None:
        """The place that an address names; None for any other address."""
        matched = _CLOSE.fullmatch(href)
        return cls(*map(int, matched.groups())) if matched else None


Place = CitationPlace | MarkPlace | ClosePlace


def place_of(href: str) -> Place | None:
    """The place that the address of a link names; None for an address outside the page."""
    return CitationPlace.parse(href) or MarkPlace.parse(href) or ClosePlace.parse(href)


@dataclass(frozen=True, slots=True)
class PlacedCitation:
    """A citation with its sentence and source, and which one of how many in its answer it is (from 1)."""

    place: CitationPlace
    citation: Citation
    sentence: AnswerSentence
    source: NumberedSource
    position: int
    total: int


@dataclass(frozen=True, slots=True)
class PlacedMark:
    """The mark of a sentence that a reader is to look at twice, with the source that it cites first, if any."""

    place: MarkPlace
    sentence: AnswerSentence
    source: NumberedSource | None


@dataclass(frozen=True, slots=True)
class PlacedClose:
    """A paper that comes near a refused question, and why."""

    place: ClosePlace
    source: NumberedSource
    why: str


Placed = PlacedCitation | PlacedMark | PlacedClose
"""What left and right walk through."""
