"""The text environment: questions, games, pictures, rewards and hostile replies."""

from __future__ import annotations

import threading
from typing import Any

import gymnasium
import numpy as np
import pytest
from hypothesis import given

import verienv
from tests import strategies
from tests.env import toys
from tests.env.conftest import made, played
from verienv import env, parsing
from verienv.errors import ContractError, UnknownName, UsageError
from verienv.spaces import Pictures, UnicodeText

SAT = gymnasium.make("verienv/sat-v0")

HOSTILE = [
    "",
    "\n",
    "\ud800",
    "\x00" * 10,
    "<answer>" * 5000,
    "<answer>01101",
    "<think><answer>01101</answer>",
    "<answer>" + "9" * 60_000 + "</answer>",
    "a" * 1_000_000,
    None,
    3,
    1.5,
    float("nan"),
    b"<answer>01101</answer>",
    ["<answer>01101</answer>"],
    {"answer": "01101"},
    np.array("<answer>01101</answer>"),
    object(),
]


@pytest.mark.parametrize("reply", HOSTILE, ids=lambda reply: repr(reply).partition(" at 0x")[0][:24])
def test_a_hostile_reply_scores_nothing_and_never_raises(reply):
    SAT.reset(seed=0)
    _, reward, terminated, truncated, info = SAT.step(reply)
    assert (reward, terminated, truncated) == (0.0, True, False)
    assert (info["score"], info["readable"]) == (0.0, False)


@pytest.mark.parametrize("reply", HOSTILE, ids=lambda reply: repr(reply).partition(" at 0x")[0][:24])
def test_a_hostile_reply_is_a_lost_move_in_a_game(reply):
    one = made("guess")
    one.reset(seed=0)
    assert one.step(reply)[1:4] == (0.0, False, False)


@given(strategies.replies())
def test_any_reply_is_judged_as_the_task_judges_it(reply):
    _, info = SAT.reset(seed=0, options={"level": 1})
    score = verienv.load("sat").score(verienv.instance(info["address"]), reply)
    _, reward, _, _, told = SAT.step(reply)
    assert (reward, told["parts"], told["reason"]) == (score.value, dict(score.parts), score.reason)


def test_a_reply_longer_than_readers_allow_is_still_a_legal_action():
    text = "x" * (parsing.MAX_CHARS + 1)
    assert text in SAT.action_space
    SAT.reset(seed=0)
    assert SAT.step(text)[4]["reason"] == "too_long"


def test_the_observation_is_the_prompt_and_then_nothing():
    text, info = SAT.reset(seed=0)
    assert [text] == verienv.instance(info["address"]).prompt
    assert SAT.step("")[0] == ""


def test_a_reward_weighs_the_terms_it_names():
    one = made("sat", reward={"score": 2.0, "readable": 0.5, "saturn_no_box": -1.0})
    one.reset(seed=0)
    _, reward, _, _, info = one.step(verienv.load("sat").oracle(one.instance))
    assert reward == pytest.approx(2.5 - info["terms"]["saturn_no_box"])
    assert set(info["terms"]) == {"score", "readable", "saturn_no_box"}
    assert info["score"] == 1.0


def test_a_reward_with_a_wrong_term_is_refused_before_anything_runs():
    with pytest.raises(UnknownName, match="did you mean 'score'"):
        made("sat", reward={"scor": 1.0})
    with pytest.raises(UsageError, match="at least one term"):
        made("sat", reward={})


def test_a_game_pays_once_at_its_end():
    one = made("guess", level=1)
    one.reset(seed=0)
    target = one.instance.problem.target
    first, second = one.step("<answer>0</answer>"), one.step("no number")
    assert (first[0], first[1:4]) == ("Higher than 0. Guess a number.", (0.0, False, False))
    assert "score" not in second[4]
    last, reward, terminated, _, told = one.step(f"<answer>{target}</answer>")
    assert (last, reward, terminated) == ("", 1.0, True)
    assert told["parts"] == {"quick": pytest.approx(1 / 3)}


def test_a_game_ends_after_its_last_move():
    one = made("guess")
    one.reset(seed=0)
    steps = [one.step("no number") for _ in range(5)]
    assert [step[2] for step in steps] == [False] * 4 + [True]
    assert steps[-1][4]["reason"] == "not_found"


def test_a_game_is_rewarded_by_its_score_and_by_its_replies():
    one = made("guess", reward={"score": 1.0, "part:quick": 0.5})
    one.reset(seed=0)
    _, reward, _, _, info = played(one, f"<answer>{one.instance.problem.target}</answer>")
    assert (reward, info["terms"]) == (1.5, {"score": 1.0, "part:quick": 1.0})
    two = made("guess", reward={"format": 1.0})
    two.reset(seed=0)
    target = two.instance.problem.target
    assert played(two, f"<answer>{target}</answer>")[1] == 0.0
    two.reset(seed=0)
    assert played(two, f"<think>So it is.</think><answer>{target}</answer>")[1] == 1.0


def test_a_bug_in_a_family_is_named_and_never_paid():
    one = env.make(toys.BROKEN)
    one.reset(seed=0)
    with pytest.raises(ContractError, match="broken@1/L0/train/s0/0: ZeroDivisionError"):
        one.step("<answer>13</answer>")
    one = env.make(toys.BROKEN_GREY)
    one.reset(seed=0)
    with pytest.raises(ContractError, match="ZeroDivisionError"):
        one.step("<answer>13</answer>")


def test_pictures_of_one_size_are_stacked():
    one = made("grey")
    seen, _ = one.reset(seed=0)
    assert one.observation_space["images"].shape == (2, 5, 4, 3)
    assert seen["text"].count("<image>") == 2
    assert (seen["images"] == one.instance.problem.target >> 8).all()
    last = one.step("")[0]
    assert last["text"] == ""
    assert not last["images"].any()


def test_pictures_of_many_sizes_come_as_a_tuple():
    one = made("grey", level=2)
    assert one.observation_space["images"] == Pictures()
    seen, _ = one.reset(seed=0)
    assert len(seen["images"]) == 2
    assert len({each.shape for each in seen["images"]}) == 2
    with pytest.raises(UsageError, match="do not stack"):
        made("grey", level=2, images="stack")


def test_another_level_that_does_not_fit_the_space_is_refused_with_the_remedy():
    for level, other in ((0, 1), (0, 3), (3, 0)):
        one = made("grey", level=level)
        with pytest.raises(UsageError, match='images="tuple"'):
            one.reset(seed=0, options={"level": other})
        one = made("grey", level=level, images="tuple")
        seen, _ = one.reset(seed=0, options={"level": other})
        assert seen in one.observation_space


def test_text_alone_needs_no_dict():
    assert isinstance(made("grey", level=3).observation_space, UnicodeText)
    with pytest.raises(UnknownName, match="did you mean 'stack'"):
        made("grey", images="stacked")
    with pytest.raises(UsageError, match="text view"):
        made("grey", view="native", images="stack")


def test_ansi_shows_the_text_and_rgb_array_the_pictures():
    one = made("grey", render_mode="ansi")
    seen, _ = one.reset(seed=0)
    assert one.render() == seen["text"]
    one = made("grey", render_mode="rgb_array")
    one.reset(seed=0)
    assert one.render().shape == (10, 4, 3)
    one = made("grey", level=2, render_mode="rgb_array")
    one.reset(seed=1)
    assert one.render().shape[0] == 10


def test_render_modes_are_those_that_the_task_can_serve():
    assert made("sat").metadata["render_modes"] == ["ansi"]
    assert made("grey").metadata["render_modes"] == ["ansi", "rgb_array"]
    with pytest.raises(UnknownName, match="render mode of sat"):
        made("sat", render_mode="rgb_array")
    with pytest.raises(UnknownName, match="render mode"):
        made("grey", render_mode="human")


def test_a_game_renders_the_state_it_is_in():
    one = made("guess", level=1, render_mode="ansi")
    one.reset(seed=0)
    one.step("<answer>0</answer>")
    assert one.render() == "Higher than 0. Guess a number."


def test_threads_do_not_disturb_one_another():
    def play(seed: int, into: list[Any]) -> None:
        one = gymnasium.make("verienv/sat-v0", level=1)
        for index in range(30):
            text, info = one.reset(seed=seed) if index == 0 else one.reset()
            into.append((text, info["address"], one.step("<answer>01101</answer>")[1]))

    together: list[list[Any]] = [[] for _ in range(4)]
    threads = [threading.Thread(target=play, args=(seed, into)) for seed, into in enumerate(together)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for seed, seen in enumerate(together):
        alone: list[Any] = []
        play(seed, alone)
        assert seen == alone
