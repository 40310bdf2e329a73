"""Talking to the terminal: answers on stdout, everything else on stderr, bars only where someone looks."""

import json
import os
import shutil
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.progress import Progress

_WIDEST = 100


def write(text: str = "", *, newline: bool = True) -> None:
    """Text of an answer, on stdout; colours are left out when it is no terminal."""
    click.echo(text, nl=newline, color=_colour())


def write_json(value: object) -> None:
    """One JSON object on stdout."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def note(text: str) -> None:
    """A remark on stderr."""
    click.echo(text, err=True)


def is_terminal() -> bool:
    """Whether a person reads stdout."""
    return sys.stdout is not None and sys.stdout.isatty()


def strong(text: str) -> str:
    """Text that stands out on a terminal."""
    return click.style(text, bold=True)


def dim(text: str) -> str:
    """Text in the background on a terminal."""
    return click.style(text, dim=True)


def wrapped(text: str, indent: str = "") -> str:
    """Prose for a reader: folded to the terminal's width, in a pipe one line a paragraph."""
    if not is_terminal():
        return indent + text
    width = min(shutil.get_terminal_size().columns, _WIDEST)
    return textwrap.fill(text, width, initial_indent=indent, subsequent_indent=indent, break_long_words=False)


@contextmanager
def progress_bars(*, bytes_counted: bool = False) -> "Iterator[Progress]":
    """Progress bars on stderr, gone when they are done; nothing at all when stderr is no terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    counted = DownloadColumn() if bytes_counted else MofNCompleteColumn()
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), counted, TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        yield progress


def _colour() -> bool | None:
    """Whether colours are written whatever stdout is: never with NO_COLOR, else click decides by the terminal."""
    return False if os.environ.get("NO_COLOR") else None
