"""Scenes: the same everywhere, of every size, and cut pieces match along their seams."""

from __future__ import annotations

import concurrent.futures
import hashlib
import itertools
import json
import os
import pathlib
import random
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops

from verienv.errors import UnknownName, UsageError
from verienv.render import scenes
from verienv.render.scenes import canvas

GOLDEN = pathlib.Path(__file__).with_name("scenes.json")
SIZES = ((256, 256), (640, 480), (90, 61))
DRAW_ALL = """
import random
from tests.render.test_scenes import digests
print(digests(2))
"""


def digests(count: int) -> dict[str, str]:
    """sha256 over the pixels of `count` pictures of each size, by kind."""
    found = {}
    for kind in scenes.SCENES:
        seen = hashlib.sha256()
        for number in range(count):
            for size in SIZES:
                seen.update(scenes.scene(kind, random.Random(f"{kind} {number}"), size).tobytes())
        found[kind] = seen.hexdigest()
    return found


def seams_found(picture: Image.Image, cuts: int) -> float:
    """Of all inner seams of a picture cut into cuts x cuts pieces, the share whose true neighbour is the best match."""
    pixels = np.asarray(picture).astype(np.int64)
    height, width = pixels.shape[0] // cuts, pixels.shape[1] // cuts
    pieces = [
        pixels[row * height : (row + 1) * height, column * width : (column + 1) * width]
        for row in range(cuts)
        for column in range(cuts)
    ]
    right, left = np.array([piece[:, -1] for piece in pieces]), np.array([piece[:, 0] for piece in pieces])
    foot, head = np.array([piece[-1] for piece in pieces]), np.array([piece[0] for piece in pieces])
    found = []
    for ends, starts, step in ((right, left, 1), (foot, head, cuts)):
        for index in range(cuts * cuts):
            if (index % cuts == cuts - 1) if step == 1 else (index >= cuts * (cuts - 1)):
                continue
            cost = ((starts - ends[index]) ** 2).sum(axis=(1, 2))
            cost[index] = np.iinfo(np.int64).max
            found.append(int(cost.argmin()) == index + step)
    return sum(found) / len(found)


def test_pictures_are_those_on_record(request):
    found = digests(4)
    if request.config.getoption("--record-golden"):
        GOLDEN.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    assert found == json.loads(GOLDEN.read_text(encoding="utf-8"))


def test_another_process_with_another_hash_seed_draws_the_same():
    root = pathlib.Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONHASHSEED": "77", "PYTHONPATH": str(root)}
    shown = subprocess.run(
        [sys.executable, "-c", DRAW_ALL], capture_output=True, text=True, check=True, env=environment, cwd=root
    ).stdout
    assert shown.strip() == str(digests(2))


def test_threads_draw_the_same():
    jobs = [(kind, number) for kind in scenes.SCENES for number in range(4)]

    def draw(job: tuple[str, int]) -> bytes:
        kind, number = job
        return scenes.scene(kind, random.Random(number), (160, 120)).tobytes()

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        assert list(pool.map(draw, jobs)) == [draw(job) for job in jobs]


def test_no_global_randomness_is_touched_or_used():
    state = random.getstate()
    first = scenes.scene("map", random.Random(5), (96, 96)).tobytes()
    assert random.getstate() == state
    assert scenes.scene("map", random.Random(5), (96, 96)).tobytes() == first


@pytest.mark.parametrize("kind", scenes.SCENES)
def test_neighbouring_streams_draw_different_pictures(kind):
    drawn = {scenes.scene(kind, random.Random(number), (64, 64)).tobytes() for number in range(20)}
    assert len(drawn) == 20


@pytest.mark.parametrize("kind", scenes.SCENES)
@given(size=st.tuples(st.integers(32, 300), st.integers(32, 300)), seed=st.integers(0, 2**32))
def test_every_size_is_drawn_as_asked(kind, size, seed):
    picture = scenes.scene(kind, random.Random(seed), size)
    assert (picture.size, picture.mode, picture.info) == (size, "RGB", {})


@pytest.mark.parametrize("kind", scenes.SCENES)
@pytest.mark.parametrize("size", [(32, 32), (2048, 32), (32, 2048), (1024, 700)])
def test_extreme_sizes_are_drawn(kind, size):
    assert scenes.scene(kind, random.Random(1), size).size == size


@pytest.mark.parametrize("kind", scenes.SCENES)
def test_no_two_patches_are_alike(kind):
    pixels = np.asarray(scenes.scene(kind, random.Random(3), (256, 256)))
    patches = [
        pixels[row : row + 8, column : column + 8].tobytes()
        for row in range(0, 256, 8)
        for column in range(0, 256, 8)
    ]
    assert len(set(patches)) == len(patches)


@pytest.mark.parametrize(("cuts", "share"), [(3, 0.95), (6, 0.85)])
@pytest.mark.parametrize("kind", scenes.SCENES)
def test_true_neighbours_match_best_along_nearly_every_seam(kind, cuts, share):
    pictures = [scenes.scene(kind, random.Random(f"seam {number}"), (640, 480)) for number in range(6)]
    found = [seams_found(picture, cuts) for picture in pictures]
    assert sum(found) / len(found) >= share


def test_the_seam_measure_can_fail():
    flat = Image.new("RGB", (240, 240), (90, 90, 90))
    assert seams_found(flat, 3) < 0.5


def test_an_unknown_kind_is_answered_with_the_nearest():
    with pytest.raises(UnknownName, match="did you mean 'landscape'"):
        scenes.scene("landscap", random.Random(0), (64, 64))


@pytest.mark.parametrize("size", [(31, 64), (64, 2049), (0, 0)])
def test_a_size_out_of_bounds_is_refused(size):
    with pytest.raises(UsageError, match=r"32\.\.2048"):
        scenes.scene("map", random.Random(0), size)


@pytest.mark.parametrize("size", [(64, 48), (65, 49)])
@pytest.mark.parametrize("soft", [True, False])
@pytest.mark.parametrize("level", [canvas.LOWEST, canvas.HIGHEST])
def test_neither_grain_nor_light_turns_dark_into_bright(size, soft, level):
    for seed, light in itertools.product(range(20), ([], canvas.veil(size, 40, (40, -40, 0), 20))):
        sheet = canvas.Sheet(size, (level, level, level))
        drawn = np.asarray(canvas.finish(sheet, canvas.Noise(random.Random(seed)), *light, soft=soft))
        assert (drawn < 128).all() if level == canvas.LOWEST else (drawn > 128).all()


def test_a_picture_keeps_its_pixels_when_others_are_drawn():
    first = scenes.scene("room", random.Random(1), (320, 240))
    before = first.tobytes()
    for kind in scenes.SCENES:
        scenes.scene(kind, random.Random(2), (320, 240))
    assert first.tobytes() == before


@pytest.mark.parametrize("size", [(1, 1), (17, 40), (97, 96), (400, 31)])
@pytest.mark.parametrize(("cells", "octaves"), [((3, 2), 5), ((4, 5), 1)])
def test_a_field_has_the_size_asked_for_and_nearly_the_full_range(size, cells, octaves):
    field = canvas.Noise(random.Random(4)).field(cells, octaves, size)
    assert (field.shape, field.dtype.name) == (size[::-1], "uint8")
    assert min(size) < 8 or (field.min() < 48 and field.max() > 207)


def test_splines_add_up_so_that_a_flat_surface_stays_flat():
    for count, length in ((4, 5), (9, 160), (51, 83), (35, 12)):
        assert set(canvas._splines(count, length).sum(axis=1)) == {64.0}


def test_a_line_in_pieces_lies_where_the_whole_line_does():
    def written(words: str | tuple[str, ...], anchor: str) -> Image.Image:
        sheet = canvas.Sheet((200, 60), (229, 229, 229))
        sheet.pen.write((100, 30), words, (26, 26, 26), ("mono", 20), anchor)
        return sheet.picture()

    for anchor in ("ls", "mm", "ra", "md"):
        assert written(("Otter", "ham"), anchor).tobytes() == written("Otterham", anchor).tobytes()
    assert ImageChops.difference(written("Otterham", "ls"), written("Otterham", "rs")).getbbox()
