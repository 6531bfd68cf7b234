"""The gallery as files: a page for each family, without a script, and one page of markdown for the documentation."""

from __future__ import annotations

import html
import io
import re
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from verienv import address as addresses
from verienv.errors import UsageError
from verienv.golden import TASKS
from verienv.server import gallery
from verienv.task import Task

if TYPE_CHECKING:
    from PIL.Image import Image

WEB: Final = Path(__file__).parent / "web"
DOCS: Final = TASKS.parent / "docs"
STRIP: Final = 4
"""Levels that the documentation shows of a family, from the easiest to the hardest."""
TALL: Final = 150
"""Pixels that a picture of the documentation is high."""
SAID: Final = 70
"""Characters of an answer in a table."""
NEAR: Final = 6.0
"""Mean difference of colours up to which two pictures of the documentation are the same."""
_DRAWN: Final = re.compile(r"^#[# .$@*+]{4,}#$|^```\w+$", re.MULTILINE)
"""Text that keeps its columns: a board, a piece of code."""


def write(tasks: Sequence[Task[Any, Any, Any]], folder: Path) -> list[Path]:
    """Write the pages into a folder; returns them. Raises UsageError where it is a file."""
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is no folder")
    (folder / "pictures").mkdir(parents=True, exist_ok=True)
    for name in ("style.css", "icon.svg"):
        shutil.copyfile(WEB / name, folder / name)
    written = [folder / "index.html"]
    cards = []
    for task in tasks:
        told = gallery.family(task)
        sections = [_section(task, level, folder) for level in range(len(task.levels))]
        written.append(folder / f"{task.name}.html")
        written[-1].write_text(_family(told, sections), encoding="utf-8")
        cards.append(_card(told))
    written[0].write_text(_index(cards), encoding="utf-8")
    return written


def document(tasks: Sequence[Task[Any, Any, Any]], docs: Path = DOCS) -> list[Path]:
    """Write docs/gallery.md and its pictures; returns the files. Raises UsageError outside of a checkout."""
    if not docs.is_dir():
        raise UsageError(f"{docs} is not there: the page belongs to a checkout")
    page = docs / "gallery.md"
    page.write_text(markdown(tasks), encoding="utf-8")
    pictures = docs / "pictures" / "gallery"
    pictures.mkdir(parents=True, exist_ok=True)
    written = [page]
    for task in tasks:
        drawn = strip(task)
        if drawn is not None:
            written.append(pictures / f"{task.name}.png")
            drawn.quantize(128).save(written[-1], optimize=True)
    return written


def compare(tasks: Sequence[Task[Any, Any, Any]], docs: Path = DOCS) -> list[str]:
    """A line for each difference between the page, its pictures, and the code."""
    page = docs / "gallery.md"
    if not page.is_file():
        return [f"{page} is not there"]
    kept, now = page.read_text(encoding="utf-8").splitlines(), markdown(tasks).splitlines()
    told = [f"gallery.md lacks: {line}" for line in now if line not in kept]
    told += [f"gallery.md is stale: {line}" for line in kept if line not in now]
    for task in tasks:
        drawn = strip(task)
        file = docs / "pictures" / "gallery" / f"{task.name}.png"
        if drawn is not None and not (file.is_file() and alike(file.read_bytes(), drawn)):
            told.append(f"pictures/gallery/{file.name} is not what {task.name} draws")
    return told


def markdown(tasks: Iterable[Task[Any, Any, Any]]) -> str:
    """The page of the documentation."""
    blocks = [
        "# Gallery",
        "Every family with its levels. `verienv view` shows all of this and more in the browser, "
        "`verienv gallery -o DIR` writes it as pages; this one is made from the code by `verienv gallery --write`.",
    ]
    for task in tasks:
        told = gallery.family(task)
        blocks += [f"## [{task.title}](../tasks/{task.name}/README.md)", f"`{task.name}` · {', '.join(task.tags)}"]
        blocks.append(told["summary"])
        if any(_pictures(task, level) for level in shown_levels(task)):
            levels = ", ".join(map(str, shown_levels(task)))
            blocks.append(f"![{task.name}, levels {levels}](pictures/gallery/{task.name}.png)")
        rows = [f"| {level} | `{_address(task, level)}` | {_setting(task, level)} | {_said(task, level)} |"
                for level in range(len(task.levels))]  # fmt: skip
        blocks.append(
            "\n".join(["| level | problem | knobs | the oracle answers |", "| --- | --- | --- | --- |", *rows])
        )
    return "\n\n".join(blocks) + "\n"


def shown_levels(task: Task[Any, Any, Any]) -> tuple[int, ...]:
    """The levels that the documentation shows of a family."""
    last = len(task.levels) - 1
    return tuple(sorted({round(at * last / (STRIP - 1)) for at in range(STRIP)}))


def strip(task: Task[Any, Any, Any]) -> Image | None:
    """The first picture of each shown level, side by side on white; None where there is none."""
    from PIL import Image as images

    drawn = [_small(pictures[0]) for level in shown_levels(task) if (pictures := _pictures(task, level))]
    if not drawn:
        return None
    gap = 8
    row = images.new("RGB", (sum(each.width + gap for each in drawn) - gap, TALL), "white")
    left = 0
    for each in drawn:
        row.paste(each, (left, 0))
        left += each.width + gap
    return row


def alike(saved: bytes, drawn: Image) -> bool:
    """Whether a saved picture shows what is drawn now, up to the few colours it was saved in."""
    from PIL import Image as images
    from PIL import ImageChops, ImageStat

    old = images.open(io.BytesIO(saved)).convert("RGB")
    return old.size == drawn.size and max(ImageStat.Stat(ImageChops.difference(old, drawn)).mean) <= NEAR


def _small(picture: Image) -> Image:
    from PIL import Image as images

    size = (max(1, round(picture.width * TALL / picture.height)), TALL)
    return picture.convert("RGB").resize(size, images.Resampling.LANCZOS)


def _pictures(task: Task[Any, Any, Any], level: int) -> list[Image]:
    return [part for part in task.instance(level).prompt if not isinstance(part, str)]


def _address(task: Task[Any, Any, Any], level: int) -> str:
    return str(addresses.Address(task.name, task.version, f"L{level}", "train", 0, 0))


def _setting(task: Task[Any, Any, Any], level: int) -> str:
    return f"`{task.levels[level].to_text()}`"


def _said(task: Task[Any, Any, Any], level: int) -> str:
    reply = task.oracle(task.instance(level))
    first = reply if isinstance(reply, str) else reply[0]
    text = " / ".join(first.removeprefix("<answer>").removesuffix("</answer>").split("\n"))
    more = "" if isinstance(reply, str) or len(reply) == 1 else f" and {len(reply) - 1} more"
    cut = text if len(text) <= SAID else f"{_words(text[: SAID - 1])}…"
    fence = "`" * (1 + max(map(len, re.findall("`+", cut)), default=0))
    pad = " " if "`" in cut else ""
    return f"{fence}{pad}{cut}{pad}{fence}{more}".replace("|", "\\|")


def _words(text: str) -> str:
    """Without its last word, which may be cut; as it is where it has one word only."""
    return text[: text.rfind(" ") + 1] or text


def _section(task: Task[Any, Any, Any], level: int, folder: Path) -> str:
    told = gallery.facts(task.instance(level))
    where = told["address"]
    parts = []
    for part in told["prompt"]:
        if "text" in part:
            look = "prompt drawn" if _DRAWN.search(part["text"]) else "prompt"
            parts.append(f'<pre class="{look}">{_text(part["text"])}</pre>')
            continue
        name = f"{task.name}-{level}-{part['picture']}.png"
        (folder / "pictures" / name).write_bytes(gallery.picture(where, part["picture"]))
        parts.append(
            f'<img class="shown" loading="lazy" src="pictures/{name}" width="{part["width"]}" '
            f'height="{part["height"]}" alt="Picture {part["picture"] + 1} of the prompt">'
        )
    replies = gallery.oracle(where)["replies"]
    answer = "\n".join(replies)
    knobs = task.levels[level].to_text()
    return (
        f'<section class="level" id="level-{level}"><h2>Level {level}</h2>'
        f'<p class="muted"><code>{_text(where)}</code> · <code>{_text(knobs)}</code></p>'
        f'<div class="stage">{"".join(parts)}</div>'
        f'<details><summary>The oracle’s answer</summary><pre class="reply">{_text(answer)}</pre></details></section>'
    )


def _family(told: dict[str, Any], sections: Sequence[str]) -> str:
    links = " ".join(f'<a class="tag strong" href="#level-{at}">{at}</a>' for at in range(len(sections)))
    tags = "".join(f'<span class="tag">{_text(tag)}</span>' for tag in told["tags"])
    body = (
        f'<p class="crumbs"><a href="index.html">Gallery</a> / {_text(told["name"])}</p>'
        f'<h1>{_text(told["title"])}</h1><p class="lead">{_text(told["summary"])}</p><p class="tags">{tags}</p>'
        f'<nav class="tags jump" aria-label="Levels">{links}</nav>{"".join(sections)}'
    )
    return _page(told["title"], body)


def _card(told: dict[str, Any]) -> str:
    level = told["sample"]
    task = told["name"]
    prompt = gallery.parts(gallery.find({"task": task, "level": str(level)}).address)
    if any("picture" in part for part in prompt):
        inner = f'<img src="pictures/{task}-{level}-0.png" alt="" loading="lazy">'
    else:
        text = "\n\n".join(part["text"] for part in prompt)
        rest = text.partition("\n\n")[2]
        inner = f'<div class="words">{_text((rest if len(rest) > 120 else text)[:1200])}</div>'
    return (
        f'<li><a class="card" href="{task}.html"><div class="glance one ready">{inner}</div><div class="told">'
        f"<h2>{_text(told['title'])}</h2><p>{_text(told['summary'])}</p>"
        f'<p class="tags"><span class="tag strong">{len(told["levels"])} levels</span></p></div></a></li>'
    )


def _index(cards: Sequence[str]) -> str:
    lead = "Each picture is a problem that its address makes again, on any machine."
    return _page("Tasks", f'<h1>Tasks</h1><p class="lead">{lead}</p><ul class="cards static">{"".join(cards)}</ul>')


def _page(title: str, body: str) -> str:
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'self'; script-src 'none'\">"
        f"<title>{_text(title)} · verienv</title>"
        '<link rel="icon" href="icon.svg"><link rel="stylesheet" href="style.css"></head><body>'
        '<header class="top"><a class="brand" href="index.html"><img src="icon.svg" alt="" width="24" height="24">'
        f"verienv</a></header><main>{body}</main></body></html>\n"
    )


def _text(text: str) -> str:
    return html.escape(text, quote=True)
