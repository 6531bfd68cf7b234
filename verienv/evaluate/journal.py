"""The replies of a run, one JSON line each, written so that a kill loses at most the replies that were on their way."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from verienv.dataset import disk
from verienv.errors import UsageError

Record = dict[str, Any]
Key = tuple[str, int]

REPLIES = "replies.jsonl"
SETTINGS = "run.json"


class Journal:
    """The open file of replies. `append` may be called from any thread."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / REPLIES
        self._lock = threading.Lock()
        self.done: set[Key] = set()
        with disk.explained(f"read {self._path}"):
            whole = 0
            if self._path.exists():
                for record, end in _whole(self._path):
                    self.done.add((record["address"], record["sample"]))
                    whole = end
            self._file = open(self._path, "ab")  # noqa: SIM115 - closed by close
            self._file.truncate(whole)  # a line that a kill cut short

    def append(self, record: Record) -> None:
        """Write a reply, whole, before it counts as done. Raises RunError where the disk refuses."""
        line = json.dumps(record, allow_nan=False).encode("ascii") + b"\n"
        with self._lock, disk.explained(f"write {self._path}", "Run again to go on from what is written"):
            self._file.write(line)
            self._file.flush()
            self.done.add((record["address"], record["sample"]))

    def close(self) -> None:
        """Push everything to the disk."""
        with self._lock:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()


def read(folder: str | Path) -> Iterator[Record]:
    """The replies of a run, in the order they came. Raises UsageError where there are none."""
    path = Path(folder) / REPLIES
    try:
        for record, _ in _whole(path):
            yield record
    except FileNotFoundError:
        raise UsageError(f"{folder} is no run: it holds no {REPLIES}") from None


def settle(folder: Path, settings: Record) -> None:
    """Keep what decides a run, or, in a folder that has one, hold it against that. Raises UsageError."""
    path = folder / SETTINGS
    wanted = json.loads(json.dumps(settings))
    if path.exists():
        kept = settings_of(folder)
        for name in {**kept, **wanted}:
            if kept.get(name) != wanted.get(name):
                raise UsageError(
                    f"{folder} holds a run with {name} = {_shown(kept.get(name))}, not {_shown(wanted.get(name))}: "
                    "name another folder, or call it as it was called"
                )
    else:
        disk.write(path, json.dumps(wanted, indent=1).encode() + b"\n")


def settings_of(folder: str | Path) -> Record:
    """What decided a run. Raises UsageError where there is none."""
    path = Path(folder) / SETTINGS
    try:
        read: Record = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise UsageError(f"{folder} is no run: {SETTINGS}: {error}") from None
    return read


def _whole(path: Path) -> Iterator[tuple[Record, int]]:
    """Each whole line and where it ends; nothing after the first that is not."""
    end = 0
    with open(path, "rb") as file:
        for line in file:
            try:
                record = json.loads(line) if line.endswith(b"\n") else None
            except ValueError:
                record = None
            if not isinstance(record, dict) or "address" not in record or "sample" not in record:
                return
            end += len(line)
            yield record, end


def _shown(value: object) -> str:
    text = json.dumps(value)
    return text if len(text) <= 80 else f"{text[:77]}…"
