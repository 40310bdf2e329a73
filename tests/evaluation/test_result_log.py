"""The file of answers: what is kept there is not asked again, and nothing strange in it is taken for an answer."""

import json
from pathlib import Path

import pytest

from assistant.answering.values import Answer, Refusal, Verdict
from assistant.errors import InputError
from assistant.evaluation.answers import MeasuredAnswer
from assistant.evaluation.evaluation import Evaluation, EvaluationPart, Report, Writing
from assistant.evaluation.result_log import ResultLog
from tests.support.evaluation_samples import REFUSED, FixedFinder, ScriptedAnswers, answer, citation, known, sentence

ODD = answer(sentence("It cuts 37% \ud800 “[RE] Attention [/x]” [1].", Verdict.SUPPORTED, citation()))


def script(question: str) -> Answer | Refusal:
    return REFUSED if question == "refused" else ODD


async def evaluated(log: ResultLog, answers: ScriptedAnswers, *texts: str) -> Report:
    questions = [known(text, line=line) for line, text in enumerate(texts, start=1)]
    evaluation = Evaluation(questions, FixedFinder([]), Writing(answers, "scripted"), log=log)
    async for _ in evaluation.run([EvaluationPart.ANSWERS]):
        pass
    return evaluation.report()


async def test_a_second_run_asks_only_what_is_not_there_and_has_the_same_figures(tmp_path: Path) -> None:
    file = tmp_path / "answers.jsonl"
    first, second = ScriptedAnswers(script), ScriptedAnswers(script)

    before = await evaluated(ResultLog(file, "scripted"), first, "one", "refused")
    after = await evaluated(ResultLog(file, "scripted"), second, "one", "refused")

    assert second.asked == []
    assert after.answering == before.answering
    assert [one.refusal for one in after.answers] == [None, REFUSED]

    await evaluated(ResultLog(file, "scripted"), second, "one", "two")
    assert second.asked == ["two"]
    assert [json.loads(line)["question"] for line in file.read_text().splitlines()] == ["one", "refused", "two"]


async def test_a_row_says_what_a_reader_needs(tmp_path: Path) -> None:
    file = tmp_path / "answers.jsonl"
    await evaluated(ResultLog(file, "scripted"), ScriptedAnswers(script), "one")

    row = json.loads(file.read_text())

    assert set(row) == set(MeasuredAnswer.__dataclass_fields__)
    (said,) = row["sentences"]
    assert said["check"]["verdict"] == "supported"
    assert said["citations"][0]["evidence"]["text"] == "It cuts memory by 37% on ImageNet."
    assert row["sources"][0] == {"number": 1, "paper_id": "2601.00001", "title": "FooNet: Pruning Heads", "cited": True}


async def test_a_line_that_was_cut_is_asked_again(tmp_path: Path) -> None:
    file = tmp_path / "answers.jsonl"
    await evaluated(ResultLog(file, "scripted"), ScriptedAnswers(script), "one", "two")
    whole = file.read_bytes()
    file.write_bytes(whole[:-20])
    answers = ScriptedAnswers(script)

    await evaluated(ResultLog(file, "scripted"), answers, "one", "two")

    assert answers.asked == ["two"]
    assert len(file.read_text().splitlines()) == 2


async def test_answers_of_another_model_are_not_mixed_in(tmp_path: Path) -> None:
    file = tmp_path / "answers.jsonl"
    await evaluated(ResultLog(file, "scripted"), ScriptedAnswers(script), "one")

    with pytest.raises(InputError, match="holds answers by scripted, and other is to write"):
        ResultLog(file, "other")


@pytest.mark.parametrize("content", ['{"question": "q"}\n', "not JSON\n", "[]\n", "\xff\n", "one line"])
def test_a_file_of_something_else_is_refused_and_left_alone(tmp_path: Path, content: str) -> None:
    file = tmp_path / "notes.jsonl"
    file.write_bytes(content.encode("latin-1"))

    with pytest.raises(InputError, match=r"notes\.jsonl:1 is no answer"):
        ResultLog(file, "scripted")
    assert file.read_bytes() == content.encode("latin-1")


def test_a_file_that_cannot_be_written_is_known_before_anything_is_asked(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read and written"):
        ResultLog(tmp_path / "absent" / "answers.jsonl", "scripted")
    with pytest.raises(InputError, match="cannot be read and written"):
        ResultLog(tmp_path, "scripted")
