"""A user's own pictures: loaded and registered, so that the tasks' `pictures` knob can name them."""

from __future__ import annotations

from collections.abc import Callable


def use(folder: str, tell: Callable[[str, str], None] = lambda path, reason: None) -> str:
    """Register the pictures of a folder in this process; the digest that names the set. Raises UsageError.

    `tell(path, reason)` is called for each file that is skipped.
    """
    from verienv.render import pictures

    found = pictures.register(pictures.load(folder))
    for each in found.skipped:
        tell(str(each.path), each.reason)
    return found.digest
