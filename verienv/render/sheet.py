"""A contact sheet: many pictures on one page, each with a caption, for people to open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw

from verienv.errors import UsageError
from verienv.render import fonts

RGB = tuple[int, int, int]


@dataclass(frozen=True)
class Look:
    """The colours of a sheet."""

    page: RGB
    card: RGB
    rim: RGB
    ink: RGB
    faint: RGB


LIGHT = Look((244, 243, 239), (255, 255, 255), (221, 218, 209), (33, 37, 43), (107, 112, 121))
DARK = Look((22, 24, 29), (33, 36, 43), (55, 59, 69), (236, 237, 239), (150, 155, 166))

GAP, PAD = 24, 12  # pixels: between cards, and between a card's rim and its picture
LINE, ROWS = 20, 3  # pixels per line of a caption, and how many lines it may have


def contact_sheet(
    cells: Sequence[tuple[Image.Image, str]],
    columns: int = 4,
    title: str = "",
    dark: bool = False,
) -> Image.Image:
    """The pictures in reading order on cards of one width, `columns` to a row, as RGB.

    A caption's first line stands out; it breaks at newlines and between words, and ends in "…"
    after three lines. Pictures keep their pixels and lie in the middle of their cards.
    Raises `UsageError` without cells or columns.
    """
    if not cells:
        raise UsageError("a contact sheet needs at least one cell")
    if columns < 1:
        raise UsageError(f"a contact sheet needs at least 1 column, not {columns}")
    look = DARK if dark else LIGHT
    columns = min(columns, len(cells))
    wide = max(140, *(image.width for image, _ in cells))
    captions = [_lines(caption, wide) for _, caption in cells]
    rows = [range(start, min(start + columns, len(cells))) for start in range(0, len(cells), columns)]
    tall = [max(cells[at][0].height for at in row) for row in rows]
    notes = [max(len(captions[at]) for at in row) * LINE for row in rows]
    head = GAP + (48 if title else 0)
    size = (
        GAP + columns * (wide + 2 * PAD + GAP),
        head + sum(image + note + 2 * PAD + (8 if note else 0) + GAP
                   for image, note in zip(tall, notes, strict=True)),
    )
    sheet = Image.new("RGB", size, look.page)
    pen = ImageDraw.Draw(sheet)
    if title:
        room = size[0] - 2 * GAP
        fonts.text(pen, (GAP, GAP + 16), title, name="bold", size=fonts.fit(title, room, name="bold", largest=26),
                   fill=look.ink, anchor="lm")
    y = head
    for row, image_tall, note in zip(rows, tall, notes, strict=True):
        end = y + 2 * PAD + image_tall + note + (8 if note else 0)
        for column, at in enumerate(row):
            x = GAP + column * (wide + 2 * PAD + GAP)
            pen.rounded_rectangle((x, y, x + wide + 2 * PAD, end), 8, fill=look.card, outline=look.rim)
            picture = cells[at][0]
            left, top = x + PAD + (wide - picture.width) // 2, y + PAD + (image_tall - picture.height) // 2
            _paste(sheet, picture, left, top)
            for line, words in enumerate(captions[at]):
                fonts.text(pen, (x + PAD, y + PAD + image_tall + 8 + LINE * line + LINE // 2), words,
                           name="bold" if line == 0 else "sans", size=13,
                           fill=look.ink if line == 0 else look.faint, anchor="lm")
        y = end + GAP
    return sheet


def _paste(sheet: Image.Image, picture: Image.Image, left: int, top: int) -> None:
    if picture.mode in ("RGBA", "LA", "PA"):
        sheet.paste(picture.convert("RGB"), (left, top), picture.convert("RGBA").getchannel("A"))
    else:
        sheet.paste(picture.convert("RGB"), (left, top))


def _lines(caption: str, width: int) -> list[str]:
    """A caption broken into at most three lines of at most `width` pixels."""
    lines: list[str] = []
    for paragraph in caption.splitlines():
        line = ""
        for word in paragraph.split():
            joined = f"{line} {word}".strip()
            if line and _width(joined, len(lines)) > width:
                lines.append(line)
                joined = word
            line = joined
        lines.append(line)
    kept = [_cut(line, width, row) for row, line in enumerate(lines[:ROWS])]
    if len(lines) > ROWS:
        kept[-1] = _cut(f"{lines[ROWS - 1]} …", width, ROWS - 1)
    return kept


def _cut(line: str, width: int, row: int) -> str:
    """The line, or as much of its start as fits, with "…" for the rest."""
    if _width(line, row) <= width:
        return line
    while line and _width(f"{line}…", row) > width:
        line = line[:-1]
    return f"{line.rstrip(' …')}…"


def _width(line: str, row: int) -> float:
    return fonts.font("bold" if row == 0 else "sans", 13).getlength(line)
