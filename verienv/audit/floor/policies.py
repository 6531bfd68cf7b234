"""Policies that know nothing: a constant, or pieces of the prompt copied in a fixed pattern. None of them computes."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from random import Random
from typing import Final

SOURCES: Final = {
    "number": re.compile(r"-?\d+(?:\.\d+)?", re.ASCII),
    "word": re.compile(r"[^\W\d_]+"),
    "token": re.compile(r"\S+"),
    "line": re.compile(r"[^\n]*\S[^\n]*"),
    "quoted text": re.compile(r"(?<=[\"'“‘`])[^\"'“”‘’`\n]+(?=[\"'”’`])"),
    "bracket": re.compile(r"[\[({][^\[\](){}]*[\])}]"),
    "capital": re.compile(r"\b[A-Z]\b"),
}
"""Pieces that a prompt is cut into, by name."""
JOINS: Final = ("", " ", ", ", ",", "\n", "-")
FRAMES: Final = (("", ""), ("[", "]"), ("(", ")"), ('"', '"'), ("{", "}"))
CONSTANTS: Final = ("0", "1", "2", "3", "4", "5", "10", "-1", "yes", "no", "A", "B", "C", "D", "True", "False", "none")
REACH: Final = 6
"""Places from either end of the prompt that are picked."""
MOST: Final = 400
"""Characters of an answer that is put together."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Pieces of one kind from `start` on, `count` of them; a negative start counts from the end of the prompt."""

    source: str
    start: int
    count: int = 1

    def of(self, prompt: str) -> list[str]:
        """The pieces; fewer where the prompt has fewer."""
        found = SOURCES[self.source].findall(prompt)
        if not found:
            return []
        at = self.start if self.start >= 0 else max(0, len(found) + self.start)
        return found[at : at + self.count]

    def __str__(self) -> str:
        at = self.start + 1 if self.start >= 0 else -self.start
        where = f"{at}{_ordinal(at)}" if self.start >= 0 else ("last" if at == 1 else f"{at}{_ordinal(at)} last")
        return f"the {where} {self.source}" + (f" and the next {self.count - 1}" if self.count > 1 else "")


@dataclass(frozen=True, slots=True)
class Policy:
    """Pieces and constant texts, joined and framed."""

    parts: tuple[Piece | str, ...]
    join: str = " "
    frame: tuple[str, str] = ("", "")

    def answer(self, prompt: str) -> str:
        """What it answers to a prompt, whoever asks."""
        pieces = [text for part in self.parts for text in (part.of(prompt) if isinstance(part, Piece) else [part])]
        return self.frame[0] + self.join.join(pieces)[:MOST] + self.frame[1]

    def __str__(self) -> str:
        parts = [repr(part) if isinstance(part, str) else str(part) for part in self.parts]
        joined = f" joined by {self.join!r}" if len(parts) > 1 or "next" in parts[0] else ""
        return " and ".join(parts) + joined + (f" in {self.frame[0]}{self.frame[1]}" if self.frame[0] else "")


def simplest(seen: list[str]) -> list[Policy]:
    """Where a search begins: constants (those in `seen` first), and each piece near either end."""
    texts = dict.fromkeys((*seen, *CONSTANTS))
    constants = [Policy((text,)) for text in texts]
    places = [Policy((Piece(source, start),)) for source in SOURCES for start in (*range(REACH), *range(-REACH, 0))]
    return constants + places


def changed(policy: Policy, other: Policy, rng: Random) -> Policy:
    """A neighbour: a part put in, taken out, moved or lengthened; another join or frame; or a cross with another."""
    parts = list(policy.parts)
    kind = rng.randrange(7)
    at = rng.randrange(len(parts))
    if kind == 0 and len(parts) < 4:
        parts.insert(at + rng.randrange(2), rng.choice(other.parts))
    elif kind == 1 and len(parts) > 1:
        parts.pop(at)
    elif kind == 2:
        parts[at] = _any(rng)
    elif kind == 3:
        piece = parts[at]
        if isinstance(piece, Piece):
            parts[at] = replace(piece, start=max(-REACH, min(REACH, piece.start + rng.choice((-1, 1)))))
    elif kind == 4:
        piece = parts[at]
        if isinstance(piece, Piece):
            parts[at] = replace(piece, count=max(1, min(20, piece.count + rng.choice((-1, 1, 2, 4)))))
    elif kind == 5:
        return replace(policy, join=rng.choice(JOINS))
    else:
        return replace(policy, frame=rng.choice(FRAMES))
    return replace(policy, parts=tuple(parts))


def _any(rng: Random) -> Piece | str:
    if rng.random() < 0.3:
        return rng.choice(CONSTANTS)
    return Piece(rng.choice([*SOURCES]), rng.randrange(-REACH, REACH), rng.choice((1, 1, 1, 2, 3, 5)))


def _ordinal(number: int) -> str:
    return _ENDINGS.get(number, "th")


_ENDINGS: Final = dict(enumerate(["st", "nd", "rd"], 1))  # codespell:ignore nd
