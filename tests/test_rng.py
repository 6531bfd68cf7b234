"""Streams: one for each key, the same everywhere, and strangers to their neighbours."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verienv import rng

KEYS = st.lists(st.one_of(st.text(max_size=8), st.integers(-100, 100)), max_size=4).map(tuple)


def test_the_draws_are_the_recorded_ones():
    """Golden: another Python, machine or day must draw the same."""
    stream = rng.stream("golden", 1, "train")
    assert [stream.getrandbits(32) for _ in range(3)] == GOLDEN_BITS
    assert [stream.randrange(1000) for _ in range(3)] == GOLDEN_RANGE
    assert stream.random() == GOLDEN_FLOAT
    assert rng.arrays(rng.stream("golden")).integers(0, 1000, 3).tolist() == GOLDEN_ARRAY


GOLDEN_BITS = [2155519700, 2953452768, 1098822602]
GOLDEN_RANGE = [979, 135, 57]
GOLDEN_FLOAT = 0.9072715146822461
GOLDEN_ARRAY = [737, 583, 207]


@given(KEYS, KEYS)
def test_different_keys_have_different_streams(one, other):
    same = rng.stream(*one).getrandbits(128) == rng.stream(*other).getrandbits(128)
    assert same == (one == other)


@pytest.mark.parametrize(("one", "other"), [(("ab", "c"), ("a", "bc")), ((1,), ("1",)), (("i1;",), (1,)), ((), ("",))])
def test_keys_cannot_run_into_each_other(one, other):
    assert rng.stream(*one).getrandbits(128) != rng.stream(*other).getrandbits(128)


@pytest.mark.parametrize("part", [True, None, 1.0, b"x", ("a",)])
def test_a_key_is_made_of_text_and_whole_numbers(part):
    with pytest.raises(TypeError, match="str and int"):
        rng.stream("a", part)


def test_lone_surrogates_are_keys_too():
    assert rng.stream("\ud800").random() == rng.stream("\ud800").random()


def test_neighbouring_indices_are_strangers():
    firsts = [rng.stream("a", 0, index).getrandbits(64) for index in range(2000)]
    assert len(set(firsts)) == 2000
    assert 31 < sum(first.bit_count() for first in firsts) / 2000 < 33


def test_the_global_generator_is_left_alone():
    before = random.getstate()
    rng.arrays(rng.stream("a")).random(10)
    assert random.getstate() == before
