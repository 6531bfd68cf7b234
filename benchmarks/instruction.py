"""instruction: sets drawn and proven, texts scored, what a stock text keeps, and what only released checkers accept."""

from __future__ import annotations

import argparse
import itertools
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import measure

from verienv import parsing
from verienv.families.instruction import Knobs, blind, published, task

LEVELS = (1, 4, 7, 10, 11)


def arguments() -> argparse.Namespace:
    """The flags of every benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=0.3, help="CPU seconds a measurement (default 0.3)")
    parser.add_argument("--repeats", type=int, default=5, help="measurements; the median counts (default 5)")
    parser.add_argument(
        "--count", type=int, default=200, help="sets of each level that times are taken of (default 200)"
    )
    parser.add_argument("-o", "--out", type=Path, help="write the figures as JSON")
    return parser.parse_args()


def drawn(level: int, count: int) -> list[float]:
    """Milliseconds of CPU time for each of so many sets, drawn, shown to be satisfiable, and addressed; sorted."""
    spent = []
    for index in range(count):
        start = time.process_time()
        task.instance(level, index=index)
        spent.append(1000 * (time.process_time() - start))
    return sorted(spent)


def scored(level: int) -> Callable[[], int]:
    """Oracle texts, read and checked."""
    made = [task.instance(level, index=index) for index in range(50)]
    pairs = [(each, task.oracle(each)) for each in made]

    def work() -> int:
        for instance, reply in pairs:
            task.score(instance, reply)
        return len(pairs)

    return work


def kept(level: int, count: int) -> tuple[float, float]:
    """The mean share of constraints that the stock essay keeps: by our checkers, and by the released ones."""
    ours, theirs = [], []
    for index in range(count):
        instance = task.instance(level, index=index)
        reply = parsing.say(blind.ESSAY)
        ours.append(task.score(instance, reply).parts["kept"])
        theirs.append(published.TERMS["ifeval_share"](instance.problem, reply))
    return statistics.mean(ours), statistics.mean(theirs)


def lenient(count: int) -> tuple[int, int]:
    """Texts made for other sets: the verdicts on them, and how many only the released checkers give."""
    made = [task.instance(knobs=Knobs(constraints=3, pool="mixed", size=1), index=index) for index in range(count)]
    texts = [parsing.text(task.oracle(each)) for each in made]
    pairs = passed = 0
    for (place, instance), shift in itertools.product(enumerate(made), range(1, 11)):
        text = texts[(place + shift) % len(texts)]
        score = task.score(instance, parsing.say(text))
        for number, released in enumerate(published.strict(instance.problem, text), 1):
            pairs += 1
            passed += released and score.parts[f"c{number}"] == 0
    return pairs, passed


def main() -> None:
    """Measure and report."""
    args = arguments()
    rows: list[list[object]] = []
    for level in LEVELS:
        spent = drawn(level, args.count)
        rate = measure.rate(scored(level), args.seconds, args.repeats)
        ours, theirs = kept(level, args.count)
        rows.append(
            [
                level,
                1000 / statistics.mean(spent),
                statistics.median(spent),
                spent[int(0.95 * len(spent))],
                rate,
                ours,
                theirs,
            ]
        )
    heads = [
        "level",
        "sets per second",
        "median ms",
        "95 % within ms",
        "texts scored per second",
        "essay keeps",
        "released say",
    ]
    measure.report("instruction, one core", heads, rows, args.out)
    pairs, passed = lenient(args.count)
    print(f"Of {pairs:,} verdicts on texts made for other sets, {passed:,} pass the released checker and not ours.")


if __name__ == "__main__":
    main()
