"""Pictures to bytes and back: the same bytes each time, and no metadata."""

from __future__ import annotations

import base64
import platform
import random
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from verienv.errors import UnknownName, UsageError
from verienv.render import encode, scenes


@pytest.fixture(scope="module")
def picture():
    return scenes.scene("landscape", random.Random(2), (160, 120))


def test_png_keeps_every_pixel(picture):
    back = encode.decode(encode.encode(picture, "png"))
    assert back.convert("RGB").tobytes() == picture.tobytes()


def test_jpeg_stays_close(picture):
    back = encode.decode(encode.encode(picture, "jpeg"))
    off = np.abs(np.asarray(back).astype(int) - np.asarray(picture).astype(int))
    assert off.mean() < 4


@pytest.mark.parametrize("format", encode.FORMATS)
def test_the_same_picture_gives_the_same_bytes(picture, format):
    assert encode.encode(picture, format) == encode.encode(picture.copy(), format)


@pytest.mark.parametrize("format", encode.FORMATS)
def test_metadata_does_not_travel(picture, format):
    marked = picture.copy()
    marked.info = {"comment": b"secret", "dpi": (300, 300), "exif": b"Exif\0\0secret", "icc_profile": b"secret"}
    assert encode.encode(marked, format) == encode.encode(picture, format)
    assert "comment" in marked.info


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "F"])
@pytest.mark.parametrize("format", encode.FORMATS)
def test_every_mode_is_encoded(picture, mode, format):
    source = picture.convert("L").convert(mode) if mode == "F" else picture.convert(mode)
    assert encode.decode(encode.encode(source, format)).size == picture.size


def test_a_data_url_holds_the_file(picture):
    url = encode.data_url(picture, "png")
    head, _, body = url.partition(",")
    assert head == "data:image/png;base64"
    assert base64.b64decode(body) == encode.encode(picture, "png")


def test_an_unknown_format_is_answered_with_the_nearest(picture):
    with pytest.raises(UnknownName, match="did you mean 'jpeg'"):
        encode.encode(picture, "jpg")


@pytest.mark.parametrize("quality", [0, 96, -1])
def test_a_quality_out_of_bounds_is_refused(picture, quality):
    with pytest.raises(UsageError, match=r"1\.\.95"):
        encode.encode(picture, "jpeg", quality)


@pytest.mark.parametrize(
    "data", [b"", b"hello", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"GIF89a", b"BM", b"RIFF0000WEBP"]
)
def test_bytes_that_are_no_picture_are_refused(data):
    with pytest.raises(encode.UnreadablePicture):
        encode.decode(data)


def test_a_picture_of_too_many_pixels_is_refused(picture):
    with pytest.raises(encode.UnreadablePicture, match="160x120 pixels, more than the 19,199"):
        encode.decode(encode.encode(picture, "png"), max_pixels=160 * 120 - 1)


def test_a_picture_reads_back_in_its_own_mode():
    grey = Image.new("L", (12, 12), 7)
    assert encode.decode(encode.encode(grey, "png")).mode == "L"


PAGES = """
import resource
import numpy as np
from PIL import Image
from verienv.render import encode

pixels = np.random.default_rng(1).integers(0, 99, (480, 640, 3), np.uint8)

def work():
    for _ in range(20):
        encode.encode(Image.fromarray(pixels[::-1].copy()))

work()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
work()
print((resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before) // 20)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another malloc")
def test_memory_of_pictures_is_used_again_and_not_asked_for_anew():
    shown = subprocess.run([sys.executable, "-c", PAGES], capture_output=True, text=True, check=True).stdout
    assert int(shown) < 100  # pages for each picture; a picture alone has 300
