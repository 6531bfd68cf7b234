"""Icons drawn from a few strokes on a field of 24 x 24, as masks of any size.

A shape is a word and its numbers: `line` and `area` take points, `arc` centre, radius, first and last degree
                  (clockwise
from the top), `ring` and `disc` centre and radius, `frame` and `block` two corners and the corners' radius.
                  `thick` and
`thin` change the stroke from then on, and `-` before a shape takes it away again.
"""

from __future__ import annotations

import functools
import math
from typing import Final

import numpy as np
from PIL import Image

from verienv.errors import UnknownName
from verienv.render.screen import masks

_TABLE: Final = """\
back              line 20 12 4.5 12 / line 11 5 4 12 11 19
forward           line 4 12 19.5 12 / line 13 5 20 12 13 19
up                line 12 20 12 4.5 / line 5 11 12 4 19 11
down              line 12 4 12 19.5 / line 5 13 12 20 19 13
chevron_left      line 15 5 8 12 15 19
chevron_right     line 9 5 16 12 9 19
chevron_up        line 5 15 12 8 19 15
chevron_down      line 5 9 12 16 19 9
menu              line 4 6 20 6 / line 4 12 20 12 / line 4 18 20 18
more              disc 12 5 2 / disc 12 12 2 / disc 12 19 2
dots              disc 5 12 2 / disc 12 12 2 / disc 19 12 2
close             line 6 6 18 18 / line 18 6 6 18
check             line 4 12.5 9.5 18 20 7
add               line 12 5 12 19 / line 5 12 19 12
minus             line 5 12 19 12
search            ring 10.5 10.5 6 / line 15 15 20.5 20.5
delete            line 4 6.5 20 6.5 / line 9.5 6 9.5 4 14.5 4 14.5 6 / frame 6 6.5 18 21 1.5 / thin /
                  line 10 10.5 10 17 / line 14 10.5 14 17
edit              area 4 20 5 15.5 15.5 5 19 8.5 8.5 19 / area 16.5 4 18 2.8 21.2 6 20 7.5 /
                  -area 6.2 16.8 15.6 7.4 16.6 8.4 7.2 17.8
share             disc 18 5 2.8 / disc 6 12 2.8 / disc 18 19 2.8 / thin / line 18 5 6 12 18 19
star              area 12 2.5 14.8 8.9 21.8 9.6 16.5 14.2 18.1 21.1 12 17.4 5.9 21.1 7.5 14.2 2.2 9.6 9.2 8.9
star_outline      line 12 3.5 14.5 9.2 20.8 9.8 16 13.9 17.5 20 12 16.7 6.5 20 8 13.9 3.2 9.8 9.5 9.2 12 3.5
heart             disc 7.8 8.6 4.8 / disc 16.2 8.6 4.8 / area 3.7 11.2 12 21 20.3 11.2 12 8
heart_outline     disc 7.8 8.6 4.8 / disc 16.2 8.6 4.8 / area 3.7 11.2 12 21 20.3 11.2 12 8 / -disc 7.9 8.7 3 /
                  -disc 16.1 8.7 3 / -area 5.4 10.6 12 18.3 18.6 10.6 12 9
bell              arc 12 10 5.5 -90 90 / line 6.5 10 6.5 15 5 17.5 19 17.5 17.5 15 17.5 10 / disc 12 20.2 1.9 /
                  line 12 3 12 4.5
settings          ring 12 12 5.4 / thick / line 12 2.8 12 5.4 / line 12 18.6 12 21.2 / line 2.8 12 5.4 12 /
                  line 18.6 12 21.2 12 / line 5.5 5.5 7.3 7.3 / line 16.7 16.7 18.5 18.5 / line 5.5 18.5 7.3 16.7 /
                  line 16.7 7.3 18.5 5.5 / disc 12 12 1.6
home              line 3.5 11.5 12 4 20.5 11.5 / line 6 10 6 20 10 20 10 14.5 14 14.5 14 20 18 20 18 10
person            disc 12 8 4.2 / arc 12 21 7.6 -90 90 /
                  area 4.4 21 4.4 20 6 16 9 13.8 15 13.8 18 16 19.6 20 19.6 21
people            disc 9 8.5 3.6 / area 2 20 2.4 16.4 5.4 13.6 12.6 13.6 15.6 16.4 16 20 / disc 16.8 9 2.9 /
                  area 17.8 20 22 20 21.6 16.8 19 14 16 14 17.4 16.8
camera            frame 3 7 21 19.5 2 / ring 12 13.2 3.4 / block 8 4.5 16 8 1.5
video             frame 3 6.5 15.5 17.5 2 / area 16.5 11 21.5 7.5 21.5 16.5 16.5 13
phone             thick / arc 16.5 7.5 12 195 255 / thick / line 4.6 6 7 4.4 9 8.4 / line 19.4 19.6 19.8 17 15.6 15
mail              frame 3 5 21 19 2 / line 4 7 12 13 20 7
mail_open         line 3.5 10 3.5 20 20.5 20 20.5 10 12 4 3.5 10 12 15.5 20.5 10
calendar          frame 4 5.5 20 20.5 2 / block 4 5.5 20 10 1 / line 8.5 3 8.5 6 / line 15.5 3 15.5 6 /
                  disc 9 15 1.5
clock             ring 12 12 8 / line 12 7 12 12.4 15.8 14.6
alarm             ring 12 13 7 / line 12 9 12 13.4 15 15 / line 3.5 6.5 7 3.5 / line 20.5 6.5 17 3.5
cart              line 2.5 4 5.5 4 8 15 18.5 15 20.8 7.5 6.5 7.5 / disc 9 19.5 1.8 / disc 17.5 19.5 1.8
bag               frame 4.5 8 19.5 20.5 2 / arc 12 9 3.8 -90 90
download          line 12 4 12 14.5 / line 6.5 10 12 15.5 17.5 10 / line 4.5 20 19.5 20
upload            line 12 16 12 5.2 / line 6.5 10 12 4.5 17.5 10 / line 4.5 20 19.5 20
folder            area 3 5.5 3 19 4 20 20 20 21 19 21 8.5 20 7.5 12 7.5 9.8 5 3.5 5
file              line 13.5 3.5 6 3.5 6 20.5 18 20.5 18 8 13.5 3.5 13.5 8 18 8 / thin / line 9 12.5 15 12.5 /
                  line 9 16 15 16
image             frame 3.5 4.5 20.5 19.5 2 / disc 8.8 9.6 1.7 /
                  area 5 18 10 12.5 12.6 15 15.6 11.4 19.2 16 19.2 18
play              area 7 4.5 19.5 12 7 19.5
pause             block 6 5 10 19 1 / block 14 5 18 19 1
stop              block 6 6 18 18 1.5
next              area 5 5 14.5 12 5 19 / block 16 5 18.8 19 0.6
previous          area 19 5 9.5 12 19 19 / block 5.2 5 8 19 0.6
volume            area 3.5 9 7.5 9 12.5 4.5 12.5 19.5 7.5 15 3.5 15 / arc 12 12 4 45 135 / arc 12 12 8 45 135
mute              area 3.5 9 7.5 9 12.5 4.5 12.5 19.5 7.5 15 3.5 15 / line 15.5 9.5 20.5 14.5 /
                  line 20.5 9.5 15.5 14.5
mic               block 9 3 15 14 3 / arc 12 11.5 6.4 90 270 / line 12 18 12 21
lock              block 5.5 10.5 18.5 20.5 2 / arc 12 8.6 3.8 -90 90 / line 8.2 8.6 8.2 11 /
                  line 15.8 8.6 15.8 11 / -disc 12 15.4 1.6
unlock            block 5.5 10.5 18.5 20.5 2 / arc 12 7.6 3.8 -90 90 / line 8.2 7.6 8.2 11 / -disc 12 15.4 1.6
eye               line 2.8 12 6 8.2 12 6 18 8.2 21.2 12 18 15.8 12 18 6 15.8 2.8 12 / disc 12 12 2.9
hide              line 2.8 12 6 8.2 12 6 18 8.2 21.2 12 18 15.8 12 18 6 15.8 2.8 12 / disc 12 12 2.9 /
                  line 4.5 20 19.5 4
filter            area 3.5 4.5 20.5 4.5 14 12.5 14 19.5 10 17.5 10 12.5
sort              line 4 7 20 7 / line 4 12 15 12 / line 4 17 10 17
refresh           arc 12 12 7.2 50 350 / area 13 1.4 19.4 4.2 14 9
pin               disc 12 9 6.2 / area 6.6 11.6 12 21.5 17.4 11.6 / -disc 12 9 2.4
map               line 3.5 6.5 9 4 15 6.5 20.5 4 20.5 17.5 15 20 9 17.5 3.5 20 3.5 6.5 / thin / line 9 4 9 17.5 /
                  line 15 6.5 15 20
wifi              arc 12 19 3.6 -44 44 / arc 12 19 8 -44 44 / arc 12 19 12.4 -44 44 / disc 12 18.6 1.7
bluetooth         thin / line 6.5 7.5 17 16.5 12 21 12 3 17 7.5 6.5 16.5
signal            block 3.5 15 7 20 0.5 / block 8.5 11.5 12 20 0.5 / block 13.5 8 17 20 0.5 /
                  block 18.5 4.5 22 20 0.5
battery           frame 3 7.5 19.5 16.5 2 / block 20.5 10.5 22 13.5 0.6 / block 5 9.5 14 14.5 0.6
flight            area 10.5 3.5 13.5 3.5 13.8 9.6 21.5 14 21.5 16.4 13.6 14 13.2 18.4 15.6 20 15.6 21.6 12 20.6
                  8.4 21.6 8.4 20 10.8 18.4 10.4 14 2.5 16.4 2.5 14 10.2 9.6
sun               disc 12 12 4.2 / line 12 2.8 12 4.8 / line 12 19.2 12 21.2 / line 2.8 12 4.8 12 /
                  line 19.2 12 21.2 12 / line 5.6 5.6 6.9 6.9 / line 17.1 17.1 18.4 18.4 / line 5.6 18.4 6.9 17.1 /
                  line 17.1 6.9 18.4 5.6
moon              disc 12 12 8.6 / -disc 16 8.4 7.6
attach            line 19 11 11.5 18.5 9 19.8 6 18.6 4.8 15.6 6 13 14 5 16.4 4.2 18.4 6 17.8 8.2 10.6 15.4 9 15.2
                  9 13.8 15 7.8
send              area 3 4 21.5 12 3 20 3 14 14 12 3 10
reply             line 9.5 6 4 11.5 9.5 17 / line 4.5 11.5 13 11.5 / arc 13 18.5 7 0 90
archive           block 3 4 21 8.5 1 / frame 4.5 8.5 19.5 20 1 / line 9.5 12.5 14.5 12.5
bookmark          area 6 3.5 18 3.5 18 21 12 16.5 6 21
bookmark_outline  line 7 4.5 17 4.5 17 19.5 12 15.5 7 19.5 7 4.5
print             frame 3.5 9 20.5 17 1.5 / frame 7 3.5 17 9 0 / block 7 14 17 21 0 / -block 8.5 15.5 15.5 19.5 0
save              frame 4 4 20 20 2 / block 7.5 4 16 9.5 0 / frame 7 13 17 20 0
copy              frame 8.5 8.5 20 20.5 1.5 / line 5 15.5 4 15.5 4 4 15.5 4 15.5 5
cut               ring 6 6.5 2.5 / ring 6 17.5 2.5 / line 8 8 20 18 / line 8 16 20 6
paste             frame 5 5 19 20.5 1.5 / block 8.5 3 15.5 7 1 / thin / line 8.5 11.5 15.5 11.5 /
                  line 8.5 15.5 15.5 15.5
undo              line 8.5 4.5 4 9 8.5 13.5 / line 4.5 9 14.5 9 / arc 14.5 14 5 0 180 / line 14.5 19 8.5 19
redo              line 15.5 4.5 20 9 15.5 13.5 / line 19.5 9 9.5 9 / arc 9.5 14 5 180 360 / line 9.5 19 15.5 19
zoom_in           ring 10.5 10.5 6 / line 15 15 20.5 20.5 / thin / line 10.5 8 10.5 13 / line 8 10.5 13 10.5
zoom_out          ring 10.5 10.5 6 / line 15 15 20.5 20.5 / thin / line 8 10.5 13 10.5
bold              thick / line 7.5 4.5 7.5 19.5 / line 7.5 5 12.5 5 15 6.5 15 10 12.5 11.6 7.5 11.6 /
                  line 12.5 11.8 15.6 13.4 15.6 17.6 12.5 19.2 7.5 19.2
italic            line 10 4.5 18 4.5 / line 6 19.5 14 19.5 / line 14 4.5 10 19.5
underline         line 7 4 7 10.8 / arc 12 10.8 5 90 270 / line 17 10.8 17 4 / line 5 20.2 19 20.2
align_left        line 4 5 20 5 / line 4 9.7 14 9.7 / line 4 14.3 20 14.3 / line 4 19 14 19
align_center      line 4 5 20 5 / line 7 9.7 17 9.7 / line 4 14.3 20 14.3 / line 7 19 17 19
list              disc 5 6 1.6 / disc 5 12 1.6 / disc 5 18 1.6 / line 10 6 20 6 / line 10 12 20 12 /
                  line 10 18 20 18
grid              block 4 4 10.5 10.5 1 / block 13.5 4 20 10.5 1 / block 4 13.5 10.5 20 1 / block 13.5 13.5 20 20 1
chart             block 4 12 8 20 0.5 / block 10 5 14 20 0.5 / block 16 9 20 20 0.5
link              arc 8 16 4.2 120 330 / arc 16 8 4.2 -60 150 / line 9.5 14.5 14.5 9.5
help              ring 12 12 8.6 / thin / line 9.4 9.6 10.4 7.8 12 7.2 13.8 7.8 14.4 9.6 13.6 11 12 12.2 12 14 /
                  disc 12 16.8 1.2
info              ring 12 12 8.6 / line 12 11 12 16.4 / disc 12 7.6 1.3
warning           line 12 4 21 20 3 20 12 4 / line 12 10 12 14.6 / disc 12 17.4 1.2
globe             ring 12 12 8.6 / thin / line 3.5 12 20.5 12 /
                  line 12 3.5 8.6 8 8.6 16 12 20.5 15.4 16 15.4 8 12 3.5
key               ring 7.5 15.5 4 / line 10.4 12.6 19.5 3.5 / line 15.5 7.5 18.5 10.5 / line 18 5 20.5 7.5
tag               area 3.5 4 12 4 21 13 13 21 3.5 11.5 / -disc 7.6 8.1 1.7
gift              frame 4 10.5 20 20.5 1 / block 3 7.5 21 11 1 / line 12 8 12 20 / ring 9.4 5.4 2 / ring 14.6 5.4 2
card              frame 3 5.5 21 18.5 2 / block 3 8.5 21 11.5 0 / line 6.5 15 10 15
music             disc 7.5 17.5 3 / disc 17.5 15.5 3 / line 9.8 17.5 9.8 6 19.6 4 19.6 15.5
book              line 12 6 8.5 4.5 4 4.5 4 18 8.5 18 12 19.5 15.5 18 20 18 20 4.5 15.5 4.5 12 6 12 19.5
flag              line 6 21 6 4 / area 6 4 19 4 16 8.5 19 13 6 13
trophy            area 7 3.5 17 3.5 16.5 10 14 13 10 13 7.5 10 / line 7 5 3.8 5 4.4 8.6 7.6 10 /
                  line 17 5 20.2 5 19.6 8.6 16.4 10 / line 12 13 12 18 / block 7.5 17.5 16.5 20.5 1
cloud             disc 8 14 4.5 / disc 13 10.5 5 / disc 17 14.5 4 / block 7 12 18 18.5 1.5
bulb              disc 12 9.5 6.2 / block 9 15 15 18 0.5 / block 9.6 19 14.4 21 0.8
car               line 3.5 17 3.5 12.5 6 11.5 8 6.5 16 6.5 18 11.5 20.5 12.5 20.5 17 3.5 17 / line 6 11.5 18 11.5 /
                  disc 7.5 17.4 2.2 / disc 16.5 17.4 2.2
train             frame 6 3.5 18 17 3 / line 6 10.5 18 10.5 / disc 9 13.8 1.2 / disc 15 13.8 1.2 /
                  line 8.5 17.5 6.5 20.5 / line 15.5 17.5 17.5 20.5
fitness           line 4 12 20 12 / thick / line 6.2 8 6.2 16 / line 17.8 8 17.8 16
chat              block 3 4 21 17 3 / area 6 16 6 21 12 16 / -disc 8 10.5 1.3 / -disc 12 10.5 1.3 /
                  -disc 16 10.5 1.3
drag              line 4 9.5 20 9.5 / line 4 14.5 20 14.5
shift             line 12 4.5 4.5 12.5 8.5 12.5 8.5 19 15.5 19 15.5 12.5 19.5 12.5 12 4.5
backspace         line 8 5 21 5 21 19 8 19 2.5 12 8 5 / line 11.5 9 17.5 15 / line 17.5 9 11.5 15
enter             line 20 5 20 13 5 13 / line 9.5 8.5 5 13 9.5 17.5
expand            line 14 4 20 4 20 10 / line 10 20 4 20 4 14 / line 20 4 14 10 / line 4 20 10 14
window_minimise   thin / line 6 12.5 18 12.5
window_maximise   thin / frame 6.5 6.5 17.5 17.5 0
window_close      thin / line 6.5 6.5 17.5 17.5 / line 17.5 6.5 6.5 17.5
code              line 8 6.5 2.5 12 8 17.5 / line 16 6.5 21.5 12 16 17.5
terminal          frame 3 4.5 21 19.5 2 / line 6.5 9 10 12 6.5 15 / line 12 15.5 17 15.5
crop              line 7 2.5 7 17 21.5 17 / line 2.5 7 17 7 17 21.5
rotate            arc 12 12 7.2 -10 300 / area 10 1.6 3.6 3.2 7.4 8.6
brush             area 19.5 3 21 4.5 12.5 14.5 9.8 11.8 / disc 8 16.2 3.2 / area 6 14 3.4 20.6 10 19
eraser            area 13 4 20 11 12 19.5 7 19.5 3.5 16 / -area 12.6 7.2 8 12 12.5 16.4 17 11.6
text              line 5 5 19 5 / line 12 5 12 19.5
"""


def _read(table: str) -> dict[str, str]:
    """Names and shapes; a line that begins with a space goes on with the one before."""
    found: dict[str, str] = {}
    for line in table.replace("\n ", " ").splitlines():
        name, _, shapes = line.partition(" ")
        found[name] = shapes
    return found


ICONS: Final = _read(_TABLE)
STROKE: Final = {"": 2.0, "thin": 1.5, "thick": 2.9}


@functools.lru_cache(maxsize=2048)
def mask(name: str, side: int) -> Image.Image:
    """The icon as a mode "L" mask of `side` x `side` pixels. Raises UnknownName."""
    if name not in ICONS:
        raise UnknownName("icon", name, ICONS)
    count = side * masks.FINE
    steps = (np.arange(count) + 0.5) * (24 / count)
    grid = np.meshgrid(steps, steps)
    bits = np.zeros((count, count), np.bool_)
    weight = STROKE[""]
    for shape in ICONS[name].split("/"):
        word, *rest = shape.split()
        if word in STROKE:
            weight = STROKE[word]
            continue
        drawn = _shape(word.removeprefix("-"), [float(each) for each in rest], weight, (grid[0], grid[1]))
        if word.startswith("-"):
            bits &= ~drawn
        else:
            bits |= drawn
    return masks.reduced(bits)


def _shape(word: str, numbers: list[float], weight: float, grid: masks.Grid) -> masks.Bits:
    x, y = grid
    if word == "line":
        return masks.stroke(_points(numbers), weight, grid)
    if word == "area":
        return masks.polygon(_points(numbers), grid)
    if word == "arc":
        cx, cy, radius, first, last = numbers
        steps = max(2, int((last - first) / 12))
        around = [first + (last - first) * step / steps for step in range(steps + 1)]
        return masks.stroke([_on(cx, cy, radius, degrees) for degrees in around], weight, grid)
    if word in ("ring", "disc"):
        cx, cy, radius = numbers
        reach = radius if word == "disc" else radius + weight / 2
        away = (x - cx) * (x - cx) + (y - cy) * (y - cy)
        inside = away <= reach * reach
        return inside if word == "disc" else inside & (away >= (radius - weight / 2) * (radius - weight / 2))
    x1, y1, x2, y2, round = numbers
    whole = _rounded(grid, x1, y1, x2, y2, round)
    if word == "block":
        return whole
    return whole & ~_rounded(grid, x1 + weight, y1 + weight, x2 - weight, y2 - weight, max(0.0, round - weight))


def _rounded(grid: masks.Grid, x1: float, y1: float, x2: float, y2: float, round: float) -> masks.Bits:
    x, y = grid
    dx = np.maximum(np.maximum(x1 + round - x, x - x2 + round), 0.0)
    dy = np.maximum(np.maximum(y1 + round - y, y - y2 + round), 0.0)
    inside = (x >= x1) & (x <= x2) & (y >= y1) & (y <= y2)
    return np.asarray(inside & (dx * dx + dy * dy <= round * round) if round else inside)


def _points(numbers: list[float]) -> list[tuple[float, float]]:
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def _on(x: float, y: float, radius: float, degrees: float) -> tuple[float, float]:
    """A point on a circle, to three decimals: the last bits of sine differ between machines."""
    angle = math.radians(degrees)
    return round(x + radius * math.sin(angle), 3), round(y - radius * math.cos(angle), 3)
