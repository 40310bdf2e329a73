"""What runs a digest every day: a crontab line, or a timer and a service of systemd. Pure; nothing is installed."""

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path

from assistant.errors import UsageError

_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_PLAIN_ARGUMENT = re.compile(r"[\w@:/.,=+-]+", re.ASCII)
_NOTHING_NEW = 8
_NO_USE_TRYING_AGAIN = (2, 9)
"""Exit codes of wrong options, and of a delivery that may have gone through."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """A command that runs at a time of day.

    ``first_run`` is a run in the reader's zone (aware). ``environment_file`` holds variables for the command,
    ``needs_variables`` tells whether it cannot do without. ``zone`` is the reader's zone where it is not the machine's.
    """

    name: str
    command: tuple[str, ...]
    first_run: datetime
    weekdays: bool
    environment_file: Path
    needs_variables: bool = False
    zone: str | None = None


def time_of_day(text: str) -> time:
    """A time such as 07:30. Raises `UsageError`."""
    matched = _TIME.fullmatch(text.strip())
    if matched is None:
        raise UsageError(f"{text!r} is not a time of day.", "Give hours and minutes, such as 07:30.")
    return time(int(matched[1]), int(matched[2]))


def unit_name(profile: str) -> str:
    """The name of the units of a profile, "" for none: letters of other scripts become their numbers."""
    plain = re.sub(r"[^A-Za-z0-9_-]", lambda matched: f"u{ord(matched.group()):x}", profile)
    return f"daily-papers-{plain}" if profile else "daily-papers"


def crontab_line(schedule: Schedule, machine_run: datetime) -> str:
    """The line for `crontab -e`; ``machine_run`` is the first run in the machine's own zone, which cron goes by.

    cron takes a percent sign for the end of the line unless a backslash stands before it.
    """
    command = shlex.join(schedule.command)
    if schedule.needs_variables:
        file = shlex.quote(str(schedule.environment_file))
        command = f"set -a; [ ! -r {file} ] || . {file}; set +a; {command}"
    days = _cron_days(schedule, machine_run)
    return f"{machine_run.minute} {machine_run.hour} * * {days} {command}".replace("%", "\\%")


def systemd_service(schedule: Schedule) -> str:
    """The service. "Nothing new" is a success; what may pass, such as no network yet, is tried again three times."""
    never = " ".join(map(str, _NO_USE_TRYING_AGAIN))
    return f"""\
[Unit]
Description=Daily Papers: a digest of what is new
StartLimitIntervalSec=6h
StartLimitBurst=4

[Service]
Type=oneshot
EnvironmentFile=-{_specifiers(str(schedule.environment_file))}
ExecStart={systemd_command(schedule.command)}
SuccessExitStatus={_NOTHING_NEW}
Restart=on-failure
RestartSec=15min
RestartPreventExitStatus={never}
"""


def systemd_timer(schedule: Schedule) -> str:
    """The timer; a run that was missed because the machine was off comes as soon as it is on."""
    days = "Mon..Fri " if schedule.weekdays else ""
    zone = f" {schedule.zone}" if schedule.zone else ""
    return f"""\
[Unit]
Description=Daily Papers: when the digest is made

[Timer]
OnCalendar={days}*-*-* {schedule.first_run:%H:%M}:00{zone}
Persistent=true

[Install]
WantedBy=timers.target
"""


def systemd_command(command: Sequence[str]) -> str:
    """A command as systemd reads it; specifiers and variables in it stand for themselves (systemd.syntax(7))."""
    program, *arguments = command
    return " ".join([_quoted(program), *(_quoted(argument.replace("$", "$$")) for argument in arguments)])


def _quoted(argument: str) -> str:
    if _PLAIN_ARGUMENT.fullmatch(argument):
        return argument
    escaped = argument.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{_specifiers(escaped)}"'


def _specifiers(text: str) -> str:
    return text.replace("%", "%%")


def _cron_days(schedule: Schedule, machine_run: datetime) -> str:
    """Monday to Friday of the reader, as days of the machine: in another zone it may be the day before or after."""
    if not schedule.weekdays:
        return "*"
    shift = (machine_run.date() - schedule.first_run.date()).days
    return {-1: "0-4", 0: "1-5", 1: "2-6"}[shift]
