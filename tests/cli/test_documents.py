"""`survey`, `ideas` and `compare --out` as their user runs them."""

import json
from pathlib import Path

import pytest
import rispy
from jsonschema import Draft202012Validator
from pybtex.database import parse_string

from assistant.export.json.commands import schema_of
from assistant.reports.ideas.values import IDEAS as IDEAS_SHOWN
from assistant.reports.survey import SURVEY_ASPECTS
from tests.cli.conftest import Assistant
from tests.cli.test_models import hosted
from tests.support.openai_server import Answer, ScriptedServer, SeenRequest, Status

OFFLINE = ("--offline", "--model", "extractive")
TOPIC = "memory of agents"
IDEAS = (
    "1. Title: Environments that remember\n"
    "Idea: Let EnvHarness reshape environments by what a memory of agents holds [1]. Nobody has joined the two.\n"
    "Probability: 0.04\n\n"
    "2. Title: Volcanoes\nIdea: Forecast eruptions by seismic tremor beneath Icelandic glaciers.\nProbability: 0.9\n"
)


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")


def as_schema_says(value: object, command: str) -> bool:
    return not list(Draft202012Validator(schema_of(command)).iter_errors(value))


def test_a_survey_is_printed_with_its_parts(filled: Assistant) -> None:
    ran = filled(*OFFLINE, "survey", TOPIC)

    assert ran.code == 0, ran.err
    assert ran.out.startswith("Survey: memory of agents\n")
    assert "\nOpen problems stated by the papers\n" in ran.out
    assert "\nReferences\n[1] " in ran.out
    assert "extractive (extractive) writes from" in ran.err
    assert "in the table; written by extractive (extractive)" in ran.err


def test_a_survey_goes_to_files_of_every_form(filled: Assistant, tmp_path: Path) -> None:
    files = {suffix: tmp_path / f"survey{suffix}" for suffix in (".md", ".html", ".json", ".bib", ".ris")}
    ran = filled(*OFFLINE, "survey", TOPIC, *(word for file in files.values() for word in ("--out", str(file))))

    assert ran.code == 0, ran.err
    assert ran.out == ""
    assert ran.err.count("written: ") == len(files)
    document = json.loads(files[".json"].read_text())
    assert as_schema_says(document, "survey")
    papers = len(document["sources"])
    assert files[".md"].read_text().startswith("# Survey: memory of agents\n")
    page = files[".html"].read_text()
    assert "<html" in page
    assert "Survey: memory of agents" in page
    assert len(parse_string(files[".bib"].read_text(), "bibtex").entries) == papers
    assert len(rispy.loads(files[".ris"].read_text())) == papers


def test_a_survey_as_json_is_the_documented_object_refused_or_not(filled: Assistant) -> None:
    told = filled(*OFFLINE, "survey", "--json", TOPIC, "--papers", "3", "--aspects", "results, results")
    refused = filled(*OFFLINE, "survey", "--json", "hydraulic excavator maintenance")

    assert as_schema_says(told.json, "survey")
    assert [row["aspect"] for row in told.json["table"]] == ["results"]
    assert sum(len(group["numbers"]) for group in told.json["groups"]) == 3
    assert refused.code == 3
    assert as_schema_says(refused.json, "survey")
    assert refused.json["refusal"] is not None


def test_an_unknown_topic_is_refused_with_what_was_found(filled: Assistant, tmp_path: Path) -> None:
    file = tmp_path / "survey.md"
    ran = filled(*OFFLINE, "survey", "hydraulic excavator maintenance", "--out", str(file))

    assert ran.code == 3
    assert "None of the papers found is about this." in ran.out
    assert not file.exists()
    assert filled(*OFFLINE, "survey", "hydraulic excavator maintenance", "--no-refusal").code == 0


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("survey", "   "), 2, "The topic is empty"),
        (("survey", "?!"), 2, "The topic is empty"),
        (("survey", TOPIC, "--out", "{folder}/survey.docx"), 2, ".docx is no form of a document"),
        (("survey", TOPIC, "--out", "{folder}/survey"), 2, "the file has no suffix"),
        (("survey", TOPIC, "--out", "{folder}/missing/survey.md"), 9, "does not exist"),
        (("survey", TOPIC, "--out", "{folder}/folder.md"), 9, "is a folder, not a file"),
        (("survey", TOPIC, "--aspects", " , "), 2, "names no aspect"),
        (("survey", TOPIC, "--since", "2031-01-01"), 3, "No paper"),
        (("survey", TOPIC, "--since", "2026-02-01", "--until", "2026-01-01"), 2, "after"),
        (("compare", "2608.19880", "2608.19891", "--out", "{folder}/table.xlsx"), 2, "no form of a document"),
        (("ideas", TOPIC), 4, "only quotes; it has no ideas"),
        (("ideas", "…"), 2, "The topic is empty"),
        (("ideas", TOPIC, "--number", "0"), 2, "--number"),
    ],
)
def test_what_goes_wrong_is_an_error_with_its_code(
    filled: Assistant, tmp_path: Path, arguments: tuple[str, ...], code: int, message: str
) -> None:
    (tmp_path / "folder.md").mkdir()
    ran = filled(*OFFLINE, *(part.format(folder=tmp_path) for part in arguments))

    assert ran.code == code
    assert message in ran.err
    assert "Traceback" not in ran.err


def test_the_help_names_the_defaults_of_the_engine(assistant: Assistant) -> None:
    assert f"[default: {','.join(SURVEY_ASPECTS)}]" in " ".join(assistant("survey", "--help").out.split())
    assert f"[default: {IDEAS_SHOWN};" in " ".join(assistant("ideas", "--help").out.split())


def test_an_empty_library_says_what_to_do(assistant: Assistant) -> None:
    for command in ("survey", "ideas"):
        ran = assistant("--offline", command, TOPIC)

        assert ran.code == 3
        assert "assistant sync" in ran.err


def test_compare_writes_a_document_beside_its_table(filled: Assistant, tmp_path: Path) -> None:
    file, other = tmp_path / "two.md", tmp_path / "two.json"
    plain = filled(*OFFLINE, "compare", "2608.19880", "2608.19891")
    ran = filled(*OFFLINE, "compare", "2608.19880", "2608.19891", "--out", str(file), "--out", str(other))

    assert ran.code == 0, ran.err
    assert ran.out == plain.out
    text = file.read_text()
    assert "\n**Question.** How do " in text
    assert "## References" in text
    assert as_schema_says(json.loads(other.read_text()), "survey")
    assert json.loads(other.read_text())["kind"] == "comparison"


def test_a_second_comparison_asks_no_model(filled: Assistant, tmp_path: Path) -> None:
    command = ("compare", "2608.19880", "2608.19891", "--model", "hosted", "--out", str(tmp_path / "two.md"))
    cells = Answer("method: a memory of agents")
    with ScriptedServer([cells, cells, cells, Answer("yes")]) as server:  # what follows the cells is a judgement of one
        first = filled(*command, *hosted(server))
        asked = len(server.requests)
        again = filled(*command, *hosted(server))

    assert (first.code, again.code) == (0, 0)
    assert asked >= 3
    assert len(server.requests) == asked


def test_one_file_that_cannot_be_made_does_not_cost_the_others(
    filled: Assistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "weasyprint").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "weasyprint").chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path))
    pdf, text = tmp_path / "two.pdf", tmp_path / "two.md"
    ran = filled(*OFFLINE, "compare", "2608.19880", "2608.19891", "--out", str(pdf), "--out", str(text))

    assert ran.code == 9
    assert "No PDF could be made" in ran.err
    assert text.exists()
    assert not pdf.exists()


def test_a_pdf_without_a_converter_is_an_error_before_anything_is_written(
    filled: Assistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    ran = filled(*OFFLINE, "survey", TOPIC, "--out", str(tmp_path / "survey.pdf"))

    assert ran.code == 9
    assert "writes from" not in ran.err


def test_ideas_have_their_grounds_and_say_what_they_are(filled: Assistant) -> None:
    with ScriptedServer([Answer(IDEAS)]) as server:
        ran = filled("ideas", TOPIC, "--model", "hosted", *hosted(server))
        again = filled("ideas", TOPIC, "--json", "--model", "hosted", *hosted(server))

    assert ran.code == 0, ran.err
    assert ran.out.startswith("Proposals of a language model, not findings")
    assert "1. Environments that remember  stated probability 0.04" in ran.out
    assert "builds on [" in ran.out
    assert "Volcanoes" not in ran.out
    assert "2 candidates by gpt-5-mini (hosted)" in ran.err
    assert "1 without grounds in the papers" in ran.err
    assert len(server.requests) == 1
    assert as_schema_says(again.json, "ideas")
    (idea,) = again.json["ideas"]
    assert idea["probability"] == 0.04
    assert idea["grounds"]


def test_ideas_of_an_unknown_topic_are_refused_without_a_call(filled: Assistant) -> None:
    with ScriptedServer([Answer(IDEAS)]) as server:
        ran = filled("ideas", "hydraulic excavator maintenance", "--model", "hosted", *hosted(server))
        as_json = filled("ideas", "--json", "hydraulic excavator maintenance", "--model", "hosted", *hosted(server))

    assert (ran.code, as_json.code) == (3, 3)
    assert "None of the papers found is about this." in ran.out
    assert as_schema_says(as_json.json, "ideas")
    assert server.requests == []


def test_ideas_without_grounds_are_none(filled: Assistant) -> None:
    alien = "\n".join(IDEAS.splitlines()[-3:])
    with ScriptedServer([Answer(f"{alien}\n{alien.replace('2.', '3.').replace('tremor', 'noise')}")]) as server:
        ran = filled("ideas", TOPIC, "--model", "hosted", *hosted(server))

    assert ran.code == 3
    assert "No candidate has grounds in the papers" in ran.err


def test_a_model_that_cannot_propose_is_asked_twice_and_told_of(filled: Assistant) -> None:
    with ScriptedServer([Answer("I am sorry.")]) as server:
        ran = filled("ideas", TOPIC, "--model", "hosted", *hosted(server))

    assert ran.code == 4
    assert "wrote nothing that reads as proposals" in ran.err
    assert len(server.requests) == 2


def test_a_server_that_fails_in_the_table_leaves_the_paragraphs(filled: Assistant) -> None:
    def behave(seen: SeenRequest) -> Answer | Status:
        asked = str(seen.body)
        return Status(500) if "Copy these lines" in asked else Answer("**Memory**\nAgents remember what they did.")

    with ScriptedServer(behave) as server:
        ran = filled("survey", TOPIC, "--model", "hosted", *hosted(server))

    assert ran.code == 4
    assert "The document is incomplete: the table breaks off: " in ran.err
    assert "Agents remember what they did" in ran.out
