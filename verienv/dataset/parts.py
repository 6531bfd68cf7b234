"""Parts: what is written of a dataset so far, and the records by which a later run knows what it may trust."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from verienv.dataset import disk
from verienv.dataset.row import Line, Row

Record = dict[str, Any]
Writer = Callable[[int, Sequence[Row | Line]], Path]
T = TypeVar("T")


class Parts:
    """Numbered parts below `root`, their records in `records`; `write(number, rows)` writes one and says where."""

    def __init__(self, root: Path, records: Path, write: Writer) -> None:
        self.root, self._records, self._write = root, records, write
        self.written: list[Record] = []  # without what only a resumed run needs

    def trusted(self) -> Iterator[Record]:
        """The records of the parts that are whole, in order; what comes after the first broken one is forgotten."""
        self._records.mkdir(parents=True, exist_ok=True)
        while record := self._read(len(self.written)):
            self.written.append(record["part"])
            yield record
        for later in sorted(self._records.iterdir()):
            if later.name >= self._name(len(self.written)):
                disk.remove(later)

    def append(self, rows: Sequence[Row | Line], **state: Any) -> None:
        """Write the next part, then its record; `state` is what a resumed run goes on from."""
        number = len(self.written)
        path = self._write(number, rows)
        part = {
            "name": path.relative_to(self.root).as_posix(),
            "rows": len(rows),
            "bytes": disk.size(path),
            "sha256": disk.sha256(path),
        }
        disk.write(self._records / self._name(number), json.dumps({"part": part, **state}).encode())
        self.written.append(part)

    @property
    def rows(self) -> int:
        """How many rows are written."""
        return sum(part["rows"] for part in self.written)

    def _read(self, number: int) -> Record | None:
        try:
            record: Record = json.loads((self._records / self._name(number)).read_bytes())
        except (FileNotFoundError, ValueError):
            return None
        return record if whole(self.root, record["part"]) else None

    def _name(self, number: int) -> str:
        return f"{number:08d}.json"


def whole(root: Path, part: Record) -> bool:
    """Whether a part is there with the sha256 it was written with."""
    return bool(disk.sha256(root / part["name"]) == part["sha256"])


def batches(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of `size` rows, the last one shorter; never reads further than it gives."""
    rows = iter(rows)
    while batch := list(islice(rows, size)):
        yield batch
