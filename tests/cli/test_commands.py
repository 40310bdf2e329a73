"""Every command, run as its user runs it, on the sample feed."""

import gzip
import json
import shlex
import subprocess
from importlib import import_module
from pathlib import Path

import click
import pytest

from assistant.cli.main import COMMANDS
from tests.cli.conftest import Assistant

SENTENCE_KEYS = {
    "text", "citations", "refuted", "verdict", "reason", "rung", "probability", "mending", "original",
}  # fmt: skip
PAPER_KEYS = {
    "id", "title", "link", "days", "published", "upvotes", "comments", "organization", "authors", "origin",
    "withdrawn",
}  # fmt: skip


def test_the_help_lists_every_command_with_its_own_line(assistant: Assistant) -> None:
    ran = assistant("--help")

    assert ran.code == 0
    for name, line in COMMANDS.items():
        assert line in ran.out
        command = import_module(f"assistant.cli.commands.{name}").command
        assert isinstance(command, click.Command)
        assert command.name == name
        assert (command.short_help or line) == line
    assert assistant().out == ran.out


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(assistant: Assistant, name: str) -> None:
    ran = assistant(name, "--help")

    assert ran.code == 0
    assert "Usage: assistant" in ran.out


def test_version(assistant: Assistant) -> None:
    assert assistant("--version").out.startswith("assistant, version ")


def test_today_as_json_is_the_documented_object(filled: Assistant) -> None:
    digest = filled("today", "--json", "--offline", "--top", "3", "--by", "comments", "--model", "extractive").json

    assert set(digest) == {"period", "profile", "topics", "papers", "differences", "coverage", "model", "sample"}
    assert digest["period"] == {"label": "2026-08-21", "first": "2026-08-21", "last": "2026-08-21"}
    assert digest["coverage"]["papers"] == 3
    assert digest["coverage"]["listed"] == 17
    assert digest["coverage"]["left_out"] == ["14 further down"]
    assert digest["sample"] is True
    assert [number for topic in digest["topics"] for number in topic["numbers"]] == [1, 2, 3]
    assert set(digest["papers"][0]) == PAPER_KEYS | {
        "number", "summary", "why", "cached", "quoted", "code", "project_page",
    }  # fmt: skip
    assert set(digest["papers"][0]["summary"][0]) == SENTENCE_KEYS
    comments = [paper["comments"] for paper in digest["papers"]]
    assert comments == sorted(comments, reverse=True)


def test_today_as_markdown_links_its_citations(filled: Assistant) -> None:
    ran = filled("today", "--format", "markdown", "--offline", "--model", "extractive", "--date", "2026-08-20")

    assert ran.out.startswith("# Daily Papers, 2026-08-20\n")
    assert "[\\[1\\]](https://huggingface.co/papers/" in ran.out


def test_today_of_a_week_and_a_month(filled: Assistant) -> None:
    week = filled("today", "--week", "2026-W34", "--offline", "--model", "extractive")
    month = filled("today", "--month", "2026-08", "--offline", "--model", "extractive", "--json")

    assert "31 of 31 papers" in week.out
    assert month.json["period"]["last"] == "2026-08-31"


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["today", "--date", "2026-08-22"], 3, "weekend"),
        (["today", "--date", "yesterday"], 2, "is not a day"),
        (["today", "--week", "2026-34"], 2, "W"),
        (["today", "--date", "2026-08-21", "--week", "2026-W34"], 2, "Give one of"),
        (["today", "--model", "hosted"], 4, "Offline"),
        (["today", "--model", "absent.gguf"], 4, "absent.gguf"),
        (["ask"], 2, "Missing argument"),
        (["ask", "anything", "--since", "2026-09-01"], 3, "No paper"),
        (["ask", "anything", "--since", "2026-09-01", "--until", "2026-08-01"], 2, "after"),
        (["ask", "anything", "--only", "not an id"], 2, "no paper id"),
        (["search", "zzzz", "--min-upvotes", "9999"], 3, "No paper fits"),
        (["ask", "anything", "--check", "loose"], 2, "'loose' is not one of 'mark', 'repair', 'strict'"),
        (["ask", "anything", "--samples", "0"], 2, "1<=x<=16"),
        (["ask", "anything", "--ignore", "colours"], 2, "'dates', 'organizations', 'upvotes'"),
        (["ask", "anything", "--today", "soon"], 2, "is not a day"),
        (["summarize", "2608.19880", "--check", "loose"], 2, "'loose'"),
        (["summarize", "1234.56789"], 3, "1234.56789"),
        (["compare", "2608.19880"], 2, "two papers"),
        (["compare", "2608.19880", "2608.18580", "--aspects", " , "], 2, "no aspect"),
        (["sync", "--date", "2026-08-21"], 5, "Offline"),
        (["sync", "--arxiv", "2608.19880"], 5, "Offline"),
        (["sync", "--kind", "saved-text"], 2, "goes with files"),
        (["sync", "--date", "2026-08-21", "--week", "2026-W34"], 2, "More than one origin"),
        (["sync", "absent.json"], 2, "absent.json"),
        (["assets", "pull", "minlm"], 2, "Did you mean minilm"),
        (["nonsense"], 2, "No such command"),
        (["tody"], 2, "Did you mean 'today'?"),
        (["Serach", "agents"], 2, "Did you mean 'search'?"),
        (["library", "rebuld"], 2, "Did you mean 'rebuild'?"),
        (["assets", "pul"], 2, "Did you mean 'pull'?"),
        (["search", "agents", "--limt", "3"], 2, "Did you mean '--limit'?"),
        (["ask", " "], 2, "empty"),
        (["search", ""], 2, "empty"),
        (["library", "--json", "check"], 2, "behind the subcommand"),
        (["config", "--set", "offline"], 2, "KEY=VALUE"),
        (["config", "--set", "local.thread=1"], 2, "local.threads"),
        (["config", "--config", "absent.toml"], 2, "absent.toml"),
    ],
)
def test_what_goes_wrong_is_an_error_with_its_code(
    filled: Assistant, arguments: list[str], code: int, message: str
) -> None:
    ran = filled("--offline", *arguments)

    assert ran.code == code, ran.err
    assert message in ran.err
    assert ran.out == ""
    assert "Traceback" not in ran.err


def test_search_shows_the_matching_sentence_date_upvotes_and_score(filled: Assistant) -> None:
    ran = filled("search", "reshape the environments of agents", "--limit", "3", "--offline")

    assert "EnvHarness" in ran.out.splitlines()[0]
    assert "2608.19880 · 2026-08-21 · 163 upvotes · Google · sample: our words · score " in ran.out
    assert "“" in ran.out


def test_search_as_json_gives_spans_of_the_abstract(filled: Assistant) -> None:
    found = filled("search", "--json", "--offline", "group images", "--organization", "tencent hunyuan").json

    assert [hit["rank"] for hit in found["hits"]] == list(range(1, len(found["hits"]) + 1))
    assert {hit["organization"] for hit in found["hits"]} == {"Tencent Hunyuan"}
    assert set(found["hits"][0]) == PAPER_KEYS | {"rank", "score", "lexical", "dense", "sentence"}
    span = found["hits"][0]["sentence"]
    assert len(span["text"]) == span["end"] - span["start"]


def test_ask_without_a_model_quotes_and_cites(filled: Assistant) -> None:
    ran = filled("ask", "--offline", "--model", "extractive", "how", "does", "EnvHarness", "change", "environments?")
    as_json = filled("ask", "--json", "--offline", "--model", "extractive", "what is EnvHarness?").json

    assert ran.code == 0
    assert "\nSources\n[1] EnvHarness" in ran.out
    assert "https://huggingface.co/papers/2608.19880" in ran.out
    assert set(as_json) == {
        "question", "text", "sentences", "sources", "refusal", "missing", "withheld", "filters", "model", "usage",
        "stripped", "left_out", "incomplete", "collection", "understood_as",
    }  # fmt: skip
    assert as_json["model"] == {"name": "extractive", "kind": "extractive"}
    numbers = {source["number"] for source in as_json["sources"]}
    assert {c["number"] for s in as_json["sentences"] for c in s["citations"]} <= numbers


def test_summarize_takes_ids_links_and_titles(filled: Assistant) -> None:
    ran = filled(
        "summarize", "--offline", "--json", "--model", "extractive", "2608.19880",
        "https://huggingface.co/papers/2608.18580", "WithEveryone: Unified Planning and Identity Grounding for Group"
        " Image Generation",
    )  # fmt: skip

    assert [source["id"] for source in ran.json["sources"]] == ["2608.19880", "2608.18580", "2608.20336"]


@pytest.mark.parametrize("limit", ["400", "100"])
def test_a_summary_in_the_papers_own_words_is_whole_and_names_what_found_no_room(filled: Assistant, limit: str) -> None:
    names = ("2608.19880", "2608.18580", "2608.20336")
    short = ("--set", f"answers.max_output_tokens={limit}")
    ran = filled("summarize", "--offline", "--model", "extractive", *short, *names)
    as_json = filled("summarize", "--offline", "--model", "extractive", *short, "--json", *names).json

    assert ran.code == 0
    assert as_json["incomplete"] is None
    cited = {citation["number"] for sentence in as_json["sentences"] for citation in sentence["citations"]}
    silent = [source["title"] for source in as_json["sources"] if source["number"] not in cited]
    assert as_json["left_out"] == silent
    assert bool(silent) is (limit == "100")
    assert ("left out, over the token budget" in ran.err) is bool(silent)


def test_a_large_file_is_one_line_whatever_the_batches(assistant: Assistant, home: Path) -> None:
    for name, count in (("one", 1100), ("two", 3)):
        papers = [{"id": f"2610.{n + 10000}", "title": f"Of {name} {n}", "summary": "We count."} for n in range(count)]
        (home / f"{name}.json").write_text(json.dumps(papers))
    ran = assistant("sync", "--offline", str(home / "one.json"), str(home / "two.json"))

    told = [line for line in ran.err.splitlines() if ".json: " in line]
    assert ran.code == 0, ran.err
    assert [line.rpartition("/")[2] for line in told] == [
        "one.json: 1100 new, 0 updated, 0 unchanged",
        "two.json: 0 new, 3 updated, 0 unchanged",
    ]


def test_summarize_says_which_paper_a_title_is_taken_for(filled: Assistant) -> None:
    ran = filled("summarize", "--offline", "--json", "--model", "extractive", "WithEveryone", "2608.20336")

    assert [source["id"] for source in ran.json["sources"]] == ["2608.20336"]
    assert "'WithEveryone' is taken for “WithEveryone: Unified Planning" in ran.err
    assert ran.err.count("is taken for") == 1


def test_compare_is_a_table_whose_empty_cells_say_so(filled: Assistant) -> None:
    ran = filled(
        "compare", "--offline", "--model", "extractive", "--aspects", "results,licence", "2608.19880", "2608.18580"
    )
    as_json = filled("compare", "--json", "--offline", "--model", "extractive", "2608.19880", "2608.18580").json

    assert ran.out.startswith("|  | \\[1\\] EnvHarness")
    assert "| licence | nothing found in the abstract | nothing found in the abstract |" in ran.out
    assert [row["aspect"] for row in as_json["rows"]] == ["problem", "method", "data", "results", "limitations"]
    assert all(cell["stated"] == bool(cell["citations"]) for row in as_json["rows"] for cell in row["cells"])


def test_library_shows_checks_rebuilds_and_exports_what_sync_reads_back(
    filled: Assistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = filled("library", "--json").json
    assert (shown["papers"], shown["listings"], shown["first_day"]) == (31, 31, "2026-08-20")
    assert "2, 2026-08-20 to 2026-08-21" in filled("library").out
    assert filled("library", "check").code == 0
    assert filled("library", "check", "--json").json["clean"] is True
    assert "31 papers indexed" in filled("library", "rebuild").out
    export = tmp_path / "papers.jsonl.gz"
    assert filled("library", "export", str(export)).code == 0
    assert len(gzip.decompress(export.read_bytes()).splitlines()) == 31
    assert filled("library", "export", str(tmp_path / "no" / "where.jsonl")).code == 9

    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "second"))
    assert "31 new, 0 updated, 0 unchanged, 0 rejected" in filled("sync", str(export), "--offline").out
    assert "nothing new" in filled("sync", str(export), "--offline").out


def test_sync_reports_what_it_rejects_with_its_place(assistant: Assistant, tmp_path: Path) -> None:
    file = tmp_path / "odd.jsonl"
    good = {"id": "2601.00001", "title": "[RE] Attention [/x]", "abstract": "One sentence.", "date": "2026-01-05"}
    file.write_text(
        json.dumps(good) + '\n{"id": "2601.00002", "title": "No abstract", "date": "2026-01-05"}\n{broken\n'
    )

    ran = assistant("sync", str(file), "--offline")
    as_json = assistant("sync", "--json", str(file), "--offline").json

    assert ran.code == 0
    assert "1 new, 0 updated, 0 unchanged, 2 rejected" in ran.out
    assert f"{file.name}:2" in ran.out
    assert as_json["unchanged"] == ["2601.00001"]
    assert len(as_json["rejected"]) == 2
    assert "[RE] Attention [/x]" in assistant("search", "attention", "--offline").out


def test_sync_names_the_fields_of_a_file_that_it_did_not_understand(assistant: Assistant, tmp_path: Path) -> None:
    file, other = tmp_path / "kites.json", tmp_path / "plain.csv"
    paper = {"arxiv_id": "2601.00001", "title": "Kites", "abstract": "Kites fly.", "tail": 3, "published": "in spring"}
    file.write_text(json.dumps({"papers": [paper]}))
    other.write_text("id,title,abstract\n2601.00002,Kites again,They fly.\n")

    ran = assistant("sync", str(file), str(other), "--offline")
    as_json = assistant("sync", "--json", str(file), str(other), "--offline").json

    assert f"{file}: 1 paper; fields not understood: tail, published (not a date)" in ran.out
    assert f"{other}: 1 paper;" not in ran.out
    assert as_json["origins"] == [
        {"name": str(file), "papers": 1, "fields_not_understood": ["tail", "published (not a date)"]},
        {"name": str(other), "papers": 1, "fields_not_understood": []},
    ]


def test_an_empty_library_says_what_to_do(assistant: Assistant) -> None:
    ran = assistant("ask", "anything", "--offline")

    assert ran.code == 3
    assert "assistant sync" in ran.err


def test_config_names_every_origin_and_no_secret(
    assistant: Assistant, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    folder = home / "config" / "daily-papers"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text("[digest]\ntop = 3\n")

    ran = assistant("config", "--set", "local.threads=2")
    settings = assistant("--set", "local.threads=2", "config", "--json").json["settings"]

    assert "sk-very-secret" not in ran.out
    assert settings["digest.top"] == {"value": 3, "origin": str(folder / "config.toml")}
    assert settings["local.threads"] == {"value": 2, "origin": "command line"}
    assert "[hosted]" in assistant("config", "--example").out


def test_assets_are_listed_and_found(assistant: Assistant) -> None:
    listed = assistant("assets", "list", "--json").json["assets"]

    assert {"minilm", "smollm2-135m", "o200k_base"} <= {asset["name"] for asset in listed}
    assert "minilm" in assistant("assets", "list").out
    assert assistant("assets", "where").out.strip().endswith("assets")
    assert assistant("assets", "where", "minilm").out.strip().endswith(".onnx")
    assert assistant("assets", "where", "minlm").code == 2


def test_pulling_offline_what_is_missing_is_an_error(assistant: Assistant, home: Path) -> None:
    ran = assistant("assets", "pull", "minilm", "--offline", "--set", f"paths.assets={home / 'empty'}")

    assert ran.code == 7
    assert "minilm" in ran.err


def test_doctor_names_what_is_missing(filled: Assistant, home: Path) -> None:
    ran = filled("doctor", "--offline")
    without = ("--set", f"paths.assets={home / 'empty'}", "--set", "embedder.model=minilm")
    bare = filled("doctor", "--offline", "--json", *without).json["findings"]

    assert "library" in ran.out
    assert {"assets", "embedder"} <= {finding["part"] for finding in bare if finding["state"] == "note"}


@pytest.mark.parametrize("cache", ["cache of mine", "home/.cache"])
def test_doctor_says_that_telemetry_is_off_and_names_what_it_left(
    assistant: Assistant,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    cache: str,
) -> None:
    monkeypatch.setenv("HOME", str(home / "home"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(home / cache))

    def told() -> list[tuple[str, str | None]]:
        findings = assistant("doctor", "--offline", "--json").json["findings"]
        return [(one["message"], one["remedy"]) for one in findings if one["part"] == "telemetry"]

    ((first, _),) = told()
    assert "off" in first
    assert "onnxruntime" in first

    left = home / cache / "Microsoft/DeveloperTools/.onnxruntime"
    left.mkdir(parents=True)
    (left / "deviceid").touch()
    _, (message, remedy) = told()
    assert str(left) in message
    assert (left / "deviceid").exists(), "nothing is removed unasked"
    subprocess.run(shlex.split((remedy or "").split("`")[1]), check=True)
    assert len(told()) == 1


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(assistant: Assistant, shell: str) -> None:
    assert "_ASSISTANT_COMPLETE" in assistant("completion", shell).out


def test_the_model_may_be_named_before_the_command_and_the_command_has_the_last_word(filled: Assistant) -> None:
    before = filled("--offline", "--model", "extractive", "ask", "--json", "what is EnvHarness?")
    assert before.json["model"]["kind"] == "extractive"

    behind = filled("--offline", "--model", "hosted", "ask", "--json", "--model", "extractive", "what is EnvHarness?")
    assert behind.json["model"]["kind"] == "extractive"
