"""Pictures to bytes and back: JPEG or PNG without metadata, and a reader that looks before it decodes."""

from __future__ import annotations

import base64
import io
import struct
from collections.abc import Callable
from typing import BinaryIO, Final

from PIL import (
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    ImageFile,
    JpegImagePlugin,
    PngImagePlugin,
    WebPImagePlugin,
)

from verienv.errors import UnknownName, UsageError

FORMATS: Final = ("jpeg", "png")
MAX_PIXELS: Final = 50_000_000

# What Pillow's readers raise on files that are broken, or were made to break them.
BROKEN: Final = (
    OSError,  # truncated files too
    SyntaxError,  # Pillow's word for a bad header
    ValueError,
    TypeError,
    LookupError,
    EOFError,
    ArithmeticError,
    MemoryError,
    NotImplementedError,  # BMP compressions that Pillow does not know
    struct.error,
    Image.DecompressionBombError,
)


class UnreadablePicture(UsageError):
    """Bytes that are not a picture of a known format, are broken, or hold too many pixels."""


def encode(image: Image.Image, format: str = "jpeg", quality: int = 90) -> bytes:
    """The picture as a file in memory, without metadata: the same pixels give the same bytes.

    `format` is "jpeg" (any picture becomes RGB; `quality` in 1..95) or "png" (lossless; `quality`
    is not used). PNG bytes may differ between builds of zlib, PNG pixels never do.
    Raises `UnknownName` for any other format, `UsageError` for any other quality.
    """
    if format not in FORMATS:
        raise UnknownName("picture format", format, FORMATS)
    if not 1 <= quality <= 95:
        raise UsageError(f"JPEG quality {quality} is outside 1..95")
    plain = image.convert("RGB") if format == "jpeg" or image.mode not in _PNG_MODES else image.copy()
    plain.info = {}
    stream = io.BytesIO()
    if format == "jpeg":
        plain.save(stream, "JPEG", quality=quality, optimize=False, progressive=False)
    else:
        plain.save(stream, "PNG", compress_level=1)
    return stream.getvalue()


def data_url(image: Image.Image, format: str = "jpeg", quality: int = 90) -> str:
    """The picture as a `data:image/...;base64,` URL, ready for a chat message."""
    body = base64.b64encode(encode(image, format, quality)).decode("ascii")
    return f"data:image/{format};base64,{body}"


def decode(data: bytes, max_pixels: int = MAX_PIXELS) -> Image.Image:
    """The picture in `data` (PNG, JPEG, WebP, GIF or BMP), decoded; the first frame of several.

    Raises `UnreadablePicture` when the format is none of these, when the header names more than
    `max_pixels` pixels (nothing is decoded then), or when the data is broken.
    """
    try:
        image = header(io.BytesIO(data), max_pixels)
        image.load()
    except UnreadablePicture:
        raise
    except BROKEN as error:
        raise UnreadablePicture(f"broken picture: {describe(error)}") from error
    return image


def header(stream: BinaryIO, max_pixels: int = MAX_PIXELS) -> ImageFile.ImageFile:
    """The picture at the start of `stream`, its header read and nothing decoded.

    `Image.open` would warn, or not, by a limit that the whole process shares; this reads the size
    itself and never warns. Raises `UnreadablePicture` (see `decode`), or one of `BROKEN`.
    """
    head = stream.read(32)
    stream.seek(0)
    name = next((name for name, starts in _MAGIC if starts(head)), None)
    if name is None:
        raise UnreadablePicture("not a PNG, JPEG, WebP, GIF or BMP file")
    if name == "webp":  # its reader makes room for the whole picture at once
        _check(_webp_size(head), max_pixels)
    image = _READERS[name](stream)
    _check(image.size, max_pixels)
    return image


def describe(error: BaseException) -> str:
    """One line about an error of Pillow's, which may have no words of its own."""
    lines = str(error).strip().splitlines()
    return lines[0][:200] if lines else type(error).__name__


_PNG_MODES: Final = ("1", "L", "LA", "RGB", "RGBA", "P", "I;16")

_MAGIC: Final[tuple[tuple[str, Callable[[bytes], bool]], ...]] = (
    ("png", lambda head: head.startswith(b"\x89PNG\r\n\x1a\n")),
    ("jpeg", lambda head: head.startswith(b"\xff\xd8\xff")),
    ("webp", lambda head: head[:4] == b"RIFF" and head[8:12] == b"WEBP"),
    ("gif", lambda head: head[:6] in (b"GIF87a", b"GIF89a")),
    ("bmp", lambda head: head.startswith(b"BM")),
)
_READERS: Final[dict[str, Callable[[BinaryIO], ImageFile.ImageFile]]] = {
    "png": PngImagePlugin.PngImageFile,
    "jpeg": JpegImagePlugin.JpegImageFile,
    "webp": WebPImagePlugin.WebPImageFile,
    "gif": GifImagePlugin.GifImageFile,
    "bmp": BmpImagePlugin.BmpImageFile,
}


def _check(size: tuple[int, int], max_pixels: int) -> None:
    width, height = size
    if width < 1 or height < 1:
        raise UnreadablePicture(f"the header says {width}x{height} pixels")
    if width * height > max_pixels:
        raise UnreadablePicture(
            f"the header says {width}x{height} pixels, more than the {max_pixels:,} allowed"
        )


def _webp_size(head: bytes) -> tuple[int, int]:
    """Width and height from the first 32 bytes of a WebP file."""
    if head[12:16] == b"VP8X":
        return 1 + int.from_bytes(head[24:27], "little"), 1 + int.from_bytes(head[27:30], "little")
    if head[12:16] == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    width, height = int.from_bytes(head[26:28], "little"), int.from_bytes(head[28:30], "little")
    return width & 0x3FFF, height & 0x3FFF
