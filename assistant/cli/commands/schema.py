"""`assistant schema`: what the JSON objects of the commands look like, for other programs."""

import click

from assistant.cli import console
from assistant.cli.options import common_options, json_option


@click.command("schema", short_help="Print the JSON Schema of a command's --json.")
@click.argument("command_name", nargs=-1, metavar="[COMMAND]")
@json_option
@common_options
def command(command_name: tuple[str, ...], as_json: bool) -> None:
    """Print the JSON Schema (2020-12) of what COMMAND prints with --json; without COMMAND list the commands.

    The schema names every key: unknown ones are forbidden. It is that of the installed version.
    """
    from assistant.export.json import schema_of, schemas_json

    if command_name:
        console.write_json(schema_of(" ".join(command_name)))
    elif as_json:
        console.write_json(schemas_json())
    else:
        for entry in schemas_json()["commands"]:
            console.write(f"{entry['command']:<16} {entry['description']}")
