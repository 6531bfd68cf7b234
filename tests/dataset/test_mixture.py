"""A mixture gives every index its cell, in proportion, without a random state."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verienv import mixture
from verienv.errors import UsageError
from verienv.mixture import Cell

CELLS = (mixture.cell("sat", 0, weight=3.0), mixture.cell("sat", 2), mixture.cell("sat", 0, {"l": 6}))


@given(st.lists(st.floats(0.01, 100), min_size=1, max_size=8), st.integers(0, 5000))
def test_quotas_add_up_and_stay_within_one_of_their_share(weights, count):
    given_out = mixture.quotas(weights, count)
    assert sum(given_out) == count
    for weight, quota in zip(weights, given_out, strict=True):
        assert abs(quota - count * weight / sum(weights)) < 1 + 1e-6


@given(st.lists(st.integers(0, 60), min_size=1, max_size=5), st.integers(0, 2**40))
def test_interleaving_gives_each_share_exactly_and_evenly(shares, seed):
    order = list(mixture.interleave(shares, seed))
    assert Counter(order) == {at: share for at, share in enumerate(shares) if share}
    half = Counter(order[: len(order) // 2])
    for at, share in enumerate(shares):
        assert abs(half[at] - share / 2) <= len(shares) + 1


def test_interleaving_is_the_same_everywhere_and_differs_by_seed():
    assert list(mixture.interleave([5, 3], 0)) == [0, 0, 1, 0, 1, 0, 0, 1]
    assert list(mixture.interleave([50, 30], 0)) != list(mixture.interleave([50, 30], 1))


def test_picking_follows_the_weights_and_costs_the_same_at_any_index():
    counts = Counter(mixture.pick(CELLS, 7, index).setting for index in range(4000))
    assert abs(counts["L0"] - 2400) < 120
    assert abs(counts["L2"] - 800) < 100
    assert mixture.pick(CELLS, 7, 10**18) == mixture.pick(CELLS, 7, 10**18)
    instance = mixture.instance(CELLS, 7, 10**18, "train")
    assert instance.address.endswith(f"/train/s7/{10**18}")


def test_equal_cells_are_merged_with_their_weights():
    merged = mixture.merge([*CELLS, mixture.cell("sat", 2, weight=4.0)])
    assert [(cell.setting, cell.weight) for cell in merged] == [("L0", 3.0), ("L2", 5.0), ("l=6", 1.0)]


def test_changed_knobs_are_spelt_out_and_the_level_is_kept():
    cell = mixture.cell("sat", 2, {"rendering": "story"})
    assert (cell.setting, cell.level) == ("l=20,rendering=story", 2)
    assert cell.changed({"k": "6"}).knobs.to_dict()["k"] == 6


@pytest.mark.parametrize("weight", [0.0, -1.0, float("nan"), float("inf")])
def test_a_weight_that_is_none_is_refused(weight):
    with pytest.raises(UsageError, match="positive number"):
        Cell("sat", "L0", 0, weight)
