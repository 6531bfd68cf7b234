"""Golden records: what a version of a family generated once, it generates for ever.

`tasks/<family>/golden.json` holds, for a few places of every level, the digest of the problem, a hash of the prompt's
text and one of the raw pixels of each picture. Whatever changes them needs a raised version and a line in the
changelog; then they are recorded anew and reviewed as a diff.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, Final

from verienv.address import Split
from verienv.errors import UsageError
from verienv.task import Instance, Task

PLACES: Final[tuple[tuple[int, int, Split], ...]] = (
    (0, 0, "train"),
    (0, 1, "train"),
    (7, 123, "validation"),
    (-3, 1_000_000, "test"),
)
"""The recorded instances of each level: (seed, index, split)."""

TASKS: Final = Path(__file__).parent.parent / "tasks"
"""Where records live in a checkout; an installed package has none."""


def path(task: Task[Any, Any, Any], tasks: Path = TASKS) -> Path:
    """The file of a family's records."""
    return tasks / task.name / "golden.json"


def records(task: Task[Any, Any, Any]) -> dict[str, dict[str, Any]]:
    """What the family generates now, by address without the name and version."""
    made = {}
    for level in range(len(task.levels)):
        for seed, index, split in PLACES:
            instance = task.instance(level, seed=seed, index=index, split=split)
            made[instance.address.partition("/")[2]] = of(instance)
    return made


def record(task: Task[Any, Any, Any], tasks: Path = TASKS) -> Path:
    """Write the records of a family; returns the file."""
    if not tasks.is_dir():
        raise UsageError(f"{tasks} is not there: golden records are kept in a checkout")
    file = path(task, tasks)
    file.parent.mkdir(exist_ok=True)
    content = {"family": task.name, "version": task.version, "records": records(task)}
    file.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return file


def compare(task: Task[Any, Any, Any], tasks: Path = TASKS) -> list[str]:
    """A line for each difference between what is recorded and what is generated now; none when all is well."""
    file = path(task, tasks)
    if not file.is_file():
        return [f"{file} is not there; record it with `verienv golden --record {task.name}`"]
    kept = json.loads(file.read_text(encoding="utf-8"))
    if kept["version"] != task.version:
        return [f"{task.name}: version {kept['version']} is recorded, this is version {task.version}; record it anew"]
    now = records(task)
    differences = [f"{task.name}@{task.version}/{place}: no longer generated" for place in kept["records"].keys() - now]
    differences += [f"{task.name}@{task.version}/{place}: not recorded" for place in now.keys() - kept["records"]]
    for place in sorted(now.keys() & kept["records"]):
        changed = [what for what in ("digest", "text", "pictures") if now[place][what] != kept["records"][place][what]]
        if changed:
            differences.append(
                f"{task.name}@{task.version}/{place}: {' and '.join(changed)} changed without a raised version"
            )
    return sorted(differences)


def of(instance: Instance[Any]) -> dict[str, Any]:
    """The record of an instance: its digest, a hash of its text, and for each picture its size and pixels."""
    prompt = instance.prompt
    text = "\n\n".join(part for part in prompt if isinstance(part, str))
    pictures = [
        f"{part.mode} {part.width}x{part.height} {_hash(part.tobytes())}"
        for part in prompt
        if not isinstance(part, str)
    ]
    return {"digest": instance.digest, "text": _hash(text.encode()), "pictures": pictures}


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
