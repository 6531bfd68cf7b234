"""A user's own pictures: loaded and registered, so that the tasks' `pictures` knob can name them."""

from __future__ import annotations

import importlib


def use(folder: str) -> str:
    """Register the pictures of a folder in this process; the digest that names the set."""
    pictures = importlib.import_module("verienv.render.pictures")
    found = pictures.load(folder)
    pictures.register(found)
    return str(found.digest)
