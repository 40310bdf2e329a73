"""Measuring the program on files of questions, and fitting the reader of the configuration on claims."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Collection, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from assistant.answering import AnswerEvent, NumberedSource, QuestionAnswerer, TurnEnded, TurnStarted, write_calibration
from assistant.answering.verification import ModelVerifier, SupportChecker
from assistant.errors import ConfigError, ModelMissing
from assistant.evaluation import (
    Calibrated,
    CalibrationSample,
    Checking,
    Evaluation,
    EvaluationPart,
    JudgeOfClaims,
    Lacking,
    Question,
    QuestionFiles,
    ResultLog,
    SamplePapers,
    Writing,
    calibrate,
    checked_by,
    claims_of,
    measured_claims,
    questions_where,
    read_questions,
    sampled_questions,
    shipped_claims,
    within_library,
)
from assistant.library import Filters, Library
from assistant.models import Judge, PairReader
from assistant.services.chat_session import ChatSession
from assistant.services.container import AppContainer
from assistant.services.conversations import delete_conversation


@dataclass(frozen=True, slots=True)
class EvaluationRequest:
    """Which parts are asked for, and of how many questions of each file; ``seed`` takes a sample of them.

    ``log_file`` keeps every answer; questions that it has are not asked again. ``model`` None is the configuration's.
    """

    parts: tuple[EvaluationPart, ...]
    limit: int | None = None
    seed: int | None = None
    log_file: Path | None = None
    model: str | None = None
    judge: bool = False


@dataclass(frozen=True, slots=True)
class EvaluationQuestions:
    """The questions that can be asked, the parts that have some, and what the library lacks for the others."""

    questions: tuple[Question, ...]
    parts: tuple[EvaluationPart, ...]
    lacking: Lacking = Lacking()  # noqa: RUF009 (frozen)


@dataclass(frozen=True, slots=True)
class ReaderMeasures:
    """What a reader says of labelled claims; so many as are missing have papers that are not in the library."""

    reader: PairReader
    measured: tuple[CalibrationSample, ...]
    claims: int

    @property
    def left_out(self) -> int:
        """How many claims could not be measured."""
        return self.claims - len(self.measured)


@dataclass(frozen=True, slots=True)
class ReaderCalibration:
    """A calibration of a reader that was written to ``file``."""

    calibrated: Calibrated
    reader: str
    file: Path


def read_evaluation_files(paths: Sequence[Path], request: EvaluationRequest) -> QuestionFiles:
    """The questions of files and folders that the parts of a request concern. Raises `InputError`. Blocks."""
    files = sampled_questions(read_questions(paths), request.limit, request.seed)
    return questions_where(files, lambda question: any(part.concerns(question) for part in request.parts))


def needs_papers(files: QuestionFiles, parts: Collection[EvaluationPart]) -> bool:
    """Whether a question is asked of the library; dates are read without one."""
    return any(
        part is not EvaluationPart.DATES and part.concerns(question) for part in parts for question in files.questions
    )


def askable_questions(container: AppContainer, files: QuestionFiles, request: EvaluationRequest) -> EvaluationQuestions:
    """The questions whose papers the library has. Blocks."""
    lacking = Lacking()
    if needs_papers(files, request.parts):
        named = list(dict.fromkeys(paper_id for question in files.questions for paper_id in question.paper_ids))
        library_ids = frozenset(paper.paper_id for paper in container.library.get(named))
        files, lacking = within_library(files, library_ids)
    questions = files.questions
    parts = tuple(part for part in request.parts if any(part.concerns(question) for question in questions))
    return EvaluationQuestions(questions, parts, lacking)


def evaluation_of(container: AppContainer, questions: EvaluationQuestions, request: EvaluationRequest) -> Evaluation:
    """What measures the parts that have questions; a model is built only where one is asked. Raises `ModelError`."""
    parts, writing, checking, judge = questions.parts, None, None, None
    if any(part.needs_model for part in parts):
        model = container.model(request.model)
        answerer = container.answerer(model)
        writing = Writing(answerer, model.name, lambda: _conversation(container.library, answerer))
    if EvaluationPart.CLAIMS in parts:
        judge = _judge(container, request.model) if request.judge else None
        checking = Checking(container.library, _checkers(container, verified=True), judge, _reader_name(container))
    log = None
    if request.log_file and any(part.is_kept for part in parts):
        checked = checked_by(judge, checking.reader if checking else None)
        log = ResultLog(request.log_file, writing.model if writing else "", checked)
    return Evaluation(questions.questions, container.retriever, writing, checking=checking, log=log)


def measure_reader(container: AppContainer, file: Path | None, progress: Callable[[int, int], None]) -> ReaderMeasures:
    """Have the reader of the configuration read the claims of a file.

    Without a file the claims that ship with the program are taken, about its sample papers. ``progress(done, total)``
    counts claims. Blocks. Raises `ConfigError` without a reader, `InputError` for claims that are wrong.
    """
    reader = container.readers.sentence_reader()
    if reader is None:
        raise ConfigError("There is no reader to calibrate.", "Name one in [verification] reader.")
    reader.require("support")
    claims = claims_of(file) if file else shipped_claims()
    papers = container.library if file else SamplePapers()
    measured = []
    for claim in measured_claims(claims, papers, _checkers(container, verified=False), reader):
        measured.append(claim)
        progress(len(measured), len(claims))
    return ReaderMeasures(reader, tuple(measured), len(claims))


def calibrate_reader(container: AppContainer, measures: ReaderMeasures) -> ReaderCalibration:
    """Fit a reader on what it said of claims, and keep its calibration beside the configuration.

    Raises `InputError` for claims that are too few.
    """
    reader, calibrated = measures.reader, calibrate(measures.measured)
    place = container.readers.calibration_file(reader)
    write_calibration(place, reader.fingerprint, calibrated.calibration, [asdict(cut) for cut in calibrated.figures])
    return ReaderCalibration(calibrated, reader.name, place)


def _checkers(container: AppContainer, *, verified: bool) -> Callable[[Sequence[NumberedSource]], SupportChecker]:
    """What makes the checks for sources, with the reader of the configuration or without."""
    embedder, verifier = container.embedder.embedder, container.readers.verifier if verified else None
    return lambda sources: SupportChecker(sources, embedder, verifier)


def _reader_name(container: AppContainer) -> str | None:
    """The name of the reader in use, with its bits and whether it is calibrated."""
    reader = container.readers.sentence_reader()
    if reader is None:
        return None
    here = container.readers.calibration_file(reader).is_file()
    return f"{reader.name} {reader.fingerprint[:12]}{', calibrated' if here else ''}"


def _judge(container: AppContainer, name: str | None) -> JudgeOfClaims:
    model = container.model(name)
    if not isinstance(model, Judge):
        raise ModelMissing(f"The model {model.name} judges nothing.", "Take another --model, or leave --judge away.")
    return JudgeOfClaims(model.name, ModelVerifier(model, model, container.prompt))


@asynccontextmanager
async def _conversation(library: Library, answerer: QuestionAnswerer) -> "AsyncIterator[_Conversation]":
    """A conversation that is deleted in the end."""
    session = ChatSession(library)
    try:
        yield _Conversation(session, answerer)
    finally:
        if session.conversation is not None:
            delete_conversation(library, session.conversation.conversation_id)


class _Conversation:
    """A chat session, as the evaluation asks in it."""

    def __init__(self, session: ChatSession, answerer: QuestionAnswerer) -> None:
        self._session = session
        self._answerer = answerer

    async def ask(self, question: str) -> AsyncGenerator[AnswerEvent, None]:
        """The events of the answer."""
        async with aclosing(self._session.ask(self._answerer, question, Filters())) as events:
            async for event in events:
                if not isinstance(event, TurnStarted | TurnEnded):
                    yield event
