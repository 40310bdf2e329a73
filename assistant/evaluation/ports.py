"""What the evaluation needs of the rest: something that finds papers, and something that answers."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date
from typing import Protocol

from assistant.answering import AnswerEvent, CheckedClaim, NumberedSource, Refusal
from assistant.library import Filters, StoredPaper
from assistant.retrieval import Hit, QueryRequest
from assistant.retrieval.query import ParsedQuery


class Retriever(Protocol):
    """What an answer finds its papers with."""

    async def parse_query(self, request: QueryRequest) -> ParsedQuery:
        """What the question's own words ask for beside its subject."""
        ...

    async def find(self, understood: ParsedQuery, limit: int) -> list[Hit]:
        """At most ``limit`` papers, best first. Raises `NothingFound` when there is none."""
        ...


class Answers(Protocol):
    """What answers questions, and tells by itself whether it would."""

    def ask(self, question: str, filters: Filters, *, today: date | None = None) -> AsyncGenerator[AnswerEvent, None]:
        """Answer; the last event is `Finished`. Raises `NothingFound` when no paper fits."""
        ...

    async def decide(self, question: str, filters: Filters) -> Refusal | None:
        """Whether the question would be refused, without writing an answer. Raises `NothingFound` as `ask` does."""
        ...


class Conversation(Protocol):
    """An open conversation."""

    def ask(self, question: str) -> AsyncGenerator[AnswerEvent, None]:
        """Answer a question in the light of those before it; the last event is `Finished`. Raises `NothingFound`."""
        ...


class Conversations(Protocol):
    """What opens conversations, each of which leaves nothing behind when it is closed."""

    def __call__(self) -> AbstractAsyncContextManager[Conversation]:
        """A new conversation."""
        ...


class Checker(Protocol):
    """What checks claims against fixed sources."""

    def check(self, claim: str) -> CheckedClaim:
        """The citations of a claim, and its verdict."""
        ...


class Checkers(Protocol):
    """What makes a checker for sources."""

    def __call__(self, sources: Sequence[NumberedSource], /) -> Checker:
        """A checker for these sources."""
        ...


class Papers(Protocol):
    """Where papers are looked up."""

    def get(self, paper_ids: Sequence[str]) -> list[StoredPaper]:
        """The papers of these ids, in their order; those that are not there are left out."""
        ...


class Table(Protocol):
    """What a question on the collection is answered with: papers in order, a number, names, links."""

    @property
    def paper_ids(self) -> Sequence[str]:
        """The papers that are listed, in their order."""
        ...

    @property
    def number(self) -> int | None:
        """The number that was asked for; None where none was."""
        ...

    @property
    def names(self) -> Sequence[str]:
        """People or organizations that were asked for."""
        ...

    @property
    def links(self) -> Sequence[str]:
        """Addresses that were asked for."""
        ...
