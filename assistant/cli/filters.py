"""The options that narrow a search, and the filters they mean."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self, TypeVar, cast

import click

if TYPE_CHECKING:
    from assistant.library.filters import Filters

Decorated = TypeVar("Decorated", bound=Callable[..., object])


@dataclass(frozen=True, slots=True)
class Chosen:
    """The filter options as they were typed."""

    since: str | None
    until: str | None
    organization: tuple[str, ...]
    min_upvotes: int | None
    only: tuple[str, ...]

    @classmethod
    def of(cls, options: Mapping[str, object]) -> Self:
        """From the keyword arguments of a command with `filter_options`."""
        return cls(
            cast("str | None", options["since"]),
            cast("str | None", options["until"]),
            cast("tuple[str, ...]", options["organization"]),
            cast("int | None", options["min_upvotes"]),
            cast("tuple[str, ...]", options["only"]),
        )


def filter_options(command: Decorated) -> Decorated:
    """Add --since, --until, --organization, --min-upvotes and --only."""
    for option in (
        click.option("--only", multiple=True, metavar="ID", help="Only this paper (id or link); may be repeated."),
        click.option(
            "--min-upvotes", type=click.IntRange(min=0), metavar="N", help="Only papers with N upvotes or more."
        ),
        click.option("--organization", multiple=True, metavar="NAME", help="Only papers of this organization."),
        click.option("--until", metavar="YYYY-MM-DD", help="Only papers listed on this day or before."),
        click.option("--since", metavar="YYYY-MM-DD", help="Only papers listed on this day or after."),
    ):
        command = option(command)
    return command


def filters_of(chosen: Chosen) -> "Filters":
    """The filters that the options mean. Raises `UsageError` for a day or an id that is none."""
    from assistant.library.filter_parser import narrowed

    return narrowed(chosen.since, chosen.until, chosen.organization, chosen.min_upvotes, chosen.only)
