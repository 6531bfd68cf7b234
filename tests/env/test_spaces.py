"""Spaces for any text and for pictures of any size."""

from __future__ import annotations

import copy
import pickle
from typing import Any, cast

import numpy as np
import pytest
from gymnasium import spaces
from gymnasium.error import CustomSpaceError
from gymnasium.spaces.utils import flatdim, flatten, flatten_space, unflatten
from gymnasium.vector.utils import batch_space, concatenate, create_empty_array, create_shared_memory, iterate
from hypothesis import given
from hypothesis import strategies as st

from verienv.errors import UsageError
from verienv.spaces import Pictures, UnicodeText

ANY_TEXT = st.text(st.characters(exclude_categories=()))
BOTH = pytest.mark.parametrize("space", [UnicodeText(50), Pictures()], ids=repr)


@given(ANY_TEXT)
def test_any_text_up_to_its_length_is_legal(text):
    assert UnicodeText(max(len(text), 1)).contains(text)
    assert text in UnicodeText(len(text))
    assert text + "x" not in UnicodeText(len(text))


@pytest.mark.parametrize("value", [None, 3, b"abc", ["a"], np.array("abc"), ("a",)])
def test_what_is_no_text_is_not_legal(value):
    assert value not in UnicodeText(10)


def test_a_stranger_to_pictures_is_not_legal():
    good = np.zeros((2, 3, 3), np.uint8)
    assert () in Pictures()
    assert (good, good[:1]) in Pictures()
    for bad in (good, [good], (good[..., :2],), (good.astype(int),), ("a",), None):
        assert bad not in Pictures()


@BOTH
def test_samples_are_legal_and_seeded(space):
    space.seed(3)
    first = [space.sample() for _ in range(50)]
    space.seed(3)
    again = [space.sample() for _ in range(50)]
    assert all(each in space for each in first)
    assert repr(first) == repr(again)


def test_samples_are_awkward():
    space = UnicodeText(1000, seed=0)
    everything = "".join(space.sample() for _ in range(100))
    assert "\n" in everything
    assert "\ud800" in everything
    assert "" in [space.sample() for _ in range(500)]


@BOTH
def test_masks_are_refused(space):
    with pytest.raises(UsageError):
        space.sample(mask=(None, None))
    with pytest.raises(UsageError):
        space.sample(probability=(None, None))


def test_equal_spaces_are_equal_and_tell_their_length():
    assert UnicodeText(5) == UnicodeText(5) == copy.deepcopy(UnicodeText(5))
    assert UnicodeText(5) != UnicodeText(6)
    assert UnicodeText(5) != spaces.Text(5)
    assert Pictures() == Pictures() != UnicodeText(5)
    assert repr(UnicodeText(5)) == "UnicodeText(5)"
    assert pickle.loads(pickle.dumps(UnicodeText(5))) == UnicodeText(5)


@BOTH
def test_batches_keep_every_item_as_it_is(space):
    whole = spaces.Dict(inner=space, number=spaces.Discrete(3))
    items = [whole.sample() for _ in range(4)]
    batched = concatenate(whole, items, cast(Any, create_empty_array(whole, 4)))
    assert batched in batch_space(whole, 4)
    for item, back in zip(items, iterate(batch_space(whole, 4), batched), strict=True):
        assert repr(item["inner"]) == repr(back["inner"])


@BOTH
def test_shared_memory_is_refused_with_the_remedy(space):
    for each in (space, spaces.Dict(inner=space), spaces.Tuple([space])):
        with pytest.raises(CustomSpaceError, match="shared_memory=False"):
            create_shared_memory(each, 2)


@BOTH
def test_flattening_leaves_it_alone(space):
    value = space.sample()
    assert not space.is_np_flattenable
    assert flatten_space(space) == space
    assert unflatten(space, flatten(space, value)) is value
    with pytest.raises(ValueError, match="no fixed length"):
        flatdim(space)
