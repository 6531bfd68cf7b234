"""SWE-RL's reward, as its code computes it (arXiv 2502.18449, src/swerl/core/reward.py).

    reward = swe_rl_similarity - swe_rl_malformed

malformed   1 unless `<think>`, `</think>` and the two tags of the answer stand there once each, the thought is not
            empty, an edit is found, no edit replaces text by itself, and each finds its text where a line starts
similarity  over the files that the reply or the reference changes, the mean likeness of the two diffs, each with three
            lines of context and without its heading; a file that only one of them changes counts 0; 0 where malformed

Its tags of the answer are `<solution>` and `</solution>`; those that our prompt asks for count as well. Its faults
are kept: an edit is made wherever its text begins a line, which need not end there; what the code does is not asked, so
a comment at the right place earns more than a good fix elsewhere; a file that is not there can be made.

One bound is added: diffs too long to be compared in bounded work (WORK) count 0. A reply within it may change some
hundred lines.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from verienv.parsing import MAX_CHARS

if TYPE_CHECKING:
    from verienv.families.patch import Problem

WORK: Final = 400_000
"""Pairs of equal characters that a comparison may look at."""
LINES: Final = 3_000
"""Lines of a changed file."""
_OPENING, _DIVIDING, _CLOSING = "\n<<<<<<< SEARCH\n", "\n=======\n", "\n>>>>>>> REPLACE\n```"


class Malformed(Exception):
    """What earns -1."""


def similarity(problem: Problem, reply: str) -> float:
    """The mean likeness of diffs; 0 where malformed."""
    try:
        made = replied(dict(problem.files), reply)
    except Malformed:
        return 0.0
    return likeness(dict(problem.files), dict(problem.fixed), made)


def malformed(problem: Problem, reply: str) -> float:
    """1 for a reply that earns -1."""
    try:
        replied(dict(problem.files), reply)
    except Malformed:
        return 1.0
    return 0.0


def reward(files: Mapping[str, str], reference: Mapping[str, str], reply: str) -> float:
    """-1, or in [0, 1]: the whole reward, for any files and the contents that the reference gives some of them."""
    try:
        return likeness(files, reference, replied(files, reply))
    except Malformed:
        return -1.0


def replied(files: Mapping[str, str], reply: str) -> dict[str, str]:
    """What a reply makes of the files that it names. Raises Malformed."""
    if len(reply) > MAX_CHARS:
        raise Malformed("too long")
    reply = reply.replace("<answer>", "<solution>").replace("</answer>", "</solution>")
    for tag in ("<think>", "</think>", "<solution>", "</solution>"):
        if reply.count(tag) != 1:
            raise Malformed(f"{tag} not once")
    thought = reply.split("<think>")[1].split("</think>")[0]
    solution = reply.split("<solution>")[1].split("</solution>")[0].strip()
    if not thought.strip():
        raise Malformed("no thought")
    by_path: dict[str, list[tuple[str, str]]] = {}
    for path, search, replace in edits(solution):
        by_path.setdefault(path, []).append((search, replace))
    if not by_path:
        raise Malformed("no edit")
    return {path: _edited(files.get(path, ""), pairs) for path, pairs in by_path.items()}


def edits(text: str) -> list[tuple[str, str, str]]:
    """Path, search and replacement of each fenced edit, as the published pattern finds them, in linear time."""
    found: list[tuple[str, str, str]] = []
    at = 0
    while True:
        marker = text.find(_OPENING, at)
        if marker < 0:
            return found
        heading = text.rfind("\n", at, marker) + 1 or at
        fence = text.rfind("\n", at, heading - 1) + 1 or at
        fenced = heading > at and "```" in text[fence : heading - 1]
        if not fenced or not text.startswith("### ", heading):
            at = marker + 1
            continue
        start = marker + len(_OPENING)
        divider = text.find(_DIVIDING, start)
        end = text.find(_CLOSING, divider + len(_DIVIDING)) if divider >= 0 else -1
        if end < 0:
            return found
        found.append((text[heading + 4 : marker], text[start:divider], text[divider + len(_DIVIDING) : end]))
        at = end + len(_CLOSING)


def likeness(files: Mapping[str, str], reference: Mapping[str, str], made: Mapping[str, str]) -> float:
    """The mean over files that either changes of how alike the diffs are."""
    wanted, given = _diffs(files, reference), _diffs(files, made)
    paths = sorted(wanted.keys() | given.keys())
    return sum(_ratio(given.get(path, ""), wanted.get(path, "")) for path in paths) / max(1, len(paths))


def diff(old: str, new: str) -> str:
    """The unified diff of two texts without its heading; "" where they are the same."""
    before, after = old.splitlines(), new.splitlines()
    if len(after) > LINES:
        return "\n".join(after)  # too long to be compared, and not the same
    return "\n".join(list(difflib.unified_diff(before, after, lineterm="", n=3))[2:])


def _diffs(files: Mapping[str, str], changed: Mapping[str, str]) -> dict[str, str]:
    found = {path: diff(files.get(path, ""), text) for path, text in changed.items()}
    return {path: text for path, text in found.items() if text}


def _ratio(one: str, other: str) -> float:
    if not one or not other:
        return 0.0
    counts = Counter(other)
    if sum(count * counts[mark] for mark, count in Counter(one).items()) > WORK:
        return 0.0
    return difflib.SequenceMatcher(None, one, other, autojunk=False).ratio()


def _edited(text: str, pairs: list[tuple[str, str]]) -> str:
    text = "\n" + text
    for search, replace in pairs:
        if search == replace:
            raise Malformed("nothing changed")
        if f"\n{search}" not in text:
            raise Malformed("not found")
        text = text.replace(f"\n{search}", f"\n{replace}")
        if len(text) > 4 * MAX_CHARS:
            raise Malformed("too long")
    return text[1:]
