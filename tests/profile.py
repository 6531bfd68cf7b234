"""How hard tests search: the profile `fast`, `ci` or `long`, chosen by the environment variable VERIENV_PROFILE."""

from __future__ import annotations

import os
from typing import Literal, cast, get_args

Profile = Literal["fast", "ci", "long"]


def profile() -> Profile:
    """The profile in force; `fast` unless VERIENV_PROFILE names another."""
    name = os.environ.get("VERIENV_PROFILE", "fast")
    if name not in get_args(Profile):
        raise ValueError(f"VERIENV_PROFILE is one of {', '.join(get_args(Profile))}, not {name!r}")
    return cast(Profile, name)


def profile_size(*, fast: int, ci: int, long: int) -> int:
    """How many cases a loop tries under the profile in force."""
    return {"fast": fast, "ci": ci, "long": long}[profile()]
