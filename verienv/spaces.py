"""Spaces that Gymnasium lacks: text in any alphabet, and pictures of any size.

`gymnasium.spaces.Text` knows 62 characters and refuses the empty text, white space and punctuation. Its shared
memory, the default of `AsyncVectorEnv`, hands every reader the text of the construction (measured on 1.0 to 1.4);
for the spaces here shared memory is refused with an error that names the remedy, `shared_memory=False`.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any, Final, NoReturn

import numpy as np
from gymnasium import Space
from gymnasium.error import CustomSpaceError
from gymnasium.spaces import Text
from gymnasium.spaces import utils as flattening
from gymnasium.vector.utils import shared_memory
from numpy.typing import NDArray

from verienv.errors import UsageError

SAMPLED_CHARS: Final = 64
"""The longest text that `UnicodeText.sample` draws, and the longest side of a sampled picture in pixels."""

_PRINTABLE: Final = "".join(map(chr, range(32, 127)))  # what `Text` is told; `contains` does not look at it
_SAMPLED: Final = [*_PRINTABLE, "\n", "\t", "\x00", "é", "ß", "Ω", "中", "\u200b", "\u202e", "🧩", "\ud800", "\udfff"]


class UnicodeText(Text):
    """Any `str` of at most `max_length` characters: empty, many lines, any script, even lone surrogates."""

    def __init__(self, max_length: int, *, seed: int | np.random.Generator | None = None) -> None:
        super().__init__(max_length, min_length=0, charset=_PRINTABLE, seed=seed)

    def contains(self, x: Any) -> bool:
        """Whether `x` is a `str` that is not too long; costs the same for every length."""
        return isinstance(x, str) and len(x) <= self.max_length

    def sample(self, mask: Any = None, probability: Any = None) -> str:
        """A text of at most SAMPLED_CHARS characters, awkward ones among them. Raises UsageError for a mask."""
        if mask is not None or probability is not None:
            raise UsageError("UnicodeText has no list of characters, so it takes neither mask nor probability")
        length = self.np_random.integers(0, min(self.max_length, SAMPLED_CHARS) + 1)
        return "".join([_SAMPLED[each] for each in self.np_random.integers(0, len(_SAMPLED), length)])

    @property
    def is_np_flattenable(self) -> bool:
        """False: a text is no array of fixed length."""
        return False

    def __repr__(self) -> str:
        return f"UnicodeText({self.max_length})"

    def __eq__(self, other: object) -> bool:
        return type(other) is UnicodeText and other.max_length == self.max_length

    __hash__ = None  # type: ignore[assignment]  # as for every Gymnasium space


class Pictures(Space[tuple[NDArray[np.uint8], ...]]):
    """A tuple of pictures, each [H, W, 3] uint8; how many, and how large each is, may change."""

    def __init__(self, *, seed: int | np.random.Generator | None = None) -> None:
        super().__init__(seed=seed)

    def contains(self, x: Any) -> bool:
        """Whether `x` is a tuple of such arrays."""
        return isinstance(x, tuple) and all(
            isinstance(each, np.ndarray) and each.dtype == np.uint8 and each.ndim == 3 and each.shape[2] == 3
            for each in x
        )

    def sample(self, mask: Any = None, probability: Any = None) -> tuple[NDArray[np.uint8], ...]:
        """Up to two small pictures of noise. Raises UsageError for a mask."""
        if mask is not None or probability is not None:
            raise UsageError("Pictures takes neither mask nor probability")
        sides = self.np_random.integers(1, SAMPLED_CHARS + 1, (self.np_random.integers(0, 3), 2))
        return tuple([self.np_random.integers(0, 256, (*each, 3), np.uint8) for each in sides])

    @property
    def is_np_flattenable(self) -> bool:
        """False: the sizes are not fixed."""
        return False

    def __repr__(self) -> str:
        return "Pictures()"

    def __eq__(self, other: object) -> bool:
        return type(other) is Pictures

    __hash__ = None  # type: ignore[assignment]  # as for every Gymnasium space


@shared_memory.create_shared_memory.register(UnicodeText)
@shared_memory.create_shared_memory.register(Pictures)
def _no_shared_memory(space: Space[Any], n: int = 1, ctx: ModuleType | None = None) -> NoReturn:
    raise CustomSpaceError(
        f"{space} cannot lie in shared memory: give AsyncVectorEnv shared_memory=False, "
        'or make_vec vector_kwargs={"shared_memory": False}'
    )


@flattening.flatdim.register(UnicodeText)
@flattening.flatdim.register(Pictures)
def _no_flat_length(space: Space[Any]) -> NoReturn:
    raise ValueError(f"{space} has no fixed length, so it cannot be flattened to an array")


@flattening.flatten_space.register(UnicodeText)
@flattening.flatten_space.register(Pictures)
def _flat_space(space: Space[Any]) -> Space[Any]:
    return space


def _flat_value(space: Space[Any], x: Any) -> Any:
    return x


for _kind in (UnicodeText, Pictures):  # as calls: their generic signature admits no decorator on a subclass
    flattening.flatten.register(_kind, _flat_value)
    flattening.unflatten.register(_kind, _flat_value)
