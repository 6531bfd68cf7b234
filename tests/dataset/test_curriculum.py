"""Schedules are pure: a state goes in, a state comes out, and JSON can hold it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verienv import curriculum
from verienv.curriculum import Fixed, Promotion, Schedule, State, Uniform
from verienv.errors import UnknownName, UsageError

SCORES = st.lists(st.floats(0, 1), max_size=40)
SCHEDULES = st.sampled_from(
    [
        Fixed(stages=3, shares=(1.0, 2.0, 1.0)),
        Fixed(stages=3, stage=1),
        Uniform(stages=4),
        Promotion(stages=3),
        Promotion(stages=5, epsilon=0.6, epsilon_low=0.3, window=3, review=0.2),
    ]
)


def after(schedule: Schedule, *scores: float) -> State:
    state = schedule.start()
    for score in scores:
        state = schedule.after(state, score)
    return state


def test_saturns_stage_rises_when_a_validation_is_above_epsilon():
    schedule = Promotion(stages=3, epsilon=0.5)
    assert after(schedule, 0.5).stage == 0  # above, not at
    assert after(schedule, 0.51).stage == 1
    assert after(schedule, 0.9, 0.2, 0.9).stage == 2
    assert after(schedule, 0.9, 0.9, 0.9, 0.9).stage == 2  # there is no further one


def test_the_mean_of_the_window_counts_and_a_move_forgets_it():
    schedule = Promotion(stages=3, epsilon=0.5, window=3)
    assert after(schedule, 1.0, 1.0).stage == 0
    state = after(schedule, 0.1, 1.0, 0.6)
    assert (state.stage, state.recent, state.promotions) == (1, (), 1)
    assert after(schedule, 0.1, 0.1, 0.1, 1.0, 0.6).stage == 1


def test_below_epsilon_low_it_goes_back_a_stage_and_never_below_the_first():
    schedule = Promotion(stages=3, epsilon=0.6, epsilon_low=0.2)
    state = after(schedule, 0.9, 0.1)
    assert (state.stage, state.promotions, state.demotions) == (0, 1, 1)
    assert after(schedule, 0.0, 0.0).stage == 0
    assert after(Promotion(stages=3), 0.9, 0.0).stage == 1  # epsilon_low = 0: never back


def test_weights_are_on_the_stage_and_a_share_on_those_passed():
    schedule = Promotion(stages=4, review=0.2)
    assert schedule.weights(State(stage=0)) == (1, 0, 0, 0)
    assert schedule.weights(State(stage=2)) == (0.1, 0.1, 0.8, 0)
    assert Fixed(stages=2, shares=(3.0, 1.0)).weights(State()) == (0.75, 0.25)
    assert Fixed(stages=3, stage=2).weights(State()) == (0, 0, 1)
    assert Uniform(stages=2).weights(State()) == (0.5, 0.5)


@given(SCHEDULES, SCORES)
def test_whatever_the_scores_the_weights_add_up_and_the_state_survives_json(schedule, scores):
    state = after(schedule, *scores)
    assert State.from_json(state.to_json()) == state
    weights = schedule.weights(state)
    assert len(weights) == schedule.stages
    assert sum(weights) == pytest.approx(1)
    assert min(weights) >= 0


@given(st.lists(st.integers(1, 700), max_size=20))
def test_a_validation_is_due_once_for_every_interval_passed(steps):
    schedule, samples, due = Uniform(stages=1), 0, 0
    for step in steps:
        due += schedule.due(samples, samples + step)
        samples += step
    assert due <= samples // 250
    assert not steps or schedule.due(0, samples) == (samples >= 250)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"stage": -1, "recent": []}', '{"stage": 0, "recent": [2]}', "7"])
def test_a_state_that_is_none_is_refused(text):
    with pytest.raises(UsageError, match="not a curriculum's state"):
        State.from_json(text)


@pytest.mark.parametrize("score", [-0.1, 1.1, float("nan"), "1", True])
def test_a_score_outside_0_to_1_is_refused(score):
    for schedule in (Uniform(stages=2), Promotion(stages=2)):
        with pytest.raises(UsageError, match="lies in"):
            schedule.after(schedule.start(), score)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"kind": "promotoin"}, "did you mean 'promotion'"),
        ({"kind": "promotion", "epsilom": 0.5}, "did you mean 'epsilon'"),
        ({"kind": "promotion", "epsilon": 0.2, "epsilon_low": 0.5}, "epsilon_low"),
        ({"kind": "promotion", "window": 0}, "window"),
        ({"kind": "promotion", "first": 3}, "first"),
        ({"kind": "promotion", "epsilon": "high"}, "a number"),
        ({"kind": "fixed", "shares": [1.0]}, "one weight for each"),
        ({"interval": 0}, "interval"),
    ],
)
def test_wrong_settings_are_told(settings, told):
    with pytest.raises((UsageError, UnknownName), match=told):
        curriculum.build(settings, 3)
