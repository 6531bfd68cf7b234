"""`verienv train`: learn a recipe by GRPO."""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from verienv import recipe as recipes
from verienv.cli import options, terminal
from verienv.errors import MissingExtra, UsageError

if TYPE_CHECKING:
    from rich.progress import Progress

    from verienv.grpo.run import Result


class RecipeName(options.Text):
    """The name of a recipe, or a file of one's own that ends in .toml."""

    name = "recipe"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The name as it is: loading knows the nearest."""
        return str(value)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Every recipe that begins like this."""
        return [CompletionItem(name) for name in recipes.names() if name.startswith(incomplete)]


class Change(options.Text):
    """A recipe's key and its value: train.steps=50."""

    name = "key=value"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """As it is; the recipe says what is wrong with it."""
        if "=" not in str(value):
            raise UsageError(f"a recipe's key is set by --set table.key=value, like train.steps=50; not {value!r}")
        return str(value)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """The keys of [train]."""
        return [CompletionItem(f"train.{key}=") for key in recipes.TRAIN if f"train.{key}=".startswith(incomplete)]


def run_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """What `train` and `sft` share."""
    for option in (
        click.option("--threads", type=int, default=1, show_default=True, help="CPU threads; small models need one."),
        click.option("--device", default="", metavar="NAME", help="cpu, cuda, cuda:1. Default: a GPU, if any."),
        click.option(
            "--set", "changes", type=Change(), multiple=True, help="Change a key of the recipe: train.steps=50."
        ),
        click.option("--report", default="", metavar="NAME", help="Metrics to tensorboard or trackio, too."),
        click.option("--resume", is_flag=True, help="Go on with the run in DIR, or begin it if there is none."),
        click.option("--smoke", is_flag=True, help="Two tiny steps with the smallest model: does it all run?"),
        click.option("--out", "-o", type=click.Path(path_type=Path), metavar="DIR", help="Default: runs/RECIPE."),
        click.argument("recipe", type=RecipeName()),
    ):
        command = option(command)
    return command


@click.command("train")
@run_options
@options.json_option
def command(**given: Any) -> int:
    """Train a policy on RECIPE, a name or a file, by group-relative policy optimisation.

    The folder DIR gets the metrics of every step (metrics.jsonl), samples (samples.jsonl, which verienv score reads),
    curves (curves.png), the policy (policy.pt), and a checkpoint from which --resume goes on, to the same bits on a
    CPU. Ctrl-C finishes the step under way and keeps it. Many processes: torchrun --nproc-per-node N -m verienv train.
    """
    return execute(supervised=False, **given)


def execute(
    recipe: str,
    out: Path | None,
    smoke: bool,
    resume: bool,
    changes: tuple[str, ...],
    device: str,
    threads: int,
    report: str,
    as_json: bool,
    supervised: bool,
) -> int:
    """Run a recipe and say how it went; 128 + the signal's number where one stopped it."""
    loaded = recipes.load(recipe, dict(each.split("=", 1) for each in changes))
    if importlib.util.find_spec("torch") is None:
        raise MissingExtra("torch", "train", "Training")
    import torch

    from verienv.grpo import report as reports
    from verienv.grpo import run, settings

    torch.set_num_threads(max(threads, 1))
    folder = out or Path("runs") / (f"{loaded.name}-smoke" if smoke else loaded.name)
    chosen = settings.of(loaded.train)
    chosen = chosen.smoke if smoke else chosen
    begun = time.perf_counter()
    with terminal.progress() as bar, reports.to(report, folder) as reported:
        follow = _follower(bar, chosen.sft_steps, 0 if supervised else chosen.steps)

        def told(row: Mapping[str, float]) -> None:
            follow(row)
            reported(row)

        result = run.run(loaded, folder, resume=resume, smoke=smoke, supervised=supervised, device=device, told=told)
    _say(result, folder, time.perf_counter() - begun, as_json)
    return 128 + result.signal if result.signal else 0


def _follower(bar: Progress, supervised: int, steps: int) -> Callable[[Mapping[str, float]], None]:
    """What moves the bar: a line for the supervised steps, one for the rest with reward and accuracy."""
    warm = bar.add_task("warm start", total=supervised, visible=False)
    line = bar.add_task("training", total=steps, visible=False)
    held: dict[str, float] = {}

    def told(row: Mapping[str, float]) -> None:
        if "sft" in row:
            bar.update(warm, completed=row["sft"], visible=True, description=f"warm start  loss {row['loss']:.3f}")
            return
        bar.update(warm, visible=False)
        held.update(row)
        bar.update(line, completed=held["step"], visible=True, description=_line(held))

    return told


def _line(row: Mapping[str, float]) -> str:
    said = []
    if "reward" in row:
        said.append(f"reward {row['reward']:.2f}  accuracy {row['accuracy']:4.0%}")
    if "eval/accuracy" in row:
        said.append(f"validation {row['eval/accuracy']:.0%}")
    return "  ".join(said) or "training"


def _say(result: Result, folder: Path, seconds: float, as_json: bool) -> None:
    before, after = result.before.get("eval/accuracy"), result.after.get("eval/accuracy")
    if as_json:
        terminal.emit({"out": str(folder), "step": result.step, "before": before, "after": after, "seconds": seconds})
    elif terminal.out().is_terminal:
        if after is not None:
            rise = f"{after:.0%}" if before is None else f"{before:.0%} → {after:.0%} in {result.step} steps"
            terminal.show(terminal.plain(f"validation accuracy {rise}, {seconds:.0f} s", "bold"))
        terminal.show(f"  to look at   {folder / 'curves.png'}", f"  the policy   {folder / 'policy.pt'}")
    if result.signal:
        terminal.note(f"stopped after step {result.step}; go on with the same command and --resume", "yellow")
