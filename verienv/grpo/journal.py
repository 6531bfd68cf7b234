"""What a run leaves to read, one JSON object a line: metrics, samples and timing, cut back when a run is resumed.

`metrics.jsonl` holds nothing that depends on the clock, so that two runs of one seed leave the same bytes; seconds
and rates stand in `timing.jsonl`. `samples.jsonl` has the rows that `verienv score` reads.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any, Final

from verienv.dataset import disk

FILES: Final = ("metrics", "samples", "timing")
HINT: Final = "The last checkpoint is whole: make room, then give the same command with --resume"

Row = Mapping[str, Any]


class Journal:
    """The three files of a run, open at their ends; without files, as ranks but the first have it, it keeps nothing."""

    def __init__(self, files: Mapping[str, IO[str]]) -> None:
        self._files = files

    def write(self, name: str, rows: Iterable[Row]) -> None:
        """Append rows. Raises RunError when the disk refuses them."""
        file = self._files.get(name)
        if file is None:
            return
        with disk.explained(f"write {name}.jsonl", HINT):
            file.writelines(json.dumps(row) + "\n" for row in rows)
            file.flush()

    def sync(self) -> None:
        """Push everything to the disk: called before a checkpoint, which must not know more than the journal."""
        with disk.explained("write the journal", HINT):
            for file in self._files.values():
                file.flush()
                os.fsync(file.fileno())


@contextmanager
def opened(out: Path, after: int, first: bool = True) -> Iterator[Journal]:
    """The first rank's journal of the run in `out`, without what was written after step `after` (0: empty)."""
    files: dict[str, IO[str]] = {}
    if not first:
        yield Journal(files)
        return
    with ExitStack() as stack:
        with disk.explained(f"write to {out}", HINT):
            out.mkdir(parents=True, exist_ok=True)
            for name in FILES:
                path = out / f"{name}.jsonl"
                cut(path, after)
                files[name] = stack.enter_context(open(path, "a", encoding="ascii"))
        yield Journal(files)


def cut(path: Path, after: int) -> None:
    """Drop the lines of steps later than `after`, or all of them if it is 0, and a last line that was cut short."""
    if not path.exists():
        return
    whole = path.read_bytes()
    kept = b"".join(line for line in whole.splitlines(keepends=True) if after and 0 <= _step(line) <= after)
    if kept != whole:
        disk.write(path, kept)


def read(path: Path) -> list[dict[str, Any]]:
    """The rows of a journal's file; a last line that was cut short is left out."""
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_bytes().splitlines(keepends=True) if _step(line) >= 0]


def _step(line: bytes) -> int:
    """The step of a line, or -1 for one that is not whole."""
    if not line.endswith(b"\n"):
        return -1
    try:
        return int(json.loads(line)["step"])
    except (ValueError, TypeError, KeyError):
        return -1
