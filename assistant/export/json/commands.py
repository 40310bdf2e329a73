"""Which command prints which object, and its schema."""

import inspect
from collections.abc import Mapping
from typing import Any

from assistant.errors import UsageError
from assistant.export.json.answers import AnswerJson
from assistant.export.json.assets import AssetPlaceJson, AssetsJson, PulledJson
from assistant.export.json.comparison import ComparisonJson
from assistant.export.json.config import ConfigJson
from assistant.export.json.conversations import ConversationJson
from assistant.export.json.digest import DigestJson
from assistant.export.json.doctor import DoctorJson
from assistant.export.json.document import DocumentJson
from assistant.export.json.evaluation import EvaluationJson
from assistant.export.json.ideas import IdeasJson
from assistant.export.json.library import ExportJson, LibraryCheckJson, LibraryJson, RebuildJson, RemovedJson
from assistant.export.json.references import ReferencesJson
from assistant.export.json.schedule import ScheduleJson
from assistant.export.json.schema import json_schema
from assistant.export.json.schemas import SchemasJson
from assistant.export.json.search import SearchJson
from assistant.export.json.sync import SyncJson
from assistant.export.json.trends import TrendsJson
from assistant.text import nearest

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
