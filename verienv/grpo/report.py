"""Metrics beside the journal: to TensorBoard's files in the run's folder, or to trackio's dashboard."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from verienv.errors import UnknownName, UsageError

KINDS: Final = ("tensorboard", "trackio")

Told = Callable[[Mapping[str, float]], None]


@contextmanager
def to(kind: str, out: Path) -> Iterator[Told]:
    """What takes every step's metrics; "" takes none. Raises UnknownName, UsageError where the package is missing.

    A run that is resumed tells the steps again from its checkpoint on.
    """
    if not kind:
        yield lambda row: None
        return
    if kind not in KINDS:
        raise UnknownName("place for metrics", kind, KINDS)
    if importlib.util.find_spec(kind) is None:
        raise UsageError(f"metrics go to {kind} where it is installed:  pip install {kind}")
    if kind == "tensorboard":
        from torch.utils.tensorboard import SummaryWriter

        with SummaryWriter(str(out / "tensorboard")) as writer:

            def written(row: Mapping[str, float]) -> None:
                for name, value in _figures(row).items():
                    writer.add_scalar(name, value, int(row["step"]))
                writer.flush()

            yield written
        return
    trackio = importlib.import_module(kind)

    def logged(row: Mapping[str, float]) -> None:
        if figures := _figures(row):
            trackio.log(figures, step=int(row["step"]))

    trackio.init(project="verienv", name=out.name)
    try:
        yield logged
    finally:
        trackio.finish()


def _figures(row: Mapping[str, float]) -> dict[str, float]:
    """A step's metrics without the step; a supervised step has none here."""
    return {name: value for name, value in row.items() if name != "step"} if "step" in row else {}
