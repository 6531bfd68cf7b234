"""parking: arithmetic alike everywhere, curves that nothing is shorter than, contact that exact arithmetic confirms."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.profile import profile_size
from verienv.families.parking import car, curves, judging, trig, world

ANGLES = st.floats(-50, 50)
POSES = st.tuples(st.floats(-6, 6), st.floats(-6, 6), st.floats(-4, 4))


# -- arithmetic --------------------------------------------------------------------------------------------------


@given(ANGLES)
def test_angles_turn_as_they_should(angle):
    cosine, sine = trig.turns(angle)
    assert cosine == pytest.approx(math.cos(angle), abs=1e-15)
    assert sine == pytest.approx(math.sin(angle), abs=1e-15)
    assert math.remainder(trig.angle_of(cosine, sine) - angle, math.tau) == pytest.approx(0, abs=1e-14)
    assert trig.arc_cosine(cosine) == pytest.approx(math.acos(cosine), abs=1e-14)
    assert -math.pi <= trig.wrapped(angle) <= math.pi


def test_arrays_turn_bit_for_bit_as_floats_do():
    angles = np.random.Generator(np.random.Philox(1)).uniform(-60, 60, 2000)
    cosines, sines = trig.turned(angles)
    assert [trig.turns(float(each)) for each in angles] == list(zip(cosines.tolist(), sines.tolist(), strict=True))


@given(st.floats(1e-12, 1e3), st.integers(0, 10**6))
def test_logarithms_and_normal_draws_are_those_of_the_library(x, seed):
    assert trig.logarithm(x) == pytest.approx(math.log(x), abs=1e-14)
    mine, theirs = Random(seed), Random(seed)
    for _ in range(3):
        assert trig.normal(mine) == pytest.approx(theirs.gauss(0, 1), abs=1e-12)


@given(POSES, st.floats(-1, 1), st.floats(-20, 20))
def test_arcs_are_what_many_short_steps_come_to(pose, steer, length):
    x, y, heading = pose
    steps = 400
    for _ in range(steps):  # the middle rule
        middle = heading + steer * car.CURVE * length / steps / 2
        x, y = x + math.cos(middle) * length / steps, y + math.sin(middle) * length / steps
        heading += steer * car.CURVE * length / steps
    there = car.driven(pose, (steer, length))
    assert there == pytest.approx((x, y, heading), abs=2e-3)
    assert car.driven(there, (steer, -length)) == pytest.approx(pose, abs=1e-9)
    many = car.along(*(np.array([each]) for each in (*pose, steer * car.CURVE, length)))
    assert tuple(float(each[0]) for each in many) == there


def test_no_point_of_the_body_outruns_its_bound():
    """From which it follows that between two tested poses nothing moves further than TOUCH."""
    far = max(math.hypot(1 - car.CURVE * y, car.CURVE * x) for x in (-car.REAR, car.FRONT) for y in (-0.97, 0.97))
    assert far <= car.SWING
    assert world.PIECE / world.FINE / 2 * car.SWING < world.TOUCH


# -- curves ------------------------------------------------------------------------------------------------------


@given(POSES, POSES)
def test_every_curve_leads_there(start, goal):
    found = curves.paths(start, goal)
    assert found
    for length, arcs in found:
        far, turn = car.apart(car.end(start, arcs), goal)
        assert far < 1e-6
        assert turn < 1e-6
        assert length == pytest.approx(sum(abs(each) for _, each in arcs))
        assert len(arcs) <= 5
    assert [length for length, _ in found] == sorted(length for length, _ in found)


@pytest.mark.parametrize("block", range(2))
def test_no_drive_is_shorter_than_the_shortest_curve(block):
    """By brute force: drives of every word of up to five arcs, of any lengths, are never shorter."""
    rng = Random(block)
    steers = [each for count in range(1, 6) for each in itertools.product((-1.0, 0.0, 1.0), repeat=count)]
    words = [each for each in steers if all(one != other for one, other in itertools.pairwise(each))]
    tight = 0
    for _ in range(profile_size(fast=1500, ci=4000, long=60_000)):
        arcs = [(steer, rng.choice((-1, 1)) * rng.expovariate(0.4)) for steer in rng.choice(words)]
        if rng.random() < 0.5:  # changes of gear without a straight: what the longest words are made of
            turns = rng.choice((1.0, -1.0))
            arcs = [(turns * (-1) ** at, length) for at, (_, length) in enumerate(arcs)]
        driven = sum(abs(length) for _, length in arcs)
        shortest = curves.shortest((0.0, 0.0, 0.0), car.end((0.0, 0.0, 0.0), arcs))
        assert shortest <= driven + 1e-7, arcs
        tight += driven < shortest + 1e-7
    assert tight > 50  # some of them are shortest themselves, so a missing word would show


def test_known_lengths():
    r = car.RADIUS
    for goal, length in (
        ((5.0, 0.0, 0.0), 5.0),
        ((-5.0, 0.0, 0.0), 5.0),
        ((r, r, math.pi / 2), r * math.pi / 2),
        ((0.0, 0.0, math.pi), r * math.pi),
    ):
        assert curves.shortest((0.0, 0.0, 0.0), goal) == pytest.approx(length)


@given(POSES, POSES)
def test_there_and_back_are_as_long(start, goal):
    assert curves.shortest(start, goal) == pytest.approx(curves.shortest(goal, start), abs=1e-6)


# -- contact -----------------------------------------------------------------------------------------------------


def quad(rng: Random) -> world.Quad:
    """A convex quadrilateral near the car, anyhow turned."""
    x, y, size = rng.uniform(-5, 7), rng.uniform(-4, 4), rng.uniform(0.2, 3)
    turns = sorted(at * math.pi / 2 + rng.uniform(0.2, 1.3) for at in range(4))
    a, b, c, d = [(round(100 * (x + size * math.cos(t))), round(100 * (y + size * math.sin(t)))) for t in turns]
    return a, b, c, d


def meet(one: list[tuple[Fraction, Fraction]], other: list[tuple[Fraction, Fraction]]) -> bool:
    """Whether two convex shapes share a point: sides that cross, or one within the other; exactly."""

    def side(a, b, p):
        return (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0])

    def crosses(a, b, c, d):
        return side(a, b, c) * side(a, b, d) <= 0 and side(c, d, a) * side(c, d, b) <= 0

    edges = [(one[at - 1], one[at]) for at in range(4)]
    others = [(other[at - 1], other[at]) for at in range(4)]
    return (
        any(crosses(*edge, *each) for edge in edges for each in others)
        or all(side(*edge, other[0]) >= 0 for edge in edges)
        or all(side(*edge, one[0]) >= 0 for edge in others)
    )


def cases(count: int) -> list[tuple[world.Quad, car.Pose]]:
    rng = Random(3)
    return [(quad(rng), (rng.uniform(-1, 1), rng.uniform(-1, 1), rng.uniform(-4, 4))) for _ in range(count)]


def test_contact_is_what_exact_arithmetic_says():
    count = [0, 0]
    for each, pose in cases(profile_size(fast=250, ci=600, long=5000)):
        body = [(Fraction(x), Fraction(y)) for x, y in car.corners(pose, 0.02)]
        expected = meet(body, [(Fraction(x, 100), Fraction(y, 100)) for x, y in each])
        assert world.stands_free((each,), pose, 0.02) is not expected
        count[expected] += 1
    assert min(count) > 40


def test_contact_and_overlap_are_what_shapely_says():
    shapely = pytest.importorskip("shapely")
    for each, pose in cases(profile_size(fast=250, ci=600, long=5000)):
        body = shapely.Polygon(car.corners(pose))
        assert world.stands_free((each,), pose, 0.0) is not body.intersects(
            shapely.Polygon([(x / 100, y / 100) for x, y in each])
        )
        other = (0.3 * pose[1], 0.4 * pose[0], 0.2 * pose[2])
        shared = body.intersection(shapely.Polygon(car.corners(other))).area / body.area
        assert judging.overlap(pose, other) == pytest.approx(shared, abs=1e-9)


@pytest.mark.parametrize("block", range(2))
def test_a_drive_that_passes_touches_nothing_anywhere(block):
    """Against poses a millimetre apart: what passes is free everywhere; what is free by more than TOUCH passes."""
    rng = Random(10 + block)
    free = hit = 0
    for _ in range(profile_size(fast=40, ci=100, long=1500)):
        quads = (quad(rng), quad(rng))
        arc = (rng.uniform(-1, 1), rng.uniform(-3, 3))
        steps = max(1, round(abs(arc[1]) * 1000))
        line = np.arange(steps + 1) / steps * arc[1]
        poses = car.along(np.zeros(1), np.zeros(1), np.zeros(1), np.array([arc[0] * car.CURVE]), line)
        around = world.alone(quads)
        touches = world.stands(around, 0, *poses, 0.0).any()
        near = world.stands(around, 0, *poses, world.TOUCH).any()
        told = world.touched(quads, (0.0, 0.0, 0.0), [arc]) is not None
        assert not (touches and not told)
        assert not (told and not near)
        free, hit = free + (not told), hit + told
    assert min(free, hit) > 5


def test_overlap_of_a_car_with_itself_moved():
    here = (1.0, 2.0, 0.7)
    assert judging.overlap(here, here) == pytest.approx(1)
    assert judging.overlap(car.driven(here, (0.0, car.LENGTH / 2)), here) == pytest.approx(0.5)
    assert judging.overlap(car.driven(here, (0.0, 9.0)), here) == 0
