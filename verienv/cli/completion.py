"""`verienv completion`: the script that completes commands, tasks, levels, splits and knobs in a shell."""

from __future__ import annotations

import click
from click import shell_completion

from verienv.cli import options
from verienv.errors import UnknownName

INSTALL = {
    "bash": "verienv completion bash > ~/.local/share/bash-completion/completions/verienv",
    "zsh": "verienv completion zsh > ~/.zfunc/_verienv   # a folder in your fpath",
    "fish": "verienv completion fish > ~/.config/fish/completions/verienv.fish",
}


class Shell(options.Text):
    """bash, zsh or fish."""

    name = "shell"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The shell; UnknownName gives the nearest."""
        if value not in INSTALL:
            raise UnknownName("shell", value, INSTALL)
        return str(value)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[shell_completion.CompletionItem]:
        """The three."""
        return [shell_completion.CompletionItem(name) for name in INSTALL if name.startswith(incomplete)]


@click.command("completion", epilog="\b\nTo install:\n" + "\n".join(f"  {line}" for line in INSTALL.values()))
@click.argument("shell", type=Shell(), metavar="bash|zsh|fish")
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the script that completes commands, tasks, levels, splits and knobs."""
    made = shell_completion.get_completion_class(shell)
    if made is None:
        raise UnknownName("shell", shell, INSTALL)
    complete = made(ctx.find_root().command, {}, "verienv", "_VERIENV_COMPLETE")
    click.echo(complete.source_template % complete.source_vars())  # as .source(), without starting the shell
