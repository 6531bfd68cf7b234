"""A place seen from above, with a car, a slot and what stands around; answer with the arcs that park the car.

Reproduces HOPE (arXiv 2405.20579): its car, its bays and parallel slots in their Normal, Complex and Extreme measures,
its observations, actions and rewards in the step view, and its faults under named switches. A drive is simulated
exactly and tested for contact all along the way. The oracle is a hybrid A* with curves of Reeds and Shepp.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, ClassVar, Final

from verienv.families.parking import drawing, grading, judging, making, players, published, search, wording
from verienv.families.parking.arrays import Controls
from verienv.families.parking.car import Arc
from verienv.families.parking.making import Place
from verienv.families.parking.world import Quad
from verienv.knobs import KnobSet, knob
from verienv.score import Score, wrong
from verienv.task import Player, Question, Term

if TYPE_CHECKING:
    from verienv.task import Part

ROOM: Final = 1000
"""Centimetres around start and target that the rear axle may go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Knobs(KnobSet):
    """The slot, how tight it is, and how it is shown."""

    slot: str = knob("bay", choices=("any", *grading.SLOTS), doc="across the street, along it, or at an angle")
    grade: str = knob("normal", choices=grading.GRADES, doc="how tight: open has next to nothing around")
    shield: bool = knob(True, doc="no single curve of Reeds and Shepp leads from the start into the slot unhindered")
    changes: int = knob(0, low=0, high=3, doc="changes of gear that the oracle needs at least")
    near: int = knob(20, low=5, high=50, doc="centimetres from the slot's pose that count as parked")
    askew: int = knob(6, low=1, high=20, doc="degrees from its heading that do")
    arcs: int = knob(20, low=12, high=60, doc="arcs that an answer may have")
    show: str = knob("text", choices=("text", "picture", "both"), doc="how obstacles are shown")
    side: int = knob(512, low=320, high=896, doc="pixels of the picture's sides")
    image: bool = knob(True, doc="whether the step view shows an image")
    faults: str = knob("", doc="HOPE's own ways in the step view, joined by dots: see published.py; all: every one")

    def check(self) -> None:
        """Refuse switches that there are not."""
        published.switches(self.faults)


@dataclass(frozen=True, slots=True)
class Problem:
    """A scene in centimetres and tenths of a degree, and what is asked of its drive."""

    slot: str
    start: Place
    target: Place
    quads: tuple[Quad, ...]
    slack: int  # centimetres of room in the slot, along the street
    shield: bool = True
    changes: int = 0
    near: int = 20
    askew: int = 6
    arcs: int = 20
    show: str = "text"
    look: str = "asphalt"
    side: int = 512
    faults: str = ""
    length: int = 0  # of the oracle's drive, in millimetres

    @property
    def bounds(self) -> tuple[int, int, int, int]:
        """Where the rear axle may go: least x and y, greatest x and y, in centimetres."""
        (ax, ay, _), (bx, by, _) = self.start, self.target
        return min(ax, bx) - ROOM, min(ay, by) - ROOM, max(ax, bx) + ROOM, max(ay, by) + ROOM


class Parking(Question[Knobs, Problem, tuple[Arc, ...]], Controls):
    """Drive a car into a slot."""

    name = "parking"
    title = "Parking"
    tags = ("pictures", "control", "planning", "hope")
    parts = ("free", "approach", "aligned", "overlap", "thrift")
    terms: ClassVar[Mapping[str, Term]] = dict(published.TERMS)
    levels = (
        Knobs(slot="bay", grade="open", shield=False, near=40, askew=12),
        Knobs(slot="bay", grade="open"),
        Knobs(slot="bay", grade="normal", show="both"),
        Knobs(slot="angled", grade="normal"),
        Knobs(slot="parallel", grade="normal"),
        Knobs(slot="bay", grade="complex", show="picture"),
        Knobs(slot="parallel", grade="complex"),
        Knobs(slot="bay", grade="extreme", near=15, askew=5),
        Knobs(slot="parallel", grade="extreme", changes=1, near=15, askew=5, show="picture"),
    )

    # -- making ------------------------------------------------------------------------------------------------

    def generate(self, rng: Random, knobs: Knobs) -> Problem:
        """Draw scenes until one fits together, and turn it."""
        slot = rng.choice(grading.SLOTS) if knobs.slot == "any" else knobs.slot
        kind = grading.kind(slot, knobs.grade)
        drawn = None
        while drawn is None:
            drawn = making.draw(rng, kind)
        scene = making.moved(rng, drawn)
        look = rng.choice(list(drawing.LOOKS))
        return Problem(
            slot,
            scene.start,
            scene.target,
            scene.quads,
            scene.slack,
            knobs.shield,
            knobs.changes,
            knobs.near,
            knobs.askew,
            knobs.arcs,
            knobs.show,
            look,
            knobs.side,
            knobs.faults,
        )

    def admit(self, problem: Problem) -> bool:
        """Is there a drive, with as many changes of gear as asked, and no single curve that takes one there?"""
        start, target = making.pose(problem.start), making.pose(problem.target)
        if problem.shield and search.unhindered(problem.quads, start, target) is not None:
            return False
        plan = search.solve(problem.quads, start, target)
        if plan is None or plan.changes < problem.changes:
            return False
        return len(plan.arcs) <= problem.arcs and self.verify(problem, plan.arcs).right

    def finish(self, problem: Problem) -> Problem:
        """How long the oracle's drive is."""
        return dataclasses.replace(problem, length=round(1000 * self._plan(problem).length))

    def lineage(self, problem: Problem) -> bytes:
        """The scene, however it is turned, mirrored or moved."""
        return making.canonical(problem.start, problem.target, problem.quads)

    def identity(self, problem: Problem) -> bytes:
        """The scene as it lies, and what is asked."""
        told = (problem.start, problem.target, problem.quads, problem.near, problem.askew, problem.arcs)
        return repr(told).encode()

    # -- asking and judging ------------------------------------------------------------------------------------

    def prompt(self, problem: Problem) -> list[Part]:
        """The picture, then the rules, the numbers, and what is asked."""
        shown: list[Part] = []
        if problem.show != "text":
            shown.append(drawing.picture(problem.start, problem.target, problem.quads, problem.look, problem.side))
        told = wording.prompt(
            problem.start,
            problem.target,
            problem.quads,
            problem.bounds,
            near=problem.near,
            askew=problem.askew,
            arcs=problem.arcs,
            written=problem.show != "picture",
            picture=problem.show != "text",
        )
        return [*shown, told]

    def parse(self, problem: Problem, text: str) -> tuple[Arc, ...]:
        """Arcs as steering and metres."""
        return wording.read(text, problem.arcs)

    def verify(self, problem: Problem, answer: tuple[Arc, ...]) -> Score:
        """Only a drive that ends in the slot, with nothing touched and no bounds left, counts.

        free: share of the arcs before one that fails. Where the car stands then: approach, how much nearer it is than
        it was; aligned, 1 for the heading asked for, 0 for the opposite; overlap, the share of the slot's outline that
        the body covers. thrift: the oracle's length as a share of the length driven, once parked.
        """
        start = making.pose(problem.start)
        low_x, low_y, high_x, high_y = problem.bounds
        driven = judging.drive(problem.quads, (low_x / 100, low_y / 100, high_x / 100, high_y / 100), start, answer)
        if driven.fault:
            parts = judging.parts(problem, driven.end)
            return wrong(driven.fault, {**parts, "free": driven.arcs / len(answer)})
        return judging.standing(problem, driven.end, sum([abs(length) for _, length in answer]))

    def solve(self, problem: Problem) -> str:
        """The arcs that a hybrid A* finds on the scene that is shown."""
        return players.say(self._plan(problem).arcs)

    # -- what follows ------------------------------------------------------------------------------------------

    def players(self) -> Mapping[str, Player]:
        """See players.py."""
        return players.named()

    def renderings(self, problem: Problem) -> Sequence[str]:
        """Other brackets, separators and ways of writing numbers."""
        return players.rendered(self._plan(problem).arcs)

    def mutants(self, problem: Problem, rng: Random) -> Sequence[str]:
        """Drives that go wrong, and arcs that cannot be."""
        drives = players.wrong(self._plan(problem).arcs, rng)
        written = [wording.write(arcs) for arcs in drives if arcs and not self.verify(problem, arcs).right]
        return [*written, "[[1.5, 2.0], [0, -1.0]]", "[[1, 2, 3]]", "[[left, 2.0]]"]

    def describe(self, problem: Problem) -> Mapping[str, float | int | str | None]:
        """The oracle's drive, the poses that its search went on from, the room in the slot, HOPE's grade."""
        plan = self._plan(problem)
        return {
            "metres": round(plan.length, 2),
            "arcs": len(plan.arcs),
            "changes": plan.changes,
            "poses": plan.poses,
            "slack": problem.slack,
            "obstacles": len(problem.quads),
            "grade": grading.graded(problem.slot, problem.slack, problem.start, problem.target, problem.quads),
        }

    def _plan(self, problem: Problem) -> search.Plan:
        """The oracle's drive. Raises ValueError for a problem that was not admitted."""
        found = search.solve(problem.quads, making.pose(problem.start), making.pose(problem.target))
        if found is None:
            raise ValueError("no drive is found")
        return found


task = Parking()
