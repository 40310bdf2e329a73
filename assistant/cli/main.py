"""The command `assistant`: its commands, loaded when they are called, and the one place where errors end."""

import os
import sys
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import click

from assistant._version import __version__
from assistant.cli.options import Invocation, common_options, invocation, sample_option, writer_option
from assistant.errors import AssistantError, NothingNew
from assistant.paths import default_folders
from assistant.text import nearest


def write_crash_report(error: BaseException) -> Path | None:
    """Write the traceback to the log folder and return its path; None when nothing can be written there."""
    folder = default_folders().logs
    now = datetime.now(UTC)
    head = f"daily-papers-assistant {__version__}, Python {sys.version.split()[0]}, {sys.platform}, {now.isoformat()}\n"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        report = folder / f"crash-{now:%Y%m%d-%H%M%S}.log"
        report.write_text(head + "".join(traceback.format_exception(error)), encoding="utf-8")
    except OSError:
        return None
    return report


EXIT_INTERRUPTED = 130
SERVED_DRIVER = "TEXTUAL_DRIVER"

COMMANDS: Mapping[str, str] = {
    "today": "The digest of the newest day, of a period, or of what is new.",
    "schedule": "Print what runs the digest every day: cron or systemd.",
    "ask": "Answer a question from the papers, with citations.",
    "search": "Find papers and the sentence in each that fits.",
    "summarize": "Summarize papers by id, link or title.",
    "compare": "Compare papers in a table.",
    "survey": "Survey a topic in a document of checked sentences.",
    "ideas": "Propose research directions that build on the papers of a topic.",
    "cite": "Papers as BibTeX or RIS for a reference manager.",
    "sync": "Bring papers in: the feed, arXiv, saved pages, files.",
    "library": "Show, check, rebuild, export or remove what is kept.",
    "assets": "List, pull and verify models and tokenizers.",
    "config": "Show the effective configuration.",
    "doctor": "Check everything and say what to do.",
    "eval": "Measure retrieval, refusal and citations on question files.",
    "serve": "Offer the terminal application in a browser on this machine.",
    "trends": "Papers, upvotes, organizations and topics by week.",
    "mcp": "Offer search, reading, answers and digests to other programs.",
    "schema": "Print the JSON Schema of a command's --json.",
    "completion": "Print the completion script of a shell.",
}
"""Every command and its line in the help; the modules are imported only when they run."""

_EPILOG = """\b
Exit codes: 0 done, 1 unexpected failure, 2 bad usage or input, 3 nothing found,
4 model missing or failing, 5 feed unreachable, 6 library, 7 asset, 8 nothing new,
9 written but not delivered, 130 interrupted.
"""


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports one when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        """The commands in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # click's signature
        """Import the command's module."""
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"assistant.cli.commands.{cmd_name}").command
        assert isinstance(command, click.Command)  # noqa: S101  # each module of the table defines one
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is asked for; what is none is refused with the one that is most like it."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-") and not ctx.resilient_parsing:
            near = nearest(args[0], COMMANDS)
            remedy = f"Did you mean {near!r}?" if near else "The help lists every command."
            raise click.UsageError(f"No such command {args[0]!r}. {remedy}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  # click's signature
        """The list of commands, from the table."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=_EPILOG,
    invoke_without_command=True,
)
@click.version_option(__version__, prog_name="assistant")
@common_options
@writer_option
@sample_option
@click.pass_context
def cli(ctx: click.Context) -> int:
    """Read Hugging Face Daily Papers: digests, answers and comparisons with checked citations.

    Without a command it opens the terminal application.
    """
    if invocation().sample and ctx.invoked_subcommand is not None:
        _require_sample_reader(ctx, ctx.invoked_subcommand)
    if ctx.invoked_subcommand is None:
        if _has_screen():
            import asyncio

            return asyncio.run(_application())
        click.echo(ctx.get_help())
    return 0


def _require_sample_reader(ctx: click.Context, name: str) -> None:
    """Raise `click.UsageError` for a command that would do something else to the sample papers than read them."""
    called = cli.get_command(ctx, name)
    if called is not None and "sample" not in {parameter.name for parameter in called.params}:
        raise click.UsageError(f"--sample reads the sample papers; it does not go with {name}.")


def _has_screen() -> bool:
    """Whether somebody can see and use the application.

    `assistant serve` is no terminal: textual-serve talks through pipes, and names Textual's driver for them.
    """
    return (sys.stdin.isatty() and sys.stdout.isatty()) or SERVED_DRIVER in os.environ


async def _application() -> int:
    from assistant.tui import run_application

    async with invocation().container() as container:
        return await run_application(container)


def main() -> None:
    """Run the command line; every failure becomes a message, a remedy and an exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command line and return its exit code."""
    try:
        code = cli.main(arguments, prog_name="assistant", standalone_mode=False, obj=Invocation())
        sys.stdout.flush()
    except SystemExit:
        return 0  # click ends so when the reader of the output has left (`| head`)
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001  # the outermost edge: nobody gets a traceback
        return _ended_by(error)
    return code if isinstance(code, int) else 0


def _ended_by(error: BaseException) -> int:
    """Tell the reader what ended the command and return its exit code."""
    match error:
        case AssistantError():
            _report(error)
            return error.exit_code
        case click.ClickException():
            error.show()
            return error.exit_code
        case KeyboardInterrupt() | click.Abort():
            click.echo("interrupted; what was done is kept", err=True)
            return EXIT_INTERRUPTED
        case BrokenPipeError():
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0
        case OSError():
            _report(AssistantError(f"The system refuses: {error.strerror or error}", _os_remedy(error)))
            return AssistantError.exit_code
        case _:
            return _report_unexpected(error)


def _report(error: AssistantError) -> None:
    label = "" if isinstance(error, NothingNew) else "error: "
    click.echo(f"{label}{_sentence(error.message)}", err=True)
    if error.remedy:
        click.echo(f"       {_sentence(error.remedy)}", err=True)


def _sentence(text: str) -> str:
    """The text as a sentence, whichever adapter wrote it; a name at its start (a host, a file) keeps its case."""
    closed = text if text.endswith((".", "!", "?", ")", "`")) else f"{text}."
    first = closed.split(maxsplit=1)[0] if closed.strip() else ""
    return closed[:1].upper() + closed[1:] if first.rstrip(":,.").isalpha() else closed


def _os_remedy(error: OSError) -> str:
    place = f" {error.filename}" if error.filename else ""
    return f"Check free space and permissions of{place or ' the place that is written to'}."


def _report_unexpected(error: BaseException) -> int:

    place = write_crash_report(error)
    click.echo(f"error: Something unexpected happened: {type(error).__name__}: {error}", err=True)
    click.echo(f"       The details are in {place}." if place else "       No report could be written.", err=True)
    return 1
