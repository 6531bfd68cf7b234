"""Reading a finished dataset back, whatever its format, and checking that it is still what was written."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from verienv.dataset import formats, parts
from verienv.dataset.manifest import MANIFEST, WORK
from verienv.errors import UsageError

Record = dict[str, Any]


def manifest_of(root: str | Path) -> Record:
    """The manifest of a finished dataset. Raises UsageError when there is none."""
    path = Path(root) / MANIFEST
    try:
        read = json.loads(path.read_bytes())
    except FileNotFoundError:
        begun = (Path(root) / WORK).is_dir()
        hint = "; it was begun: generate it again with the same words to go on" if begun else ""
        raise UsageError(f"{root} is not a finished dataset: it holds no {MANIFEST}{hint}") from None
    except (ValueError, OSError) as error:
        raise UsageError(f"{path} cannot be read: {error}") from error
    if not _is_manifest(read):
        raise UsageError(f"{path} is not the manifest of a dataset")
    return dict(read)


def _is_manifest(read: Any) -> bool:
    """Whether what readers rely on is there; a part lies in the folder, whatever a manifest from elsewhere says."""
    try:
        names = [PurePosixPath(part["name"]) for part in read["parts"]]
        hashes = [type(part["sha256"]) is str for part in read["parts"]]
        which, of = read["plan"]["shard"]
        sound = type(read["rows"]) is int and type(which) is int and type(of) is int
    except (TypeError, LookupError, ValueError):
        return False
    return sound and all(hashes) and all(name.parts[:1] == (formats.DATA,) and ".." not in name.parts for name in names)


def read(root: str | Path) -> Iterator[Record]:
    """The records of a dataset, or of one file of rows, in order, without pictures. Raises UsageError, MissingExtra."""
    if Path(root).is_file():
        yield from _records(Path(root))
        return
    for part in manifest_of(root)["parts"]:
        yield from _records(Path(root) / part["name"])


def rows(path: Path) -> Iterator[tuple[int, Record]]:
    """Each row of a file of JSON lines with its place in bytes. Raises UsageError with the number of a line."""
    place = 0
    with open(path, "rb") as lines:
        for number, line in enumerate(lines, 1):
            try:
                row = json.loads(line) if line.strip() else {}
            except (ValueError, RecursionError):
                row = None
            if not isinstance(row, dict):
                raise UsageError(f"{path}, line {number}: not a row of a dataset")
            if row:
                yield place, row
            place += len(line)


def verify(root: str | Path) -> list[str]:
    """The names of the parts that are missing or changed."""
    return [part["name"] for part in manifest_of(root)["parts"] if not parts.whole(Path(root), part)]


def spec(record: Record) -> tuple[str, str]:
    """(address, digest) of a record in any layout. Raises UsageError where it holds none."""
    try:
        held = json.loads(spec_text(record))
        return record["address"] if "problem" in held else held["address"], held["digest"]
    except (ValueError, TypeError, LookupError, RecursionError):
        raise UsageError(f"not a row of a dataset, for it has no spec: {record!r:.80}") from None


def spec_text(record: Record) -> Any:
    """The column that holds all that scoring needs."""
    return record.get("spec") or record.get("label") or record["reward_model"]["ground_truth"]


def _records(path: Path) -> Iterator[Record]:
    if path.suffix == ".parquet":
        yield from formats.read_parquet(path)
    elif path.suffix == ".tar":
        with tarfile.open(path, "r:") as tar:
            for member in tar:
                file = tar.extractfile(member)
                if member.name.endswith(".json") and file is not None:
                    yield json.load(file)
                tar.members = []  # type: ignore[attr-defined]  # tarfile would keep every header
    else:
        for _, row in rows(path / formats.METADATA if path.is_dir() else path):
            yield row
