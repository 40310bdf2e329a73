"""What the evaluation needs of the rest: something that finds papers, and something that answers."""

from collections.abc import AsyncGenerator
from typing import Protocol

from assistant.answering.answer import AnswerEvent, Refusal
from assistant.library.filters import Filters
from assistant.retrieval.finding import Asked
from assistant.retrieval.search import Hit
from assistant.retrieval.understanding.understood import Understood


class Finder(Protocol):
    """What an answer finds its papers with."""

    async def understand(self, asked: Asked) -> Understood:
        """What the question's own words ask for beside its subject."""
        ...

    async def find(self, understood: Understood, limit: int) -> list[Hit]:
        """At most ``limit`` papers, best first. Raises `NothingFound` when there is none."""
        ...


class Answers(Protocol):
    """What answers questions, and tells by itself whether it would."""

    def ask(self, question: str, filters: Filters) -> AsyncGenerator[AnswerEvent, None]:
        """Answer; the last event is `Finished`. Raises `NothingFound` when no paper fits."""
        ...

    async def decide(self, question: str, filters: Filters) -> Refusal | None:
        """Whether the question would be refused, without writing an answer. Raises `NothingFound` as `ask` does."""
        ...
