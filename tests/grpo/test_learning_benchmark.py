"""benchmarks/learning.py with courses of seconds: results are kept, not made again, and told in tables."""

from __future__ import annotations

import importlib
import json
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
TINY = {"sft_steps": 4, "sft_batch": 8, "demonstrations": 8, "steps": 2, "prompts": 2, "group": 2, "max_reply": 10}
TINY |= {"validate": 2, "width": 16, "layers": 1, "heads": 2, "wording": 4}


@pytest.fixture
def learning(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The benchmark, with two small courses in place of its own."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    found = importlib.import_module("learning")
    course = replace(found.COURSES["sat"], cells=(found.COURSES["promotion"].cells[0],), train=TINY)
    ways = replace(found.COURSES["promotion"], train=TINY)
    monkeypatch.setitem(found.COURSES, "sat", course)
    monkeypatch.setitem(found.COURSES, "promotion", ways)
    return found


def told(learning: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *args: str) -> str:
    monkeypatch.setattr(sys, "argv", ["learning.py", *args])
    learning.main()
    return capsys.readouterr().out


def test_results_are_kept_and_told(learning, monkeypatch, capsys, tmp_path):
    kept = tmp_path / "kept.jsonl"
    where = ("--seeds", "1", "--count", "12", "--results", str(kept), "-o", str(tmp_path / "runs"))
    table = told(learning, monkeypatch, capsys, "sat", "promotion", *where, "--question", "curriculum")
    assert "| promotion |" in table
    first = kept.read_text()
    lines = [json.loads(line) for line in first.splitlines()]
    assert [(each["what"], each["course"], each.get("seed")) for each in lines] == [
        ("floor", "sat", None),
        ("floor", "promotion", None),
        ("run", "sat", 0),
        ("run", "promotion", 0),
    ]
    assert all(0 <= share <= 1 for each in lines[2:] for share in {**each["warm"], **each["after"]}.values())
    assert all(each["seconds"] > 0 and each["warm_seconds"] > 0 and len(each["curve"]) == 3 for each in lines[2:])

    told(learning, monkeypatch, capsys, "sat", *where)
    assert kept.read_text() == first  # nothing is made again

    beside = told(learning, monkeypatch, capsys, "sat", *where, "--question", "supervision")
    more = [json.loads(line) for line in kept.read_text().splitlines()][4:]
    assert [(each["lessons"], each["seed"]) for each in more] == [("pool", 0), ("new", 0)]
    assert all(each["steps"] >= 1 for each in more)
    assert "| sat |" in beside

    # a course that was changed has no results, whatever its name
    monkeypatch.setitem(learning.COURSES, "sat", replace(learning.COURSES["sat"], train={**TINY, "steps": 3}))
    assert "| sat |" not in told(learning, monkeypatch, capsys, "--table", "--results", str(kept))


def test_held_out_problems_are_distinct(learning):
    cell = learning.COURSES["promotion"].tested["n=1 k=8 l=6"]
    chosen = learning.held_out(cell, 60)
    problems = [cell.instance(0, index, "test").problem for index in chosen]
    assert len({cell.family.identity(each) for each in problems}) == len(chosen) == 60


def test_what_is_committed_is_of_the_courses_as_they_are(learning, monkeypatch):
    monkeypatch.undo()
    results = learning.Results(BENCHMARKS / "learning.jsonl")
    digests = {name: course.digest for name, course in learning.COURSES.items()}
    assert results.lines
    assert all(line["digest"] == digests[line["course"]] for line in results.lines)
