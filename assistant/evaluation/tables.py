"""The table of an answer, as the judging of outcomes reads it."""

from dataclasses import dataclass
from typing import Protocol, Self, runtime_checkable

from assistant.answering.answer import Answer
from assistant.evaluation.ports import Table


@runtime_checkable
class _HasTable(Protocol):
    @property
    def table(self) -> Table | None: ...


@dataclass(frozen=True, slots=True)
class TableValues:
    """A table as it is kept."""

    paper_ids: tuple[str, ...] = ()
    number: int | None = None
    names: tuple[str, ...] = ()
    links: tuple[str, ...] = ()

    @classmethod
    def of(cls, table: Table) -> Self:
        """The values of a table."""
        return cls(tuple(table.paper_ids), table.number, tuple(table.names), tuple(table.links))


def table_of(answer: Answer | None) -> Table | None:
    """The table that answers a question on the collection; None for an answer in sentences."""
    return answer.table if isinstance(answer, _HasTable) else None
