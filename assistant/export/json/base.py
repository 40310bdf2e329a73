"""What all published shapes have in common."""

import json
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from typing_extensions import (
    TypedDict,  # the one that pydantic reads on Python 3.11
    get_original_bases,
)

if TYPE_CHECKING:
    from pydantic.json_schema import GenerateJsonSchema


class Published(TypedDict):
    """A JSON object with exactly the keys of its shape."""


Published.__pydantic_config__ = {"extra": "forbid", "use_attribute_docstrings": True}  # type: ignore[attr-defined]  # where pydantic looks for it


DIALECT = "https://json-schema.org/draft/2020-12/schema"
_DEFINITION_NAMES = {"SubjectKind": "Kind", "TrendMeasure": "Measure"}
"""By class, the name of its definition where that was published under another one."""


def json_text(value: Mapping[str, object]) -> str:
    """The object as text, indented; letters beyond ASCII stand as they are."""
    return json.dumps(value, ensure_ascii=False, indent=2)


def json_schema(shape: type[Any], title: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of a shape; unknown keys are forbidden, so that it tells every key there is."""
    from pydantic import TypeAdapter

    adapter = TypeAdapter[Any](shape)
    schema = adapter.json_schema(schema_generator=_generator(), mode="serialization")
    for definition in schema.get("$defs", {}).values():
        if definition.get("title") in _DEFINITION_NAMES:
            definition["title"] = _DEFINITION_NAMES[definition["title"]]
    return {"$schema": DIALECT, **schema, "title": title}


@cache
def _generator() -> "type[GenerateJsonSchema]":
    from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue

    class Documented(GenerateJsonSchema):
        """Describes also keys that a shape has from its bases; keeps published names; repeats no key as its title."""

        def typed_dict_schema(self, schema: Any) -> JsonSchemaValue:
            described = super().typed_dict_schema(schema)
            for key, text in _inherited_descriptions(schema["cls"]).items():
                described["properties"][key].setdefault("description", text)
            return described

        def normalize_name(self, name: str) -> str:
            return super().normalize_name(_DEFINITION_NAMES.get(name, name))

        def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002  # pydantic's signature
            return False

    return Documented


def _inherited_descriptions(shape: type[Any]) -> dict[str, str]:
    """What the bases of a shape say of their keys: pydantic reads the docstrings of a typed dictionary's own alone."""
    from pydantic import TypeAdapter

    descriptions: dict[str, str] = {}
    for base in get_original_bases(shape):
        if isinstance(base, type) and issubclass(base, dict) and base is not dict:
            schema = TypeAdapter[Any](base).json_schema(schema_generator=_generator(), mode="serialization")
            properties: dict[str, dict[str, Any]] = schema.get("properties", {})
            descriptions |= {
                key: key_schema["description"] for key, key_schema in properties.items() if "description" in key_schema
            }
    return descriptions
