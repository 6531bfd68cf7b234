"""A family's card, made from its code: `tasks/<family>/README.md` and, where it has pictures, `sample.png`.

Everything but the table of guesses is cheap, and a test holds it to the code; the table is measured when the card is
written.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, Final

from verienv import baselines
from verienv.attacks import bare
from verienv.baselines import Floor
from verienv.errors import UsageError
from verienv.golden import TASKS
from verienv.task import Game, Instance, Task
from verienv.views import Arrays, Controlled, Stepwise

if TYPE_CHECKING:
    from PIL.Image import Image

SAMPLE_LEVEL: Final = 2
WIDE: Final = 40
"""Equal choices of an action above which they are only counted."""
MEASURED_OVER: Final = 200
DESCRIBED_OVER: Final = 21
LONG: Final = 1_800
"""Characters above which the sample is folded."""

_UNWRAPPED: Final = (
    "`\\boxed{…}` serves as well as the tags. White space, quotes, code, bold and maths marks around the answer "
    "are dropped, only what follows the last `</think>` counts, and two different answers are none."
)
_AS_IT_STANDS: Final = (
    "The text is read as it stands between the tags, but for zero-width characters and white space around it; only "
    "what follows the last `</think>` counts, and two different texts are none."
)
_BEGIN: Final = "<!-- measured: {count} instances a level, seed 0, train; written by `verienv card --write` -->"
_END: Final = "<!-- end of measured -->"


def path(task: Task[Any, Any, Any], tasks: Path = TASKS) -> Path:
    """The file of a family's card."""
    return tasks / task.name / "README.md"


def write(task: Task[Any, Any, Any], tasks: Path = TASKS, count: int = MEASURED_OVER) -> list[Path]:
    """Measure the floors and write the card and the sample; returns the files."""
    if not tasks.is_dir():
        raise UsageError(f"{tasks} is not there: cards are kept in a checkout")
    file = path(task, tasks)
    file.parent.mkdir(exist_ok=True)
    floors = [baselines.floor(task, level, count) for level in range(len(task.levels))]
    file.write_text(build(task, floors), encoding="utf-8")
    written = [file]
    picture = sample_picture(task)
    if picture is not None:
        written.append(file.parent / "sample.png")
        picture.save(written[-1], optimize=True)
    return written


def compare(task: Task[Any, Any, Any], tasks: Path = TASKS) -> list[str]:
    """A line for each line of the card that the code no longer says; the measured table is left out."""
    file = path(task, tasks)
    if not file.is_file():
        return [f"{file} is not there; write it with `verienv card --write {task.name}`"]
    kept = _without_measures(file.read_text(encoding="utf-8"))
    now = _without_measures(build(task))
    lines = [f"{file.parent.name}/{file.name} lacks: {line}" for line in now if line not in kept]
    return lines + [f"{file.parent.name}/{file.name} is stale: {line}" for line in kept if line not in now]


def build(task: Task[Any, Any, Any], floors: Sequence[Floor] = ()) -> str:
    """The card as markdown. Without `floors` the measured table is empty."""
    instance = sample(task)
    summary, _, more = (sys.modules[type(task).__module__].__doc__ or "").strip().partition("\n\n")
    blocks = [
        f"# {task.title}",
        f"`{task.name}` · version {task.version} · {', '.join(task.tags)}",
        _flowing(summary),
        *[_flowing(each) for each in more.split("\n\n") if each.strip()],
        _sample(task, instance),
        _answers(task, instance),
        _levels(task),
        _floors(task, floors),
        _knobs(task),
        _scores(task),
        _views(task),
        _footer(task),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def sample(task: Task[Any, Any, Any]) -> Instance[Any]:
    """The instance that the card shows."""
    return task.instance(min(SAMPLE_LEVEL, len(task.levels) - 1))


def sample_picture(task: Task[Any, Any, Any]) -> Image | None:
    """The pictures of the sample's prompt, side by side; None when it has none."""
    pictures = [part for part in sample(task).prompt if not isinstance(part, str)]
    if not pictures:
        return None
    if len(pictures) == 1:
        return pictures[0]
    from PIL import Image

    gap = 12
    width = sum(each.width for each in pictures) + gap * (len(pictures) - 1)
    row = Image.new("RGB", (width, max(each.height for each in pictures)), "white")
    left = 0
    for each in pictures:
        row.paste(each.convert("RGB"), (left, 0))
        left += each.width + gap
    return row


def _sample(task: Task[Any, Any, Any], instance: Instance[Any]) -> str:
    parts = []
    pictured = False
    for part in instance.prompt:
        if isinstance(part, str):
            parts.append(_fenced(part))
        elif not pictured:
            pictured = True
            parts.append(f"![A picture of the sample prompt of {task.name}](sample.png)")
    told = "\n\n".join(parts)
    if len(told) > LONG:
        told = f"<details>\n<summary>The prompt ({len(told):,} characters)</summary>\n\n{told}\n\n</details>"
    return f"## What the player sees\n\n`{instance.address}`\n\n{told}"


def _answers(task: Task[Any, Any, Any], instance: Instance[Any]) -> str:
    reply = task.oracle(instance)
    if isinstance(task, Game):
        moves = _fenced("\n".join(reply[:8]) + ("\n…" if len(reply) > 8 else ""))
        rule = f"A reply is one move; the game ends after {task.max_steps} at most."
        return f"## What it answers\n\n{rule} The oracle plays:\n\n{moves}"
    lines = [
        "## What it answers",
        f"The oracle's reply, worth 1:\n\n{_fenced(reply)}",
        _AS_IT_STANDS if task.prose else _UNWRAPPED,
    ]
    own = task.renderings(instance.problem)
    if own:
        others = ", ".join(f"`{answer}`" for answer in list(dict.fromkeys(map(_one_line, own)))[:6])
        lines.append(f"Also accepted for `{_one_line(bare(reply))}`: {others}.")
    return "\n\n".join(lines)


def _levels(task: Task[Any, Any, Any]) -> str:
    shown = [each for each in task.knobs.knobs() if len({getattr(level, each.name) for level in task.levels}) > 1]
    rows = []
    names: list[str] = []
    for level, knobs in enumerate(task.levels):
        described = [dict(task.describe(task.instance(level, index=at).problem)) for at in range(DESCRIBED_OVER)]
        names = list(described[0])
        measures = [_middle([each[name] for each in described]) for name in names]
        rows.append([str(level), *[_value(getattr(knobs, each.name)) for each in shown], *measures])
    table = _table(["level", *[f"`{each.name}`" for each in shown], *names], rows)
    note = f"\n\nMeasures are medians over {DESCRIBED_OVER} instances." if names else ""
    return f"## Levels\n\n{table}{note}"


def _floors(task: Task[Any, Any, Any], floors: Sequence[Floor]) -> str:
    players = baselines.players(task)
    rows = [
        [str(each.level), *[_share(each.players[player]) for player in players], _share(each.oracle)] for each in floors
    ]
    table = _table(["level", *players, "**oracle**"], rows)
    count = floors[0].count if floors else 0
    note = f"\n\n{task.floor_note}" if task.floor_note else ""
    return (
        "## What guessing earns\n\nThe mean score of players that do not solve anything, and of the oracle.\n\n"
        f"{_BEGIN.format(count=count)}\n{table}\n{_END}{note}"
    )


def _knobs(task: Task[Any, Any, Any]) -> str:
    rows = [[f"`{each.name}`", _value(each.default), each.allowed, each.doc] for each in task.knobs.knobs()]
    return f"## Knobs\n\n{_table(['knob', 'default', 'allowed', 'meaning'], rows)}"


def _scores(task: Task[Any, Any, Any]) -> str:
    rows = [[f"`part:{name}`", "a part of the score, logged beside it"] for name in task.parts]
    rows += [[f"`{name}`", _first_line(term)] for name, term in task.terms.items()]
    if not rows:
        return ""
    return "## Reward terms\n\nBesides `score`, `right`, `readable` and `format`, which every family has:\n\n" + _table(
        ["term", "meaning"], rows
    )


def _views(task: Task[Any, Any, Any]) -> str:
    stepwise = task if isinstance(task, Stepwise) else None
    native = task if isinstance(task, Arrays) else None
    if native is None:
        return "## Views\n\n`text`."
    rows = [
        [str(level), f"`{native.observation_space(knobs)}`", f"`{_space(native.action_space(knobs))}`"]
        + ([f"{stepwise.edits(knobs)} + submit"] if stepwise is not None else [])
        for level, knobs in enumerate(task.levels)
    ]
    controlled = task if isinstance(task, Controlled) else None
    views = "`text`, `native` and `step`" if stepwise or controlled else "`text` and `native`"
    heads = ["level", "observation", "native action", *(["edits of a step"] if stepwise is not None else [])]
    said = f"## Views\n\n{views}.\n\n{_table(heads, rows)}"
    if controlled is None:
        return said
    knobs, wages = task.levels[0], ", ".join([f"{weight:g} `{name}`" for name, weight in controlled.wages.items()])
    return (
        f"{said}\n\nIn `step` an action is a `{controlled.control_space(knobs)}`, an observation a\n"
        f"`{controlled.control_observation_space(knobs)}`;\neach step earns the sum of {wages}."
    )


def _space(space: object) -> str:
    """A space in words, a long row of equal choices by their number."""
    choices: Sequence[int] = getattr(space, "nvec", ())
    if len(choices) > WIDE and len(set(map(int, choices))) == 1:
        return f"MultiDiscrete({len(choices)} times {choices[0]})"
    return str(space)


def _footer(task: Task[Any, Any, Any]) -> str:
    level = sample(task).level
    return (
        f"## Try it\n\n```sh\nverienv show {task.name} --level {level}\nverienv check {task.name}\n```\n\n"
        "The replies in `vectors.jsonl` each say what they must score and why; `golden.json` holds what this version "
        "generates.\n\nThis file is made from the code by `verienv card --write`."
    )


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def _fenced(text: str) -> str:
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}text\n{text}\n{fence}"


def _flowing(text: str) -> str:
    return " ".join(text.split())


def _one_line(text: str) -> str:
    return " ".join(text.split()) if len(text) <= 60 else " ".join(text[:57].split()) + "…"


def _first_line(term: Any) -> str:
    return _flowing((inspect.getdoc(term) or "").partition("\n\n")[0])


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value) or "–"


def _middle(values: Sequence[Any]) -> str:
    numbers = [value for value in values if isinstance(value, (int, float))]
    if not numbers:
        return str(next((value for value in values if value is not None), "–"))
    return _number(float(median(numbers)))


def _number(value: float) -> str:
    if value == int(value) and abs(value) < 1e6:
        return str(int(value))
    return f"{value:.3g}" if abs(value) < 1e6 else f"{value:.1e}"


def _share(value: float) -> str:
    return "0" if value == 0 else "1" if value == 1 else f"{value:.3f}".lstrip("0")


def _without_measures(card: str) -> list[str]:
    before, _, rest = card.partition(_BEGIN.partition("{")[0])
    _, _, after = rest.partition(_END)
    return [line for line in (before + after).splitlines() if line.strip()]
