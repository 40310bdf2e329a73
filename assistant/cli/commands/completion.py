"""`assistant completion`: the script that makes a shell complete commands and options."""

import click
from click.shell_completion import get_completion_class

from assistant.cli import console
from assistant.cli.options import common_options


@click.command("completion", short_help="Print the completion script of a shell.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@common_options
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the completion script for SHELL.

    \b
    bash: assistant completion bash > ~/.local/share/bash-completion/completions/assistant
    zsh:  assistant completion zsh > a folder of $fpath, as _assistant
    fish: assistant completion fish > ~/.config/fish/completions/assistant.fish
    """  # noqa: D301  # click's mark for lines that stay as they are
    completion_class = get_completion_class(shell)
    assert completion_class is not None  # noqa: S101  # the choices are click's own
    console.write(completion_class(ctx.find_root().command, {}, "assistant", "_ASSISTANT_COMPLETE").source())
