"""Episodes over HTTP and WebSocket: what is seen, what is earned, what stays apart, and what never leaves."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from typing import Any

import pytest

import verienv
from tests.server.serving import Client, running, tell
from verienv.server import play


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with running("sat", "jigsaw", "stairs", levels=None) as found:
        yield found


def replies(address: str) -> list[str]:
    """The oracle's."""
    instance = verienv.instance(address)
    oracle: Any = instance.task.oracle(instance)
    return [oracle] if isinstance(oracle, str) else list(oracle)


@pytest.mark.parametrize("address", ["sat@1/L2/test/s3/4", "stairs@1/L1/train/s0/2"])
def test_an_episode_over_a_websocket(client, address):
    with client.socket() as socket:
        seen = tell(socket, "reset", {"address": address, "episode_id": "mine"})["data"]
        assert seen["observation"]["text"] == verienv.instance(address).prompt[0]
        for count, reply in enumerate(replies(address)):
            assert (seen["done"], tell(socket, "state")["data"]) == (False, {"episode_id": "mine", "step_count": count})
            seen = tell(socket, "step", {"reply": reply})["data"]
        assert (seen["done"], seen["reward"]) == (True, 1.0)
        assert seen["metadata"]["address"] == address
        assert seen["metadata"]["reason"] == "right"
        again = tell(socket, "step", {"reply": "more"})
        assert again["data"]["code"] == "EXECUTION_ERROR"
        assert tell(socket, "reset", {"address": address})["data"]["done"] is False, "a session plays on"


def test_an_episode_over_http(client):
    address = "stairs@1/L0/train/s0/0"
    seen = client.post("/reset", {"address": address})
    session = seen["metadata"]["session_id"]
    for reply in replies(address):
        assert not seen["done"]
        seen = client.post("/step", {"action": {"reply": reply}}, x_session_id=session)
    assert (seen["done"], seen["reward"]) == (True, 1.0)
    assert client.get("/state", x_session_id=session)["step_count"] == len(replies(address))
    assert client.post("/close", {"session_id": session}) == {"closed": True}
    assert client.ask("POST", "/step", {"action": {"reply": ""}, "session_id": session})[0] == 404


def test_sessions_stay_apart(client):
    addresses = [f"sat@1/L1/train/s1/{index}" for index in range(6)]
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(client.socket()) for _ in addresses]
        for socket, address in zip(sockets, addresses, strict=True):
            assert tell(socket, "reset", {"address": address})["data"]["done"] is False
        for socket, address in zip(sockets, addresses, strict=True):
            seen = tell(socket, "step", {"reply": replies(address)[0]})["data"]
            assert (seen["metadata"]["address"], seen["reward"]) == (address, 1.0)


@pytest.mark.parametrize("address", ["sat@1/L4/train/s9/9", "stairs@1/L1/train/s9/9", "jigsaw@1/L1/train/s9/9"])
def test_nothing_that_gives_the_answer_away_leaves_before_the_end(client, address):
    instance = verienv.instance(address)
    place = verienv.instance(address).address
    settings = {"task": instance.task.name, "level": instance.level, "seed": 9, "index": 9, "split": "train"}
    told: list[str] = []
    with client.socket() as socket:
        seen = tell(socket, "reset", settings)
        told += [json.dumps(seen), json.dumps(tell(socket, "state"))]
        for reply in replies(address)[:-1]:
            seen = tell(socket, "step", {"reply": reply})
            told += [json.dumps(seen), json.dumps(tell(socket, "state"))]
        for text in told:
            assert place not in text
            assert instance.digest not in text
            assert "score" not in json.loads(text)["data"].get("metadata", {})
            for reply in replies(address):
                if len(reply) > len("<answer>1</answer>") + 2:
                    assert reply not in text
        assert tell(socket, "step", {"reply": replies(address)[-1]})["data"]["metadata"]["address"] == place


def test_pictures_come_as_data_urls(client):
    seen = client.post("/reset", {"task": "jigsaw", "level": 0, "seed": 1})
    assert [each.partition(",")[0] for each in seen["observation"]["images"]] == ["data:image/jpeg;base64"]
    assert seen["observation"]["text"].startswith("<image>")


def test_a_reset_without_a_place_plays_anything_and_with_a_seed_the_same(client):
    fresh = {client.post("/reset", {"task": "sat", "level": 3})["observation"]["text"] for _ in range(4)}
    same = {client.post("/reset", {"task": "sat", "level": 3, "seed": 8})["observation"]["text"] for _ in range(3)}
    assert len(fresh) == 4
    assert len(same) == 1


def test_the_task_api_names_what_reset_plays(client):
    assert client.get("/list_environments") == ["verienv"]
    assert [each["name"] for each in client.get("/verienv/splits")] == ["train", "validation", "test"]
    assert client.post("/verienv/num_tasks", {"split": "test"}) == {"num_tasks": play.SIZE}
    task = client.post("/verienv/task", {"split": "test", "index": 12})["task"]
    assert task["id"] == "test/12"
    assert len(client.post("/verienv/tasks", {"split": "train"})["tasks"]) == 1000
    some = client.post("/verienv/task_range", {"split": "test", "start": 10, "stop": 14})["tasks"]
    assert some[2] == task
    seen = client.post("/reset", {"split": "test", "index": 12, "seed": 0})
    assert (seen["metadata"]["task"], seen["metadata"]["level"]) == (task["task"], task["level"])
    for index in (-1, play.SIZE, "1", None):
        assert client.ask("POST", "/verienv/task", {"split": "test", "index": index})[0] == 400


@pytest.mark.parametrize(
    "wanted",
    [
        {"task": "grounding"},
        {"task": "nothing"},
        {"level": 99},
        {"seed": "1"},
        {"index": -1},
        {"split": "tset"},
        {"address": "temporal@1/L0/train/s0/0"},
        {"address": "sat@9/L0/train/s0/0"},
        {"address": "sat@1/L0/train/s0/0", "seed": 1},
        {"episode_id": "x" * 300},
        {"secret": 1},
    ],
)
def test_what_cannot_be_played_is_refused_without_repeating_it(client, wanted):
    status, told, _ = client.ask("POST", "/reset", wanted)
    assert status == 422
    for value in wanted.values():
        assert str(value) not in json.dumps(told) or len(str(value)) < 3
    before = len(client.service.sessions)
    client.ask("POST", "/reset", wanted)
    assert len(client.service.sessions) == before, "a session that could not begin is not left open"
    with client.socket() as socket:
        assert tell(socket, "reset", wanted)["data"]["code"] in ("VALIDATION_ERROR", "EXECUTION_ERROR")
        assert tell(socket, "state")["type"] == "state", "the session goes on"


def test_what_is_no_action_is_refused(client):
    with client.socket() as socket:
        assert tell(socket, "step", {"reply": "x"})["data"]["code"] == "EXECUTION_ERROR"
        tell(socket, "reset", {"task": "sat"})
        wrong: list[Any] = [{}, {"reply": 1}, {"reply": "x", "more": 1}, []]
        for data in wrong:
            assert tell(socket, "step", data)["data"]["code"] == "VALIDATION_ERROR"
        assert tell(socket, "dance", {})["data"]["code"] == "UNKNOWN_TYPE"
        for raw in ("", "{", "[]", "nonsense", '{"type": NaN}'):
            socket.send(raw)
            assert json.loads(socket.recv())["data"]["code"] == "INVALID_JSON"
        assert tell(socket, "step", {"reply": "no idea"})["data"]["done"] is True


def test_what_the_server_is(client):
    assert client.get("/health") == {"status": "healthy"}
    assert "sat" in client.get("/metadata")["description"]
    assert client.get("/schema")["action"]["required"] == ["reply"]
