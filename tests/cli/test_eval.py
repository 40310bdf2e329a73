"""`assistant eval` on the sample feed: its tables, its JSON, its errors, and what Ctrl-C leaves."""

import asyncio
import json
import os
import re
import signal
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from assistant.answering.ask import QuestionAnswerer
from assistant.answering.values import Refusal
from assistant.library.filters import Filters
from tests.cli.conftest import Assistant
from tests.support.pair_readers import write_reader

KNOWN = {
    "question": "how does EnvHarness change environments?",
    "paper_id": "2608.19880",
    "answer": "It reshapes them.",
}
SURVEY = {"question": "group images", "paper_ids": [{"id": "2608.20336", "rel": 2}, {"id": "2608.18580", "rel": 1}]}
OFF = {"question": "how do I bake sourdough bread?", "kind": "off"}
DATED = {
    "question": "papers on agents since 20 August 2026",
    "today": "2026-08-21",
    "from": "2026-08-20",
    "to": "2026-08-21",
}
COMPARED = {"question": "EnvHarness vs WithEveryone", "paper_ids": ["2608.19880", "2608.20336"], "aspects": ["data"]}
CLAIM = {
    "claim": "Every tested memory strategy performs worse than using no memory.",
    "paper_ids": ["2608.20202"],
    "label": "supported",
    "kind": "negation_true",
}
NATURAL = [
    {"question": "what is EnvHarness?", "type": "about_named", "expected": {"paper_id": "2608.19880"}},
    {
        "question": "and who funded it?",
        "type": "follow_up",
        "turns": [{"question": "what is EnvHarness?"}, {"question": "and who funded it?"}],
        "expected": {"paper_ids": ["2608.19880"], "answerable": False, "closest": "2608.19880"},
    },
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a file of every shape."""
    made = tmp_path / "questions"
    made.mkdir()
    rows: dict[str, Any] = {
        "known_item": KNOWN,
        "multi": SURVEY,
        "unanswerable": OFF,
        "dated": DATED,
        "compare": COMPARED,
        "claims": CLAIM,
    }
    for name, row in rows.items():
        (made / f"{name}.jsonl").write_text(json.dumps({"id": f"{name}1"} | row) + "\n")
    return made


def test_a_folder_of_every_shape_is_measured_in_aligned_tables(filled: Assistant, folder: Path) -> None:
    ran = filled("eval", str(folder), "--offline", "--model", "extractive")

    assert ran.code == 0, ran.err
    assert "\x1b" not in ran.out
    heads = [block.splitlines()[0].split("  ")[0] for block in ran.out.split("\n\n")]
    assert heads == ["Retrieval", "Dates", "Refusal", "Refusal against", "Claims", "Answers"]
    assert re.search(r"^known_item +1 +1\.000 +1\.000 +1\.000 +1\.000 +1\.000$", ran.out, re.MULTILINE)
    assert re.search(r"^Answers +compare +known_item$|^Answers +known_item +compare$", ran.out, re.MULTILINE)
    assert re.search(r"^fabricated names +0 +0$", ran.out, re.MULTILINE)


def test_json_has_the_documented_keys(filled: Assistant, folder: Path) -> None:
    found = filled("eval", str(folder), "--json", "--offline", "--model", "extractive").json

    assert set(found) == {
        "complete", "lacking", "retrieval", "dates", "refusal", "answers", "claims", "natural", "questions",
    }  # fmt: skip
    assert found["complete"] is True
    assert set(found["retrieval"][0]) == {
        "file", "kind", "questions", "hit@1", "hit@5", "ndcg@10", "recall@20", "recall@100",
    }  # fmt: skip
    assert set(found["dates"][0]) == {"file", "questions", "exact", "exact_or_alternative"}
    assert set(found["refusal"]) == {"rows", "quality", "median_seconds"}
    assert [row["against"] for row in found["refusal"]["quality"]] == ["compare", "known_item", "multi", "all"]
    assert set(found["answers"][0]) == {
        "file", "model", "questions", "refused", "partial", "incomplete", "citation_precision", "citation_partly",
        "citation_recall", "quote_exactness", "fabricated", "counts", "token_f1", "rouge_l_recall",
        "right_papers_cited", "median_tokens", "median_seconds", "check_share",
    }  # fmt: skip
    assert {part: len(rows) for part, rows in found["questions"].items()} == {
        "retrieval": 3, "dates": 1, "refusal": 4, "answers": 2, "claims": 1, "natural": 0,
    }  # fmt: skip
    assert found["questions"]["retrieval"][0]["id"] == "compare1"
    assert found["lacking"] == {"papers": [], "questions": 0}


def test_one_part_of_one_file_asks_no_model(filled: Assistant, folder: Path) -> None:
    ran = filled("eval", str(folder / "known_item.jsonl"), "--only", "retrieval", "--offline", "--model", "hosted")

    assert ran.code == 0
    assert ran.out.startswith("Retrieval ")
    assert "Answers" not in ran.out


def test_dates_need_no_papers(assistant: Assistant, folder: Path) -> None:
    ran = assistant("eval", str(folder), "--only", "dates", "--offline")

    assert ran.code == 0
    assert ran.out.startswith("Dates ")
    assert assistant("eval", str(folder), "--offline").code == 3


def test_papers_that_the_library_lacks_are_said(filled: Assistant, tmp_path: Path) -> None:
    file = tmp_path / "own.jsonl"
    rows = [KNOWN, KNOWN | {"paper_id": "2301.00001"}, KNOWN | {"paper_id": "2301.00002", "kind": "near"}]
    file.write_text("\n".join(map(json.dumps, rows)))

    ran = filled("eval", str(file), "--only", "retrieval", "--offline")
    alone = filled("eval", str(file), "--only", "retrieval", "--offline", "--json").json

    assert "Not in the library: 1 of the papers" in ran.err
    assert "(2301.00001); questions left out therefore: 1." in ran.err
    assert alone["lacking"] == {"papers": ["2301.00001"], "questions": 1}
    assert alone["retrieval"][0]["questions"] == 1


def test_answers_are_kept_and_not_asked_again(filled: Assistant, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "answers.jsonl"
    call = ("eval", str(folder), "--only", "answers", "--offline", "--model", "extractive", "--out", str(out))

    first = filled(*call)
    kept = out.read_text()
    second = filled(*call)

    assert first.out == second.out
    assert out.read_text() == kept
    assert [json.loads(line)["name"] for line in kept.splitlines()] == ["known_item1"]


def test_questions_as_people_type_them_are_judged_and_leave_no_conversation(filled: Assistant, tmp_path: Path) -> None:
    file = tmp_path / "natural.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in NATURAL))
    out = tmp_path / "out.jsonl"
    call = ("eval", str(file), "--offline", "--model", "extractive", "--out", str(out))

    found = filled(*call, "--json").json
    kept = out.read_text()
    table = filled(*call)

    assert [(row["type"], row["questions"]) for row in found["natural"]] == [
        (None, 2), ("about_named", 1), ("follow_up", 1),
    ]  # fmt: skip
    assert table.out.startswith("Natural ")
    assert out.read_text() == kept
    with closing(sqlite3.connect(tmp_path / "data" / "daily-papers" / "library" / "papers.db")) as papers:
        assert papers.execute("SELECT count(*) FROM conversations").fetchone() == (0,)


def test_claims_are_checked_without_a_model(filled: Assistant, folder: Path, tmp_path: Path) -> None:
    call = ("eval", str(folder / "claims.jsonl"), "--offline", "--model", "extractive")

    ran = filled(*call, "--out", str(tmp_path / "out.jsonl"))
    judged = filled(*call, "--judge")

    assert re.search(r"^claims +1 +1 +– +– +1\.000 +–$", ran.out, re.MULTILINE)
    assert json.loads((tmp_path / "out.jsonl").read_text())["checked_by"] == "no model"
    assert (judged.code, "judges nothing" in judged.err) == (4, True)


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["absent.jsonl"], 2, "absent.jsonl cannot be read"),
        (["{folder}", "--only", "nonsense"], 2, "'nonsense' is not one of"),
        (["{folder}", "--seed", "3"], 2, "--seed goes with --limit"),
        (["{folder}", "--limit", "0"], 2, "--limit"),
        (["{folder}/dated.jsonl", "--only", "answers"], 3, "no question"),
        (["{folder}", "--only", "answers", "--model", "hosted"], 4, "Offline"),
        (["{folder}", "--only", "answers", "--model", "extractive", "--out", "/absent/out.jsonl"], 2, "cannot be"),
        ([], 2, "Missing argument"),
    ],
)
def test_what_goes_wrong_is_an_error_with_its_code(
    filled: Assistant, folder: Path, arguments: list[str], code: int, message: str
) -> None:
    ran = filled("--offline", "eval", *(argument.replace("{folder}", str(folder)) for argument in arguments))

    assert ran.code == code, ran.err
    assert message in ran.err
    assert ran.out == ""
    assert "Traceback" not in ran.err


def test_a_faulty_line_is_named_and_nothing_is_asked(filled: Assistant, folder: Path) -> None:
    (folder / "faulty.jsonl").write_text('{"question": "q", "paper_id": 5}\n')

    ran = filled("eval", str(folder), "--offline")

    assert ran.code == 2
    assert "faulty.jsonl:1: paper_id is a number, not a text" in ran.err
    assert ran.out == ""


def test_ctrl_c_prints_what_is_done(filled: Assistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "off.jsonl"
    file.write_text("".join(json.dumps(OFF | {"question": f"question {n}?"}) + "\n" for n in range(5)))
    asked: list[str] = []

    async def interrupted(self: QuestionAnswerer, question: str, filters: Filters) -> Refusal | None:
        asked.append(question)
        if len(asked) == 3:
            os.kill(os.getpid(), signal.SIGINT)
        await asyncio.sleep(0)  # as every real decision does
        return None

    monkeypatch.setattr(QuestionAnswerer, "decide", interrupted)

    ran = filled("eval", str(file), "--only", "refusal", "--offline", "--model", "extractive")
    assert ran.code == 130
    assert 2 <= len(asked) <= 4
    assert re.search(r"^off +[23] +0\.000", ran.out, re.MULTILINE)
    assert "not complete" in ran.err


def test_a_reader_is_calibrated_and_used_from_then_on(filled: Assistant, folder: Path, tmp_path: Path) -> None:
    labels = ("contradiction", "entailment", "neutral")
    reader = write_reader(tmp_path / "little", {"[UNK]": (0, 0.5, 0)}, labels)
    options = ("--offline", "--set", f"verification.reader={reader}", "eval")

    ran = filled(*options, "--calibrate")
    found = filled(*options, "--calibrate", "--json").json
    kept = [*(tmp_path / "config").rglob("calibration-*.json")]
    checked = filled(*options, str(folder / "claims.jsonl"), "--only", "claims", "--out", str(tmp_path / "out.jsonl"))

    assert ran.code == 0, ran.err
    assert ran.out.startswith("Calibration ")
    assert [row["group"] for row in found["figures"]] == ["reader alone", "cross-validated", "held back"]
    assert [found["file"]] == [str(file) for file in kept]
    assert checked.code == 0, checked.err
    checked_by = json.loads((tmp_path / "out.jsonl").read_text())["checked_by"]
    assert re.fullmatch(r"little [0-9a-f]{12}, calibrated", checked_by)


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["eval", "--calibrate"], 2, "There is no reader to calibrate"),
        (["eval", "--calibrate", "x.jsonl", "other"], 2, "--calibrate goes without other files"),
        (["--set", "verification.reader=nothing", "eval", "--calibrate"], 2, "neither a reader asset nor a folder"),
        (["--set", "verification.reader={empty}", "eval", "--calibrate"], 7, "has no model"),
        (["--set", "verification.reader=nli-deberta-v3-xsmall", "eval", "--calibrate"], 7, "assets pull"),
        (["--set", "verification.reader={ranker}", "eval", "--calibrate"], 2, "does not give support"),
    ],
)
def test_a_reader_that_cannot_be_calibrated_is_an_error(
    assistant: Assistant, tmp_path: Path, arguments: list[str], code: int, message: str
) -> None:
    ranker = write_reader(tmp_path / "ranker", {"good": (1.0,)})
    (empty := tmp_path / "empty").mkdir()
    ran = assistant("--offline", *(argument.format(empty=empty, ranker=ranker) for argument in arguments))

    assert ran.code == code, ran.err
    assert message in ran.err
    assert "Traceback" not in ran.err
