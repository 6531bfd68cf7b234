"""The manifest and the card of a finished dataset, and the summary of a run."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any

from verienv.dataset import formats
from verienv.dataset.plans import Plan
from verienv.dataset.row import PLACEHOLDER

MANIFEST, CARD = "manifest.json", "README.md"
WORK = ".verienv"  # the folder that is there while a run writes, or until it goes on


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run left behind.

    rows: how many there are; asked: how many the plan (or its shard) wanted.
    short: for each cell that ran dry, a sentence that says how many distinct problems it gave.
    resumed: rows that were there before this run.
    """

    out: Path
    rows: int
    asked: int
    duplicates: int
    failed: int
    parts: int
    bytes: int
    cells: Mapping[str, int]
    short: tuple[str, ...] = ()
    resumed: int = 0
    seconds: float = field(default=0.0, compare=False)

    @property
    def complete(self) -> bool:
        """Whether there are as many rows as were asked for."""
        return self.rows == self.asked

    def to_dict(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "out": str(self.out),
            "rows": self.rows,
            "asked": self.asked,
            "complete": self.complete,
            "duplicates": self.duplicates,
            "failed": self.failed,
            "parts": self.parts,
            "bytes": self.bytes,
            "cells": dict(self.cells),
            "short": list(self.short),
            "resumed": self.resumed,
            "seconds": round(self.seconds, 3),
        }


def build(
    plan: Plan, parts: Sequence[Mapping[str, Any]], kept: Sequence[int], duplicates: int, failed: int
) -> dict[str, Any]:
    """The manifest: a function of the plan and the versions it ran with, so that two runs' are equal."""
    start, stop = plan.stretch()
    return {
        "format": plan.format,
        "rows": sum(part["rows"] for part in parts),
        "asked": stop - start,
        "duplicates_dropped": duplicates,
        "not_drawn": failed,
        "cells": [
            {"task": each.task, "setting": each.setting, "level": each.level, "asked": asked, "rows": rows}
            for each, asked, rows in zip(plan.cells, shard_quotas(plan), kept, strict=True)
        ],
        "short": shortfalls(plan, kept),
        "plan": plan.to_dict(),
        "plan_sha256": plan.digest,
        "versions": versions(),
        "parts": list(parts),
    }


def shard_quotas(plan: Plan) -> list[int]:
    """How many rows each cell was asked for, in this shard."""
    if plan.shard[1] == 1:
        return plan.quotas()
    asked = [0] * len(plan.cells)
    for cell in plan.shard_slots():
        asked[cell] += 1
    return asked


def shortfalls(plan: Plan, kept: Sequence[int]) -> list[str]:
    """A sentence for each cell that gave fewer rows than asked."""
    sentences = []
    for each, asked, rows in zip(plan.cells, shard_quotas(plan), kept, strict=True):
        if rows < asked and plan.shard[1] == 1:
            sentences.append(
                f"{each.label}: {asked} rows asked, {rows} distinct problems found in the {plan.split} split, "
                "and many draws more gave none that was new"
            )
        elif rows < asked:
            sentences.append(
                f"{each.label}: {asked} rows asked, {rows} written: a shard leaves out its duplicates and does not "
                "make up for them"
            )
    return sentences


def summary(out: Path, manifest: Mapping[str, Any], resumed: int, seconds: float) -> Summary:
    """The summary of a finished dataset."""
    return Summary(
        out=out,
        rows=manifest["rows"],
        asked=manifest["asked"],
        duplicates=manifest["duplicates_dropped"],
        failed=manifest["not_drawn"],
        parts=len(manifest["parts"]),
        bytes=sum(part["bytes"] for part in manifest["parts"]),
        cells={f"{each['task']} {each['setting']}": each["rows"] for each in manifest["cells"]},
        short=tuple(manifest["short"]),
        resumed=resumed,
        seconds=seconds,
    )


def versions() -> dict[str, str]:
    """The versions a dataset was made with."""
    found = {"python": platform.python_version()}
    for package in ("numpy", "pillow", "python-sat", "sympy"):
        found[package] = metadata.version(package)
    return found


def to_bytes(manifest: Mapping[str, Any]) -> bytes:
    """The manifest as it is written."""
    return (json.dumps(manifest, indent=1, ensure_ascii=True) + "\n").encode()


def card(plan: Plan, manifest: Mapping[str, Any]) -> bytes:
    """README.md: the configuration by which `load_dataset(dir)` finds the data, and what a reader must know."""
    tasks = list(dict.fromkeys(each.task for each in plan.cells))
    config = tasks[0] if len(tasks) == 1 else "default"
    table = "\n".join(
        f"| {each['task']} | `{each['setting']}` | {'' if each['level'] is None else each['level']} | {each['rows']} |"
        for each in manifest["cells"]
    )
    short = "".join(f"- {sentence}\n" for sentence in manifest["short"])
    shard = "" if plan.shard[1] == 1 else f"- Shard {plan.shard[0]} of {plan.shard[1]} of {plan.count} rows.\n"
    column = "messages" if plan.format in ("jsonl", "parquet", "webdataset") else "prompt"
    return f"""\
---
configs:
- config_name: {config}
  data_files:
  - split: {plan.split}
    path: {_pattern(plan, manifest)}
size_categories:
- {_size(manifest["rows"])}
tags:
- verienv
---

# {", ".join(tasks)}: {manifest["rows"]} problems

Made by verienv {plan.to_dict()["verienv"]}: seed {plan.seed}, split {plan.split}, order {plan.order},
format {plan.format}.

| task | setting | level | rows |
|---|---|---|---|
{table}

{shard}{short}- Exact duplicates dropped: {manifest["duplicates_dropped"]}.
- No problem of this split is in another split.
- `{column}` is a chat prompt; each `{PLACEHOLDER}` in its text stands for one of the pictures, in order.
- Every problem can be made again from its address alone, and every reply scored:
  `verienv score DIR --responses FILE`, where a line of FILE is `{{"address": …, "response": …}}`.
- `manifest.json` holds the plan, the versions and the sha256 of every part.
""".encode()


def _pattern(plan: Plan, manifest: Mapping[str, Any]) -> str:
    names = [part["name"] for part in manifest["parts"]]
    if any("." not in name for name in names):
        return f"{formats.DATA}/{plan.split}-*/**"
    ending = names[0].rpartition(".")[2] if names else "jsonl"
    return f"{formats.DATA}/{plan.split}-*.{ending}"


def _size(rows: int) -> str:
    low = 1_000
    if rows < low:
        return "n<1K"
    while rows >= 10 * low:
        low *= 10
    words = {1_000: "1K", 10_000: "10K", 100_000: "100K", 1_000_000: "1M", 10_000_000: "10M", 100_000_000: "100M"}
    return f"{words.get(low, '1B')}<n<{words.get(10 * low, '10B')}"
