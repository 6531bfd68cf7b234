"""The search: simple policies first, then an evolution of the best; chosen on one half of the items, told on the other.

What is found is a lower bound: a cleverer blind policy may earn more. What it earns on the half that did not choose it
is an honest estimate.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final

from verienv.audit.floor.policies import Policy, changed, simplest
from verienv.audit.study import Study

KEPT: Final = 12
"""Policies that a generation goes on with."""
YOUNG: Final = 24
"""New ones a generation."""
GENERATIONS: Final = 200
FEW: Final = 6
"""Items on which every policy is tried; only what earns something there is tried on more."""
SAMPLE: Final = 20
"""Items of the choosing half that a policy is tried on."""


@dataclass(frozen=True, slots=True)
class Best:
    """The best policy found: what it is, its mean on the half that chose it and on the other, how it was found."""

    policy: str
    mean: float
    chosen_at: float
    tried: int
    generation: int
    example: tuple[int, str]
    count: int


def best(study: Study) -> Best | None:
    """Within `study.effort.policies` calls. None where there are too few items to have two halves."""
    places = list(range(len(study.items)))
    first, second = places[::2][:SAMPLE], places[1::2]
    if not first or not second:
        return None
    hunt = _Hunt(study, first, study.effort.policies)
    rng = study.rng("floor")
    here = set(first)
    answers = Counter(one.answer for one in study.oracles if isinstance(one.answer, str) and one.at in here)
    for policy in simplest([answer for answer, _ in answers.most_common(3)]):
        hunt.tries(policy, 0)
    generation = 0
    while hunt.left > 0 and generation < GENERATIONS:
        generation += 1
        parents = sorted(hunt.earned, key=lambda policy: -hunt.earned[policy])[:KEPT]
        for _ in range(YOUNG):
            hunt.tries(changed(rng.choice(parents), rng.choice(parents), rng), generation)
    if not hunt.whole:
        return None
    policy = min(hunt.whole, key=lambda policy: (-hunt.earned[policy], len(policy.parts), len(str(policy))))
    shares = hunt.shares(policy, second)
    at = second[max(range(len(second)), key=shares.__getitem__)]
    return Best(
        str(policy),
        sum(shares) / len(shares),
        hunt.earned[policy],
        len(hunt.earned),
        hunt.whole[policy],
        (at, study.form.say(policy.answer(study.items[at].prompt))),
        len(second),
    )


class _Hunt:
    """What was tried so far. A policy that earns little on the first few items is tried on no more of them."""

    def __init__(self, study: Study, places: list[int], calls: int) -> None:
        self._study, self._few, self._more = study, places[:FEW], places[FEW:]
        self.left = calls
        self.earned: dict[Policy, float] = {}
        self.whole: dict[Policy, int] = {}
        self._best = 0.0

    def tries(self, policy: Policy, generation: int) -> None:
        """Measure it, within what is left."""
        if policy in self.earned or self.left <= 0:
            self.left -= 1
            return
        shares = self.shares(policy, self._few)
        mean = sum(shares) / len(shares)
        if not self.whole or mean > max(0.0, self._best / 2):
            shares += self.shares(policy, self._more)
            mean = sum(shares) / len(shares)
            self.whole[policy] = generation
            self._best = max(self._best, mean)
        self.left -= len(shares)
        self.earned[policy] = mean

    def shares(self, policy: Policy, where: list[int]) -> list[float]:
        """What it earns on each item."""
        prompts = [self._study.items[at].prompt for at in where]
        said = [self._study.form.say(policy.answer(prompt)) for prompt in prompts]
        return self._study.pays(zip(where, said, strict=True))
