"""A claim compared with its sources, as a value."""

from dataclasses import dataclass

from assistant.answering.values import Check, Citation

UNSURE = "unsure: the source says something like it"
"""The reason of a claim that may hold and for which nothing vouches."""


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
