"""The sheet that the player sees, drawn from a problem's plain values."""

from __future__ import annotations

import random
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw

from verienv.families.jigsaw import layout
from verienv.families.jigsaw.layout import Pixels
from verienv.families.jigsaw.problem import Picture, Problem
from verienv.render import pictures, scenes

BACKGROUND = (244, 244, 244)  # around a picture shown in a disc


def sheet(problem: Problem) -> Image.Image:
    """The picture of a prompt."""
    return Image.fromarray(pixels(problem))


def pixels(problem: Problem) -> Pixels:
    """[H, W, 3]: the sheet as an array of its own."""
    if problem.question == "rotation":
        return _turned(problem)
    whole = original(problem)
    if problem.question == "box":
        if problem.mask:
            whole = whole.copy()
            layout.mask(whole, problem.rows, problem.cols, problem.mask)
        return layout.exchanged(whole, problem.boxes, problem.order)
    drawn = layout.arranged(whole, problem.rows, problem.cols, problem.order)
    if problem.other is not None:
        foreign = layout.cropped(picture(problem.other, problem.size), problem.rows, problem.cols)
        pieces = layout.cut(foreign, problem.rows, problem.cols)
        for slot, position in enumerate(problem.strange, 1):
            if position:
                layout.fill(drawn, problem.rows, problem.cols, slot, pieces[position - 1])
    layout.mask(drawn, problem.rows, problem.cols, problem.mask)
    height, width = drawn.shape[0] // problem.rows, drawn.shape[1] // problem.cols
    for slot in problem.hatched:
        layout.fill(drawn, problem.rows, problem.cols, slot, layout.hatching(height, width))
    return drawn


def original(problem: Problem) -> Pixels:
    """[H, W, 3], read-only: the picture before it was cut, without what is over."""
    return layout.cropped(picture(problem.picture, problem.size), problem.rows, problem.cols)


@lru_cache(maxsize=8)
def picture(which: Picture, size: tuple[int, int]) -> Pixels:
    """[H, W, 3], read-only: a picture at this size (width, height); a function of its arguments alone."""
    if which.kind == "photo":
        drawn = pictures.open_picture(_photo(which), size)
    else:
        drawn = scenes.scene(which.kind, random.Random(which.seed), size)
    held = np.asarray(drawn)
    held.flags.writeable = False
    return held


def photos(digest: str) -> tuple[str, ...]:
    """The sha256 of every photo of a registered set. Raises UnknownPictures, which says how to name a folder."""
    return tuple(each.sha256 for each in pictures.find(digest).pictures)


def _photo(which: Picture) -> pictures.Picture:
    return next(each for each in pictures.find(which.pictures).pictures if each.sha256 == which.sha256)


def _turned(problem: Problem) -> Pixels:
    """Drawn at twice the size, turned, then reduced: no direction is sharper than another."""
    side = problem.shown_size[0]
    whole = Image.fromarray(picture(problem.picture, (2 * side, 2 * side)))
    turned = whole.rotate(-360 / problem.turns * problem.turn, Image.Resampling.BICUBIC).reduce(2)
    if 4 % problem.turns:
        disc = Image.new("L", (2 * side, 2 * side), 0)
        ImageDraw.Draw(disc).ellipse((4, 4, 2 * side - 5, 2 * side - 5), fill=255)
        turned = Image.composite(turned, Image.new("RGB", turned.size, BACKGROUND), disc.reduce(2))
    return np.array(turned)


def directions(problem: Problem) -> Pixels:
    """[turns, 64, 64, 3]: the picture small, in every direction it may be shown in."""
    side = problem.shown_size[0]
    small = Image.fromarray(picture(problem.picture, (2 * side, 2 * side))).resize((64, 64), Image.Resampling.BOX)
    return np.stack(
        [np.array(small.rotate(360 / problem.turns * turn, Image.Resampling.BILINEAR)) for turn in range(problem.turns)]
    )
