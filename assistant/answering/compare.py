"""Comparing papers in a table: one row an aspect, one column a paper, every cell with its evidence or empty."""

import re
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass

from assistant.answering.citation_markers import neutralized
from assistant.answering.extractive_summary import aspect_sentence
from assistant.answering.generation_cache import CachedGenerator, CompletionSpec
from assistant.answering.prompts import Prompt
from assistant.answering.summaries import quoted_sentence, supported_cell
from assistant.answering.values import AnswerSentence, ModelInfo, NumberedSource
from assistant.errors import ModelInterrupted
from assistant.sentences import Sentence

NOT_STATED = "nothing found in the abstract"

_TOKENS_A_CELL = 45
_EMPTY = re.compile(
    r"^\W*(?:not (?:stated|mentioned|specified|given|provided)|n/?a|none|unknown|unspecified)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Cell:
    """What one abstract says on one aspect; ``content`` is None where it says nothing."""

    aspect: str
    number: int
    content: AnswerSentence | None

    @property
    def text(self) -> str:
        """The cell as it is shown."""
        return self.content.text if self.content else NOT_STATED


@dataclass(frozen=True, slots=True)
class Comparison:
    """The whole table; ``cells`` holds one row an aspect, each with one cell a source, in their orders."""

    aspects: tuple[str, ...]
    sources: tuple[NumberedSource, ...]
    cells: tuple[tuple[Cell, ...], ...]
    writer: ModelInfo
    cached: int = 0

    def evidence_for(self, number: int) -> tuple[Sentence, ...]:
        """The sentences of a source that stand behind its cells, in the order of its abstract, each once."""
        evidence = {
            span
            for row in self.cells
            for cell in row
            if cell.number == number and cell.content
            for citation in cell.content.citations
            for span in citation.spans
        }
        return tuple(sorted(evidence, key=lambda sentence: sentence.start))


@dataclass(frozen=True, slots=True)
class ColumnFinished:
    """The cells of one paper are known."""

    source: NumberedSource
    cells: tuple[Cell, ...]
    done: int
    papers: int


@dataclass(frozen=True, slots=True)
class ComparisonFinished:
    """The table is complete."""

    comparison: Comparison


ComparisonEvent = ColumnFinished | ComparisonFinished


class Comparer:
    """Fills comparison tables with one model, a paper at a time."""

    def __init__(self, generator: CachedGenerator, prompt: Prompt) -> None:
        self._generator = generator
        self._prompt = prompt

    async def compare(
        self, sources: Sequence[NumberedSource], aspects: Sequence[str]
    ) -> AsyncGenerator[ComparisonEvent, None]:
        """Compare the papers on the aspects; the last event is `ComparisonFinished`. Raises `ModelError`."""
        columns = []
        cached = 0
        for done, source in enumerate(sources, start=1):
            cells, from_cache = await self._column(source, aspects)
            cached += from_cache
            columns.append(cells)
            yield ColumnFinished(source, cells, done, len(sources))
        rows = tuple(zip(*columns, strict=True))
        model = self._generator.model
        writer = ModelInfo(model.name, model.kind)
        yield ComparisonFinished(Comparison(tuple(aspects), tuple(sources), rows, writer, cached))

    async def _column(self, source: NumberedSource, aspects: Sequence[str]) -> tuple[tuple[Cell, ...], bool]:
        if self._generator.extractive:
            return _quoted_column(source, aspects), False
        paper = source.paper.paper
        output_tokens = _TOKENS_A_CELL * len(aspects) + 20
        try:
            written = await self._generator.generate(
                CompletionSpec.of(
                    self._prompt,
                    max_output_tokens=output_tokens,
                    title=neutralized(paper.title),
                    abstract=neutralized(self._generator.fitting(paper.abstract, output_tokens)),
                    aspects="\n".join(f"{aspect}:" for aspect in aspects),
                )
            )
        except ModelInterrupted:
            return _quoted_column(source, aspects), False
        answers = read_cells(written.text, aspects)
        cells = tuple(_cell(aspect, answers.get(aspect, ""), source) for aspect in aspects)
        return cells, written.cached


def read_cells(written: str, aspects: Sequence[str]) -> dict[str, str]:
    """What a model wrote behind each aspect's name; list signs and emphasis around the name are passed over."""
    names = "|".join(re.escape(aspect) for aspect in sorted(aspects, key=len, reverse=True))
    matches = re.finditer(rf"^[\W_]*({names})[\s*_]*:[ \t*_]*(.*)$", written, re.IGNORECASE | re.MULTILINE)
    by_name = {aspect.casefold(): aspect for aspect in aspects}
    answers: dict[str, str] = {}
    for match in matches:
        answers.setdefault(by_name[match.group(1).casefold()], match.group(2).strip())
    return answers


def _cell(aspect: str, written: str, source: NumberedSource) -> Cell:
    """A cell whose text the abstract bears out; anything else is empty."""
    if not written or _EMPTY.match(written):
        return Cell(aspect, source.number, None)
    return Cell(aspect, source.number, supported_cell(written, source))


def _quoted_column(source: NumberedSource, aspects: Sequence[str]) -> tuple[Cell, ...]:
    cells = []
    for aspect in aspects:
        sentence = aspect_sentence(aspect, source.paper.abstract)
        cells.append(Cell(aspect, source.number, quoted_sentence(source, sentence) if sentence else None))
    return tuple(cells)
