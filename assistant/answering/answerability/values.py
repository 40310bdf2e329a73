"""Whether the papers are enough for an answer, as a value."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from assistant.answering.values import Gate


@dataclass(frozen=True, slots=True)
class Sufficiency:
    """``probability`` (0..1) that the papers answer the question; ``reason`` says for the reader why they do not.

    ``missing`` are parts of the question, in its own words, that the papers do not tell; when some are missing and
    the rest is there, the papers are sufficient for a partial answer. ``uncertain`` asks for the next gate, which
    weighs the ``signs`` of this one again beside its own. ``about`` are the numbers of the sources that the question
    is about, where it names them.
    """

    sufficient: bool
    probability: float
    gate: Gate
    reason: str = ""
    missing: tuple[str, ...] = ()
    uncertain: bool = False
    signs: Mapping[str, float] = field(default_factory=dict)
    about: tuple[int, ...] = ()
