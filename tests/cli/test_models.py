"""The commands with models that write: a scripted server with its faults, and a real small GGUF."""

from pathlib import Path

import pytest

from tests.cli.conftest import Assistant
from tests.support.openai_server import Answer, ScriptedServer, Status, Stream, chunk, event


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    return "sk-very-secret"


def hosted(server: ScriptedServer) -> list[str]:
    return [
        "--set",
        f"hosted.base_url={server.base_url}",
        "--set",
        "hosted.retries=0",
        "--set",
        "hosted.timeout_seconds=2",
    ]


@pytest.mark.usefixtures("key")
def test_fabricated_citations_never_reach_the_reader(filled: Assistant) -> None:
    answer = Answer(
        "EnvHarness wraps static environments [1][9]. ", "See arXiv:2401.99999 ", "or https://evil.example. [12]"
    )
    with ScriptedServer([answer]) as server:
        ran = filled("ask", "what is EnvHarness?", "--model", "hosted", *hosted(server))
        as_json = filled("ask", "--json", "what is EnvHarness?", "--model", "hosted", *hosted(server)).json

    assert ran.code == 0
    assert "EnvHarness wraps static environments [1]." in ran.out
    for false in ("[9]", "[12]", "2401.99999", "evil.example"):
        assert false not in ran.out
    assert as_json["stripped"] == ["[9]", "https://evil.example", "arXiv:2401.99999", "[12]"]
    assert as_json["usage"]["prompt_tokens"] == 7


def test_auto_takes_the_hosted_model_when_there_is_a_key(filled: Assistant, key: str) -> None:
    with ScriptedServer([Answer("EnvHarness reshapes environments [1].")]) as server:
        ran = filled("ask", "what is EnvHarness?", *hosted(server))

    assert "gpt-5-mini (hosted) writes" in ran.err
    assert server.requests[0].headers["authorization"] == f"Bearer {key}"
    assert key not in ran.out + ran.err


def test_an_answer_that_stops_in_the_middle_is_shown_and_marked(filled: Assistant) -> None:
    cut = Stream((event(chunk({"content": "EnvHarness wraps static environments. And then "})),), then="cut")
    with ScriptedServer([cut]) as server:
        ran = filled("ask", "what is EnvHarness?", "--model", "hosted", *hosted(server))

    assert "EnvHarness wraps static environments [1]." in ran.out
    assert "The answer is incomplete: " in ran.err
    assert ran.code == 4


@pytest.mark.parametrize(
    "behaviour", [Status(500), Status(429), Status(401), Stream((b"data: {oops\n\n",)), Status(200, "<html>")]
)
def test_a_server_that_fails_is_an_error_with_its_code(filled: Assistant, behaviour: Status | Stream) -> None:
    with ScriptedServer([behaviour]) as server:
        ran = filled("ask", "what is EnvHarness?", "--model", "hosted", *hosted(server))

    assert ran.code == 4
    assert ran.err.count("error: ") == 1
    assert "Traceback" not in ran.err


THOUGHT = "Okay, so the user asks about EnvHarness. But maybe it is something else? No, wait."


@pytest.mark.usefixtures("key")
@pytest.mark.parametrize(
    "text",
    [
        f"<think>\n{THOUGHT}\n</think>\n\nEnvHarness wraps static environments [1].",
        f"{THOUGHT}\n</think>\n\nEnvHarness wraps static environments [1].<|im_end|>",
        f"<|channel|>analysis<|message|>{THOUGHT}<|end|><|start|>assistant<|channel|>final<|message|>"
        "EnvHarness wraps static environments [1].<|return|>",
        "One thing is asked.\n</think>\n\nEnvHarness wraps static environments [1].",
    ],
)
def test_thoughts_reach_neither_the_reader_nor_the_next_time(filled: Assistant, text: str) -> None:
    words = [f"{word} " for word in text.split(" ")]
    with ScriptedServer([Answer(*words)]) as server:
        command = ["ask", "what is EnvHarness?", "--model", "hosted", *hosted(server), "--set", "answers.check=repair"]
        first, second = filled(*command), filled(*command)

    for ran in (first, second):
        assert ran.code == 0
        assert "EnvHarness wraps static environments [1]." in ran.out
        for thought in ("Okay", "maybe", "is asked", "think>", "<|", "“But"):
            assert thought not in ran.out


@pytest.mark.usefixtures("key")
def test_a_model_that_only_thinks_says_so(filled: Assistant) -> None:
    with ScriptedServer([Answer("<think>\n", THOUGHT, finish="length")]) as server:
        ran = filled("ask", "what is EnvHarness?", "--model", "hosted", *hosted(server))

    assert ran.code == 4
    assert "on thinking" in ran.err
    assert "Okay" not in ran.out + ran.err


@pytest.mark.usefixtures("small_gguf")
def test_a_real_small_model_answers_summarizes_compares_and_digests(filled: Assistant) -> None:
    local = ["--offline", "--json", "--model", "smollm2-135m", "--set", "answers.max_output_tokens=48"]

    answer = filled("ask", "what is EnvHarness?", *local).json
    summary = filled("summarize", "2608.19880", *local).json
    table = filled("compare", "2608.19880", "2608.18580", "--aspects", "method", *local).json
    digest = filled("today", "--top", "2", *local).json

    assert answer["model"] == {"name": "smollm2-135m", "kind": "local"}
    assert answer["usage"]["output_tokens"] > 0
    assert summary["sources"][0]["id"] == "2608.19880"
    assert len(table["rows"]) == 1
    assert [paper["number"] for paper in digest["papers"]] == [1, 2]
    assert all(sentence["citations"] for paper in digest["papers"] for sentence in paper["summary"])


@pytest.mark.usefixtures("small_gguf")
def test_a_context_that_is_too_small_is_an_error(filled: Assistant) -> None:
    ran = filled(
        "ask", "what is EnvHarness?", "--offline", "--model", "smollm2-135m", "--set", "local.context_tokens=512",
        "--set", "answers.max_output_tokens=400",
    )  # fmt: skip

    assert ran.code == 4
    assert "do not fit the context" in ran.err


def test_a_damaged_model_file_is_an_error(filled: Assistant, tmp_path: Path) -> None:
    file = tmp_path / "broken.gguf"
    file.write_bytes(b"GGUF" + b"\x00" * 100)
    ran = filled("ask", "what is EnvHarness?", "--offline", "--model", str(file))

    assert ran.code == 4
    assert "broken.gguf" in ran.err


@pytest.mark.usefixtures("key")
def test_a_hosted_digest_tells_its_cost_first_and_is_not_paid_for_twice(filled: Assistant) -> None:
    with ScriptedServer([Answer("EnvHarness is a programmable layer around an environment.")]) as server:
        today = ("today", "--again", "--date", "2026-08-21", "--model", "hosted", *hosted(server))
        first = filled(*today)
        asked = len(server.requests)
        second = filled(*today)

    assert first.code == 0, first.err
    assert "gpt-5-mini: " in first.err
    assert "texts to write, about" in first.err
    assert "at most $" in first.err
    assert asked >= 17
    assert "17 of 17 papers" in first.out
    assert (second.code, len(server.requests)) == (0, asked)
    assert "texts to write" not in second.err
    assert "17 from the cache" in second.out


@pytest.mark.parametrize("variable", ["OPENAI_BASE_URL", "OPENAI_API_BASE"])
def test_a_key_goes_to_the_server_that_the_variable_beside_it_names(
    filled: Assistant, key: str, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    with ScriptedServer([Answer("EnvHarness reshapes environments [1].")]) as server:
        monkeypatch.setenv(variable, server.base_url)
        ran = filled("ask", "what is EnvHarness?")
        told = filled("doctor", "--json").json["findings"]

    assert ran.code == 0
    assert server.requests[0].headers["authorization"] == f"Bearer {key}"
    (model,) = [one["message"] for one in told if one["part"] == "model"]
    assert f"at {server.base_url}, from {variable}" in model
    assert f"{server.base_url}" in filled("config").out
    assert variable in filled("schedule").out, "a job of cron has no such variable, but may have the key"


@pytest.mark.parametrize(
    ("variable", "address"),
    [
        ("OPENAI_BASE_URL", "localhost:11434/v1"),
        ("OPENAI_BASE_URL", "http://"),
        ("OPENAI_API_BASE", "ftp://host/v1"),
        ("ASSISTANT_HOSTED_BASE_URL", "http://host:port/v1"),
    ],
)
def test_an_address_that_is_none_is_an_error_that_names_its_variable(
    filled: Assistant, key: str, monkeypatch: pytest.MonkeyPatch, variable: str, address: str
) -> None:
    monkeypatch.setenv(variable, address)

    ran = filled("ask", "what is EnvHarness?")

    assert ran.code == 2
    assert ran.err.startswith("error: ")
    assert variable in ran.err
    assert address in ran.err
    assert filled("search", "agents").code == 0, "what asks no server needs no address"


def test_a_server_that_answers_otherwise_is_traced_to_the_variable(
    filled: Assistant, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ScriptedServer([Status(404)]) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        ran = filled("ask", "what is EnvHarness?")

    assert ran.code == 4
    assert "Check OPENAI_BASE_URL" in ran.err
