"""Sorting by a measure: stable, with one number and one place in a file kept in memory for each row."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from verienv.dataset.draw import candidate, sort_key
from verienv.dataset.plans import Plan
from verienv.dataset.row import Row
from verienv.errors import UnknownName

OPEN = 64  # draft files held open


def check(plan: Plan) -> None:
    """Raise UnknownName when a cell has no such measure, before anything is drawn."""
    if plan.sorted_by is None:
        return
    for at, cell in enumerate(plan.cells):
        for index in range(3):
            first = candidate(plan, at, index)
            if first is None:
                continue
            numbers = [name for name, value in first.difficulty.items() if not isinstance(value, str)]
            if plan.sorted_by not in numbers:
                raise UnknownName(f"order for {cell.task}", plan.sorted_by, ("level", "mixed", *numbers))
            break


def rows(plan: Plan, folder: Path, drafts: Sequence[Mapping[str, Any]], skip: int) -> Iterator[Row]:
    """The drafted rows in order of their measure, without the first `skip`."""
    import numpy as np

    values, missing, places, files = array("d"), array("b"), array("Q"), array("I")
    for number, part in enumerate(drafts):
        place = 0
        with open(folder / part["name"], "rb") as file:
            for line in file:
                absent, value = sort_key(Row.from_draft(line), plan)
                values.append(value)
                missing.append(absent)
                places.append(place)
                files.append(number)
                place += len(line)
    if not values:
        return
    order = np.lexsort((np.frombuffer(values), np.frombuffer(missing, np.int8)))  # stable; the last key counts first
    with ExitStack() as stack:
        held: dict[int, Any] = {}
        for at in order[skip:]:
            number = files[at]
            if number not in held:
                if len(held) >= OPEN:
                    held.pop(next(iter(held))).close()
                held[number] = stack.enter_context(open(folder / drafts[number]["name"], "rb"))
            held[number].seek(places[at])
            yield Row.from_draft(held[number].readline())
