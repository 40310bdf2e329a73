"""The options of how an answer comes about and is held against its sources, and what they mean to the engine."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Self, TypeVar, cast

import click

if TYPE_CHECKING:
    from assistant.answering.verification.revision import CheckMode
    from assistant.config import Config
    from assistant.retrieval.query.parser import FilterKind

Decorated = TypeVar("Decorated", bound=Callable[..., object])

CHECKS = ("mark", "repair", "strict")
"""The values of `CheckMode`, written out: the help of a command loads no engine."""

IGNORABLE = ("dates", "organizations", "upvotes", "authors", "links", "words", "plan")
"""The values of `FilterKind`."""


@dataclass(frozen=True, slots=True)
class How:
    """How an answer is to come about; None leaves it to the configuration, or to the clock."""

    papers: int | None
    check: str | None
    samples: int | None
    refuse: bool | None
    ignored: "frozenset[FilterKind]"
    today: date | None

    @classmethod
    def of(cls, options: Mapping[str, object]) -> Self:
        """From the keyword arguments of a command with `how_options`. Raises `UsageError` for a day that is none."""
        from assistant.periods import parse_day
        from assistant.retrieval.query.parser import FilterKind

        today = cast("str | None", options["today"])
        return cls(
            cast("int | None", options["papers"]),
            cast("str | None", options["check"]),
            cast("int | None", options["samples"]),
            False if options["no_refusal"] else None,
            frozenset(map(FilterKind, cast("tuple[str, ...]", options["ignore"]))),
            parse_day(today) if today else None,
        )


def how_options(command: Decorated) -> Decorated:
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
    from assistant.answering.verification.revision import CheckMode

    return CheckMode(name) if name else None


def is_strict(name: str | None, config: "Config") -> bool:
    """Whether only supported sentences are to be shown, by --check, else by the configuration."""
    return (name or config.answers.check) == "strict"
