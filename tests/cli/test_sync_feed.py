"""`assistant sync` against a feed on loopback that replays real answers, and what else needs a world around it."""

import json
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from assistant.cli import console, main
from tests.cli.conftest import Assistant
from tests.support.http_server import Answer, Asked, Server, running_server

DAYS = ("2024-05-27", "2025-03-20", "2025-10-15", "2026-08-21")


@pytest.fixture
def feed(home: Path, shared: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server with the captured days; every other day is empty."""
    pages = {day: (shared / f"feeds/hf_api/daily_papers_date_{day}.json").read_bytes() for day in DAYS}

    def answer(asked: Asked) -> Answer:
        if "sort" in asked.query or "week" in asked.query or "month" in asked.query:
            return Answer(pages["2026-08-21"])
        return Answer(pages.get(asked.query.get("date", ""), b"[]"))

    with running_server() as server:
        server.answer = answer
        monkeypatch.setenv("ASSISTANT_FEEDS_BASE_URL", server.url)
        monkeypatch.setenv("ASSISTANT_FEEDS_TIMEOUT_SECONDS", "20")
        yield server


def test_a_day_comes_once_and_its_counts_are_brought_up(feed: Server, assistant: Assistant) -> None:
    first = assistant("sync", "--date", "2026-08-21", "--json").json
    changed = [
        dict(item, numComments=99) for item in json.loads(feed.answer(Asked("", {"date": "2026-08-21"}, {})).body)
    ]
    feed.answers(Answer(json.dumps(changed).encode()))
    again = assistant("sync", "--date", "2026-08-21", "--refresh", "--json").json

    assert len(first["new"]) == 17
    assert sorted(again["updated"]) == sorted(first["new"])
    assert again["new"] == []
    assert "settled, not asked again" in assistant("sync", "--date", "2026-08-21").err


def test_a_range_says_why_days_are_empty(feed: Server, assistant: Assistant) -> None:
    ran = assistant("sync", "--since", "2026-08-21", "--until", "2026-08-23")

    assert "17 new" in ran.out
    assert ran.err.count("weekend") == 2
    assert [asked.query["date"] for asked in feed.asked] == ["2026-08-21", "2026-08-22", "2026-08-23"]


@pytest.mark.parametrize("period", [["--week", "2026-W34"], ["--month", "2026-08"], ["--trending", "17"]])
@pytest.mark.usefixtures("feed")
def test_weeks_months_and_what_trends(assistant: Assistant, period: list[str]) -> None:
    assert len(assistant("sync", "--json", *period).json["new"]) == 17


@pytest.mark.usefixtures("feed")
def test_today_syncs_the_day_it_is_asked_for(assistant: Assistant) -> None:
    digest = assistant("today", "--date", "2025-10-15", "--model", "extractive", "--top", "3", "--json").json

    assert digest["sample"] is False
    assert digest["coverage"]["papers"] == 3
    assert digest["coverage"]["listed"] > 3


def test_wrong_ranges_are_usage_errors(assistant: Assistant) -> None:
    assert assistant("sync", "--since", "2026-08-22", "--until", "2026-08-21").code == 2
    assert assistant("sync", "--week", "34").code == 2


def test_the_doctor_asks_the_feed(feed: Server, assistant: Assistant) -> None:
    findings = assistant("doctor", "--json").json["findings"]

    assert {"part": "feed", "state": "ok", "message": f"{feed.url} answers", "remedy": None} in findings


def test_nothing_kept_is_an_error(assistant: Assistant, tmp_path: Path) -> None:
    file = tmp_path / "odd.jsonl"
    file.write_text('{"id": "2601.00002", "title": "No abstract", "date": "2026-01-05"}\n')

    assert assistant("sync", str(file), "--offline").code == 2


def test_a_lost_index_is_said(filled: Assistant, home: Path) -> None:
    (home / "data/daily-papers/library/tantivy").rename(home / "gone")
    ran = filled("search", "agents", "--offline")

    assert ran.code == 6
    assert "library rebuild" in ran.err
    assert filled("library", "rebuild").code == 0
    assert filled("search", "agents", "--offline").code == 0


def test_an_export_to_a_device_leaves_the_device(filled: Assistant) -> None:
    assert filled("library", "export", "/dev/null").code == 0
    assert Path("/dev/null").is_char_device()


def test_a_table_is_drawn_on_a_terminal(filled: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "is_terminal", lambda: True)
    ran = filled("compare", "--offline", "--model", "extractive", "2608.19880", "2608.18580")

    assert "┃" in ran.out
    for aspect in ("problem", "method", "data", "results", "limitations"):
        assert aspect in ran.out


def test_the_unexpected_leaves_a_report_and_no_traceback(
    assistant: Assistant, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(main.cli, "main", fail)
    ran = assistant("config")

    assert ran.code == 1
    assert "RuntimeError: a bug" in ran.err
    assert "Traceback" not in ran.err
    (report,) = (home / "state/daily-papers").glob("crash-*.log")
    assert "Traceback" in report.read_text()
    assert str(report) in ran.err


@pytest.mark.parametrize(
    ("error", "code"),
    [(KeyboardInterrupt(), 130), (click.Abort(), 130), (PermissionError(13, "Permission denied", "/x"), 1)],
)
def test_how_commands_end(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(main.cli, "main", fail)

    assert assistant("config").code == code


@pytest.mark.parametrize(
    ("asked", "option"),
    [
        ("2026-08-03", "--date"),
        ("2026-W32", "--week"),
        ("2026-08", "--month"),
        ("2405.99003", "--arxiv"),
        ("https://arxiv.org/abs/2405.99003", "--arxiv"),
    ],
)
def test_what_the_feed_is_asked_for_by_an_option_is_named_with_it(
    assistant: Assistant, asked: str, option: str
) -> None:
    ran = assistant("sync", asked)
    assert ran.code == 2
    assert f"`assistant sync {option} {asked}`" in ran.err
