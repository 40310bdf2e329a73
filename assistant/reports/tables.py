"""The table of a document, kept as far as it came when the model fails."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from assistant.answering.compare import ColumnFinished, Comparer, Comparison, ComparisonFinished
from assistant.answering.values import Source, Writer
from assistant.errors import ModelError


class TableMaker:
    """Compares papers and keeps what came: the table is there also when the model fails half-way.

    After `make` is through, ``table`` is None when not even the first paper was read; ``failure`` says what happened.
    """

    def __init__(self, comparer: Comparer, writer: Writer) -> None:
        self.table: Comparison | None = None
        self.failure: ModelError | None = None
        self._comparer = comparer
        self._writer = writer

    async def make(self, sources: Sequence[Source], aspects: Sequence[str]) -> AsyncGenerator[ColumnFinished, None]:
        """Yield every paper's cells as they come."""
        columns: list[ColumnFinished] = []
        try:
            async with aclosing(self._comparer.compare(sources, aspects)) as events:
                async for event in events:
                    match event:
                        case ColumnFinished():
                            columns.append(event)
                            yield event
                        case ComparisonFinished(comparison):
                            self.table = comparison
        except ModelError as error:
            self.failure = error
            if columns:
                rows = tuple(zip(*(column.cells for column in columns), strict=True))
                papers = tuple(column.source for column in columns)
                self.table = Comparison(tuple(aspects), papers, rows, self._writer)
