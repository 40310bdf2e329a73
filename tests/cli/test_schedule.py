"""`assistant schedule`: lines that can be taken as they stand, and no secret in them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Assistant

CONFIGURATION = """
[profiles.robotics]
words = ["robot"]
[mail]
host = "mail.example.org"
sender = "papers@example.org"
to = "reader@example.org"
"""


@pytest.fixture
def configured(assistant: Assistant, home: Path, monkeypatch: pytest.MonkeyPatch) -> Assistant:
    """The command with a profile in its configuration, and a shell with secrets in it."""
    (home / "config/daily-papers").mkdir(parents=True)
    (home / "config/daily-papers/config.toml").write_text(CONFIGURATION)
    for name in ("MAIL_USER", "MAIL_PASSWORD", "OPENAI_API_KEY"):
        monkeypatch.setenv(name, "sesame-4711")
    monkeypatch.delenv("TZ", raising=False)
    return assistant


def in_zone(zone: str, *arguments: str) -> str:
    ran = subprocess.run(
        [sys.executable, "-m", "assistant", "schedule", *arguments],
        env=os.environ | {"TZ": zone},
        capture_output=True,
        text=True,
        check=True,
    )
    return ran.stdout


def line_of(text: str, start: str) -> str:
    return next(line for line in text.splitlines() if line.startswith(start))


def test_the_usual_schedule_is_every_morning_with_what_is_new(configured: Assistant) -> None:
    ran = configured("schedule")

    assert (ran.code, ran.err) == (0, "")
    assert "# Every day at 08:00 " in ran.out
    assert "Daily Papers are listed during the UTC day" in ran.out
    assert "Without --mail, --atom or --out the digest is printed" in ran.out
    assert " * * * " in line_of(ran.out, "0 8")
    assert ran.out.count("today --new") == 2


def test_options_come_with_absolute_paths_and_the_program_with_its_own(configured: Assistant, home: Path) -> None:
    ran = configured(
        "--model", "extractive", "schedule", "--profile", "robotics", "--at", "7:05", "--weekdays", "--mail",
        "--atom", "~/my feeds", "--out", "digest.md",
    )  # fmt: skip
    command = line_of(ran.out, "ExecStart=").removeprefix("ExecStart=")

    assert Path(command.split(" ")[0]).is_absolute()
    assert f'--out {Path.cwd() / "digest.md"} --atom "{Path.home()}/my feeds" --mail' in command
    assert "--model extractive --profile robotics" in command
    assert "OnCalendar=Mon..Fri *-*-* 07:05:00\n" in ran.out
    assert line_of(ran.out, "5 7 * * 1-5 ")
    assert "enable --now daily-papers-robotics.timer" in ran.out


def test_secrets_are_named_and_never_shown(configured: Assistant, home: Path) -> None:
    ran = configured("schedule", "--mail", "--set", "hosted.base_url=http://user:sesame-4711@host/v1")

    assert "sesame" not in ran.out + ran.err
    for name in ("MAIL_USER", "MAIL_PASSWORD", "OPENAI_API_KEY", "XDG_DATA_HOME", "ASSISTANT_PATHS_ASSETS"):
        assert name in ran.out
    assert f"EnvironmentFile=-{home}/config/daily-papers/environment" in ran.out
    assert f"|| . {home}/config/daily-papers/environment; " in ran.out
    assert "Not carried over, so write it to the configuration file: hosted.base_url" in ran.out


@pytest.mark.parametrize(
    ("has", "first"),
    [((), "systemd"), (("crontab",), "cron"), (("systemctl",), "systemd"), (("crontab", "systemctl"), "systemd")],
)
def test_what_the_machine_has_comes_first(
    configured: Assistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has: tuple[str, ...], first: str
) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in has:
        (programs / name).write_text("#!/bin/sh\n")
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(programs))
    out = configured("schedule").out

    assert ("# cron, which this machine has" in out) == ("crontab" in has)
    assert ("# systemd, which this machine has" in out) == ("systemctl" in has)
    assert min(("cron", "systemd"), key=lambda name: out.index(f"# {name},")) == first


def test_a_configuration_file_that_was_named_is_named_again(
    configured: Assistant, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(home)
    (home / "50% mine.toml").write_text("offline = true\n")
    out = configured("--config", "50% mine.toml", "--offline", "schedule").out

    assert f'--config "{home}/50%% mine.toml" --offline' in out
    assert f"--config '{home}/50\\% mine.toml' --offline" in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--at", "25:00"], "'25:00' is not a time of day"),
        (["--profile", "robotisc"], "Did you mean robotics?"),
        (["--atom", "two\nlines"], "cannot stand in a schedule"),
        (["--out", "digest.doc"], ".md is Markdown, .html a page"),
        (["--mail", "--set", "mail.sender="], "mail.sender is empty"),
    ],
)
def test_what_cannot_be_scheduled_is_an_error(configured: Assistant, arguments: list[str], message: str) -> None:
    ran = configured("schedule", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err


def test_a_zone_far_east_runs_on_the_day_before(configured: Assistant) -> None:
    out = in_zone("Pacific/Kiritimati", "--weekdays")

    assert out.startswith("# Monday to Friday at 08:00 Pacific/Kiritimati, which is 18:00 UTC of the day before.\n")
    assert "# In UTC these runs are from Sunday to Thursday.\n" in out
    assert "OnCalendar=Mon..Fri *-*-* 08:00:00 Pacific/Kiritimati\n" in out


def test_a_zone_far_west_runs_on_the_day_after(configured: Assistant) -> None:
    out = in_zone("Etc/GMT+12", "--weekdays", "--at", "20:00")

    assert "at 20:00 Etc/GMT+12, which is 08:00 UTC of the day after.\n" in out
    assert "# In UTC these runs are from Tuesday to Saturday.\n" in out


def test_summer_time_is_told(configured: Assistant) -> None:
    assert "at 08:00 Europe/Berlin, which is 06:00 or 07:00 UTC.\n" in in_zone("Europe/Berlin")


def test_a_zone_without_a_name_is_that_of_the_machine(configured: Assistant) -> None:
    out = in_zone("XYZ-3:15")
    assert "XYZ" not in out
    assert "OnCalendar=*-*-* " in out


def test_mail_without_a_server_is_refused_now_and_not_every_morning(configured: Assistant) -> None:
    ran = configured("schedule", "--mail", "--set", "mail.host=")
    assert ran.code == 2
    assert "mail.host is empty" in ran.err
