"""jigsaw's oracle against brute force, what may be left out of a picture, and hostile text for the released scorer."""

from __future__ import annotations

import itertools
import time

import numpy as np
import pytest
from PIL import Image

import verienv
from tests.profile import profile_size
from verienv.errors import KnobError
from verienv.families.jigsaw import drawing, layout, making, orders, published, seams, search
from verienv.render import pictures
from verienv.task import split_of

TASK = verienv.load("jigsaw")


def price(across: np.ndarray, down: np.ndarray, laid: tuple[int, ...], rows: int, cols: int) -> float:
    """What an arrangement costs, seam by seam."""
    total = 0.0
    for at, piece in enumerate(laid):
        if piece >= 0 and (at + 1) % cols and laid[at + 1] >= 0:
            total += across[piece, laid[at + 1]] - seams.ABSENT
        if piece >= 0 and at + cols < len(laid) and laid[at + cols] >= 0:
            total += down[piece, laid[at + cols]] - seams.ABSENT
    return total


@pytest.mark.parametrize(("rows", "cols"), [(1, 4), (2, 2), (2, 3), (3, 2)])
def test_the_oracle_finds_what_trying_every_arrangement_finds(rows, cols):
    for index in range(profile_size(fast=3, ci=10, long=100)):
        knobs = TASK.knobs(rows=rows, cols=cols)
        problem = TASK.instance(knobs=knobs, index=index).problem
        pieces = layout.cut(drawing.pixels(problem), rows, cols)
        across, down = seams.costs(pieces)
        tried = sorted(
            (price(across, down, laid, rows, cols), laid) for laid in itertools.permutations(range(rows * cols))
        )
        truth = tuple(problem.order.index(position) for position in range(1, rows * cols + 1))
        assert tried[0][1] == truth == seams.solve(pieces, rows, cols, 0)
        assert tried[1][0] >= tried[0][0] + seams.MARGIN - 1e-9


@pytest.mark.parametrize("strange", [0, 1])
def test_a_lost_piece_is_proven_harmless_exactly_if_no_other_arrangement_closes_as_many_seams(strange):
    rows, cols = 2, 3
    for absent in itertools.combinations(range(1, 7), 2):
        present = [position for position in range(1, 7) if position not in absent]

        def closed(laid: tuple[int, ...]) -> float:
            """Seams that close less seams that do not, as the oracle weighs them."""
            kept = 0.0
            for at, piece in enumerate(laid):
                for step, inside in ((1, (at + 1) % cols), (cols, at + cols < 6)):
                    if inside and piece and laid[at + step]:
                        touch = piece > 0 and laid[at + step] == piece + step and (step > 1 or piece % cols)
                        kept += seams.ABSENT - (seams.TOUCHING if touch else seams.APART)
            return kept

        pool = [*present, *(-1 - each for each in range(strange)), 0, 0]
        laid_out = {laid for laid in itertools.permutations(pool, 6) if laid.count(0) == 2}
        truth = tuple(0 if position in absent else position for position in range(1, 7))
        best = closed(truth)
        rivals = sum(closed(laid) >= best - seams.MARGIN + 1e-9 for laid in laid_out)
        assert seams.determined(rows, cols, absent, strange) == (rivals == 1), absent


def test_a_search_that_runs_out_of_work_claims_nothing():
    loose = search.Prices([[0.0] * 9] * 9, [[0.0] * 9] * 9, [0.0] * 9, [0.0] * 9, [0.0] * 9)
    assert search.within(loose, 3, 3, 0, 1.0, nodes=500) is None


def test_as_much_as_may_be_left_out_can_be_drawn():
    for rows, cols, missing, distractors in ((2, 2, 1, 1), (2, 6, 3, 3), (5, 5, 4, 3), (6, 6, 4, 3)):
        knobs = TASK.knobs(rows=rows, cols=cols, missing=missing, distractors=distractors)
        instance = TASK.instance(knobs=knobs)
        assert instance.problem.order.count(0) == missing
        assert len(instance.problem.hatched) == missing - distractors
        assert TASK.score(instance, TASK.oracle(instance)).value == 1
    with pytest.raises(KnobError, match="out of bounds"):
        TASK.knobs(rows=6, cols=6, missing=6)


def test_two_pieces_lie_in_either_order():
    knobs = TASK.knobs(rows=1, cols=2)
    assert {TASK.instance(knobs=knobs, index=index).problem.order for index in range(20)} == {(1, 2), (2, 1)}


def test_a_single_piece_is_as_often_in_place_as_anywhere():
    knobs = TASK.at_level(2)
    count = profile_size(fast=200, ci=1000, long=10_000)
    rng = verienv.rng.stream("single")
    made = [making.draw(rng, knobs, b"") for _ in range(count)]
    stayed = sum(problem.order[problem.asked[0] - 1] == problem.asked[0] for problem in made)
    assert abs(stayed / count - 1 / 6) < 4 * (5 / 36 / count) ** 0.5


def test_connections_are_counted_where_the_pieces_are_laid():
    assert orders.connections((1, 2, 3, 4), (1, 2, 3, 4), 2, 2) == 1
    assert orders.connections((2, 1, 4, 3), (1, 2, 3, 4), 2, 2) == 0.5  # columns exchanged: the vertical seams hold
    assert orders.connections((4, 3, 2, 1), (1, 2, 3, 4), 2, 2) == 0
    assert orders.connections((0, 1, 4, 3), (0, 1, 4, 3), 2, 2) == 1  # a lost corner takes its two seams along


def test_a_quarter_turn_is_clockwise():
    knobs = TASK.knobs(question="rotation", turns=4)
    made = [TASK.instance(knobs=knobs, index=index).problem for index in range(8)]
    quarter = next(problem for problem in made if problem.turn == 1)
    side = quarter.shown_size[0]
    upright = Image.fromarray(drawing.picture(quarter.picture, (2 * side, 2 * side))).reduce(2)
    assert np.array_equal(drawing.pixels(quarter), np.rot90(np.array(upright), -1))


def test_photos_lend_distractors_only_within_their_split(tmp_path):
    noise = np.random.Generator(np.random.Philox(9))
    for number in range(20):
        small = noise.integers(0, 256, (12, 16, 3), dtype=np.uint8)
        Image.fromarray(small).resize((200, 150), Image.Resampling.BICUBIC).save(tmp_path / f"{number}.png")
    photos = pictures.register(pictures.load(tmp_path))
    knobs = TASK.knobs(rows=3, cols=3, missing=2, distractors=1, pictures=photos.digest)
    head = f"{TASK.name}@{TASK.version}\n".encode()
    for split in ("train", "test"):
        for index in range(4):
            other = TASK.instance(knobs=knobs, index=index, split=split).problem.other
            assert split_of(making.digest(other, head)) == split


HOSTILE = [
    "<answer>" * 8000,
    "<think>" + "</think> " * 8000,
    "<think></think>" + "</think>\n" * 4000 + "<answer>",
    "1" * 65_536,
    "1," * 32_000,
    "1, " + " " * 60_000 + "2",
    " " * 65_536,
    "<answer>" + "9" * 5000 + " 1 2 3</answer>",
    "<answer>" + "9" * 400 + ",0,1,1</answer>",
    "<answer>10,0,0,10</answer>",
    "\ud800\0",
]


@pytest.mark.parametrize("reply", HOSTILE, ids=range(len(HOSTILE)))
def test_the_released_scorer_is_linear_and_stays_in_range_on_hostile_text(reply):
    for kind, truth in (("grid", (4, 2, 1, 3)), ("letter", "B"), ("digit", "3"), ("box", (0, 0, 10, 10))):
        for think in (True, False):
            start = time.process_time()
            assert 0 <= published.score(kind, truth, reply, think=think) <= 1
            assert published.well_formed(kind, 4, reply, think=think) in (0, 1)
            assert time.process_time() - start < 0.5
