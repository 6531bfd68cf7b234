"""grounding: scenes arranged, drawn and encoded as JPEG with their boxes, and replies checked."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator

import measure

from verienv.families.grounding import backdrop, task
from verienv.families.grounding.scenes import Scene
from verienv.render import encode

MANY = 200
SCENES = 1_000
"""Scenes drawn one after the other, so that objects are found ready as often as in a long run."""


def main() -> None:
    args = measure.arguments(__doc__ or "")
    rows: list[list[object]] = []
    for level in (2, 4, 7):
        made = [task.instance(level, index=index) for index in range(MANY)]
        places = iter(range(SCENES, 10**9))
        replies = [task.oracle(each) for each in made]
        shown = [task.instance(level, index=index).problem.scenes[0] for index in range(SCENES)]
        turns = itertools.cycle(shown)

        def generate(level: int = level, places: object = places) -> int:
            task.instance(level, index=next(places))  # type: ignore[call-overload]
            return 1

        def draw(turns: Iterator[Scene] = turns) -> int:
            scene = next(turns)
            assert encode.encode(backdrop.picture(scene))
            assert [thing.box for thing in scene.things]
            return 1

        for scene in shown:
            backdrop.picture(scene)

        spent = []
        for _ in range(5):
            for instance, reply in zip(made, replies, strict=True):
                start = time.perf_counter()
                task.score(instance, reply)
                spent.append(time.perf_counter() - start)
        p99 = sorted(spent)[len(spent) * 99 // 100] * 1e3
        rows.append(
            [
                level,
                measure.rate(generate, args.seconds, args.repeats),
                measure.rate(draw, args.seconds, args.repeats),
                p99,
            ]
        )
    report = ["level", "problems/s", "448x448 scenes drawn and encoded/s", "check p99 ms"]
    measure.report("grounding", report, rows, args.out)


if __name__ == "__main__":
    main()
