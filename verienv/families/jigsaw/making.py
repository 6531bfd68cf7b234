"""How a problem is drawn, and how it is proven to have one answer."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Sequence
from random import Random

import numpy as np

from verienv.errors import GenerationError
from verienv.families.jigsaw import drawing, layout, orders, seams
from verienv.families.jigsaw.problem import KINDS, UPRIGHT, Knobs, Picture, Problem
from verienv.task import split_of

SMALLEST_BOX = 8  # pixels, per side
TRIES = 200
FITS = 1.5
"""A rectangle's content must fit its old place so many times better than any other."""


def draw(rng: Random, knobs: Knobs, head: bytes) -> Problem:
    """A problem that need not be sound yet; `head` is what a lineage is hashed with."""
    rows, cols = (knobs.cols, knobs.rows) if knobs.swap and rng.random() < 0.5 else (knobs.rows, knobs.cols)
    plain = Problem(knobs.question, _picture(rng, knobs), (knobs.width, knobs.height), rows, cols, (), knobs.mask)
    if knobs.question == "rotation":
        turns = rng.sample(range(knobs.turns), knobs.turns)
        choices = tuple([(turn,) for turn in turns])
        return dataclasses.replace(
            plain, rows=1, cols=1, order=(1,), choices=choices, turns=knobs.turns, turn=rng.randrange(knobs.turns)
        )
    if knobs.question == "box":
        return _boxes(rng, plain)
    lacking = rng.sample(range(1, plain.pieces + 1), knobs.missing)
    problem = {"pair": _pair, "multiple": _multiple, "single": _single, "full": _full}[knobs.question](
        rng, knobs, plain, lacking
    )
    if not knobs.distractors:
        return problem
    foreign = dict(
        zip(lacking[: knobs.distractors], rng.sample(range(1, plain.pieces + 1), knobs.distractors), strict=True)
    )
    strange = tuple([foreign.get(slot, 0) for slot in range(1, plain.pieces + 1)])
    return dataclasses.replace(problem, other=_other(rng, knobs, problem.picture, head), strange=strange)


def lineage(picture: Picture) -> bytes:
    """What no two splits share: the picture."""
    return f"{picture.kind} {picture.seed} {picture.sha256}".encode()


def digest(picture: Picture, head: bytes) -> bytes:
    """What names a picture's split: its lineage, hashed after `head`."""
    return hashlib.sha256(head + lineage(picture)).digest()


def sound(problem: Problem) -> bool:
    """Whether pieces can be told apart and, where seams are left, the oracle's search proves one arrangement."""
    if problem.question == "rotation":
        return _directions_differ(problem)
    if problem.question == "box":
        return _fits_once(problem)
    pieces = layout.cut(drawing.pixels(problem), problem.rows, problem.cols)
    shown = [slot for slot in range(1, problem.pieces + 1) if slot not in problem.hatched]
    if problem.hatched:
        pieces = pieces[[slot - 1 for slot in shown]]
    if problem.mask:
        return not seams.alike(pieces, problem.mask, seams.ALIKE_MASKED)
    if seams.alike(pieces):
        return False
    number = {problem.order[slot - 1]: at for at, slot in enumerate(shown) if problem.order[slot - 1]}
    truth = tuple([number.get(position, -1) for position in range(1, problem.pieces + 1)])
    return seams.only_one(pieces, truth, problem.rows, problem.cols)


def _picture(rng: Random, knobs: Knobs) -> Picture:
    seed = rng.getrandbits(63)
    if knobs.pictures:
        photos = drawing.photos(knobs.pictures)
        return Picture("photo", 0, photos[seed % len(photos)], knobs.pictures)
    kinds = KINDS if not knobs.mask and knobs.question != "rotation" else UPRIGHT
    return Picture(knobs.scene if knobs.scene != "any" else rng.choice(kinds), seed)


def _other(rng: Random, knobs: Knobs, main: Picture, head: bytes) -> Picture:
    """A picture for distractors; a photo only of the same split, so that no photo is seen in two."""
    seed = rng.getrandbits(63)
    if knobs.pictures:
        split = split_of(digest(main, head))
        others = [Picture("photo", 0, photo, knobs.pictures) for photo in drawing.photos(knobs.pictures)]
        others = [other for other in others if other != main and split_of(digest(other, head)) == split]
        return others[seed % len(others)] if others else Picture(rng.choice(KINDS), seed)
    return Picture(main.kind, seed)


def _full(rng: Random, knobs: Knobs, plain: Problem, lacking: Sequence[int]) -> Problem:
    return dataclasses.replace(plain, order=_order(rng, knobs, plain, lacking))


def _multiple(rng: Random, knobs: Knobs, plain: Problem, lacking: Sequence[int]) -> Problem:
    """Choices are alike in law and all different, so that none stands out."""
    choices: list[orders.Order] = []
    while len(choices) < knobs.choices:
        order = _order(rng, knobs, plain, lacking)
        if order not in choices:
            choices.append(order)
    return dataclasses.replace(plain, order=rng.choice(choices), choices=tuple(choices))


def _single(rng: Random, knobs: Knobs, plain: Problem, lacking: Sequence[int]) -> Problem:
    """The slot and the answer first, both uniform; then an order that has them."""
    slot = rng.choice([slot for slot in range(1, plain.pieces + 1) if slot not in lacking])
    position = rng.randint(1, plain.pieces)
    while True:
        order = list(_order(rng, knobs, plain, lacking))
        if position in order:
            order[order.index(position)], order[slot - 1] = order[slot - 1], position
            if plain.pieces == 2 or not orders.identity(order):
                return dataclasses.replace(plain, order=tuple(order), asked=(slot,))


def _pair(rng: Random, knobs: Knobs, plain: Problem, lacking: Sequence[int]) -> Problem:
    """The relation first, uniform; then two positions that have it, and an order that is no mirror of the picture."""
    told = rng.choice(orders.relations(plain.rows, plain.cols))
    while True:
        order = _order(rng, knobs, plain, lacking)
        present = [position for position in order if position]
        pairs = [(a, b) for a in present for b in present if a != b and orders.relation(a, b, plain.cols) == told]
        if pairs and (plain.pieces == 2 or not orders.mirrored(order, plain.rows, plain.cols)):
            break
    first, second = rng.choice(pairs)
    choices = [(each,) for each in orders.relations(plain.rows, plain.cols)]
    rng.shuffle(choices)
    asked = (order.index(first) + 1, order.index(second) + 1)
    return dataclasses.replace(plain, order=order, asked=asked, choices=tuple(choices))


def _order(rng: Random, knobs: Knobs, plain: Problem, lacking: Sequence[int]) -> orders.Order:
    """A shuffled order of pieces whose seams still hold one arrangement together when some are missing."""
    for _ in range(TRIES):
        absent = rng.sample(range(1, plain.pieces + 1), knobs.missing)
        if not absent or seams.determined(plain.rows, plain.cols, absent, knobs.distractors):
            return orders.shuffled(rng, plain.pieces, absent, lacking)
    raise GenerationError(f"{knobs.to_text()}: {TRIES} ways to leave pieces out, and none holds the others together")


def _boxes(rng: Random, plain: Problem) -> Problem:
    """One size for all, a tenth to six tenths of a region's sides; anywhere in its region, a pixel off its border."""
    width, height = plain.shown_size[0] // plain.cols, plain.shown_size[1] // plain.rows
    rim_x, rim_y = int(width * plain.mask) + 1, int(height * plain.mask) + 1
    wide = rng.randint(max(SMALLEST_BOX, width // 10), min(width * 6 // 10, width - 2 * rim_x))
    tall = rng.randint(max(SMALLEST_BOX, height // 10), min(height * 6 // 10, height - 2 * rim_y))
    boxes = []
    for region in range(plain.pieces):
        x = region % plain.cols * width + rng.randint(rim_x, width - rim_x - wide)
        y = region // plain.cols * height + rng.randint(rim_y, height - rim_y - tall)
        boxes.append((x, y, x + wide, y + tall))
    asked = rng.randint(1, plain.pieces)
    order = list(range(1, plain.pieces + 1))
    while order[asked - 1] == asked:
        rng.shuffle(order)
    return dataclasses.replace(plain, order=tuple(order), asked=(asked,), boxes=tuple(boxes))


def _fits_once(problem: Problem) -> bool:
    """What every rectangle holds looks like no other, and what the asked one holds fits its old place only."""
    drawn = drawing.pixels(problem)
    held = [drawn[y1:y2, x1:x2] for x1, y1, x2, y2 in problem.boxes]
    if seams.alike(np.stack(held)):
        return False
    cost = seams.fits(drawn, problem.boxes, problem.boxes[problem.asked[0] - 1])
    right = problem.order[problem.asked[0] - 1] - 1
    return bool(cost.argmin() == right and sorted(cost)[1] > FITS * cost[right])


def _directions_differ(problem: Problem) -> bool:
    """The picture looks different in every direction it may have been turned to."""
    return not seams.alike(drawing.directions(problem), 0.15)
