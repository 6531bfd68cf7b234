"""What a hostile or careless client can do, and cannot (R20 of the reliability anchors)."""

from __future__ import annotations

import concurrent.futures
import contextlib
import itertools
import json
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, ConnectionClosedError

import verienv
from tests.profile import profile_size
from tests.server.serving import PATIENCE, Client, memory, process, running, tell, until
from verienv.adapters import specs
from verienv.server import play
from verienv.server.limits import Limits, Refused
from verienv.server.sessions import Sessions

MIB = 2**20


@pytest.fixture
def held(monkeypatch) -> Iterator[threading.Event]:
    """A task that verifies nothing before the event is set."""
    kind: Any = type(verienv.load("sat"))
    verify = kind.verify
    event = threading.Event()

    def late(self, problem, answer):
        assert event.wait(PATIENCE)
        return verify(self, problem, answer)

    monkeypatch.setattr(kind, "verify", late)
    yield event
    event.set()


def score_body(count: int = 1, reply: str = "<answer>00000</answer>") -> dict[str, object]:
    return {"items": [{"address": "sat@1/L1/train/s0/0", "response": reply}] * count}


def raw(client: Client, head: str) -> socket.socket:
    """A connection on which `head` was sent."""
    connection = socket.create_connection(("127.0.0.1", client.port), timeout=PATIENCE)
    connection.sendall(head.encode())
    return connection


def test_a_body_over_a_mebibyte_is_413_and_is_not_held(tmp_path):
    """Told by its length or sent in pieces; 200 MB of it grow the server by less than 8 MB."""
    with process("sat", "--port", "0") as client:
        assert client.process is not None
        client.post("/score", score_body())
        before = memory(client.process.pid)
        for body, status in ((b" " * MIB, 400), (b" " * (MIB + 1), 413), (b"[" * (2 * MIB), 413)):
            try:
                assert client.ask("POST", "/score", body)[0] == status
            except (BrokenPipeError, ConnectionResetError):
                assert status == 413, "a client that goes on sending may find the door closed"
        piece = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
        for _ in range(20):
            connection = raw(client, "POST /score HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                for _ in range(10 * MIB // 0x10000):
                    connection.sendall(piece)
            connection.close()
        assert memory(client.process.pid) - before < 8 * MIB
        assert client.get("/health") == {"status": "healthy"}


def test_a_frame_over_a_mebibyte_ends_the_connection():
    with running("sat") as client:
        with client.socket(max_size=None) as one:
            one.send("x" * (MIB + 1))
            with pytest.raises(ConnectionClosedError) as closed:
                one.recv(timeout=PATIENCE)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1009
        until(lambda: len(client.service.sessions) == 0, PATIENCE)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"[" * 100_000 + b"]" * 100_000, 400),
        (b'{"a":' * 65 + b"1" + b"}" * 65, 400),
        (b'{"items": NaN}', 400),
        (b'{"items": Infinity}', 400),
        (b'{"items": [], "items": []}', 400),
        (b'{"items": ' + b"1" * 5000 + b"}", 400),
        (b"\xff\xfe", 400),
        (b"[]", 400),
        (b"null", 400),
        (b'{"items": [], "more": 1}', 422),
        (b'{"items": {}}', 422),
        (b'{"items": [1]}', 422),
        (b"{}", 422),
    ],
)
def test_json_is_bounded_and_known(body, status):
    with running("sat") as client:
        assert client.ask("POST", "/score", body)[0] == status
        with client.socket() as one:
            one.send(body.decode("latin-1"))
            answer = json.loads(one.recv(timeout=PATIENCE))
            assert answer["type"] == "error"
            assert tell(one, "state")["type"] == "state"


def test_a_batch_is_bounded():
    with running("sat", batch=4) as client:
        assert len(client.post("/score", score_body(4))["results"]) == 4
        assert client.ask("POST", "/score", score_body(5))[0] == 413
        many = {name: ["x"] * 5 for name in ("query", "prompts", "labels")}
        assert client.ask("POST", "/get_reward", many)[0] == 413


def test_half_sent_requests_are_closed():
    """However many; `benchmarks/serving.py` measures how soon."""
    count = profile_size(fast=60, ci=900, long=900)
    with running("sat", read=3.0) as client:
        heads = ("GET /health HT", "POST /score HTTP/1.1\r\nHost: localhost\r\n", "")
        connections = [raw(client, heads[at % 3]) for at in range(count)]
        assert client.get("/health") == {"status": "healthy"}, "others are served meanwhile"
        for connection in connections:
            with contextlib.suppress(ConnectionResetError):
                assert connection.recv(1) == b""
            connection.close()


def test_a_body_that_does_not_come_is_408():
    with running("sat", read=2.0) as client:
        connection = raw(client, "POST /score HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{")
        assert connection.recv(100).startswith(b"HTTP/1.1 408")
        connection.close()


def test_a_full_queue_is_429_and_takes_more_when_it_has_emptied(held):
    with running("sat", threads=1, queue=3) as client, concurrent.futures.ThreadPoolExecutor(12) as pool:
        asked = [pool.submit(client.ask, "POST", "/score", score_body()) for _ in range(12)]
        first = [each.result() for each in itertools.islice(concurrent.futures.as_completed(asked), 9)]
        assert {(status, headers["retry-after"]) for status, _, headers in first} == {(429, "1")}
        held.set()
        assert sorted(each.result()[0] for each in asked) == [200] * 3 + [429] * 9
        assert client.ask("POST", "/score", score_body())[0] == 200, "what was refused may come again"


def test_an_answer_that_takes_too_long_is_503(held):
    with running("sat", request=0.3) as client:
        assert client.ask("POST", "/score", score_body(8))[0] == 503
        assert client.get("/health") == {"status": "healthy"}
        held.set()


def test_a_full_house_is_503_and_nobody_is_thrown_out():
    with running("sat", sessions=3) as client:
        names = [client.post("/reset", {"task": "sat"})["metadata"]["session_id"] for _ in range(3)]
        status, told, headers = client.ask("POST", "/reset", {"task": "sat"})
        assert (status, told["error"]["code"], headers["retry-after"]) == (503, "no_room", "5")
        with client.socket() as one:
            assert json.loads(one.recv(timeout=PATIENCE))["data"]["code"] == "CAPACITY_REACHED"
        assert client.post("/step", {"action": {"reply": ""}, "session_id": names[0]})["done"]
        client.post("/close", {"session_id": names[1]})
        assert client.post("/reset", {"task": "sat"})["done"] is False


def test_a_session_that_nobody_uses_ends():
    """`benchmarks/serving.py` measures how soon."""
    with running("sat", idle=0.5) as client:
        name = client.post("/reset", {"task": "sat"})["metadata"]["session_id"]
        with client.socket() as one, pytest.raises(ConnectionClosed) as closed:
            one.recv(timeout=PATIENCE)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 4408
        until(lambda: len(client.service.sessions) == 0, PATIENCE)
        assert client.ask("POST", "/step", {"action": {"reply": ""}, "session_id": name})[0] == 404


def test_a_session_ends_when_it_has_rested_and_no_sooner():
    clock = [0.0]
    open_ = Sessions(play.offer(["sat"]), Limits(idle=10.0), now=lambda: clock[0])
    used, rested = open_.begin(), open_.begin()
    clock[0] = 9.0
    assert open_.find(used.name) is used
    clock[0] = 10.5
    open_.sweep()
    assert open_.find(used.name) is used
    with pytest.raises(Refused) as refused:
        open_.find(rested.name)
    assert refused.value.status == 404


def test_names_of_sessions_cannot_be_guessed():
    with running("sat") as client:
        names = {client.post("/reset", {"task": "sat"})["metadata"]["session_id"] for _ in range(50)}
    assert len(names) == 50
    assert min(map(len, names)) >= 32


def test_the_loop_answers_while_the_worst_requests_are_worked_on():
    """Hundreds of hostile replies a request do not keep `/health` waiting; `benchmarks/serving.py` measures it."""
    worst = profile_size(fast=4, ci=8, long=50)
    instance = verienv.instance("sat@1/L1/train/s0/0")
    body = {"items": [{"spec": specs.of(instance), "response": "<answer>" + "0, " * 600 + "</answer>"}] * 200}
    with process("sat", "--port", "0") as client, concurrent.futures.ThreadPoolExecutor(worst) as pool:
        pressed = [pool.submit(lambda: client.ask("POST", "/score", body)[0]) for _ in range(worst)]
        answered = 0
        while not all(each.done() for each in pressed):
            assert client.get("/health") == {"status": "healthy"}
            answered += 1
        assert {each.result() for each in pressed} <= {200, 429, 503}
        assert answered > worst, "a loop that did the work itself would answer once between two of them"


def test_many_sessions_at_once_lose_nothing_and_score_rightly():
    """256 sessions on two cores, some games, some questions, some wrong on purpose."""
    sessions, episodes = profile_size(fast=24, ci=256, long=256), profile_size(fast=2, ci=2, long=20)
    with process("sat", "stairs", "--port", "0", "--idle", "300") as client:

        def play(number: int) -> int:
            played = 0
            with client.socket() as one:
                for episode in range(episodes):
                    name = "stairs" if number % 2 else "sat"
                    address = f"{name}@1/L1/train/s{number}/{episode}"
                    instance = verienv.instance(address)
                    oracle = instance.task.oracle(instance)
                    replies = list(oracle) if isinstance(oracle, list) else [oracle]
                    right = (number + episode) % 3 != 0
                    seen = tell(one, "reset", {"address": address})
                    for reply in replies if right else ["no idea"]:
                        seen = tell(one, "step", {"reply": reply})
                        while seen.get("data", {}).get("code") == "BUSY":
                            time.sleep(0.05)
                            seen = tell(one, "step", {"reply": reply})
                    assert seen["data"]["done"], seen
                    assert seen["data"]["metadata"]["address"] == address
                    assert seen["data"]["reward"] == float(right)
                    played += 1
            return played

        with concurrent.futures.ThreadPoolExecutor(sessions) as pool:
            assert sum(pool.map(play, range(sessions))) == sessions * episodes
        assert client.get("/health") == {"status": "healthy"}


def test_a_client_that_is_killed_leaves_nothing_behind():
    code = (
        "import json, sys, time\n"
        "from websockets.sync.client import connect\n"
        "held = [connect(f'ws://127.0.0.1:{sys.argv[1]}/ws', proxy=None).__enter__() for _ in range(20)]\n"
        "for one in held:\n"
        "    one.send(json.dumps({'type': 'reset', 'data': {'task': 'sat'}}))\n"
        "    one.recv()\n"
        "print('open', flush=True)\n"
        "time.sleep(600)\n"
    )
    with running("sat", sessions=20) as client:
        files = len(list(Path("/proc/self/fd").iterdir()))
        started = subprocess.Popen([sys.executable, "-c", code, str(client.port)], stdout=subprocess.PIPE, text=True)
        assert started.stdout is not None
        assert started.stdout.readline() == "open\n"
        assert len(client.service.sessions) == 20
        started.send_signal(signal.SIGKILL)
        started.communicate()
        until(lambda: len(client.service.sessions) == 0, PATIENCE)
        until(lambda: len(list(Path("/proc/self/fd").iterdir())) <= files + 2, PATIENCE)
        with client.socket() as one:
            assert tell(one, "reset", {"task": "sat"})["type"] == "observation"


def test_going_down_lets_open_sessions_end_and_no_other_begin():
    with process("sat", "--port", "0") as client:
        assert client.process is not None
        instance = verienv.instance("sat@1/L0/train/s0/0")
        with client.socket() as one:
            tell(one, "reset", {"address": instance.address})
            client.process.send_signal(signal.SIGTERM)
            until(lambda: client.ask("GET", "/health")[0] == 503, PATIENCE)
            status, told, _ = client.ask("POST", "/reset", {"task": "sat"})
            assert (status, told["error"]["code"]) == (503, "draining")
            seen = tell(one, "step", {"reply": instance.task.oracle(instance)})["data"]
            assert (seen["done"], seen["reward"]) == (True, 1.0)
        assert client.process.wait(PATIENCE) in (0, -signal.SIGTERM)


def test_a_second_signal_does_not_wait():
    with process("sat", "--port", "0") as client:
        assert client.process is not None
        with client.socket() as one:
            tell(one, "reset", {"task": "sat"})
            client.process.send_signal(signal.SIGTERM)
            until(lambda: client.ask("GET", "/health")[0] == 503, PATIENCE)
            client.process.send_signal(signal.SIGTERM)
            client.process.wait(PATIENCE)


@pytest.mark.long
def test_a_soak_does_not_grow():
    """Thousands of sessions and requests; the second half of them adds less than 4 MB."""
    rounds = profile_size(fast=1, ci=1_500, long=20_000)
    with process("sat", "--port", "0") as client:
        assert client.process is not None
        held = 0
        for number in range(rounds):
            if number % 10 == 0:
                with client.socket() as one:
                    tell(one, "reset", {"task": "sat"})
            elif number % 10 == 1:
                client.ask("POST", "/score", b"[" * 1000)
            else:
                client.post("/score", {"items": [{"address": f"sat@1/L1/train/s0/{number}", "response": "no idea"}]})
            if number == rounds // 2:
                held = memory(client.process.pid)
        assert memory(client.process.pid) - held < 4 * MIB
