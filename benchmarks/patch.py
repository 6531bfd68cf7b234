"""patch: problems made, replies scored, and how many of all mistakes the hidden tests notice.

Scoring counts the grader's CPU time and that of the sandbox beside it. A mistake is noticed if a test answers otherwise
than on the sound package; those that no test notices are never asked for.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import time
from pathlib import Path

import measure

from verienv import rng
from verienv.families.patch import operators, subjects, task
from verienv.families.patch.making import trimmed
from verienv.sandbox import client
from verienv.sandbox.programs import Meter, OutOfSteps, Program


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--problems", type=int, default=50, help="problems of each level (default 50)")
    parser.add_argument("--draws", type=int, default=1, help="draws of tests that mistakes are tried with (default 1)")
    parser.add_argument("-o", "--out", type=Path, help="write the figures as JSON")
    return parser.parse_args()


def children() -> float:
    """CPU seconds of the processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def noticed(draws: int) -> tuple[int, int]:
    """How many mistakes there are, and how many are noticed with each draw of the tests."""
    every = found = 0
    for name, subject in subjects.named().items():
        edits = [(path, edit) for path, text in subject.files.items() for edit in operators.edits(text)]
        left = set(range(len(edits)))
        for draw in range(draws):
            scripts = [trimmed(script) for _, script in subject.tests(rng.stream("benchmark", name, draw))]
            meter = Meter(10**6)
            program = Program(subject.files, meter)
            expected = [program.answer(script) for script in scripts]
            for at in sorted(left):
                path, edit = edits[at]
                broken = {**subject.files, path: operators.applied(subject.files[path], edit)}
                program = Program(broken, Meter(3 * meter.steps + 2_000))
                try:
                    if all(program.answer(script) == good for script, good in zip(scripts, expected, strict=True)):
                        left.discard(at)
                except OutOfSteps:
                    pass
        every += len(edits)
        found += len(left)
    return every, found


def main() -> None:
    given = arguments()
    rows = []
    for level in range(len(task.levels)):
        spent, instances = [], []
        task.instance(level, index=10**6)
        for index in range(given.problems):
            start = time.process_time()
            instances.append(task.instance(level, index=index))
            spent.append(1000 * (time.process_time() - start))
        client._here.forget()
        before, start = children(), time.process_time()
        for instance in instances:
            if not task.score(instance, task.oracle(instance)).right:
                raise SystemExit(f"{instance.address}: the oracle is wrong")
        client._here.forget()
        scored = 1000 * (children() - before + time.process_time() - start) / given.problems
        lengths = [sum(len(text) for _, text in instance.problem.files) for instance in instances]
        tests = [len(instance.problem.scripts) for instance in instances]
        rows.append([level, statistics.median(spent), scored, statistics.median(lengths), statistics.median(tests)])
    columns = ["level", "made: median ms", "scored: mean ms", "characters", "hidden tests"]
    measure.report("patch: CPU time of a problem", columns, rows, given.out)
    every, found = noticed(given.draws)
    print(
        f"mistakes: {every:,} by {sum(map(len, operators.OPERATORS.values()))} operators; noticed: {found / every:.1%}"
    )


if __name__ == "__main__":
    main()
