"""jigsaw against Jigsaw-R1's picture work as described: cutting, shuffling and pasting a decoded 640x480 picture.

The described work crops every patch, pastes it into a new picture with Pillow, and blackens borders by pasting.
"""

from __future__ import annotations

import itertools
import random

import measure
import numpy as np
from PIL import Image

import verienv
from verienv.families.jigsaw import layout
from verienv.render import encode, scenes

SIZE = (640, 480)
ROWS = COLS = 3
MASK = 0.1


def described(picture: Image.Image, order: list[int]) -> Image.Image:
    """One shuffled picture, patch by patch."""
    width, height = picture.width // COLS, picture.height // ROWS
    patches = []
    for row in range(ROWS):
        for col in range(COLS):
            patches.append(picture.crop((col * width, row * height, (col + 1) * width, (row + 1) * height)))
    made = Image.new("RGB", (width * COLS, height * ROWS))
    for slot, position in enumerate(order):
        made.paste(patches[position - 1], (slot % COLS * width, slot // COLS * height))
    return made


def described_mask(picture: Image.Image) -> Image.Image:
    """The same with blackened borders: for every patch four bands across the whole picture, as an array."""
    pixels = np.array(picture)
    height, width = picture.height // ROWS, picture.width // COLS
    tall, wide = int(height * MASK), int(width * MASK)
    for row in range(ROWS):
        for col in range(COLS):
            top, left, bottom, right = row * height, col * width, (row + 1) * height, (col + 1) * width
            pixels[top : top + (tall // 2 if row else tall), :] = 0
            pixels[bottom - (tall // 2 if row < ROWS - 1 else tall) : bottom, :] = 0
            pixels[:, left : left + (wide // 2 if col else wide)] = 0
            pixels[:, right - (wide // 2 if col < COLS - 1 else wide) : right] = 0
    return Image.fromarray(pixels)


def main() -> None:
    """Measure and report."""
    args = measure.arguments(__doc__ or "")
    rng = random.Random(0)
    whole = scenes.scene("landscape", random.Random(1), SIZE)
    pixels = layout.cropped(np.array(whole), ROWS, COLS)
    order = list(range(1, ROWS * COLS + 1))
    task = verienv.load("jigsaw")
    knobs = task.knobs.from_mapping({"rows": ROWS, "cols": COLS, "width": SIZE[0], "height": SIZE[1]})

    def theirs() -> int:
        rng.shuffle(order)
        described(whole, order)
        return 1

    def ours() -> int:
        rng.shuffle(order)
        layout.arranged(pixels, ROWS, COLS, tuple(order))
        return 1

    def copied() -> int:
        pixels.copy()
        return 1

    def theirs_masked() -> int:
        rng.shuffle(order)
        described_mask(described(whole, order))
        return 1

    def ours_masked() -> int:
        rng.shuffle(order)
        layout.mask(layout.arranged(pixels, ROWS, COLS, tuple(order)), ROWS, COLS, MASK)
        return 1

    def ours_encoded() -> int:
        rng.shuffle(order)
        encode.encode(Image.fromarray(layout.arranged(pixels, ROWS, COLS, tuple(order))))
        return 1

    counter, turns = iter(range(10**9)), itertools.cycle(scenes.SCENES)

    def whole_instance() -> int:
        instance = task.instance(knobs=knobs, index=next(counter))
        encode.encode(instance.prompt[0])
        return 1

    def small_instance() -> int:
        instance = task.instance(level=7, index=next(counter))
        encode.encode(instance.prompt[0])
        return 1

    def drawn() -> int:
        encode.encode(scenes.scene(next(turns), rng, SIZE))
        return 1

    rows: list[list[object]] = []
    for name, work in (
        ("described: cut, shuffle, paste", theirs),
        ("ours: cut, shuffle, paste", ours),
        ("a plain copy of the picture: the least that any can do", copied),
        ("described: the same, masked", theirs_masked),
        ("ours: the same, masked", ours_masked),
        ("ours: cut, shuffle, paste, JPEG-encoded", ours_encoded),
        ("ours: a scene drawn and JPEG-encoded", drawn),
        ("ours: an instance proven, drawn and JPEG-encoded", whole_instance),
        ("ours: the same at level 7, 384x288, masked", small_instance),
    ):
        per_second = measure.rate(work, args.seconds, args.repeats)
        if name.startswith("described"):  # what the rows after it are held against; the last four have no counterpart
            base = per_second
        rows.append([name, per_second, per_second / base if len(rows) < 5 else ""])
    title = f"jigsaw {ROWS}x{COLS} on {SIZE[0]}x{SIZE[1]}, one core"
    measure.report(title, ["work", "per second", "ratio"], rows, args.out)


if __name__ == "__main__":
    main()
