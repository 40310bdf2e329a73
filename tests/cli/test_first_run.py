"""A first run as real machines have it: no network, an odd proxy, a broken certificate file, an empty library."""

from pathlib import Path

import pytest

from tests.cli.conftest import Assistant
from tests.support.http_server import running_server


def test_today_shows_the_sample_when_the_feed_is_unreachable_and_the_library_stays_empty(
    assistant: Assistant,
) -> None:
    ran = assistant("today", "--model", "extractive")

    assert ran.code == 0
    reached, sample, others = ran.err.splitlines()
    assert reached.startswith("127.0.0.1:9 cannot be reached")
    assert "this is the sample that ships with the program" in sample
    assert "assistant sync" in others
    assert ran.out.startswith("Daily Papers, 2026-08-21\nSample feed:")
    assert "[17] " in ran.out
    assert ran.out.endswith("17 of 17 papers; summaries by extractive\n")
    assert "\x1b" not in ran.out
    assert assistant("library", "--json").json["papers"] == 0


def test_after_the_sample_other_commands_say_how_to_read_it(assistant: Assistant) -> None:
    assistant("--offline", "today", "--model", "extractive")
    ran = assistant("--offline", "search", "agents")
    assert ran.code == 3
    assert "--sample" in ran.err

    for command in (["search", "agents that remember"], ["ask", "how do agents remember?"], ["cite", "2608.19880"]):
        for options in (["--sample", "--offline", *command], ["--offline", *command, "--sample"]):
            ran = assistant("--set", "model=extractive", *options)
            assert ran.code in {0, 3}, ran.err
            assert ran.out
    assert assistant("--offline", "today", "--sample", "--model", "extractive", "--date", "2026-08-20").code == 0
    assert assistant("library", "--json").json["papers"] == 0


@pytest.mark.parametrize("command", [["sync", "x.json"], ["library"], ["library", "remove", "--sample", "--yes"]])
def test_the_sample_papers_are_read_and_nothing_else(assistant: Assistant, command: list[str]) -> None:
    ran = assistant("--sample", *command)
    assert ran.code == 2
    assert f"does not go with {command[0]}" in ran.err


def test_days_without_papers_do_not_bring_the_sample(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    with running_server() as server:
        monkeypatch.setenv("ASSISTANT_FEEDS_BASE_URL", server.url)
        monkeypatch.setenv("ASSISTANT_FEEDS_TIMEOUT_SECONDS", "20")
        ran = assistant("today", "--model", "extractive")
    assert (ran.code, ran.out) == (3, "")
    assert "sample" not in ran.err


@pytest.mark.parametrize(
    ("variable", "value"),
    [("ALL_PROXY", "socks4://h:1"), ("http_proxy", "foo://me:hidden@h"), ("HTTP_PROXY", "http://[::bad")],
)
def test_a_proxy_that_is_none_is_named_and_the_feed_falls_back(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv("ASSISTANT_FEEDS_BASE_URL", "http://feed.test")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.setenv(variable, value)
    today, sync, doctor = assistant("today", "--model", "extractive"), assistant("sync"), assistant("doctor")

    assert today.code == 0
    assert today.out.startswith("Daily Papers, 2026-08-21\nSample feed:")
    assert sync.code == 5
    assert doctor.code == 1
    for told in (today.err, sync.err, doctor.out):
        assert f"{variable} " in told
        assert "hidden" not in told
    assert "✗ proxy" in doctor.out


def test_doctor_names_the_proxy_and_the_certificates(
    filled: Assistant, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.setenv("ASSISTANT_FEEDS_BASE_URL", "http://feed.test")
    monkeypatch.setenv("ALL_PROXY", "socks5://me:hidden@127.0.0.1:9")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "company.pem"))
    ran = filled("doctor", "--offline")

    assert "✓ proxy          feed.test" in ran.out
    assert "through socks5://***@127.0.0.1:9 (ALL_PROXY)" in ran.out
    assert "✗ certificates   SSL_CERT_FILE names " in ran.out
    assert "hidden" not in ran.out
    assert "31 papers are of the sample feed" in ran.out
    assert "assistant library remove --sample" in ran.out
