"""Journeys between places with fixed offsets from UTC: when one leaves, how long it takes, when one arrives.

Facts: ("leg", from, offset, to, offset, left, took, landed) and, between legs, ("stop", minutes). Offsets and durations
are minutes; a moment is 1440 * ordinal + minute of the local day; -1 is what is not told.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Final

from verienv.families.temporal import days, words
from verienv.families.temporal.solving import Fact

ARRIVAL, DURATION, DEPARTURE = 0, 1, 2
"""What is asked: when the last leg lands, how long it takes, when the first one leaves."""
DAY: Final = 1440
OFFSETS: Final = (
    *range(-720, 841, 60), -570, -210, -150, 210, 270, 330, 345, 390, 525, 570, 630, 765,
)  # fmt: skip


def draw(rng: Random, legs: int) -> tuple[tuple[Fact, ...], int]:
    """A journey and what is asked of it."""
    asked = rng.randrange(3)
    names = rng.sample(range(len(words.NAMES)), legs + 1)
    offsets = [rng.choice(OFFSETS) for _ in names]
    month = days.month(rng.randrange(1950, 2060), rng.choice((1, 2, 2, 3, 6, 9, 12)))
    day = days.first_of(month) + (rng.randrange(2) - 1) % days.length(month)  # month ends: carries and leap days
    if rng.random() < 0.5:
        day = days.first_of(month) + rng.randrange(days.length(month))
    now = DAY * day + 5 * rng.randrange(DAY // 5) - offsets[0]  # universal time from here on
    facts: list[Fact] = []
    for leg in range(legs):
        if leg:
            stop = 5 * rng.randrange(6, 200)
            facts.append(("stop", stop))
            now += stop
        took = rng.randrange(35, 1000)
        left = now + offsets[leg]
        now += took
        landed = now + offsets[leg + 1]
        last = leg == legs - 1
        facts.append(
            (
                "leg",
                names[leg],
                offsets[leg],
                names[leg + 1],
                offsets[leg + 1],
                left if leg == 0 and asked != DEPARTURE else -1,
                -1 if last and asked == DURATION else took,
                landed if last and asked != ARRIVAL else -1,
            )
        )
    return tuple(facts), asked


def answer(facts: Sequence[Fact], asked: int) -> tuple[int, ...] | None:
    """The moment as (ordinal, minute), or the minutes; None where it does not follow."""
    legs = [fact for fact in facts if fact[0] == "leg"]
    told = [fact[1] if fact[0] == "stop" else fact[6] for fact in facts]
    if asked == DEPARTURE:
        if legs[-1][7] < 0 or -1 in told:
            return None
        return divmod(int(legs[-1][7] - legs[-1][4] - sum(told) + legs[0][2]), DAY)
    if legs[0][5] < 0 or -1 in told[:-1]:
        return None
    last_left = int(legs[0][5] - legs[0][2] + sum(told[:-1]))  # universal time
    if asked == ARRIVAL:
        return None if told[-1] < 0 else divmod(last_left + told[-1] + legs[-1][4], DAY)
    return None if legs[-1][7] < 0 else (legs[-1][7] - legs[-1][4] - last_left,)


def tell(facts: Sequence[Fact], asked: int, styles: Sequence[int]) -> tuple[str, str]:
    """The journey and its question."""
    lines = []
    legs = [fact for fact in facts if fact[0] == "leg"]
    first, last = legs[0], legs[-1]
    stop = 0
    for fact, style in zip(facts, styles, strict=True):
        if fact[0] == "stop":
            stop = fact[1]
            continue
        _, origin, from_offset, target, to_offset, left, took, landed = fact
        there = f"{words.NAMES[target]} ({offset_words(to_offset)})"
        flight = "" if took < 0 else f", a journey of {duration_words(took)}"
        if fact is first:
            here = f"{words.NAMES[origin]} ({offset_words(from_offset)})"
            at = "" if left < 0 else f" at {moment_words(left)}"
            told = (f"The courier left {here}{at}", f"The mail plane took off from {here}{at}")[style % 2]
            lines.append(f"{told} for {there}{flight}.")
        else:
            told = ("After a stop of {}, the next leg led", "There followed a wait of {} and then a leg")[style % 2]
            lines.append(f"{told.format(duration_words(stop))} to {there}{flight}.")
        if landed >= 0:
            told = ("Arrival in {} was at {}.", "{} was reached at {}.")[style // 2 % 2]
            lines.append(told.format(words.NAMES[target], moment_words(landed)))
    question = (
        f"What were the local date and time in {words.NAMES[last[3]]} on arrival?",
        f"How many minutes did the journey from {words.NAMES[last[1]]} to {words.NAMES[last[3]]} take?",
        f"What were the local date and time in {words.NAMES[first[1]]} on departure?",
    )[asked]
    rule = "All times are local; each place keeps to the fixed offset from universal time (UTC) given beside its name."
    return " ".join([rule, *lines]), question


def offset_words(offset: int) -> str:
    """`UTC+05:30`."""
    return f"UTC{'-' if offset < 0 else '+'}{abs(offset) // 60:02d}:{abs(offset) % 60:02d}"


def duration_words(minutes: int) -> str:
    """`7 hours and 45 minutes`."""
    hours, rest = divmod(minutes, 60)
    told = []
    if hours:
        told.append(f"{hours} hour{'s' * (hours != 1)}")
    if rest:
        told.append(f"{rest} minute{'s' * (rest != 1)}")
    return " and ".join(told)


def moment_words(moment: int) -> str:
    """`23:10 on 28 February 2024`."""
    ordinal, minute = divmod(moment, DAY)
    return f"{minute // 60:02d}:{minute % 60:02d} on {days.day_words(ordinal)}"
