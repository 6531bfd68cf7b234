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


def fill(folder: Path) -> None:
    """Nothing yet."""
