"""A run killed at any moment and run again ends with the same bytes: nothing lost, nothing twice, no torn file."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.dataset import crashing
from tests.dataset.trees import tree
from tests.profile import profile_size
from verienv import dataset

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="forks")
CHECKOUT = Path(__file__).parents[2]


def run(*args: object) -> dict[str, int]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.dataset.crashing", *map(str, args)],
        cwd=CHECKOUT,
        check=True,
        capture_output=True,
        text=True,
    )
    result: dict[str, int] = json.loads(done.stdout)
    return result


def test_a_run_killed_at_any_disk_operation_ends_with_the_same_bytes(tmp_path):
    dataset.generate(crashing.PLAN, tmp_path / "whole")
    dataset.generate(crashing.SORTED, tmp_path / "whole-sorted")
    died = run("points", tmp_path, profile_size(fast=3, ci=1, long=1))
    whole = tree(tmp_path / "whole")
    assert died["on_one"] > 10
    assert tree(tmp_path / "one") == whole
    for name, expected in (("plain", whole), ("sorted", tree(tmp_path / "whole-sorted"))):
        assert died[name] > 10
        for at in range(died[name]):
            assert tree(tmp_path / name / f"{at:04d}") == expected, (name, at)


def test_a_run_killed_at_random_moments_ends_with_the_same_bytes(tmp_path):
    times = profile_size(fast=6, ci=50, long=334)
    dataset.generate(crashing.PLAN, tmp_path / "whole")
    died = run("moments", tmp_path, times)["died"]
    assert died > times
    whole = tree(tmp_path / "whole")
    addresses = [record["address"] for record in dataset.read(tmp_path / "whole")]
    assert len(set(addresses)) == crashing.PLAN.count
    for at in range(times):
        assert tree(tmp_path / f"{at:04d}") == whole, at


def test_a_part_that_was_changed_after_a_kill_is_drawn_anew(tmp_path):
    plan, out = crashing.PLAN, tmp_path / "out"

    class Killed(BaseException):
        pass

    def stop(done: int, asked: int) -> None:
        if done >= 60:
            raise Killed

    with pytest.raises(Killed):
        dataset.generate(plan, out, progress=stop)
    part = out / "data" / "train-00001.jsonl"
    part.write_bytes(part.read_bytes()[:-100])
    summary = dataset.generate(plan, out)
    assert summary.resumed == 20  # the part before the broken one
    dataset.generate(plan, tmp_path / "whole")
    assert tree(out) == tree(tmp_path / "whole")


def test_a_finished_dataset_that_was_damaged_is_told_and_made_again(tmp_path):
    plan = crashing.PLAN
    dataset.generate(plan, tmp_path)
    before = tree(tmp_path)
    assert dataset.generate(plan, tmp_path).resumed == plan.count
    part = tmp_path / "data" / "train-00002.jsonl"
    part.write_bytes(part.read_bytes().replace(b"0", b"1", 1))
    assert dataset.verify(tmp_path) == ["data/train-00002.jsonl"]
    dataset.generate(plan, tmp_path)
    assert dataset.verify(tmp_path) == []
    assert tree(tmp_path) == before
