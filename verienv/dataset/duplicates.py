"""Duplicates: problems that several datasets hold, such as the shards of one plan or a train and a test set."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from verienv.dataset import reading
from verienv.dataset.dedupe import Seen


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A row whose problem a row before it has already: its folder, its address and the problem's digest."""

    folder: Path
    address: str
    digest: str

    def to_dict(self) -> dict[str, str]:
        """As JSON values."""
        return {"folder": str(self.folder), "address": self.address, "digest": self.digest}


def duplicates(*roots: str | Path) -> Iterator[Duplicate]:
    """Each row, in the order of the folders, whose problem was there before.

    The rows are streamed; of each only the first 64 bits of its problem's digest are kept, in 16 to 32 bytes.
    Raises UsageError for what is no finished dataset (and no file of rows), MissingExtra.
    """
    seen = Seen()
    for root in roots:
        for record in reading.read(root):
            address, digest = reading.spec(record)
            if not seen.add(int(digest[:16], 16)):
                yield Duplicate(Path(root), address, digest)
