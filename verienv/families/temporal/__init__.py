"""Short news reports tell when things happened; answer with a month, a date, a count, an order or a relation in time.

Reproduces Time-R1's tasks (arXiv 2505.13508: timestamp inference, difference, ordering, completion, forecasting) in an
invented chronicle, where every answer follows from the reports, and adds Allen's relations, calendars and time zones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any, ClassVar

from verienv import parsing
from verienv.errors import GenerationError, KnobError
from verienv.families.temporal import (
    almanac,
    answers,
    arrays,
    blind,
    clocks,
    notes,
    published,
    settling,
    solving,
    telling,
    worlds,
)
from verienv.families.temporal.answers import Values
from verienv.families.temporal.solving import Fact
from verienv.families.temporal.words import Point
from verienv.knobs import KnobSet, knob
from verienv.score import RIGHT, Score, wrong
from verienv.task import Player, Question, Term
from verienv.views import Stepwise

if TYPE_CHECKING:
    from gymnasium import Space

    from verienv.task import Part

TRIES = 2_000
KINDS: Mapping[str, tuple[str, ...]] = {
    "infer": ("infer",),
    "difference": ("difference",),
    "order": ("order",),
    "complete": ("complete",),
    "forecast": ("forecast",),
    "date": ("date",),
    "gap": ("gap",),
    "sequence": ("sequence",),
    "allen": ("allen",),
    "relate": ("relate",),
    "calendar": ("calendar",),
    "clock": ("clock",),
    "stage1": ("infer", "difference", "order", "complete"),
    "dates": ("date", "gap"),
    "reckoning": ("calendar", "clock"),
    "any": (
        *("infer", "difference", "order", "complete", "forecast", "date", "gap"),
        *("sequence", "allen", "relate", "calendar", "clock"),
    ),
}
DAILY = frozenset(("date", "gap", "sequence", "allen", "relate"))
FORM_OF = {
    **{"infer": "month", "difference": "difference", "order": "ordering", "date": "day", "gap": "integer"},
    **{"sequence": "order", "allen": "relation", "relate": "relation"},
}
PARTS = ("date", "order", "consistency", "exact")


@dataclass(frozen=True, slots=True, kw_only=True)
class Knobs(KnobSet):
    """What is asked, and how far the answer lies from what is stated."""

    kind: str = knob("any", choices=tuple(KINDS), doc="the question, or a group that one is drawn from")
    grain: str = knob("any", choices=("month", "day", "any"), doc="whether the chronicle counts in months or in days")
    hops: int = knob(2, low=0, high=8, doc="steps from an outright date to what is asked; further events in allen")
    distractors: int = knob(2, low=0, high=12, doc="events that do not matter")
    bridges: bool = knob(False, doc="whether midpoints and equal gaps are told too")
    span: int = knob(8, low=2, high=40, doc="years over which dates are spread")
    events: int = knob(4, low=3, high=8, doc="events to put in order, in sequence")
    periods: int = knob(3, low=3, high=6, doc="periods told of, in relate")
    legs: int = knob(1, low=1, high=4, doc="legs of a journey, in clock")
    reach: int = knob(200, low=60, high=almanac.LONGEST, doc="days that a calendar notice may count")

    def check(self) -> None:
        """Refuse a grain that the question cannot have."""
        if self.grain == "month" and set(KINDS[self.kind]) <= DAILY:
            raise KnobError(f"kind={self.kind} counts in days, not months")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is told, what is asked, and the one answer that follows."""

    kind: str
    form: str  # of the answer, see `answers.FORMS`
    monthly: bool  # values of points are months, not days
    points: tuple[Point, ...]
    facts: tuple[Fact, ...]  # in the order told
    told: tuple[int, ...]  # how each is worded
    ask: tuple[int, ...]  # points; for a completion also what is masked, for a journey what is asked
    truth: Values
    width: int  # fields of the native view's action

    def easy(self, event: int) -> bool:
        """Whether the reports date the event outright, or by one step from an event that they do."""
        dated = {fact[1] for fact in self.facts if fact[0] in ("on", "nth")}
        steps = [fact[1:3] for fact in self.facts if fact[0] in ("shift", "next")]
        return event in dated or any(event in step and dated & set(step) for step in steps)


class Temporal(Question[Knobs, Problem, Values], Stepwise[Knobs, Problem, Values]):
    """Reasoning about time in an invented chronicle."""

    name = "temporal"
    title = "Dates, orders and periods in a chronicle"
    tags = ("text", "time", "time-r1")
    parts = PARTS
    terms: ClassVar[Mapping[str, Term]] = published.TERMS
    levels = (
        Knobs(kind="infer", grain="month", hops=1, distractors=0),
        Knobs(kind="calendar"),
        Knobs(kind="difference", hops=1),
        Knobs(kind="clock"),
        Knobs(kind="order", hops=2),
        Knobs(kind="complete", hops=2),
        Knobs(kind="forecast", hops=2),
        Knobs(kind="dates", hops=3, distractors=3),
        Knobs(kind="allen", hops=2),
        Knobs(kind="sequence", events=5, distractors=3),
        Knobs(kind="relate", periods=4),
        Knobs(kind="reckoning", legs=3, reach=4000),
        Knobs(kind="stage1", hops=4, distractors=5, bridges=True, span=12),
        Knobs(kind="any", hops=6, distractors=8, bridges=True, span=15, events=7, periods=6, legs=4, reach=5000),
    )

    def generate(self, rng: Random, knobs: Knobs) -> Problem:
        """Draw the world, then what is told of it."""
        kind = rng.choice(KINDS[knobs.kind])
        width = arrays.width(KINDS[knobs.kind], knobs.events)
        if kind == "calendar":
            fact = almanac.draw(rng, knobs.reach)
            told: tuple[int, ...] = (rng.getrandbits(16),)
            answer = almanac.answer(fact)
            return Problem(kind, almanac.FORMS[fact[1]], False, (), (fact,), told, (), (answer,), width)
        if kind == "clock":
            facts, asked = clocks.draw(rng, knobs.legs)
            form = "integer" if asked == clocks.DURATION else "moment"
            truth = clocks.answer(facts, asked)
            told = tuple([rng.getrandbits(16) for _ in facts])
            if truth is None:
                raise GenerationError("a journey that does not say enough")
            return Problem(kind, form, False, (), facts, told, (asked,), truth, width)
        for _ in range(TRIES):
            try:
                return _chronicle(rng, knobs, kind, width)
            except worlds.OutOfRange:
                continue
        raise GenerationError(f"{knobs.to_text()}: {TRIES} chronicles, none inside its bounds")

    def admit(self, problem: Problem) -> bool:
        """The facts told leave one answer."""
        if problem.kind in ("calendar", "clock"):
            return True
        found = settling.settle(problem.kind, problem.points, problem.facts, problem.ask, problem.monthly)
        return found == problem.truth

    def prompt(self, problem: Problem) -> list[Part]:
        """The reports, the question and the answer form."""
        closing = parsing.ask(answers.FORMS[problem.form][0], answers.example(problem.form, len(problem.ask)))
        if problem.kind == "calendar":
            told, question = almanac.tell(problem.facts[0], problem.told[0])
            return [f"{told}\n\n{question}\n{closing}"]
        if problem.kind == "clock":
            told, question = clocks.tell(problem.facts, problem.ask[0], problem.told)
            return [f"{told}\n\n{question}\n{closing}"]
        reports = [
            f"{place}. {telling.report(fact, style, problem.points, problem.monthly)}"
            for place, (fact, style) in enumerate(zip(problem.facts, problem.told, strict=True), 1)
        ]
        rules = telling.rules(problem.facts, problem.monthly)
        opening = "These reports come from the papers of an invented country, in no particular order."
        question = telling.question(problem.kind, problem.ask, problem.points, problem.monthly)
        head = f"{opening} {rules}".rstrip()
        return ["\n".join([head, "", *reports]) + f"\n\n{question}\n{closing}"]

    def parse(self, problem: Problem, text: str) -> Values:
        """The form asked for, and no other."""
        return answers.read(problem.form, parsing.answer(text), len(problem.ask))

    def verify(self, problem: Problem, answer: Values) -> Score:
        """Right or wrong; what is nearly right shows in the parts alone, where a constant earns next to nothing."""
        if answer == problem.truth:
            return _ALL_RIGHT
        return wrong("wrong", _parts(problem, answer))

    def solve(self, problem: Problem) -> str:
        """Read the prompt's text, and answer what follows from it."""
        (text,) = self.prompt(problem)
        if not isinstance(text, str):
            raise TypeError("the prompt is one text")
        text = text[: text.rfind("\nThe answer is ")]
        if problem.kind == "calendar":
            values: Values | None = (almanac.answer(notes.notice(text)),)
        elif problem.kind == "clock":
            values = clocks.answer(*notes.journey(text))
        else:
            values = settling.read(text, problem.kind)
        return parsing.say("nothing follows" if values is None else answers.write(problem.form, values))

    def players(self) -> Mapping[str, Player]:
        """Constants, chance, and what is mentioned first, last or most."""
        return blind.players()

    def renderings(self, problem: Problem) -> Sequence[str]:
        """Letter case of words, blanks inside the structured forms, and their full stop."""
        plain = answers.write(problem.form, problem.truth)
        if problem.form in ("weekday", "relation"):
            return plain.lower(), plain.upper(), plain.replace("-", " ")
        if problem.form == "moment":
            return (plain.replace(" ", "T"),)
        if problem.form[:2] in ("di", "co") or problem.form == "ordering":
            return plain.removesuffix("."), plain.replace(" ", "\n"), plain.replace(", ", ",\n"), plain.lower()
        return ()

    def mutants(self, problem: Problem, rng: Random) -> Sequence[str]:
        """Off by one in each number, other notations, two answers, and dates that do not exist."""
        plain = answers.write(problem.form, problem.truth)
        found = [f"{plain} or {plain}", f"not {plain}", "2024-02-30", "0000-01", "2024-13", "01/02/03", "none", "3"]
        for place in range(len(problem.truth)):
            near = arrays.edit(problem, problem.truth, len(arrays.STEPS) * place + rng.randrange(2))
            found.append(answers.write(problem.form, near))
        return [each for each in found if each != plain]

    def describe(self, problem: Problem) -> Mapping[str, float | int | str | None]:
        """The kind of question, what is counted in, and how much is told."""
        return {
            "kind": problem.kind,
            "form": problem.form,
            "grain": "month" if problem.monthly else "day",
            "reports": len(problem.facts),
            "events": len(problem.points),
            "masked": answers.ENTITIES[problem.ask[1]] if problem.kind == "complete" else None,
        }

    def identity(self, problem: Problem) -> bytes:
        """What is told and asked, whatever the wording and the order of the reports."""
        return repr((problem.kind, problem.points, sorted(map(repr, problem.facts)), problem.ask)).encode()

    # -- native and step views -------------------------------------------------------------------------------

    def observation_space(self, knobs: Knobs) -> Space[Any]:
        """[65, 16] int64: one row for each report as its fact in numbers, padded with 0; the question in row 0."""
        return arrays.observation_space()

    def observe(self, problem: Problem) -> Any:
        """The facts and the question as numbers."""
        return arrays.observe(problem)

    def action_space(self, knobs: Knobs) -> Space[Any]:
        """One discrete field for each number of the longest answer form that the kind can ask for."""
        return arrays.action_space(KINDS[knobs.kind], knobs.events)

    def act(self, problem: Problem, action: Any) -> Values:
        """The fields of this form, moved to where its numbers begin; further fields are ignored."""
        return arrays.act(problem, action)

    def encode(self, problem: Problem, answer: Values) -> Any:
        """The fields that `act` reads back."""
        return arrays.encode(problem, answer)

    def draft(self, problem: Problem) -> Values:
        """The middle of every field; events in the order of the prompt."""
        return arrays.draft(problem)

    def edits(self, knobs: Knobs) -> int:
        """Ten edits a field: 1, 10, 100, 1,000 or 10,000 up or down; in an order, a swap with a neighbour."""
        return arrays.edits(KINDS[knobs.kind], knobs.events)

    def edit(self, problem: Problem, draft: Values, number: int) -> Values:
        """The draft with one field moved, as far as its bounds allow."""
        return arrays.edit(problem, draft, number)


def _chronicle(rng: Random, knobs: Knobs, kind: str, width: int) -> Problem:
    """A chronicle and its question. Raises OutOfRange."""
    grain = rng.choice(("month", "day")) if knobs.grain == "any" else knobs.grain
    monthly = grain == "month" and kind not in DAILY
    world = worlds.Chronicle(rng, monthly, knobs.span)
    form = FORM_OF.get(kind, "month" if monthly else "day")
    ask: tuple[int, ...]
    if kind == "complete":
        ask = worlds.mask(world, knobs.hops, knobs.bridges)
        form = f"completion {answers.ENTITIES[ask[1]]}"
    elif kind == "forecast":
        ask = (worlds.series(world, knobs.hops, knobs.bridges),)
    elif kind == "sequence":
        ask = worlds.sequence(world, knobs.events, knobs.distractors)
    elif kind == "allen":
        ask = worlds.periods(world, knobs.hops)
    elif kind == "relate":
        ask = worlds.relations(world, knobs.periods)
    else:
        asked = {"order": 3, "difference": 2, "gap": 2}.get(kind, 1)
        ask = tuple(world.chain(knobs.hops, knobs.bridges) for _ in range(asked))
        apart = [world.values[at] if kind == "gap" else world.month(at) for at in ask]
        if len(set(apart)) < asked:
            raise worlds.OutOfRange
    if kind not in ("sequence", "relate"):
        world.distract(knobs.distractors, leave=ask[-1:] if kind == "forecast" else ())
    rng.shuffle(world.facts)
    facts = tuple(world.facts)
    truth = _truth(kind, world, ask)
    told = tuple([rng.getrandbits(24) for _ in facts])
    return Problem(kind, form, monthly, tuple(world.points), facts, told, ask, truth, width)


def _truth(kind: str, world: worlds.Chronicle, ask: tuple[int, ...]) -> Values:
    """The answer as the world was drawn; `admit` holds it against what follows from the facts."""
    values = [world.values[at] for at in (ask[:1] if kind == "complete" else ask)]
    if kind == "sequence":
        return tuple(sorted(range(1, len(ask) + 1), key=lambda place: values[place - 1]))
    if kind in ("allen", "relate"):
        return (solving.relation(*values),)
    return settling.answer(kind, values, ask, world.monthly)


_ALL_RIGHT = Score(RIGHT.value, dict.fromkeys(PARTS, 1.0))


def _parts(problem: Problem, answer: Values) -> dict[str, float]:
    """Of a wrong answer: dates within three months or days, an order one swap off, and agreement with itself.

    What agrees with itself is paid only as far as its dates are right, so that a constant earns next to nothing.
    """
    form, truth = problem.form, problem.truth
    dates = {"month": 1, "day": 1, "difference": 2, "ordering": 3}.get(form, 1 if form[:10] == "completion" else 0)
    near = [max(0.0, 1 - abs(mine - true) / 4) for mine, true in zip(answer[:dates], truth, strict=False)]
    date = sum(near) / dates if dates else 0.0
    order = consistency = 0.0
    if form == "order":
        order = 0.5 * (_swaps(answer, truth) == 1)
    elif form == "ordering":
        order = date * (answer[3:] == truth[3:])
        consistency = date * (list(answer[3:]) == sorted((1, 2, 3), key=lambda place: answer[place - 1]))
    elif form == "difference":
        consistency = date * (abs(answer[0] - answer[1]) == answer[2])
    elif form == "completion month":
        consistency = date * (answer[0] % 12 + 1 == answer[1])
    elif form == "completion year":
        consistency = date * (answer[0] // 12 == answer[1])
    return {"date": date, "order": order, "consistency": consistency, "exact": 0.0}


def _swaps(one: Sequence[int], two: Sequence[int]) -> int:
    """How many pairs stand in the other order."""
    place = [two.index(each) for each in one]
    return sum(a > b for at, a in enumerate(place) for b in place[at + 1 :])


task = Temporal()
