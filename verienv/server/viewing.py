"""Running the viewer: a free port of loopback, families loaded before anybody waits for them, the browser opened."""

from __future__ import annotations

import socket
import threading
import webbrowser
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from verienv.errors import MissingExtra, UsageError
from verienv.server import viewer

try:
    import uvicorn
except ImportError as absent:
    raise MissingExtra("uvicorn", "serve", "the viewer") from absent


def serve(paths: Sequence[Path], port: int, opening: bool, tell: Callable[[str], None]) -> None:
    """Serve until Ctrl-C; `tell` is given the page's address. Raises UsageError where the port is taken."""
    listening = listen(port)
    url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
    tell(url)
    threading.Thread(target=viewer.families, daemon=True).start()
    if opening:
        threading.Timer(0.3, webbrowser.open, [url]).start()
    server(paths).run(sockets=[listening])


def listen(port: int) -> socket.socket:
    """A socket of loopback; 0 takes any free port. Raises UsageError where it is taken."""
    try:
        return socket.create_server(("127.0.0.1", port))
    except OSError as error:
        raise UsageError(f"port {port}: {error.strerror or error}; --port 0 takes any free one") from error


def server(paths: Sequence[Path] = ()) -> Any:
    """A uvicorn server for the viewer, not yet running."""
    config = uvicorn.Config(
        viewer.app(paths),
        ws="none",
        timeout_graceful_shutdown=1,
        limit_concurrency=512,
        log_level="warning",
        access_log=False,
        server_header=False,
        lifespan="on",
    )
    return uvicorn.Server(config)
