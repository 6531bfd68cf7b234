"""Contact sheets hold every picture whole, whatever the captions."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from verienv.errors import UsageError
from verienv.render import contact_sheet


def cells(count: int, caption: str = "a caption") -> list[tuple[Image.Image, str]]:
    return [(Image.new("RGB", (150 + 10 * number, 90), (200, 10 + number, 250)), caption) for number in range(count)]


@pytest.mark.parametrize("count", [1, 3, 4, 9])
@pytest.mark.parametrize("dark", [False, True])
def test_every_picture_is_there_whole(count, dark):
    sheet = contact_sheet(cells(count), columns=4, title="Pictures", dark=dark)
    pixels = np.asarray(sheet)
    for picture, _ in cells(count):
        colour = picture.getpixel((0, 0))
        assert (pixels == np.array(colour)).all(axis=2).sum() == picture.width * picture.height


@pytest.mark.parametrize(
    "caption", ["", "one", "line\nline", "word " * 90, "unbroken" * 40, "1\n2\n3\n4\n5", "Ærøskøbing → 3 ✓"]
)
def test_any_caption_fits(caption):
    sheet = contact_sheet(cells(2, caption))
    assert sheet.height < 90 + 150


def test_a_sheet_is_no_wider_than_its_cells_need():
    assert contact_sheet(cells(2), columns=8).width == contact_sheet(cells(2), columns=2).width


def test_transparent_pictures_lie_on_their_card():
    sheet = contact_sheet([(Image.new("RGBA", (150, 90), (0, 0, 0, 0)), "")])
    assert sheet.getpixel((sheet.width // 2, sheet.height // 2)) == (255, 255, 255)


def test_the_same_cells_give_the_same_sheet():
    assert contact_sheet(cells(3), title="x").tobytes() == contact_sheet(cells(3), title="x").tobytes()


@pytest.mark.parametrize(("given", "columns"), [([], 4), (cells(1), 0)])
def test_nothing_to_show_is_refused(given, columns):
    with pytest.raises(UsageError, match="at least"):
        contact_sheet(given, columns=columns)
