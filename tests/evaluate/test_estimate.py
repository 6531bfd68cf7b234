"""pass@k against counting by hand, intervals against what they must hold."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verienv import rng
from verienv.errors import UsageError
from verienv.evaluate import estimate


@pytest.mark.parametrize("count", range(1, 8))
def test_pass_at_k_is_the_share_of_choices_that_hold_a_right_one(count):
    for right in range(count + 1):
        replies = [True] * right + [False] * (count - right)
        for k in range(1, count + 1):
            chosen = list(combinations(replies, k))
            assert estimate.pass_at(count, right, k) == pytest.approx(sum(map(any, chosen)) / len(chosen))


def test_pass_at_k_is_unbiased_where_the_naive_one_is_not():
    """The mean over many runs of 8 samples, of a model that is right 3 times in 10, is 1 − 0.7⁴ at k = 4."""
    drawn = rng.stream("unbiased")
    rights = [sum(drawn.random() < 0.3 for _ in range(8)) for _ in range(20_000)]
    unbiased = sum(estimate.pass_at(8, right, 4) for right in rights) / len(rights)
    naive = sum(1 - (1 - right / 8) ** 4 for right in rights) / len(rights)
    assert unbiased == pytest.approx(1 - 0.7**4, abs=0.01)
    assert abs(naive - (1 - 0.7**4)) > 0.02


@pytest.mark.parametrize("wrong", [(3, 1, 4), (3, 4, 1), (3, -1, 1), (3, 1, 0)])
def test_what_cannot_be_is_refused(wrong):
    with pytest.raises(UsageError):
        estimate.pass_at(*wrong)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=60))
def test_the_interval_holds_the_mean_and_stays_within_the_values(values):
    found = estimate.mean(values)
    slack = 1e-9
    assert min(values) - slack <= found.low <= found.high <= max(values) + slack
    assert found.value == pytest.approx(sum(values) / len(values))
    assert found == estimate.mean(values)


def test_the_interval_covers_the_truth_as_often_as_it_says():
    drawn = rng.stream("coverage")
    held = 0
    for run in range(300):
        found = estimate.mean([float(drawn.random() < 0.4) for _ in range(60)], run)
        held += found.low <= 0.4 <= found.high
    assert 0.90 <= held / 300 <= 0.99


def test_blocks_do_not_change_what_is_estimated(monkeypatch):
    values = [float(at % 3) for at in range(50)]
    whole = estimate.mean(values, "k")
    monkeypatch.setattr(estimate, "_BLOCK", 70)
    parts = estimate.mean(values, "k")
    assert parts.value == whole.value
    assert parts.low == pytest.approx(whole.low, abs=0.1)


def test_of_nothing_there_is_no_estimate():
    with pytest.raises(UsageError):
        estimate.mean([])
