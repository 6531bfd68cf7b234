"""Algorithms by name, and one from a recipe's [train] table: a choice on every axis, and their numbers.

    algorithm = "dapo"        # the preset
    objective = "dual_clip"   # one axis changed
    clip_high = 0.3           # one number changed

A name that is not there is answered with the nearest; a number that none of the chosen functions reads is refused, as
is a combination that would not do what it says. No torch is imported here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from functools import lru_cache
from typing import Any, Final

from verienv.errors import UnknownName, UsageError
from verienv.grpo import axes, objective

AXES: Final = tuple(axes.AXES)


def _number(default: float | None, doc: str, low: float, high: float | None = None) -> Any:
    return field(default=default, metadata={"doc": doc, "low": low, "high": high})


def _choice(default: str, doc: str) -> Any:
    return field(default=default, metadata={"doc": doc})


@dataclass(frozen=True, slots=True, kw_only=True)
class Algorithm:
    """What stands on each axis, by the recipe's own keys. Raises UnknownName, UsageError for what cannot be."""

    advantage: str = _choice("group_norm", "how rewards become advantages")
    advantage_epsilon: float | None = _number(None, "added to the deviation (none: the function's own)", 0.0)
    ratio: str = _choice("token", "what a ratio is of: token, sequence (its mean) or trajectory (its product)")
    objective: str = _choice("ppo", "what is minimised for each token")
    clip_low: float = _number(0.2, "how far below 1 the ratio counts", 0.0, 1.0)
    clip_high: float = _number(0.2, "how far above 1 the ratio counts", 0.0)
    dual_clip: float = _number(3.0, "greatest ratio that counts where the advantage is negative", 1.0)
    clip_cap: float = _number(5.0, "greatest weight of cispo_cap", 0.0)
    tau_positive: float = _number(1.0, "sharpness of sapo's gate for advantages above 0", 1e-6)
    tau_negative: float = _number(1.05, "sharpness of sapo's gate for the others", 1e-6)
    loss: str = _choice("sequence", "what counts alike: token, sequence, constant or sequence_sum")
    kl: float = _number(0.0, "weight of the KL from the policy at the start; 0: none, and no reference is kept", 0.0)
    kl_estimator: str = _choice("k3", "how the KL is estimated at the sampled tokens")
    kl_place: str = _choice("loss", "where the KL stands: loss or reward")
    kl_factor: str = _choice("none", "whose KL counts more: adversarial, by the reward (GuirlVG)")
    difficulty: str = _choice("none", "how much more a hard group's policy term counts (UniVG-R1)")
    difficulty_power: float = _number(1.0, "exponent of the difficulty weight power", 0.0)
    difficulty_term: str = _choice("score", "the reward's term whose group mean is the difficulty weight's accuracy")
    shaping: str = _choice("none", "what a group adds to its own rewards: none, dast (UI-R1-E's, by length)")
    correction: str = _choice("token_truncate", "for replies sampled by another program than the trainer")
    correction_cap: float | None = _number(None, "greatest ratio of trainer to sampler (none: the function's own)", 1.0)
    zero_spread: str = _choice("drop", "groups whose rewards are all equal: drop, keep or resample")
    resample_rounds: int = _number(10, "how often a step is filled up before it is taken as it is", 1)
    overlong: str = _choice("keep", "replies that reach max_reply without an end: keep, mask or penalty")
    overlong_buffer: int = _number(0, "tokens before max_reply from which the penalty rises; 0: a fifth of it", 0)
    entropy: float = _number(0.0, "weight of the entropy taken off the loss", 0.0)

    def __post_init__(self) -> None:
        for axis in AXES:
            axes.load(axis, getattr(self, axis))
        for each in fields(self):
            value, low, high = getattr(self, each.name), each.metadata.get("low"), each.metadata.get("high")
            if low is not None and value is not None and not (low <= value < math.inf and value <= (high or value)):
                told = f"from {low:g} to {high:g}" if high else f"from {low:g} up"
                raise UsageError(f"{each.name} = {value!r}: a number {told} ({each.metadata['doc']})")
        if self.kl and self.kl_place == "loss" and self.kl_estimator == "k1":
            told = 'take k2, k3 or k3_ratio, or kl_place = "reward"'
            raise UsageError(f'kl_estimator = "k1" has no gradient in the loss: {told}')
        if self.kl_factor != "none" and not self.kl:
            raise UsageError(f"kl_factor = {self.kl_factor!r} weighs the KL: it needs a kl above 0")
        if self.kl_place == "reward" and self.kl_factor != "none":
            raise UsageError(f'kl_factor = {self.kl_factor!r} weighs the KL of the loss: it needs kl_place = "loss"')
        if self.objective in objective.OF_TOKENS and self.ratio != "token":
            raise UsageError(f'objective = {self.objective!r} sums over the reply itself: it needs ratio = "token"')
        if self.objective == "gmpo" and self.loss != "sequence":
            raise UsageError('objective = "gmpo" has one loss for each reply: it needs loss = "sequence"')

    def function(self, axis: str) -> Any:
        """The function on an axis, with this algorithm's numbers for its keyword-only parameters."""
        return _bound(self, axis)


@lru_cache(maxsize=256)  # a step asks a few times for every micro-batch
def _bound(algorithm: Algorithm, axis: str) -> Any:
    numbers = {name: value for name, value in asdict(algorithm).items() if value is not None}
    return axes.bind(axis, getattr(algorithm, axis), numbers)


# Each key's type and meaning, as a recipe is checked by.
KEYS: Final[Mapping[str, tuple[type, str]]] = {
    each.name: ({"str": str, "int": int}.get(str(each.type), float), each.metadata["doc"]) for each in fields(Algorithm)
}
# Read outside the functions of the axes, by the loss or the loop.
ALWAYS: Final = ("kl", "entropy", "difficulty_term")
WITH: Final[Mapping[str, tuple[str, str]]] = {
    "resample_rounds": ("zero_spread", "resample"),
    "overlong_buffer": ("overlong", "penalty"),
}

PRESETS: Final[Mapping[str, Algorithm]] = {
    "grpo": Algorithm(),
    "dapo": Algorithm(loss="token", clip_high=0.28, zero_spread="resample", overlong="penalty"),
    "dr_grpo": Algorithm(advantage="mean", loss="constant", zero_spread="keep"),  # a count that does not move
    "rloo": Algorithm(advantage="rloo", ratio="trajectory", kl_estimator="k1", kl_place="reward"),
    "gspo": Algorithm(ratio="sequence", clip_low=3e-4, clip_high=4e-4),
    "cispo": Algorithm(objective="cispo_cap", loss="token"),
    "reinforce_pp": Algorithm(advantage="reinforce_pp", loss="token", kl_estimator="k1", kl_place="reward"),
}


def of(train: Mapping[str, Any]) -> Algorithm:
    """The algorithm of a recipe's [train] table, whose other keys are passed over. Raises UnknownName, UsageError."""
    name = train.get("algorithm", "grpo")
    if name not in PRESETS:
        raise UnknownName("algorithm", name, PRESETS)
    chosen = {key: value for key, value in train.items() if key in KEYS}
    algorithm = replace(PRESETS[name], **chosen)
    read = {each for axis in AXES for each in axes.parameters(axis, getattr(algorithm, axis))}
    for key in chosen.keys() - read - {*AXES, *ALWAYS}:
        if key in WITH and getattr(algorithm, WITH[key][0]) == WITH[key][1]:
            continue
        readers = " or ".join([f"{WITH[key][0]} = {WITH[key][1]!r}"] if key in WITH else _readers(key))
        raise UsageError(f"{key} = {chosen[key]!r} would change nothing; leave it out, or choose {readers}")
    return algorithm


def _readers(key: str) -> list[str]:
    built_in = [(axis, name) for axis in AXES for name in axes.AXES[axis].choices]
    return [f"{axis} = {name!r}" for axis, name in built_in if key in axes.parameters(axis, name)]
