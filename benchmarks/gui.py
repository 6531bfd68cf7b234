"""gui: screens made, drawn and encoded as JPEG with their boxes, and replies checked."""

from __future__ import annotations

import time
from random import Random

import measure

from verienv.families.gui import Knobs, making, task
from verienv.render import encode
from verienv.render import screen as ui

MANY = 60


def screens(width: int, height: int, scale: float) -> list[ui.Screen]:
    """Phone screens of every kind at one size, without what is asked of them."""
    knobs = Knobs(platform="phone", width=width, height=height, scale=scale)
    found = []
    index = 0
    while len(found) < MANY:
        made = making.problem(Random(index), knobs)
        index += 1
        if made is not None:
            found.append(made[0])
    return found


def main() -> None:
    args = measure.arguments(__doc__ or "")
    rows: list[list[object]] = []
    for level in (1, 2, 4, 7):
        places = iter(range(10**9))

        def generate(level: int = level, places: object = places) -> int:
            task.instance(level, index=next(places))  # type: ignore[call-overload]
            return 1

        made = [task.instance(level, index=index) for index in range(MANY)]
        replies = [task.oracle(each) for each in made]
        spent = []
        for _ in range(5):
            for instance, reply in zip(made, replies, strict=True):
                start = time.thread_time()
                task.score(instance, reply)
                spent.append(time.thread_time() - start)
        p99 = sorted(spent)[len(spent) * 99 // 100] * 1e3
        rows.append([level, measure.rate(generate, args.seconds, args.repeats), p99])
    measure.report("gui", ["level", "problems/s", "check p99 ms"], rows, None)
    print()

    drawn: list[list[object]] = []
    for width, height, scale in ((448, 448, 1.0), (1080, 1920, 3.0), (3840, 2160, 4.0)):
        pages = screens(width, height, scale)
        placed = [ui.layout(page) for page in pages]

        def draw(pages: list[ui.Screen] = pages) -> int:
            for page in pages:
                boxes = ui.layout(page)
                assert boxes.places
                ui.draw(page, boxes)
            return len(pages)

        def paint(pages: list[ui.Screen] = pages, placed: list[ui.Layout] = placed) -> int:
            for page, boxes in zip(pages, placed, strict=True):
                ui.draw(page, boxes)
            return len(pages)

        def whole(pages: list[ui.Screen] = pages) -> int:
            for page in pages:
                boxes = ui.layout(page)
                assert encode.encode(ui.draw(page, boxes))
            return len(pages)

        drawn.append(
            [
                f"{width}x{height}",
                1000 / measure.rate(paint, args.seconds, args.repeats),
                1000 / measure.rate(draw, args.seconds, args.repeats),
                measure.rate(whole, args.seconds, args.repeats),
            ]
        )
    columns = ["screen", "drawn, ms", "placed and drawn, ms", "placed, drawn and encoded/s"]
    measure.report("screens", columns, drawn, args.out)


if __name__ == "__main__":
    main()
