"""The diagnosis as other programs read it."""

from typing import Literal

from assistant.export.json.base import Published


class FindingJson(Published):
    """One part that was checked; a "note" costs something but nothing is broken."""

    part: str
    state: Literal["ok", "note", "wrong"]
    message: str
    remedy: str | None


class DoctorJson(Published):
    """Everything that was checked."""

    findings: list[FindingJson]
