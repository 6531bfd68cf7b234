"""Rows and scores in batches are those of a data set, however the batches are cut."""

from __future__ import annotations

import json
import pickle

import pytest

import verienv
from verienv import dataset
from verienv.adapters import batches, specs
from verienv.errors import UsageError


@pytest.mark.parametrize("size", [1, 7, 40])
def test_lines_are_those_that_generate_writes(tmp_path, size):
    plan = dataset.plan("sat", "2,5,1", count=40)
    dataset.generate(plan, tmp_path)
    written = "".join(path.read_text() for path in sorted((tmp_path / "data").iterdir())).splitlines()
    drawing = pickle.loads(pickle.dumps(batches.Rows(plan)))
    made = [drawing({"id": list(range(at, min(40, at + size)))}) for at in range(0, 40, size)]
    lines = [line for each in made for line in each["line"]]
    digests = [digest for each in made for digest in each["digest"]]
    first = [at for at, digest in enumerate(digests) if digests.index(digest) == at]
    assert [lines[at] for at in first] == written[: len(first)]
    assert len(first) >= 39


def test_pictures_come_as_files():
    made = batches.Rows(dataset.plan("jigsaw", "0", count=2))({"id": [1]})
    assert made["images"][0][0].startswith(b"\xff\xd8")
    assert made["address"] == ["jigsaw@1/L0/train/s0/1"]


def test_a_mixed_order_and_ids_beyond_the_plan_are_refused():
    with pytest.raises(UsageError, match="order"):
        batches.Rows(dataset.plan("saturn-7b", count=10))
    with pytest.raises(UsageError, match="candidates 0 to 9"):
        batches.Rows(dataset.plan("sat", "0", count=10))({"id": [10]})


def test_scores_stand_beside_what_was_scored(sat, monkeypatch):
    instance, spec = sat
    oracle = instance.task.oracle(instance)
    batch = {"spec": [spec] * 3, "response": [oracle, "no idea", "<answer>00000</answer>"], "mine": [1, 2, 3]}
    told = batches.score(batch, reward='{"score": 2.0}')
    assert told["value"] == [2.0, 0.0, 2 * specs.score(spec, "<answer>00000</answer>").value]
    assert told["reason"][:2] == ["right", "no_answer"]
    assert told["mine"] == [1, 2, 3]
    assert json.loads(told["terms"][0]) == {"score": 1.0}
    assert told["broken"] == [None] * 3
    monkeypatch.setattr(type(instance.task), "verify", lambda *given: 1 / 0)
    broken = batches.score(batch)
    assert broken["value"] == [None, 0.0, None]
    assert "ZeroDivisionError" in broken["broken"][0]


def test_a_games_replies_may_be_an_array_in_a_text(stairs):
    instance, spec = stairs(0)
    replies = instance.task.oracle(instance)
    told = batches.score({"spec": [spec] * 3, "response": [json.dumps(replies), replies, "[broken"]})
    assert told["score"] == [1, 1, 0]


def test_an_id_costs_the_same_wherever_it_stands():
    plan = dataset.plan("sat", "4:5", count=10**12)
    assert batches.place(plan, 10**12 - 1) == (1, 5 * 10**11 - 1)
    made = batches.Rows(plan)({"id": [10**11, 10**12 - 1]})
    assert made["address"] == [f"sat@1/L4/train/s0/{10**11}", f"sat@1/L5/train/s0/{5 * 10**11 - 1}"]
    assert verienv.instance(made["address"][1]).digest == made["digest"][1]
