"""The table of an answer to a question about the collection, as the judging of outcomes reads it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, Self, runtime_checkable

from assistant.evaluation.ports import Table
from assistant.library.records import LibraryPaper


class _Links(Protocol):
    @property
    def code(self) -> str | None: ...
    @property
    def project(self) -> str | None: ...


class _Row(Protocol):
    @property
    def paper(self) -> LibraryPaper: ...
    @property
    def links(self) -> _Links: ...


class _Result(Protocol):
    @property
    def total(self) -> int: ...
    @property
    def rows(self) -> Sequence[_Row]: ...
    @property
    def writers(self) -> Sequence[tuple[str, int]]: ...


@runtime_checkable
class _FromTables(Protocol):
    @property
    def collection(self) -> _Result | None: ...


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

    @classmethod
    def of_result(cls, result: _Result) -> Self:
        """The values of what the tables say: of few papers their people, organizations and links too."""
        papers = [row.paper.paper for row in result.rows]
        links = [link for row in result.rows for link in (row.links.code, row.links.project) if link]
        names = [name for name, _ in result.writers]
        names += [author.name for paper in papers for author in paper.authors]
        names += [paper.organization for paper in papers if paper.organization]
        ids = tuple(paper.paper_id for paper in papers)
        return cls(ids, result.total, tuple(dict.fromkeys(names)), tuple(dict.fromkeys(links)))


def table_of(answer: object) -> Table | None:
    """The table of an answer to a question on the collection; None for an answer in sentences."""
    if isinstance(answer, _FromTables) and (result := answer.collection) is not None:
        return TableValues.of_result(result)
    return None
