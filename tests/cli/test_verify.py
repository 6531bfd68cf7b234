"""`verienv verify`: data sets are whole, no shard is missing, no problem is there twice."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from verienv import dataset


@pytest.fixture(scope="module")
def shards(tmp_path_factory) -> list[Path]:
    """Of a space of 60 formulas each shard draws up to 30: some must repeat."""
    roots = [tmp_path_factory.mktemp("shards") / str(at) for at in (1, 2, 3)]
    for at, root in enumerate(roots, 1):
        dataset.generate(dataset.plan("sat", "0", count=90, overrides={"l": 1}, shard=(at, 3)), root)
    return roots


def test_what_is_there_twice_is_told(run, shards, tmp_path):
    result = run("verify", *shards, "-o", tmp_path / "twice.jsonl")
    assert result.exit_code == 1
    listed = [json.loads(line) for line in (tmp_path / "twice.jsonl").read_text().splitlines()]
    assert listed == [each.to_dict() for each in dataset.duplicates(*shards)]
    assert f"… and {len(listed) - 12} more" in result.stdout
    distinct = len({row["digest"] for root in shards for row in dataset.read(root)})
    assert f"{distinct} distinct problems" in result.stdout
    alone = run("verify", shards[0], shards[2])
    assert alone.exit_code == 1
    assert "missing shards: 2/3" in alone.stdout


def test_a_train_and_a_test_set_pass(run, tmp_path):
    for split in ("train", "test"):
        dataset.generate(dataset.plan("sat", "2", count=20, split=split), tmp_path / split)
    result = run("verify", tmp_path / "train", tmp_path / "test", "--json")
    assert result.exit_code == 0
    told = json.loads(result.stdout)
    assert (told["duplicates"], told["damaged"], told["missing_shards"]) == (0, [], [])
    assert [each["rows"] for each in told["folders"]] == [20, 20]


def test_damage_is_told_and_mended_by_generating_again(run, tmp_path):
    dataset.generate(dataset.plan("sat", "0", count=20, part_rows=10), tmp_path / "out")
    (tmp_path / "out" / "data" / "train-00001.jsonl").unlink()
    result = run("verify", tmp_path / "out")
    assert result.exit_code == 1
    assert "train-00001.jsonl" in result.stdout
    assert "generate again" in result.stdout
    dataset.generate(dataset.plan("sat", "0", count=20, part_rows=10), tmp_path / "out")
    assert run("verify", tmp_path / "out").exit_code == 0
    assert run("verify", tmp_path / "nowhere").exit_code == 2
