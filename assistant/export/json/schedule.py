"""What runs a digest every day, as other programs read it."""

from assistant.export.json.base import Published


class SystemdJson(Published):
    """A service and its timer, to be written into the folder."""

    folder: str
    name: str
    service: str
    """The text of NAME.service."""
    timer: str
    """The text of NAME.timer."""


class ScheduleJson(Published):
    """What runs a digest every day; nothing of it is installed."""

    command: list[str]
    first_run: str
    """The next run of this day, with its offset from UTC (ISO 8601)."""
    environment_file: str
    """Where the variables are read from."""
    variables: list[str]
    """Names of the variables that the command needs; their values are yours to write."""
    cron: str
    """The line of the crontab."""
    systemd: SystemdJson
    here: list[str]
    """Which of "cron" and "systemd" this machine has."""
