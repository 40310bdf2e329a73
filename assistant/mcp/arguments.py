"""Tools that take no argument but their own: mcp 2.3 drops others without a word, and a filter with them."""

from typing import Any

from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.mcpserver.tools import Tool
from pydantic import ValidationError

from assistant.text import nearest

_LONGEST_VALUE = 60


class StrictTool(Tool):
    """A tool whose schema forbids other arguments, and which says what is wrong with those that are given."""

    def model_post_init(self, context: Any, /) -> None:
        """Say in the schema that there are no other arguments."""
        super().model_post_init(context)
        self.parameters = {**self.parameters, "additionalProperties": False}

    async def run(self, arguments: dict[str, Any], context: Context[Any, Any], convert_result: bool = False) -> Any:
        """Run the tool. Raises `ToolError`, which names the argument and the nearest one, before anything is done."""
        known = list(self.parameters["properties"])
        problems = [_unknown(name, known) for name in arguments if name not in known]
        if not problems:
            try:
                self.fn_metadata.validate_arguments(arguments)
            except ValidationError as error:
                problems = [_invalid(one["loc"], one["msg"], one["input"]) for one in error.errors(include_url=False)]
        if problems:
            raise ToolError(f"{self.name}: {' '.join(problems)} Its arguments are {', '.join(known)}.")
        return await super().run(arguments, context, convert_result)


def _unknown(name: str, known: list[str]) -> str:
    near = nearest(name, known)
    meant = f" Did you mean {near}?" if near else ""
    return f"There is no argument {name[:_LONGEST_VALUE]!r}.{meant}"


def _invalid(place: tuple[int | str, ...], message: str, value: object) -> str:
    """What is wrong with an argument; a value that is missing has the whole call for its value."""
    shown = f"{value!r}"[:_LONGEST_VALUE]
    got = "" if isinstance(value, dict) else f" (it is {shown})"
    return f"{'.'.join(map(str, place))}: {message}{got}."
