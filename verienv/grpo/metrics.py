"""What a step's attempts say, by name. Names are TRL's wherever the thing is the same.

`reward`, `reward_std` (mean over groups), `frac_reward_zero_std`, `rewards/<term>/mean`, `completions/…`; ours are
`accuracy` (the share that earns everything), `accuracy/<task>/<setting>`, `readable` and `unscorable`.
"""

from __future__ import annotations

import math
import statistics
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from torch import Tensor

from verienv.grpo import kl, ratio
from verienv.grpo.presets import Algorithm
from verienv.grpo.rollout import Outcome
from verienv.recipe import Recipe

Row = dict[str, float]


def of_step(outcomes: Sequence[Outcome], group: int) -> Row:
    """The metrics of a step whose attempts stand group by group. Attempts that could not be scored count nowhere."""
    row = quality(outcomes)
    groups = [
        [each.reward for each in outcomes[at : at + group] if each.reward is not None]
        for at in range(0, len(outcomes), group)
    ]
    spreads = [deviation(each) for each in groups]
    row["reward_std"] = statistics.fmean(spreads)
    row["frac_reward_zero_std"] = statistics.fmean(float(len(set(each)) < 2) for each in groups)
    row["unscorable"] = float(sum(each.reward is None for each in outcomes))
    lengths = [each.tokens for each in outcomes]
    row["completions/mean_length"] = statistics.fmean(lengths)
    row["completions/min_length"] = float(min(lengths))
    row["completions/max_length"] = float(max(lengths))
    row["completions/clipped_ratio"] = statistics.fmean(each.cut for each in outcomes)
    ended = [each.tokens for each in outcomes if not each.cut]
    row["completions/mean_terminated_length"] = statistics.fmean(ended) if ended else 0.0
    return row


def quality(outcomes: Sequence[Outcome], prefix: str = "") -> Row:
    """Reward, its terms and accuracy, over the attempts that could be scored."""
    scored = [each for each in outcomes if each.reward is not None]
    row = {
        "reward": mean(each.reward for each in scored if each.reward is not None),
        "accuracy": mean(each.right for each in scored),
        "readable": mean(each.readable for each in scored),
    }
    terms: dict[str, list[float]] = defaultdict(list)
    labels: dict[str, list[float]] = defaultdict(list)
    for each in scored:
        labels[each.label].append(each.right)
        for name, value in each.terms.items():
            terms[name].append(value)
    row |= {f"rewards/{name}/mean": mean(values) for name, values in sorted(terms.items())}
    row |= {f"accuracy/{label.replace(' ', '/')}": mean(values) for label, values in sorted(labels.items())}
    return {prefix + name: value for name, value in row.items()}


def by_stage(outcomes: Sequence[Outcome], recipe: Recipe) -> dict[int, list[float]]:
    """The scores of the attempts that could be scored, by the stage of the recipe's curriculum that they belong to."""
    found: dict[int, list[float]] = defaultdict(list)
    for each in outcomes:
        if each.reward is not None:
            found[recipe.stage_of(each.label)].append(each.score)
    return found


def mean(values: Iterable[float]) -> float:
    """The mean, exactly rounded, so that the order of ranks and problems cannot show; 0 of nothing."""
    held = list(values)
    return statistics.fmean(held) if held else 0.0


def deviation(values: Sequence[float]) -> float:
    """The standard deviation of a sample (ddof = 1), 0 of fewer than two; in floats, not the fractions of `stdev`."""
    if len(values) < 2:
        return 0.0
    middle = statistics.fmean(values)
    return math.sqrt(math.fsum((each - middle) ** 2 for each in values) / (len(values) - 1))


def samples(outcomes: Sequence[Outcome], advantages: Sequence[float], step: int, most: int) -> list[Mapping[str, Any]]:
    """The first `most` attempts in the form that `verienv score` reads; a game's response is a list of replies."""
    return [
        {
            "step": step,
            "address": each.address,
            "response": each.replies[0] if len(each.replies) == 1 else list(each.replies),
            "reward": each.reward,
            "terms": dict(each.terms),
            "advantage": advantage,
            "truncated": each.cut,
            **({"fault": each.fault} if each.fault else {}),
        }
        for each, advantage in list(zip(outcomes, advantages, strict=True))[:most]
    ]


def timing(step: int, outcomes: Sequence[Outcome], began: float, learning: float) -> Row:
    """Where the seconds of a step went, and tokens sampled a second of playing."""
    now, tokens = time.perf_counter(), sum(each.tokens for each in outcomes)
    row = {"step": step, "play": learning - began, "learn": now - learning, "seconds": now - began}
    return row | {"sampled_tokens_per_second": tokens / max(learning - began, 1e-9)}


class Tally:
    """What is seen of tokens while learning: sums and extremes over the micro-batches of a rank."""

    def __init__(self) -> None:
        self.sums: dict[str, float] = defaultdict(float)
        self.most: dict[str, float] = {}

    def first(self, mask: Tensor, entropy: Tensor, logp: Tensor, sampled: Tensor, ref: Tensor | None) -> None:
        """Of the policy that sampled: entropy, KL (k3), and how far its sampler's log-probabilities are from its."""
        if not mask.any():
            return
        logp, apart = logp.detach(), (logp.detach() - sampled).abs()[mask]
        self.sums["tokens"] += int(mask.sum())
        self.sums["entropy"] += float(entropy[mask].sum())
        self.sums["sampling/sampling_logp_difference/mean"] += float(apart.sum())
        name = "sampling/sampling_logp_difference/max"
        self.most[name] = max(float(apart.max()), self.most.get(name, 0.0))
        if ref is not None:
            self.sums["kl"] += float(kl.k3(logp, ref, logp)[mask].sum())

    def clipped(self, algorithm: Algorithm, mask: Tensor, logp: Tensor, old: Tensor, advantages: Tensor) -> None:
        """Of every further update: tokens beyond the clip that their advantage pushes against."""
        log_ratio = algorithm.function("ratio")(logp.detach(), old, mask)
        low, high = ratio.clipped(log_ratio, advantages, mask, algorithm.clip_low, algorithm.clip_high)
        self.sums["seen"] += int(mask.sum())
        self.sums["clip_ratio/low_mean"] += int(low)
        self.sums["clip_ratio/high_mean"] += int(high)


def merged(tallies: Iterable[Tally]) -> Row:
    """Means a token, and extremes, over all ranks."""
    sums: dict[str, float] = defaultdict(float)
    most: dict[str, float] = {}
    for tally in tallies:
        for name, value in tally.sums.items():
            sums[name] += value
        most |= {name: max(value, most.get(name, value)) for name, value in tally.most.items()}
    tokens, seen = sums.pop("tokens", 0), sums.pop("seen", 0)
    sums.setdefault("clip_ratio/low_mean", 0.0)  # a single update clips nothing
    sums.setdefault("clip_ratio/high_mean", 0.0)
    means = {name: value / max(seen if name.startswith("clip") else tokens, 1) for name, value in sorted(sums.items())}
    return {**means, **most}
