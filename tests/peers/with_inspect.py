"""inspect_ai's own command line on the task that it finds by our entry point, against a chat server on loopback."""

from __future__ import annotations

import importlib.metadata
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from inspect_ai.log import list_eval_logs, read_eval_log

from tests import loopback
from tests.peers import answers
from verienv import dataset
from verienv.adapters import specs


def version() -> str:
    """The version that ran."""
    return importlib.metadata.version("inspect_ai")


def run(ran: Callable[[str, str], None], scratch: Path) -> None:
    """Text by level, pictures, a recipe's rewards, a game."""
    for source, levels, count, reward in (
        ("sat", "0:2", 6, None),
        ("jigsaw", "0", 4, None),
        ("saturn-7b", None, 4, "saturn-7b"),
        ("stairs", "0", 6, None),
    ):
        log, seen = evaluate(scratch / source, source, levels, count, reward)
        assert log.status == "success", log.error
        samples = log.samples or []
        assert len(samples) == 4 * count
        for sample in samples:
            replies = [message.text for message in sample.messages if message.role == "assistant"]
            wanted = specs.rewards(reward)(sample.metadata["spec"], replies if source == "stairs" else replies[-1])
            score = sample.scores["verdict"]
            assert score.value == wanted.value
            assert score.metadata["score"] == wanted.score.value
        found = log.results.scores
        means = {score.reducer: score.metrics["mean"].value for score in found}
        assert means["mean"] < means["pass_at_4"], means
        grouped = [name for score in found for name in score.metrics if name.startswith(source) or " " in name]
        assert source != "sat" or {"sat L0", "sat L1", "sat L2"} <= set(grouped), grouped
        pictures = sum("image_url" in json.dumps(request["messages"]) for request in seen)
        assert pictures == (len(seen) if source == "jigsaw" else 0)
        shown = f", {pictures} requests with pictures" if pictures else ""
        told = f"mean {means['mean']:.2f}, pass@4 {means['pass_at_4']:.2f}"
        ran(f"`inspect eval verienv/suite`, {source}", f"{len(samples)} samples, scores equal ours; {told}{shown}")


def evaluate(out: Path, source: str, levels: str | None, count: int, reward: str | None) -> Any:
    """Inspect's log, and the requests that the server saw."""
    plan = dataset.plan(source, levels, count=count, split="test")
    addresses = [row.address for row in dataset.rows(plan)]
    with loopback.serving(loopback.knowing(answers.known(addresses, boxed=reward is not None), share=0.6)) as server:
        settings = {"source": source, "count": str(count)}
        settings |= {"levels": f'"{levels}"'} if levels else {}
        settings |= {"reward": reward} if reward else {}
        command = [
            *(
                str(Path(sys.executable).parent / "inspect"),
                "eval",
                "verienv/suite",
                "--model",
                "openai-api/local/stub",
            ),
            *(part for name, value in settings.items() for part in ("-T", f"{name}={value}")),
            *("--epochs", "4", "--epochs-reducer", "mean,pass_at_4", "--log-dir", str(out), "--display", "none"),
        ]
        environment = {**os.environ, "LOCAL_BASE_URL": server.url, "LOCAL_API_KEY": "none"}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        (log,) = list_eval_logs(str(out))
        return read_eval_log(log), server.requests
