#!/usr/bin/env bash
# mcp 2.3.0 (Python, MCPServer): a tool call with an argument that the tool does not have.
#
# Behaviour: the argument is dropped without a word, the tool runs with its defaults, and the call succeeds; the input
# schema that the server lists does not say additionalProperties: false either, so that no client can object.
# Output seen: "result: city=None" for {"town": "Foo"}; "additionalProperties: None".
# The usual wrong guess: that pydantic, which validates the arguments, refuses what is not a parameter, and that a
# filter misspelled by a model ("organisation") comes back as an error. It comes back as an unfiltered result.
#
# Needs Python 3.11 or newer and pip; installs into a temporary folder. Exits 0 while the behaviour is as told here,
# 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install 'mcp==2.3.0' 2>/dev/null
"$folder/venv/bin/python" - <<'PY'
import asyncio
import sys

from mcp import Client
from mcp.server.mcpserver import MCPServer

server = MCPServer("finding")


@server.tool()
def count(city: str | None = None) -> str:
    """Count what is in a city, or everywhere."""
    return f"city={city}"


async def main() -> int:
    async with Client(server) as client:
        (tool,) = (await client.list_tools()).tools
        result = await client.call_tool("count", {"town": "Foo"})
    said = result.content[0].text
    print(f"result: {said}; is_error: {result.is_error}")
    print(f"additionalProperties: {tool.input_schema.get('additionalProperties')}")
    dropped = said == "city=None" and not result.is_error and "additionalProperties" not in tool.input_schema
    return 0 if dropped else 1


sys.exit(asyncio.run(main()))
PY
