"""What `verienv serve` stands: hostile and half-sent requests, many sessions, and with --soak a long time of both.

A server of its own on loopback, in a process of its own; Linux tells its memory. Exit code 1 where a bound is not met.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import contextlib
import http.client
import json
import re
import selectors
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import measure
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

import verienv
from verienv.adapters import specs

MB = 10**6
MIB = 2**20
Row = tuple[str, float, str, bool]


@dataclass(frozen=True, slots=True)
class Server:
    """A running server."""

    port: int
    pid: int

    def ask(self, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
        """(status, body); 0 where the connection was closed on us."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            connection.request("GET" if body is None else "POST", path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (BrokenPipeError, ConnectionResetError):
            return 0, b""
        finally:
            connection.close()

    def session(self) -> ClientConnection:
        """A WebSocket."""
        return connect(f"ws://127.0.0.1:{self.port}/ws", open_timeout=120, ping_timeout=None, proxy=None)

    def raw(self, head: bytes) -> socket.socket:
        """A connection on which `head` was sent."""
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=120)
        connection.sendall(head)
        return connection

    @property
    def memory(self) -> int:
        """Resident bytes."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) * 1024


@contextlib.contextmanager
def serving(*arguments: str) -> Iterator[Server]:
    """`verienv serve sat sokoban`, until the block ends."""
    command = [sys.executable, "-m", "verienv", "serve", "sat", "sokoban", "--port", "0", *arguments]
    started = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        assert started.stderr is not None
        found = re.search(r" on http://127\.0\.0\.1:(\d+)", started.stderr.readline())
        if found is None:
            raise SystemExit("the server did not start")
        yield Server(int(found[1]), started.pid)
    finally:
        started.send_signal(signal.SIGINT)
        started.communicate()


def scoring(count: int, reply: str) -> bytes:
    """A scoring request of `count` attempts."""
    spec = specs.of(verienv.instance("sat@1/L1/train/s0/0"))
    return json.dumps({"items": [{"spec": spec, "response": reply}] * count}).encode()


def tell(session: ClientConnection, kind: str, data: Any) -> Any:
    """A message, and its answer's data; a server that is busy is asked again."""
    while True:
        session.send(json.dumps({"type": kind, "data": data}))
        told = json.loads(session.recv(timeout=120))["data"]
        if told.get("code") != "BUSY":
            return told
        time.sleep(0.05)


def too_large(server: Server) -> Row:
    """Bodies over 1 MiB, told by their length and in pieces, 200 MB of each."""
    server.ask("/score", scoring(1, "x"))
    before = server.memory
    statuses = {server.ask("/score", b" " * (2 * MIB))[0] for _ in range(100)}
    piece = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    for _ in range(10):
        connection = server.raw(b"POST /score HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            for _ in range(20 * MB // 0x10000):
                connection.sendall(piece)
        connection.close()
    grown = (server.memory - before) / MB
    return "400 MB of bodies over 1 MiB: memory grows by, MB", grown, "< 8", grown < 8 and statuses <= {0, 413}


def half_open(server: Server, count: int = 900) -> Row:
    """Connections on which no request ever becomes whole."""
    heads = (b"GET /health HT", b"POST /score HTTP/1.1\r\nHost: localhost\r\n", b"")
    began: dict[socket.socket, float] = {}
    longest = 0.0
    with selectors.DefaultSelector() as waiting:
        for at in range(count):
            connection = server.raw(heads[at % 3])
            began[connection] = time.monotonic()
            waiting.register(connection, selectors.EVENT_READ)
        while began:
            for key, _ in waiting.select():
                connection = key.fileobj
                assert isinstance(connection, socket.socket)
                with contextlib.suppress(ConnectionResetError):
                    connection.recv(100)
                longest = max(longest, time.monotonic() - began.pop(connection))
                waiting.unregister(connection)
                connection.close()
    return f"{count} half-sent requests: the last is closed after, s", longest, "≤ 12", longest <= 12


def health(server: Server, worst: int = 50) -> Row:
    """`/health` beside requests of 500 hostile replies each."""
    body = scoring(500, "<answer>" + "0, " * 600 + "</answer>")
    times: list[float] = []
    with concurrent.futures.ThreadPoolExecutor(worst) as pool:
        pressed = [pool.submit(server.ask, "/score", body) for _ in range(worst)]
        while not all(each.done() for each in pressed):
            began = time.perf_counter()
            server.ask("/health")
            times.append(time.perf_counter() - began)
        fine = {each.result()[0] for each in pressed} <= {200, 429, 503}
    p99 = statistics.quantiles(times, n=100)[98] * 1000
    return (
        f"/health beside {worst} worst requests: 99th percentile of {len(times)}, ms",
        p99,
        "< 100",
        p99 < 100 and fine,
    )


def resting(idle: float = 5.0) -> Row:
    """Sessions that nobody uses, one of HTTP and one of a WebSocket."""
    with serving("--idle", str(idle)) as server:
        began = time.monotonic()
        name = json.loads(server.ask("/reset", b"{}")[1])["metadata"]["session_id"]
        with server.session() as session, contextlib.suppress(ConnectionClosed):
            session.recv(timeout=120)
        late = time.monotonic() - began - idle
        time.sleep(max(0.0, idle + 5 - (time.monotonic() - began)))
        gone = server.ask("/state", None, {"X-Session-Id": name})[0] == 404
    return f"a session of {idle:g} s that nobody uses ends late by, s", late, "≤ 5", late <= 5 and gone


def many(server: Server, sessions: int = 256, episodes: int = 8) -> list[Row]:
    """Sessions at once: a question and a game in turns, every third answered wrongly on purpose."""
    places = [f"{name}@1/L0/train/s9/{index}" for index in range(16) for name in ("sat", "sokoban")]
    known = {place: verienv.instance(place) for place in places}

    def play(number: int) -> tuple[int, int]:
        wrong = done = 0
        with server.session() as session:
            for episode in range(episodes):
                place = places[(number + episode) % len(places)]
                right = (number + episode) % 3 != 0
                tell(session, "reset", {"address": place})
                oracle = known[place].task.oracle(known[place]) if right else "no idea"
                for reply in [oracle] if isinstance(oracle, str) else oracle:
                    seen = tell(session, "step", {"reply": reply})
                done += bool(seen.get("done"))
                wrong += seen.get("reward") != float(right) or seen["metadata"]["address"] != place
        return done, wrong

    began = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(sessions) as pool:
        played = list(pool.map(play, range(sessions)))
    took = time.monotonic() - began
    done, wrong = (sum(each) for each in zip(*played, strict=True))
    lost = sessions * episodes - done
    return [
        (f"{sessions} sessions at once: episodes a second", done / took, "", True),
        ("of these wrongly scored", float(wrong), "= 0", wrong == 0),
        ("of these lost", float(lost), "= 0", lost == 0),
    ]


def soak(server: Server, seconds: float, pace: float = 100.0) -> list[Row]:
    """Sessions, scores and malformed requests, `pace` of them a second; memory's slope after the first fifth.

    Tasks keep caches of bounded size, which 8,000 problems fill before the clock starts.
    """
    with server.session() as session:
        for _ in range(8_000):
            tell(session, "reset", {"task": "sat"})
    samples: list[tuple[float, float]] = []
    began, number, failed = time.monotonic(), 0, 0
    while (now := time.monotonic() - began) < seconds:
        if number % 10 == 0:
            with server.session() as session:
                tell(session, "reset", {"task": "sat"})
        elif number % 10 == 1:
            failed += server.ask("/score", b"[" * 1000)[0] >= 500
        else:
            items = [{"address": f"sat@1/L1/train/s0/{number}", "response": "no idea"}]
            failed += server.ask("/score", json.dumps({"items": items}).encode())[0] >= 500
        number += 1
        if now > seconds / 5 and number % 50 == 0:
            samples.append((now / 3600, server.memory / MB))
        time.sleep(max(0.0, number / pace - (time.monotonic() - began)))
    slope = statistics.linear_regression(*zip(*samples, strict=True)).slope
    return [
        (f"{seconds:g} s of {number:,} requests: memory's slope, MB an hour", slope, "< 1", slope < 1),
        ("of these answered by 5xx", float(failed), "= 0", failed == 0),
    ]


def main() -> int:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--soak", type=float, metavar="SECONDS", help="only this, for so long; 86400 is a day")
    parser.add_argument("-o", "--out", type=Path)
    args = parser.parse_args()
    rows: list[Row] = []
    with serving() as server:
        if args.soak is not None:
            rows += soak(server, args.soak)
        else:
            rows += [too_large(server), half_open(server), health(server), *many(server)]
    if args.soak is None:
        rows.append(resting())
    shown = [(what, figure, bound, "yes" if met else "NO") for what, figure, bound, met in rows]
    measure.report("Serving", ["what", "figure", "bound", "met"], shown, args.out)
    return int(not all(met for *_, met in rows))


if __name__ == "__main__":
    sys.exit(main())
