"""A running viewer, requests to it, and what it is given to show."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from verienv import registry

PATIENCE = 60.0  # a shared machine may stall


@contextmanager
def viewing(paths: Sequence[Path] = ()) -> Iterator[str]:
    """The address of a viewer in a thread of this process."""
    from verienv.server import viewing as running

    listening = running.listen(0)
    made = running.server(paths)
    thread = threading.Thread(target=made.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    deadline = time.monotonic() + PATIENCE
    while not made.started and time.monotonic() < deadline:
        time.sleep(0.01)
    assert made.started
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    made.should_exit = True
    thread.join(PATIENCE)
    assert not thread.is_alive()


def ask(
    url: str, path: str, body: Any = None, wanted: dict[str, Any] | None = None, **headers: str
) -> tuple[int, Any, dict[str, str]]:
    """(status, JSON or bytes, headers in small letters)."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=PATIENCE)
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    where = f"{path}?{urlencode(wanted)}" if wanted else path
    content = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
    try:
        connection.request("GET" if body is None else "POST", where, content, sent)
        answer = connection.getresponse()
        read = answer.read()
        told = {name.lower(): value for name, value in answer.getheaders()}
        return answer.status, json.loads(read) if "json" in told.get("content-type", "") else read, told
    finally:
        connection.close()


def got(url: str, path: str, body: Any = None, **wanted: Any) -> Any:
    """The answer to a request that must succeed."""
    status, told, _ = ask(url, path, body, wanted)
    assert status == 200, told
    return told


HOSTILE = (
    "<script>document.title='taken'</script>",
    "<img src=x onerror=\"document.title='taken'\">",
    "<svg onload=\"document.title='taken'\"><a href=\"javascript:document.title='taken'\">go</a></svg>",
    "</pre></main><h1>taken</h1><iframe srcdoc='<script>1</script>'></iframe><style>*{display:none}</style>",
    "\u202ereversed\u0000\u001b[31m {{7*7}} ${alert(1)} <!-- ]]>",
)
LONG = 10_000_000  # characters
ADDRESS = "sat@1/L1/train/s0/0"


def fill(folder: Path) -> None:
    """Replies of every kind of writer, hostile ones among them, a training run and an evaluation."""
    run, evaluation = folder / "run", folder / "evaluation"
    run.mkdir()
    evaluation.mkdir()
    task = registry.load("sat")
    right = task.oracle(task.instance(1))
    rows: list[dict[str, Any]] = [{"address": ADDRESS, "sample": 0, "response": right, "truncated": False}]
    rows += [{"address": ADDRESS, "sample": 1 + at, "response": each} for at, each in enumerate(HOSTILE)]
    rows.append({"address": ADDRESS, "sample": 9, "response": "<b>" + "x" * (LONG - 3)})
    # the published scorer reads the last box, the strict one refuses two answers
    two = f"\\boxed{{11111}} <answer>00000</answer> \\boxed{{{right[8:-9]}}}"
    rows.append({"address": ADDRESS, "sample": 10, "response": two})
    game = registry.load("sokoban").instance(3)
    rows.append({"address": game.address, "sample": 0, "response": game.task.oracle(game)})
    lines = [json.dumps(row) for row in rows]
    (evaluation / "replies.jsonl").write_text("\n".join([*lines, "{not JSON", '{"address": 3, "response": ""}', ""]))
    group = {"task": "sat", "replies": 8, "oracle": 1.0, "floor": {"player": "random", "score": 0.1}}
    groups = [
        {**group, "setting": f"L{at}", "score": {"value": 0.9 - at / 5, "low": 0.3, "high": 1.0}} for at in range(4)
    ]
    (evaluation / "results.json").write_text(json.dumps({"name": "evaluation", "groups": groups}))
    (run / "metrics.jsonl").write_text("".join(metrics(step) for step in range(40)))
    (run / "run.json").write_text(json.dumps({"recipe": "<b>quick</b>"}))
    (run / "samples.jsonl").write_text(
        json.dumps({"step": 1, "address": ADDRESS, "response": right, "reward": 1.0, "terms": {"score": 1.0}}) + "\n"
    )
    verdict = {"address": ADDRESS, "value": 0.0, "parts": {}, "reason": "unsatisfied", "readable": True}
    (folder / "scores.jsonl").write_text(json.dumps(verdict) + "\n")


def metrics(step: int) -> str:
    """A line of a training run's metrics."""
    row = {
        "step": step,
        "reward": step / 40,
        "accuracy": step / 50,
        "entropy": 1 - step / 80,
        "frac_reward_zero_std": 0.2 + step / 100,
        "completions/mean_length": 10 + step % 7,
        "accuracy/sat/L0": step / 45,
        "accuracy/sat/L1": step / 90,
        "kl": float("nan") if step == 3 else 0.01 * step,
    }
    return json.dumps(row) + "\n"
