"""A user's own pictures: loaded and registered, so that the tasks' `pictures` knob can name them."""

from __future__ import annotations


def use(folder: str) -> str:
    """Register the pictures of a folder in this process; the digest that names the set. Raises UsageError."""
    from verienv.render import pictures

    return pictures.register(pictures.load(folder)).digest
