"""jigsaw: one right arrangement, the released scorer's verdicts, and pictures of one's own."""

from __future__ import annotations

import itertools
from collections import Counter

import numpy as np
import pytest
from PIL import Image

import verienv
from tests.profile import profile_size
from verienv.families.jigsaw import drawing, layout, orders, published
from verienv.render import pictures
from verienv.reward import RewardFunction

TASK = verienv.load("jigsaw")
FULL_2X2, PAIR_3X3, MULTIPLE, BOX, MASKED = 1, 3, 4, 6, 7


def tagged(answer: str) -> str:
    return f"<think>r</think>\n<answer>{answer}</answer>"


GRID, OTHER = (4, 2, 1, 3), (1, 2, 3, 4)
FIXTURE = [  # kind, reply, truth, reasoning asked for, accuracy, format: the released code's own verdicts
    ("grid", tagged("4 2\n1 3"), GRID, True, 1, 1),
    ("grid", tagged("1 1 1 1"), OTHER, True, 0.25, 1),
    ("grid", tagged("[4, 2, 1, 3]"), GRID, True, 0, 0),
    ("grid", "4 2 1 3", GRID, True, 1, 0),
    ("letter", tagged("A or B"), "B", True, 1, 1),
    ("letter", tagged("I say B. Correct"), "B", True, 0, 1),
    ("letter", "<answer>A</answer><answer>B</answer>", "A", True, 1, 0),
    ("letter", "<think>a</think><think>b</think><answer>B</answer>", "B", True, 1, 1),
    ("letter", "(B)", "B", False, 1, 0),
    ("letter", "The answer is B", "B", False, 1, 0),
    ("digit", tagged("position 2 -> 3"), "3", True, 0, 1),
    ("box", tagged("0,0,100,100"), (10, 20, 30, 40), True, 0.04, 1),
]


@pytest.mark.parametrize(("kind", "reply", "truth", "think", "accuracy", "form"), FIXTURE)
def test_the_released_scorer_is_reproduced(kind, reply, truth, think, accuracy, form):
    assert published.score(kind, truth, reply, think=think) == pytest.approx(accuracy)
    assert published.well_formed(kind, 4, reply, think=think) == form


def test_an_inverted_box_whose_area_cancels_earns_nothing_and_stops_nothing():
    assert published.score("box", (0, 0, 10, 10), tagged("10,0,0,10"), think=True) == 0


def test_the_published_reward_is_accuracy_and_half_of_format():
    instance = TASK.instance(FULL_2X2)
    reward = RewardFunction(TASK, {"jigsaw_r1_accuracy": 1.0, "jigsaw_r1_format": 0.5})
    assert reward(instance, tagged("1 1 1 1")).value == pytest.approx(0.75)
    assert reward(instance, "<think>r</think>" + TASK.oracle(instance)).value == pytest.approx(1.5)


@pytest.mark.parametrize("index", range(profile_size(fast=4, ci=12, long=60)))
def test_no_other_order_of_four_pieces_gives_the_picture_back(index):
    problem = TASK.instance(FULL_2X2, index=index).problem
    whole, sheet = drawing.original(problem), drawing.pixels(problem)
    pieces = layout.cut(sheet, 2, 2)

    def laid(order: tuple[int, ...]) -> np.ndarray:
        back = [pieces[order.index(position)] for position in range(1, 5)]
        return np.vstack([np.hstack(back[:2]), np.hstack(back[2:])])

    right = [order for order in itertools.permutations(range(1, 5)) if np.array_equal(laid(order), whole)]
    assert right == [problem.order]


@pytest.mark.parametrize("level", range(len(TASK.levels)))
def test_the_oracle_is_right_and_the_order_shown_is_not(level):
    for index in range(profile_size(fast=3, ci=10, long=100)):
        instance = TASK.instance(level, seed=5, index=index)
        assert TASK.score(instance, TASK.oracle(instance)).value == 1
        problem = instance.problem
        if problem.pieces > 2 and problem.order:
            assert not orders.identity(problem.order), instance.address


def test_choices_differ_and_the_right_one_stands_anywhere():
    places: Counter[int] = Counter()
    for index in range(profile_size(fast=60, ci=300, long=2000)):
        problem = TASK.instance(MULTIPLE, index=index).problem
        assert len(set(problem.choices)) == len(problem.choices) == 6
        places[problem.right_choice] += 1
    expected = sum(places.values()) / 6
    chi_square = sum((places[place] - expected) ** 2 / expected for place in range(6))
    assert chi_square < 20.5  # the 0.1 % point for five degrees of freedom


def test_a_constant_relation_earns_its_share_of_the_choices():
    said: Counter[tuple[int, ...]] = Counter()
    count = profile_size(fast=80, ci=400, long=4000)
    for index in range(count):
        problem = TASK.instance(PAIR_3X3, index=index).problem
        said[problem.choices[problem.right_choice]] += 1
    assert len(said) == 8
    assert max(said.values()) / count < 1 / 8 + 4 * (1 / 8 * 7 / 8 / count) ** 0.5


def test_a_mask_leaves_no_seam():
    problem = TASK.instance(MASKED).problem
    pieces = layout.cut(drawing.pixels(problem), problem.rows, problem.cols)
    assert not pieces[:, [0, -1]].any()
    assert not pieces[:, :, [0, -1]].any()


def test_a_constant_box_earns_next_to_nothing():
    count = profile_size(fast=40, ci=200, long=1000)
    instances = [TASK.instance(BOX, index=index) for index in range(count)]
    for box in ("0, 0, 384, 288", "96, 72, 288, 216", "1, 1, 2, 2"):
        mean = sum(TASK.score(each, f"<answer>{box}</answer>").value for each in instances) / count
        assert mean <= 0.05


def test_photos_of_ones_own_are_cut_and_no_photo_is_in_two_splits(tmp_path):
    noise = np.random.Generator(np.random.Philox(7))
    for number in range(24):
        small = noise.integers(0, 256, (12, 16, 3), dtype=np.uint8)
        Image.fromarray(small).resize((640, 480), Image.Resampling.BICUBIC).save(tmp_path / f"{number}.png")
    (tmp_path / "note.txt").write_text("no picture")
    photos = pictures.register(pictures.load(tmp_path))
    assert len(photos.pictures) == 24
    knobs = TASK.at_level(2).replace(pictures=photos.digest)
    seen = {}
    for split in ("train", "test"):
        made = [TASK.instance(knobs=knobs, index=index, split=split) for index in range(12)]
        assert all(TASK.score(each, TASK.oracle(each)).value == 1 for each in made)
        assert TASK.at(made[3].address).digest == made[3].digest
        seen[split] = {each.problem.picture.sha256 for each in made}
        assert all(sha for sha in seen[split])
    assert not seen["train"] & seen["test"]


def test_an_unknown_set_of_photos_is_answered_with_how_to_name_it():
    knobs = TASK.at_level(1).replace(pictures="0123456789ab")
    with pytest.raises(verienv.UsageError, match="--pictures"):
        TASK.instance(knobs=knobs)
