"""What reinforcement adds, from scratch on a CPU: blind floor, after the warm start, after GRPO, on held-out problems.

Every policy here is built in, begins with random weights and sees a limited pool of demonstrations (courses.py says
which). Tested are greedy replies to the first distinct problems of the test split at seed 0, the same for every run;
no problem of one split is in another. One thread; seconds are of the process's CPU time, tests not counted.

    python benchmarks/learning.py                             # the five families, five seeds each
    python benchmarks/learning.py sat gui --seeds 1           # some courses, one seed
    python benchmarks/learning.py --question supervision      # GRPO beside as much more supervision
    python benchmarks/learning.py --question pieces           # do two pieces carry to three and four (Jigsaw-R1)
    python benchmarks/learning.py --question curriculum       # does SATURN's curriculum beat fixed and mixed levels
    python benchmarks/learning.py --table                     # print the tables of the results that are there
    python benchmarks/learning.py --picture curves.png        # draw the families' curves

Each result is a line of benchmarks/learning.jsonl once it is there, and is not made again. A line carries the digest
of its course: where the course has changed since, the line counts no more.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import count as numbers
from pathlib import Path
from typing import Any

import learning_tables as tables
import torch
from courses import COURSES, QUESTIONS, Course

from verienv import baselines
from verienv.grpo import journal, rollout, run, settings, sft
from verienv.mixture import Cell
from verienv.recipe import Recipe

HERE = Path(__file__).parent
TESTED = 500  # held-out problems of each cell, or as many distinct ones as DRAWN hold
DRAWN = 2500
POINTS = 40  # of a learning curve that is kept


class Results:
    """Lines of JSON in a file, found by what they are of."""

    def __init__(self, path: Path) -> None:
        self.path = path
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        self.lines: list[dict[str, Any]] = [json.loads(line) for line in text.splitlines()]

    def find(self, what: str, name: str, course: Course, **where: Any) -> Iterator[dict[str, Any]]:
        """The lines of a course as it is now."""
        key = {"what": what, "course": name, "digest": course.digest, **where}
        return (each for each in self.lines if key.items() <= each.items())

    def add(self, line: dict[str, Any]) -> None:
        """Keep a line."""
        with open(self.path, "a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
        self.lines.append(line)


def held_out(cell: Cell, count: int) -> list[int]:
    """Indices of the first `count` distinct problems of the cell's test split, or of fewer where DRAWN hold no more."""
    found: dict[bytes, int] = {}
    for index in range(DRAWN):
        found.setdefault(cell.family.identity(cell.instance(0, index, "test").problem), index)
        if len(found) == count:
            break
    return list(found.values())


def tested(learner: Any, made: Recipe, course: Course, held: Mapping[str, list[int]]) -> dict[str, float]:
    """The course's measure of greedy replies to the held-out problems of each cell."""
    chosen = replace(settings.of(made.train), seed=0)
    pay, how = rollout.Payer(made, 0), rollout.Sampling(chosen.max_reply, temperature=0.0)
    found = {}
    for name, cell in course.tested.items():
        total = 0.0
        for start in range(0, len(held[name]), 250):
            problems = rollout.draw(learner, [cell], chosen, held[name][start : start + 250], "test")
            outcomes = [each.outcome for each in rollout.play(learner, problems, 1, pay, how, (0, "test"))]
            total += sum(each.right if course.measure == "right" else each.reward or 0.0 for each in outcomes)
        found[name] = total / len(held[name])
    return found


def floor(course: Course, made: Recipe, held: Mapping[str, list[int]]) -> dict[str, Any]:
    """What each of the family's players that do not learn earns on the same problems."""
    found: dict[str, Any] = {}
    for name, cell in course.tested.items():
        family, pay = cell.family, made.reward_of(cell.task, 0)
        instances = [cell.instance(0, index, "test") for index in held[name]]
        earned = dict.fromkeys(baselines.players(family), 0.0)
        for player in earned:
            for instance in instances:
                reply = baselines.reply(family, instance, player)
                score = family.score(instance, reply)
                right = course.measure == "right"
                earned[player] += float(score.right) if right else pay.of(instance, reply, score).value
        shares = {player: total / len(instances) for player, total in earned.items()}
        found[name] = {"problems": len(instances), "players": shares}
    return found


def learn(course: Course, name: str, seed: int, out: Path, held: Mapping[str, list[int]]) -> dict[str, Any]:
    """One seed from the beginning: the measure after the warm start and after GRPO, CPU seconds, the curve."""
    shutil.rmtree(out, ignore_errors=True)  # a run that was cut short would be told cheaper than it is
    made = course.recipe(name, seed)
    begun = time.process_time()
    _whole(run.run(made, out, supervised=True))
    warm_seconds = time.process_time() - begun
    warm = tested(run.load(out / run.POLICY), made, course, held)
    begun = time.process_time()
    _whole(run.run(made, out, resume=True))
    seconds = time.process_time() - begun
    after = tested(run.load(out / run.POLICY), made, course, held)
    found = {"warm": warm, "after": after, "warm_seconds": warm_seconds, "seconds": seconds}
    return found | {"curve": list(curve(out, course))}


def curve(out: Path, course: Course) -> Iterator[list[float | None]]:
    """[step, measure of the sampled replies, of the validation] in POINTS places, each a mean since the last one."""
    key = "accuracy" if course.measure == "right" else "reward"
    rows = journal.read(out / "metrics.jsonl")
    every = max(1, (len(rows) - 1) // POINTS)
    for place in numbers(0, every):
        since = rows[max(0, place - every + 1) : place + 1]
        if place >= len(rows):
            return
        sampled = [row[key] for row in since if key in row]
        seen = [row[f"eval/{key}"] for row in since if f"eval/{key}" in row]
        yield [place, sum(sampled) / len(sampled) if sampled else None, seen[-1] if seen else None]


def supervise(
    course: Course, name: str, seed: int, out: Path, held: Mapping[str, list[int]], budget: float, new: bool
) -> dict[str, Any]:
    """Supervised steps from the warm start for `budget` CPU seconds, on its pool or on new demonstrations."""
    made = course.recipe(name, seed)
    if not (out / run.WARM).exists():
        _whole(run.run(made, out, supervised=True, resume=True))
    chosen = settings.of(made.train)
    learner = run.build(made, chosen, torch.device("cpu"))
    run.warm(learner, made, chosen, out)
    begun = time.process_time()
    batch = run.lessons(learner, made, replace(chosen, demonstrations=0) if new else chosen)
    passed = chosen.sft_steps if not new else -(-chosen.demonstrations // chosen.sft_batch)
    how = sft.Settings(steps=10**6, batch=chosen.sft_batch, learning_rate=chosen.sft_rate, micro_batch=chosen.rows)
    steps = 0
    for fitted in sft.fit(learner, lambda step: batch(step + passed), how):
        steps = fitted.step + 1
        if time.process_time() - begun >= budget:
            break
    seconds = time.process_time() - begun
    return {"after": tested(learner, made, course, held), "steps": steps, "seconds": seconds}


def fill(results: Results, names: list[str], question: str, seeds: list[int], out: Path, count: int) -> None:
    """Make every result that is not there yet, seed after seed."""
    held = {name: {label: held_out(cell, count) for label, cell in COURSES[name].tested.items()} for name in names}
    for name in names:
        course = COURSES[name]
        if not any(results.find("floor", name, course)):
            made = course.recipe(name, 0)
            results.add(_line("floor", name, course, tested=floor(course, made, held[name])))
    for seed in seeds:
        for name in names:
            course, folder = COURSES[name], out / name.replace(",", "").replace(" ", "-") / f"s{seed}"
            if not any(results.find("run", name, course, seed=seed)):
                _say(f"{name}, seed {seed} …")
                results.add(_line("run", name, course, seed=seed, **learn(course, name, seed, folder, held[name])))
            held_run = next(results.find("run", name, course, seed=seed))
            for lessons in ("pool", "new") if question == "supervision" else ():
                if not any(results.find("more", name, course, seed=seed, lessons=lessons)):
                    _say(f"{name}, seed {seed}, supervised on: {lessons} …")
                    budget, new = held_run["seconds"], lessons == "new"
                    found = supervise(course, name, seed, folder, held[name], budget, new)
                    results.add(_line("more", name, course, seed=seed, lessons=lessons, **found))


def main() -> None:
    """Learn what is asked for, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("courses", nargs="*", metavar="COURSE", help=f"one of {'; '.join(COURSES)}")
    parser.add_argument("--question", choices=list(QUESTIONS), default="families")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--count", type=int, default=TESTED, help=f"test problems of each cell (default {TESTED})")
    parser.add_argument("--table", action="store_true", help="print what is there; learn nothing")
    parser.add_argument("--picture", type=Path, help="draw the curves of the families into this PNG; learn nothing")
    parser.add_argument("--results", type=Path, default=HERE / "learning.jsonl")
    parser.add_argument("-o", "--out", type=Path, default=Path("runs/learning"), help="where the runs go")
    args = parser.parse_args()
    unknown = set(args.courses) - set(COURSES)
    if unknown:
        parser.error(f"no course {', '.join(sorted(unknown))}; there are: {'; '.join(COURSES)}")
    results = Results(args.results)
    if args.picture:
        tables.picture(results).save(args.picture, optimize=True)
        return
    if not args.table:
        torch.set_num_threads(1)
        names = args.courses or list(QUESTIONS[args.question])
        fill(results, names, args.question, list(range(args.seeds)), args.out, args.count)
    asked = list(QUESTIONS) if args.table and not args.courses else [args.question]
    print("\n\n".join(tables.table(results, question, args.courses) for question in asked))


def _whole(result: run.Result) -> None:
    """A run that was told to stop is no result."""
    if result.signal:
        sys.exit(128 + result.signal)


def _line(what: str, name: str, course: Course, **found: Any) -> dict[str, Any]:
    return {"what": what, "course": name, "digest": course.digest, **_rounded(found)}


def _rounded(value: Any) -> Any:
    """Floats to five places, so that lines stay short."""
    if isinstance(value, float):
        return round(value, 5)
    if isinstance(value, Mapping):
        return {key: _rounded(each) for key, each in value.items()}
    return [_rounded(each) for each in value] if isinstance(value, list) else value


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
