"""The user's photos: addressed by content, never decoded unseen, and noticed when they change."""

from __future__ import annotations

import concurrent.futures
import os
import random
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from verienv.errors import UsageError
from verienv.render import encode, pictures, scenes

GOOD = ("b.jpg", "a.png", "c.jpg")


@pytest.fixture(autouse=True)
def _no_sets_known(monkeypatch):
    monkeypatch.setattr(pictures, "_KNOWN", {})
    monkeypatch.setattr(pictures, "_SCANNED", set())
    monkeypatch.setattr(pictures, "_DECODED", pictures._Decoded(pictures.CACHE_BYTES))
    monkeypatch.delenv(pictures.VARIABLE, raising=False)


@pytest.fixture
def folder(tmp_path):
    """Three good pictures, one of them a folder down."""
    root = tmp_path / "photos"
    (root / "trip").mkdir(parents=True)
    for number, name in enumerate(("b.jpg", "a.png", "trip/c.jpg")):
        picture = scenes.scene("texture", random.Random(number), (120, 90))
        picture.save(root / name)
    return root


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose header promises width x height pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = b"\x89PNG\r\n\x1a\n"
    for kind, body in ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b"")):
        chunks += struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    return chunks


def test_a_directory_becomes_a_set(folder):
    found = pictures.load(folder)
    assert sorted(each.path.name for each in found.pictures) == ["a.png", "b.jpg", "c.jpg"]
    assert {(each.width, each.height) for each in found.pictures} == {(120, 90)}
    assert len(found.digest) == 12
    assert found.skipped == ()


def test_the_digest_and_the_order_follow_content_and_not_names(folder, tmp_path):
    first = pictures.load(folder)
    moved = tmp_path / "elsewhere"
    moved.mkdir()
    for number, each in enumerate(first.pictures):
        (moved / f"{9 - number}.bin").write_bytes(each.path.read_bytes())
    second = pictures.load(moved)
    assert second.digest == first.digest
    assert [each.sha256 for each in second.pictures] == [each.sha256 for each in first.pictures]


def test_one_more_picture_makes_another_set(folder):
    before = pictures.load(folder).digest
    scenes.scene("map", random.Random(8), (100, 100)).save(folder / "z.png")
    assert pictures.load(folder).digest != before


def test_what_is_no_picture_is_skipped_with_the_reason(folder):
    good = pictures.load(folder).digest
    (folder / "notes.txt").write_text("not a picture")
    (folder / "bomb.png").write_bytes(bomb(60_000, 60_000))
    (folder / "cut.jpg").write_bytes((folder / "b.jpg").read_bytes()[:900])
    (folder / "twice.jpg").write_bytes((folder / "b.jpg").read_bytes())
    (folder / ".hidden.png").write_bytes((folder / "a.png").read_bytes())
    Image.new("RGB", (300, 20)).save(folder / "strip.png")
    frames = [Image.new("RGB", (80, 80), colour) for colour in ("red", "green", "blue")]
    frames[0].save(folder / "moving.gif", save_all=True, append_images=frames[1:])
    found = pictures.load(folder)
    assert [each.path.name for each in found.pictures if each.path.name not in GOOD] == []
    reasons = {each.path.name: each.reason for each in found.skipped}
    assert found.digest == good
    assert sorted(reasons) == ["bomb.png", "cut.jpg", "moving.gif", "notes.txt", "strip.png", "twice.jpg"]
    assert "60000x60000" in reasons["bomb.png"]
    assert "truncated" in reasons["cut.jpg"]
    assert reasons["moving.gif"] == "animated"
    assert "not a PNG" in reasons["notes.txt"]
    assert "at least 64" in reasons["strip.png"]
    assert "same bytes" in reasons["twice.jpg"]


def test_a_bomb_is_refused_without_a_warning_and_without_decoding(monkeypatch):
    def decoded(self):
        raise AssertionError("a bomb was decoded")

    monkeypatch.setattr("PIL.PngImagePlugin.PngImageFile.load", decoded)
    with pytest.raises(encode.UnreadablePicture, match="more than the 50,000,000 allowed"):
        encode.decode(bomb(20_000, 20_000))


def test_a_webp_bomb_is_refused_by_its_first_bytes():
    head = b"RIFF\x40\0\0\0WEBPVP8X\x0a\0\0\0\x10\0\0\0" + (16_382).to_bytes(3, "little") * 2 + b"\0" * 40
    with pytest.raises(encode.UnreadablePicture, match="16383x16383"):
        encode.decode(head)


def test_damaged_files_never_raise_anything_unforeseen(folder):
    rng = random.Random(0)
    sources = [(folder / name).read_bytes() for name in ("a.png", "b.jpg")]
    for format in ("GIF", "BMP", "WEBP"):
        scenes.scene("map", random.Random(1), (64, 64)).save(folder / f"x.{format.lower()}", format)
        sources.append((folder / f"x.{format.lower()}").read_bytes())
    for number in range(150):
        data = bytearray(sources[number % len(sources)])
        for _ in range(rng.randrange(1, 9)):
            data[rng.randrange(min(len(data), 400))] = rng.randrange(256)
        (folder / "damaged.bin").write_bytes(bytes(data[: rng.randrange(20, len(data))]))
        pictures.load(folder / "..", min_side=8, max_pixels=10**6) if number == 0 else None
        pictures._read(folder / "damaged.bin", 8, 10**6)


def test_a_missing_directory_is_named(tmp_path):
    with pytest.raises(UsageError, match="no directory of pictures at"):
        pictures.load(tmp_path / "nowhere")


def test_a_registered_set_is_found(folder):
    known = pictures.register(pictures.load(folder))
    assert pictures.find(known.digest) is known


def test_a_set_is_found_through_the_environment(folder, tmp_path, monkeypatch):
    (tmp_path / "empty").mkdir()
    monkeypatch.setenv(pictures.VARIABLE, f"{tmp_path / 'empty'}{os.pathsep}{folder}")
    digest = pictures.load(folder).digest
    assert pictures.find(digest).digest == digest


def test_a_picture_is_found_by_its_name(folder, tmp_path, monkeypatch):
    monkeypatch.setenv(pictures.VARIABLE, str(folder))
    known = {each.path.name: each for each in pictures.load(folder).pictures}
    digest, picture = pictures.named("trip/c.jpg")
    assert (digest, picture) == (pictures.load(folder).digest, known["c.jpg"])
    assert pictures.named("c.jpg")[1] == picture
    with pytest.raises(pictures.UnknownPictures, match=pictures.VARIABLE):
        pictures.named("d.jpg")
    with pytest.raises(pictures.UnknownPictures):
        pictures.named("")


def test_a_name_that_two_pictures_have_is_refused(folder):
    scenes.scene("texture", random.Random(9), (120, 90)).save(folder / "trip" / "a.png")
    pictures.register(pictures.load(folder))
    with pytest.raises(UsageError, match="2 different pictures"):
        pictures.named("a.png")
    assert pictures.named("trip/a.png")[1].path == folder / "trip" / "a.png"


def test_an_unknown_set_says_how_to_name_a_directory():
    with pytest.raises(pictures.UnknownPictures, match="--pictures DIR, or set VERIENV_PICTURES=DIR") as raised:
        pictures.find("0123456789ab")
    assert isinstance(raised.value, LookupError)


@pytest.mark.parametrize("size", [(64, 64), (200, 50), (33, 77), (500, 500), (10, 8)])
def test_a_picture_is_opened_at_the_size_asked(folder, size):
    each = pictures.load(folder).pictures[0]
    picture = pictures.open_picture(each, size)
    assert (picture.size, picture.mode) == (size, "RGB")
    assert picture.tobytes() == pictures.open_picture(each, size).tobytes()


def test_a_picture_is_cut_around_its_centre(tmp_path):
    whole = Image.new("RGB", (300, 100), (255, 0, 0))
    whole.paste((0, 0, 255), (100, 0, 200, 100))
    whole.save(tmp_path / "x.png")
    each = pictures.load(tmp_path).pictures[0]
    assert pictures.open_picture(each, (50, 50)).getcolors() == [(2500, (0, 0, 255))]


def test_a_picture_opened_at_its_own_size_keeps_its_pixels(tmp_path):
    whole = scenes.scene("room", random.Random(1), (120, 90))
    whole.save(tmp_path / "x.png")
    each = pictures.load(tmp_path).pictures[0]
    assert pictures.open_picture(each, (120, 90)).tobytes() == whole.tobytes()


def test_a_photo_held_sideways_is_turned_upright(tmp_path):
    whole = scenes.scene("map", random.Random(1), (160, 96))
    exif = Image.Exif()
    exif[0x0112] = 6
    whole.save(tmp_path / "x.png", exif=exif)
    each = pictures.load(tmp_path).pictures[0]
    assert (each.width, each.height) == (96, 160)
    upright = whole.transpose(Image.Transpose.ROTATE_270)
    assert pictures.open_picture(each, (96, 160)).tobytes() == upright.tobytes()


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_mode_becomes_rgb(tmp_path, mode):
    if mode == "I;16":
        whole = Image.fromarray((np.arange(6400, dtype=np.uint16) * 10).reshape(80, 80))
    else:
        whole = scenes.scene("map", random.Random(1), (80, 80)).convert(mode)
    whole.save(tmp_path / "x.png")
    each = pictures.load(tmp_path).pictures[0]
    picture = pictures.open_picture(each, (80, 80))
    assert picture.mode == "RGB"
    assert len(set(picture.tobytes())) > 1


def test_transparent_parts_turn_white(tmp_path):
    Image.new("RGBA", (80, 80), (10, 20, 30, 0)).save(tmp_path / "x.png")
    each = pictures.load(tmp_path).pictures[0]
    assert pictures.open_picture(each, (8, 8)).getcolors() == [(64, (255, 255, 255))]


def test_a_changed_file_is_noticed(folder):
    each = pictures.load(folder).pictures[0]
    scenes.scene("map", random.Random(77), (120, 90)).save(each.path, "PNG")
    with pytest.raises(pictures.ChangedPicture, match="has changed"):
        pictures.open_picture(each, (64, 64))


def test_a_removed_file_is_noticed(folder):
    each = pictures.load(folder).pictures[0]
    each.path.unlink()
    with pytest.raises(pictures.ChangedPicture, match="can no longer be read"):
        pictures.open_picture(each, (64, 64))


def test_the_cache_holds_no_more_than_its_limit_and_forgets_the_oldest():
    kept = pictures._Decoded(3 * 10 * 10 * 4)
    for key in "abc":
        kept.put(key, Image.new("RGB", (10, 10)))
    assert kept.get("a") is not None
    kept.put("d", Image.new("RGB", (10, 10)))
    kept.put("huge", Image.new("RGB", (99, 99)))
    assert [key for key in ("a", "b", "c", "d", "huge") if kept.get(key)] == ["a", "c", "d"]


def test_threads_open_the_same_pixels(folder):
    found = pictures.load(folder).pictures
    jobs = [(each, (40 + 5 * number, 50)) for each in found for number in range(8)]
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda job: pictures.open_picture(*job).tobytes(), jobs))
    assert together == [pictures.open_picture(*job).tobytes() for job in jobs]
