"""The list of schemas as other programs read it."""

from assistant.export.json.base import Published


class SchemaEntryJson(Published):
    """A command that prints an object."""

    command: str
    description: str


class SchemasJson(Published):
    """Every command whose object has a schema."""

    commands: list[SchemaEntryJson]
