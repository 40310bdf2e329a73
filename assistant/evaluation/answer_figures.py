"""The figures over many measured answers."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

from assistant.evaluation.answers import MeasuredAnswer
from assistant.evaluation.measures import mean, median
from assistant.evaluation.trust import TrustCounts, total


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
    files = dict.fromkeys(one.file for one in measured)
    return tuple(_of_file(file, [one for one in measured if one.file == file]) for file in files)


def _of_file(file: str, measured: Sequence[MeasuredAnswer]) -> AnswerFigures:
    answered = [one for one in measured if one.refusal is None]
    generation = sum((one.seconds.first_text or 0.0) + (one.seconds.writing or 0.0) for one in answered)
    return AnswerFigures(
        file=file,
        model=measured[0].model,
        questions=len(measured),
        refused=len(measured) - len(answered),
        partial=sum(bool(one.missing) for one in answered),
        incomplete=sum(one.incomplete is not None for one in answered),
        counts=total(one.counts for one in measured),
        token_f1=mean(one.overlap.f1 if one.overlap else None for one in answered),
        rouge_l_recall=mean(one.overlap.rouge_l_recall if one.overlap else None for one in answered),
        right_cited=mean(one.right_cited for one in answered),
        prompt_tokens=median(one.usage.prompt_tokens for one in answered),
        cached_tokens=median(one.usage.cached_tokens for one in answered),
        output_tokens=median(one.usage.output_tokens for one in answered),
        seconds=_medians(answered, [one for one in measured if one.refusal]),
        check_share=sum(one.seconds.check or 0.0 for one in answered) / generation if generation else None,
    )


def _medians(answered: Sequence[MeasuredAnswer], refused: Sequence[MeasuredAnswer]) -> StageMedians:
    stages = {stage.name: answered for stage in fields(StageMedians)} | {"gates": refused}
    return StageMedians(
        **{name: median(getattr(one.seconds, name) for one in over) for name, over in stages.items()},
    )
