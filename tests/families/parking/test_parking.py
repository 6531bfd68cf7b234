"""parking: scenes that are what they promise, drives that are judged soundly, arcs however they are written."""

from __future__ import annotations

import dataclasses
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import verienv
from tests.profile import profile_size
from verienv.errors import KnobError
from verienv.families.parking import Knobs, car, curves, grading, making, search, trig, wording, world
from verienv.families.parking import task as TASK
from verienv.parsing import Unparsable, say

FIRST = TASK.instance(1)


def there(problem):
    return making.pose(problem.start), making.pose(problem.target)


@pytest.mark.parametrize("level", range(len(TASK.levels)))
def test_scenes_keep_to_their_knobs(level):
    knobs = TASK.levels[level]
    for index in range(profile_size(fast=1, ci=3, long=40)):
        problem = TASK.instance(level, index=index).problem
        start, target = there(problem)
        assert knobs.slot in ("any", problem.slot)
        assert len(problem.quads) <= 20
        assert world.stands_free(problem.quads, start)
        assert world.stands_free(problem.quads, target)
        plan = search.solve(problem.quads, start, target)
        assert plan is not None
        assert plan.changes >= knobs.changes
        far, turn = car.apart(car.end(start, plan.arcs), target)
        assert far < 0.05
        assert turn < 0.02
        assert world.touched(problem.quads, start, plan.arcs) is None
        if knobs.shield:
            for _, arcs in curves.paths(start, target, 1.6):
                assert world.touched(problem.quads, start, arcs) is not None


@pytest.mark.parametrize("slot", ["bay", "parallel"])
def test_scenes_have_the_grade_that_they_are_drawn_for(slot):
    """As HOPE's own: the tight ones always, of the normal ones some are called complex."""
    rng = Random(1)
    for grade in ("normal", "complex", "extreme"):
        if (slot, grade) == ("bay", "extreme"):
            continue  # HOPE has none
        found = []
        for _ in range(profile_size(fast=12, ci=30, long=300)):
            scene = making.draw(rng, grading.kind(slot, grade))
            if scene is not None:
                turned = making.moved(rng, scene)
                found.append(grading.graded(slot, turned.slack, turned.start, turned.target, turned.quads))
        assert found.count(grade) >= (0.6 if grade == "normal" else 0.8) * len(found)


def test_a_scene_turned_mirrored_or_moved_is_of_one_split():
    rng = Random(4)
    scene = making.draw(rng, grading.kind("bay", "normal"))
    assert scene is not None
    many = [making.moved(rng, scene) for _ in range(12)]
    assert len(set(many)) == 12
    assert len({making.canonical(each.start, each.target, each.quads) for each in many}) == 1
    other = making.draw(rng, grading.kind("bay", "normal"))
    assert other is not None
    assert making.canonical(other.start, other.target, other.quads) != making.canonical(
        scene.start, scene.target, scene.quads
    )


def test_what_stands_in_the_way_is_hit_and_what_stands_free_is_not():
    problem = dataclasses.replace(FIRST.problem, quads=(((300, -50), (400, -50), (400, 50), (300, 50)),))
    problem = dataclasses.replace(problem, start=(-300, 0, 0), target=(500, 500, 900), length=1000)
    for arcs, reason in (
        ([(0.0, 2.2)], "not_parked"),
        ([(0.0, 2.3)], "collided"),
        ([(0.0, -9.9), (0.0, 9.9)], "not_parked"),
        ([(0.0, -10.5)], "outside"),
        ([(0.0, -10.5), (0.0, 30.0)], "outside"),
        ([(0.0, 8.0)], "collided"),
    ):
        assert TASK.verify(problem, tuple(arcs)).reason == reason


def test_the_heading_has_to_be_the_slots():
    start, target = there(FIRST.problem)
    empty = dataclasses.replace(FIRST.problem, quads=())
    back = (target[0], target[1], target[2] + trig.PI)
    assert TASK.verify(empty, curves.paths(start, target)[0][1]).value == 1
    turned = TASK.verify(empty, curves.paths(start, back)[0][1])
    assert (turned.value, turned.reason) == (0, "not_parked")
    assert turned.parts["aligned"] < 1e-6


def test_parked_is_as_near_as_is_said():
    start, target = there(FIRST.problem)
    empty = dataclasses.replace(FIRST.problem, quads=())
    for off, value in ((0.19, 1), (0.21, 0)):
        near = car.driven(target, (0.0, off))
        assert TASK.verify(empty, curves.paths(start, near)[0][1]).value == value
    for off, value in ((0.10, 1), (0.11, 0)):
        askew = (target[0], target[1], target[2] + off)
        assert TASK.verify(empty, curves.paths(start, askew)[0][1]).value == value


def test_a_detour_is_right_and_less_thrifty():
    plan = TASK.parse(FIRST.problem, TASK.oracle(FIRST))
    whole = TASK.verify(FIRST.problem, plan)
    longer = TASK.verify(FIRST.problem, (*plan, (0.0, 0.1), (0.0, -0.1)))
    assert (whole.value, whole.parts["thrift"], longer.value) == (1, 1, 1)
    assert 0.9 < longer.parts["thrift"] < 1


@pytest.mark.parametrize(
    ("answer", "arcs"),
    [
        ("[[0.5, 2], [-1, -3.25]]", ((0.5, 2.0), (-1.0, -3.25))),
        ("((0.5, 2), (-1, -3.25))", ((0.5, 2.0), (-1.0, -3.25))),
        ("0.5 2; -1 -3.25", ((0.5, 2.0), (-1.0, -3.25))),
        ("0.5, 2\n-1, -3.25\n", ((0.5, 2.0), (-1.0, -3.25))),
        ("[0.5, 2],\n[-1, -3.25]", ((0.5, 2.0), (-1.0, -3.25))),
        ("[0.5, 2]", ((0.5, 2.0),)),
        ("+1 0", ((1.0, 0.0),)),
    ],
)
def test_arcs_are_read_however_they_are_written(answer, arcs):
    assert wording.read(say(answer), 12) == arcs


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("[[1.01, 2]]", "steering_out_of_range"),
        ("[[1, 100.5]]", "too_long_an_arc"),
        ("[[1, 2, 3]]", "not_arcs"),
        ("[[1], [2]]", "not_arcs"),
        ("[1, 2, 3, 4]", "not_arcs"),
        ("left 2", "not_arcs"),
        ("[[true, 2]]", "not_arcs"),
        ('[["0", "2"]]', "not_arcs"),
        ("[]", "not_arcs"),
        ("1 2;" * 13, "too_many_arcs"),
        ("[[1, 1e5]]", "not_arcs"),
        ("[[nan, 1]]", "not_arcs"),
        (f"[[0, {'1' * 13}]]", "number_too_long"),
    ],
)
def test_what_is_no_list_of_arcs_is_refused(answer, reason):
    with pytest.raises(Unparsable) as refused:
        wording.read(say(answer), 12)
    assert refused.value.reason in (reason, "not_one_value", "not_a_value", "cut_short")


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.floats(-1, 1), st.floats(-100, 100)), max_size=20))
def test_any_arcs_are_judged_soundly(arcs):
    score = TASK.verify(FIRST.problem, tuple(arcs))
    assert (score.value == 1) == (score.reason == "right")
    assert score.readable
    assert set(score.parts) == set(TASK.parts)


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=60))
def test_any_text_is_judged_soundly(text):
    for reply in (text, say(text), say(f"[[{text}]]")):
        score = TASK.score(FIRST, reply)
        assert 0 <= score.value <= 1
        assert score.reason


def test_switches_that_there_are_not_are_refused():
    with pytest.raises(KnobError, match="did you mean 'kick'"):
        Knobs(faults="kck")
    with pytest.raises(KnobError, match="twice"):
        Knobs(faults="kick.kick")
    assert verienv.load("parking").knobs.from_text("faults=kick.euler") == Knobs(faults="kick.euler")
