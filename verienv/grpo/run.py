"""A whole run in a folder: begun or resumed, warmed up on oracle replies, trained, and left with a policy to use.

run.json        what the run is; --resume goes on only with the same
warm.pt         the policy after the supervised steps, which is also the reference of a KL
checkpoint.pt   everything the next step depends on
metrics.jsonl   samples.jsonl   timing.jsonl
policy.pt       the policy at the end, for `load`
curves.png      the metrics, drawn
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

import torch

import verienv
from verienv import mixture, registry
from verienv.dataset import disk
from verienv.errors import UsageError
from verienv.grpo import checkpoint, curves, dist, journal, loop, policy, presets, settings, sft, signals
from verienv.grpo.loop import Run
from verienv.grpo.presets import Algorithm
from verienv.grpo.settings import Settings
from verienv.recipe import Recipe

Told = Callable[[Mapping[str, float]], None]

FREE: Final = ("steps", "save_every", "samples_every", "samples", "micro_batch")
"""Settings that may change when a run is resumed."""
WARM: Final = "warm.pt"
POLICY: Final = "policy.pt"
MODEL: Final = "model"


@dataclass(frozen=True, slots=True)
class Result:
    """How a run ended: the last step, the metrics of the first and last validation, and the signal that stopped it."""

    step: int
    before: Mapping[str, float]
    after: Mapping[str, float]
    signal: int = 0


def run(
    recipe: Recipe,
    out: Path,
    *,
    resume: bool = False,
    smoke: bool = False,
    supervised: bool = False,
    device: str = "",
    told: Told = lambda row: None,
) -> Result:
    """Run a recipe in the folder `out`; `supervised` ends it after the warm start.

    `told` gets {"sft": step, "loss": …} of every supervised step, then the metrics of every step, in the first of
    several processes. Raises UsageError
    for a folder that holds another run, RunError and ContractError as loop.train does.
    """
    chosen = settings.of(recipe.train).smoke if smoke else settings.of(recipe.train)
    algorithm = presets.of(recipe.train)
    if smoke:
        few = "keep" if algorithm.zero_spread == "drop" else algorithm.zero_spread  # so that there is a loss to take
        algorithm = replace(algorithm, zero_spread=few, resample_rounds=2)
    where = dist.device(device)
    with signals.heeded() as asked, dist.started(where) as world:
        with _alone(out, world.first):
            if world.first:
                _begin(out, recipe, chosen, algorithm, resume)
            torch.manual_seed(chosen.seed)
            learner = build(recipe, chosen, where)
            if world.first:
                warm(learner, recipe, chosen, out, told, asked)
            world.agree(learner)
            if world.any(asked()):  # in the warm start, which --resume makes again
                return Result(0, {}, {}, asked.signal)
            made = Run(recipe, chosen, algorithm, learner, out, world, stopping=asked)
            made.told = told if world.first else made.told
            only: dict[str, float] = {}
            if supervised:
                only = loop.validate(made, recipe.curriculum.start(), 0)
            else:
                made.reference = copy.deepcopy(learner).requires_grad_(False) if algorithm.kl else None
                world.shard(learner)
                loop.train(made)
            weights = world.weights(learner)
            if world.first:
                checkpoint.save(out / POLICY, {"config": learner.config, "weights": weights})
                if hasattr(learner, "save"):
                    whole = load(out / POLICY) if world.sharded else learner  # a rank holds a part of each weight
                    with disk.explained(f"write {out / MODEL}"):
                        whole.save(out / MODEL)
        return Result(0, {}, only, asked.signal) if supervised else _result(out, asked.signal, recipe.name, world.first)


def build(recipe: Recipe, chosen: Settings, device: torch.device) -> Any:
    """The policy that a run starts from: new weights and a tokenizer for the recipe's wording, or a saved one's."""
    if chosen.model.endswith(".pt"):
        return load(Path(chosen.model), device)
    if chosen.model != "small":
        given = {"lora": chosen.lora, "checkpointing": chosen.checkpointing}
        kind = "hf" if chosen.sampler == "own" else chosen.sampler
        return policy.build({"kind": kind, "model": chosen.model, **given}, device)
    from verienv.grpo.model import Size, SmallPolicy
    from verienv.grpo.pictures import Grid

    seen = [cell.instance(_demonstrated(chosen), at, "train") for cell in recipe.cells for at in range(chosen.wording)]
    tokenizer = sft.vocabulary(turn for instance in seen for turn in sft.demonstrations(instance))
    size = Size(width=chosen.width, layers=chosen.layers, heads=chosen.heads)
    grid = Grid(rows=chosen.picture_rows, columns=chosen.picture_columns, size=chosen.picture_patch)
    learner = SmallPolicy(tokenizer, size, grid, checkpointing=chosen.checkpointing, seed=chosen.seed)
    return learner.to(device)


def load(path: Path, device: torch.device | str = "cpu") -> Any:
    """The policy that a run left as policy.pt. Raises UsageError for a file that is none."""
    state = checkpoint.load(path)
    if state is None or not {"config", "weights"} <= state.keys():
        raise UsageError(f"{path} is not a policy that a run left")
    learner = policy.build(state["config"], device)
    learner.load_state_dict(state["weights"])
    return learner


def warm(
    learner: Any,
    recipe: Recipe,
    chosen: Settings,
    out: Path,
    told: Told = lambda row: None,
    stopping: Callable[[], bool] = lambda: False,
) -> None:
    """The supervised steps, once: a run that was killed among them makes them again, to the same bits on a CPU."""
    path = out / WARM
    state = checkpoint.load(path)
    if state is not None:
        learner.load_state_dict(state["weights"])
    if state is not None or not chosen.sft_steps:
        return
    how = sft.Settings(
        steps=chosen.sft_steps, batch=chosen.sft_batch, learning_rate=chosen.sft_rate, micro_batch=chosen.rows
    )
    with disk.explained(f"write to {out}"), open(out / "sft.jsonl", "w", encoding="ascii") as log:
        for fitted in sft.fit(learner, lessons(learner, recipe, chosen), how):
            row = {"sft": fitted.step + 1, "loss": fitted.loss, "grad_norm": fitted.gradient}
            log.write(json.dumps(row) + "\n")
            told(row)
            if stopping():
                return
    checkpoint.save(path, {"weights": learner.state_dict()})


def lessons(learner: Any, recipe: Recipe, chosen: Settings) -> Callable[[int], list[sft.Lesson]]:
    """The batch of each supervised step: of the pool of demonstrations, or of problems never met again.

    They are drawn from all of the recipe's cells, by weight, from a stream that training does not draw from.
    """
    seed = _demonstrated(chosen)

    def at(indices: range) -> list[sft.Lesson]:
        instances = [mixture.instance(recipe.cells, seed, index, "train") for index in indices]
        return [sft.lesson(learner, turn) for each in instances for turn in sft.demonstrations(each)]

    if chosen.demonstrations:
        return sft.from_pool(at(range(chosen.demonstrations)), chosen.sft_batch, chosen.seed)
    return lambda step: at(range(step * chosen.sft_batch, (step + 1) * chosen.sft_batch))


def _demonstrated(chosen: Settings) -> int:
    """The seed of the demonstrations' stream."""
    return -1 - chosen.seed


@contextmanager
def _alone(out: Path, first: bool) -> Iterator[None]:
    """Hold the folder against a second run."""
    if not first:
        yield
        return
    with ExitStack() as stack:
        with disk.explained(f"write to {out}"):
            stack.enter_context(disk.locked(out / ".run" / "lock"))
        yield


def _begin(out: Path, recipe: Recipe, chosen: Settings, algorithm: Algorithm, resume: bool) -> None:
    """Write down what the run is, or compare it with what was begun here. Raises UsageError where they differ."""
    said = {
        "recipe": recipe.name,
        "cells": [asdict(each) for each in recipe.cells],
        "tasks": {task: registry.load(task).version for task in recipe.tasks},
        "reward": dict(recipe.reward),
        "curriculum": {"kind": recipe.curriculum.kind, **asdict(recipe.curriculum)},
        "train": {**asdict(chosen), **asdict(algorithm)},
    }
    path = out / "run.json"
    if not path.exists():
        with disk.explained(f"write {path}"):
            disk.write(path, json.dumps({"verienv": verienv.__version__, **said}, indent=2).encode() + b"\n")
        return
    if not resume:
        raise UsageError(f"{out} holds a run: go on with it by --resume, or name another folder by --out")
    held = json.loads(path.read_bytes())
    now = json.loads(json.dumps(said))
    for name in FREE:
        held["train"].pop(name, None)
        now["train"].pop(name, None)
    for table, values in now.items():
        if held.get(table) != values:
            was, told = _first_difference(held.get(table), values)
            raise UsageError(f"{out} was begun with another {table}: {was}, and not {told}; name another --out")


def _first_difference(held: object, now: object) -> tuple[str, str]:
    if isinstance(held, dict) and isinstance(now, dict):
        name = next(each for each in {**held, **now} if held.get(each) != now.get(each))
        return f"{name} = {held.get(name)!r}", f"{now.get(name)!r}"
    return f"{held!r:.200}", f"{now!r:.200}"


def _result(out: Path, signal: int, title: str, first: bool) -> Result:
    """What the journal says, drawn as curves by the first rank."""
    rows = journal.read(out / "metrics.jsonl")
    if first and rows:
        curves.write(rows, f"{title}: {rows[-1]['step']} steps", out / "curves.png")
    seen = [row for row in rows if "eval/accuracy" in row]
    return Result(rows[-1]["step"] if rows else 0, seen[0] if seen else {}, seen[-1] if seen else {}, signal)
