"""`assistant eval`: figures on retrieval, dates, refusal, citations and checks, from files of questions and claims."""

import asyncio
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from assistant.cli import console
from assistant.cli.options import Invocation, common_options, invocation, json_option, model_option

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence

    from assistant.answering import AnswerEvent, NumberedSource, QuestionAnswerer
    from assistant.answering.verification import SupportChecker
    from assistant.evaluation import Evaluation, JudgeOfClaims, Lacking, Part, Question, QuestionFiles
    from assistant.library import Library
    from assistant.services import AppContainer, ChatSession

_PARTS = ("retrieval", "dates", "claims", "refusal", "natural", "answers", "compare")
"""The values of `Part`."""
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
    asked = _Asked(**cast("dict[str, Any]", options))
    if asked.calibrate is not None:
        if paths:
            raise click.UsageError("--calibrate goes without other files.")
        asyncio.run(_calibrate(invocation(), asked.calibrate, as_json=as_json))
        return
    if not paths:
        raise click.UsageError("Missing argument 'PATH…'.")
    if asked.seed is not None and asked.limit is None:
        raise click.UsageError("--seed goes with --limit.")
    asyncio.run(_eval(invocation(), paths, asked, as_json=as_json))


@dataclass(frozen=True, slots=True)
class _Asked:
    """The options of the command."""

    only: tuple[str, ...]
    limit: int | None
    seed: int | None
    out: Path | None
    model: str | None
    judge: bool
    calibrate: str | None


async def _eval(called: Invocation, paths: tuple[Path, ...], asked: _Asked, *, as_json: bool) -> None:
    from assistant.cli.render.evaluation import remarks_on
    from assistant.errors import NothingFound
    from assistant.evaluation import chosen, read_questions

    files = chosen(read_questions(paths), asked.limit, asked.seed)
    async with called.container() as container:
        questions, lacking, parts = _possible(container, files, asked.only or _PARTS)
        for remark in remarks_on(lacking, files.remarks):
            console.note(remark)
        if not parts:
            raise NothingFound(
                "There is no question to ask.", f"The files have none for {', '.join(asked.only or _PARTS)}."
            )
        evaluation = _evaluation(container, questions, parts, asked)
        await _measure(evaluation, parts, lacking, as_json=as_json)


def _possible(
    container: "AppContainer", files: "QuestionFiles", only: tuple[str, ...]
) -> "tuple[tuple[Question, ...], Lacking, list[Part]]":
    """The questions that can be asked, what the library lacks for the others, and the parts that have some."""
    from assistant.cli.arguments import require_papers
    from assistant.evaluation import Lacking, Part, selected, within_library

    wanted = [part for part in Part if part.value in only]
    files = selected(files, lambda question: any(part.concerns(question) for part in wanted))
    lacking = Lacking()
    if any(part is not Part.DATES and part.concerns(one) for part in wanted for one in files.questions):
        require_papers(container)
        named = list(dict.fromkeys(paper_id for one in files.questions for paper_id in one.paper_ids))
        known = frozenset(paper.paper_id for paper in container.library.get(named))
        files, lacking = within_library(files, known)
    questions = files.questions
    return questions, lacking, [part for part in wanted if any(part.concerns(one) for one in questions)]


def _evaluation(
    container: "AppContainer", questions: "Sequence[Question]", parts: "Sequence[Part]", asked: _Asked
) -> "Evaluation":
    """What measures these parts; a model is built only where one is asked."""
    from assistant.evaluation import Checking, Evaluation, Part, ResultLog, Writing, checked_by

    writing = checking = None
    if any(part.needs_model for part in parts):
        model = container.model(asked.model)
        answerer = container.answerer(model)
        writing = Writing(answerer, model.name, lambda: _conversation(container.library, answerer))
    judge = _judge(container, asked.model) if asked.judge and Part.CLAIMS in parts else None
    if Part.CLAIMS in parts:
        checking = Checking(container.library, _checkers(container, verified=True), judge, _reader_name(container))
    log = None
    if asked.out and any(part.is_kept for part in parts):
        log = ResultLog(
            asked.out, writing.model if writing else "", checked_by(judge, checking.reader if checking else None)
        )
    return Evaluation(questions, container.retriever, writing, checking=checking, log=log)


def _checkers(container: "AppContainer", *, verified: bool) -> "Callable[[Sequence[NumberedSource]], SupportChecker]":
    """What makes the checks for sources, with the reader of the configuration or without."""
    from assistant.answering.verification import SupportChecker

    embedder, verifier = container.embedder.embedder, container.verifier if verified else None
    return lambda sources: SupportChecker(sources, embedder, verifier)


def _reader_name(container: "AppContainer") -> str | None:
    """The name of the reader in use, with its bits and whether it is calibrated."""
    from assistant.answering import calibration_path

    reader = container.pair_reader()
    if reader is None:
        return None
    here = calibration_path(container.calibrations, reader.fingerprint).is_file()
    return f"{reader.name} {reader.fingerprint[:12]}{', calibrated' if here else ''}"


async def _calibrate(called: Invocation, given: str, *, as_json: bool) -> None:
    """Fit the reader's calibration, show how good it is, and keep it beside the configuration."""
    from dataclasses import asdict

    from assistant.answering import calibration_path, write_calibration
    from assistant.cli.render.evaluation import calibration_lines
    from assistant.errors import ConfigError
    from assistant.evaluation import (
        SamplePapers,
        calibrate,
        calibration_json,
        claims_of,
        measured_claims,
        shipped_claims,
    )

    async with called.container() as container:
        reader = container.pair_reader()
        if reader is None:
            raise ConfigError("There is no reader to calibrate.", "Name one in [verification] reader.")
        reader.require("support")
        claims = shipped_claims() if given == _SHIPPED else claims_of(Path(given))
        papers = SamplePapers() if given == _SHIPPED else container.library
        measured = []
        with console.progress_bars() as bars:
            task = bars.add_task("claims", total=len(claims))
            for one in measured_claims(claims, papers, _checkers(container, verified=False), reader):
                measured.append(one)
                bars.update(task, completed=len(measured))
        if lacking := len(claims) - len(measured):
            console.note(f"Left out, for their papers are not in the library: {lacking} of {len(claims)} claims.")
        calibrated = calibrate(measured)
        file = calibration_path(container.calibrations, reader.fingerprint)
        write_calibration(file, reader.fingerprint, calibrated.calibration, [asdict(one) for one in calibrated.figures])
    if as_json:
        console.write_json(calibration_json(calibrated, reader.name, file))
        return
    for line in calibration_lines(calibrated):
        console.write(line)
    console.note(f"Written to {file}; it holds for {reader.name} from now on.")


def _judge(container: "AppContainer", name: str | None) -> "JudgeOfClaims":
    from assistant.answering.verification import ModelVerifier
    from assistant.errors import ModelMissing
    from assistant.evaluation import JudgeOfClaims
    from assistant.models import Judge

    model = container.model(name)
    if not isinstance(model, Judge):
        raise ModelMissing(f"The model {model.name} judges nothing.", "Take another --model, or leave --judge away.")
    return JudgeOfClaims(model.name, ModelVerifier(model, model, container.prompt))


@asynccontextmanager
async def _conversation(library: "Library", answerer: "QuestionAnswerer") -> "AsyncIterator[_Conversation]":
    """A conversation that is deleted in the end."""
    from assistant.services import ChatSession, delete_conversation

    talk = ChatSession(library)
    try:
        yield _Conversation(talk, answerer)
    finally:
        if talk.conversation is not None:
            delete_conversation(library, talk.conversation.conversation_id)


class _Conversation:
    """A talk, as the evaluation asks in it."""

    def __init__(self, talk: "ChatSession", answerer: "QuestionAnswerer") -> None:
        self._talk = talk
        self._answerer = answerer

    async def ask(self, question: str) -> "AsyncGenerator[AnswerEvent, None]":
        """The events of the answer."""
        from assistant.answering import TurnEnded, TurnStarted
        from assistant.library import Filters

        async with aclosing(self._talk.ask(self._answerer, question, Filters())) as events:
            async for event in events:
                if not isinstance(event, TurnStarted | TurnEnded):
                    yield event


async def _measure(evaluation: "Evaluation", parts: "Sequence[Part]", lacking: "Lacking", *, as_json: bool) -> None:
    """Run with a bar for each part; whatever ends the run, what was measured is printed."""
    from assistant.cli.render.evaluation import evaluation_lines
    from assistant.evaluation import evaluation_json

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
