"""Problems that stand in several datasets are found, and damage and missing shards are told."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path

import pytest

from tests.profile import profile_size
from verienv import dataset
from verienv.errors import UsageError


@pytest.fixture(scope="module")
def shards(tmp_path_factory) -> list[Path]:
    """Of a space of 60 formulas each shard draws up to 30: some must repeat."""
    roots = [tmp_path_factory.mktemp("shards") / str(at) for at in (1, 2, 3)]
    for at, root in enumerate(roots, 1):
        dataset.generate(dataset.plan("sat", "0", count=90, overrides={"l": 1}, shard=(at, 3)), root)
    return roots


def test_each_problem_that_was_there_before_is_listed_once_for_every_time(shards):
    found = list(dataset.duplicates(*shards))
    rows = [(root, row["address"], row["digest"]) for root in shards for row in dataset.read(root)]
    digests = [digest for _, _, digest in rows]
    assert len(found) == len(digests) - len(set(digests)) > 0
    later = [(root, address) for at, (root, address, digest) in enumerate(rows) if digest in digests[:at]]
    assert [(each.folder, each.address) for each in found] == later


def test_one_shard_alone_repeats_nothing_and_a_dataset_twice_repeats_all(shards):
    rows = [row["address"] for row in dataset.read(shards[0])]
    assert list(dataset.duplicates(shards[0])) == []
    assert [each.address for each in dataset.duplicates(shards[0], shards[0])] == rows


@pytest.mark.parametrize("form", ["jsonl", "webdataset", "trl", "verl", "openrlhf"])
def test_every_format_is_read(tmp_path, form):
    dataset.generate(dataset.plan("sat", "1", count=5, format=form), tmp_path / form)
    dataset.generate(dataset.plan("sat", "1", count=5), tmp_path / "rows")
    assert len(list(dataset.duplicates(tmp_path / "rows", tmp_path / form))) == 5


def test_what_is_no_dataset_is_refused(tmp_path):
    with pytest.raises(UsageError, match="not a finished dataset"):
        list(dataset.duplicates(tmp_path))


def test_memory_is_a_few_bytes_for_each_row(tmp_path):
    count = profile_size(fast=20_000, ci=100_000, long=1_000_000)
    path = tmp_path / "rows.jsonl"
    with open(path, "w") as file:
        for at in range(count):
            key = f"{at * 0x9E3779B97F4A7C15 % 2**64:016x}" + "0" * 48
            file.write(json.dumps({"spec": json.dumps({"address": "sat@1/L0/train/s0/0", "digest": key})}) + "\n")
    tracemalloc.start()
    try:
        assert sum(1 for _ in dataset.duplicates(path)) == 0
        assert tracemalloc.get_traced_memory()[1] < 60 * count + 200_000  # both tables while the larger is filled
    finally:
        tracemalloc.stop()
