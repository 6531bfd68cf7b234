"""verifiers' own `vf-eval` on the package that `verienv export` writes, against a chat server on loopback."""

from __future__ import annotations

import importlib.metadata
import json
import os
import subprocess
import sys
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

from tests import loopback
from tests.peers import answers
from verienv.adapters import specs, verifiers


def version() -> str:
    """The version that ran."""
    return importlib.metadata.version("verifiers")


def run(ran: Callable[[str, str], None], scratch: Path) -> None:
    """Text, pictures and a recipe, then a game."""
    package = scratch / "package"
    subprocess.run([sys.executable, "-m", "verienv", "export", "verifiers", "-o", package], check=True)
    for source, arguments, count, rollouts in (
        ("sat", ["--env.taskset.levels", "0:1"], 6, 4),
        ("jigsaw", ["--env.taskset.levels", "0"], 4, 2),
        ("saturn-7b", ["--env.taskset.task.reward", "saturn-7b"], 4, 2),
    ):
        reward = source if source == "saturn-7b" else None
        traces, seen = evaluate(package, scratch / source, source, arguments, count, rollouts)
        assert len(traces) == count * rollouts
        assert len({trace["task"]["key"] for trace in traces}) == count
        paid = specs.Rewards(reward)
        for trace in traces:
            spec, reply = trace["task"]["data"]["spec"], trace_reply(trace)
            terms = {name: given["score"] for name, given in trace["rewards"].items()}
            assert terms == paid(spec, reply).terms
            assert trace["metrics"]["verienv_score"] == specs.score(spec, reply).value
        mean = sum(trace["metrics"]["verienv_score"] for trace in traces) / len(traces)
        assert 0 < mean < 1
        pictures = sum("image_url" in json.dumps(request["messages"]) for request in seen)
        assert pictures == (len(traces) if source == "jigsaw" else 0)
        shown = f", {pictures} requests with pictures" if pictures else ""
        ran(f"`vf-eval verienv-vf`, {source}", f"{len(traces)} rollouts, rewards equal ours, score {mean:.2f}{shown}")
    game(ran, package, scratch)


def game(ran: Callable[[str, str], None], package: Path, scratch: Path) -> None:
    """Each reply is answered with what is to be seen then."""
    traces, seen = evaluate(package, scratch / "game", "stairs", ["--env.taskset.levels", "0"], 6, 1)
    for trace in traces:
        replies = [each["message"]["content"] for each in trace["nodes"] if each["message"]["role"] == "assistant"]
        assert trace["metrics"]["verienv_score"] == specs.score(trace["task"]["data"]["spec"], replies).value
    scores = [trace["metrics"]["verienv_score"] for trace in traces]
    assert 0 < sum(scores) < len(scores)
    mean = sum(scores) / len(scores)
    ran("`vf-eval verienv-vf`, a game", f"{len(traces)} episodes in {len(seen)} turns, score {mean:.2f}")


def evaluate(
    package: Path, out: Path, source: str, arguments: list[str], count: int, rollouts: int
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """vf-eval's traces, and the requests that the server saw."""
    levels = arguments[1] if "levels" in arguments[0] else None
    tasks = islice(verifiers.Tasks(verifiers.TasksConfig(source=source, levels=levels)).load(), count)
    with loopback.serving(loopback.knowing(answers.known([task.data.id for task in tasks]))) as server:
        command = [
            *(str(Path(sys.executable).parent / "vf-eval"), "verienv-vf", "-m", "stub"),
            *("-n", str(count), "-r", str(rollouts), "--no-push", "--no-rich", "-o", str(out)),
            *("--client.base-url", server.url, "--env.taskset.source", source, *arguments),
        ]
        environment = {**os.environ, "PYTHONPATH": f"{package}:{os.environ['PYTHONPATH']}", "OPENAI_API_KEY": "none"}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=out.parent)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        (found,) = out.rglob("traces.jsonl")
        episodes = [json.loads(line) for line in found.read_text().splitlines()]
        return [trace for episode in episodes for trace in episode["traces"]], server.requests


def trace_reply(trace: dict[str, Any]) -> str:
    """The last thing that the model said."""
    return str([each["message"]["content"] for each in trace["nodes"] if each["message"]["role"] == "assistant"][-1])
