"""Shrinking: the smallest reply that still shows a fault, within a number of tries."""

from __future__ import annotations

from collections.abc import Callable


def text(reply: str, shows: Callable[[str], bool], tries: int = 60) -> str:
    """A short part of `reply` for which `shows` still holds: ever smaller pieces are left out, then marks made plain.

    `shows(reply)` is taken to hold. Never calls `shows` more than `tries` times.
    """
    left = tries

    def try_(candidate: str) -> bool:
        nonlocal left
        if left <= 0 or candidate == reply:
            return False
        left -= 1
        return shows(candidate)

    for simplest in ("", "0", "a"):
        if len(simplest) < len(reply) and try_(simplest):
            return simplest
    piece = max(1, len(reply) // 2)
    while reply and left > 0:
        at, smaller = 0, False
        while at < len(reply) and left > 0:
            candidate = reply[:at] + reply[at + piece :]
            if try_(candidate):
                reply, smaller = candidate, True
            else:
                at += piece
        if piece == 1 and not smaller:
            break
        piece = max(1, min(piece // 2 if not smaller else piece, len(reply)))
    return reply


def parts(replies: list[str], shows: Callable[[list[str]], bool], tries: int = 40) -> list[str]:
    """The same for a list of moves: moves are left out, one by one."""
    at = 0
    while at < len(replies) and tries > 0 and len(replies) > 1:
        candidate = replies[:at] + replies[at + 1 :]
        tries -= 1
        if shows(candidate):
            replies = candidate
        else:
            at += 1
    return replies
