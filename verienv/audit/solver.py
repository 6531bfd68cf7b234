"""An independent solver, in a process of its own: `f(item)` gives the answer as a text, or None where it knows none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from verienv.audit.calls import Caller, Limits
from verienv.audit.items import Item
from verienv.audit.targets import target


class Solver:
    """Answers items. Raises TargetError when it cannot be loaded."""

    def __init__(self, name: str, items: Sequence[Item], python: str, limits: Limits | None) -> None:
        aim = target(name)
        self._caller = Caller({**aim.spec, "kind": "solver"}, items, python=python, limits=limits)
        self._caller.about()

    def solve(self, places: Iterable[int]) -> Iterator[str | None]:
        """An answer for each item of these places; None where the solver failed or knew none."""
        for outcome in self._caller.score([(at, "") for at in places]):
            yield outcome.answer

    def close(self) -> None:
        """End its process."""
        self._caller.close()
