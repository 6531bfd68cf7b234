"""What is particular to grounding: one referent by another reading, overlap, box attacks, UniVG-R1's reward."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ImageChops

import verienv
from verienv.baselines import floor
from verienv.families.grounding import Knobs, objects, published, reading, scenes, scoring, wording
from verienv.families.grounding.objects import GROUPS
from verienv.families.grounding.referents import Expression, Phrase
from verienv.families.grounding.scenes import Scene, Thing
from verienv.families.grounding.scoring import Box
from verienv.parsing import Unparsable, say

TASK = verienv.load("grounding")
LEVELS = range(len(TASK.levels))
A = TASK.at("grounding@1/L1/train/s0/0")


def fits(phrase: Phrase, thing: Thing) -> bool:
    kind = phrase.noun in ("object", thing.kind) or thing.kind in GROUPS.get(phrase.noun, ())
    return (
        kind
        and phrase.colour in ("", thing.colour)
        and phrase.pattern in ("", thing.pattern)
        and phrase.without != thing.colour
    )


def meant(pictures: Sequence[Scene], expression: Expression) -> list[tuple[int, Thing]]:
    """Every thing an expression may mean, read without margins and apart from the family's own code."""
    here = [
        (number, thing)
        for number, scene in enumerate(pictures)
        for thing in scene.things
        if expression.picture in (-1, number) and fits(expression.phrase, thing)
    ]

    def x(thing: Thing) -> float:
        return thing.x + thing.w / 2

    def y(thing: Thing) -> float:
        return thing.y + thing.h / 2

    order: dict[str, Callable[[Thing], float]] = {
        "left": lambda t: x(t),
        "right": lambda t: -x(t),
        "top": lambda t: y(t),
        "bottom": lambda t: -y(t),
        "largest": lambda t: -t.w * t.h,
        "smallest": lambda t: t.w * t.h,
    }
    how = expression.how
    if how == "only":
        return here
    if how in order:
        return [sorted(here, key=lambda each: order[how](each[1]))[expression.rank - 1]]
    first = [(t.kind, t.colour, t.pattern) for t in pictures[0].things]
    if how == "new":
        return [each for each in here if (each[1].kind, each[1].colour, each[1].pattern) not in first]
    if how == "common":
        return [each for each in here if (each[1].kind, each[1].colour, each[1].pattern) in first]
    if how == "recoloured":
        return [each for at, each in enumerate(here) if each[1].colour != pictures[0].things[at].colour]
    assert expression.anchor is not None
    ((where, anchor),) = meant(pictures, expression.anchor)
    rest = [each for each in here if each != (where, anchor)]
    if how == "nearest":
        return [min(rest, key=lambda each: (x(each[1]) - x(anchor)) ** 2 + (y(each[1]) - y(anchor)) ** 2)]
    holds: dict[str, Callable[[Thing], bool]] = {
        "left of": lambda t: x(t) < x(anchor),
        "right of": lambda t: x(t) > x(anchor),
        "above": lambda t: y(t) < y(anchor),
        "below": lambda t: y(t) > y(anchor),
        "same colour": lambda t: t.colour == anchor.colour,
        "same pattern": lambda t: t.pattern == anchor.pattern,
        "same as": lambda t: (t.kind, t.colour, t.pattern) == (anchor.kind, anchor.colour, anchor.pattern),
    }
    return [each for each in rest if holds[how](each[1])]


@pytest.mark.parametrize("level", LEVELS)
def test_another_reading_finds_the_same_one_object(level):
    for index in range(15):
        problem = TASK.instance(level, index=index).problem
        assert meant(problem.scenes, problem.expression) == [(problem.target[0], problem.thing)]


@pytest.mark.parametrize("level", LEVELS)
def test_every_object_is_inside_the_picture_and_seen(level):
    for index in range(5):
        problem = TASK.instance(level, index=index).problem
        for scene in problem.scenes:
            assert scenes.proven(scene, problem.visible)
            for x1, y1, x2, y2 in (thing.box for thing in scene.things):
                assert 0 <= x1 < x2 <= scene.width
                assert 0 <= y1 < y2 <= scene.height


def test_an_object_paints_its_whole_box_and_nothing_outside():
    scene = A.problem.scenes[0]
    for thing in scene.things:
        body = objects.sprite(thing.kind, thing.colour, thing.pattern, (thing.w, thing.h), thing.flip)
        assert body.size == (thing.w, thing.h)
        assert body.getchannel("a").getbbox() == (0, 0, thing.w, thing.h)


def test_an_object_stands_on_its_shadow_and_is_not_changed_by_it():
    for thing in A.problem.scenes[0].things:
        look = (thing.kind, thing.colour, thing.pattern, (thing.w, thing.h), thing.flip)
        body, standing = objects.sprite(*look), objects.standing(*look)
        left = thing.w // 12
        part = standing.crop((left, 0, left + thing.w, thing.h))
        solid = body.getchannel("a").point([0] * 255 + [255])
        for channel in range(3):
            changed = ImageChops.difference(body.getchannel(channel), part.getchannel(channel))
            assert ImageChops.multiply(changed, solid).getbbox() is None
        below = standing.getchannel("a").crop((0, thing.h, standing.width, standing.height))
        assert 0 < max(below.tobytes()) < 128


def test_heights_of_objects_are_few():
    tall = {t.h for index in range(30) for s in TASK.instance(2, index=index).problem.scenes for t in s.things}
    assert tall <= set(scenes.HEIGHTS)


def test_overlap_agrees_with_exact_fractions():
    rng = Random(1)
    for _ in range(2_000):
        xs = [sorted(rng.sample(range(200), 2)) for _ in range(4)]
        one, two = (xs[0][0], xs[1][0], xs[0][1], xs[1][1]), (xs[2][0], xs[3][0], xs[2][1], xs[3][1])
        across = max(0, min(one[2], two[2]) - max(one[0], two[0]))
        down = max(0, min(one[3], two[3]) - max(one[1], two[1]))
        areas = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (one, two))
        found = scoring.iou(one, two)
        assert abs(found - Fraction(across * down, areas - across * down)) < 1e-9
        assert found == scoring.iou(two, one)
        assert 0 <= found <= 1


SIDES = st.tuples(*[st.floats(0, 2000) | st.integers(0, 2000).map(float)] * 4)
BOXES = SIDES.map(lambda s: (min(s[0], s[2]), min(s[1], s[3]), max(s[0], s[2]), max(s[1], s[3]))).filter(
    lambda box: box[2] - box[0] > 1e-3 and box[3] - box[1] > 1e-3
)


def exact(one: Box, two: Box) -> Fraction:
    a1, b1, a2, b2, c1, d1, c2, d2 = map(Fraction, (*one, *two))
    shared = max(Fraction(0), min(a2, c2) - max(a1, c1)) * max(Fraction(0), min(b2, d2) - max(b1, d1))
    return shared / ((a2 - a1) * (b2 - b1) + (c2 - c1) * (d2 - d1) - shared)


@given(one=BOXES, two=BOXES)
def test_overlap_of_any_boxes_agrees_with_exact_fractions(one, two):
    assert abs(Fraction(scoring.iou(one, two)) - exact(one, two)) < 1e-9


def some_boxes() -> list[tuple[Box, Box]]:
    rng = Random(3)
    drawn = [[sorted(rng.uniform(0, 500) for _ in range(2)) for _ in range(4)] for _ in range(2_000)]
    return [((a[0], b[0], a[1], b[1]), (c[0], d[0], c[1], d[1])) for a, b, c, d in drawn]


@pytest.mark.peer
def test_overlap_agrees_with_torchvision():
    ops = pytest.importorskip("torchvision.ops")
    torch = pytest.importorskip("torch")
    pairs = some_boxes()
    first, second = (torch.tensor([pair[at] for pair in pairs], dtype=torch.float64) for at in (0, 1))
    theirs = ops.box_iou(first, second).diagonal().tolist()
    assert max(abs(scoring.iou(*pair) - value) for pair, value in zip(pairs, theirs, strict=True)) < 1e-9


@pytest.mark.peer
def test_overlap_agrees_with_shapely():
    shapely = pytest.importorskip("shapely")
    for one, two in some_boxes():
        a, b = shapely.box(*one), shapely.box(*two)
        assert abs(scoring.iou(one, two) - a.intersection(b).area / a.union(b).area) < 1e-9


def test_value_is_rebased():
    assert [scoring.worth(each) for each in (0, 0.5, 0.9, 1)] == [0, 0, 1, 1]
    assert scoring.worth(0.7) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[10, 0, 0, 10]", "inverted"),
        ("[5, 5, 5, 9]", "empty_box"),
        ("[NaN, 0, 1, 1]", "not_finite"),
        ("[0, 0, -Infinity, 1]", "not_finite"),
        ("[0, 0, 1, " + "1" * 100 + "]", "number_too_long"),
        ("[-10, 10, 50, 60]", "outside"),
        ("10, 10, 50, 60, 70", "too_many_numbers"),
        ("[1, 2, 3, 4] or [5, 6, 7, 8]", "not_numbers"),
        ("[" * 300, "not_a_box"),
        ('{"box": ' + "[" * 300, "not_json"),
        ("[1, 2, 3, true]", "not_numbers"),
        ('{"box": [1, 2, 3, true]}', "not_numbers"),
        ("[1 2, 3 4]", "not_a_box"),
    ],
)
def test_what_is_no_box_is_unreadable_with_a_reason(text, reason):
    score = TASK.score(A, say(text))
    assert (score.value, score.readable, score.reason) == (0, False, reason)


def test_words_that_python_would_take_for_numbers_are_refused():
    for word in ("1_0", "1e3", "0x10", "1.2.3", ".", "-", "+-1", "1-"):
        with pytest.raises(Unparsable):
            reading.number(word)


@pytest.mark.parametrize("level", LEVELS[1:])
def test_blind_players_earn_hardly_anything(level):
    assert floor(TASK, level, 40).best[1] <= 0.20  # 0.10 and what chance adds over 40; the card measures 200


def test_the_points_form_is_what_the_release_pays():
    for knobs in (Knobs(units="points"), Knobs(units="points", pictures=2)):
        for index in range(5):
            instance = TASK.instance(knobs=knobs, index=index)
            reply = "<think>so</think>" + TASK.oracle(instance)
            assert TASK.score(instance, reply).value == 1
            assert published.overlap(instance.problem, reply) == published.form(instance.problem, reply) == 1


@pytest.mark.parametrize(
    ("reply", "formed"),
    [
        ("<think>a</think><answer>(1,2),(3,4)</answer>", True),
        ("junk <think>a</think> <answer>(1, 2), (3, 4)</answer>", True),
        ("<think>a</think><answer>(1,2),(3,4)</answer>\n", True),
        ("<think>a</think><answer>(1,2),(3,4)</answer> ", False),
        ("<think>a</think><answer>(1.0,2),(3,4)</answer>", False),
        ("<think>a</think><answer>(1,2),(3,4) (1,2),(3,4)</answer>", False),
        ("<answer>(1,2),(3,4)</answer>", False),
        ("</think><think><answer>(1,2),(3,4)</answer>", False),
    ],
)
def test_the_released_form_with_its_faults(reply, formed):
    assert published.well_formed(reply) is formed


def test_the_released_overlap_with_its_faults():
    assert published.released_iou((0, 0, 10, 10), (0, 0, 10, 10)) == 1
    assert published.released_iou((0, 0, 10, 10), (9, 0, 19, 10)) == 0  # one unit of overlap is none
    assert published.released_iou((0, 0, 10, 10), (5, 0, 15, 10)) == pytest.approx(1 / 3)
    assert published.first_box("<think><answer>(1,2),(3,4)</answer></think><answer>(5,6),(7,8)</answer>") == (
        1,
        2,
        3,
        4,
    )


def test_questions_fit_the_native_view():
    for level in LEVELS:
        for index in range(20):
            problem = TASK.instance(level, index=index).problem
            text = wording.question(problem.expression, len(problem.scenes))
            assert text.isascii()
            assert len(text) <= 640
