"""How difficulty moves while training: schedules as pure values, their state a value that JSON can hold.

A schedule knows its stages: easy to hard, or the domains or modalities of a mix. `weights(state)` says how much of each
to train on; `observe(state, results)` is the state after a training step, `after(state, score)` after a validation.
Nothing else changes a state, so a run that is resumed goes on where it was.

Third parties add samplers of problems of their own, subclasses of Schedule:

    [project.entry-points."verienv.samplers"]
    mine = "my_package.curricula:Mine"
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final

from verienv import plugins
from verienv.curriculum.feedback import AdaRFT, Dads, DadsReleased
from verienv.curriculum.mixes import Fixed, Staged, Uniform
from verienv.curriculum.promotion import Promotion
from verienv.curriculum.schedule import Results, Schedule, State
from verienv.errors import UnknownName, UsageError

__all__ = [
    "AdaRFT",
    "Dads",
    "DadsReleased",
    "Fixed",
    "Promotion",
    "Results",
    "Schedule",
    "Staged",
    "State",
    "Uniform",
    "build",
]

GROUP: Final = "verienv.samplers"
KINDS: Final[Mapping[str, type[Schedule]]] = {
    each.kind: each for each in (Fixed, Uniform, Promotion, Staged, Dads, DadsReleased, AdaRFT)
}
# Schedules whose `shares`, where a recipe gives none, are the recipe's own weights.
BY_SHARE: Final = (Fixed.kind, DadsReleased.kind)


def build(settings: Mapping[str, Any], stages: int) -> Schedule:
    """A schedule from `kind` and its settings, as in a recipe's `[curriculum]`. Raises UnknownName, UsageError."""
    values = dict(settings)
    kind = values.pop("kind", "fixed")
    if not isinstance(kind, str):
        raise UnknownName("curriculum kind", kind, plugins.names(GROUP, KINDS))
    chosen = plugins.load(GROUP, KINDS, "curriculum kind", kind)
    if not (isinstance(chosen, type) and issubclass(chosen, Schedule)):
        raise UsageError(f"curriculum kind {kind!r} is registered as a curriculum, but it is no Schedule")
    known = [each.name for each in fields(chosen) if each.name != "stages"]
    for name, value in values.items():
        if name not in known:
            raise UnknownName(f"key of the {kind} curriculum", name, ("kind", *known))
        values[name] = _value(name, value)
    try:
        return chosen(stages=stages, **values)
    except TypeError as error:  # a list where a number belongs, or the reverse
        raise UsageError(f"curriculum {kind}: {settings!r}: {error}") from error


def _value(name: str, value: object) -> object:
    """A number, or tuples of numbers from lists."""
    if isinstance(value, list):
        return tuple(_value(name, each) for each in value)
    if type(value) not in (int, float) or not math.isfinite(value):  # type: ignore[arg-type]
        raise UsageError(f"curriculum {name}={value!r}: a number, or a list of numbers for shares")
    return value
