"""`assistant schedule`: what runs the digest every day on this machine. Prints it; installs nothing."""

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from assistant.cli import console
from assistant.cli.options import Invocation, common_options, invocation, json_option
from assistant.errors import UsageError
from assistant.export import Schedule, crontab_line, systemd_service, systemd_timer, time_of_day, unit_name
from assistant.proxies import PROXY_VARIABLES
from assistant.tls import CERTIFICATE_VARIABLES

if TYPE_CHECKING:
    from assistant.config import Config
    from assistant.export.json import ScheduleJson

_LOCALTIME = Path("/etc/localtime")
_ZONES = "zoneinfo/"
_CARRIED = (
    *("OPENAI_BASE_URL", "OPENAI_API_BASE"),  # without them the key would go to another server than here
    *("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"),
    *PROXY_VARIABLES,
    *CERTIFICATE_VARIABLES,
)
"""Variables of the shell that change what the command does, beside ASSISTANT_*."""


@dataclass(frozen=True, slots=True)
class _Options:
    """The options of the command."""

    profile: str | None
    at: str
    weekdays: bool
    out: tuple[Path, ...]
    atom: Path | None
    mail: bool

    @property
    def delivers(self) -> bool:
        """Whether the digest goes somewhere, instead of being printed."""
        return bool(self.out or self.atom or self.mail)


@click.command("schedule", short_help="Print what runs the digest every day: cron or systemd.")
@click.option("--profile", metavar="NAME", help="The profile of the digest; '' for none.")
@click.option("--at", default="08:00", show_default=True, metavar="HH:MM", help="When, in your local time.")
@click.option("--weekdays", is_flag=True, help="Monday to Friday only.")
@click.option("--mail", is_flag=True, help="Send the digest as e-mail.")
@click.option(
    "--atom", type=click.Path(path_type=Path), metavar="FOLDER", help="Add to the profile's Atom feed in FOLDER."
)
@click.option(
    "--out", multiple=True, type=click.Path(path_type=Path), metavar="FILE", help="Write to FILE; may be repeated."
)
@json_option
@common_options
def command(as_json: bool, **options: Any) -> None:
    """Print the crontab line, and the timer and service of systemd, for `assistant today --new` with these options.

    Nothing is installed. Secrets are not printed; they belong into the file that the output names.
    """
    called, schedule_options = invocation(), _Options(**options)
    now = datetime.now(UTC)
    plan = _plan(called, schedule_options, now)
    if as_json:
        console.write_json(_json(plan))
        return
    for line in _text(called, schedule_options, plan):
        console.write(line)


@dataclass(frozen=True, slots=True)
class _SchedulePlan:
    """The schedule, its first run by the machine's own clock, and the variables that it needs."""

    schedule: Schedule
    machine_run: datetime
    variables: tuple[str, ...]


def _plan(called: Invocation, options: _Options, now: datetime) -> _SchedulePlan:
    from assistant.paths import default_folders

    config, at = called.load().config, time_of_day(options.at)
    name = config.digest.profile if options.profile is None else options.profile
    _require(config, name, options)
    run = datetime.combine(now.astimezone().date(), at).astimezone()
    machine_run = run.astimezone(_machine_zone()) if "TZ" in os.environ else run
    zone = _named_zone(os.environ.get("TZ", ""))
    variables = _variables(config, options)
    schedule = Schedule(
        unit_name(name),
        _command(called, options),
        run if zone else machine_run,
        options.weekdays,
        default_folders().config_file.parent / "environment",
        needs_variables=bool(variables),
        zone=zone,
    )
    return _SchedulePlan(schedule, machine_run, variables)


def _json(plan: _SchedulePlan) -> "ScheduleJson":
    schedule = plan.schedule
    here = {"cron": shutil.which("crontab"), "systemd": shutil.which("systemctl")}
    return {
        "command": list(schedule.command),
        "first_run": schedule.first_run.isoformat(),
        "environment_file": str(schedule.environment_file),
        "variables": list(plan.variables),
        "cron": crontab_line(schedule, plan.machine_run),
        "systemd": {
            "folder": str(_units_folder()),
            "name": schedule.name,
            "service": systemd_service(schedule),
            "timer": systemd_timer(schedule),
        },
        "here": [name for name, program in here.items() if program],
    }


def _text(called: Invocation, options: _Options, plan: _SchedulePlan) -> Iterator[str]:
    schedule, machine_run = plan.schedule, plan.machine_run
    yield from _head(schedule, options, time_of_day(options.at))
    yield from _notes(called, schedule, plan.variables, options)
    parts = [(shutil.which("systemctl"), _systemd(schedule)), (shutil.which("crontab"), _cron(schedule, machine_run))]
    for _, lines in sorted(parts, key=lambda part: part[0] is None):
        yield ""
        yield from lines


def _require(config: "Config", profile: str, options: _Options) -> None:
    """Make sure now that the command will not be refused every morning. Raises `AssistantError`."""
    from assistant.export import Exportable
    from assistant.services import require_mail, require_places, require_profile

    require_profile(config, profile)
    require_places(options.out, Exportable.DIGEST)
    if options.mail:
        require_mail(config)


def _head(schedule: Schedule, options: _Options, at: time) -> Iterator[str]:
    days = "Monday to Friday" if options.weekdays else "Every day"
    utc = schedule.first_run.astimezone(UTC)
    times = sorted({f"{moment:%H:%M}" for moment in _over_the_year(schedule.first_run.date(), at)} | {f"{utc:%H:%M}"})
    shift = (utc.date() - schedule.first_run.date()).days
    beside = {-1: " of the day before", 0: "", 1: " of the day after"}[shift]
    zone = schedule.zone or _zone_of(_LOCALTIME) or schedule.first_run.tzname()
    yield f"# {days} at {schedule.first_run:%H:%M} {zone}, which is {' or '.join(times)} UTC{beside}."
    yield "# Daily Papers are listed during the UTC day, Monday to Friday; what comes after the run is in the next one."
    if options.weekdays and shift:
        first, last = {-1: ("Sunday", "Thursday"), 1: ("Tuesday", "Saturday")}[shift]
        yield f"# In UTC these runs are from {first} to {last}."


def _notes(called: Invocation, schedule: Schedule, variables: tuple[str, ...], options: _Options) -> Iterator[str]:
    yield "# Exit code 0: delivered; 8: nothing new; any other: failed, and the next run delivers what is left."
    if not options.delivers:
        yield "# Without --mail, --atom or --out the digest is printed: cron mails that to you, systemd logs it."
    if variables:
        yield "# Neither cron nor systemd knows the variables of your shell. Write those that you use, one NAME='value'"
        yield f"# a line, with the quotation marks, to {schedule.environment_file} (then `chmod 600` it):"
        yield f"# {', '.join(variables)}"
    left = sorted(set(called.overrides) - {"offline", "model"})
    if left:
        yield f"# Not carried over, so write it to the configuration file: {', '.join(left)}"


def _systemd(schedule: Schedule) -> Iterator[str]:
    folder, name = _units_folder(), schedule.name
    yield f"# systemd, {_here('systemctl')}"
    yield f"# {folder / name}.service"
    yield systemd_service(schedule)
    yield f"# {folder / name}.timer"
    yield systemd_timer(schedule)
    yield f"# Then: systemctl --user daemon-reload && systemctl --user enable --now {name}.timer"
    yield "# To run also while you are not logged in: loginctl enable-linger"


def _units_folder() -> Path:
    return Path.home() / ".config/systemd/user"


def _cron(schedule: Schedule, machine_run: datetime) -> Iterator[str]:
    yield f"# cron, {_here('crontab')}: run `crontab -e` and add this line"
    if machine_run.utcoffset() != schedule.first_run.utcoffset():
        yield f"# (cron goes by the machine's clock, where it is {machine_run:%H:%M} then)"
    yield crontab_line(schedule, machine_run)


def _here(program: str) -> str:
    place = shutil.which(program)
    return f"which this machine has ({place})" if place else f"which is not on this machine (no {program})"


def _command(called: Invocation, options: _Options) -> tuple[str, ...]:
    """The command to run, with absolute paths, for it runs in another folder."""
    file = called.config_file or (Path(named) if (named := os.environ.get("ASSISTANT_CONFIG")) else None)
    model = called.overrides.get("model")
    parts = [
        *_program(),
        "today",
        "--new",
        *(["--config", str(file.expanduser().absolute())] if file else []),
        *(["--offline"] if called.overrides.get("offline") else []),
        *(["--model", str(model)] if model else []),
        *(["--profile", options.profile] if options.profile is not None else []),
        *(part for out in options.out for part in ("--out", str(out.expanduser().absolute()))),
        *(["--atom", str(options.atom.expanduser().absolute())] if options.atom else []),
        *(["--mail"] if options.mail else []),
    ]
    for part in parts:
        if not part.isprintable():
            raise UsageError(f"{part!r} cannot stand in a schedule.", "Take a name without line breaks.")
    return tuple(parts)


def _program() -> list[str]:
    """How this program is started, by its absolute path."""
    started = Path(sys.argv[0])
    if started.name == "assistant" and started.is_file():
        return [str(started.absolute())]
    beside = Path(sys.executable).with_name("assistant")
    program = str(beside) if beside.is_file() else shutil.which("assistant")
    return [str(Path(program).absolute())] if program else [sys.executable, "-m", "assistant"]


def _variables(config: "Config", options: _Options) -> tuple[str, ...]:
    """The names of the variables that the run may need; their values are looked at by nobody."""
    mail = (config.mail.user_env, config.mail.password_env) if options.mail else ()
    key = config.hosted.api_key_env
    shell = sorted(name for name in os.environ if name.startswith("ASSISTANT_") and name != "ASSISTANT_CONFIG")
    carried = [name for name in (key, *_CARRIED) if name in os.environ]
    return tuple(dict.fromkeys(name for name in (*mail, *carried, *shell) if name))


def _over_the_year(day: date, at: time) -> Iterator[datetime]:
    """The run in UTC on days half a year apart: clocks may be put forward in between."""
    for start in (day, day + timedelta(days=182)):
        yield datetime.combine(start, at).astimezone().astimezone(UTC)


def _machine_zone() -> ZoneInfo:
    """The zone that the machine itself goes by, whatever TZ says."""
    try:
        with _LOCALTIME.open("rb") as file:
            return ZoneInfo.from_file(file)
    except (OSError, ValueError):
        return ZoneInfo("UTC")


def _zone_of(link: Path) -> str | None:
    """The name of a zone by the file that a link leads to."""
    target = str(link.resolve()) if link.exists() else ""
    return target.partition(_ZONES)[2] or None


def _named_zone(variable: str) -> str | None:
    """The zone that the variable TZ names; None when it is empty or writes a zone in another way ("UTC-3")."""
    name = variable.lstrip(":")
    try:
        return ZoneInfo(name).key if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
