"""Pictures for the built-in policy: every picture, of any size, becomes one grid of patches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from verienv.errors import UsageError

if TYPE_CHECKING:
    from PIL.Image import Image


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Patches of a picture: rows × columns, each size × size pixels, after the picture was resized to fit exactly."""

    rows: int = 6
    columns: int = 8
    size: int = 8

    def __post_init__(self) -> None:
        if min(self.rows, self.columns, self.size) < 1:
            raise UsageError(f"{self}: each at least 1")

    @property
    def patches(self) -> int:
        """Patches of one picture."""
        return self.rows * self.columns

    @property
    def numbers(self) -> int:
        """Numbers of one patch: red, green and blue of each pixel."""
        return 3 * self.size * self.size


def patches(image: Image, grid: Grid) -> Tensor:
    """A picture as [rows * columns, 3 * size * size] float32 in [-1, 1], row by row, each pixel's colours together."""
    from PIL.Image import Resampling

    width, height = grid.columns * grid.size, grid.rows * grid.size
    small = np.asarray(image.convert("RGB").resize((width, height), Resampling.BOX), dtype=np.float32)
    cut = small.reshape(grid.rows, grid.size, grid.columns, grid.size, 3).transpose(0, 2, 1, 3, 4)
    return torch.from_numpy(cut.reshape(grid.patches, grid.numbers) / 127.5 - 1)
