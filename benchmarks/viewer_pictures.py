"""The pictures of the viewer in docs/pictures, drawn anew: `python benchmarks/viewer_pictures.py [RUNS...]`.

Needs playwright and a Chromium. RUNS are folders of training runs for the picture of curves.
"""

from __future__ import annotations

import io
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image

from tests.viewer import browsing, hands
from tests.viewer.seeing import got, viewing
from verienv import baselines, parsing, registry

PICTURES = Path(__file__).parent.parent / "docs" / "pictures"
COLOURS = 96


def main(runs: list[Path]) -> None:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "replies"
        folder.mkdir()
        replies(folder / "replies.jsonl")
        with viewing((*runs, folder)) as url, browsing.chromium() as browser:
            for name, width, height, theme in (("", 1280, 800, "light"), ("-phone", 390, 780, "dark")):
                with browsing.page(browser, width, height, theme) as page:
                    views(page, url, name)


def views(page: Any, url: str, name: str) -> None:
    page.goto(f"{url}/#/")
    page.wait_for_load_state("networkidle")
    save(page, f"viewer-gallery{name}")
    page.goto(f"{url}/#/at/jigsaw@1/L9/train/s0/1")
    page.locator(".stage img").wait_for()
    page.get_by_role("button", name="Level 9").scroll_into_view_if_needed()
    page.locator(".levels button[data-level='9'] .ready").wait_for()
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(3000)  # thumbnails of the levels
    page.evaluate("scrollTo(0, 0)")
    save(page, f"viewer-family{name}")
    instance = registry.load("jigsaw").instance(knobs="rows=3,cols=3,scene=room", index=1)
    page.goto(f"{url}/#/play/{instance.address}")
    page.locator(".board").wait_for()
    hands.key_pieces(page, half(parsing.answer(instance.task.oracle(instance))))
    page.wait_for_timeout(400)
    save(page, f"viewer-play{name}")
    key = next(each["file"] for each in got(url, "/api/replies")["files"] if each["file"].startswith("replies"))
    page.goto(f"{url}/#/replies/{key.replace('/', '%2F')}")
    page.locator(".rows button").nth(2).click()
    page.locator(".verdict").wait_for()
    page.wait_for_load_state("networkidle")
    save(page, f"viewer-replies{name}")
    page.goto(f"{url}/#/runs")
    page.get_by_role("heading", level=1).wait_for()
    page.wait_for_timeout(1000)
    save(page, f"viewer-runs{name}")


def half(answer: str) -> str:
    """The first pieces where they belong, the others where they are left."""
    order = [int(each) for each in answer.split()]
    where = list(range(1, len(order) + 1))
    for piece in range(len(order) // 2):
        other = where.index(order[piece])
        where[piece], where[other] = where[other], where[piece]
    return " ".join(map(str, where))


def replies(path: Path) -> None:
    """What the oracle and the blind players reply to a few problems."""
    rows = []
    for name in ("grounding", "jigsaw", "sat", "temporal"):
        task = registry.load(name)
        for index in range(3):
            instance = task.instance(2, index=index, split="test")
            said = [task.oracle(instance), *(baselines.reply(task, instance, each) for each in task.players())]
            rows += [{"address": instance.address, "sample": at, "response": each} for at, each in enumerate(said[:4])]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


def save(page: Any, name: str) -> None:
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    picture.save(PICTURES / f"{name}.png", optimize=True)
    print(PICTURES / f"{name}.png", picture.size)


if __name__ == "__main__":
    main([Path(each) for each in sys.argv[1:]])
