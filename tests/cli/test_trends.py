"""`assistant trends` in every form, and what it says when there is nothing to count."""

import csv
import io
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from assistant.cli import console
from assistant.cli.render.trends import aligned
from assistant.library.library import Library
from assistant.papers import FeedBatch
from tests.cli.conftest import Assistant
from tests.library.test_trend_report import MONDAY, NOW, weekly

HOSTILE = "=HYPERLINK(1) </script><script>alert(1)</script> [/b] {x}"
UNTIL = ("--until", (MONDAY + timedelta(days=4)).isoformat())


@pytest.fixture
def counted(assistant: Assistant, home: Path) -> Assistant:
    """The command, over eight weeks of robots that rise, agents that fall, and an organization with a hostile name."""
    with Library.open(home / "data" / "daily-papers" / "library", embedder=None) as library:
        library.ingest(weekly([1, 1, 1, 1, 5, 5, 5, 5]), NOW)
        library.ingest(weekly([4, 4, 4, 4, 3, 2, 1, 0], keyword="agents", organization="Other 実験室"), NOW)
        hostile = [
            replace(record, paper=replace(record.paper, organization=HOSTILE))
            for record in weekly([2], keyword="quokkas", organization="Third").records
        ]
        library.ingest(FeedBatch("test", tuple(hostile)), NOW)
    return assistant


def test_without_a_topic_it_shows_weeks_leading_names_and_what_rises(counted: Assistant) -> None:
    ran = counted("trends", "--weeks", "4", *UNTIL)

    assert ran.code == 0
    lines = ran.out.splitlines()
    assert lines[0] == "Papers a week, 2026-07-27 to 2026-08-21; compared with 2026-06-29 to 2026-07-24"
    assert [line.split()[:3] for line in lines if line.startswith("2026-W34")] == [["2026-W34", "Aug", "17"]]
    assert "all 28 280 +8 papers" in [" ".join(line.split()) for line in lines]
    assert next(line for line in lines if line.startswith("robots")).split() == ["robots", "20", "200", "+16"]
    rising = lines.index(next(line for line in lines if line.startswith("Rising topics")))
    assert lines[rising + 1].startswith("robots")
    assert HOSTILE[:20] in ran.out
    assert "\x1b" not in ran.out


def test_topics_get_a_column_each_compared_with_before(counted: Assistant) -> None:
    ran = counted("trends", "robots", "agents", "--weeks", "4", *UNTIL)

    rows = {line.split()[0]: line.split()[1:] for line in ran.out.splitlines() if line}
    assert rows["Week"] == ["robots", "agents", "all", "papers"]
    assert rows["together"] == ["20", "6", "28"]
    assert rows["before"] == ["4", "16", "20"]
    assert rows["change"] == ["+16", "−10", "+8"]
    assert rows["of"] == ["all", "71.4%", "21.4%"]


def test_upvotes_are_counted_on_demand(counted: Assistant) -> None:
    ran = counted("trends", "robots", "--by", "upvotes", "--weeks", "1", *UNTIL)

    assert ran.out.startswith("Upvotes a week")
    assert ["together", "50", "70"] in [line.split() for line in ran.out.splitlines()]


def test_organizations_narrow_topics_and_get_lines_without_them(counted: Assistant) -> None:
    parse_filters = counted("trends", "robots", "--organization", "other", "--weeks", "4", *UNTIL)
    compared = counted("trends", "--organization", "Lab", "--organization", "Other", "--weeks", "4", *UNTIL, "--json")

    assert parse_filters.code == 3
    assert [(line["name"], line["kind"], line["papers"]) for line in compared.json["lines"]] == [
        ("Lab", "organization", 20),
        ("Other", "organization", 6),
    ]


def test_a_plot_tells_lines_apart_without_colour(counted: Assistant) -> None:
    ran = counted("trends", "robots", "agents", "--weeks", "8", "--format", "plot", *UNTIL)
    bars = counted("trends", "--weeks", "8", "--format", "plot", *UNTIL)

    assert "● robots: 24 papers" in ran.out
    assert "▲ agents: 22 papers" in ran.out
    assert ran.out.count("●") >= 8
    assert "█" in bars.out
    assert "\x1b" not in ran.out + bars.out


def test_a_plot_is_coloured_on_a_terminal_unless_no_color_is_set(
    counted: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(console, "is_terminal", lambda: True)
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in counted("trends", "robots", "--format", "plot", *UNTIL).out
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setattr(console, "_colour", lambda: True)
    assert "\x1b" in counted("trends", "robots", "--format", "plot", *UNTIL).out


def test_a_plot_has_signs_for_five_lines(counted: Assistant) -> None:
    ran = counted("trends", *(("robots", "paper", "look", "works", "agents", "quokkas")), "--format", "plot", *UNTIL)

    assert ran.code == 2
    assert "--format svg" in ran.err


def test_a_picture_has_no_script_and_nothing_from_outside(counted: Assistant, home: Path) -> None:
    for arguments in (("trends",), ("trends", "robots", "agents"), ("trends", "--organization", HOSTILE)):
        ran = counted(*arguments, "--format", "svg", *UNTIL)
        root = ET.fromstring(ran.out)

        tags = {element.tag.rpartition("}")[2] for element in root.iter()}
        assert not tags & {"script", "image", "use", "a", "foreignObject", "desc"}
        assert ran.out.replace('xmlns="http://www.w3.org/2000/svg"', "").count("http") == 0
        assert not [name for element in root.iter() for name in element.attrib if name.startswith("on")]
        assert "prefers-color-scheme: dark" in ran.out
        assert "2026-08-17: " in ran.out


def test_a_table_for_spreadsheets_has_no_formula(counted: Assistant) -> None:
    rows = list(csv.DictReader(io.StringIO(counted("trends", "--weeks", "4", "--format", "csv", *UNTIL).out)))
    lines = list(csv.DictReader(io.StringIO(counted("trends", "robots", "--format", "csv", *UNTIL).out)))

    assert [row["papers"] for row in rows if row["kind"] == "all"] == ["8", "7", "6", "7"]
    assert "'" + HOSTILE in {row["name"] for row in rows if row["kind"] == "organization"}
    robots = next(row for row in rows if row["kind"] == "topic" and row["name"] == "robots")
    assert (robots["papers"], robots["papers_before"], robots["week"]) == ("20", "4", "")
    assert {row["kind"] for row in lines} == {"all", "words"}


@pytest.mark.parametrize(
    ("name", "begins"), [("a.svg", "<svg"), ("a.csv", "kind,"), ("a.json", "{"), ("a.txt", "Papers a week")]
)
def test_a_file_says_its_form_by_its_name(counted: Assistant, home: Path, name: str, begins: str) -> None:
    ran = counted("trends", "--out", str(home / name), *UNTIL)

    assert ran.code == 0
    assert ran.out == ""
    assert f"written to {home / name}" in ran.err
    assert (home / name).read_text().startswith(begins)


def test_one_topic_that_is_unknown_is_told_and_the_others_are_shown(counted: Assistant) -> None:
    ran = counted("trends", "robots", "agentz", *UNTIL)

    assert ran.code == 0
    assert "has 'agentz'" in ran.err
    assert "Topics near it: agents" in ran.err
    assert "agentz" not in ran.out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("robtos",), 3, "Topics near it: robots"),
        (("[/x]",), 3, "No paper of"),
        (("?!",), 2, "A topic has no word"),
        (("--organization", "Labb"), 3, "Organizations near it: Lab"),
        (("--since", "2999-01-01"), 2, "in the future"),
        (("--since", "2026-08-02", "--until", "2026-08-01"), 2, "is after the last one"),
        (("--since", "tomorrow"), 2, "is not a day"),
        (("--since", "2026-08-01", "--weeks", "3"), 2, "not both"),
        (("--until", "2020-01-01"), 3, "no papers of these days"),
        (("--out", "/nowhere/at/all.svg"), 9, "does not exist"),
    ],
)
def test_what_cannot_be_counted_says_why(counted: Assistant, arguments: tuple[str, ...], code: int, said: str) -> None:
    ran = counted("trends", *arguments)

    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err


def test_an_empty_library_has_no_trends(assistant: Assistant) -> None:
    ran = assistant("trends")

    assert ran.code == 3
    assert "assistant sync" in ran.err


def test_one_week_has_nothing_to_be_compared_with(assistant: Assistant, home: Path) -> None:
    with Library.open(home / "data" / "daily-papers" / "library", embedder=None) as library:
        library.ingest(weekly([2]), NOW)
    ran = assistant("trends")

    assert "nothing before to compare with" in ran.out
    assert assistant("trends", "--format", "plot").code == assistant("trends", "--format", "svg").code == 0


def test_columns_count_cells_of_the_terminal() -> None:
    head, wide, narrow = aligned([("name", "n"), ("実験室", "1"), ("lab", "10")])

    assert head == console.strong("name     n")
    assert (wide, narrow) == ("実験室   1", "lab     10")
