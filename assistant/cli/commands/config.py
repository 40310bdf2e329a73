"""`assistant config`: the effective values and where each came from."""

import json

import click

from assistant.cli import console
from assistant.cli.options import common_options, invocation, json_option


@click.command("config", short_help="Show the effective configuration.")
@click.option("--example", is_flag=True, help="Print config.example.toml: every setting with its meaning.")
@json_option
@common_options
def command(example: bool, as_json: bool) -> None:
    """Show every setting, its value and its origin: command line, environment, file or default."""
    from assistant.config import example_text

    if example:
        console.write(example_text(), newline=False)
    else:
        _show(as_json=as_json)


def _show(*, as_json: bool) -> None:
    import os

    from assistant.config import printable_value
    from assistant.export.json import config_json
    from assistant.paths import default_folders

    loaded = invocation().load()
    folders = default_folders()
    key_variable = loaded.config.hosted.api_key_env
    key_state = "set" if os.environ.get(key_variable) else "not set"
    if as_json:
        console.write_json(config_json(loaded, {key_variable: key_state}))
        return
    config_file = loaded.file or f"none read; the usual place is {folders.config_file}"
    console.write(console.dim(f"configuration file: {config_file}"))
    width = max(map(len, loaded.values))
    for key, value in loaded.values.items():
        printed = json.dumps(printable_value(value), ensure_ascii=False)
        console.write(f"{key:<{width}}  {printed:<34} {console.dim(loaded.origins[key].name)}")
    if loaded.config.profiles:
        console.write(f"{'profiles':<{width}}  {', '.join(loaded.config.profiles):<34} {console.dim(str(loaded.file))}")
    console.write(f"{key_variable:<{width}}  {key_state:<34} {console.dim('environment; the value is never shown')}")
