"""How long an answer takes and how fast it comes."""

from dataclasses import dataclass, field
from time import monotonic

_CHARACTERS_PER_TOKEN = 4
_SHORTEST_SECONDS = 0.3


@dataclass(slots=True)
class Speed:
    """Counts what comes; without ``measured`` only time is told, for what is no language model."""

    measured: bool = True
    _began: float = field(default_factory=monotonic)
    _first: float | None = None
    _last: float = 0.0
    _characters: int = 0

    def add(self, text: str) -> None:
        """Text came."""
        self._last = monotonic()
        if self._first is None:
            self._first = self._last
        self._characters += len(text)

    @property
    def seconds(self) -> float:
        """Since the question."""
        return monotonic() - self._began

    def tokens_per_second(self, tokens: int = 0) -> float | None:
        """Tokens a second since the first text; estimated from the text when the model's own count is not known (0).

        None before there is enough to tell.
        """
        if not self.measured or self._first is None or self._last - self._first < _SHORTEST_SECONDS:
            return None
        return (tokens or self._characters / _CHARACTERS_PER_TOKEN) / (self._last - self._first)
