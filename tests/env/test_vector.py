"""Vector environments: the right text for every environment, in every mode of vectorization."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium.envs.registration import EnvSpec
from gymnasium.vector import AutoresetMode

import verienv
from tests.env.conftest import cases, made
from verienv.errors import UnknownName, UsageError


def vector(name: str = "sat", **kwargs: Any) -> Any:
    return gymnasium.make_vec(f"verienv/{name}-v0", **kwargs)


def oracle(address: str) -> Any:
    return verienv.load("sat").oracle(verienv.instance(address))


def texts(seeds: Iterable[int], index: int = 0) -> tuple[Any, ...]:
    return tuple(verienv.instance(f"sat@1/L0/train/s{seed}/{index}").prompt[0] for seed in seeds)


@pytest.mark.parametrize(
    "how",
    [{}, {"vectorization_mode": "sync"}, {"vectorization_mode": "async", "vector_kwargs": {"shared_memory": False}}],
    ids=["ours", "sync", "async"],
)
def test_every_mode_gives_each_environment_its_own_text(how):
    many = vector(num_envs=3, **how)
    try:
        seen, infos = many.reset(seed=5)
        assert tuple(seen) == texts((5, 6, 7))
        replies = [oracle(infos["address"][0]), "", oracle(infos["address"][2])]
        assert list(many.step(replies)[1]) == [1.0, 0.0, 1.0]
    finally:
        many.close()


def test_shared_memory_is_refused_with_the_remedy():
    with pytest.raises(ValueError, match="shared_memory=False"):
        vector(num_envs=2, vectorization_mode="async")


def test_same_step_wastes_no_action():
    many = vector(num_envs=2)
    assert many.metadata["autoreset_mode"] == AutoresetMode.SAME_STEP
    _, infos = many.reset(seed=0)
    for index in range(1, 4):
        seen, rewards, ended, _, infos = many.step([oracle(each) for each in infos["address"]])
        assert list(rewards) == [1.0, 1.0]
        assert ended.all()
        assert tuple(seen) == texts((0, 1), index)
        assert list(infos["address"]) == [f"sat@1/L0/train/s{seed}/{index}" for seed in (0, 1)]
        assert list(infos["final_info"]["address"]) == [f"sat@1/L0/train/s{seed}/{index - 1}" for seed in (0, 1)]
        assert list(infos["final_info"]["score"]) == [1.0, 1.0]
        assert list(infos["final_obs"]) == ["", ""]


def test_next_step_resets_on_the_step_after_the_end():
    many = vector(num_envs=2, autoreset_mode="next_step")
    assert many.metadata["autoreset_mode"] == AutoresetMode.NEXT_STEP
    _, infos = many.reset(seed=0)
    seen, rewards, ended, _, told = many.step([oracle(infos["address"][0]), ""])
    assert (list(rewards), list(ended), tuple(seen)) == ([1.0, 0.0], [True, True], ("", ""))
    assert list(told["score"]) == [1.0, 0.0]
    seen, rewards, ended, _, told = many.step(["ignored", "ignored"])
    assert (list(rewards), list(ended), tuple(seen)) == ([0.0, 0.0], [False, False], texts((0, 1), 1))
    assert "score" not in told


def test_disabled_leaves_resetting_to_the_caller():
    many = vector(num_envs=2, autoreset_mode="disabled")
    many.reset(seed=0)
    many.step(["", ""])
    seen, infos = many.reset(options={"reset_mask": np.array([False, True])})
    assert seen[1] == texts((1,), 1)[0]
    assert list(infos["_address"]) == [False, True]


def test_games_of_different_lengths_go_on_by_themselves():
    many = vector("guess", num_envs=2)
    many.reset(seed=0)
    first = many.envs[0].instance.problem.target
    seen, rewards, ended, _, infos = many.step([f"<answer>{first}</answer>", "<answer>0</answer>"])
    assert (list(rewards), list(ended)) == ([1.0, 0.0], [True, False])
    assert list(infos["_final_info"]) == [True, False]
    assert [each.split("/")[-1] for each in infos["address"]] == ["1", "0"]
    assert seen == ("Guess a number.", "Higher than 0. Guess a number.")


def test_pictures_are_stacked_over_the_environments():
    many = vector("grey", num_envs=3)
    seen, _ = many.reset(seed=0)
    assert seen["images"].shape == (3, 2, 5, 4, 3)
    greys = [each.instance.problem.target >> 8 for each in many.envs]
    assert [image.max() for image in seen["images"]] == greys
    assert len(seen["text"]) == 3


def test_options_move_every_environment_and_stay():
    many = vector(num_envs=2)
    options = {"level": 2}
    _, infos = many.reset(seed=0, options=options)
    assert list(infos["level"]) == [2, 2]
    assert list(many.step(["", ""])[4]["level"]) == [2, 2]
    assert options == {"level": 2}


def test_the_seed_at_the_start_differs_from_one_environment_to_the_next():
    _, infos = vector(num_envs=3, seed=4).reset()
    assert list(infos["address"]) == [f"sat@1/L0/train/s{seed}/0" for seed in (4, 5, 6)]
    _, infos = vector(num_envs=3).reset()
    assert len(set(infos["address"])) == 3


@pytest.mark.parametrize(("name", "level", "view"), cases(levels=4))
def test_a_batch_holds_what_single_environments_give(name, level, view):
    many, single = vector(name, num_envs=2, level=level, view=view), made(name, level=level, view=view)
    seen, _ = many.reset(seed=0)
    assert many.observation_space.contains(seen)
    for at, batched in enumerate(gymnasium.vector.utils.iterate(many.observation_space, seen)):
        alone, _ = single.reset(seed=at)
        for key in alone if isinstance(alone, dict) else [None]:
            one, other = (batched, alone) if key is None else (batched[key], alone[key])
            assert np.array_equal(one, other) if not isinstance(one, tuple) else len(one) == len(other)
    many.step(many.action_space.sample())


def test_actions_are_counted_before_any_is_played():
    many = vector(num_envs=2)
    many.reset(seed=0)
    for actions in (["one"], ["one", "two", "three"], "ab", None):
        with pytest.raises(UsageError, match="2 environments take as many actions"):
            many.step(actions)
    assert many.step(["", ""])[2].all()


def test_wrong_arguments_are_refused():
    with pytest.raises(UnknownName, match="did you mean 'same_step'"):
        vector(num_envs=2, autoreset_mode="samestep")
    with pytest.raises(UsageError, match="at least 1"):
        vector(num_envs=0)
    with pytest.raises(UnknownName, match="did you mean 'native'"):
        vector(num_envs=2, view="nativ")


def test_a_spec_survives_json():
    many = vector(num_envs=2, level=1)
    again = gymnasium.make_vec(EnvSpec.from_json(many.spec.to_json()))
    assert again.num_envs == 2
    assert again.reset(seed=3)[0] == many.reset(seed=3)[0]
