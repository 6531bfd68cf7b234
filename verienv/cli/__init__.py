"""The command line. A command is one file here that exports `command`, and one line in SECTIONS.

Nothing of a command is imported before it is asked for, so `verienv --help` and completion stay fast.
"""

from __future__ import annotations

import importlib
import io
import os
import sys
from collections.abc import Callable, Mapping
from typing import Any, Final, NoReturn

import click
from click.shell_completion import CompletionItem

from verienv import __version__
from verienv.cli import terminal
from verienv.errors import ContractError, UnknownName, VerienvError

SECTIONS: Final[Mapping[str, Mapping[str, str]]] = {
    "Look and play": {
        "list": "The tasks there are.",
        "show": "One instance: what the player sees.",
        "play": "Answer in the terminal and be scored.",
        "view": "Gallery, play, replies and runs in the browser.",
        "gallery": "Every level of every task as pages.",
        "demo": "Make a small data set, score it, leave pictures to open.",
    },
    "Data": {
        "generate": "Write a data set.",
        "verify": "Are data sets whole, and is no problem there twice?",
        "score": "Score replies to a data set.",
        "import": "Turn files that others wrote into problems.",
        "export": "The small package another program looks for.",
    },
    "Learn": {
        "train": "Train a policy on a recipe.",
        "sft": "Only the warm start: learn the oracle's replies.",
    },
    "Evaluate": {
        "eval": "Ask a model problems, and tell what it can do.",
        "serve": "Episodes and scores over HTTP.",
    },
    "Your own tasks": {
        "new": "Start a package with a task of your own.",
        "check": "Hold tasks to every promise of the contract.",
        "audit": "Property-test any verifier, ours or anyone's.",
        "golden": "Compare problems with their recorded digests.",
        "card": "A task's card, made from its code.",
        "bench": "How fast problems are made and replies scored.",
    },
    "Set-up": {
        "doctor": "What is installed, and what a missing part needs.",
        "completion": "The script that completes names in your shell.",
    },
}
MODULES: Final[Mapping[str, str]] = {"import": "importing"}
"""Commands whose file has another name."""

SUMMARIES: Final = {name: summary for section in SECTIONS.values() for name, summary in section.items()}
EXITS: Final = """\
Exit codes: 0 done; 1 a check failed; 2 wrong usage, or something named is not there; 130 stopped by Ctrl-C;
141 the reader of our output went away."""


class Commands(click.Group):
    """A group that imports a command when it is called, and maps every known error to a line and an exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of the help."""
        return list(SUMMARIES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now."""
        if cmd_name not in SUMMARIES:
            return None
        module = importlib.import_module(f"verienv.cli.{MODULES.get(cmd_name, cmd_name)}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does; an unknown name is answered with the nearest."""
        if args[0] not in SUMMARIES and not args[0].startswith("-"):
            raise UnknownName("command", args[0], SUMMARIES)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands by section; none is imported."""
        width = max(map(len, SUMMARIES))
        for title, section in SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl([(name.ljust(width), summary) for name, summary in section.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Command names; none is imported."""
        named = [
            CompletionItem(name, help=summary) for name, summary in SUMMARIES.items() if name.startswith(incomplete)
        ]
        return named + click.Command.shell_complete(self, ctx, incomplete)

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run, and leave with an exit code; without `standalone_mode`, return or raise as click does."""
        alone, extra = extra.get("standalone_mode", True), {**extra, "standalone_mode": False}
        if not alone:
            return super().main(*args, **extra)
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")  # a terminal without our signs still shows something
        sys.exit(_run(lambda: super(Commands, self).main(*args, **extra)))


def _run(work: Callable[[], object]) -> int:
    try:
        done = work()
        sys.stdout.flush()
        return done if isinstance(done, int) else 0
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # so that Python's own last flush is quiet too
        return 141
    except click.UsageError as error:
        terminal.error(error.format_message())
        if error.ctx is not None:
            terminal.hint(f"see {error.ctx.command_path} --help")
        return error.exit_code
    except click.ClickException as error:
        terminal.error(error.format_message())
        return 2
    except (click.Abort, KeyboardInterrupt):
        terminal.hint("stopped")
        return 130
    except ContractError as error:
        terminal.error(f"a task broke its contract: {error}")
        return 1
    except VerienvError as error:
        terminal.error(str(error))
        return 2
    except OSError as error:
        where = f"{error.filename}: " if error.filename is not None else ""
        terminal.error(f"{where}{error.strerror or error}")
        return 2


@click.command(
    cls=Commands,
    invoke_without_command=True,
    epilog=EXITS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="verienv", message="%(prog)s %(version)s")
@click.pass_context
def root(ctx: click.Context) -> None:
    """Verifiable tasks for reinforcement learning: make problems, show them, play them, score replies.

    Wherever a command has --json, it prints one JSON object a line on stdout and everything else on stderr.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def main() -> NoReturn:
    """The program `verienv`."""
    root.main(prog_name="verienv")
    raise AssertionError("unreachable: root.main leaves by sys.exit")
