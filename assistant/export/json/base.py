"""What all published shapes have in common."""

import ast
import inspect
import json
from collections.abc import Mapping
from functools import cache
from textwrap import dedent
from typing import TYPE_CHECKING, Any

from typing_extensions import (
    TypedDict,  # the one that pydantic reads on Python 3.11
    get_original_bases,
)

if TYPE_CHECKING:
    from pydantic.json_schema import GenerateJsonSchema


class Published(TypedDict):
    """A JSON object with exactly the keys of its shape."""


Published.__pydantic_config__ = {"extra": "forbid"}  # type: ignore[attr-defined]  # where pydantic looks for it


DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_text(value: Mapping[str, object]) -> str:
    """The object as text, indented; letters beyond ASCII stand as they are."""
    return json.dumps(value, ensure_ascii=False, indent=2)


def json_schema(shape: type[Any], title: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of a shape; unknown keys are forbidden, so that it tells every key there is."""
    from pydantic import TypeAdapter

    adapter = TypeAdapter[Any](shape)
    made = adapter.json_schema(schema_generator=_generator(), mode="serialization")
    return {"$schema": DIALECT, **made, "title": title}


@cache
def _generator() -> "type[GenerateJsonSchema]":
    from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue

    class Documented(GenerateJsonSchema):
        """Describes keys by the docstrings below them, also those of base classes; repeats no key as its title."""

        def typed_dict_schema(self, schema: Any) -> JsonSchemaValue:
            made = super().typed_dict_schema(schema)
            for key, text in _key_docstrings(schema["cls"]).items():
                made["properties"][key]["description"] = text
            return made

        def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002  # pydantic's signature
            return False

    return Documented


def _key_docstrings(shape: type[Any]) -> dict[str, str]:
    """The string below each key of the shape and of those that it extends."""
    found: dict[str, str] = {}
    for base in get_original_bases(shape):
        if isinstance(base, type) and base is not dict:
            found |= _key_docstrings(base)
    return found | _own_key_docstrings(shape)


def _own_key_docstrings(shape: type[Any]) -> dict[str, str]:
    try:
        body = ast.parse(dedent(inspect.getsource(shape))).body[0]
    except OSError:  # a shape with keys that are no names is made by a call, not by a class
        return {}
    if not isinstance(body, ast.ClassDef):
        return {}
    pairs = zip(body.body, body.body[1:], strict=False)
    return {
        key.target.id: inspect.cleandoc(below.value.value)
        for key, below in pairs
        if isinstance(key, ast.AnnAssign) and isinstance(key.target, ast.Name)
        if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant) and isinstance(below.value.value, str)
    }
