"""Options that many commands share, and what they mean: a configuration, filters, how an answer comes about."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeVar, cast

import click

if TYPE_CHECKING:
    from assistant.answering.verification import CheckMode
    from assistant.config import Config, LoadedConfig, SettingValue
    from assistant.library import Filters
    from assistant.retrieval.query import FilterKind
    from assistant.services import AnswerOptions, AppContainer


Decorated = TypeVar("Decorated", bound=Callable[..., object])


@dataclass(slots=True)
class Invocation:
    """What the command line said about the configuration, before or behind the command's name."""

    config_file: Path | None = None
    overrides: "dict[str, SettingValue]" = field(default_factory=dict)
    sample: bool = False

    def load(self) -> "LoadedConfig":
        """The configuration: command line over environment over file over defaults."""
        from assistant.services import load_configuration

        return load_configuration(self.config_file, self.overrides)

    def container(self) -> "AppContainer":
        """The parts of the program for this configuration."""
        from assistant.services import AppContainer

        container = AppContainer(self.load(), os.environ)
        container.show_sample(on=self.sample)
        return container


def invocation() -> Invocation:
    """The invocation of the command that runs now."""
    current = click.get_current_context().find_object(Invocation)
    assert current is not None  # noqa: S101  # main() makes it
    return current


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


def filter_options(command: Decorated) -> Decorated:
    """Add an option for each of `READER_FILTERS`: --since, --until, --organization, --min-upvotes, --only."""
    from assistant.library import READER_FILTERS

    for each in reversed(READER_FILTERS):
        kind = None if each.least is None else click.IntRange(min=each.least)
        command = click.option(
            each.option, each.name, type=kind, multiple=each.several, metavar=each.metavar, help=each.help
        )(command)
    return command


def filters_of(options: Mapping[str, object]) -> "Filters":
    """The filters that the options of a command mean. Raises `UsageError` for a day or an id that is none."""
    from assistant.library import parse_filters

    return parse_filters(options)


CHECKS = ("mark", "repair", "strict")
"""The values of `CheckMode`, written out: the help of a command loads no engine."""

IGNORABLE = ("dates", "organizations", "upvotes", "authors", "links", "words", "plan")
"""The values of `FilterKind`."""


@dataclass(frozen=True, slots=True)
class AskOptions:
    """How an answer is to come about; None leaves it to the configuration, or to the clock."""

    papers: int | None
    check: str | None
    samples: int | None
    refuse: bool | None
    ignored: "frozenset[FilterKind]"
    today: date | None

    @classmethod
    def of(cls, options: Mapping[str, object]) -> Self:
        """From the arguments of a command with `add_ask_options`. Raises `UsageError` for a day that is none."""
        from assistant.periods import parse_day
        from assistant.retrieval.query import FilterKind

        today = cast("str | None", options["today"])
        return cls(
            cast("int | None", options["papers"]),
            cast("str | None", options["check"]),
            cast("int | None", options["samples"]),
            False if options["no_refusal"] else None,
            frozenset(map(FilterKind, cast("tuple[str, ...]", options["ignore"]))),
            parse_day(today) if today else None,
        )

    @property
    def answering(self) -> "AnswerOptions":
        """How answers are written and checked."""
        return {"check": check_mode(self.check), "samples": self.samples, "refuse": self.refuse}


def add_ask_options(command: Decorated) -> Decorated:
    """Add --papers, --check, --samples, --no-refusal, --ignore and --today."""
    for option in (
        click.option("--today", metavar="YYYY-MM-DD", help="The day from which “last week” in the question counts."),
        click.option("--ignore", multiple=True, type=click.Choice(IGNORABLE),
                     help="Leave out a filter that the question's own words make; may be repeated."),
        click.option("--no-refusal", is_flag=True, help="Answer also when the papers do not seem to tell."),
        click.option("--samples", type=click.IntRange(1, 16), metavar="N",
                     help="Write N answers and keep the one that is best supported."),
        check_option,
        click.option("--papers", type=click.IntRange(1, 50), help="Papers given to the model."),
    ):  # fmt: skip
        command = option(command)
    return command


def check_option(command: Decorated) -> Decorated:
    """Add --check."""
    return click.option(
        "--check",
        type=click.Choice(CHECKS),
        help="Sentences that their sources do not bear out are marked, repaired, or left out (strict).",
    )(command)


def check_mode(name: str | None) -> "CheckMode | None":
    """What --check asks for; None leaves it to the configuration."""
    from assistant.answering.verification import CheckMode

    return CheckMode(name) if name else None


def is_strict(name: str | None, config: "Config") -> bool:
    """Whether only supported sentences are to be shown, by --check, else by the configuration."""
    return (name or config.answers.check) == "strict"
