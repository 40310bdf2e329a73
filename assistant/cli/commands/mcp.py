"""`assistant mcp`: the assistant as tools of other programs."""

import asyncio
import json
import os
import shutil
import signal
import sys
from contextlib import suppress

import click

from assistant.cli import console
from assistant.cli.options import Invocation, common_options, invocation, model_option

_EXIT_INTERRUPTED = 130


class _WithSnippet(click.Command):
    """A command whose help ends with the entry for a client's configuration, ready to be copied."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  # click's signature
        """The entry that starts this very program."""
        formatter.write_paragraph()
        formatter.write("For the configuration of an MCP client:\n\n")
        formatter.write(_snippet() + "\n")


@click.command("mcp", cls=_WithSnippet, short_help="Offer search, reading, answers and digests to other programs.")
@model_option
@common_options
def command(model: str | None) -> None:
    """Serve the tools search, read_paper, ask and digest over the Model Context Protocol, on standard streams.

    A client starts this command itself. It reads the library as it is; `assistant sync` brings papers in.
    """
    called = invocation()
    if model is not None:
        called.overrides["model"] = model
    if sys.stdin.isatty():
        console.note("Waiting for a client on standard input; `assistant mcp --help` shows how one is set up.")
    asyncio.run(_serve(called))


async def _serve(called: Invocation) -> None:
    from assistant.mcp import serve
    from assistant.services import Assistant

    interrupted = asyncio.Event()
    with suppress(NotImplementedError):  # Windows ends the process by itself
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, interrupted.set)
    async with Assistant(container=called.container()) as assistant:
        serving = asyncio.ensure_future(serve(assistant))
        waiting = asyncio.ensure_future(interrupted.wait())
        await asyncio.wait((serving, waiting), return_when=asyncio.FIRST_COMPLETED)
        if interrupted.is_set():
            await assistant.aclose()
            os._exit(_EXIT_INTERRUPTED)  # a thread of the package waits for input, and Python would wait for it
        waiting.cancel()
        await serving


def _snippet() -> str:
    program_path = shutil.which("assistant")
    program = (
        {"command": program_path, "args": ["mcp"]}
        if program_path
        else {
            "command": sys.executable,
            "args": ["-m", "assistant", "mcp"],
        }
    )
    return json.dumps({"mcpServers": {"daily-papers": program}}, indent=2)
