"""`assistant today` for a reader: profiles, what is new, where it goes; clock and feed say what a test wants."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from pathlib import Path

import pytest

from assistant.cli.commands import today
from assistant.library.library import Library
from tests.cli.conftest import Assistant
from tests.support.http_server import Answer, Asked, running_server
from tests.support.smtp_servers import Mailbox, smtp_server

FRIDAY = date(2026, 8, 21)
PROFILES = """
[profiles.agents]
words = ["terminal task", "EnvHarness"]
[profiles.nobody]
words = ["underwater basket weaving"]
[mail]
host = "127.0.0.1"
security = "none"
sender = "papers@example.org"
to = "reader@example.org"
"""
EXTRACTIVE = ("--offline", "--model", "extractive", "today")

SetDay = Callable[[date], None]


@pytest.fixture
def reader(filled: Assistant, home: Path, set_day: SetDay) -> Assistant:
    """The command with profiles in its configuration and the sample feed in its library; one paper was shown."""
    (home / "config/daily-papers").mkdir(parents=True)
    (home / "config/daily-papers/config.toml").write_text(PROFILES)
    return lambda *arguments: filled(*EXTRACTIVE, *arguments)


@pytest.fixture
def set_day(monkeypatch: pytest.MonkeyPatch) -> SetDay:
    """Set the clock to nine in the morning (UTC) of a day."""

    def set_to(day: date) -> None:
        moment = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
        monkeypatch.setattr(today, "_now", lambda: moment)

    set_to(FRIDAY)
    return set_to


@pytest.fixture
def pages(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, list[str]]]:
    """A feed that lists these titles by day."""
    listed: dict[str, list[str]] = {}

    def answer(asked: Asked) -> Answer:
        day = asked.query.get("date", "")
        papers = [
            {"id": f"{day[2:4]}{day[5:7]}.{day[8:]}{place:03}", "title": title, "summary": f"{title} is what we do."}
            for place, title in enumerate(listed.get(day, []))
        ]
        return Answer(json.dumps([{"paper": paper | {"upvotes": 5, "authors": []}} for paper in papers]).encode())

    with running_server() as server:
        server.answer = answer
        monkeypatch.setenv("ASSISTANT_FEEDS_BASE_URL", server.url)
        monkeypatch.setenv("ASSISTANT_FEEDS_TIMEOUT_SECONDS", "20")
        monkeypatch.setenv("ASSISTANT_FEEDS_REFRESH_MINUTES", "0")
        monkeypatch.setenv("ASSISTANT_PATHS_ASSETS", str(home / "no-assets"))
        yield listed


def titles(text: str) -> list[str]:
    """The titles of a digest's papers, without the evidence below them."""
    return [line.split("] ", 1)[1] for line in text.splitlines() if line.startswith("[")]


def test_a_profile_shows_what_fits_and_why(reader: Assistant) -> None:
    plain = reader("--profile", "agents")
    read = reader("--profile", "agents", "--json").json

    assert plain.code == 0
    assert "EnvHarness in the title" in plain.out
    assert "15 outside the profile" in plain.out
    assert sorted(paper["id"] for paper in read["papers"]) == ["2608.18580", "2608.19880"]
    assert all(paper["why"] for paper in read["papers"])


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--profile", "agent"], 2, "Did you mean agents?"),
        (["--profile", "nobody"], 3, "None of the 17 papers of 2026-08-21 fits the profile nobody"),
        (["--new", "--profile", "nobody"], 8, "looked at 17 papers (17 outside the profile)"),
        (["--new", "--date", "2026-08-20"], 2, "do not go together"),
        (["--out", "digest.doc"], 2, ".md is Markdown, .html a page"),
        (["--out", "no/such/folder/digest.md"], 9, "no/such/folder"),
        (["--dry-run", "mail.eml"], 2, "Add --mail."),
        (["--mail", "--dry-run", "no/such/folder/mail.eml"], 9, "no/such/folder"),
        (["--out", f"{'x' * 300}.md"], 9, "File name too long"),
        (["--atom", "/dev/null"], 9, "/dev/null is a file, not a folder"),
        (["--mail"], 9, "Offline"),
    ],
)
def test_what_cannot_be_done_is_said_with_its_exit_code(
    reader: Assistant, arguments: list[str], code: int, message: str
) -> None:
    ran = reader(*arguments)

    assert (ran.code, ran.out) == (code, "")
    assert message in ran.err
    assert "Traceback" not in ran.err


def test_the_second_run_has_nothing_new_and_again_shows_all(reader: Assistant) -> None:
    first, second = reader("--new"), reader("--new")

    assert len(titles(first.out)) == 16
    assert "16 of 17 papers; 1 shown before" in first.out
    assert (first.code, second.code, second.out) == (0, 8, "")
    assert "Nothing new since 2026-08-21; looked at 17 papers (17 shown before)." in second.err
    assert "error" not in second.err
    assert len(titles(reader("--again").out)) == 17
    assert reader("--new", "--profile", "agents").code == 0


def test_what_was_printed_is_not_new_and_the_configuration_may_say_so(reader: Assistant, home: Path) -> None:
    assert reader("--profile", "agents").code == 0
    assert reader("--new", "--profile", "agents").code == 8
    (home / "config/daily-papers/config.toml").write_text(f'[digest]\nnew = true\nprofile = "agents"\n{PROFILES}')

    assert reader().code == 8
    assert reader("--date", "2026-08-21").code == 0
    assert len(titles(reader("--profile", "").out)) == 16


def test_a_missed_week_is_fetched_and_caught_up(
    pages: dict[str, list[str]], set_day: SetDay, assistant: Assistant
) -> None:
    today_new = ("today", "--new", "--model", "extractive", "--by", "listing")
    pages["2026-08-20"], pages["2026-08-21"] = ["Thursday"], ["Friday"]
    assert titles(assistant(*today_new).out)[:1] == ["Friday"]

    for back in range(3, 12):
        pages[(FRIDAY + timedelta(days=back)).isoformat()] = [f"Day {back}"]
    set_day(FRIDAY + timedelta(days=11))
    ran = assistant(*today_new)

    assert ran.out.startswith("Daily Papers, new since 2026-08-24")
    assert all(f"] Day {back}\n" in ran.out for back in range(3, 12))
    assert "Friday" not in ran.out
    assert assistant(*today_new).code == 8


def test_a_clock_set_back_repeats_nothing(pages: dict[str, list[str]], set_day: SetDay, assistant: Assistant) -> None:
    today_new = ("today", "--new", "--model", "extractive")
    pages["2026-08-19"], pages["2026-08-21"] = ["Wednesday"], ["Friday"]
    assert assistant(*today_new).code == 0
    set_day(FRIDAY - timedelta(days=1))
    assert assistant(*today_new).code == 8
    set_day(FRIDAY)
    pages["2026-08-21"].append("Friday afternoon")
    assert "] Friday afternoon" in assistant(*today_new).out


def test_an_unreachable_feed_with_nothing_new_is_a_failure(filled: Assistant, set_day: SetDay, home: Path) -> None:
    today_new = ("today", "--new", "--model", "extractive")
    first, second = filled(*today_new), filled(*today_new)

    assert first.code == 0
    assert (second.code, second.out) == (5, "")
    assert "Nothing new since 2026-08-21" in second.err
    assert "the feed could not be read" in second.err


def test_a_digest_goes_into_files_and_nothing_is_printed(reader: Assistant, tmp_path: Path) -> None:
    forms = ("md", "html", "json", "txt", "bib", "ris")
    files = [tmp_path / f"digest.{form}" for form in forms]
    ran = reader("--profile", "agents", *(part for file in files for part in ("--out", str(file))))

    assert (ran.code, ran.out) == (0, "")
    assert [line for line in ran.err.splitlines() if line.startswith("written")] == [
        f"written to {file}" for file in files
    ]
    assert all("2608.19880" in file.read_text() for file in files)
    assert json.loads(files[2].read_text())["papers"]
    assert "\x1b" not in files[3].read_text()


def test_a_feed_is_added_to_and_named_after_the_profile(reader: Assistant, tmp_path: Path) -> None:
    ran = reader("--profile", "agents", "--atom", str(tmp_path / "feeds"))
    (feed,) = (tmp_path / "feeds").glob("*agents.atom")

    assert ran.out == ""
    assert ran.err.endswith(f"2 new of 2 entries in {feed}\n")


def test_a_digest_is_mailed_once(filled: Assistant, reader: Assistant, set_day: SetDay) -> None:
    mailbox = Mailbox()
    with smtp_server(mailbox) as port:
        mail = (
            "--set",
            f"mail.port={port}",
            "today",
            "--model",
            "extractive",
            "--new",
            "--mail",
            "--profile",
            "agents",
        )
        sent, again = filled(*mail), filled(*mail)

    (envelope,) = mailbox.taken
    assert isinstance(envelope.content, bytes)
    message = message_from_bytes(envelope.content)
    assert (sent.code, sent.out) == (0, "")
    assert "mailed to reader@example.org" in sent.err
    assert str(make_header(decode_header(message["Subject"]))) == "Daily Papers, 2026-08-21 · agents"
    assert [part.get_content_type() for part in message.walk()][1:] == ["text/plain", "text/html"]
    assert again.code == 5  # the feed of the tests cannot be reached, so nobody knows what is new


def test_what_a_server_refused_is_new_the_next_time(filled: Assistant, reader: Assistant, tmp_path: Path) -> None:
    refusing, taking = Mailbox(sender_answer="550 go away"), Mailbox()
    new = ("today", "--model", "extractive", "--new", "--mail", "--out", str(tmp_path / "digest.md"))
    with smtp_server(refusing) as port:
        refused = filled("--set", f"mail.port={port}", *new)
    with smtp_server(taking) as port:
        sent = filled("--set", f"mail.port={port}", *new)

    assert refused.code == 9
    assert "Traceback" not in refused.err
    assert (sent.code, len(taking.taken)) == (0, 1)


def test_those_who_have_a_mail_do_not_get_it_again_for_one_that_is_refused(
    filled: Assistant, reader: Assistant, set_day: SetDay
) -> None:
    mailbox = Mailbox(refuses={"two@example.org": "550 unknown"})
    to = ("--set", "mail.to=reader@example.org, two@example.org")
    with smtp_server(mailbox) as port:
        new = (*to, "--set", f"mail.port={port}", "today", "--model", "extractive", "--new", "--mail")
        in_part, again = filled(*new), filled(*new)

    assert (in_part.code, again.code) == (9, 5)
    assert "not to all: two@example.org" in in_part.err
    assert len(mailbox.taken) == 1


def test_a_dry_run_sends_nothing_and_changes_nothing(reader: Assistant, tmp_path: Path) -> None:
    file = tmp_path / "digest.eml"
    first = reader("--new", "--mail", "--dry-run", str(file))

    assert (first.code, first.out) == (0, "")
    assert "nothing was sent" in first.err
    assert message_from_bytes(file.read_bytes())["To"] == "reader@example.org"
    assert reader("--new").code == 0


def test_a_mail_that_cannot_be_sent_is_told_before_anything_is_written(reader: Assistant, home: Path) -> None:
    (home / "config/daily-papers/config.toml").write_text("[mail]\nhost = 'mail.example.org'\n")
    ran = reader("--mail", "--dry-run", str(home / "x.eml"))
    assert (ran.code, ran.out) == (2, "")
    assert "mail.sender" in ran.err


def test_another_run_that_delivers_is_told(reader: Assistant, home: Path) -> None:
    folder = home / "data/daily-papers/library"
    with Library.open(folder, embedder=None) as library, library.digest_history.delivering("agents"):
        refused = reader("--new", "--profile", "agents")
        other, printed = reader("--new"), reader("--profile", "agents")

    assert (refused.code, refused.out) == (6, "")
    assert "Another run is delivering the digest of agents" in refused.err
    assert (other.code, printed.code) == (0, 0)


def started(*arguments: str, **environment: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "assistant", *EXTRACTIVE, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | environment,
    )


def test_of_two_runs_at_once_one_delivers(reader: Assistant, tmp_path: Path) -> None:
    files = [tmp_path / f"{number}.md" for number in range(2)]
    runs = [started("--new", "--out", str(file)) for file in files]
    errors = [run.communicate(timeout=120)[1] for run in runs]
    codes = [run.returncode for run in runs]

    assert sorted(codes) in ([0, 6], [0, 8]), errors
    assert [file.exists() for file in files] == [code == 0 for code in codes]
    assert reader("--new").code == 8


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12"])
def test_days_are_those_of_utc_wherever_the_machine_is(reader: Assistant, zone: str) -> None:
    here = reader("--again", "--top", "3").out
    with started("--again", "--top", "3", TZ=zone) as run:
        there = run.communicate(timeout=120)[0]
    assert there == here


def test_what_a_reader_left_is_not_remembered(reader: Assistant) -> None:
    line = f"{sys.executable} -m assistant {' '.join(EXTRACTIVE)} --new > /dev/full"
    failed = subprocess.run(line, shell=True, capture_output=True, text=True, check=False, timeout=120)
    assert failed.returncode == 1
    assert reader("--new").code == 0


def test_the_cost_of_a_hosted_model_is_told_and_capped(
    filled: Assistant, monkeypatch: pytest.MonkeyPatch, set_day: SetDay
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    ran = filled("--set", "digest.max_cost_dollars=0.000001", "--set", "hosted.base_url=http://127.0.0.1:9/v1",
                 "today", "--model", "hosted", "--date", "2026-08-21")  # fmt: skip

    assert (ran.code, ran.out) == (4, "")
    assert "gpt-5-mini: " in ran.err
    assert "digest.max_cost_dollars" in ran.err
    assert "sk-secret" not in ran.err


def test_nobody_gets_the_sample_for_news(assistant: Assistant) -> None:
    online, offline = assistant("today", "--new"), assistant("--offline", "today", "--new")

    assert (online.code, online.out) == (5, "")
    assert "The library has no papers. But the feed could not be read" in online.err
    assert (offline.code, offline.out) == (3, "")


def test_while_another_process_syncs_nobody_knows_what_is_new(
    pages: dict[str, list[str]], set_day: SetDay, assistant: Assistant, home: Path
) -> None:
    pages["2026-08-21"] = ["Friday"]
    assert assistant("today", "--new", "--model", "extractive").code == 0
    with Library.open(home / "data/daily-papers/library", embedder=None) as library, library.writing("sync"):
        ran = assistant("today", "--new", "--model", "extractive")

    assert (ran.code, ran.out) == (6, "")
    assert "is being written by" in ran.err


def test_the_profiles_are_in_the_configuration_that_is_shown(reader: Assistant, assistant: Assistant) -> None:
    assert "agents, nobody" in assistant("config").out
