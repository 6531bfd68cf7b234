"""Reading a finished dataset back, whatever its format, and checking that it is still what was written."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from verienv.dataset import formats, parts
from verienv.dataset.manifest import MANIFEST
from verienv.errors import UsageError

Record = dict[str, Any]


def manifest_of(root: str | Path) -> Record:
    """The manifest of a finished dataset. Raises UsageError when there is none."""
    path = Path(root) / MANIFEST
    try:
        read = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise UsageError(f"{root} is not a finished dataset: it holds no {MANIFEST}") from None
    except (ValueError, OSError) as error:
        raise UsageError(f"{path} cannot be read: {error}") from error
    if not isinstance(read, dict) or not isinstance(read.get("parts"), list):
        raise UsageError(f"{path} is not the manifest of a dataset")
    return read


def read(root: str | Path) -> Iterator[Record]:
    """The records of a dataset as they were written, in order, without pictures. Raises UsageError, MissingExtra."""
    for part in manifest_of(root)["parts"]:
        yield from _records(Path(root) / part["name"])


def verify(root: str | Path) -> list[str]:
    """The names of the parts that are missing or changed."""
    return [part["name"] for part in manifest_of(root)["parts"] if not parts.whole(Path(root), part)]


def spec(record: Record) -> tuple[str, str]:
    """(address, digest) of a record in any layout."""
    text = record.get("spec") or record.get("label") or record["reward_model"]["ground_truth"]
    held = json.loads(text)
    return held["address"], held["digest"]


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
        with open(path / formats.METADATA if path.is_dir() else path, "rb") as lines:
            for line in lines:
                yield json.loads(line)
