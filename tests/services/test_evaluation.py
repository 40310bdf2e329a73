"""Measuring on files of questions."""

import json
from pathlib import Path

import pytest

from assistant.errors import ConfigError
from assistant.evaluation import EvaluationPart
from assistant.services import (
    AppContainer,
    EvaluationRequest,
    askable_questions,
    evaluation_of,
    measure_reader,
    needs_papers,
    read_evaluation_files,
)

ROWS = [
    {"question": "who prunes attention heads?", "paper_id": "2601.00001"},
    {"question": "who studies volcanoes?", "paper_id": "2605.00001"},
]


@pytest.fixture
def questions_file(tmp_path: Path) -> Path:
    file = tmp_path / "questions.jsonl"
    file.write_text("\n".join(map(json.dumps, ROWS)))
    return file


async def test_what_the_library_has_is_measured(container: AppContainer, questions_file: Path) -> None:
    request = EvaluationRequest((EvaluationPart.RETRIEVAL,))
    files = read_evaluation_files([questions_file], request)
    assert needs_papers(files, request.parts)
    questions = askable_questions(container, files, request)
    assert questions.parts == (EvaluationPart.RETRIEVAL,)
    assert questions.lacking.paper_ids == ("2605.00001",)
    evaluation = evaluation_of(container, questions, request)
    steps = [step async for step in evaluation.run(questions.parts)]
    assert [(step.done, step.total) for step in steps] == [(1, 1)]
    assert evaluation.report().complete


async def test_answers_are_written_and_kept(container: AppContainer, questions_file: Path, tmp_path: Path) -> None:
    log_file = tmp_path / "answers.jsonl"
    request = EvaluationRequest((EvaluationPart.ANSWERS,), limit=1, log_file=log_file)
    questions = askable_questions(container, read_evaluation_files([questions_file], request), request)
    evaluation = evaluation_of(container, questions, request)
    assert [step async for step in evaluation.run(questions.parts)]
    assert "extractive" in log_file.read_text()


def test_without_questions_for_a_part_there_is_no_part(container: AppContainer, questions_file: Path) -> None:
    request = EvaluationRequest((EvaluationPart.DATES,))
    files = read_evaluation_files([questions_file], request)
    assert not needs_papers(files, request.parts)
    assert askable_questions(container, files, request).parts == ()


def test_without_a_reader_there_is_nothing_to_calibrate(container: AppContainer) -> None:
    with pytest.raises(ConfigError, match="no reader"):
        measure_reader(container, None, lambda _done, _total: None)
