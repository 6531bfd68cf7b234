"""Asking a real server on loopback through the openai package."""

from __future__ import annotations

import base64
import re
import threading
import time
from typing import Any

import pytest

import verienv
from tests import loopback
from tests.loopback import Said
from verienv import evaluate
from verienv.errors import MissingExtra
from verienv.evaluate import journal
from verienv.evaluate.endpoint import endpoint
from verienv.evaluate.policy import PolicyError

ASK = [{"role": "user", "content": "What?"}]


def test_without_openai_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "openai", None)
    with pytest.raises(MissingExtra, match=r"verienv\[eval\]"):
        endpoint("m", "http://localhost/v1")


@pytest.fixture
def openai() -> None:
    pytest.importorskip("openai")


@pytest.mark.usefixtures("openai")
def test_a_reply_comes_with_its_end_and_its_tokens(monkeypatch):
    monkeypatch.setenv("MY_KEY", "secret")
    with loopback.serving(lambda messages: Said("So", "length", usage=(12, 34))) as server:
        policy = endpoint("m", server.url, body={"temperature": 0.5, "max_tokens": 9}, key_variable="MY_KEY")
        assert policy(ASK) == evaluate.Said("So", "length", 12, 34)
    (request,) = server.requests
    assert (request["model"], request["temperature"], request["max_tokens"]) == ("m", 0.5, 9)
    assert {name.lower(): value for name, value in server.headers[0].items()}["authorization"] == "Bearer secret"


@pytest.mark.usefixtures("openai")
def test_what_fails_on_its_way_is_sent_again_after_what_the_server_asks():
    fails = iter([503, 429, 500])

    def answer(messages: Any) -> Said | str:
        status = next(fails, None)
        return "fine" if status is None else Said(status=status, headers=(("Retry-After-Ms", "1"),))

    with loopback.serving(answer) as server:
        assert endpoint("m", server.url, retries=3)(ASK).text == "fine"  # type: ignore[union-attr]
    assert len(server.requests) == 4


@pytest.mark.usefixtures("openai")
@pytest.mark.parametrize(("status", "fatal"), [(401, True), (404, True), (400, False), (500, False)])
def test_what_asking_again_does_not_mend_ends_the_run(status, fatal):
    with (
        loopback.serving(lambda messages: Said(status=status)) as server,
        pytest.raises(PolicyError, match=str(status)) as told,
    ):
        endpoint("m", server.url, retries=0)(ASK)
    assert told.value.fatal is fatal


@pytest.mark.usefixtures("openai")
def test_a_whole_run_over_text_and_pictures_with_failures_between(tmp_path):
    asked = evaluate.problems(["sat", "jigsaw"], "0:1", count=4)
    instances = [verienv.instance(address) for address in asked]
    known = {loopback.text_of(each.messages[0]): each.task.oracle(each) for each in instances}
    calls, lock = iter(range(10_000)), threading.Lock()
    knows = loopback.knowing(known, share=0.7)

    def answer(messages: Any) -> Said | str:
        with lock:
            number = next(calls)
        if number % 7 == 3:
            return Said(status=503, headers=(("Retry-After-Ms", "1"),))
        time.sleep(0.005)
        return knows(messages)

    with loopback.serving(answer) as server:
        outcome = evaluate.run(asked, endpoint("m", server.url), tmp_path, samples=4, concurrency=8)
    assert outcome.complete
    assert 2 <= server.busiest <= 8
    found = evaluate.results(tmp_path)
    assert {group.task for group in found.groups} == {"sat", "jigsaw"}
    assert 0.4 < found.mean < 0.95
    assert all(group.passes[4].value >= group.passes[1].value for group in found.groups)
    assert all(record["reply_tokens"] == 5 for record in journal.read(tmp_path))
    pictures = [request for request in server.requests if isinstance(request["messages"][0]["content"], list)]
    head, _, data = pictures[0]["messages"][0]["content"][0]["image_url"]["url"].partition(",")
    assert head == "data:image/jpeg;base64"
    assert base64.b64decode(data).startswith(b"\xff\xd8")


@pytest.mark.usefixtures("openai")
def test_a_server_that_is_not_there_is_named():
    with loopback.serving(lambda messages: "gone") as server:
        pass
    with pytest.raises(PolicyError, match=re.escape(f"no answer from {server.url}/: ")) as failed:
        endpoint("m", server.url, retries=0)(ASK)
    assert not failed.value.fatal, "it may come up again"
