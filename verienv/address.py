"""Addresses: "jigsaw@1/L2/train/s0/17" ⇄ fields. An address alone regenerates its instance.

    name @ version / level or knobs / split / s<seed> / index

The third field is `L3` for a level, or the knobs spelt out: `sat@1/n=3,k=5,l=20/train/s0/17`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal, get_args

from verienv.errors import AddressError, UnknownName

Split = Literal["train", "validation", "test"]
SPLITS: Final[tuple[Split, ...]] = get_args(Split)

_FORM: Final = re.compile(
    r"(?P<name>[a-z][a-z0-9_]{0,63})@(?P<version>[0-9]{1,6})/(?P<setting>[A-Za-z0-9_=,.%+~-]{1,1000})"
    r"/(?P<split>[a-z]{1,16})/s(?P<seed>-?[0-9]{1,19})/(?P<index>[0-9]{1,19})",
    re.ASCII,
)
_LEVEL: Final = re.compile(r"L(0|[1-9][0-9]{0,3})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Address:
    """Where an instance lives. `setting` is "L3" or the text of the knobs."""

    name: str
    version: int
    setting: str
    split: Split
    seed: int
    index: int

    @property
    def level(self) -> int | None:
        """The level, or None when the knobs are spelt out."""
        return level_of(self.setting)

    def __str__(self) -> str:
        return f"{self.name}@{self.version}/{self.setting}/{self.split}/s{self.seed}/{self.index}"


def parse(text: str) -> Address:
    """Read an address; AddressError says what is wrong with the text."""
    match = _FORM.fullmatch(text) if isinstance(text, str) and len(text) <= 2000 else None
    if match is None:
        if isinstance(text, str) and "/read/" in text:
            raise AddressError(f"{text!r:.200} was read from a file; no generator makes it again, its row holds it")
        raise AddressError(
            f"{text!r:.200} is not an address; one looks like sat@1/L3/train/s0/17 "
            "(name@version/level or knobs/split/seed/index)"
        )
    return Address(
        name=match["name"],
        version=int(match["version"]),
        setting=match["setting"],
        split=split_named(match["split"]),
        seed=int(match["seed"]),
        index=int(match["index"]),
    )


def split_named(text: str) -> Split:
    """The split of that name; UnknownName gives the nearest."""
    for split in SPLITS:
        if text == split:
            return split
    raise UnknownName("split", text, SPLITS)


def level_of(setting: str) -> int | None:
    """3 for "L3"; None for knobs spelt out."""
    match = _LEVEL.fullmatch(setting)
    return int(match[1]) if match else None
