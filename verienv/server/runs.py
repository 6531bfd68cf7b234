"""Runs of training and of evaluation, as numbers by step and by level; a run under way is read on from where it was."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from verienv.errors import UsageError

METRICS: Final = "metrics.jsonl"
RESULTS: Final = "results.json"
MOST: Final = 2_000_000
"""Bytes of metrics in one answer."""
LARGEST: Final = 20_000_000
"""Bytes that results may have."""
RUNS: Final = 300


def found(paths: Sequence[Path]) -> list[dict[str, Any]]:
    """The runs under the paths: key, kind, and when they last were written to (seconds)."""
    told: list[dict[str, Any]] = []
    for key, folder in _folders(paths):
        for kind, name in (("training", METRICS), ("evaluation", RESULTS)):
            file = folder / name
            if file.is_file():
                told.append({"run": key, "kind": kind, "written": file.stat().st_mtime, "recipe": _recipe(folder)})
    return told


def metrics(paths: Sequence[Path], key: str, after: int) -> dict[str, Any]:
    """Rows of a run's metrics from byte `after` on, and where to ask next; `anew` where the file was cut back."""
    file = _folder(paths, key) / METRICS
    try:
        with open(file, "rb") as lines:
            size = lines.seek(0, 2)
            anew = after > size
            start = 0 if anew else after
            lines.seek(start)
            held = lines.read(MOST)
    except OSError as error:
        raise UsageError(f"cannot read {key}: {error.strerror or error}") from error
    end = held.rfind(b"\n") + 1
    rows = [row for line in held[:end].splitlines() if (row := _row(line)) is not None]
    return {"rows": rows, "next": start + end, "anew": anew, "more": start + end < size and end > 0}


def results(paths: Sequence[Path], key: str) -> dict[str, Any]:
    """An evaluation's figures by task and setting."""
    file = _folder(paths, key) / RESULTS
    try:
        if file.stat().st_size > LARGEST:
            raise UsageError(f"{key}: {RESULTS} is larger than {LARGEST} bytes")
        held = json.loads(file.read_bytes())
        return {"groups": [_group(each) for each in held["groups"]]}
    except OSError as error:
        raise UsageError(f"cannot read {key}: {error.strerror or error}") from error
    except (ValueError, RecursionError, LookupError, TypeError) as error:
        raise UsageError(f"{key}: {RESULTS} is not what an evaluation writes") from error


def _group(each: dict[str, Any]) -> dict[str, Any]:
    score, floor = each["score"], each.get("floor")
    mean, low, high = (score[name] for name in ("value", "low", "high")) if isinstance(score, dict) else score
    return {
        "task": str(each["task"]),
        "setting": str(each["setting"]),
        "value": _number(mean),
        "low": _number(low),
        "high": _number(high),
        "replies": _number(each.get("replies")),
        "floor": _number(floor["score"]) if isinstance(floor, dict) else None,
        "oracle": _number(each.get("oracle")),
    }


def _row(line: bytes) -> dict[str, float] | None:
    """The numbers of a line; None for one without a step."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(record, dict):
        return None
    row = {str(name): number for name, value in record.items() if (number := _number(value)) is not None}
    return row if "step" in row else None


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    number = float(value)
    return number if math.isfinite(number) else None


def _recipe(folder: Path) -> str:
    try:
        with open(folder / "run.json", "rb") as file:
            held = json.loads(file.read(LARGEST))
        return str(held.get("recipe") or held.get("model") or "")[:80]
    except (OSError, ValueError, RecursionError, AttributeError):
        return ""


def _folder(paths: Sequence[Path], key: str) -> Path:
    for name, folder in _folders(paths):
        if name == key:
            return folder
    raise UsageError(f"no run is known as {key!r:.80}")


def _folders(paths: Sequence[Path]) -> Iterator[tuple[str, Path]]:
    """Folders that hold a run, with keys that tell them apart."""
    held: dict[str, Path] = {}
    for root in [path for path in paths if path.is_dir()]:
        for folder in _below(root):
            if len(held) < RUNS and any((folder / name).is_file() for name in (METRICS, RESULTS)):
                short = folder.name if folder == root else f"{root.name}/{folder.relative_to(root)}"
                held.setdefault(short if short not in held else str(folder), folder)
    yield from held.items()


def _below(root: Path, depth: int = 4) -> Iterator[Path]:
    yield root
    try:
        entries = sorted(root.iterdir())
    except OSError:
        return
    for path in entries:
        if depth and path.is_dir() and not path.is_symlink() and not path.name.startswith("."):
            yield from _below(path, depth - 1)
