"""The place from above: ground with a line every metre, parked cars, blocks, walls, the slot and the car."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from verienv.families.parking import car, making, raster, trig
from verienv.families.parking.car import Arc, Pose
from verienv.families.parking.making import Place
from verienv.families.parking.raster import RGB, Point, Sheet
from verienv.families.parking.world import Quad

if TYPE_CHECKING:
    from PIL.Image import Image

LOOKS: Final[dict[str, tuple[RGB, RGB, RGB, RGB]]] = {
    # ground, lines, numbers, the slot
    "asphalt": ((94, 98, 104), (108, 112, 118), (206, 210, 214), (255, 214, 74)),
    "concrete": ((203, 203, 198), (188, 188, 183), (88, 90, 92), (206, 92, 20)),
    "night": ((38, 42, 54), (52, 57, 70), (150, 158, 176), (126, 226, 160)),
    "clay": ((190, 166, 140), (178, 154, 128), (92, 70, 52), (24, 104, 128)),
}
OWN: Final[RGB] = (44, 110, 206)
PARKED: Final[tuple[RGB, ...]] = (
    (176, 62, 58),
    (214, 216, 218),
    (74, 82, 92),
    (96, 132, 92),
    (206, 160, 84),
    (134, 96, 148),
)
BLOCK: Final[RGB] = (126, 92, 66)
WALL: Final[RGB] = (70, 60, 58)
GLASS: Final[RGB] = (34, 42, 54)
LAMP: Final[RGB] = (255, 244, 190)
TAIL: Final[RGB] = (214, 40, 40)
WAY: Final[RGB] = (250, 250, 250)
FINE: Final = 2
"""Pictures are painted this much larger, and scaled down."""
MARGIN: Final = 1000
"""Centimetres of ground around start and target: wherever the rear axle may go."""


def picture(start: Place, target: Place, quads: Sequence[Quad], look: str, side: int, way: Sequence[Arc] = ()) -> Image:
    """The place as RGB, `side` pixels square; with `way`, also where the rear axle goes."""
    from PIL import Image, ImageDraw

    from verienv.render import fonts

    ground, lines, numbers, slot = LOOKS[look]
    left, low, across = window(start, target)
    paper = raster.sheet(10 * left, 10 * (low + across), 10 * across, side * FINE, ground)
    _grid(paper, left, low, across, lines)
    for at, quad in enumerate(quads):
        _standing(paper, quad, PARKED[(quad[0][0] + 3 * at) % len(PARKED)], ground)
    _slot(paper, making.pose(target), slot)
    _drawn_way(paper, making.pose(start), way)
    draw_car(paper, making.pose(start), OWN)
    image = Image.fromarray(paper.pixels).reduce(FINE)
    pen = ImageDraw.Draw(image)
    size = max(10, side // 44)
    for x in range(-(-left // 500) * 500, left + across, 500):
        at = (x - left) * side // across
        if size < at < side - 2 * size:
            fonts.text(pen, (at, side - 3), f"{x // 100}", size=size, fill=numbers, anchor="mb")
    for y in range(-(-low // 500) * 500, low + across, 500):
        at = side - (y - low) * side // across
        if size < at < side - 2 * size:
            fonts.text(pen, (3, at), f"{y // 100}", size=size, fill=numbers, anchor="lm")
    return image


def window(start: Place, target: Place) -> tuple[int, int, int]:
    """The square that is shown, in centimetres: its least x and y, and its side."""
    (ax, ay, _), (bx, by, _) = start, target
    across = max(abs(ax - bx), abs(ay - by)) + 2 * MARGIN
    return (ax + bx - across) // 2, (ay + by - across) // 2, across


def draw_car(paper: Sheet, pose: Pose, colour: RGB) -> None:
    """A car with its wheels, glass and lamps."""
    dark = _shade(colour, 0.6)
    paper.fill(_part(pose, -car.REAR, car.FRONT, -car.WIDTH / 2, car.WIDTH / 2), dark)
    paper.fill(_part(pose, -car.REAR + 0.1, car.FRONT - 0.1, -car.WIDTH / 2 + 0.1, car.WIDTH / 2 - 0.1), colour)
    paper.fill(_tapered(pose, 2.25, 1.65, 0.72, 0.62), GLASS)
    paper.fill(_tapered(pose, -0.05, -0.5, 0.6, 0.7), GLASS)
    paper.fill(_part(pose, 0.1, 1.5, -0.6, 0.6), _shade(colour, 1.18))
    for side in (-1, 1):
        low, high = sorted((0.55 * side, 0.88 * side))
        paper.fill(_part(pose, car.FRONT - 0.22, car.FRONT - 0.02, low, high), LAMP)
        paper.fill(_part(pose, -car.REAR + 0.02, -car.REAR + 0.14, low, high), TAIL)


def _grid(paper: Sheet, left: int, low: int, across: int, colour: RGB) -> None:
    for axis, first in ((0, left), (1, low)):
        for at in range(-(-first // 100) * 100, first + across, 100):
            width = 0.09 if at % 500 == 0 else 0.04
            ends = ((at / 100, low / 100), (at / 100, (low + across) / 100))
            if axis:
                ends = ((left / 100, at / 100), ((left + across) / 100, at / 100))
            paper.line(*ends, width, colour)


def _standing(paper: Sheet, quad: Quad, colour: RGB, ground: RGB) -> None:
    """A wall, a parked car or a block, as its sides tell."""
    shape = [(x / 100, y / 100) for x, y in quad]
    sides = [_far(shape[at - 1], shape[at]) for at in range(4)]
    if max(sides) > 12:
        paper.fill(shape, WALL)
    elif abs(sides[1] - car.LENGTH) < 0.03 and abs(sides[0] - car.WIDTH) < 0.03:
        paper.fill(shape, _shade(colour, 0.6))
        draw_car(paper, _pose_of(shape), colour)
    else:
        paper.fill(shape, _shade(BLOCK, 0.62))
        paper.fill(_shrunk(shape, 0.9), BLOCK)
        paper.fill(_shrunk(shape, 0.45), _shade(BLOCK, 1.14))


def _slot(paper: Sheet, pose: Pose, colour: RGB) -> None:
    rear, front, side, line = -car.REAR, car.FRONT, car.WIDTH / 2, 0.12
    for part in (
        (rear, front, -side, -side + line),
        (rear, front, side - line, side),
        (rear, rear + line, -side, side),
        (front - line, front, -side, side),
    ):
        paper.fill(_part(pose, *part), colour)
    paper.fill(_part(pose, 0.2, 2.0, -0.1, 0.1), colour)
    paper.fill(_placed(pose, ((2.0, -0.5), (3.0, 0.0), (2.0, 0.5))), colour)


def _drawn_way(paper: Sheet, pose: Pose, way: Sequence[Arc]) -> None:
    for steer, length in way:
        steps = max(1, round(abs(length) / 0.1))
        for _ in range(steps):
            pose = car.driven(pose, (steer, length / steps))
            paper.fill(_part(pose, -0.06, 0.06, -0.06, 0.06), WAY if length > 0 else LAMP)


def _part(pose: Pose, rear: float, front: float, right: float, left: float) -> list[Point]:
    return _placed(pose, ((rear, right), (front, right), (front, left), (rear, left)))


def _tapered(pose: Pose, front: float, rear: float, wide: float, narrow: float) -> list[Point]:
    return _placed(pose, ((rear, -narrow), (front, -wide), (front, wide), (rear, narrow)))


def _placed(pose: Pose, shape: Sequence[Point]) -> list[Point]:
    c, s = trig.turns(pose[2])
    return [(pose[0] + c * a - s * b, pose[1] + s * a + c * b) for a, b in shape]


def _pose_of(shape: Sequence[Point]) -> Pose:
    """The pose of the car whose corners these are, rear right first."""
    (ax, ay), (bx, by), _, (dx, dy) = shape
    heading = trig.angle_of(bx - ax, by - ay)
    c, s = trig.turns(heading)
    return (ax + dx) / 2 + car.REAR * c, (ay + dy) / 2 + car.REAR * s, heading


def _shrunk(shape: Sequence[Point], by: float) -> list[Point]:
    x, y = sum(x for x, _ in shape) / len(shape), sum(y for _, y in shape) / len(shape)
    return [(x + by * (px - x), y + by * (py - y)) for px, py in shape]


def _far(one: Point, other: Point) -> float:
    return float(((one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2) ** 0.5)


def _shade(colour: RGB, by: float) -> RGB:
    red, green, blue = (min(255, int(each * by)) for each in colour)
    return red, green, blue
