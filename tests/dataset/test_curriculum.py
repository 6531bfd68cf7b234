"""Schedules are pure: a state goes in, a state comes out, and JSON can hold it."""

from __future__ import annotations

import math
from importlib.metadata import EntryPoint

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verienv import curriculum, plugins
from verienv.curriculum import AdaRFT, Dads, DadsReleased, Fixed, Promotion, Schedule, Staged, State, Uniform
from verienv.errors import UnknownName, UsageError

SCORES = st.lists(st.floats(0, 1), max_size=40)
SCHEDULES = st.sampled_from(
    [
        Fixed(stages=3, shares=(1.0, 2.0, 1.0)),
        Fixed(stages=3, stage=1),
        Uniform(stages=4),
        Promotion(stages=3),
        Promotion(stages=5, epsilon=0.6, epsilon_low=0.3, window=3, review=0.2),
        Staged(stages=3, phases=((1.0, 0.0, 0.0), (0.0, 1.0, 1.0)), lengths=(5,)),
        Dads(stages=3),
        DadsReleased(stages=3, every=2),
        AdaRFT(stages=5),
    ]
)
STEPS = st.lists(st.dictionaries(st.integers(0, 2), st.lists(st.floats(0, 1), max_size=3)), max_size=20)


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


def observed(schedule: Schedule, *steps: dict[int, list[float]]) -> State:
    state = schedule.start()
    for step in steps:
        state = schedule.observe(state, step)
    return state


def test_a_staged_mix_follows_its_phases():
    schedule = Staged(stages=2, phases=((1.0, 0.0), (1.0, 3.0), (0.0, 1.0)), lengths=(2, 3))
    seen, state = [], schedule.start()
    for _ in range(8):
        seen.append((state.stage, schedule.weights(state)))
        state = schedule.observe(state, {})
    assert seen == [(0, (1, 0))] * 2 + [(1, (0.25, 0.75))] * 3 + [(2, (0, 1))] * 3


def test_dads_as_published():
    schedule = Dads(stages=3)
    step = {0: [0.9], 1: [0.0, 1.0], 2: [0.1]}
    assert schedule.weights(schedule.start()) == pytest.approx((1 / 3, 1 / 3, 1 / 3))
    state = observed(schedule, step)
    assert state.memory == pytest.approx((0.45, 0.25, 0.05))
    assert schedule.weights(state) == pytest.approx((0.21450, 0.31660, 0.46891), abs=5e-6)
    state = schedule.observe(state, step)
    assert state.memory == pytest.approx((0.675, 0.375, 0.075))
    assert schedule.weights(state) == pytest.approx((0.16705, 0.29757, 0.53539), abs=5e-6)
    assert schedule.observe(state, {1: [1.0]}).memory[::2] == state.memory[::2]  # not drawn: as before


@given(st.lists(st.dictionaries(st.integers(0, 7), st.lists(st.floats(0, 1), min_size=1)), max_size=20))
def test_dads_never_leaves_a_domain_out(steps):
    schedule = Dads(stages=8)
    weights = schedule.weights(observed(schedule, *steps))
    assert max(weights) / min(weights) <= (math.exp(2) + 0.1) / 1.1 + 1e-9


def test_dads_as_released():
    schedule = DadsReleased(stages=3, every=1)
    assert schedule.target == pytest.approx(0.52083, abs=5e-6)
    assert DadsReleased(stages=3, buffer=8).target == pytest.approx(0.34, abs=2e-3)
    state = observed(schedule, {0: [0.9], 1: [0.5], 2: [0.1]})
    assert schedule.weights(state) == pytest.approx((0.16291, 0.17462, 0.66247), abs=5e-6)
    state = schedule.observe(state, {0: [0.6], 1: [0.53]})
    assert schedule.weights(state) == (0.5, 0.5, 0)  # no history, all above the target alike, and the third is gone


def test_dads_as_released_looks_at_one_step_in_several():
    schedule = DadsReleased(stages=2, every=3, shares=(1.0, 3.0))
    assert schedule.weights(observed(schedule, {0: [0.0], 1: [1.0]}, {0: [0.0], 1: [1.0]})) == (0.25, 0.75)
    assert observed(schedule, {0: [0.0]}, {0: [0.0]}, {0: [1.0], 1: [1.0]}).memory == (1.0, 1.0)


def test_adarfts_target_follows_the_success_by_the_papers_numbers():
    schedule = AdaRFT(stages=101)  # difficulties 0 to 100
    state = observed(schedule, {0: [1.0, 1.0]})
    assert state.memory == pytest.approx((50 * math.tanh(1),))  # 38.08
    assert state.stage == 38
    weights = schedule.weights(state)
    assert sum(at * weight for at, weight in enumerate(weights)) == pytest.approx(50 * math.tanh(1))
    assert [at for at, weight in enumerate(weights) if weight] == [38, 39]
    assert schedule.observe(state, {38: [0.5]}).memory == pytest.approx(state.memory)
    assert observed(schedule, {0: [0.0]}).memory == (0.0,)
    assert observed(schedule, *[{0: [1.0]}] * 4).memory == (100.0,)


@pytest.mark.parametrize("schedule", [Dads(stages=3, tau=0.2), DadsReleased(stages=3, every=1), AdaRFT(stages=3)])
def test_more_is_drawn_of_what_a_learner_cannot_do_yet(schedule):
    skill, state = [0.9, 0.4, 0.1], schedule.start()
    drawn = [0.0, 0.0, 0.0]
    for step in range(60):
        weights = schedule.weights(state)
        scores = {at: [min(1.0, skill[at])] for at in range(3) if weights[at] > 0}
        for at in scores:  # a domain is learnt by being drawn, each at its own speed
            skill[at] += weights[at] * (0.05, 0.02, 0.01)[at]
            drawn[at] += weights[at] if step >= 20 else 0.0
        state = schedule.observe(state, scores)
    assert drawn[0] < drawn[2]


@pytest.mark.parametrize(
    ("results", "told"),
    [({3: [1.0]}, "stage"), ({-1: [1.0]}, "stage"), ({0: [1.5]}, "lies in"), ({0: ["1"]}, "lies in")],
)
def test_results_that_cannot_be_are_refused(results, told):
    for schedule in (Uniform(stages=3), Dads(stages=3)):
        with pytest.raises(UsageError, match=told):
            schedule.observe(schedule.start(), results)


def test_a_state_of_another_curriculum_is_refused():
    for schedule in (Dads(stages=3), AdaRFT(stages=3)):
        with pytest.raises(UsageError, match="not a state of this curriculum"):
            schedule.weights(State())
    with pytest.raises(UsageError, match="not a state of this curriculum"):
        AdaRFT(stages=3).weights(State(memory=(7.0,)))


def test_a_third_partys_curriculum_is_found_by_its_kind(monkeypatch):
    found = {
        "mine": EntryPoint("mine", "tests.dataset.test_curriculum:Mine", curriculum.GROUP),
        "odd": EntryPoint("odd", "tests.dataset.test_curriculum:after", curriculum.GROUP),
        "gone": EntryPoint("gone", "tests.dataset.nowhere:Mine", curriculum.GROUP),
    }
    monkeypatch.setattr(plugins, "_found", lambda group: found if group == curriculum.GROUP else {})
    assert curriculum.build({"kind": "mine"}, 3).weights(State()) == (0, 0, 1)
    with pytest.raises(UnknownName, match="did you mean 'mine'"):
        curriculum.build({"kind": "mien"}, 3)
    with pytest.raises(UsageError, match="no Schedule"):
        curriculum.build({"kind": "odd"}, 3)
    with pytest.raises(UsageError, match="cannot load"):
        curriculum.build({"kind": "gone"}, 3)


class Mine(Schedule):
    kind = "mine"

    def weights(self, state: State) -> tuple[float, ...]:
        return (0.0,) * (self.stages - 1) + (1.0,)


@given(SCHEDULES, STEPS, SCORES)
def test_whatever_the_scores_the_weights_add_up_and_the_state_survives_json(schedule, steps, scores):
    state = observed(schedule, *steps)
    for score in scores:
        state = schedule.after(state, score)
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


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"stage": -1, "recent": []}',
        '{"stage": 0, "recent": [2]}',
        "7",
        '{"recent": [], "memory": ["a"]}',
        '{"recent": [], "memory": [NaN]}',
        '{"recent": [], "steps": -1}',
    ],
)
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
        ({"kind": "staged"}, "at least one"),
        ({"kind": "staged", "phases": [[1, 0]]}, "one weight for each of 3"),
        ({"kind": "staged", "phases": [[1, 0, 0], [0, 1, 1]]}, "one for each"),
        ({"kind": "staged", "phases": [[1, 0, 0], [0, 1, 1]], "lengths": [0]}, "whole numbers"),
        ({"kind": "staged", "phases": 3}, "staged"),
        ({"kind": "fixed", "shares": [[1], [2], [3]]}, "fixed"),
        ({"kind": "dads", "alpha": 1}, "alpha"),
        ({"kind": "dads", "tau": 0}, "tau"),
        ({"kind": "dads", "tau": [1]}, "dads"),
        ({"kind": "dads_released", "every": 0}, "every"),
        ({"kind": "dads_released", "tau": 0}, "tau"),
        ({"kind": "dads_released", "shares": [1, 2]}, "one weight for each"),
        ({"kind": "adarft", "goal": 1}, "goal"),
        ({"kind": "adarft", "first": 3}, "first"),
        ({"kind": "adarft", "rate": float("inf")}, "a number"),
    ],
)
def test_wrong_settings_are_told(settings, told):
    with pytest.raises((UsageError, UnknownName), match=told):
        curriculum.build(settings, 3)
