"""Draws the pictures of the README: `python docs/pictures/draw.py`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

import verienv
from verienv.families.grounding import wording
from verienv.render import contact_sheet

HERE = Path(__file__).parent
SIDE = 320  # pixels that a shown picture is wide
JIGSAWS = {0: 3, 2: 2, 3: 5, 4: 6, 5: 1, 6: 3, 7: 2, 9: 3}  # index by level
SCENES = {0: 8, 1: 12, 2: 3, 3: 2, 4: 3, 5: 9, 6: 0, 7: 10}


def jigsaw() -> Image.Image:
    """One instance of most levels."""
    task, cells = verienv.load("jigsaw"), []
    for level, index in JIGSAWS.items():
        problem: Any = task.instance(level, index=index).problem
        grid = "" if problem.question == "rotation" else f" {problem.rows}x{problem.cols}"
        hidden = ", masked" if problem.mask else ", missing, foreign" if problem.other else ""
        shown = task.prompt(problem)[0]
        assert isinstance(shown, Image.Image)
        cells.append((_small(shown, SIDE * 3 // 4), f"level {level}: {problem.question}{grid}{hidden}"))
    return contact_sheet(cells, title="jigsaw: what the model sees")


def grounding() -> Image.Image:
    """One scene of each level, with the request and the box that answers it."""
    task, cells = verienv.load("grounding"), []
    for level, index in SCENES.items():
        problem: Any = task.instance(level, index=index).problem
        shown = problem.shown()[problem.target[0]]
        x1, y1, x2, y2 = problem.thing.box
        for rim, colour in ((3, (255, 255, 255)), (2, (220, 30, 60))):
            box = (x1 - rim, y1 - rim, x2 + rim - 1, y2 + rim - 1)
            ImageDraw.Draw(shown).rectangle(box, outline=colour, width=rim)
        asked = wording.question(problem.expression, len(problem.scenes))
        cells.append((_small(shown), f"level {level}: {asked}"))
    return contact_sheet(cells, title="grounding: what is asked for, and the box that answers it")


def _small(shown: Image.Image, tall: int = SIDE) -> Image.Image:
    share = min(SIDE / shown.width, tall / shown.height)
    return shown.resize((int(shown.width * share), int(shown.height * share)), Image.Resampling.LANCZOS)


if __name__ == "__main__":
    jigsaw().save(HERE / "jigsaw.png", optimize=True)
    grounding().save(HERE / "grounding.png", optimize=True)
