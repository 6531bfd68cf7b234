"""Scoring over HTTP gives what scoring here gives, in the shapes that trainers post."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

import verienv
from tests.server.serving import Client, running
from verienv import files
from verienv.adapters import specs, verl
from verienv.server import play

PAID = '{"score": 1.0, "readable": 0.5}'


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with running("sat", "stairs", reward=PAID) as found:
        yield found


@pytest.fixture(scope="module")
def attempts() -> list[tuple[str, str]]:
    """(spec, reply), right, wrong and unreadable."""
    found = []
    for index in range(4):
        instance = verienv.instance(f"sat@1/L1/train/s2/{index}")
        spec = specs.of(instance)
        found += [(spec, instance.task.oracle(instance)), (spec, "<answer>00000</answer>"), (spec, "no idea")]
    return found


def test_scores_are_those_of_this_machine(client, attempts):
    items = [{"spec": spec, "response": reply} for spec, reply in attempts]
    for given, (spec, reply) in zip(client.post("/score", {"items": items})["results"], attempts, strict=True):
        score = specs.score(spec, reply)
        assert (given["score"], given["reason"], given["readable"]) == (score.value, score.reason, score.readable)
        assert given["value"] == specs.rewards(PAID)(spec, reply).value
        assert given["terms"] == specs.rewards(PAID)(spec, reply).terms


def test_an_address_serves_as_well_and_a_request_may_bring_weights(client, attempts):
    spec, reply = attempts[0]
    item = {"address": json.loads(spec)["address"], "response": reply}
    assert client.post("/score", {"items": [item], "reward": {"score": 3.0}})["results"][0]["value"] == 3
    (told,) = client.post("/score", {"items": [item], "reward": {"scores": 3.0}})["results"]
    assert told["error"]["code"] == "unknown_name"
    assert client.ask("POST", "/score", {"items": [item], "reward": "/etc/passwd"})[0] == 422


def test_a_games_replies_are_a_list(client):
    instance = verienv.instance("stairs@1/L0/train/s0/1")
    item = {"spec": specs.of(instance), "response": instance.task.oracle(instance)}
    assert client.post("/score", {"items": [item]})["results"][0]["score"] == 1


def test_what_cannot_be_scored_is_told_in_its_place(client, attempts):
    spec, reply = attempts[0]
    bad = [
        {"spec": "{}", "response": ""},
        {"spec": spec},
        {"address": "sat@1/L99/train/s0/0", "response": ""},
        {"x": 1},
    ]
    results = client.post("/score", {"items": [{"spec": spec, "response": reply}, *bad]})["results"]
    assert results[0]["score"] == 1
    assert all("code" in each["error"] for each in results[1:])


def test_a_task_that_fails_is_an_error_and_never_a_score(client, attempts, monkeypatch):
    spec, reply = attempts[0]
    monkeypatch.setattr(type(verienv.load("sat")), "verify", lambda *given: 1 / 0)
    (result,) = client.post("/score", {"items": [{"spec": spec, "response": reply}]})["results"]
    assert result == {"error": {"code": "task_failed", "message": result["error"]["message"]}}
    assert client.ask("POST", "/get_reward", {"query": ["p" + reply], "prompts": ["p"], "labels": [spec]})[0] == 500
    body = {"data_source": "x", "solution_str": reply, "ground_truth": spec}
    assert client.ask("POST", "/compute_score", body)[0] == 500


def test_openrlhf_posts_queries_prompts_and_labels(client, attempts):
    prompt = "<|im_start|>user\nWhat?<|im_end|>\n<|im_start|>assistant\n"
    told = client.post(
        "/get_reward",
        {
            "query": [prompt + reply + "<|im_end|>" for _, reply in attempts],
            "prompts": [prompt] * len(attempts),
            "labels": [spec for spec, _ in attempts],
        },
    )
    paid = [specs.rewards(PAID)(spec, reply) for spec, reply in attempts]
    assert told["rewards"] == [each.value for each in paid]
    assert told["scores"] == [each.score.value for each in paid]
    assert told["extra_logs"] == {name: [each.terms[name] for each in paid] for name in ("score", "readable")}
    uneven = {"query": ["a"], "prompts": [], "labels": ["b"]}
    assert client.ask("POST", "/get_reward", uneven)[0] == 422


def test_verl_posts_what_its_reward_functions_take(client, attempts):
    for spec, reply in attempts[:3]:
        body = {"data_source": "verienv/sat", "solution_str": reply, "ground_truth": spec, "extra_info": {"index": 0}}
        assert client.post("/compute_score", body) == verl.compute_score("", reply, spec, reward=json.loads(PAID))


@pytest.mark.parametrize(
    "address",
    [
        "temporal@1/L0/train/s0/0",  # another task
        "sat@1/L2/train/s0/0",  # another level
        "sat@1/n=4,k=5,l=20/train/s0/0",  # a setting of the sender's own
        "sat@1/read/ffb3edc8a49558c2",
        "nothing",
    ],
)
def test_only_what_is_offered_is_drawn_and_scored(address, monkeypatch):
    monkeypatch.setattr(type(verienv.load("sat")), "generate", lambda *given: pytest.fail("a problem was drawn"))
    with running("sat", levels="0:1") as client:
        spec = json.dumps({"address": address})
        for named in ({"spec": spec}, {"address": address}):
            (told,) = client.post("/score", {"items": [{**named, "response": ""}]})["results"]
            assert told["error"]["code"] in ("not_offered", "bad_address")
        assert client.ask("POST", "/get_reward", {"query": ["p"], "prompts": ["p"], "labels": [spec]})[0] == 422
        body = {"data_source": "x", "solution_str": "", "ground_truth": spec}
        assert client.ask("POST", "/compute_score", body)[0] == 422
        assert client.ask("POST", "/reset", {"address": address})[0] == 422


def test_a_problem_from_a_file_is_scored_where_the_server_was_told_to():
    sat = verienv.load("sat")
    [found] = files.reader(sat).read('{"n_sat": 2, "k": 3, "clause": "A!B & BC", "solution": "110"}')
    item = {"spec": files.row(sat, found, "mine.jsonl")["spec"], "response": "<answer>110</answer>"}
    with running("sat") as client:
        assert client.post("/score", {"items": [item]})["results"][0]["error"]["code"] == "not_offered"
    offered = play.offer(["sat"], imported=True)
    assert offered.holds(item["spec"])
    assert not play.offer(["jigsaw"], imported=True).holds(item["spec"])
    with running(offered=offered) as client:
        assert client.post("/score", {"items": [item]})["results"][0]["score"] == 1
