"""Blind: the best policy that only copies earns little more than chance."""

from __future__ import annotations

from collections.abc import Iterator

from verienv.audit.findings import Finding, Property, Skipped
from verienv.audit.floor import search
from verienv.audit.study import Study, severity


def floor(study: Study) -> Iterator[Finding]:
    """A search over policies, kept apart from the items on which its winner is measured."""
    if any(isinstance(one.oracle, list) for one in study.oracles):
        raise Skipped("is tried on single replies; this is a game of several moves")
    found = search.best(study)
    if found is None:
        raise Skipped("needs at least two items")
    study.best = found
    at, reply = found.example
    how = (
        f"found in generation {found.generation} of {found.tried} policies; {found.chosen_at:.2f} on the items that "
        f"chose it; the floor is {study.floor:.2f}"
    )
    if found.mean > study.floor + study.slack(found.count):
        yield study.finding(
            "floor", severity(found.mean - study.floor, blind=True),
            f"a blind policy earns {found.mean:.2f}: {found.policy}", how,
            at=at, reply=reply, outcome=study.one(at, reply),
        )  # fmt: skip
    study.seen = f"{found.tried} policies; the best, {found.policy}, earns {found.mean:.2f}"


PROPERTIES = (Property("floor", "no policy that only copies beats chance", floor),)
