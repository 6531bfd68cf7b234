"""Hand-written replies and what each must earn: `tasks/<family>/vectors.jsonl`."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

import verienv
from verienv import files
from verienv.families.sat import published
from verienv.reward import RewardFunction
from verienv.task import Instance, Task

TASKS = Path(__file__).parent.parent / "tasks"
FIELDS = {"id", "address", "problem", "reply", "value", "readable", "reason", "parts", "terms", "why"}


def rows(name: str) -> list[dict[str, Any]]:
    file = TASKS / name / "vectors.jsonl"
    if not file.is_file():
        return []  # the test below says so
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


VECTORS = [pytest.param(name, row, id=f"{name}/{row['id']}") for name in verienv.names() for row in rows(name)]


def place(task: Task[Any, Any, Any], row: dict[str, Any]) -> Instance[Any]:
    if "address" in row:
        return task.at(row["address"])
    return dataclasses.replace(task.instance(0), problem=files.reader(task).from_json(row["problem"]))


@pytest.mark.parametrize(("name", "row"), VECTORS)
def test_the_reply_earns_what_the_vector_says(name, row):
    task = verienv.load(name)
    instance = place(task, row)
    score = task.score(instance, row["reply"])
    assert (score.value, score.readable, score.reason) == (row["value"], row["readable"], row["reason"]), row["why"]
    for part, value in row.get("parts", {}).items():
        assert score.parts[part] == value, row["why"]
    for term, value in row.get("terms", {}).items():
        earned = RewardFunction(task, {term: 1.0})(instance, row["reply"])
        assert earned.terms[term] == value, row["why"]


@pytest.mark.parametrize("name", verienv.names())
def test_vectors_are_many_named_and_explained(name):
    found = rows(name)
    assert len(found) >= 30, f"tasks/{name}/vectors.jsonl wants at least 30 replies"
    assert len({row["id"] for row in found}) == len(found)
    for row in found:
        assert row.keys() <= FIELDS, row["id"]
        assert ("address" in row) != ("problem" in row), row["id"]
        assert len(row["why"]) > 10, row["id"]
    assert any(row["value"] == 1 for row in found)
    assert sum(row["value"] == 0 for row in found) >= 10


def test_the_published_rewards_follow_from_the_terms():
    """SATURN's +1, 0 and -1 on its own vectors, as released."""
    released = [1, 0, 0, 1, 1, 1, 0, -1, 1]
    vectors = [row for row in rows("sat") if row["id"].startswith("SATURN-")]
    problem = place(verienv.load("sat"), vectors[0]).problem
    replies = [row["reply"] for row in vectors]
    assert [published.solved(problem, reply) - published.no_box(problem, reply) for reply in replies] == released
