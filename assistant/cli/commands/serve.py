"""`assistant serve`: the terminal application in a browser."""

import asyncio

import click

from assistant.cli import console
from assistant.cli.options import Invocation, common_options, invocation


@click.command("serve", short_help="Offer the terminal application in a browser on this machine.")
@click.option("--host", default="localhost", show_default=True, help="Address to serve on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="Port; 0 takes a free one."
)
@click.option(
    "--public-url", metavar="URL", help="Address that browsers use, when it is another one: a proxy, a tunnel."
)
@click.option(
    "--allow-public",
    is_flag=True,
    help="Serve on an address that other machines reach. There is no password: whoever reaches it reads what you read "
    "and spends with your keys.",
)
@common_options
def command(host: str, port: int, public_url: str | None, allow_public: bool) -> None:
    """Offer the terminal application in a browser; Ctrl-C ends.

    Each page that is opened runs the application for itself, on the same library. Only pages of the server itself may
    connect to it. From another machine: `ssh -L 8000:localhost:8000 HOST`, then open http://localhost:8000.
    """
    from assistant.cli.web_server import require_private, serve

    require_private(host, public_url, allow_public=allow_public)
    called = invocation()
    asyncio.run(_check(called))
    serve(_arguments(called), host, port, public_url, lambda url: console.write(f"Open {url} (Ctrl-C ends)"))


async def _check(called: Invocation) -> None:
    """Find out here, and not in the browser, what keeps the application from starting."""
    from assistant.tui import require_startable

    async with called.container() as container:
        require_startable(container)


def _arguments(called: Invocation) -> list[str]:
    """The options that the application is started with: those of this command line."""
    arguments: list[str] = []
    if called.config_file is not None:
        arguments += ["--config", str(called.config_file.absolute())]
    for key, value in called.overrides.items():
        arguments += ["--offline"] if key == "offline" and value is True else ["--set", f"{key}={value}"]
    return arguments
