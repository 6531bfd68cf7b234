"""Which instance a reset plays."""

from __future__ import annotations

from typing import Any

import gymnasium
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import verienv
from tests.env.conftest import made
from verienv.errors import AddressError, GenerationError, KnobError, StepError, UnknownName, UsageError

VIEWS = ["text", "native", "step"]


def address(one: Any, **kwargs: Any) -> Any:
    return one.reset(**kwargs)[1]["address"]


@pytest.mark.parametrize("view", VIEWS)
def test_each_reset_moves_to_the_next_index(view):
    one = made("sat", seed=5, view=view)
    assert [address(one) for _ in range(3)] == [f"sat@1/L0/train/s5/{index}" for index in range(3)]


@pytest.mark.parametrize("view", VIEWS)
def test_the_seed_of_reset_picks_the_stream_and_starts_it_anew(view):
    one = made("sat", view=view)
    assert [address(one, seed=7), address(one), address(one, seed=7), address(one, seed=8), address(one)] == [
        f"sat@1/L0/train/{each}" for each in ("s7/0", "s7/1", "s7/0", "s8/0", "s8/1")
    ]


@pytest.mark.parametrize("view", VIEWS)
def test_an_unseeded_environment_draws_its_seed(view):
    seeds = {address(made("sat", view=view)).split("/")[3] for _ in range(4)}
    assert len(seeds) == 4


def test_an_unseeded_environment_keeps_the_seed_it_drew():
    one = made("sat")
    first, second = address(one), address(one)
    assert first.removesuffix("/0") == second.removesuffix("/1")


def test_options_choose_the_instance_and_what_they_set_stays():
    one = made("sat", seed=1)
    assert address(one, options={"level": 2, "split": "test", "seed": -3, "index": 9}) == "sat@1/L2/test/s-3/9"
    assert address(one) == "sat@1/L2/test/s-3/10"
    assert address(one, options={"level": 0}) == "sat@1/L0/test/s-3/11"
    assert address(one, options={"knobs": {"n": 3, "k": 6}}) == "sat@1/k=6/test/s-3/12"
    assert address(one, options={"knobs": "n=2,k=6"}) == "sat@1/n=2,k=6/test/s-3/13"
    assert address(one, options={"split": "train", "index": 0}) == "sat@1/n=2,k=6/train/s-3/0"


def test_an_address_jumps_to_one_instance_and_goes_on_from_there():
    one = made("sat", seed=1)
    assert address(one, options={"address": "sat@1/L3/validation/s4/8"}) == "sat@1/L3/validation/s4/8"
    assert address(one) == "sat@1/L3/validation/s4/9"
    assert address(one, options={"address": "sat@1/k=6/train/s0/0"}) == "sat@1/k=6/train/s0/0"


def test_the_level_is_told_unless_knobs_are_spelt_out():
    one = made("sat")
    assert one.reset(options={"level": 2})[1]["level"] == 2
    assert "level" not in one.reset(options={"knobs": {"k": 6}})[1]


def test_the_same_place_is_the_same_instance_everywhere():
    observation, info = made("sat").reset(seed=11, options={"level": 1, "index": 3})
    instance = verienv.instance("sat@1/L1/train/s11/3")
    assert (info["digest"], observation) == (instance.digest, instance.prompt[0])


def test_numpy_numbers_are_numbers():
    one = made("sat", level=np.int64(1))
    assert address(one, seed=np.int64(3), options={"index": np.int32(4)}) == "sat@1/L1/train/s3/4"


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"lvel": 1}, UnknownName, "did you mean 'level'"),
        ({"level": 99}, UsageError, "levels 0 to"),
        ({"level": True}, UsageError, "whole number"),
        ({"level": None}, UsageError, "whole number"),
        ({"level": 1, "knobs": {}}, UsageError, "not both"),
        ({"knobs": {"kk": 3}}, UnknownName, "did you mean 'k'"),
        ({"knobs": {"k": 10**9}}, KnobError, "out of bounds"),
        ({"knobs": 3}, UsageError, "mapping or text"),
        ({"seed": "7"}, UsageError, "whole number"),
        ({"seed": 10**19}, UsageError, "19 digits"),
        ({"index": -1}, UsageError, "from 0 up"),
        ({"index": 1.0}, UsageError, "whole number"),
        ({"split": "trian"}, UnknownName, "did you mean 'train'"),
        ({"split": ["train"]}, UnknownName, "split"),
        ({"address": "sat@1/L0"}, AddressError, "is not an address"),
        ({"address": 3}, UsageError, "an address is text"),
        ({"address": "tas@1/L0/train/s0/0"}, AddressError, "belongs to"),
        ({"address": "sat@99/L0/train/s0/0"}, AddressError, "version"),
        ({"address": "sat@1/L99/train/s0/0"}, UsageError, "levels 0 to"),
        ({"address": "sat@1/L0/train/s0/0", "level": 1}, UsageError, "says everything"),
        ([("level", 1)], UsageError, "options are a dict"),
        ("level", UsageError, "options are a dict"),
    ],
)
def test_a_wrong_option_is_refused_and_changes_nothing(options, error, message):
    one = made("sat", seed=1)
    one.reset()
    with pytest.raises(error, match=message):
        one.reset(options=options)
    assert one.step("")[4]["address"] == "sat@1/L0/train/s1/0"
    assert address(one) == "sat@1/L0/train/s1/1"


@pytest.mark.parametrize(("seed", "options"), [(-1, None), ("a", None), (1.5, None), (1, {"seed": 2}), (True, None)])
def test_a_wrong_seed_is_refused(seed, options):
    with pytest.raises(UsageError):
        made("sat").reset(seed=seed, options=options)


def test_options_are_left_as_they_were():
    options = {"level": 1}
    made("sat").reset(seed=3, options=options)
    assert options == {"level": 1}


@pytest.mark.parametrize("view", ["native", "step"])
def test_an_array_view_keeps_its_level(view):
    one = made("sat", level=2, seed=0, view=view)
    for options in ({"level": 1}, {"knobs": {"k": 5}}, {"address": "sat@1/L1/train/s0/0"}):
        with pytest.raises(UsageError, match="fixed"):
            one.reset(options=options)
    assert address(one, options={"seed": 3, "index": 4, "split": "test"}) == "sat@1/L2/test/s3/4"
    assert address(one, options={"address": "sat@1/L2/train/s9/1"}) == "sat@1/L2/train/s9/1"


def test_knobs_may_be_spelt_out_at_the_start():
    assert address(made("sat", knobs={"k": 6}), seed=0) == "sat@1/k=6/train/s0/0"
    assert address(made("sat", knobs="k=6", view="native"), seed=0) == "sat@1/k=6/train/s0/0"
    with pytest.raises(UsageError, match="not both"):
        made("sat", knobs={"k": 6}, level=1)


def test_a_place_without_a_sound_problem_is_passed_over():
    one = made("sat", seed=0)
    with pytest.raises(GenerationError):
        one.reset(options={"knobs": {"n": 1, "k": 2, "l": 2, "fewest": 2, "most": 2}})
    assert address(one, options={"level": 0}) == "sat@1/L0/train/s0/1"


@pytest.mark.parametrize("view", VIEWS)
def test_steps_out_of_order_are_refused(view):
    one = made("sat", view=view)
    action = one.action_space.sample()
    with pytest.raises(StepError, match="needs reset"):
        one.step(action)
    with pytest.raises(StepError, match="call reset"):
        one.render()
    one.reset(seed=0)
    ended = False
    while not ended:
        _, _, terminated, truncated, _ = one.step(action)
        ended = terminated or truncated
    with pytest.raises(StepError, match="needs reset"):
        one.step(action)
    one.reset()
    one.close()
    one.close()
    with pytest.raises(StepError, match="closed"):
        one.step(action)
    with pytest.raises(StepError, match="closed"):
        one.reset()


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.sampled_from(["train", "validation", "test"]))
def test_info_names_the_place_that_was_asked_for(seed, index, split):
    _, info = SAT.reset(seed=seed, options={"index": index, "split": split})
    assert info["address"] == f"sat@1/L0/{split}/s{seed}/{index}"


SAT = gymnasium.make("verienv/sat-v0")
