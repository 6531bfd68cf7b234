"""gui_session: sessions made and proven, turns played with text and with pictures, whole plays judged."""

from __future__ import annotations

import dataclasses
import itertools
import random
import time
from collections.abc import Callable

import measure

from verienv import baselines
from verienv.families.gui_session import Problem, drawing, task

MANY = 40
LEVELS = (1, 3, 5, 7, 9)


def main() -> None:
    """Measure and report."""
    args = measure.arguments(__doc__ or "")
    rows: list[list[object]] = []
    for level in LEVELS:
        made = [task.instance(level, index=index) for index in range(MANY)]
        plays = [(each.problem, task.oracle(each)) for each in made]
        places = itertools.count(1_000)

        def generate(level: int = level, places: itertools.count[int] = places) -> int:
            task.instance(level, index=next(places))
            return 1

        rows.append(
            [
                level,
                measure.rate(generate, args.seconds, args.repeats),
                measure.rate(turns(plays, ""), args.seconds, args.repeats),
                measure.rate(turns(plays, "text"), args.seconds, args.repeats),
                measure.rate(turns(plays, "picture"), args.seconds, args.repeats),
                *judged(level),
            ]
        )
    columns = ["level", "sessions/s", "turns/s unseen", "turns/s as text", "turns/s as pictures"]
    columns += ["judging a right play, median ms", "a random play, median ms", "99th percentile ms"]
    measure.report("gui_session", columns, rows, args.out)


def turns(plays: list[tuple[Problem, list[str]]], show: str) -> Callable[[], int]:
    """Play one session after the other by the oracle's replies; with `show`, look at every screen on the way."""
    order = itertools.cycle([(dataclasses.replace(each, show=show or "text"), replies) for each, replies in plays])

    def work() -> int:
        problem, replies = next(order)
        drawing._placed.cache_clear()  # so that no play finds the screens of another laid out
        state = task.start(problem)
        for reply in replies:
            if show:
                task.view(problem, state)
            state = task.move(problem, state, task.parse(problem, reply))
        return len(replies)

    return work


def judged(level: int) -> list[float]:
    """CPU milliseconds of judging right plays and random ones, each once on sessions that were not seen before."""
    right, wild = [], []
    rng = random.Random(level)
    for index in range(2_000, 2_000 + MANY):
        instance = task.instance(level, index=index)
        right.append(_spent(instance, task.oracle(instance)))
        for player in ("any press", "a few presses", "any move"):
            wild.append(_spent(instance, baselines.reply(task, instance, player)))
            reply = task.oracle(instance)
            wild.append(_spent(instance, reply[: rng.randrange(len(reply))]))
    wild.sort()
    return [sorted(right)[len(right) // 2], wild[len(wild) // 2], wild[len(wild) * 99 // 100]]


def _spent(instance: object, play: list[str]) -> float:
    start = time.thread_time()
    task.score(instance, play)  # type: ignore[arg-type]
    return (time.thread_time() - start) * 1e3


if __name__ == "__main__":
    main()
