"""OpenEnv's own server over our environment, played by OpenEnv's own client."""

from __future__ import annotations

import importlib.metadata
import json
import os
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from openenv import GenericEnvClient

import verienv
from verienv.adapters import exporting, openenv, specs


def version() -> str:
    """The version that ran."""
    return importlib.metadata.version("openenv")


def run(ran: Callable[[str, str], None], scratch: Path) -> None:
    """Episodes, the Task API, and the folder to deploy."""
    with served(openenv.app(["sat", "jigsaw", "stairs"], sessions=8)) as url:
        turns = play(url)
        ran("OpenEnv's server and `GenericEnvClient`", f"6 episodes in {turns} turns; two sessions at once stay apart")
        task_api(url)
        ran("its Task API", "splits, num_tasks, task, task_range, tasks; reset by split and index")
    manifest = exporting.openenv()["openenv.yaml"]
    assert "app: server.app:app" in manifest
    for place, text in exporting.openenv().items():
        (scratch / place).parent.mkdir(parents=True, exist_ok=True)
        (scratch / place).write_text(text)
    code = "import server.app; print(type(server.app.app).__name__)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=scratch,
        env={**os.environ, "VERIENV_TASKS": "sat stairs"},
        check=True,
        capture_output=True,
        text=True,
    )
    ran("`verienv export openenv`", f"its app is a {done.stdout.split()[-1]}")


def play(url: str) -> int:
    """Episodes by the public client; how many turns they took."""
    turns = 0
    with GenericEnvClient(base_url=url).sync() as one, GenericEnvClient(base_url=url).sync() as two:
        for address in ("sat@1/L0/train/s5/0", "stairs@1/L0/train/s0/1", "stairs@1/L1/test/s0/2"):
            instance = verienv.instance(address)
            seen = one.reset(address=address)
            other = two.reset(address="sat@1/L1/validation/s3/4")
            assert seen.observation["text"] == instance.prompt[0]
            assert "address" not in json.dumps([seen.observation, seen.metadata, one.state()])
            oracle: Any = instance.task.oracle(instance)
            for reply in [oracle] if isinstance(oracle, str) else oracle:
                assert not seen.done
                seen = one.step({"reply": reply})
                turns += 1
            assert (seen.done, seen.reward) == (True, 1.0)
            assert seen.metadata["address"] == address
            assert one.state()["step_count"] >= 1
            assert two.state()["step_count"] == 0
            again = two.step({"reply": "no idea"})
            assert (again.done, again.reward, again.metadata["readable"]) == (True, 0.0, False)
            assert other.observation["text"] == verienv.instance("sat@1/L1/validation/s3/4").prompt[0]
            turns += 1
        seen = one.reset(task="jigsaw", level=1, seed=3)
        assert [each.split(",")[0] for each in seen.observation["images"]] == ["data:image/jpeg;base64"]
        assert seen.observation["text"].startswith("<image>")
    return turns


def task_api(url: str) -> None:
    """As a client in any language would ask."""
    assert ask(f"{url}/list_environments") == ["verienv"]
    assert [each["name"] for each in ask(f"{url}/verienv/splits")] == ["train", "validation", "test"]
    assert ask(f"{url}/verienv/num_tasks", {"split": "test"})["num_tasks"] == 1_000_000
    task = ask(f"{url}/verienv/task", {"split": "test", "index": 12})["task"]
    assert (task["id"], task["index"]) == ("test/12", 12)
    found = ask(f"{url}/verienv/task_range", {"split": "test", "start": 10, "stop": 14})["tasks"]
    assert [each["index"] for each in found] == [10, 11, 12, 13]
    assert found[2] == task
    with GenericEnvClient(base_url=url).sync() as client:
        seen = client.reset(split="test", index=12, seed=0)
        assert seen.metadata["task"] == task["task"]
        seen = client.step({"reply": ""})
        assert specs.instance(json.dumps({"address": seen.metadata["address"]})).task.name == task["task"]


def ask(url: str, body: object = None) -> Any:
    """A request with a JSON answer."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as response:
        return json.load(response)


@contextmanager
def served(app: Any) -> Iterator[str]:
    """Under uvicorn, on a free port of loopback."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 60
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(30)
