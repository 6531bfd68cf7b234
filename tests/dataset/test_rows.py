"""Which rows are drawn: no problem twice, none in two splits, as many as there are."""

from __future__ import annotations

import hashlib
import itertools
import json
import tracemalloc
from array import array

import pytest

import verienv
from tests.profile import profile_size
from verienv import dataset, mixture
from verienv.dataset import disk
from verienv.dataset.dedupe import Seen
from verienv.errors import KnobError, UnknownName, UsageError
from verienv.task import split_of

TINY = {"n": 1, "k": 3, "l": 2}


def tiny_formulas() -> dict[str, set[str]]:
    """Every formula of two one-literal clauses over three variables that has a solution, by split, as digests."""
    literals = [1, -1, 2, -2, 3, -3]
    found: dict[str, set[str]] = {"train": set(), "validation": set(), "test": set()}
    for one, two in itertools.combinations(literals, 2):
        if one != -two:
            clauses = sorted([one, two], key=lambda literal: (abs(literal), literal))
            digest = hashlib.sha256(b"sat@1\n3 1 0\n" + array("h", clauses).tobytes())
            found[split_of(digest.digest())].add(digest.hexdigest())
    return found


@pytest.mark.parametrize("split", ["train", "validation", "test"])
def test_a_small_space_is_drawn_whole_and_its_end_is_told(tmp_path, split):
    there_are = tiny_formulas()[split]
    assert sum(map(len, tiny_formulas().values())) == 12
    plan = dataset.plan("sat", "0", count=50, overrides=TINY, split=split, oracle=False)
    summary = dataset.generate(plan, tmp_path)
    assert {record["digest"] for record in dataset.read(tmp_path)} == there_are
    assert summary.rows == len(there_are)
    assert not summary.complete
    (told,) = summary.short
    assert f"50 rows asked, {len(there_are)} distinct problems found" in told
    assert dataset.generate(plan, tmp_path).short == summary.short


def test_duplicates_are_made_up_for_and_counted():
    there_are = len(tiny_formulas()["train"])
    plan = dataset.plan("sat", "0", count=there_are, overrides=TINY, oracle=False)
    rows = list(dataset.rows(plan))
    assert len({row.digest for row in rows}) == there_are
    assert rows[-1].index >= there_are  # some draws were spent on duplicates


def test_a_cell_that_runs_dry_leaves_the_others_their_share():
    cells = (mixture.cell("sat", 0, TINY), mixture.cell("sat", 2))
    for order in ("level", "mixed"):
        rows = list(dataset.rows(dataset.Plan(cells, 60, order=order, oracle=False)))
        assert sum(row.level == 2 for row in rows) == 30
        assert sum(row.level == 0 for row in rows) == len(tiny_formulas()["train"])


def test_splits_share_no_problem_whatever_the_seeds():
    digests = {
        split: {
            row.digest
            for seed in (0, 1)
            for row in dataset.rows(dataset.plan("sat", "0:1", count=300, split=split, seed=seed, oracle=False))
        }
        for split in ("train", "validation", "test")
    }
    for one, two in itertools.combinations(digests.values(), 2):
        assert not one & two


def test_every_row_is_regenerated_from_its_spec_and_its_oracle_scores_1():
    for row in dataset.rows(dataset.plan("sat", "0:3", count=40)):
        spec = json.loads(row.spec)
        instance = verienv.instance(spec["address"])
        assert instance.digest == spec["digest"] == row.digest
        assert instance.task.score(instance, row.oracle).value == 1
        assert row.difficulty == instance.task.describe(instance.problem)
        assert row.messages[0]["content"] == instance.messages[0]["content"]
        assert row.knobs == instance.knobs.to_dict()


def test_rows_go_from_easy_to_hard_or_by_a_measure():
    levels = [row.level for row in dataset.rows(dataset.plan("sat", "2,0", count=30))]
    assert levels == [0] * 15 + [2] * 15
    rows = list(dataset.rows(dataset.plan("sat", "0:2", count=60, order="solutions_low")))
    values = [int(row.difficulty["solutions_low"] or 0) for row in rows]
    assert values == sorted(values)
    for value in set(values):  # stable: ties stay in the order drawn
        ties = [(row.level, row.index) for row in rows if row.difficulty["solutions_low"] == value]
        assert ties == sorted(ties)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"levels": "0:99"}, "levels 0 to 10, not 99"),
        ({"levels": "3:1"}, "first is above the last"),
        ({"levels": "a"}, "written 2, 0,2,5 or 0:3"),
        ({"split": "tset"}, "did you mean 'test'"),
        ({"format": "parket"}, "did you mean 'parquet'"),
        ({"order": "log2_shares"}, "did you mean 'log2_share'"),
        ({"image": "jpg"}, "did you mean 'jpeg'"),
        ({"shard": (5, 4)}, "1 <= i <= N"),
        ({"count": 0}, "from 1 up"),
        ({"seed": 2**70}, "below 2\\*\\*63"),
        ({"overrides": {"nn": 3}}, "unknown knob 'nn'"),
        ({"overrides": {"n": 99}}, "out of bounds"),
    ],
)
def test_a_wrong_plan_is_told_before_anything_is_drawn(tmp_path, wrong, told):
    settings = {"levels": "0", "count": 3, **wrong}
    with pytest.raises((UsageError, UnknownName, KnobError), match=told):
        dataset.generate(dataset.plan("sat", settings.pop("levels"), **settings), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_seen_is_a_set_and_stays_small():
    seen, count = Seen(), profile_size(fast=50_000, ci=200_000, long=1_000_000)
    keys = [(key * 0x9E3779B97F4A7C15) % 2**64 for key in range(count)]
    assert all(seen.add(key) for key in keys)
    assert not any(seen.add(key) for key in keys[::7])
    assert len(seen) == count
    assert keys[3] in seen
    assert 12345 not in seen
    assert len(seen._table) * 8 <= 33 * count


def test_memory_does_not_grow_with_the_rows(tmp_path, monkeypatch):
    monkeypatch.setattr(disk, "sync", lambda descriptor: None)
    count = profile_size(fast=2_000, ci=20_000, long=100_000)
    held: list[int] = []

    def watch(done: int, asked: int) -> None:
        held.append(tracemalloc.get_traced_memory()[0])

    plan = dataset.plan("sat", "0", count=count, part_rows=count // 10, oracle=False)
    tracemalloc.start()
    try:
        dataset.generate(plan, tmp_path, progress=watch)
    finally:
        tracemalloc.stop()
    slope = (held[-1] - held[2]) / (count * 0.8)
    assert slope < 40  # bytes a row, of which the table of seen problems may take 32
