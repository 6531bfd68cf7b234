"""verl's reward function, called as its reward managers call it."""

from __future__ import annotations

import json
from typing import Any

import pytest

import verienv
from verienv.adapters import specs, verl
from verienv.errors import ContractError, UnknownName, UsageError
from verienv.task import Instance


def call(instance: Instance[Any], reply: str, **kwargs: Any) -> dict[str, float]:
    """As the naive reward manager does."""
    return verl.compute_score(
        data_source=f"verienv/{instance.task.name}",
        solution_str=reply,
        ground_truth=specs.of(instance),
        extra_info={"index": 0, "num_turns": 2, "rollout_reward_scores": {}},
        **kwargs,
    )


def test_the_score_is_the_reward_and_stands_beside_its_terms(sat):
    instance, _ = sat
    told = call(instance, instance.task.oracle(instance), reward={"score": 2.0, "readable": 0.5})
    assert told == {"score": 2.5, "acc": 1.0, "readable": 1.0, "term/score": 1.0, "term/readable": 1.0}
    assert call(instance, "no idea") == {"score": 0.0, "acc": 0.0, "readable": 0.0, "term/score": 0.0}


def test_rows_of_every_task_have_the_same_keys(sat):
    picture = verienv.instance("jigsaw@1/L0/train/s0/0")
    reward = json.dumps({"score": 1.0, "jigsaw": {"score": 0.5, "readable": 0.5}})
    told = [call(each, each.task.oracle(each), reward=reward) for each in (sat[0], picture)]
    assert told[0].keys() == told[1].keys()
    assert told[0]["term/score"] == told[1]["term/jigsaw:score"] == 1
    assert told[1]["term/score"] == told[0]["term/jigsaw:score"] == 0
    assert told[1]["score"] == 1


def test_mistakes_of_the_users_are_told(sat):
    instance, _ = sat
    with pytest.raises(UnknownName, match="saturn-7b"):
        call(instance, "", reward="saturn-7")
    with pytest.raises(UsageError, match="JSON object"):
        call(instance, "", reward="{score}")
    with pytest.raises(UsageError, match="not the spec"):
        verl.compute_score("verienv/sat", "", "01101")


def test_a_bug_of_a_task_is_never_a_reward(sat, monkeypatch):
    monkeypatch.setattr(type(sat[0].task), "verify", lambda *given: 1 / 0)
    with pytest.raises(ContractError):
        call(sat[0], "<answer>00000</answer>")
