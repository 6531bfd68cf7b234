"""Games as arrays: turn by turn they come to what the text view comes to."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.env import toys
from tests.env.conftest import TASKS, cases, made
from tests.profile import profile_size
from verienv import contract, env
from verienv.errors import ContractError, StepError, UsageError
from verienv.parsing import Unparsable
from verienv.task import Game

COUNT = profile_size(fast=3, ci=20, long=100)
TURNS = [each for each in cases("native") if isinstance(TASKS[each.values[0]], Game)]


@pytest.mark.parametrize(("name", "level", "view"), TURNS)
def test_the_oracles_actions_earn_what_its_replies_earn(name, level, view):
    arrays, text, task = made(name, level=level, view="native"), made(name, level=level), TASKS[name]
    for seed in range(COUNT):
        observation, info = arrays.reset(seed=seed)
        text.reset(seed=seed)
        problem = arrays.unwrapped.instance.problem
        state = task.start(problem)
        for reply in task.solve(problem):
            assert arrays.observation_space.contains(observation)
            move = task.parse(problem, reply)
            observation, reward, terminated, truncated, info = arrays.step(task.encode(problem, state, move))
            same = text.step(reply)
            assert (reward, terminated, truncated, info) == same[1:]
            state = task.move(problem, state, move)
        assert (reward, terminated) == (1.0, True)


@pytest.mark.parametrize(("name", "level", "view"), TURNS)
def test_any_actions_earn_what_verify_says_of_the_state_they_lead_to(name, level, view):
    one, task = made(name, level=level, view="native"), TASKS[name]
    one.action_space.seed(level)
    for seed in range(COUNT):
        one.reset(seed=seed)
        problem = one.unwrapped.instance.problem
        state, terminated, turns = task.start(problem), False, 0
        while not terminated:
            action = one.action_space.sample()
            _, reward, terminated, truncated, info = one.step(action)
            try:
                state = task.move(problem, state, task.act(problem, state, action))
            except Unparsable as unparsable:
                state = task.unread(problem, state, unparsable.reason)
            turns += 1
            assert terminated == (turns == task.max_steps or task.over(problem, state))
            assert not truncated
            assert terminated or (reward == 0 and "score" not in info)
        assert reward == info["score"] == task.verify(problem, state).value


def test_what_was_handed_out_does_not_change():
    one: Any = env.make(toys.GUESS, view="native")
    first, _ = one.reset(seed=1)
    kept = first.copy()
    second, *_ = one.step(0)
    assert np.array_equal(first, kept)
    assert not np.array_equal(first, second)


def test_turns_are_taken_in_order_and_inside_the_space():
    one: Any = env.make(toys.GUESS, view="native")
    with pytest.raises(StepError):
        one.step(0)
    one.reset(seed=1)
    for bad in (-1, 64_001, "3", None, 1.5):
        with pytest.raises(UsageError, match="lies outside the action space"):
            one.step(bad)
    one.step(one.instance.problem.target)
    with pytest.raises(StepError):
        one.step(0)
    with pytest.raises(UsageError, match="no view 'step'"):
        env.make(toys.GUESS, view="step")


def test_an_action_that_is_no_move_costs_a_turn():
    one: Any = env.make(toys.GUESS, view="native")
    one.reset(seed=1)
    for _ in range(4):
        assert one.step(64_000)[2] is False
    assert one.step(64_000)[1:3] == (0.0, True)


def test_a_bug_in_a_move_is_told_with_the_address():
    one: Any = env.make(toys.BROKEN, view="native")
    _, info = one.reset(seed=1)
    with pytest.raises(ContractError, match=info["address"]):
        one.step(13)


def test_weights_pay_at_the_end_alone():
    one: Any = env.make(toys.GUESS, view="native", reward={"right": 2.0, "part:quick": 1.0})
    one.reset(seed=1)
    assert one.step(0)[1] == 0
    _, reward, _, _, info = one.step(one.instance.problem.target)
    assert reward == 2.5
    assert info["terms"] == {"right": 1.0, "part:quick": 0.5}


def test_it_renders_the_present_state():
    one: Any = env.make(toys.GUESS, view="native", render_mode="ansi")
    one.reset(seed=1)
    assert one.render() == "Guess a number."
    one.step(0)
    assert one.render().startswith("Higher than 0.")


def test_faults_of_turns_are_found():
    class Encodes(toys.Guess):
        def encode(self, problem, state, move):
            return move ^ 1

    class Observes(toys.Guess):
        def observe(self, problem, state):
            return super().observe(problem, state) * 3

    for family, message in ((Encodes, "becomes"), (Observes, "observe leaves its space")):
        result = contract.check(family(), "turnwise", 1, 4)
        assert not result.ok
        assert message in result.detail
    assert contract.check(toys.GUESS, "turnwise", 1, 4).ok
