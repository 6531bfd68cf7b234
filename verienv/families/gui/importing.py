"""Steps and targets from published files: ScreenSpot and its successors, AndroidControl.

A file is a JSON list, one JSON object, or JSON lines. A record names its picture by file name; the picture is looked
for in the sets that are registered or lie in VERIENV_PICTURES. Read are

    {"img_filename": …, "bbox": [x, y, width, height], "instruction": …}                  ScreenSpot, ScreenSpot-v2
    {"img_filename": …, "bbox": [x1, y1, x2, y2], "img_size": [w, h], "instruction": …}   ScreenSpot-Pro
    {"file_name": …, "bbox": [0.1, 0.2, 0.3, 0.4], "instruction": …}                      corners as shares of the sides
    {"screenshot": …, "instruction": …, "action": {"action_type": "click", "x": …, "y": …}}        a step
    {"screenshots": […], "step_instructions": […], "actions": […], "goal": …}             an AndroidControl episode

A point of AndroidControl stands for a box around it that reaches 14 % of the shorter side, as in its evaluation.
"""

from __future__ import annotations

import json
from typing import Any, Final

from verienv import actions
from verienv.errors import UsageError
from verienv.families.gui import Photo, Problem, wording
from verienv.families.gui.asks import Right
from verienv.files import Found
from verienv.render import pictures

REACH: Final = 14  # per cent of the shorter side
MAX_WORDS: Final = 2000
_PICTURE: Final = ("img_filename", "file_name", "image", "image_path", "screenshot", "img_path")
_WORDS: Final = ("instruction", "step_instruction", "prompt_to_evaluate", "goal")
_KINDS: Final = {
    "click": "click",
    "tap": "click",
    "long_press": "long_press",
    "double_tap": "double_click",
    "double_click": "double_click",
    "scroll": "scroll",
    "input_text": "type",
    "type": "type",
    "open_app": "open",
    "navigate_back": "back",
    "navigate_home": "home",
    "wait": "wait",
    "status": "complete",
    "complete": "complete",
}


def read(text: str) -> list[Found[Problem]]:
    """The problems of a file. Raises UsageError with the line, or the place in the list, and what is wrong there."""
    found: list[Found[Problem]] = []
    for line, name, record in _records(text):
        try:
            steps = _steps(record)
            for at, step in enumerate(steps):
                problem = _problem(step)
                tail = f"/{at}" if len(steps) > 1 else ""
                found.append(Found(problem, line, f"{_name(record, name)}{tail}"))
        except UsageError as error:
            raise UsageError(f"{name}: {error}") from None
    if not found:
        raise UsageError("the file holds no problem")
    return found


def to_json(problem: Problem) -> dict[str, Any]:
    """The picture by what it holds, the words, the right actions. Raises UsageError for a screen drawn here."""
    if problem.photo is None:
        raise UsageError("a screen that was drawn here has an address; only problems read from files are written out")
    photo = problem.photo
    return {
        "pictures": photo.pictures,
        "sha256": photo.sha256,
        "size": [photo.width, photo.height],
        "instruction": problem.words,
        "rights": [
            {
                "action": each.kind,
                "areas": [list(box) for box in each.areas],
                "text": each.text,
                "direction": each.direction,
            }
            for each in problem.rights
        ],
        "form": problem.form,
        "units": problem.units,
    }


def from_json(spec: object) -> Problem:
    """The problem again. Raises UsageError for anything that `to_json` does not write."""
    keys = {"pictures", "sha256", "size", "instruction", "rights", "form", "units"}
    if not isinstance(spec, dict) or spec.keys() != keys:
        raise UsageError(f"a gui problem has the keys {', '.join(sorted(keys))}")
    size, words = spec["size"], spec["instruction"]
    if not _whole(size, 2) or min(size) < 1:
        raise UsageError(f"size {size!r:.80}: two whole numbers above 0")
    if not all(isinstance(spec[key], str) for key in ("pictures", "sha256", "instruction")):
        raise UsageError("pictures, sha256 and instruction are texts")
    if spec["form"] not in wording.FORMS or spec["units"] not in wording.UNITS:
        raise UsageError(f"unknown form or units: {spec['form']!r:.40}, {spec['units']!r:.40}")
    if not isinstance(spec["rights"], list) or not spec["rights"]:
        raise UsageError("rights is a list of right actions, at least one")
    rights = tuple([_right(each, (size[0], size[1])) for each in spec["rights"]])
    photo = Photo(spec["pictures"], spec["sha256"], size[0], size[1])
    return Problem(None, None, rights, spec["form"], spec["units"], photo, words)


def _records(text: str) -> list[tuple[int, str, dict[str, Any]]]:
    """Each record with its line (from 1; 1 for all of one list) and its name in messages."""
    stripped = text.lstrip("\ufeff \t\r\n")
    if stripped[:1] == "[":
        values = _json(stripped, "line 1")
        return [(1, f"record {at}", _object(each, f"record {at}")) for at, each in enumerate(values, 1)]
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    if lines and len(lines) > 1 and not lines[0][1].rstrip().endswith("}"):
        return [(1, "record 1", _object(_json(stripped, "line 1"), "record 1"))]
    return [
        (number, f"line {number}", _object(_json(line.lstrip("\ufeff"), f"line {number}"), f"line {number}"))
        for number, line in lines
    ]


def _json(text: str, where: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{where}: not JSON: {str(error)[:100]}") from None


def _object(value: object, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise UsageError(f"{where}: {value!r:.60} is no object")
    return value


def _name(record: dict[str, Any], otherwise: str) -> str:
    return str(record.get("id", record.get("episode_id", otherwise)))[:80]


def _steps(record: dict[str, Any]) -> list[dict[str, Any]]:
    """An episode as its steps; anything else as it is."""
    if "actions" not in record:
        return [record]
    doings, shots = record["actions"], record.get("screenshots")
    words = record.get("step_instructions")
    if not isinstance(doings, list) or not isinstance(shots, list) or not isinstance(words, list):
        raise UsageError("an episode has the lists actions, screenshots and step_instructions")
    if not len(doings) == len(words) <= len(shots):
        raise UsageError(
            f"{len(doings)} actions, {len(words)} instructions and {len(shots)} screenshots do not go together"
        )
    return [
        {"screenshot": shot, "instruction": said, "action": doing}
        for shot, said, doing in zip(shots, words, doings, strict=False)
    ]


def _problem(record: dict[str, Any]) -> Problem:
    words = next((record[key] for key in _WORDS if isinstance(record.get(key), str) and record[key].strip()), None)
    if words is None or len(words) > MAX_WORDS:
        raise UsageError(f"no instruction of 1 to {MAX_WORDS} characters under any of {', '.join(_WORDS)}")
    name = next((record[key] for key in _PICTURE if isinstance(record.get(key), str)), None)
    if name is None:
        raise UsageError(f"no picture under any of {', '.join(_PICTURE)}")
    digest, picture = pictures.named(name)
    size = (picture.width, picture.height)
    right = _target(record, size) if "bbox" in record else _done(record.get("action"), size)
    photo = Photo(digest, picture.sha256, *size)
    return Problem(None, None, (right,), wording.JSON, wording.PIXELS, photo, " ".join(words.split()))


def _target(record: dict[str, Any], size: tuple[int, int]) -> Right:
    """A click into a box."""
    box = record["bbox"]
    if not isinstance(box, list) or len(box) != 4 or any(type(each) not in (int, float) for each in box):
        raise UsageError(f"bbox {box!r:.80}: four numbers")
    if not all(-1e6 < each < 1e6 for each in box):
        raise UsageError(f"bbox {box!r:.80}: numbers out of bounds")
    if all(0 <= each <= 1 for each in box):
        left, top, right, bottom = box[0] * size[0], box[1] * size[1], box[2] * size[0], box[3] * size[1]
    elif "img_size" in record:
        left, top, right, bottom = box
        if not _whole(record["img_size"], 2) or tuple(record["img_size"]) != size:
            raise UsageError(f"img_size {record['img_size']!r:.40}, but the picture has {size[0]} x {size[1]} pixels")
    else:
        left, top, right, bottom = box[0], box[1], box[0] + box[2], box[1] + box[3]
    area = (max(0, int(left)), max(0, int(top)), min(size[0], int(right + 0.999)), min(size[1], int(bottom + 0.999)))
    if area[0] >= area[2] or area[1] >= area[3]:
        raise UsageError(f"bbox {box!r:.80} holds no pixel of a picture of {size[0]} x {size[1]}")
    return Right("click", (area,))


def _done(action: object, size: tuple[int, int]) -> Right:
    """The right action of an AndroidControl step."""
    if isinstance(action, str):
        action = _json(action, "action")
    if not isinstance(action, dict):
        raise UsageError("neither a bbox nor an action")
    name = action.get("action_type", action.get("action"))
    kind = _KINDS.get(name) if isinstance(name, str) else None
    if kind is None:
        raise UsageError(f"unknown action {name!r:.40}")
    if kind in ("click", "long_press", "double_click"):
        x, y = action.get("x"), action.get("y")
        if type(x) not in (int, float) or type(y) not in (int, float) or not (0 <= x <= size[0] and 0 <= y <= size[1]):  # type: ignore[operator]
            raise UsageError(f"{name} at {x!r:.20}, {y!r:.20}: no point of a picture of {size[0]} x {size[1]}")
        reach = min(size) * REACH // 100
        return Right(kind, (_around(int(x), int(y), reach, size),))  # type: ignore[arg-type]
    if kind == "scroll":
        if action.get("direction") not in actions.DIRECTIONS:
            raise UsageError(f"scroll {action.get('direction')!r:.40}: one of {', '.join(actions.DIRECTIONS)}")
        return Right("scroll", direction=str(action["direction"]))
    if kind in ("type", "open"):
        text = action.get("text") if kind == "type" else action.get("app_name", action.get("text"))
        if not isinstance(text, str) or not text.strip() or len(text) > 400:
            raise UsageError(f"{name} without a text of 1 to 400 characters")
        return Right(kind, text=" ".join(text.split()))
    return Right(kind)


def _around(x: int, y: int, reach: int, size: tuple[int, int]) -> tuple[int, int, int, int]:
    return max(0, x - reach), max(0, y - reach), min(size[0], x + reach + 1), min(size[1], y + reach + 1)


def _right(value: object, size: tuple[int, int]) -> Right:
    if not isinstance(value, dict) or value.keys() != {"action", "areas", "text", "direction"}:
        raise UsageError("a right action has the keys action, areas, text, direction")
    kind, areas = value["action"], value["areas"]
    if kind not in set(_KINDS.values()) or not isinstance(value["text"], str):
        raise UsageError(f"unknown action {kind!r:.40}, or a text that is none")
    if value["direction"] not in ("", *actions.DIRECTIONS):
        raise UsageError(f"unknown direction {value['direction']!r:.40}")
    if not isinstance(areas, list) or not all(_whole(each, 4) for each in areas):
        raise UsageError("areas are lists of four whole numbers")
    for left, top, right, bottom in areas:
        if not (0 <= left < right <= size[0] and 0 <= top < bottom <= size[1]):
            raise UsageError(f"an area outside the picture: {[left, top, right, bottom]}")
    if (kind in ("click", "long_press", "double_click")) != bool(areas):
        raise UsageError(f"{kind} {'needs' if not areas else 'has no'} areas")
    return Right(
        kind,
        tuple([(each[0], each[1], each[2], each[3]) for each in areas]),
        text=value["text"],
        direction=value["direction"],
    )


def _whole(value: object, count: int) -> bool:
    return (
        isinstance(value, list)
        and len(value) == count
        and all(type(each) is int and 0 <= each < 10**6 for each in value)
    )
