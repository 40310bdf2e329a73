"""Lines for cron and units for systemd, which take percent signs, spaces and dollars for something else."""

import re
import shlex
import shutil
import subprocess
from datetime import UTC, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import UsageError
from assistant.export.schedule import (
    Schedule,
    crontab_line,
    systemd_command,
    systemd_service,
    systemd_timer,
    time_of_day,
    unit_name,
)

RUN = datetime(2026, 8, 21, 7, 30, tzinfo=UTC)
COMMAND = ("/opt/the app/assistant", "today", "--new", "--atom", '/srv/100% $HOME/it\'s "here"')
ARGUMENTS = st.lists(st.text(st.characters(exclude_categories=("C", "Z")) | st.just(" "), max_size=12), max_size=4)


def schedule(*, command: tuple[str, ...] = COMMAND, weekdays: bool = False, needs: bool = False) -> Schedule:
    return Schedule("daily-papers", command, RUN, weekdays, Path("/home/a b/50%/environment"), needs)


def run_by_cron(line: str) -> str:
    """The command as cron gives it to the shell: a backslash before a percent sign goes, a bare one ends it."""
    command = line.split(" ", 5)[5]
    return re.split(r"(?<!\\)%", command)[0].replace("\\%", "%")


@given(ARGUMENTS)
def test_cron_runs_the_command_as_it_was_given(arguments: list[str]) -> None:
    command = ("/bin/printf", "%s\\n", *(text.replace("\\", "") for text in arguments))
    assert tuple(shlex.split(run_by_cron(crontab_line(schedule(command=command), RUN)))) == command


def test_a_line_of_cron() -> None:
    line = crontab_line(schedule(), RUN)
    assert line == ("30 7 * * * '/opt/the app/assistant' today --new --atom '/srv/100\\% $HOME/it'\"'\"'s \"here\"'")


def test_a_shell_reads_the_variables_from_their_file(tmp_path: Path) -> None:
    file = tmp_path / "5% of it"
    wanted = Schedule("x", ("/bin/sh", "-c", 'echo "$MAIL_PASSWORD"'), RUN, False, file, needs_variables=True)
    command = run_by_cron(crontab_line(wanted, RUN))

    def printed() -> str:
        return subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True, env={}).stdout

    assert printed() == "\n"
    file.write_text("MAIL_PASSWORD='a secret'\n")
    assert printed() == "a secret\n"


@pytest.mark.parametrize(
    ("zone", "line"),
    [
        ("UTC", "30 7 * * 1-5"),
        ("Etc/GMT+12", "30 19 * * 0-4"),
        ("Pacific/Kiritimati", "30 21 * * 1-5"),
        ("Asia/Kolkata", "0 13 * * 1-5"),
    ],
)
def test_cron_goes_by_the_clock_of_the_machine(zone: str, line: str) -> None:
    assert crontab_line(schedule(weekdays=True), RUN.astimezone(ZoneInfo(zone))).startswith(f"{line} '/opt")


def test_weekdays_of_a_reader_far_east_are_the_day_before_on_the_machine() -> None:
    run = datetime(2026, 8, 21, 8, 0, tzinfo=ZoneInfo("Pacific/Kiritimati"))
    wanted = Schedule("x", ("/bin/true",), run, True, Path("/e"), zone="Pacific/Kiritimati")

    assert crontab_line(wanted, run.astimezone(UTC)) == "0 18 * * 0-4 /bin/true"
    assert "OnCalendar=Mon..Fri *-*-* 08:00:00 Pacific/Kiritimati\n" in systemd_timer(wanted)


def test_a_command_of_systemd() -> None:
    assert systemd_command(COMMAND) == (
        '"/opt/the app/assistant" today --new --atom "/srv/100%% $$HOME/it\'s \\"here\\""'
    )
    assert systemd_command(("/bin/x", "")) == '/bin/x ""'


def test_the_service_takes_nothing_new_for_a_success() -> None:
    service = systemd_service(schedule())
    assert "SuccessExitStatus=8\n" in service
    assert "EnvironmentFile=-/home/a b/50%%/environment\n" in service
    assert "OnCalendar=*-*-* 07:30:00\n" in systemd_timer(schedule())


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not on this machine")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    wanted = schedule(command=("/bin/true", *COMMAND[1:]), weekdays=True)
    for kind, text in (("service", systemd_service(wanted)), ("timer", systemd_timer(wanted))):
        (tmp_path / f"daily-papers.{kind}").write_text(text)
    checked = subprocess.run(
        ["systemd-analyze", "verify", "--user", "daily-papers.service", "daily-papers.timer"],
        cwd=tmp_path,
        env={"XDG_RUNTIME_DIR": str(tmp_path), "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (checked.returncode, checked.stderr) == (0, "")


@pytest.mark.parametrize(
    ("profile", "name"),
    [("", "daily-papers"), ("robotics", "daily-papers-robotics"), ("日本-1", "daily-papers-u65e5u672c-1")],
)
def test_units_have_plain_names(profile: str, name: str) -> None:
    assert unit_name(profile) == name


def test_times_of_day() -> None:
    assert (time_of_day("7:30"), time_of_day(" 23:59 "), time_of_day("00:00")) == (time(7, 30), time(23, 59), time(0))
    for wrong in ("24:00", "7", "7:5", "07:30:00", "noon", "", "٠٧:٣٠"):
        with pytest.raises(UsageError, match="is not a time of day"):
            time_of_day(wrong)
