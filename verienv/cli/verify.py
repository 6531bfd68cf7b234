"""`verienv verify`: are data sets still what was written, are all shards there, and do they share a problem?"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from verienv.cli import options, terminal

SHOWN = 12
"""Duplicates printed before the rest is only counted."""


@click.command("verify")
@click.argument("folders", metavar="DIR...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--out", "-o", type=click.Path(dir_okay=False, path_type=Path), help="Write the duplicates here (JSONL).")
@options.json_option
def command(folders: tuple[Path, ...], out: Path | None, as_json: bool) -> int:
    """Check data sets that `generate` wrote: each part by its sha256, and all DIRs together for duplicates.

    For the shards of one plan, it also says which are missing. A train and a test set that pass share no problem. Exit
    code 1 when a part is damaged, a shard is missing or a problem is there twice.
    """
    from verienv import dataset
    from verienv.dataset import reading

    manifests = [reading.manifest_of(folder) for folder in folders]
    rows, damaged = [], []
    for folder, manifest in zip(folders, manifests, strict=True):
        damaged += [str(folder / name) for name in dataset.verify(folder)]
        told = {"folder": str(folder), "shard": _shard(manifest)}
        rows.append({**told, "rows": manifest["rows"], "parts": len(manifest["parts"])})
    missing = _missing(manifests)
    first, count = ([], 0) if damaged else _duplicates(folders, out)
    if as_json:
        terminal.emit({"folders": rows, "damaged": damaged, "missing_shards": missing, "duplicates": count})
    else:
        _show(rows, damaged, missing, first, count)
    return 1 if damaged or missing or count else 0


def _duplicates(folders: Sequence[Path], out: Path | None) -> tuple[list[dict[str, str]], int]:
    """The first of the rows whose problem was there before, and how many there are; all go to `out`."""
    from verienv import dataset
    from verienv.dataset import disk

    first: list[dict[str, str]] = []
    count = 0
    with ExitStack() as stack:
        file = None
        if out is not None:
            stack.enter_context(disk.explained(f"write {out}"))
            file = stack.enter_context(open(stack.enter_context(disk.replacing(out)), "w", encoding="ascii"))
        for each in dataset.duplicates(*folders):
            count += 1
            if count <= SHOWN:
                first.append(each.to_dict())
            if file is not None:
                file.write(json.dumps(each.to_dict()) + "\n")
    return first, count


def _shard(manifest: dict[str, Any]) -> str | None:
    which, of = manifest["plan"]["shard"]
    return None if of == 1 else f"{which}/{of}"


def _missing(manifests: list[dict[str, Any]]) -> list[str]:
    """The shards that are not there, of every plan of which some are."""
    there: dict[str, set[int]] = {}
    of: dict[str, int] = {}
    for manifest in manifests:
        plan = dict(manifest["plan"])
        which, count = plan.pop("shard")
        key = json.dumps([plan, count], sort_keys=True)
        there.setdefault(key, set()).add(which)
        of[key] = count
    return [f"{at}/{of[key]}" for key in there for at in range(1, of[key] + 1) if at not in there[key]]


def _show(
    rows: list[dict[str, Any]], damaged: list[str], missing: list[str], first: list[dict[str, str]], count: int
) -> None:
    made = terminal.table("folder", "shard", "rows", "parts", right=("rows", "parts"))
    for row in rows:
        terminal.row(made, (row["folder"], row["shard"] or "", f"{row['rows']:,}", str(row["parts"])))
    terminal.show(made, "")
    for name in damaged:
        terminal.show(f"missing or changed: {name}")
    if missing:
        terminal.show(terminal.plain(f"missing shards: {', '.join(missing)}", "red"))
    for each in first:
        terminal.show(f"there before: {each['address']} in {each['folder']}")
    if count > len(first):
        terminal.show(terminal.plain(f"… and {count - len(first):,} more", "dim"))
    total = sum(row["rows"] for row in rows)
    if damaged:
        terminal.show(terminal.plain("call generate again with the same words to mend what is damaged", "bold"))
    else:
        terminal.show(terminal.plain(f"{total:,} rows, {total - count:,} distinct problems", "bold"))
