"""Which command prints which object, and its schema."""

import inspect
from collections.abc import Mapping
from typing import Any

from assistant.errors import UsageError
from assistant.export.json.answers import AnswerJson, ComparisonJson
from assistant.export.json.base import Published, json_schema
from assistant.export.json.conversation import ConversationJson
from assistant.export.json.digest import DigestJson
from assistant.export.json.evaluation import EvaluationJson
from assistant.export.json.library import (
    AssetPlaceJson,
    AssetsJson,
    ConfigJson,
    DoctorJson,
    ExportJson,
    LibraryCheckJson,
    LibraryJson,
    PulledJson,
    RebuildJson,
    ReferencesJson,
    RemovedJson,
    ScheduleJson,
    SyncJson,
)
from assistant.export.json.papers import SearchJson
from assistant.export.json.reports import DocumentJson, IdeasJson
from assistant.export.json.trends import TrendsJson
from assistant.text import nearest


class SchemaEntryJson(Published):
    """A command that prints an object."""

    command: str
    description: str


class SchemasJson(Published):
    """Every command whose object has a schema."""

    commands: list[SchemaEntryJson]


SHAPES: Mapping[str, type[Any]] = {
    "today": DigestJson,
    "ask": AnswerJson,
    "search": SearchJson,
    "summarize": AnswerJson,
    "compare": ComparisonJson,
    "survey": DocumentJson,
    "ideas": IdeasJson,
    "sync": SyncJson,
    "library": LibraryJson,
    "library check": LibraryCheckJson,
    "library rebuild": RebuildJson,
    "library export": ExportJson,
    "library remove": RemovedJson,
    "assets list": AssetsJson,
    "assets pull": PulledJson,
    "assets verify": AssetsJson,
    "assets where": AssetPlaceJson,
    "config": ConfigJson,
    "doctor": DoctorJson,
    "eval": EvaluationJson,
    "trends": TrendsJson,
    "cite": ReferencesJson,
    "schedule": ScheduleJson,
    "schema": SchemasJson,
    "conversation": ConversationJson,
}
"""Command (with its subcommand) to the shape of its ``--json``; "conversation" is the application's export."""


def schema_of(command: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of what a command prints with ``--json``. Raises `UsageError` for an unknown one."""
    if command not in SHAPES:
        near = nearest(command, SHAPES)
        hint = f"Did you mean {near!r}? " if near else ""
        raise UsageError(f"There is no schema of {command!r}.", f"{hint}`assistant schema` lists all of them.")
    return json_schema(SHAPES[command], f"assistant {command} --json")


def schemas_json() -> SchemasJson:
    """The object of `schema`: every command that prints one."""
    described = ((name, inspect.getdoc(shape) or "") for name, shape in SHAPES.items())
    return {"commands": [{"command": name, "description": text.splitlines()[0]} for name, text in described]}
