"""What reinforcement adds, from scratch on a CPU: blind floor, after the warm start, after GRPO, on held-out problems.

Every policy here is built in, begins with random weights and sees a limited pool of demonstrations; accuracy is the
share of greedy replies that earn everything, on the first problems of the test split. One thread; seconds are of CPU.

    python benchmarks/learning.py sat temporal --seeds 5      # families
    python benchmarks/learning.py --question supervised       # GRPO beside as much more supervision
    python benchmarks/learning.py --question jigsaw           # do two pieces carry to three and four (Jigsaw-R1)
    python benchmarks/learning.py --question curriculum       # does SATURN's curriculum beat fixed and mixed levels

Results are kept as JSON and printed as a table; a run that is there is not made again.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch

from verienv import baselines, mixture, recipe
from verienv.grpo import journal, rollout, run, settings, sft
from verienv.mixture import Cell
from verienv.recipe import Recipe

TESTED = 500  # held-out problems of each cell
COMMON: Mapping[str, Any] = {
    "prompts": 64,
    "group": 8,
    "advantage": "group_norm",
    "loss": "token",
    "clip_high": 0.28,
    "learning_rate": 5e-4,
    "schedule": "linear",
    "sft_batch": 128,
    "validate": 100,
    "save_every": 1000,
    "samples_every": 1000,
}


@dataclass(frozen=True)
class Course:
    """What is learnt: the recipe's mix (and reward), its [train], and further cells that are only tested."""

    mix: str
    train: Mapping[str, Any]
    elsewhere: Mapping[str, tuple[str, Mapping[str, Any]]] = field(default_factory=dict)

    def recipe(self, name: str, seed: int, **changed: Any) -> Recipe:
        """The recipe of one seed."""
        train = {**COMMON, **self.train, "seed": seed, **changed}
        lines = [f"{key} = {json.dumps(value)}" for key, value in train.items()]
        rare = "" if "[curriculum]" in self.mix else '\n[curriculum]\nkind = "fixed"\ninterval = 1280'
        return recipe.parse(self.mix + rare + "\n[train]\n" + "\n".join(lines), name)

    def cells(self, made: Recipe) -> dict[str, Cell]:
        """What is tested, by name."""
        own = {cell.label: cell for cell in made.cells}
        return own | {name: mixture.cell(task, None, knobs) for name, (task, knobs) in self.elsewhere.items()}


SMALL = {"width": 96, "height": 72}
JIGSAW = {
    "picture_rows": 4,
    "picture_columns": 6,
    "pool": 2000,
    "max_reply": 10,
    "sft_batch": 32,
    "demonstrations": 1000,
}
FAMILIES: Mapping[str, Course] = {
    "sat": Course(
        '[[mix]]\ntask = "sat"\nlevels = 0',
        {"sft_steps": 60, "demonstrations": 500, "steps": 200, "max_reply": 12},
    ),
    "sat, literals": Course(
        '[[mix]]\ntask = "sat"\nknobs = { n = 1, k = 7, l = 5 }',
        {"sft_steps": 60, "demonstrations": 500, "steps": 250, "max_reply": 14},
    ),
    "temporal": Course(
        '[[mix]]\ntask = "temporal"\nknobs = { kind = "infer", grain = "month", hops = 0, distractors = 1 }',
        {"sft_steps": 200, "sft_batch": 64, "demonstrations": 1000, "steps": 150, "max_reply": 16},
    ),
    "jigsaw": Course(
        '[[mix]]\ntask = "jigsaw"\nknobs = { question = "full", rows = 1, cols = 3, width = 96, height = 72 }',
        {**JIGSAW, "sft_steps": 200, "steps": 150},
    ),
    "gui": Course(
        '[[mix]]\ntask = "gui"\nknobs = { platform = "phone", asks = "press", how = "order", density = "roomy", '
        "width = 360, height = 640 }",
        {
            "sft_steps": 150,
            "sft_batch": 32,
            "demonstrations": 1000,
            "pool": 2000,
            "steps": 120,
            "max_reply": 16,
            "picture_rows": 10,
            "picture_columns": 6,
        },
    ),
}
# Two pieces alone are learnt by GRPO. The warm start sees three, too: without, the model never finds the seams.
CARRIED = Course(
    '[[mix]]\ntask = "jigsaw"\nknobs = { question = "pair", rows = 1, cols = 2, width = 96, height = 72 }\n'
    '[[mix]]\ntask = "jigsaw"\nknobs = { question = "full", rows = 1, cols = 3, width = 96, height = 72 }\n'
    '[curriculum]\nkind = "fixed"\nstage = 0\ninterval = 1280',
    {**JIGSAW, "sft_steps": 1100, "sft_batch": 64, "demonstrations": 4000, "steps": 150, "max_reply": 10},
    {
        "pair 1×3": ("jigsaw", {"question": "pair", "rows": 1, "cols": 3, **SMALL}),
        "pair 2×2": ("jigsaw", {"question": "pair", "rows": 2, "cols": 2, **SMALL}),
        "full 2×2": ("jigsaw", {"question": "full", "rows": 2, "cols": 2, **SMALL}),
    },
)


def accuracy(learner: Any, made: Recipe, cells: Mapping[str, Cell], count: int) -> dict[str, float]:
    """The share of greedy replies that earn everything, of the first `count` test problems of each cell."""
    chosen = settings.of(made.train)
    pay = rollout.Payer(made, 0)
    found = {}
    for name, cell in cells.items():
        right = 0
        for start in range(0, count, 250):
            indices = range(start, min(start + 250, count))
            problems = rollout.draw(learner, [cell], chosen, indices, "test")
            how = rollout.Sampling(chosen.max_reply, 0.0)
            right += sum(each.outcome.right for each in rollout.play(learner, problems, 1, pay, how, (0, "test")))
        found[name] = right / count
    return found


def floor(cell: Cell, count: int) -> tuple[float, str]:
    """What answering at random solves, and what the best of the family's players that do not reason does."""
    family = cell.family
    instances = [cell.instance(0, index, "test") for index in range(count)]
    found = {}
    for player in baselines.players(family):
        right = sum(family.score(each, baselines.reply(family, each, player)).right for each in instances)
        found[player] = right / count
    best = max(found, key=lambda player: found[player])
    return found.get("random", 0.0), f"{found[best]:.1%} {best}"


def learn(course: Course, name: str, seed: int, out: Path, count: int, **changed: Any) -> dict[str, Any]:
    """One seed: accuracy after the warm start and after GRPO, with CPU seconds; kept in `out`/result.json."""
    path = out / "result.json"
    if path.exists():
        held: dict[str, Any] = json.loads(path.read_text())
        return held
    made = course.recipe(name, seed, **changed)
    cells, begun = course.cells(made), time.process_time()
    run.run(made, out, supervised=True, resume=True)
    warm_seconds = time.process_time() - begun
    warm = accuracy(run.load(out / run.POLICY), made, cells, count)
    begun = time.process_time()
    run.run(made, out, resume=True, told=_told(name, seed))
    seconds = time.process_time() - begun
    after = accuracy(run.load(out / run.POLICY), made, cells, count)
    rows = journal.read(out / "metrics.jsonl")
    result = {
        "seed": seed,
        "warm": warm,
        "after": after,
        "warm_seconds": warm_seconds,
        "grpo_seconds": seconds,
        "reward": [row.get("reward") for row in rows][:: max(1, len(rows) // 20)],
    }
    path.write_text(json.dumps(result) + "\n")
    return result


def more_supervision(
    course: Course, name: str, seed: int, out: Path, count: int, budget: float, pool: bool
) -> dict[str, Any]:
    """Supervised steps from the warm start of `out` for `budget` CPU seconds, on its pool or on new demonstrations."""
    path = out / f"more-{'pool' if pool else 'new'}.json"
    if path.exists():
        held: dict[str, Any] = json.loads(path.read_text())
        return held
    made = course.recipe(name, seed)
    chosen = settings.of(made.train)
    learner = run.build(made, chosen, torch.device("cpu"))
    run.warm(learner, made, chosen, out)
    batch = run.lessons(learner, made, chosen if pool else settings.of({**made.train, "demonstrations": 0}))
    how = sft.Settings(steps=10**6, batch=chosen.sft_batch, learning_rate=chosen.sft_rate, micro_batch=128)
    steps, begun = 0, time.process_time()
    for fitted in sft.fit(learner, batch, how):
        steps = fitted.step + 1
        if time.process_time() - begun >= budget:
            break
    seconds = time.process_time() - begun
    result = {"accuracy": accuracy(learner, made, course.cells(made), count), "steps": steps, "seconds": seconds}
    path.write_text(json.dumps(result) + "\n")
    return result


def families(names: Sequence[str], seeds: int, out: Path, count: int) -> list[list[Any]]:
    """A row for each family and cell: floor, warm start, GRPO; mean and deviation over seeds."""
    table = []
    for name in names:
        course = CARRIED if name == "carried" else FAMILIES[name]
        results = [learn(course, name, seed, out / _slug(name) / f"s{seed}", count) for seed in range(seeds)]
        for label, cell in course.cells(course.recipe(name, 0)).items():
            blind, best = floor(cell, count)
            warm, after = ([each[key][label] for each in results] for key in ("warm", "after"))
            gain = [late - early for early, late in zip(warm, after, strict=True)]
            seconds = statistics.median(each["warm_seconds"] + each["grpo_seconds"] for each in results)
            shown = (_spread(warm), _spread(after), _spread(gain, signed=True), f"{seconds:.0f}")
            table.append([name, label, f"{blind:.1%}", best, *shown])
    return table


def supervised(names: Sequence[str], seeds: int, out: Path, count: int) -> list[list[Any]]:
    """A row for each family: warm start, GRPO, and supervision for as long on the pool and on new demonstrations."""
    table = []
    for name in names:
        course = FAMILIES[name]
        label = next(iter(course.cells(course.recipe(name, 0))))
        found: dict[str, list[float]] = {key: [] for key in ("warm", "grpo", "pool", "new")}
        for seed in range(seeds):
            folder = out / _slug(name) / f"s{seed}"
            held = learn(course, name, seed, folder, count)
            found["warm"].append(held["warm"][label])
            found["grpo"].append(held["after"][label])
            for key in ("pool", "new"):
                more = more_supervision(course, name, seed, folder, count, held["grpo_seconds"], key == "pool")
                found[key].append(more["accuracy"][label])
        table.append([name, *(_spread(values) for values in found.values())])
    return table


def curriculum(names: Sequence[str], seeds: int, out: Path, count: int) -> list[list[Any]]:
    """SATURN's promotion beside levels mixed, and beside the easiest and the hardest alone; tested on each."""
    base = dict(FAMILIES["sat"].train)
    ladder = (5, 8, 11)
    mixes = [f'[[mix]]\ntask = "sat"\nknobs = {{ n = 3, k = 5, l = {clauses} }}\n' for clauses in ladder]
    kinds = {
        "promotion": "".join(mixes) + '[curriculum]\nkind = "promotion"\nepsilon = 0.6\ninterval = 1280\n',
        "mixed": "".join(mixes) + '[curriculum]\nkind = "uniform"\ninterval = 1280\n',
        "easiest alone": "".join(mixes) + '[curriculum]\nkind = "fixed"\nstage = 0\ninterval = 1280\n',
        "hardest alone": "".join(mixes) + '[curriculum]\nkind = "fixed"\nstage = 2\ninterval = 1280\n',
    }
    table = []
    for kind, mix in kinds.items():
        course = Course(mix, base)
        results = [
            learn(course, kind, seed, out / "curriculum" / _slug(kind) / f"s{seed}", count) for seed in range(seeds)
        ]
        labels = list(course.cells(course.recipe(kind, 0)))
        for moment in ("warm", "after"):
            means = [statistics.fmean(each[moment][label] for label in labels) for each in results]
            table.append([kind, moment, *(_spread([each[moment][label] for each in results]) for label in labels)])
            table[-1].append(_spread(means))
    return table


HEADS: Mapping[str, Sequence[str]] = {
    "families": ("family", "tested on", "at random", "best rule", "warm start", "GRPO", "gain", "CPU s"),
    "supervised": ("family", "warm start", "GRPO", "supervised: pool", "supervised: new"),
    "curriculum": ("curriculum", "when", "l=5", "l=8", "l=11", "mean"),
}


def main() -> None:
    """Learn, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("families", nargs="*", metavar="FAMILY", help=f"default: all of {', '.join(FAMILIES)}")
    parser.add_argument("--question", choices=[*HEADS, "jigsaw"], default="families")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--count", type=int, default=TESTED, help=f"test problems of each cell (default {TESTED})")
    parser.add_argument("-o", "--out", type=Path, default=Path("runs/learning"))
    args = parser.parse_args()
    unknown = set(args.families) - set(FAMILIES)
    if unknown:
        parser.error(f"no course for {', '.join(sorted(unknown))}; there are: {', '.join(FAMILIES)}")
    torch.set_num_threads(1)
    question = "families" if args.question == "jigsaw" else args.question
    names = ["carried"] if args.question == "jigsaw" else args.families or list(FAMILIES)
    table = {"families": families, "supervised": supervised, "curriculum": curriculum}[question](
        names, args.seeds, args.out, args.count
    )
    print(_markdown(HEADS[question], table))
    kept = args.out / f"{args.question}.json"
    rows = [dict(zip(HEADS[question], row, strict=True)) for row in table]
    kept.write_text(json.dumps({"seeds": args.seeds, "count": args.count, "rows": rows}, indent=2) + "\n")


def _slug(name: str) -> str:
    return name.replace(",", "").replace(" ", "-")


def _spread(values: Sequence[float], signed: bool = False) -> str:
    """Mean and standard deviation over seeds, in percent."""
    mean = f"{statistics.fmean(values) * 100:{'+' if signed else ''}.1f}"
    return mean if len(values) < 2 else f"{mean} ± {statistics.stdev(values) * 100:.1f}"


def _markdown(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(map(str, row)) + " |" for row in rows)])


def _told(name: str, seed: int) -> Any:
    def told(row: Mapping[str, float]) -> None:
        if "eval/accuracy" in row:
            print(f"{name} seed {seed} step {row['step']}: {row['eval/accuracy']:.0%}", file=sys.stderr, flush=True)

    return told


if __name__ == "__main__":
    main()
