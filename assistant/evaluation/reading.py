"""Question files, read strictly before anything is asked: every problem is told with its file and line."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.errors import InputError
from assistant.evaluation.questions import (
    AnswerableQuestion,
    NaturalQuestion,
    Place,
    Question,
    QuestionFile,
    Shape,
    UnanswerableQuestion,
)
from assistant.evaluation.row_fields import RowProblem
from assistant.evaluation.rows import parse_row
from assistant.feeds import BrokenJson, FileContent, parse_json
from assistant.papers import clean_text

_ENDINGS = (".jsonl", ".jsonl.gz")
_MOST_PROBLEMS_SHOWN = 5
_FORMAT = (
    "One JSON object a line: question with paper_id, paper_ids, kind, today with from and to, or type and expected;"
    " or claim with paper_ids and label (`assistant eval --help` has them all)."
)


@dataclass(frozen=True, slots=True)
class QuestionFiles:
    """The files that have questions, in the order given, those of a folder by name; ``remarks`` on the others."""

    files: tuple[QuestionFile, ...]
    remarks: tuple[str, ...] = ()

    @property
    def questions(self) -> tuple[Question, ...]:
        """The questions of all files."""
        return tuple(question for file in self.files for question in file.questions)


@dataclass(frozen=True, slots=True)
class Lacking:
    """What the library lacks: ids of papers that questions name, and how many questions cannot be asked without."""

    paper_ids: tuple[str, ...] = ()
    questions: int = 0


def read_questions(paths: Sequence[Path]) -> QuestionFiles:
    """Read files and folders (their ``.jsonl`` and ``.jsonl.gz``, without folders in them).

    Byte order marks, blank lines, CRLF and gzip are accepted.

    Raises:
        InputError: a path is not there, a row is wrong, or there is no question at all.
    """
    files_by_path: dict[Path, Path] = {}
    for path in paths:
        for file in _files_of(path):
            files_by_path.setdefault(file.resolve(), file)
    names = _names(list(files_by_path.values()))
    files, remarks, problems = [], [], []
    for file in files_by_path.values():
        rows = list(_rows(file))
        if not rows or (file not in paths and not any(_has_question(row) for _, row in rows)):
            remarks.append(f"{file} has no question")
            continue
        questions: list[Question] = []
        for line, row in rows:
            try:
                questions.append(parse_row(_whole(row), Place(names[file], line)))
            except RowProblem as problem:
                problems.append(f"{file}:{line}: {problem}")
        files.append(QuestionFile(names[file], tuple(questions)))
    if problems:
        raise InputError(_problems_text(problems), _FORMAT)
    if not files:
        raise InputError("; ".join(remarks), _FORMAT)
    return QuestionFiles(tuple(files), tuple(remarks))


def sampled_questions(files: QuestionFiles, limit: int | None, seed: int | None) -> QuestionFiles:
    """The first ``limit`` questions of each file; with a seed a sample of so many, in the order of the file."""
    if limit is None:
        return files
    return replace(files, files=tuple(replace(f, questions=_some(f.questions, limit, seed)) for f in files.files))


def _some(questions: tuple[Question, ...], limit: int, seed: int | None) -> tuple[Question, ...]:
    if seed is None or limit >= len(questions):
        return questions[:limit]
    places = random.Random(seed).sample(range(len(questions)), limit)  # noqa: S311  # a sample, no secret
    return tuple(questions[place] for place in sorted(places))


def within_library(files: QuestionFiles, library_ids: frozenset[str]) -> tuple[QuestionFiles, Lacking]:
    """The questions that the library can be asked, and what it lacks for the others.

    A known item needs one of its papers, a survey one (its others no longer count), a comparison all; so does a
    claim, and a question as people type it, but for one that names a need: it is like a survey.
    """
    lacking = [
        paper_id for question in files.questions for paper_id in question.paper_ids if paper_id not in library_ids
    ]
    possible_files = [replace(file, questions=tuple(_possible(file.questions, library_ids))) for file in files.files]
    left_out = len(files.questions) - sum(len(file.questions) for file in possible_files)
    return _with_questions(files, possible_files), Lacking(tuple(dict.fromkeys(lacking)), left_out)


def questions_where(files: QuestionFiles, concerns: Callable[[Question], bool]) -> QuestionFiles:
    """The questions that the condition holds for."""
    return _with_questions(files, [replace(f, questions=tuple(filter(concerns, f.questions))) for f in files.files])


def _with_questions(files: QuestionFiles, possible_files: Sequence[QuestionFile]) -> QuestionFiles:
    return replace(files, files=tuple(file for file in possible_files if file.questions))


def _possible(questions: Sequence[Question], library_ids: frozenset[str]) -> Iterator[Question]:
    for question in questions:
        if isinstance(question, NaturalQuestion) and question.expected.relevant:
            relevant = {
                paper_id: grade for paper_id, grade in question.expected.relevant.items() if paper_id in library_ids
            }
            if relevant:
                yield replace(question, expected=replace(question.expected, relevant=relevant))
            continue
        if not isinstance(question, AnswerableQuestion):
            if isinstance(question, UnanswerableQuestion) or library_ids.issuperset(question.paper_ids):
                yield question
            continue
        grades = {paper_id: grade for paper_id, grade in question.grades.items() if paper_id in library_ids}
        if grades and (len(grades) == len(question.grades) or question.shape is not Shape.COMPARISON):
            yield replace(question, grades=grades)


def _files_of(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    question_files = sorted(file for file in path.iterdir() if file.name.lower().endswith(_ENDINGS) and file.is_file())
    if not question_files:
        raise InputError(f"{path} has no question files.", f"Their names end in {' or '.join(_ENDINGS)}. {_FORMAT}")
    return question_files


def _names(files: Sequence[Path]) -> dict[Path, str]:
    """How tables call the files: by name without ending, by path where two would be called alike."""
    stems = {file: clean_text(file.name.removesuffix(".gz").removesuffix(".jsonl")) for file in files}
    several = [stem for stem in stems.values() if list(stems.values()).count(stem) > 1]
    return {file: str(file) if stem in several else stem for file, stem in stems.items()}


def _rows(file: Path) -> Iterator[tuple[int, object]]:
    """The rows with their lines; a `RowProblem` in the place of one that is not whole JSON."""
    try:
        with file.open("rb") as stream:
            for line, content in FileContent(str(file), stream).lines():
                try:
                    yield line, RowProblem("the line is too long") if content is None else parse_json(content)
                except BrokenJson as error:
                    yield line, RowProblem(f"not whole JSON: {error}")
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror or error}.", "Name a file or a folder.") from error


def _whole(row: object) -> object:
    if isinstance(row, RowProblem):
        raise row
    return row


def _has_question(row: object) -> bool:
    return isinstance(row, RowProblem) or (isinstance(row, dict) and bool(row.keys() & {"question", "claim"}))


def _problems_text(problems: Sequence[str]) -> str:
    listed = "\n  ".join(problems[:_MOST_PROBLEMS_SHOWN])
    more = len(problems) - _MOST_PROBLEMS_SHOWN
    return f"Not every row is a question:\n  {listed}" + (f"\n  … and {more} more" if more > 0 else "")
