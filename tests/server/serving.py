"""A real server on loopback, in a thread or in a process of its own, and a small client."""

from __future__ import annotations

import http.client
import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

from verienv.server import play, serve
from verienv.server.limits import Limits

CHECKOUT = Path(__file__).parents[2]
PLUGIN = Path(__file__).parents[1] / "plugin"
PATIENCE = 60.0  # a shared machine may stall


@dataclass(slots=True)
class Client:
    """Requests to one server."""

    port: int
    token: str | None = None
    service: Any = None
    process: subprocess.Popen[str] | None = None

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any, dict[str, str]]:
        """(status, JSON, headers in small letters); a body of bytes is sent as it is."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token is not None:
            sent.setdefault("Authorization", f"Bearer {self.token}")
        content = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        try:
            connection.request(method, path, content, sent)
            answer = connection.getresponse()
            text = answer.read()
            told = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, json.loads(text) if text else None, told
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Any:
        """The answer to a request that must succeed."""
        status, value, _ = self.ask("GET", path, **headers)
        assert status == 200, value
        return value

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        """The answer to a request that must succeed."""
        status, value, _ = self.ask("POST", path, {} if body is None else body, **headers)
        assert status == 200, value
        return value

    def socket(self, **settings: Any) -> ClientConnection:
        """A WebSocket session."""
        headers = {} if self.token is None else {"Authorization": f"Bearer {self.token}"}
        settings = {
            "additional_headers": headers,
            "open_timeout": PATIENCE,
            "ping_timeout": None,
            "proxy": None,
            **settings,
        }
        connection: ClientConnection = connect(f"ws://127.0.0.1:{self.port}/ws", **settings)
        return connection


def tell(socket: ClientConnection, kind: str, data: Any = None) -> Any:
    """Send a message, and its answer."""
    socket.send(json.dumps({"type": kind} if data is None else {"type": kind, "data": data}))
    return json.loads(socket.recv(timeout=PATIENCE))


@contextmanager
def running(
    *sources: str,
    token: str | None = None,
    levels: str | None = None,
    reward: str | None = None,
    offered: play.Offer | None = None,
    **limits: Any,
) -> Iterator[Client]:
    """A server in this process, of these sources or of what is offered."""
    offered = offered or play.offer(sources or ("sat",), levels, reward)
    made = serve.server(offered, port=0, token=token, limits=Limits(**limits))
    thread = threading.Thread(target=made.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + PATIENCE
    while not made.started and time.monotonic() < deadline:
        time.sleep(0.01)
    assert made.started
    yield Client(made.servers[0].sockets[0].getsockname()[1], token, made._service)
    made.should_exit = True
    thread.join(PATIENCE)
    assert not thread.is_alive()


@contextmanager
def process(*arguments: str, **environment: str) -> Iterator[Client]:
    """`verienv serve` as anybody starts it."""
    path = os.pathsep.join([str(CHECKOUT), str(PLUGIN)])
    started = subprocess.Popen(
        [sys.executable, "-m", "verienv", "serve", *arguments],
        env={**os.environ, "PYTHONPATH": path, **environment},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert started.stderr is not None
        line = started.stderr.readline()
        found = re.search(r" on http://127\.0\.0\.1:(\d+)", line)
        if found is None:
            started.kill()
            raise AssertionError(line + str(started.communicate()))
        yield Client(int(found[1]), environment.get("VERIENV_TOKEN"), process=started)
    finally:
        started.kill()
        started.communicate()


def memory(pid: int) -> int:
    """Resident bytes of a process."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise AssertionError("no VmRSS")


def until(condition: Callable[[], Any], within: float) -> float:
    """Wait for a condition; how long it took. Fails after `within` seconds."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < within, f"not within {within} s"
        time.sleep(0.01)
    return time.monotonic() - began
