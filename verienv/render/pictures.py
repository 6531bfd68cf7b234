"""The user's own photos, addressed by what they hold: a directory becomes a set with a digest.

The same files give the same digest and the same order wherever they lie and whatever they are
called, so a problem that names a digest and a picture can be drawn again on another machine.
"""

from __future__ import annotations

import collections
import hashlib
import io
import os
import pathlib
import threading
from dataclasses import dataclass
from typing import Final

import numpy as np
from PIL import Image, ImageOps

from verienv.errors import UsageError
from verienv.render import encode

VARIABLE: Final = "VERIENV_PICTURES"
MAX_BYTES: Final = 256 << 20  # a file larger than this is skipped unread
CACHE_BYTES: Final = 192 << 20  # decoded pictures kept, all together


@dataclass(frozen=True)
class Picture:
    """One readable file: its size in pixels as it is seen, EXIF orientation applied."""

    sha256: str
    path: pathlib.Path
    width: int
    height: int


@dataclass(frozen=True)
class Skipped:
    """A file that is no picture for us, and why."""

    path: pathlib.Path
    reason: str


@dataclass(frozen=True)
class PictureSet:
    """Pictures in the order of their sha256; `digest` is 12 hex digits over those."""

    digest: str
    pictures: tuple[Picture, ...]
    skipped: tuple[Skipped, ...] = ()


class UnknownPictures(UsageError, LookupError):
    """A problem names a set of pictures that this process has not been given."""


class ChangedPicture(UsageError):
    """A file is gone, or no longer holds what it held when its set was loaded."""


def load(
    directory: str | os.PathLike[str], *, min_side: int = 64, max_pixels: int = encode.MAX_PIXELS
) -> PictureSet:
    """Every picture under `directory`, read once, by name; hidden files are passed over.

    A file is skipped, with the reason, when it is not PNG, JPEG, WebP, GIF or BMP, cannot be
    decoded, is animated, has a side under `min_side` pixels, names more than `max_pixels` pixels
    in its header (it is not decoded then), or holds the same bytes as an earlier one.
    Raises `UsageError` when `directory` is not a directory.
    """
    root = pathlib.Path(directory)
    if not root.is_dir():
        raise UsageError(f"no directory of pictures at {str(root)!r}")
    found: dict[str, Picture] = {}
    skipped: list[Skipped] = []
    for path in _files(root):
        read = _read(path, min_side, max_pixels)
        if isinstance(read, Picture) and read.sha256 in found:
            read = Skipped(path, f"holds the same bytes as {found[read.sha256].path.name!r}")
        if isinstance(read, Picture):
            found[read.sha256] = read
        else:
            skipped.append(read)
    names = sorted(found)
    digest = hashlib.sha256("".join(names).encode("ascii")).hexdigest()[:12]
    return PictureSet(digest, tuple(found[name] for name in names), tuple(skipped))


def register(pictures: PictureSet) -> PictureSet:
    """Make a set known to `find` for the rest of the process; returns it."""
    with _LOCK:
        _KNOWN[pictures.digest] = pictures
    return pictures


def find(digest: str) -> PictureSet:
    """The registered set with this digest, or one from the directories in `VERIENV_PICTURES`.

    The variable is read, and its directories scanned, the first time a digest is not known.
    Raises `UnknownPictures`, which says how to name a directory.
    """
    with _LOCK:
        if digest not in _KNOWN:
            _scan()
        if digest in _KNOWN:
            return _KNOWN[digest]
        known = ", ".join(_KNOWN) or "none"
    raise UnknownPictures(
        f"no pictures with digest {digest!r} (known: {known}). Name the directory that holds them: "
        f"pass --pictures DIR, or set {VARIABLE}=DIR (several joined by {os.pathsep!r})."
    )


def named(name: str) -> tuple[str, Picture]:
    """The digest of a set and its picture whose path ends in `name`, a file's name with or without folders.

    Looked for among the registered sets and those in `VERIENV_PICTURES`. Raises `UnknownPictures` when there is none,
    `UsageError` when pictures that differ have that name.
    """
    tail = pathlib.PurePosixPath(name.replace("\\", "/")).parts
    with _LOCK:
        _scan()
        found = {
            picture.sha256: (digest, picture)
            for digest, pictures in _KNOWN.items()
            for picture in pictures.pictures
            if tail and picture.path.parts[-len(tail) :] == tail
        }
    if not found:
        raise UnknownPictures(
            f"no picture named {name!r:.200}. Name the directory that holds it: set {VARIABLE}=DIR (several joined by "
            f"{os.pathsep!r}); pictures with a side under 64 pixels and copies of others are passed over."
        )
    if len(found) > 1:
        raise UsageError(f"{len(found)} different pictures are named {name!r:.200}; give more of its path")
    return next(iter(found.values()))


def open_picture(picture: Picture, size: tuple[int, int]) -> Image.Image:
    """The picture as RGB, cut around its centre to the shape of `size` and resized to it.

    `size` is (width, height) in pixels. Transparent parts turn white. A few decoded pictures are
    kept, so that drawing again is fast; the picture returned is the caller's own.
    Raises `ChangedPicture` when the file is gone or its sha256 is another, and `UsageError` for a
    size that is not positive.
    """
    if min(size) < 1:
        raise UsageError(f"picture size {size[0]}x{size[1]}: each side must be at least 1 pixel")
    whole = _DECODED.get(picture.sha256)
    if whole is None:
        whole = _decoded(picture)
        _DECODED.put(picture.sha256, whole)
    return _resized(whole.crop(_centre(whole.size, size)), size)


class _Decoded:
    """Decoded pictures by sha256, the least recently used dropped first; safe between threads."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._held = 0
        self._images: collections.OrderedDict[str, Image.Image] = collections.OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str) -> Image.Image | None:
        with self._lock:
            image = self._images.get(key)
            if image is not None:
                self._images.move_to_end(key)
            return image

    def put(self, key: str, image: Image.Image) -> None:
        with self._lock:
            if key in self._images or _weight(image) > self._limit:
                return
            self._images[key] = image
            self._held += _weight(image)
            while self._held > self._limit:
                _, dropped = self._images.popitem(last=False)
                self._held -= _weight(dropped)


_LOCK = threading.RLock()
_KNOWN: dict[str, PictureSet] = {}
_SCANNED: set[str] = set()
_DECODED = _Decoded(CACHE_BYTES)


def _weight(image: Image.Image) -> int:
    return image.width * image.height * 4  # Pillow keeps RGB in four bytes


def _scan() -> None:
    """Register the sets in `VERIENV_PICTURES`, each value of the variable only once."""
    value = os.environ.get(VARIABLE, "")
    if value in _SCANNED:
        return
    _SCANNED.add(value)
    for directory in value.split(os.pathsep):
        if directory:
            register(load(directory))


def _files(root: pathlib.Path) -> list[pathlib.Path]:
    """Files under `root`, by their names below it; nothing whose name begins with a dot."""
    found = []
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [pathlib.Path(folder, name) for name in names if not name.startswith(".")]
    return sorted(found, key=lambda path: path.relative_to(root).as_posix())


def _read(path: pathlib.Path, min_side: int, max_pixels: int) -> Picture | Skipped:
    """The file as a picture of the set, or why it is none; decoded once, at low resolution."""
    try:
        if not path.is_file():
            return Skipped(path, "not a file")
        if path.stat().st_size > MAX_BYTES:
            return Skipped(path, f"larger than {MAX_BYTES >> 20} MiB")
        data = path.read_bytes()
        image = encode.header(io.BytesIO(data), max_pixels)
        width, height = image.size
        if min(width, height) < min_side:
            return Skipped(path, f"{width}x{height} pixels; each side must be at least {min_side}")
        if getattr(image, "is_animated", False):
            return Skipped(path, "animated")
        turned = image.getexif().get(0x0112, 1) in (5, 6, 7, 8)
        image.draft("RGB", (width // 8, height // 8))  # a JPEG is checked to its end, but quickly
        image.load()
        _flat(image)
    except encode.BROKEN as error:
        return Skipped(path, encode.describe(error))
    width, height = (height, width) if turned else (width, height)
    return Picture(hashlib.sha256(data).hexdigest(), path, width, height)


def _decoded(picture: Picture) -> Image.Image:
    try:
        data = picture.path.read_bytes()
    except OSError as error:
        raise ChangedPicture(f"{str(picture.path)!r} can no longer be read: {error}") from error
    held = hashlib.sha256(data).hexdigest()
    if held != picture.sha256:
        raise ChangedPicture(
            f"{str(picture.path)!r} has changed: its sha256 was {picture.sha256[:12]}… when its set "
            f"was loaded and is {held[:12]}… now"
        )
    image = encode.decode(data, max_pixels=picture.width * picture.height)
    return _flat(ImageOps.exif_transpose(image))


def _flat(image: Image.Image) -> Image.Image:
    """The picture as RGB: transparency over white, 16-bit greys scaled to 8."""
    if image.mode.startswith("I;16"):
        grey = (np.asarray(image).astype(np.uint16) >> 8).astype(np.uint8)
        return Image.fromarray(grey).convert("RGB")
    if "A" in image.mode.upper()[1:] or "transparency" in image.info:
        clear = image.convert("RGBA")
        white = Image.new("RGBA", image.size, (255, 255, 255, 255))
        return Image.alpha_composite(white, clear).convert("RGB")
    return image.convert("RGB")


def _resized(part: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The picture at `size`: enlarged to a multiple of it, then averaged down.

    Pillow's own shrinking rounds differently from release to release; enlarging and averaging
    whole blocks do not. A picture more than four times too large is first averaged to half way.
    """
    width, height = size
    part = part.reduce(max(1, min(part.width // width, part.height // height) // 2))
    times = max(1, -(-part.width // width), -(-part.height // height))
    grown = part.resize((width * times, height * times), Image.Resampling.BICUBIC)
    return grown.reduce(times)


def _centre(whole: tuple[int, int], size: tuple[int, int]) -> tuple[int, int, int, int]:
    """The largest box of the shape of `size` in the middle of a `whole`, in whole pixels."""
    width = max(1, min(whole[0], (whole[1] * size[0] + size[1] // 2) // size[1]))
    height = max(1, min(whole[1], (whole[0] * size[1] + size[0] // 2) // size[0]))
    left, top = (whole[0] - width) // 2, (whole[1] - height) // 2
    return left, top, left + width, top + height
