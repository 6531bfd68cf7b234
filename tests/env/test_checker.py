"""What every environment promises: Gymnasium's own checker, over the registry, with warnings as errors."""

from __future__ import annotations

import subprocess
import sys

import gymnasium
import numpy as np
import pytest
from gymnasium import spaces
from gymnasium.envs.registration import EnvSpec
from gymnasium.utils.env_checker import check_env

import verienv
from tests.env.conftest import TASKS, cases, made, played
from tests.profile import profile_size
from verienv import env
from verienv.errors import UsageError
from verienv.task import Question

REPEATS = profile_size(fast=3, ci=10, long=50)


@pytest.mark.parametrize(("name", "level", "view"), cases())
@pytest.mark.filterwarnings("error")
def test_gymnasium_has_nothing_to_say_against_it(name, level, view):
    check_env(made(name, level=level, view=view))


@pytest.mark.parametrize(("name", "level", "view"), cases())
def test_every_observation_lies_in_its_space(name, level, view):
    one = made(name, level=level, view=view)
    one.action_space.seed(level)
    for seed in range(REPEATS):
        observation, _ = one.reset(seed=seed)
        ended, taken = False, 0
        while not ended and taken < 12:
            assert one.observation_space.contains(observation)
            observation, _, terminated, truncated, _ = one.step(one.action_space.sample())
            ended, taken = terminated or truncated, taken + 1
        assert one.observation_space.contains(observation)


@pytest.mark.parametrize(("name", "level", "view"), cases("native", "step"))
def test_array_observations_are_boxes_or_flat_dicts(name, level, view):
    space = made(name, level=level, view=view).observation_space
    parts = space.spaces.values() if isinstance(space, spaces.Dict) else [space]
    flat = (spaces.Box, spaces.Discrete, spaces.MultiDiscrete, spaces.MultiBinary)
    assert all(isinstance(part, flat) for part in parts)


@pytest.mark.parametrize(("name", "level", "view"), cases("text"))
def test_the_oracle_earns_the_full_reward(name, level, view):
    one, task = made(name, level=level), TASKS[name]
    _, info = one.reset(seed=1)
    _, reward, terminated, truncated, told = played(one, task.oracle(task.at(info["address"])))
    assert (reward, terminated, truncated) == (1.0, True, False)
    assert (told["score"], told["reason"], told["readable"]) == (1.0, "right", True)
    assert set(told["parts"]) == set(task.parts)


@pytest.mark.parametrize(("name", "level", "view"), cases())
def test_info_never_tells_more_than_the_address_before_the_end(name, level, view):
    one = made(name, level=level, view=view)
    _, info = one.reset(seed=2)
    assert set(info) == {"address", "digest", "level"}
    assert info["address"] == f"{name}@{TASKS[name].version}/L{level}/train/s2/0"
    assert info["level"] == level
    if isinstance(TASKS[name], Question) and view == "text":
        *_, told = one.step("")
        assert set(told) == {*info, "score", "parts", "reason", "readable"}


@pytest.mark.parametrize("name", verienv.names())
def test_a_spec_survives_json(name):
    one = made(name, level=1, split="test", reward={"score": 2.0, "readable": -1.0}, render_mode="ansi")
    spec = EnvSpec.from_json(one.spec.to_json())
    again = gymnasium.make(spec)
    first, second = one.reset(seed=3), again.reset(seed=3)
    assert first[1] == second[1]
    assert one.step("")[1] == again.step("")[1]
    assert spec.kwargs["split"] == "test"


def test_an_environment_is_made_without_importing_verienv_first():
    code = "import gymnasium; print(gymnasium.make('verienv:verienv/sat-v0').reset(seed=0)[1]['address'])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "sat@1/L0/train/s0/0"


@pytest.mark.parametrize("name", verienv.names())
def test_the_default_wrappers_are_only_those_registered(name):
    one = made(name)
    assert one is one.unwrapped


def test_a_view_that_is_not_there_is_refused_with_those_that_are():
    with pytest.raises(UsageError, match="guess has no view 'step'; it has text, native"):
        made("guess", view="step")
    with pytest.raises(UsageError, match="did you mean 'native'"):
        made("sat", view="natve")
    with pytest.raises(UsageError, match="unknown task 'sta'; did you mean 'sat'"):
        env.make("sta")
    with pytest.raises(UsageError, match="levels 0 to"):
        made("sat", level=99)
    with pytest.raises(UsageError, match="did you mean 'validation'"):
        made("sat", split="valid")


@pytest.mark.parametrize(("name", "level", "view"), cases("native", "step"))
def test_an_array_is_never_handed_out_twice(name, level, view):
    one = made(name, level=level, view=view)
    first, _ = one.reset(seed=4)
    for part in first.values() if isinstance(first, dict) else [first]:
        if isinstance(part, np.ndarray):
            part[...] = 0
    second, _ = one.reset(seed=4)
    third, *_ = one.step(one.action_space.sample())
    assert one.observation_space.contains(second)
    assert one.observation_space.contains(third)
