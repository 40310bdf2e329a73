"""Comparing papers in a table: one row an aspect, one column a paper, every cell with its evidence or empty.

`Comparer` writes the table; `ComparisonWriter` answers a question that compares, with the cells as sentences.
"""

import asyncio
import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from assistant.answering.answerability.gates import DETAIL_TOLD, DetailGate
from assistant.answering.answerability.question_features import Aim, Aims
from assistant.answering.asked import NamedQuestion
from assistant.answering.citation_markers import neutralized
from assistant.answering.context_packing import numbered_sources
from assistant.answering.extractive_summary import aspect_sentence, own_sentences
from assistant.answering.generation_cache import CachedGenerator, CompletionSpec
from assistant.answering.prompts import Prompt
from assistant.answering.question_prompt import QuestionKind, QuestionPrompts
from assistant.answering.quoting import answering_passages
from assistant.answering.summaries import quoted_sentence, supported_cell
from assistant.answering.values import (
    Answer,
    AnswerEvent,
    AnswerSentence,
    Delta,
    Finished,
    ModelInfo,
    NumberedSource,
    Packed,
    SentenceFinished,
)
from assistant.errors import ModelInterrupted
from assistant.language import say
from assistant.models import ModelKind
from assistant.retrieval import EvidenceRanker
from assistant.retrieval.query import short_name
from assistant.sentences import Sentence

NOT_STATED = "nothing found in the abstract"

_TOKENS_A_CELL = 45
_EMPTY = re.compile(
    r"^\W*(?:not (?:stated|mentioned|specified|given|provided)|n/?a|none|unknown|unspecified)\b", re.IGNORECASE
)
_ASPECTS = ("method", "data", "results")
_TOLD = 3  # sentences of a paper where no model writes
_Row = tuple[str, tuple[tuple[AnswerSentence, ...], ...]]


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


class ComparisonWriter:
    """Answers questions that compare papers."""

    def __init__(
        self,
        comparer: Comparer,
        writer: ModelInfo,
        ranker: EvidenceRanker,
        prompts: QuestionPrompts,
        aims: Aims,
    ) -> None:
        self._comparer = comparer
        self._writer = writer
        self._ranker = ranker
        self._gate = DetailGate(ranker.embedder, aims)
        self._prompts = prompts

    async def write(
        self, question: str, named_question: NamedQuestion, language: str, remarks: Sequence[str] = ()
    ) -> AsyncGenerator[AnswerEvent, None]:
        """Yield `Packed`, the text, and `Finished`. Raises `ModelError`."""
        sources = numbered_sources(named_question.papers)
        prompt = self._prompts.ask(sources, question, language, QuestionKind.COMPARISON)
        yield Packed(sources, (), prompt, 0, self._writer)
        rows = await asyncio.to_thread(self._asked_rows, named_question, sources)
        aspects: tuple[str, ...] = _ASPECTS
        if self._writer.kind is ModelKind.EXTRACTIVE:
            rows.append((say("what_it_is", language), tuple(map(_own_words, sources))))
            aspects = _ASPECTS[-1:]
        async with aclosing(self._comparer.compare(sources, aspects)) as events:
            async for event in events:
                if isinstance(event, ComparisonFinished):
                    rows += _table_rows(event.comparison, language)
        text, sentences = _text(rows, sources, language)
        for remark in remarks:
            text = f"{text}\n\n{remark}"
            sentences.append(AnswerSentence(remark))
        yield Delta(text)
        for sentence in sentences:
            yield SentenceFinished(sentence)
        yield Finished(Answer(question, tuple(sentences), text, sources, self._writer, language=language))

    def _asked_rows(self, named_question: NamedQuestion, sources: Sequence[NumberedSource]) -> list["_Row"]:
        """One row for each thing that is asked beside how they compare: the passage of each paper that tells it."""
        rows: list[_Row] = []
        for part in named_question.parts:
            if part.aim is not Aim.DETAIL:
                continue
            cells: list[tuple[AnswerSentence, ...]] = []
            for source in sources:
                is_stated = self._gate.chance(part, [source.paper]) >= DETAIL_TOLD
                cells.append(self._passage(part.english, source) if is_stated else ())
            if any(cells):
                rows.append((part.text, tuple(cells)))
        return rows

    def _passage(self, question: str, source: NumberedSource) -> tuple[AnswerSentence, ...]:
        scored = self._ranker.scored(question, [source.paper.paper])
        best = answering_passages([source.paper], scored)[:1]
        return tuple(quoted_sentence(source, sentence) for passage in best for sentence in passage.sentences)


def _own_words(source: NumberedSource) -> tuple[AnswerSentence, ...]:
    """What a paper says of what it does and how."""
    paper = source.paper.paper
    return tuple(quoted_sentence(source, sentence) for sentence in own_sentences(paper.title, paper.abstract, _TOLD))


def _table_rows(comparison: Comparison, language: str) -> list[_Row]:
    return [
        (say(f"aspect_{aspect}", language), tuple((cell.content,) if cell.content else () for cell in row))
        for aspect, row in zip(comparison.aspects, comparison.cells, strict=True)
    ]


def _text(rows: Sequence[_Row], sources: Sequence[NumberedSource], language: str) -> tuple[str, list[AnswerSentence]]:
    """The rows as short lists; a sentence that stands there already is not said again."""
    names = [short_name(source.paper.title) for source in sources]
    written_texts: set[str] = set()
    blocks: list[str] = []
    sentences: list[AnswerSentence] = []
    for head, cells in rows:
        lines: list[str] = []
        for name, cell in zip(names, cells, strict=True):
            new = [sentence for sentence in cell if sentence.text not in written_texts]
            written_texts |= {sentence.text for sentence in new}
            sentences += new
            if new or not cell:
                lines.append(f"- {name}: {' '.join(s.text for s in new) or say('no_cell', language)}")
        if any(sentence.text in line for line in lines for cell in cells for sentence in cell):
            blocks.append("\n".join([f"**{head}**", "", *lines]))
    return "\n\n".join(blocks), sentences
