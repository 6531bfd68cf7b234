"""Sentences by the word: who did what, with tails, clauses and openings until the length asked for is met exactly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Final

from verienv.families.instruction import reading
from verienv.families.instruction.reading import listed
from verienv.families.instruction.subjects import Subject

TRIES: Final = 160
OPENERS: Final = tuple(
    listed(
        "yesterday later meanwhile afterwards slowly quietly soon today there now then again finally outside nearby "
        "sometimes often suddenly early once"
    )
)
_AGENTS: Final = ("a neighbour", "the others", "somebody", "a friend", "nobody", "everyone", "two strangers")
_DEEDS: Final = (
    *("waited", "smiled", "nodded", "rested", "helped out", "said little", "looked around", "went home", "kept quiet"),
    *("came back", "found some time", "took a short break", "thought about the day", "made a few notes"),
)
_TAILS: Final = {
    1: tuple(listed("today yesterday quietly slowly again gladly outside together carefully twice patiently")),
    2: ("at noon", "at dawn", "at dusk", "by hand", "with care", "in silence", "after lunch", "on Monday", "for once"),
    3: ("before the rain", "after the storm", "in the evening", "for an hour", "without any hurry", "during the night"),
    4: ("in the early morning", "until the sun set", "for the first time", "with a steady hand", "as on other days"),
    5: ("at the end of summer", "in spite of the cold", "while the day grew warm", "on the last of May"),
}
_ASKING: Final = {2: ("who saw", "who knew"), 3: ("was it true", "who would believe"), 4: ("could it be true that",)}


class Stuck(Exception):
    """No sentence of that kind was found within the bound."""


@dataclass
class Spec:
    """A sentence still to be made; `words` None means whatever comes."""

    words: int | None = None
    first: str = ""  # an opening word
    agent: str = ""
    tails: list[str] = field(default_factory=list)
    ending: str = ""  # its very last words
    mark: str = "."
    text: str = ""  # said as it is


@dataclass
class Maker:
    """Sentences about a subject; what `fits` refuses is left out, and `follows(words before, words)` must hold."""

    subject: Subject
    rng: Random
    fits: Callable[[str], bool] = lambda phrase: True
    follows: list[Callable[[list[str], list[str]], bool]] = field(default_factory=list)

    def __post_init__(self) -> None:
        own = self.subject
        self.agents = self._fit((*own.agents, *own.agents, *own.agents, *_AGENTS))
        self.deeds = self._fit((*own.deeds, *own.deeds, *_DEEDS))
        self.tails = {size: self._fit(tails) for size, tails in _TAILS.items()}
        for place in self._fit(own.places):
            self.tails.setdefault(len(place.split()), []).append(place)
        self.openers = self._fit(OPENERS)
        self.used: set[str] = set()

    def sentence(self, spec: Spec, before: Sequence[str] = ()) -> str:
        """A sentence of that kind, after the words `before`. Raises Stuck."""
        if spec.text:
            return spec.text
        for _ in range(TRIES):
            found = self._attempt(spec)
            if found is None or not self.fits(found):
                continue
            said = [reading.bare(word) for word in found.split()]
            if all(follow(list(before), said) for follow in self.follows):
                return found[0].upper() + found[1:] + spec.mark
        raise Stuck(f"no sentence for {spec}")

    def _attempt(self, spec: Spec) -> str | None:
        rng = self.rng
        if not self.agents or not self.deeds:
            return None
        target = (
            spec.words if spec.words is not None else rng.randint(6, 12) + sum(len(tail.split()) for tail in spec.tails)
        )
        ending = spec.ending.split()
        pieces: list[str] = []
        if spec.first:
            pieces.append(spec.first)
        elif spec.mark == "?":
            size = rng.choice([size for size in _ASKING if size <= max(2, target - 5)])
            choices = self._fit(_ASKING[size])
            if not choices:
                return None
            pieces.append(rng.choice(choices))
        left = target - len(ending) - sum(len(tail.split()) for tail in (*pieces, *spec.tails))
        agent = spec.agent or self._fresh(self.agents, left - 1)
        if not agent:
            return None
        deed = self._fresh(self.deeds, left - len(agent.split()))
        if not deed:
            return None
        pieces += [agent, deed]
        left -= len(agent.split()) + len(deed.split())
        tails = list(spec.tails)
        while left > 0:
            if left >= 7 and rng.random() < 0.7:
                other = self._fresh(self.agents, left - 2)
                what = self._fresh(self.deeds, left - 1 - len(other.split())) if other else ""
                if not what:
                    return None
                joined = f"{rng.choice(('while', 'and', 'because', 'when', 'before'))} {other} {what}"
                if not self.fits(joined):
                    return None
                tails.append(joined)
            else:
                sizes = sorted(size for size, found in self.tails.items() if size <= left and found)
                if not sizes:
                    return None
                size = sizes[-1] if rng.random() < 0.4 else rng.choice(sizes[1:] or sizes)  # few bare adverbs
                tails.append(self._fresh(self.tails[size], left))
            left -= len(tails[-1].split())
        if left < 0 or len(set(tails)) < len(tails):
            return None
        return " ".join([*pieces, *tails, *ending])

    def _fresh(self, phrases: Sequence[str], room: int) -> str:
        """A phrase of at most so many words, rather one that was not said yet; empty where none is short enough."""
        short = [phrase for phrase in phrases if len(phrase.split()) <= room]
        new = [phrase for phrase in short if phrase not in self.used]
        if not short:
            return ""
        chosen = self.rng.choice(new or short)
        self.used.add(chosen)
        return chosen

    def _fit(self, phrases: Sequence[str]) -> list[str]:
        return [phrase for phrase in phrases if self.fits(phrase)]
