"""A claim held against its sources, as a value."""

from dataclasses import dataclass

from assistant.answering.answer import Check, Citation


@dataclass(frozen=True, slots=True)
class CheckedClaim:
    """A sentence without markers, the citations it is to carry, and how it stands.

    ``check`` is None for a sentence that claims nothing. ``undecided`` asks for the model's judgement: the cheap
    steps alone cannot tell, and ``check`` is what they would say.
    """

    claim: str
    citations: tuple[Citation, ...] = ()
    check: Check | None = None
    undecided: bool = False
