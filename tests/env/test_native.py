"""Array views: they meet the text view at the answer, and edits earn nothing."""

from __future__ import annotations

import numpy as np
import pytest

from tests.env import toys
from tests.env.conftest import TASKS, cases, made
from tests.profile import profile_size
from verienv import env
from verienv.errors import ContractError, StepError, UsageError
from verienv.parsing import Unparsable
from verienv.task import Question
from verienv.views import Stepwise

COUNT = profile_size(fast=4, ci=20, long=200)
NATIVE = [each for each in cases("native") if isinstance(TASKS[each.values[0]], Question)]
STEP = [each for each in cases("step") if isinstance(TASKS[each.values[0]], Stepwise)]


@pytest.mark.parametrize(("name", "level", "view"), NATIVE)
def test_acting_the_encoded_answer_is_the_answer(name, level, view):
    task = TASKS[name]
    for index in range(COUNT):
        problem = task.instance(level, seed=1, index=index).problem
        answer = task.parse(problem, task.solve(problem))
        action = task.encode(problem, answer)
        assert task.action_space(task.at_level(level)).contains(action)
        assert task.act(problem, action) == answer


@pytest.mark.parametrize(("name", "level", "view"), NATIVE)
def test_the_oracles_action_earns_what_its_text_earns(name, level, view):
    arrays, text, task = made(name, level=level, view="native"), made(name, level=level), TASKS[name]
    for seed in range(COUNT):
        _, info = arrays.reset(seed=seed)
        _, same = text.reset(seed=seed)
        assert info == same
        instance = task.at(info["address"])
        reply = task.oracle(instance)
        action = task.encode(instance.problem, task.parse(instance.problem, reply))
        by_array, by_text = arrays.step(action), text.step(reply)
        assert by_array[1:] == by_text[1:]
        assert by_array[1] == 1.0


@pytest.mark.parametrize(("name", "level", "view"), NATIVE)
def test_any_action_earns_what_verify_says_of_it(name, level, view):
    one, task = made(name, level=level, view="native"), TASKS[name]
    one.action_space.seed(level)
    for seed in range(COUNT):
        one.reset(seed=seed)
        problem, action = one.instance.problem, one.action_space.sample()
        try:
            expected = task.verify(problem, task.act(problem, action)).value
        except Unparsable:
            expected = 0.0
        assert one.step(action)[1] == expected


@pytest.mark.parametrize(("name", "level", "view"), STEP)
def test_an_edit_earns_nothing_and_a_submitted_draft_its_score(name, level, view):
    one, task = made(name, level=level, view="step"), TASKS[name]
    for seed in range(COUNT):
        one.reset(seed=seed)
        problem = one.instance.problem
        draft = task.draft(problem)
        for number in np.random.default_rng(seed).integers(0, one.edits, min(3, one.max_edits - 1)):
            draft = task.edit(problem, draft, int(number))
            seen, reward, terminated, truncated, info = one.step(number)
            assert (reward, terminated, truncated) == (0.0, False, False)
            assert "score" not in info
            assert np.array_equal(seen["draft"], task.encode(problem, draft))
        _, reward, terminated, truncated, info = one.step(one.edits)
        assert (terminated, truncated) == (True, False)
        assert reward == info["score"] == task.verify(problem, draft).value


@pytest.mark.parametrize(("name", "level", "view"), STEP)
def test_after_its_last_edit_the_draft_is_submitted(name, level, view):
    one = made(name, level=level, view="step")
    one.reset(seed=0)
    for _ in range(one.max_edits - 1):
        assert one.step(0)[1:4] == (0.0, False, False)
    _, reward, terminated, truncated, info = one.step(0)
    assert (terminated, truncated) == (False, True)
    assert reward == info["score"]
    with pytest.raises(StepError):
        one.step(0)


@pytest.mark.parametrize("level", range(len(TASKS["sat"].levels)))
def test_the_oracles_answer_to_sat_is_reached_by_edits(level):
    one, task = made("sat", level=level, view="step"), TASKS["sat"]
    for seed in range(2):
        seen, _ = one.reset(seed=seed)
        problem = one.instance.problem
        wanted = task.encode(problem, task.parse(problem, task.solve(problem)))
        # the core of a refutation reads only behind its claim, which is the first bit
        for number in np.flatnonzero(seen["draft"] != wanted):
            seen, *_ = one.step(number)
        assert np.array_equal(seen["draft"][:1], wanted[:1])
        assert one.step(one.edits)[1] == 1.0


def test_a_dict_observation_is_merged_flat():
    one = made("grey", view="step")
    assert set(one.observation_space.spaces) == {"image", "size", "draft"}
    assert set(made("sat", view="step").observation_space.spaces) == {"problem", "draft"}


def test_a_box_action_may_have_another_float_type():
    one = made("grey", view="native")
    one.reset(seed=0)
    target = one.instance.problem.target >> 8
    assert one.step(np.array([target / 127.5 - 1], np.float64))[1] == 1.0
    one.reset(seed=0)
    assert one.step([target / 127.5 - 1])[1] == 1.0


@pytest.mark.parametrize(
    ("name", "view", "action"),
    [
        ("sat", "native", [0, 1, 2, 0, 0]),
        ("sat", "native", np.zeros(4, np.int8)),
        ("sat", "native", "01101"),
        ("sat", "native", None),
        ("sat", "native", {"a": 1}),
        ("sat", "step", 6),
        ("sat", "step", -1),
        ("sat", "step", 0.5),
        ("sat", "step", "0"),
        ("sat", "step", None),
        ("grey", "native", np.array([2.0])),
        ("grey", "native", np.array([np.nan])),
        ("grey", "native", "grey"),
        ("grey", "native", ["grey"]),
    ],
)
def test_an_action_outside_the_space_is_refused_and_changes_nothing(name, view, action):
    one = made(name, view=view)
    one.reset(seed=0)
    with pytest.raises(UsageError, match="outside the action space"):
        one.step(action)
    one.step(one.action_space.sample())


def test_the_reward_of_an_array_view_is_made_of_the_score():
    one = made("sat", view="native", reward={"right": 1.0, "part:clauses": 0.5})
    one.reset(seed=0)
    _, reward, _, _, info = one.step(np.zeros(5, np.int8))
    assert reward == pytest.approx(info["score"] + 0.5 * info["parts"]["clauses"])
    with pytest.raises(UsageError, match="reads the text"):
        made("sat", view="native", reward={"saturn_solved": 1.0})


def test_the_step_view_renders_its_draft():
    one = made("sat", view="step", render_mode="ansi")
    one.reset(seed=0)
    one.step(1)
    assert one.render().endswith("Draft: 01000")


def test_a_bug_in_a_family_is_named_and_never_paid():
    for view, *edits, last in (("native", np.array([13 / 127.5 - 1])), ("step", 0, 1, 1, 1, 2)):
        one = env.make(toys.BROKEN_GREY, view=view)
        one.reset(seed=0)
        for number in edits:
            one.step(number)
        with pytest.raises(ContractError, match="broken_grey@1/L0/train/s0/0: ZeroDivisionError"):
            one.step(last)
