"""`assistant eval`: figures on retrieval, dates, refusal and citations, from files of questions."""

import asyncio
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.cli import console
from assistant.cli.options import Invocation, common_options, invocation, json_option, model_option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.evaluation.evaluation import Evaluation, Part, Writing
    from assistant.evaluation.questions import Question
    from assistant.evaluation.reading import Lacking, QuestionFiles
    from assistant.workspace import Workspace

_PARTS = ("retrieval", "dates", "refusal", "answers", "compare")


@click.command("eval", short_help="Measure retrieval, refusal and citations on question files.")
@click.argument("paths", nargs=-1, required=True, metavar="PATH…", type=click.Path(path_type=Path))
@click.option("--only", multiple=True, type=click.Choice(_PARTS), help="Measure this part alone; may be repeated.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Take the first N questions of each file.")
@click.option("--seed", type=int, metavar="NUMBER", help="With --limit: a sample by this seed, not the first ones.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Keep every answer in this JSON Lines file; questions that it has already are not asked again.",
)
@model_option
@json_option
@common_options
def command(
    paths: tuple[Path, ...],
    only: tuple[str, ...],
    limit: int | None,
    seed: int | None,
    out: Path | None,
    model: str | None,
    *,
    as_json: bool,
) -> None:
    """Ask the questions of PATH (files, or folders of them) and print figures.

    PATH holds JSON Lines; the fields of a row tell what it is:

    \b
    question, paper_id [answer, gold_quote, also, kind]   a paper answers
    question, paper_ids [{id, rel}]                       several papers do
    question, paper_ids [ids], aspects                    papers to compare
    question, kind near, absent or off                    no paper answers
    question, today, from, to [alt]                       days in words

    Answers are written for the first and the third kind. Interrupted with Ctrl-C it prints what is done so far.
    """  # noqa: D301  # click's mark for lines that stay as they are
    if seed is not None and limit is None:
        raise click.UsageError("--seed goes with --limit.")
    asyncio.run(_eval(invocation(), paths, only or _PARTS, (limit, seed), out, model, as_json=as_json))


async def _eval(
    called: Invocation,
    paths: tuple[Path, ...],
    only: tuple[str, ...],
    sample: tuple[int | None, int | None],
    out: Path | None,
    model: str | None,
    *,
    as_json: bool,
) -> None:
    from assistant.cli.render.evaluation import remarks_on
    from assistant.errors import NothingFound
    from assistant.evaluation.evaluation import Evaluation
    from assistant.evaluation.reading import chosen, read_questions

    files = chosen(read_questions(paths), *sample)
    async with called.workspace() as workspace:
        questions, lacking, parts = _possible(workspace, files, only)
        for remark in remarks_on(lacking, files.remarks):
            console.note(remark)
        if not parts:
            raise NothingFound("There is no question to ask.", f"The files have none for {', '.join(only)}.")
        evaluation = Evaluation(questions, workspace.finder, _writing(workspace, parts, model, out))
        await _measure(evaluation, parts, lacking, as_json=as_json)


def _possible(
    workspace: "Workspace", files: "QuestionFiles", only: tuple[str, ...]
) -> "tuple[tuple[Question, ...], Lacking, list[Part]]":
    """The questions that can be asked, what the library lacks for the others, and the parts that have some."""
    from assistant.cli.checks import require_papers
    from assistant.evaluation.evaluation import Part
    from assistant.evaluation.reading import Lacking, selected, within_library

    wanted = [part for part in Part if part.value in only]
    files = selected(files, lambda question: any(part.concerns(question) for part in wanted))
    lacking = Lacking()
    if any(part is not Part.DATES and part.concerns(one) for part in wanted for one in files.questions):
        require_papers(workspace)
        named = list(dict.fromkeys(paper_id for one in files.questions for paper_id in one.paper_ids))
        known = frozenset(paper.paper.paper_id for paper in workspace.library.get(named))
        files, lacking = within_library(files, known)
    questions = files.questions
    return questions, lacking, [part for part in wanted if any(part.concerns(one) for one in questions)]


def _writing(workspace: "Workspace", parts: "Sequence[Part]", name: str | None, out: Path | None) -> "Writing | None":
    """What answers; None when no part asks a model."""
    from assistant.evaluation.answer_log import AnswerLog
    from assistant.evaluation.evaluation import Writing

    if not any(part.needs_model for part in parts):
        return None
    model = workspace.model(name)
    log = AnswerLog(out, model.name) if out and any(part.writes for part in parts) else None
    return Writing(workspace.asker(model), model.name, log)


async def _measure(evaluation: "Evaluation", parts: "Sequence[Part]", lacking: "Lacking", *, as_json: bool) -> None:
    """Run with a bar for each part; whatever ends the run, what was measured is printed."""
    from assistant.cli.render.evaluation import evaluation_lines
    from assistant.evaluation.report_json import evaluation_json

    try:
        with console.progress_bars() as bars:
            tasks = {part: bars.add_task(part.value, total=None, start=False, visible=False) for part in parts}
            async with aclosing(evaluation.run(parts)) as steps:
                async for step in steps:
                    bars.start_task(tasks[step.part])
                    bars.update(tasks[step.part], completed=step.done, total=step.total, visible=True)
    finally:
        report = evaluation.report()
        if as_json:
            console.write_json(evaluation_json(report, lacking))
        elif not report.is_empty:
            for line in evaluation_lines(report):
                console.write(line)
        if not report.complete:
            console.note("The run is not complete; these are the figures so far.")
