"""parking under control: HOPE's rewards by hand, what is sensed, masks that keep their word, one as many."""

from __future__ import annotations

import math
from typing import Any

import gymnasium
import numpy as np
import pytest

from tests.profile import profile_size
from verienv import contract
from verienv.families.parking import Knobs, car, driving, judging, making, published, search, sensing, world
from verienv.families.parking import task as TASK
from verienv.score import Score

KNOBS = Knobs(slot="bay", grade="normal", image=False)
PROBLEMS = [TASK.instance(knobs=KNOBS, index=index).problem for index in range(3)]


def cars(*faults: str, count: int = 1) -> driving.Cars:
    made = driving.Cars(count, frozenset(faults), False)
    for at in range(count):
        made.put(at, PROBLEMS[at % len(PROBLEMS)])
    return made


def drive(made: driving.Cars, actions: Any) -> list[Any]:
    told = []
    for action in actions:
        told.append(made.step(np.array([action])))
        if told[-1].ended[0] or told[-1].cut[0]:
            break
    return told


def paid(progress: Any) -> float:
    return sum(weight * float(progress.terms[name][0]) for name, weight in published.WAGES.items())


def test_an_action_is_paid_as_hope_pays_it():
    made, problem = cars(), PROBLEMS[0]
    before = car.apart(making.pose(problem.start), making.pose(problem.target))[0]
    (told,) = drive(made, [(0.0, 0.4)])
    pose = car.driven(making.pose(problem.start), (0.0, 0.5))
    after = car.apart(pose, making.pose(problem.target))[0]
    covered = judging.overlap(pose, making.pose(problem.target))
    expected = -math.tanh(1 / 2000) + 5 * (before - after) / max(before, 10) + 10 * covered / (2 - covered)
    assert paid(told) == pytest.approx(0.1 * expected)


def test_the_oracles_drive_arrives_and_is_paid_five():
    for problem in PROBLEMS:
        made = driving.Cars(1, frozenset(), False)
        made.put(0, problem)
        plan = search.solve(problem.quads, making.pose(problem.start), making.pose(problem.target))
        told = drive(made, published.cut(plan.arcs))  # type: ignore[union-attr]
        assert told[-1].ended[0]
        assert paid(told[-1]) == 5.0
        score = TASK.verify(problem, made.answer(0))
        assert score.right
        assert made.score(0) == score


def test_contact_ends_a_drive_or_puts_the_car_back():
    strict, loose = cars(), cars("bounce")
    ahead = [(0.0, 1.0)] * 30
    told = drive(strict, ahead)
    assert told[-1].terms["hope_collided"][0] or told[-1].terms["hope_outside"][0]
    assert not any(each.terms["hope_collided"][0] for each in drive(loose, ahead))
    for made in (strict, loose):
        assert TASK.verify(PROBLEMS[0], made.answer(0)).reason in ("not_parked", "outside")


def test_two_hundred_actions_are_enough():
    made = cars("bounce")
    told = drive(made, [(0.0, 0.0)] * 300)
    assert len(told) == driving.ACTIONS
    assert told[-1].cut[0]
    assert paid(told[-1]) == pytest.approx(-0.1)


def test_what_a_simulator_knows_is_what_verify_says():
    rng = np.random.Generator(np.random.Philox(5))
    known = 0
    for _ in range(profile_size(fast=6, ci=20, long=300)):
        made = cars("bounce")
        drive(made, rng.uniform(-1, 1, (25, 2)))
        score = made.score(0)
        if score is not None:
            known += 1
            assert score == TASK.verify(PROBLEMS[0], made.answer(0))
    assert known


def test_many_drive_as_each_alone_does():
    many = cars("bounce", count=3)
    alone = [driving.Cars(1, frozenset({"bounce"}), False) for _ in range(3)]
    for one, problem in zip(alone, PROBLEMS, strict=True):
        one.put(0, problem)
    rng = np.random.Generator(np.random.Philox(6))
    for _ in range(12):
        actions = rng.uniform(-1, 1, (3, 2))
        together = many.step(actions)
        seen = many.observe()
        for at, one in enumerate(alone):
            told = one.step(actions[at : at + 1])
            assert {name: each[at] for name, each in together.terms.items()} == {
                name: each[0] for name, each in told.terms.items()
            }
            for name, each in one.observe().items():
                assert np.array_equal(each[0], seen[name][at])


def test_beams_are_as_long_as_steps_along_them_tell():
    made = cars()
    pose = (float(made.x[0]), float(made.y[0]), float(made.heading[0]))
    ranges = made.observe()["lidar"][0]
    quads = [[(x / 100, y / 100) for x, y in quad] for quad in PROBLEMS[0].quads]
    own = sensing.boundary(np.arange(sensing.BEAMS, dtype=np.float64) * (math.tau / sensing.BEAMS))
    for beam in range(0, sensing.BEAMS, 3):
        angle = pose[2] + beam * math.tau / sensing.BEAMS
        far = 0.0
        while far < 10 and not any(
            inside(quad, pose[0] + far * math.cos(angle), pose[1] + far * math.sin(angle)) for quad in quads
        ):
            far += 0.02
        assert ranges[beam] + own[beam] == pytest.approx(min(far, 10), abs=0.03)


def inside(quad, x, y):
    return all(
        (quad[at][0] - quad[at - 1][0]) * (y - quad[at - 1][1])
        >= (quad[at][1] - quad[at - 1][1]) * (x - quad[at - 1][0])
        for at in range(4)
    )


def test_a_mask_of_one_keeps_its_word():
    """What it calls free for the whole of an action touches nothing; HOPE's own looks 0.5 m ahead and does not."""
    rng = np.random.Generator(np.random.Philox(7))
    free = blocked = 0
    for _ in range(profile_size(fast=5, ci=15, long=200)):
        made = cars("bounce")
        drive(made, rng.uniform(-1, 1, (int(rng.integers(1, 30)), 2)))
        shares = made.observe()["action_mask"][0]
        pose = (float(made.x[0]), float(made.y[0]), float(made.heading[0]))
        for action, share in enumerate(shares):
            curve = float(sensing.curvatures(1 - action % 21 / 10))
            way = 1.25 if action < 21 else -1.25
            if share == 1:
                free += 1
                assert world.touched(PROBLEMS[0].quads, pose, [(curve / car.CURVE, way)]) is None
            else:
                blocked += 1
    assert min(free, blocked) > 20


def test_the_target_tells_its_heading_and_hopes_does_not():
    mine, theirs = cars().observe()["target"][0], cars("cos_twice").observe()["target"][0]
    start, target = making.pose(PROBLEMS[0].start), making.pose(PROBLEMS[0].target)
    assert mine[3:] == pytest.approx([math.cos(target[2] - start[2]), math.sin(target[2] - start[2])], abs=1e-6)
    assert theirs[3] == theirs[4] == mine[3]
    assert np.array_equal(mine[:3], theirs[:3])


def test_the_switches_do_what_they_say():
    assert (cars("short_mask").observe()["action_mask"] != cars().observe()["action_mask"]).any()
    kicked = cars("kick")
    kicked.step(np.zeros((1, 2)))
    assert kicked.answer(0)  # on the first step whatever is asked for is replaced
    by_euler, exact = cars("euler", "bounce"), cars("bounce")
    for made in (by_euler, exact):
        made.step(np.array([(1.0, 0.4)]))
    start = making.pose(PROBLEMS[0].start)
    x, y, heading = start
    for _ in range(200):
        x, y = x + 0.0025 * math.cos(heading), y + 0.0025 * math.sin(heading)
        heading += 0.0025 * car.CURVE
    assert (by_euler.x[0], by_euler.y[0], by_euler.heading[0]) == pytest.approx((x, y, heading), abs=1e-9)
    assert exact.x[0] != by_euler.x[0]


def test_a_takeover_drives_the_curve_that_is_free():
    problem = TASK.instance(0, index=1).problem
    curve = search.unhindered(problem.quads, making.pose(problem.start), making.pose(problem.target))
    made = driving.Cars(1, frozenset({"takeover", "passing", "bounce"}), False)
    made.put(0, problem)
    told = drive(made, [(0.0, 0.0)] * 60)
    assert bool(told[-1].terms["hope_arrived"][0]) == (curve is not None and made.first[0] <= 10.0)


def test_terms_of_a_reply_are_sums_over_its_drive():
    instance = TASK.instance(knobs=KNOBS)
    reply = TASK.oracle(instance)
    terms = {name: term(instance.problem, reply) for name, term in TASK.terms.items()}
    assert terms["hope_arrived"] == 1
    assert terms["hope_timeout"] == terms["hope_outside"] == terms["hope_collided"] == 0
    assert all(0 <= each <= 1 for each in terms.values())
    assert all(term(instance.problem, "nothing") == 0 for term in TASK.terms.values())


def test_overlaps_of_many_are_those_of_each():
    rng = np.random.Generator(np.random.Philox(8))
    one, other = rng.uniform(-2, 2, (2, 3, 200))
    many = driving.overlaps(tuple(one), tuple(other))
    for at, share in enumerate(many.tolist()):
        assert share == pytest.approx(judging.overlap(tuple(one[:, at]), tuple(other[:, at])), abs=1e-9)


def test_a_vector_of_environments_is_each_of_them():
    how: dict[str, Any] = {"view": "step", "knobs": KNOBS.to_dict()}
    many: Any = gymnasium.make_vec("verienv/parking-v0", num_envs=2, pool=1, **how)
    single: Any = [gymnasium.make("verienv/parking-v0", **how) for _ in range(2)]
    seen, infos = many.reset(seed=3)
    first = list(infos["address"])
    for at, one in enumerate(single):
        alone, info = one.reset(seed=3 + at)
        assert info["address"] == first[at]
        assert all(np.array_equal(seen[name][at], alone[name]) for name in alone)
    many.action_space.seed(3)
    ends = [False, False]
    for _ in range(60):
        actions = many.action_space.sample()
        seen, rewards, ended, cut, infos = many.step(actions)
        for at, one in enumerate(single):
            if ends[at]:
                continue
            alone, reward, terminated, truncated, info = one.step(actions[at])
            assert (rewards[at], ended[at], cut[at]) == (reward, terminated, truncated)
            if terminated or truncated:
                ends[at] = True
                assert infos["final_info"]["score"][at] == info["score"]
                seen_last = infos["final_obs"][at]
                assert all(np.array_equal(seen_last[name], alone[name]) for name in alone)
                assert infos["address"][at] == first[at]  # a pool of one
            else:
                assert all(np.array_equal(seen[name][at], alone[name]) for name in alone)
        if all(ends):
            break


def test_weights_pay_steps_and_ends():
    one: Any = gymnasium.make(
        "verienv/parking-v0", view="step", knobs=KNOBS.to_dict(), reward={"hope_timeout": -2.0, "part:free": 3.0}
    )
    one.reset(seed=1)
    rewards = [one.step(np.zeros(2, np.float32))[1] for _ in range(driving.ACTIONS)]
    assert set(rewards[:-1]) == {0.0}
    assert rewards[-1] == 1.0


def test_faults_of_a_simulator_are_found():
    class Forgets(driving.Cars):
        def score(self, at):
            return Score(1.0)

    class Blinks(driving.Cars):
        def observe(self, places=None):
            seen = super().observe(places)
            return {**seen, "lidar": seen["lidar"] + 100}

    for kind, message in ((Forgets, "known is"), (Blinks, "observe leaves its space")):

        class Faulty(type(TASK)):  # type: ignore[misc]
            kind_of = kind

            def simulator(self, knobs, count):
                return self.kind_of(count, frozenset(), knobs.image)

        result = contract.check(Faulty(), "controlled", 0, 2)
        assert not result.ok
        assert message in result.detail
    assert contract.check(TASK, "controlled", 0, 2).ok
