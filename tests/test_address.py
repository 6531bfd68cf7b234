"""Addresses: text and fields, both ways, and a reason for whatever is no address."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verienv import address
from verienv.address import SPLITS, Address
from verienv.errors import AddressError, UnknownName, UsageError

ADDRESSES = st.builds(
    Address,
    st.from_regex(r"[a-z][a-z0-9_]{0,63}", fullmatch=True).filter(str.isascii),
    st.integers(0, 999_999),
    st.one_of(st.integers(0, 9999).map("L{}".format), st.just("default"), st.just("n=3,x=-1e-05,t=a%20~b")),
    st.sampled_from(SPLITS),
    st.integers(1 - 10**19, 10**19 - 1),
    st.integers(0, 10**19 - 1),
)


@given(ADDRESSES)
def test_addresses_read_back_from_their_text(where):
    assert address.parse(str(where)) == where


@given(st.text())
def test_any_text_is_an_address_or_an_address_error(text):
    with pytest.raises(UsageError):
        address.parse(text)


def test_levels_and_knobs():
    assert address.parse("sat@1/L12/train/s-5/7") == Address("sat", 1, "L12", "train", -5, 7)
    assert address.parse("sat@1/L12/train/s-5/7").level == 12
    assert address.parse("sat@1/n=3/train/s0/0").level is None
    assert address.level_of("L01") is None


@pytest.mark.parametrize(
    "text",
    [
        "sat", "sat@1", "sat@1/L0/train/s0", "sat@1/L0/train/0/0", "sat@1/L0/train/s0/0/", " sat@1/L0/train/s0/0",
        "sat@1/L0/train/s0/0\n", "Sat@1/L0/train/s0/0", "sat@/L0/train/s0/0", "sat@1/L0/train/s0/-1",
        "sat@1/L0/train/s0/\u0661", "sat@1/L0/train/s+1/0", "sat@1//train/s0/0", "sat@1/L0/train/s0/" + "9" * 20,
        "sat@1/a b/train/s0/0", "sat@1/../train/s0/0" + "0" * 3000, "\u017fat@1/L0/train/s0/0",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(text):
    with pytest.raises(AddressError, match="one looks like"):
        address.parse(text)


@pytest.mark.parametrize("thing", [None, 5, b"sat@1/L0/train/s0/0", ["sat"]])
def test_what_is_no_text_is_refused(thing):
    with pytest.raises(AddressError):
        address.parse(thing)


def test_an_unknown_split_is_answered_with_the_nearest():
    with pytest.raises(UnknownName, match="did you mean 'validation'"):
        address.parse("sat@1/L0/valid/s0/0")


def test_the_address_of_a_problem_that_was_read_is_no_place():
    with pytest.raises(AddressError, match="was read from a file"):
        address.parse("sat@1/read/ffb3edc8a49558c2")
