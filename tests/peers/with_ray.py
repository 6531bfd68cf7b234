"""A local Ray: 100,000 rows drawn with the bytes of `verienv generate`, a worker killed on the way, and scoring."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ray

from verienv import dataset
from verienv.adapters import batches, specs

COUNT = int(os.environ.get("VERIENV_RAY_ROWS", "100000"))


def version() -> str:
    """The version that ran."""
    return importlib.metadata.version("ray")


def run(ran: Callable[[str, str], None], scratch: Path) -> None:
    """Draw, draw with a killed worker, score."""
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level="ERROR")
    ray.data.DataContext.get_current().enable_progress_bars = False
    ray.data.DataContext.get_current().print_on_execution_start = False
    drawn = draw(ran, scratch)
    killed(ran, scratch)
    score(ran, drawn)
    ray.shutdown()


def draw(ran: Callable[[str, str], None], scratch: Path) -> Any:
    """By Ray into parquet, and by verienv into JSON lines."""
    plan = dataset.plan("sat", "2", count=COUNT)
    began = time.monotonic()
    made = ray.data.range(plan.count).map_batches(batches.Rows(plan), batch_size=1000)
    made.write_parquet(str(scratch / "parquet"))
    taken = time.monotonic() - began
    read = ray.data.read_parquet(str(scratch / "parquet")).sort("id")
    began = time.monotonic()
    summary = dataset.generate(plan, scratch / "rows", workers=2)
    alone = time.monotonic() - began
    written = hashlib.sha256()
    for path in sorted((scratch / "rows" / "data").iterdir()):
        written.update(path.read_bytes())
    lines, seen = hashlib.sha256(), set()
    for row in read.iter_rows():
        if row["digest"] not in seen:
            seen.add(row["digest"])
            lines.update(row["line"].encode() + b"\n")
    assert len(seen) == summary.rows == COUNT
    assert lines.hexdigest() == written.hexdigest()
    ran(
        f"`map_batches(batches.Rows(plan))`, {COUNT:,} sat rows",
        f"the bytes of `verienv generate`, sha256 {written.hexdigest()[:12]}…; "
        f"{taken / alone:.1f} times the time of `--workers 2`",
    )
    return read


def killed(ran: Callable[[str, str], None], scratch: Path) -> None:
    """SIGKILL a worker in the middle of the job."""
    plan = dataset.plan("sat", "2", count=COUNT // 5)
    pids = scratch / "pids"
    pids.mkdir()
    drawing = batches.Rows(plan)

    def told(batch: Any) -> Any:
        (pids / str(os.getpid())).touch()
        return drawing(batch)

    victims: list[int] = []

    def kill() -> None:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and not any(pids.iterdir()):
            time.sleep(0.05)
        time.sleep(1.0)
        victims.append(int(next(pids.iterdir()).name))
        os.kill(victims[0], signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    made = ray.data.range(plan.count).map_batches(told, batch_size=500)
    found = sorted(row["id"] for row in made.iter_rows())
    killer.join()
    assert victims, "no worker was killed"
    assert found == list(range(plan.count)), "every id once"
    ran(f"the same, {plan.count:,} rows, a worker killed by SIGKILL", "every row once")


def score(ran: Callable[[str, str], None], drawn: Any) -> None:
    """Half the replies right."""

    def answer(batch: Any) -> dict[str, list[Any]]:
        given: dict[str, list[Any]] = {"id": list(batch["id"]), "spec": [], "response": []}
        for at, line in zip(batch["id"], batch["line"], strict=True):
            row = json.loads(line)
            given["spec"].append(row["spec"])
            given["response"].append(row["oracle"] if at % 2 else "no idea")
        return given

    scored = drawn.map_batches(answer).map_batches(batches.score)
    rows = scored.select_columns(["id", "spec", "response", "value", "reason"]).take(200)
    for row in rows:
        assert row["value"] == specs.score(row["spec"], row["response"]).value == float(row["id"] % 2)
    mean = scored.mean("value")
    assert mean == 0.5, mean
    ran(f"`map_batches(batches.score)`, {COUNT:,} replies", f"mean {mean:g}, as it must be")
