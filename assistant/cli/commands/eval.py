"""`assistant eval`: figures on retrieval, dates, refusal, citations and checks, from files of questions and claims."""

import asyncio
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from assistant.cli import console
from assistant.cli.options import Invocation, common_options, invocation, json_option, model_option

if TYPE_CHECKING:
    from assistant.evaluation import Evaluation
    from assistant.services import EvaluationQuestions, EvaluationRequest

_PARTS = ("retrieval", "dates", "claims", "refusal", "natural", "answers", "compare")
"""The values of `EvaluationPart`."""
_SHIPPED = "shipped"


@click.command("eval", short_help="Measure retrieval, refusal and citations on question files.")
@click.argument("paths", nargs=-1, metavar="PATH…", type=click.Path(path_type=Path))
@click.option("--only", multiple=True, type=click.Choice(_PARTS), help="Measure this part alone; may be repeated.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Take the first N questions of each file.")
@click.option("--seed", type=int, metavar="NUMBER", help="With --limit: a sample by this seed, not the first ones.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Keep every answer in this JSON Lines file; questions that it has already are not asked again.",
)
@click.option(
    "--calibrate",
    is_flag=False,
    flag_value=_SHIPPED,
    metavar="[FILE]",
    help="Fit the reader of the configuration on the claims of FILE, or on those that ship with the program.",
)
@click.option("--judge", is_flag=True, help="Let the model judge claims too, as it does in answers.")
@model_option
@json_option
@common_options
def command(paths: tuple[Path, ...], *, as_json: bool, **options: object) -> None:
    """Ask the questions of PATH (files, or folders of them) and print figures.

    PATH holds JSON Lines; the fields of a row tell what it is:

    \b
    question, paper_id [answer, gold_quote, also, kind]   a paper answers
    question, paper_ids [{id, rel}]                       several papers do
    question, paper_ids [ids], aspects                    papers to compare
    question, kind near, absent or off                    no paper answers
    question, today, from, to [alt]                       days in words
    claim, paper_ids, label supported, partly, unsupported [kind]
                                                          a sentence to check
    question, type, expected [today, turns]               as people type it

    Answers are written for the first, the third and the last kind. Interrupted with Ctrl-C it prints what is done
    so far.
    """  # noqa: D301  # click's mark for lines that stay as they are
    arguments = _Options(**cast("dict[str, Any]", options))
    if arguments.calibrate is not None:
        if paths:
            raise click.UsageError("--calibrate goes without other files.")
        asyncio.run(_calibrate(invocation(), arguments.calibrate, as_json=as_json))
        return
    if not paths:
        raise click.UsageError("Missing argument 'PATH…'.")
    if arguments.seed is not None and arguments.limit is None:
        raise click.UsageError("--seed goes with --limit.")
    asyncio.run(_eval(invocation(), paths, arguments, as_json=as_json))


@dataclass(frozen=True, slots=True)
class _Options:
    """The options of the command."""

    only: tuple[str, ...]
    limit: int | None
    seed: int | None
    out: Path | None
    model: str | None
    judge: bool
    calibrate: str | None

    @property
    def request(self) -> "EvaluationRequest":
        """What is to be measured."""
        from assistant.evaluation import EvaluationPart
        from assistant.services import EvaluationRequest

        parts = tuple(part for part in EvaluationPart if part.value in (self.only or _PARTS))
        return EvaluationRequest(parts, self.limit, self.seed, self.out, self.model, self.judge)


async def _eval(called: Invocation, paths: tuple[Path, ...], options: _Options, *, as_json: bool) -> None:
    from assistant.cli.arguments import require_papers
    from assistant.cli.render.evaluation import remarks_on
    from assistant.errors import NothingFound
    from assistant.services import askable_questions, evaluation_of, needs_papers, read_evaluation_files

    request = options.request
    files = read_evaluation_files(paths, request)
    async with called.container() as container:
        if needs_papers(files, request.parts):
            require_papers(container)
        questions = askable_questions(container, files, request)
        for remark in remarks_on(questions.lacking, files.remarks):
            console.note(remark)
        if not questions.parts:
            parts = ", ".join(options.only or _PARTS)
            raise NothingFound("There is no question to ask.", f"The files have none for {parts}.")
        await _measure(evaluation_of(container, questions, request), questions, as_json=as_json)


async def _calibrate(called: Invocation, claims: str, *, as_json: bool) -> None:
    """Fit the reader's calibration, show how good it is, and keep it beside the configuration."""
    from assistant.cli.render.evaluation import calibration_lines
    from assistant.evaluation import calibration_json
    from assistant.services import calibrate_reader, measure_reader

    async with called.container() as container:
        with console.progress_bars() as bars:
            task = bars.add_task("claims", total=None)

            def show(done: int, total: int) -> None:
                bars.update(task, completed=done, total=total)

            measures = measure_reader(container, None if claims == _SHIPPED else Path(claims), show)
        if measures.left_out:
            left_out = f"{measures.left_out} of {measures.claims} claims"
            console.note(f"Left out, for their papers are not in the library: {left_out}.")
        calibration = calibrate_reader(container, measures)
    if as_json:
        console.write_json(calibration_json(calibration.calibrated, calibration.reader, calibration.file))
        return
    for line in calibration_lines(calibration.calibrated):
        console.write(line)
    console.note(f"Written to {calibration.file}; it holds for {calibration.reader} from now on.")


async def _measure(evaluation: "Evaluation", questions: "EvaluationQuestions", *, as_json: bool) -> None:
    """Run with a bar for each part; whatever ends the run, what was measured is printed."""
    from assistant.cli.render.evaluation import evaluation_lines
    from assistant.evaluation import evaluation_json

    try:
        with console.progress_bars() as bars:
            tasks = {
                part: bars.add_task(part.value, total=None, start=False, visible=False) for part in questions.parts
            }
            async with aclosing(evaluation.run(questions.parts)) as steps:
                async for step in steps:
                    bars.start_task(tasks[step.part])
                    bars.update(tasks[step.part], completed=step.done, total=step.total, visible=True)
    finally:
        report = evaluation.report()
        if as_json:
            console.write_json(evaluation_json(report, questions.lacking))
        elif not report.is_empty:
            for line in evaluation_lines(report):
                console.write(line)
        if not report.complete:
            console.note("The run is not complete; these are the figures so far.")
