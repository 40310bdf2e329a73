"""Comparisons that a question asks for: what was asked and the cells of the table, as sentences of an answer."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from assistant.answering.answerability.aims import Aim, Aims
from assistant.answering.answerability.calibration import DETAIL_TOLD
from assistant.answering.answerability.detail_gate import DetailGate
from assistant.answering.asked import NamedQuestion
from assistant.answering.compare import Comparer, Comparison, ComparisonFinished
from assistant.answering.context_packing import numbered_sources
from assistant.answering.extractive_summary import own_sentences
from assistant.answering.question_prompt import QuestionKind, QuestionPrompts
from assistant.answering.quoting import answering_passages
from assistant.answering.summaries import quoted_sentence
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
from assistant.language import say
from assistant.models import ModelKind
from assistant.retrieval import EvidenceRanker
from assistant.retrieval.query import short_name

_ASPECTS = ("method", "data", "results")
_TOLD = 3  # sentences of a paper where no model writes
_Row = tuple[str, tuple[tuple[AnswerSentence, ...], ...]]


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
