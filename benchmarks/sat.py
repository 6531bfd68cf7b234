"""sat against SATURN's scripts as published: generation, checking and a whole reward call, at (3, 5, 20).

The published work is written here from its description: draw at most min(10,000, C(k,n) 2^k (2^n - 1)) pairs of an
assignment and a clause it satisfies, group them by assignment, then take l clauses of one group for each instance.
Ours, besides, is balanced, screened, counted exactly, certified by its oracle and addressable one by one.
"""

from __future__ import annotations

import math
import random
import re
from collections.abc import Callable

import measure

import verienv
from verienv.reward import RewardFunction

N, K, L, COUNT = 3, 5, 20, 520
LEVEL = 2


def published_generation(rng: random.Random) -> list[tuple[str, str]]:
    """COUNT instances as (assignment, clauses)."""
    limit = min(10_000, math.comb(K, N) * 2**K * (2**N - 1))
    pairs = set()
    for _ in range(limit):
        variables = sorted(rng.sample(range(K), N))
        values = [rng.randint(0, 1) for _ in variables]
        while True:
            signs = [rng.randint(0, 1) for _ in variables]
            if signs != [1 - value for value in values]:
                break
        assignment = [rng.randint(0, 1) for _ in range(K)]
        for variable, value in zip(variables, values, strict=True):
            assignment[variable] = value
        clause = "".join(("" if sign else "!") + chr(65 + v) for v, sign in zip(variables, signs, strict=True))
        pairs.add(("".join(map(str, assignment)), clause))
    groups: dict[str, list[str]] = {}
    for held, clause in sorted(pairs):
        groups.setdefault(held, []).append(clause)
    large = [held for held, clauses in groups.items() if len(clauses) >= L]
    made: dict[str, str] = {}
    for _ in range(10 * COUNT):
        held = rng.choice(large)
        made.setdefault(" & ".join(sorted(rng.sample(groups[held], L))), held)
        if len(made) == COUNT:
            break
    return [(held, clauses) for clauses, held in made.items()]


def published_check(clauses: str, reply: str) -> int:
    """+1, 0 or -1."""
    boxes = re.findall(r"\\boxed\{(.*?)\}", reply)
    if not boxes:
        return -1
    values = {chr(65 + at): mark == "1" for at, mark in enumerate(boxes[-1])}
    for clause in clauses.split(" & "):
        true, at = False, 0
        while at < len(clause):
            negated = clause[at] == "!"
            at += negated
            true = true or values.get(clause[at], False) != negated
            at += 1
        if not true:
            return 0
    return 1


def main() -> None:
    """Measure and report."""
    args = measure.arguments(__doc__ or "")
    task = verienv.load("sat")
    knobs = task.at_level(LEVEL)
    assert (knobs.n, knobs.k, knobs.l) == (N, K, L)
    rng = random.Random(0)
    made = published_generation(rng)
    replies = [f"The answer is \\boxed{{{held}}}." for held, _ in made]
    instances = [task.instance(LEVEL, index=index) for index in range(COUNT)]
    ours = [task.oracle(instance) for instance in instances]
    answers = [task.parse(instance.problem, reply) for instance, reply in zip(instances, ours, strict=True)]
    strict = RewardFunction(task, {"score": 1.0})
    both = RewardFunction(task, {"score": 1.0, "saturn_solved": 0.1, "saturn_no_box": -0.1})
    stream = random.Random(1)

    def count(work: Callable[[int], object]) -> Callable[[], int]:
        def run() -> int:
            for at in range(COUNT):
                work(at)
            return COUNT

        return run

    def generate_and_certify(at: int) -> None:
        task.solve(task.generate(stream, knobs))

    def rate(work: Callable[[], int]) -> float:
        return measure.rate(work, args.seconds, args.repeats)

    theirs_made = rate(lambda: len(published_generation(rng)))
    theirs_checked = rate(count(lambda at: published_check(made[at][1], replies[at])))
    rows: list[list[object]] = [["published: generation", theirs_made, 1.0]]
    for name, work in (
        ("generate, counted", lambda at: task.generate(stream, knobs)),
        ("generate, counted, oracle's certificate", generate_and_certify),
        ("instance by address, split and digest too", lambda at: task.instance(LEVEL, index=at)),
    ):
        made_per_second = rate(count(work))
        rows.append([f"ours: {name}", made_per_second, made_per_second / theirs_made])
    rows.append(["published: check a reply", theirs_checked, 1.0])
    for name, work in (
        ("verify an answer", lambda at: task.verify(instances[at].problem, answers[at])),
        ("score a reply (parse, verify)", lambda at: task.score(instances[at], ours[at])),
        ("reward call (score term)", lambda at: strict(instances[at], ours[at])),
        ("reward call (score and two published terms)", lambda at: both(instances[at], ours[at])),
    ):
        checked = rate(count(work))
        rows.append([f"ours: {name}", checked, checked / theirs_checked])
    measure.report(f"sat ({N}, {K}, {L}), one core", ["work", "per second", "ratio"], rows, args.out)


if __name__ == "__main__":
    main()
