"""Rows and scores a second on one core, by task: what a large job costs, machine by machine.

Scores are told cold, when each spec is met for the first time and its problem is made anew, and warm, when a group's
replies, or a batch's, share one problem.
"""

from __future__ import annotations

from itertools import count

import measure

from verienv import dataset
from verienv.adapters import batches, specs

TASKS = (("sat", 2), ("sat", 5), ("temporal", 2), ("jigsaw", 1))
BATCH, GROUP = 50, 8
ROWS, SCORES = 10**9, 10**5


def main() -> None:
    """Measure and report."""
    args = measure.arguments(__doc__ or "")
    rows = []
    for task, level in TASKS:
        plan = dataset.plan(task, [level], count=10**12)
        drawing = batches.Rows(plan)
        fresh = count(0, BATCH)

        def draw(drawing: batches.Rows = drawing, fresh: count[int] = fresh) -> int:
            at = next(fresh)
            return len(drawing({"id": range(at, at + BATCH)})["id"])

        instances = [plan.cells[0].instance(1, index, "train") for index in range(BATCH)]
        given = {
            "spec": [specs.of(each) for each in instances],
            "response": [each.task.oracle(each) for each in instances],
        }
        groups = {
            name: [value for value in values[: BATCH // GROUP] for _ in range(GROUP)] for name, values in given.items()
        }

        def cold(given: dict[str, list[str]] = given) -> int:
            specs._instance.cache_clear()
            return len(batches.score(given)["value"])

        def warm(groups: dict[str, list[str]] = groups) -> int:
            return len(batches.score(groups)["value"])

        made, first, again = (measure.rate(work, args.seconds, args.repeats) for work in (draw, cold, warm))
        rows.append([f"{task} L{level}", made, first, again, ROWS / made / 3600, SCORES / first, SCORES / again])
    columns = ["task", "rows/s", "scores/s cold", "warm", "core hours, 10^9 rows", "cores, 10^5 scores/s cold", "warm "]
    measure.report("Batches, one core", columns, rows, args.out)


if __name__ == "__main__":
    main()
