"""The bundled fonts cover what tasks write, and refuse what they cannot."""

from __future__ import annotations

import concurrent.futures

import pytest
from PIL import Image, ImageDraw, ImageFont

from verienv.errors import UnknownName, UsageError
from verienv.render import fonts

WRITTEN = (
    "ABCXYZabcxyz0123456789 !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
    "ÄÖÜßéèñçŁőžŠ ΑΒΓΔΩαβγδπω –—‘’“”…•€ ←↑→↓↔⇒⇔ ×÷±≤≥≠≈∞√∑∏∫∂∈∉∩∪∅∀∃¬∧∨ ─│┌┐└┘├┤┬┴┼═║█░ ■□▲▼◆◇○● ✓✗"
)


def drawn(face: ImageFont.FreeTypeFont, character: str) -> bytes:
    picture = Image.new("L", (64, 64))
    ImageDraw.Draw(picture).text((16, 8), character, fill=255, font=face)
    return picture.tobytes()


@pytest.mark.parametrize("name", fonts.FONTS)
def test_every_font_has_a_glyph_for_what_tasks_write(name):
    face = fonts.font(name, 24)
    missing = drawn(face, "\U0010fffd")
    lacking = "∅✓✗" if name == "serif" else ""  # DejaVu Serif has none of these
    without = [each for each in WRITTEN if each not in " " + lacking and drawn(face, each) == missing]
    assert without == []


def test_a_font_is_loaded_once():
    assert fonts.font("mono", 17) is fonts.font("mono", 17)


def test_layout_never_depends_on_the_machine():
    assert all(fonts.font(name).layout_engine == ImageFont.Layout.BASIC for name in fonts.FONTS)


def test_an_unknown_font_is_answered_with_the_nearest():
    with pytest.raises(UnknownName, match="did you mean 'serif'"):
        fonts.font("serf")


@pytest.mark.parametrize("size", [0, 3, 5000])
def test_a_size_out_of_bounds_is_refused(size):
    with pytest.raises(UsageError, match=r"4\.\.1024"):
        fonts.font("sans", size)


def test_text_returns_the_box_that_holds_its_ink():
    picture = Image.new("L", (200, 60))
    box = fonts.text(ImageDraw.Draw(picture), (20.4, 10.6), "Quay", name="bold", size=24, fill=255)
    found = picture.getbbox()
    assert found is not None
    assert all(outer <= inner for outer, inner in zip(box[:2], found[:2], strict=True))
    assert all(outer >= inner for outer, inner in zip(box[2:], found[2:], strict=True))
    assert box[2] - box[0] <= found[2] - found[0] + 4


@pytest.mark.parametrize("words", ["i", "Harbour", "a long line of many words"])
def test_fitted_text_is_no_wider_than_its_room(words):
    size = fonts.fit(words, 120, name="bold", largest=90)
    assert fonts.font("bold", size).getlength(words) <= 121
    assert size in (4, 90) or fonts.font("bold", size + 2).getlength(words) > 120


def test_threads_write_the_same_pixels():
    def write(number: int) -> bytes:
        picture = Image.new("L", (200, 40))
        fonts.text(ImageDraw.Draw(picture), (4, 4), f"thread {number % 5}", size=12 + number % 3, fill=255)
        return picture.tobytes()

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        assert list(pool.map(write, range(90))) == [write(number) for number in range(90)]
