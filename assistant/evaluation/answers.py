"""Asking a question and measuring the answer, its citations, words and cost, and the figures over many answers."""

import time
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, fields, replace

from assistant.answering import (
    Answer,
    AnswerEvent,
    AnswerSentence,
    Delta,
    Finished,
    Packed,
    Refusal,
    Retrieved,
    SentenceFinished,
    SentenceRevised,
)
from assistant.errors import NothingFound
from assistant.evaluation.measures import Overlap, mean, median, overlap
from assistant.evaluation.ports import Answers
from assistant.evaluation.questions import AnswerableQuestion, Shape
from assistant.evaluation.refusal import nothing_found
from assistant.evaluation.trust import TrustCounts, fabricated_names, total, trust_counts
from assistant.library import Filters
from assistant.models import Usage


@dataclass(frozen=True, slots=True)
class Seconds:
    """How long the stages of an answer took; None for one that was not reached.

    ``packing`` is from the papers to the prompt. ``gates`` is from there to a refusal; where there is none they are
    part of ``first_text``, together with the reading of the prompt. ``writing`` is from the first text to the last,
    cheap checks in between included, ``check`` what comes after: judgements of the model, and repairs.
    """

    total: float
    retrieval: float | None = None
    packing: float | None = None
    gates: float | None = None
    first_text: float | None = None
    writing: float | None = None
    check: float | None = None


@dataclass(frozen=True, slots=True)
class CitedPaper:
    """A source of an answer, by which a reader finds it."""

    number: int
    paper_id: str
    title: str
    cited: bool


@dataclass(frozen=True, slots=True)
class MeasuredAnswer:
    """A question, its answer as a reader sees it, and what was measured: one row of the file that keeps answers.

    ``right_cited`` is the share of the papers that are needed which the answer cites: one of them for a known item,
    all for a comparison. None for a refusal.
    """

    file: str
    line: int
    name: str | None
    shape: Shape
    kind: str | None
    question: str
    model: str
    text: str
    sentences: tuple[AnswerSentence, ...]
    withheld: tuple[AnswerSentence, ...]
    sources: tuple[CitedPaper, ...]
    refusal: Refusal | None
    missing: tuple[str, ...]
    incomplete: str | None
    fabricated: tuple[str, ...]
    expected_papers: tuple[str, ...]
    reference: str | None
    gold_quote: str | None
    aspects: tuple[str, ...]
    counts: TrustCounts
    overlap: Overlap | None
    right_cited: float | None
    usage: Usage
    seconds: Seconds


@dataclass(slots=True)
class _Watch:
    """The moments of an answer, as its events come."""

    began: float = field(default_factory=time.perf_counter)
    retrieved: float | None = None
    packed: float | None = None
    first_text: float | None = None
    last_text: float | None = None

    def see(self, event: AnswerEvent) -> None:
        now = time.perf_counter()
        match event:
            case Retrieved():
                self.retrieved = self.retrieved or now
            case Packed():
                self.packed = self.packed or now
            case Delta() | SentenceFinished():
                self.first_text = self.first_text or now
                self.last_text = now
            case SentenceRevised() | Finished():
                pass

    def seconds(self, *, refused: bool) -> Seconds:
        ended = time.perf_counter()
        seconds = Seconds(
            total=ended - self.began,
            retrieval=_between(self.began, self.retrieved),
            packing=_between(self.retrieved, self.packed),
        )
        if refused:
            return replace(seconds, gates=_between(self.packed, ended))
        return replace(
            seconds,
            first_text=_between(self.packed, self.first_text),
            writing=_between(self.first_text, self.last_text),
            check=_between(self.last_text, ended),
        )


async def measured_answer(answers: Answers, question: AnswerableQuestion, model: str) -> MeasuredAnswer:
    """Ask a question and measure the answer; a search that finds no paper counts as a refusal."""
    watch = _Watch()
    answer: Answer | None = None
    refusal: Refusal | None = None
    try:
        async with aclosing(answers.ask(question.text, Filters())) as events:
            async for event in events:
                watch.see(event)
                if isinstance(event, Finished):
                    answer, refusal = event.answer, event.answer.refusal
    except NothingFound as error:
        refusal = nothing_found(error)
    cited = {source.number for source in answer.cited} if answer else set()
    sources = answer.sources if answer else ()
    papers = tuple(CitedPaper(s.number, s.paper.paper_id, s.paper.title, s.number in cited) for s in sources)
    text = answer.text.strip() if answer else ""
    return MeasuredAnswer(
        file=question.place.file,
        line=question.place.line,
        name=question.name,
        shape=question.shape,
        kind=question.kind,
        question=question.text,
        model=model,
        text=text,
        sentences=answer.sentences if answer else (),
        withheld=answer.withheld if answer else (),
        sources=papers,
        refusal=refusal,
        missing=answer.missing if answer else (),
        incomplete=answer.incomplete if answer else None,
        fabricated=fabricated_names(answer) if answer else (),
        expected_papers=question.paper_ids,
        reference=question.answer,
        gold_quote=question.gold_quote,
        aspects=question.aspects,
        counts=trust_counts(answer) if answer else TrustCounts(),
        overlap=overlap(text, question.answer) if question.answer and refusal is None else None,
        right_cited=right_cited(question, papers) if refusal is None else None,
        usage=answer.usage if answer else Usage(),
        seconds=watch.seconds(refused=refusal is not None),
    )


def right_cited(question: AnswerableQuestion, sources: tuple[CitedPaper, ...]) -> float:
    """How many of the papers that are needed are cited (0..1)."""
    cited = {source.paper_id for source in sources if source.cited} & question.grades.keys()
    return float(bool(cited)) if question.shape is Shape.KNOWN_ITEM else len(cited) / len(question.grades)


def _between(start: float | None, end: float | None) -> float | None:
    return end - start if start is not None and end is not None else None


@dataclass(frozen=True, slots=True)
class StageMedians:
    """The medians of `Seconds`."""

    total: float | None
    retrieval: float | None
    packing: float | None
    gates: float | None
    first_text: float | None
    writing: float | None
    check: float | None


@dataclass(frozen=True, slots=True)
class AnswerFigures:
    """Figures of one file's answers.

    ``counts`` are over all answers, so that long ones weigh more; overlap and ``right_cited`` are means, and tokens
    and seconds medians, over the answers that are no refusals; only ``seconds.gates`` is over refusals.
    ``check_share`` is the time after the last text in relation to that from the prompt to it.
    """

    file: str
    model: str
    questions: int
    refused: int
    partial: int
    incomplete: int
    counts: TrustCounts
    token_f1: float | None
    rouge_l_recall: float | None
    right_cited: float | None
    prompt_tokens: float | None
    cached_tokens: float | None
    output_tokens: float | None
    seconds: StageMedians
    check_share: float | None


def answer_figures(measured: Sequence[MeasuredAnswer]) -> tuple[AnswerFigures, ...]:
    """The figures of each file."""
    files = dict.fromkeys(answer.file for answer in measured)
    return tuple(_of_file(file, [answer for answer in measured if answer.file == file]) for file in files)


def _of_file(file: str, measured: Sequence[MeasuredAnswer]) -> AnswerFigures:
    answered = [answer for answer in measured if answer.refusal is None]
    generation = sum((answer.seconds.first_text or 0.0) + (answer.seconds.writing or 0.0) for answer in answered)
    return AnswerFigures(
        file=file,
        model=measured[0].model,
        questions=len(measured),
        refused=len(measured) - len(answered),
        partial=sum(bool(answer.missing) for answer in answered),
        incomplete=sum(answer.incomplete is not None for answer in answered),
        counts=total(answer.counts for answer in measured),
        token_f1=mean(answer.overlap.f1 if answer.overlap else None for answer in answered),
        rouge_l_recall=mean(answer.overlap.rouge_l_recall if answer.overlap else None for answer in answered),
        right_cited=mean(answer.right_cited for answer in answered),
        prompt_tokens=median(answer.usage.prompt_tokens for answer in answered),
        cached_tokens=median(answer.usage.cached_tokens for answer in answered),
        output_tokens=median(answer.usage.output_tokens for answer in answered),
        seconds=_medians(answered, [answer for answer in measured if answer.refusal]),
        check_share=sum(answer.seconds.check or 0.0 for answer in answered) / generation if generation else None,
    )


def _medians(answered: Sequence[MeasuredAnswer], refused: Sequence[MeasuredAnswer]) -> StageMedians:
    stages = {stage.name: answered for stage in fields(StageMedians)} | {"gates": refused}
    return StageMedians(
        **{name: median(getattr(answer.seconds, name) for answer in over) for name, over in stages.items()},
    )
