"""The contract under the adapters: a spec and a reply give a score and a reward."""

from __future__ import annotations

import json
import pickle
from concurrent.futures import ThreadPoolExecutor

import pytest

import verienv
from verienv import files
from verienv.adapters import specs
from verienv.adapters.specs import MissingPeer, Rewards
from verienv.errors import ContractError, UnknownName, UsageError


def test_a_spec_and_a_reply_give_the_score(sat):
    instance, spec = sat
    assert specs.instance(spec).address == instance.address
    assert specs.score(spec, instance.task.oracle(instance)).value == 1
    assert specs.score(spec, "no idea") == instance.task.score(instance, "no idea")


def test_a_problem_read_from_a_file_is_scored_too():
    sat = verienv.load("sat")
    (found,) = files.reader(sat).read('{"n_sat": 2, "k": 3, "clause": "A!B & BC", "solution": "110"}')
    spec = files.row(sat, found, "mine.jsonl")["spec"]
    assert specs.score(spec, "<answer>110</answer>").value == 1
    assert specs.score(spec, "<answer>010</answer>").value < 1


@pytest.mark.parametrize("bad", [None, 7, "", "{", "[" * 50_000, "[]", "{}", '{"address": 5}', '{"address": "sat"}'])
def test_what_is_no_spec_is_refused(bad):
    with pytest.raises(UsageError):
        specs.score(bad, "<answer>1</answer>")


def test_a_spec_of_another_problem_is_refused(sat):
    spec = json.dumps({"address": sat[0].address, "digest": "0" * 64})
    with pytest.raises(UsageError, match="another problem"):
        specs.score(spec, "")


def test_without_weights_the_reward_is_the_score(sat):
    instance, spec = sat
    for reply in ("", instance.task.oracle(instance), "<answer>00000</answer>"):
        assert Rewards()(spec, reply).value == instance.task.score(instance, reply).value


def test_a_task_has_its_own_table_and_the_others_share_one(sat):
    paid = Rewards({"score": 2.0, "jigsaw": {"readable": 1.0}})
    instance, spec = sat
    assert paid(spec, instance.task.oracle(instance)).value == 2
    picture = verienv.instance("jigsaw@1/L0/train/s0/0")
    oracle = picture.task.oracle(picture)
    assert paid(json.dumps({"address": picture.address}), oracle).terms == {"readable": 1.0}


def test_a_recipe_names_its_rewards(sat):
    instance, spec = sat
    earned = Rewards("saturn-7b")(spec, instance.task.oracle(instance))
    assert earned.terms
    assert earned.value == pytest.approx(
        sum(Rewards("saturn-7b").of(instance.task).weights[name] * value for name, value in earned.terms.items())
    )


@pytest.mark.parametrize("weights", [{"scor": 1.0}, {"sat": {"scor": 1.0}}, {"sta": {"score": 1.0}}, {"part:x": 1}])
def test_a_term_that_is_not_there_is_answered_with_the_nearest(sat, weights):
    with pytest.raises(UnknownName):
        Rewards(weights)(sat[1], "")


def test_a_game_is_paid_for_its_replies(stairs):
    instance, spec = stairs(0)
    paid = Rewards({"score": 1.0, "readable": 0.5})
    assert paid(spec, instance.task.oracle(instance)).value == 1.5
    assert paid(spec, []).value == 0.5
    assert Rewards({"format": 1.0})(spec, []).value == 0
    oracle = [f"<think>up</think>{reply}" for reply in instance.task.oracle(instance)]
    assert Rewards({"format": 1.0})(spec, oracle).value == 1


def test_a_bug_of_a_task_is_raised_and_never_paid(sat, monkeypatch):
    def fail(*given: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(type(sat[0].task), "verify", fail)
    with pytest.raises(ContractError):
        Rewards()(sat[1], "<answer>00000</answer>")


def test_many_threads_agree(sat):
    instance, spec = sat
    oracle = instance.task.oracle(instance)
    paid = Rewards({"score": 1.0})
    with ThreadPoolExecutor(16) as pool:
        values = list(pool.map(lambda at: paid(spec, oracle if at % 2 else "").value, range(400)))
    assert values == [float(at % 2) for at in range(400)]


def test_an_absent_peer_names_the_line_that_installs_it():
    absent = MissingPeer("verifiers", "verifiers>=0.4")
    assert 'pip install "verifiers>=0.4"' in str(absent)
    assert str(pickle.loads(pickle.dumps(absent))) == str(absent)
    assert isinstance(absent, ImportError)
