"""Options that many commands share, and how they become a configuration."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from assistant.config import LoadedConfig
    from assistant.config.settings import SettingValue
    from assistant.services import Workspace

Decorated = TypeVar("Decorated", bound=Callable[..., object])


@dataclass(slots=True)
class Invocation:
    """What the command line said about the configuration, before or behind the command's name."""

    config_file: Path | None = None
    overrides: "dict[str, SettingValue]" = field(default_factory=dict)
    sample: bool = False

    def load(self) -> "LoadedConfig":
        """The configuration: command line over environment over file over defaults."""
        from assistant.config.usual import load_usual_config

        return load_usual_config(self.config_file, os.environ, self.overrides)

    def workspace(self) -> "Workspace":
        """The parts of the program for this configuration."""
        from assistant.services import Workspace

        workspace = Workspace(self.load(), os.environ)
        workspace.show_sample(on=self.sample)
        return workspace


def invocation() -> Invocation:
    """The invocation of the command that runs now."""
    found = click.get_current_context().find_object(Invocation)
    assert found is not None  # noqa: S101  # main() makes it
    return found


def common_options(command: Decorated) -> Decorated:
    """Add --config, --offline and --set; they work before and behind the command's name."""
    for option in (
        click.option("--set", multiple=True, metavar="KEY=VALUE", expose_value=False, callback=_set,
                     help="Change one setting for this run, such as local.threads=1."),
        click.option("--offline", is_flag=True, expose_value=False, callback=_offline, help="Open no socket at all."),
        click.option("--config", type=click.Path(path_type=Path), expose_value=False, callback=_config,
                     help="Read this configuration file."),
    ):  # fmt: skip
        command = option(command)
    return command


def model_option(command: Decorated) -> Decorated:
    """Add --model."""
    return click.option(
        "--model",
        metavar="MODEL",
        help="Who writes: auto, hosted, local, extractive, an asset's name, a GGUF path or a hosted model's name.",
    )(command)


def writer_option(command: Decorated) -> Decorated:
    """Add --model before the command's name: who writes in the application, and in a command that names no other."""
    return click.option(
        "--model", metavar="MODEL", expose_value=False, callback=_model, help="Who writes, as for the commands."
    )(command)


def sample_option(command: Decorated) -> Decorated:
    """Add --sample: read the papers that ship with the program in place of the library."""
    return click.option(
        "--sample",
        is_flag=True,
        expose_value=False,
        callback=_sample,
        help="Read the sample papers that ship with the program, not the library.",
    )(command)


def json_option(command: Decorated) -> Decorated:
    """Add --json."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")(command)


def _model(ctx: click.Context, _parameter: click.Parameter, value: str | None) -> None:
    if value is not None:
        ctx.ensure_object(Invocation).overrides["model"] = value


def _config(ctx: click.Context, _parameter: click.Parameter, value: Path | None) -> None:
    if value is not None:
        ctx.ensure_object(Invocation).config_file = value


def _offline(ctx: click.Context, _parameter: click.Parameter, value: bool) -> None:  # click's signature
    if value:
        ctx.ensure_object(Invocation).overrides["offline"] = True


def _sample(ctx: click.Context, _parameter: click.Parameter, value: bool) -> None:  # click's signature
    if value:
        ctx.ensure_object(Invocation).sample = True


def _set(ctx: click.Context, _parameter: click.Parameter, value: tuple[str, ...]) -> None:
    for pair in value:
        key, separator, setting = pair.partition("=")
        if not separator:
            raise click.BadParameter(f"{pair!r} is not of the form KEY=VALUE")
        ctx.ensure_object(Invocation).overrides[key.strip()] = setting
