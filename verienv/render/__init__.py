"""Drawing that is the same everywhere: scenes, text in bundled fonts, the user's own pictures.

The modules: `scenes` (pictures drawn from random numbers), `fonts` (text), `pictures` (photos from
a directory), `encode` (to bytes and back: `encode.encode`, `encode.data_url`), `sheet` (many
pictures on one page).
"""

import numpy as np

from verienv.render import encode
from verienv.render.encode import data_url, decode
from verienv.render.fonts import font, text
from verienv.render.pictures import open_picture
from verienv.render.scenes import SCENES, scene
from verienv.render.sheet import contact_sheet

__all__ = [
    "SCENES",
    "contact_sheet",
    "data_url",
    "decode",
    "encode",
    "font",
    "open_picture",
    "scene",
    "text",
]

# glibc hands freed memory back to the system, from where it comes again page by page, until one larger block has come
# and gone. A picture has hundreds of pages, and that takes longer than drawing it: so one comes and goes, untouched.
np.empty(16 << 20, np.uint8)
