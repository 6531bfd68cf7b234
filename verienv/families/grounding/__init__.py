"""One or two pictures and a description that fits exactly one object; answer with the box around that object.

Reproduces UniVG-R1 (arXiv 2505.14231). The descriptions grow from the scene: what a thing is like and what it is not,
what it is for, its place in a row, its size, what it stands beside, what another picture shows of it, and chains of
these. That only one object fits is proven by looking at every object, with margins, so that nothing is borderline.
The oracle reads the same list of objects; a player sees the pictures alone. The user's own pictures become problems
too, with a file of boxes in COCO's form: `verienv import grounding boxes.json --pictures DIR`.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any, ClassVar

from verienv import parsing
from verienv.errors import GenerationError, KnobError
from verienv.families.grounding import language, layouts, published, reading, referents, scenes, scoring, wording
from verienv.families.grounding.referents import Expression, Place
from verienv.families.grounding.scenes import Scene, Thing
from verienv.families.grounding.scoring import Box
from verienv.files import Found, Reader
from verienv.knobs import KnobSet, knob
from verienv.parsing import Unparsable
from verienv.score import Score, partial, right, wrong
from verienv.task import Player, Question, Term, canonical
from verienv.views import Stepwise

if TYPE_CHECKING:
    from gymnasium import Space
    from PIL.Image import Image

    from verienv.task import Part

QUESTION_CHARS = 640
STRIDES = (8, 32, 128)
"""The step view moves an edge by the span over one of these, at least by 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Knobs(KnobSet):
    """What the pictures show, and how the object is described."""

    n: int = knob(16, low=4, high=40, doc="objects in each picture")
    kinds: int = knob(6, low=2, high=16, doc="kinds of objects that are mixed; fewer make more look alike")
    pictures: int = knob(1, low=1, high=2, doc="pictures; with two the description speaks of both")
    form: str = knob("any", choices=("any", *language.FORMS), doc="what the description uses, with one picture")
    chain: int = knob(1, low=1, high=3, doc="how many objects a relation leads over")
    patterned: bool = knob(False, doc="objects are plain, striped or spotted")
    layout: str = knob("any", choices=("any", *scenes.LAYOUTS), doc="where the objects are")
    visible: float = knob(0.7, low=0.5, high=0.95, doc="least share of every object's pixels that is seen")
    width: int = knob(448, low=320, high=1024, doc="pixels across")
    height: int = knob(448, low=320, high=1024, doc="pixels down")
    units: str = knob(
        "pixels", choices=wording.UNITS, doc="what coordinates count; points: thousandths as UniVG-R1 writes them"
    )

    def check(self) -> None:
        """Refuse combinations that cannot be."""
        if self.pictures == 2 and self.form != "any":
            raise KnobError(f"form={self.form!r} is for one picture; with two the form is any")
        if self.chain > 1 and self.pictures == 1 and self.form != "relation":
            raise KnobError(f"chain={self.chain} needs form=relation, or two pictures; not form={self.form!r}")
        if self.layout != "any" and self.n > scenes.CAPACITY[self.layout]:
            raise KnobError(f"n={self.n}: layout {self.layout!r} holds at most {scenes.CAPACITY[self.layout]} objects")
        if not 0.5 <= self.width / self.height <= 2:
            raise KnobError(f"{self.width} x {self.height}: one side is at most twice the other")


@dataclass(frozen=True, slots=True)
class Photo:
    """One of the user's pictures, by what it holds."""

    pictures: str  # the digest of the set that it lies in
    sha256: str


@dataclass(frozen=True, slots=True)
class Problem:
    """The scenes, what is asked for, and the one thing it refers to."""

    scenes: tuple[Scene, ...]
    expression: Expression
    target: Place
    units: str  # pixels or thousandths
    visible: float  # promised of every object
    photo: Photo | None = None  # the one scene's picture, where it is the user's

    @property
    def thing(self) -> Thing:
        """The object asked for."""
        return self.scenes[self.target[0]].things[self.target[1]]

    @property
    def span(self) -> tuple[int, int]:
        """The greatest x and y that an answer may name."""
        if self.units != wording.PIXELS:
            return 1000, 1000
        return self.scenes[0].width, self.scenes[0].height

    @property
    def asked_box(self) -> Box:
        """The box of the object in the units asked for, in whole numbers."""
        return self.in_units(self.thing)

    def shown(self) -> list[Image]:
        """The pictures. Raises UnknownPictures, ChangedPicture where one is the user's."""
        if self.photo is None:
            from verienv.families.grounding import backdrop

            return [backdrop.picture(scene) for scene in self.scenes]
        from verienv.render import pictures

        key, where = self.photo.sha256, self.photo.pictures
        known = {each.sha256: each for each in pictures.find(where).pictures}
        if key not in known:
            raise pictures.UnknownPictures(f"no picture with sha256 {key!r:.80} in the set {where!r:.40}")
        scene = self.scenes[0]
        return [pictures.open_picture(known[key], (scene.width, scene.height))]

    def in_units(self, thing: Thing) -> Box:
        """A thing's box in the units asked for, rounded to whole numbers."""
        (across, down), scene = self.span, self.scenes[0]
        x1, y1, x2, y2 = thing.box
        return (
            float((x1 * across * 2 + scene.width) // (2 * scene.width)),
            float((y1 * down * 2 + scene.height) // (2 * scene.height)),
            float((x2 * across * 2 + scene.width) // (2 * scene.width)),
            float((y2 * down * 2 + scene.height) // (2 * scene.height)),
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """A box inside a picture, in the units asked for."""

    picture: int  # from 0
    box: Box


class Grounding(Question[Knobs, Problem, Answer], Stepwise[Knobs, Problem, Answer], Reader[Problem]):
    """Find the object that is described."""

    name = "grounding"
    title = "Find the object that is described"
    tags = ("pictures", "boxes", "univg-r1")
    parts = ("iou", "iou_50", "iou_75", "picture")
    terms: ClassVar[Mapping[str, Term]] = {
        "univg_r1_iou": published.overlap,
        "univg_r1_format": published.form,
    }
    formats = "COCO's JSON of boxes, its pictures in a folder of VERIENV_PICTURES"
    levels = (
        Knobs(n=8, kinds=4, form="attribute"),
        Knobs(n=16, kinds=6, form="attribute", patterned=True),
        Knobs(n=18, kinds=7, form="relation"),
        Knobs(n=20, kinds=7, patterned=True),
        Knobs(n=22, kinds=8, form="relation", chain=2, patterned=True),
        Knobs(n=14, kinds=6, pictures=2),
        Knobs(n=20, kinds=8, pictures=2, chain=2, patterned=True),
        Knobs(n=30, kinds=9, form="relation", chain=3, patterned=True, units="thousandths"),
    )

    def generate(self, rng: Random, knobs: Knobs) -> Problem:
        """Arrange scenes, then say something of one thing that fits it alone."""
        found = layouts.problem(rng, knobs)
        if found is None:
            raise GenerationError(f"no scene and description for {knobs.to_text()}: too many objects for the picture")
        pictures, expression, target = found
        return Problem(pictures, expression, target, knobs.units, knobs.visible)

    def admit(self, problem: Problem) -> bool:
        """Of every object enough is seen, by its pixels."""
        return all(scenes.proven(scene, problem.visible) for scene in problem.scenes)

    def identity(self, problem: Problem) -> bytes:
        """Everything but the set that a user's picture lies in."""
        photo = problem.photo and dataclasses.replace(problem.photo, pictures="")
        return canonical(dataclasses.replace(problem, photo=photo))

    def prompt(self, problem: Problem) -> list[Part]:
        """The pictures, numbered where there are two, and the request."""
        sizes = tuple([(scene.width, scene.height) for scene in problem.scenes])
        text = wording.ask(problem.expression, sizes, problem.units, photo=problem.photo is not None)
        shown = problem.shown()
        if len(shown) == 1:
            return [shown[0], text]
        return ["Picture 1:", shown[0], "Picture 2:", shown[1], text]

    def parse(self, problem: Problem, text: str) -> Answer:
        """One box, and with two pictures the number of one."""
        picture, box = reading.read(parsing.answer(text))
        if picture is None and len(problem.scenes) > 1:
            if problem.units != wording.POINTS:
                raise Unparsable("no_picture")
            picture = 2
        if picture is not None and not 1 <= picture <= len(problem.scenes):
            raise Unparsable("no_such_picture")
        across, down = problem.span
        x1, y1, x2, y2 = box
        if min(box) < 0 or max(x1, x2) > across or max(y1, y2) > down:
            raise Unparsable("outside")
        if x1 >= x2 or y1 >= y2:
            raise Unparsable("empty_box" if x1 == x2 or y1 == y2 else "inverted")
        return Answer(0 if picture is None else picture - 1, box)

    def verify(self, problem: Problem, answer: Answer) -> Score:
        """The overlap with the object's box, in pixels, in the right picture."""
        if answer.picture != problem.target[0]:
            return wrong("wrong_picture", self.zero_parts())
        (across, down), scene = problem.span, problem.scenes[0]
        x1, y1, x2, y2 = answer.box
        if problem.units != wording.PIXELS:
            x1, x2 = x1 * scene.width / across, x2 * scene.width / across
            y1, y2 = y1 * scene.height / down, y2 * scene.height / down
        overlap = scoring.iou((x1, y1, x2, y2), problem.thing.box)
        parts = {"iou": overlap, "iou_50": float(overlap >= 0.5), "iou_75": float(overlap >= 0.75), "picture": 1.0}
        value = scoring.worth(overlap)
        if value == 1:
            return right(parts)
        return partial(value, "loose_box", parts) if value else wrong("elsewhere", parts)

    def solve(self, problem: Problem) -> str:
        """Follow the description through the list of objects; the planted target is not looked at."""
        place = referents.unique(problem.scenes, problem.expression)
        picture, at = (0, 0) if place is None else place
        return parsing.say(self._written(problem, picture, problem.in_units(problem.scenes[picture].things[at])))

    def players(self) -> Mapping[str, Player]:
        """Boxes that ignore the question: fixed, random, the largest object's, any object's."""
        return {
            "whole picture": lambda problem, rng: self._say(problem, rng, (0, 0, *problem.span)),
            "centre": lambda problem, rng: self._say(problem, rng, _middle(problem, 4)),
            "average box": lambda problem, rng: self._say(problem, rng, _middle(problem, 8)),
            "example": lambda problem, rng: self._say(problem, rng, wording.EXAMPLE),
            "random box": lambda problem, rng: self._say(problem, rng, _random_box(problem, rng)),
            "biggest object": self._play_biggest,
            "any object": self._play_any,
        }

    def renderings(self, problem: Problem) -> Sequence[str]:
        """Pairs of points, JSON objects, tags and decimals."""
        picture = problem.target[0]
        x1, y1, x2, y2 = map(int, problem.asked_box)
        if len(problem.scenes) > 1:
            number = picture + 1
            return (
                f'{{"image": {number}, "bbox_2d": [{x1}, {y1}, {x2}, {y2}]}}',
                f'{{"box": [{x1}.0, {y1}.0, {x2}.0, {y2}.0], "picture": {number}}}',
                f"picture {number}: [{x1}, {y1}, {x2}, {y2}]",
                f"Image {number}: ({x1},{y1}),({x2},{y2})",
                f'{{"picture": {number}, "x1": {x1}, "y1": {y1}, "x2": {x2}, "y2": {y2}}}',
            )
        return (
            f"({x1},{y1}),({x2},{y2})",
            f"{x1} {y1} {x2} {y2}",
            f"{x1}, {y1}, {x2}, {y2}",
            f"[[{x1}, {y1}], [{x2}, {y2}]]",
            f"[{x1}.0, {y1}.00, {x2}., {y2}.0]",
            f'{{"bbox_2d": [{x1}, {y1}, {x2}, {y2}]}}',
            f'[{{"bbox_2d": [{x1}, {y1}, {x2}, {y2}], "label": "it"}}]',
            f'{{"x1": {x1}, "y1": {y1}, "x2": {x2}, "y2": {y2}}}',
            f"x1={x1}, y1={y1}, x2={x2}, y2={y2}",
            f"<box>{x1}, {y1}, {x2}, {y2}</box>",
            f"<|box_start|>({x1},{y1}),({x2},{y2})<|box_end|>",
        )

    def mutants(self, problem: Problem, rng: Random) -> Sequence[str]:
        """Another object's box, corners swapped, a fifth number, one number short, far outside, the other picture."""
        picture = problem.target[0]
        x1, y1, x2, y2 = map(int, problem.asked_box)
        thing = problem.thing
        others = [each for each in problem.scenes[picture].things if scoring.iou(each.box, thing.box) < 0.5]
        made = [self._written(problem, picture, problem.in_units(rng.choice(others)))] if others else []
        made += [
            self._written(problem, picture, (float(a), float(b), float(c), float(d)))
            for a, b, c, d in ((x2, y1, x1, y2), (x2, y2, x1, y1), (x1, y1, x1, y2), (-x1 - 1, y1, x2, y2))
        ]
        made += [f"[{x1}, {y1}, {x2}, {y2}, {y2}]", f"[{x1}, {y1}, {x2}]", f"[{x1}, {y1}, {x2 - x1}, NaN]"]
        made.append(f"[{x1}, {y1}, {x2}, {10**9}]")
        if len(problem.scenes) > 1:
            made.append(f"picture {2 - picture}: [{x1}, {y1}, {x2}, {y2}]")
            made.append(f"picture 3: [{x1}, {y1}, {x2}, {y2}]")
        return made

    def describe(self, problem: Problem) -> Mapping[str, float | int | str | None]:
        """Objects, those the bare description fits, things to find on the way, the object's share of the picture."""
        scene, thing = problem.scenes[problem.target[0]], problem.thing
        return {
            "objects": sum(len(each.things) for each in problem.scenes),
            "alike": len(referents.candidates(problem.scenes, problem.expression)),
            "links": language.links(problem.expression),
            "layout": scene.layout,
            "how": problem.expression.how,
            "share": round(thing.w * thing.h / (scene.width * scene.height), 5),
        }

    # -- native and step views -------------------------------------------------------------------------------

    def observation_space(self, knobs: Knobs) -> Space[Any]:
        """The pictures [N, H, W, 3] uint8, and the question as the codes of its characters, 0 after its end."""
        import numpy as np
        from gymnasium import spaces

        shape = (knobs.pictures, knobs.height, knobs.width, 3)
        return spaces.Dict(
            {
                "pictures": spaces.Box(0, 255, shape, np.uint8),
                "question": spaces.Box(0, 127, (QUESTION_CHARS,), np.uint8),
            }
        )

    def observe(self, problem: Problem) -> Any:
        """The pictures and the question."""
        import numpy as np

        text = wording.question(problem.expression, len(problem.scenes)).encode("ascii", "replace")[:QUESTION_CHARS]
        codes = np.zeros(QUESTION_CHARS, np.uint8)
        codes[: len(text)] = np.frombuffer(text, np.uint8)
        return {
            "pictures": np.stack([np.asarray(picture) for picture in problem.shown()]),
            "question": codes,
        }

    def action_space(self, knobs: Knobs) -> Space[Any]:
        """Two corners, -1 left or top to 1 right or bottom; with two pictures the sign of a fifth number chooses."""
        import numpy as np
        from gymnasium import spaces

        return spaces.Box(-1.0, 1.0, (4 if knobs.pictures == 1 else 5,), np.float32)

    def act(self, problem: Problem, action: Any) -> Answer:
        """The box between the two corners, whichever comes first, in whole units and at least one wide and high."""
        across, down = problem.span
        corners = [float(value) for value in action]
        x1, x2 = _ordered(corners[0], corners[2], across)
        y1, y2 = _ordered(corners[1], corners[3], down)
        return Answer(int(len(corners) > 4 and corners[4] > 0), (x1, y1, x2, y2))

    def encode(self, problem: Problem, answer: Answer) -> Any:
        """The corners that `act` reads back, to whole units."""
        import numpy as np

        across, down = problem.span
        x1, y1, x2, y2 = answer.box
        corners = [2 * x1 / across - 1, 2 * y1 / down - 1, 2 * x2 / across - 1, 2 * y2 / down - 1]
        if len(problem.scenes) > 1:
            corners.append(1.0 if answer.picture else -1.0)
        return np.clip(np.array(corners, np.float32), -1, 1)

    def draft(self, problem: Problem) -> Answer:
        """A quarter of the first picture, in its middle."""
        x1, y1, x2, y2 = _middle(problem, 4)
        return Answer(0, (float(x1), float(y1), float(x2), float(y2)))

    def edits(self, knobs: Knobs) -> int:
        """Each edge, out or in, by three lengths; with two pictures also a change of picture."""
        return 8 * len(STRIDES) + (knobs.pictures - 1)

    def edit(self, problem: Problem, draft: Answer, number: int) -> Answer:
        """Move one edge as far as the picture and the opposite edge allow, or turn to the other picture."""
        if number == 8 * len(STRIDES):
            return Answer(1 - draft.picture, draft.box)
        edge, rest = divmod(number, 2 * len(STRIDES))
        sign, stride = (-1 if rest % 2 else 1), STRIDES[rest // 2]
        span = problem.span[edge % 2]
        box = list(draft.box)
        low, high = (0.0, box[edge + 2] - 1) if edge < 2 else (box[edge - 2] + 1, float(span))
        box[edge] = min(high, max(low, box[edge] + sign * max(1, span // stride)))
        return Answer(draft.picture, (box[0], box[1], box[2], box[3]))

    # -- the user's pictures -------------------------------------------------------------------------------------

    def read(self, text: str) -> list[Found[Problem]]:
        """A problem for each object of a COCO file of which something can be said that fits it alone."""
        from verienv.families.grounding import importing  # it makes Problems, so it follows this module

        return importing.read(text)

    def to_json(self, problem: Problem) -> dict[str, Any]:
        """The picture by what it holds, its objects, what is said."""
        from verienv.families.grounding import importing

        return importing.to_json(problem)

    def from_json(self, spec: object) -> Problem:
        """The problem again."""
        from verienv.families.grounding import importing

        return importing.from_json(spec)

    # -- how players write -------------------------------------------------------------------------------------

    def _written(self, problem: Problem, picture: int, box: Box) -> str:
        x1, y1, x2, y2 = map(int, box)
        return wording.write(picture + 1, (x1, y1, x2, y2), len(problem.scenes) > 1, problem.units)

    def _say(self, problem: Problem, rng: Random, box: tuple[int, int, int, int]) -> str:
        x1, y1, x2, y2 = map(float, box)
        return parsing.say(self._written(problem, rng.randrange(len(problem.scenes)), (x1, y1, x2, y2)))

    def _play_biggest(self, problem: Problem, rng: Random) -> str:
        things = [(each.w * each.h, at, each) for at, scene in enumerate(problem.scenes) for each in scene.things]
        _, picture, thing = max(things, key=lambda found: found[0])
        return parsing.say(self._written(problem, picture, problem.in_units(thing)))

    def _play_any(self, problem: Problem, rng: Random) -> str:
        picture = rng.randrange(len(problem.scenes))
        return parsing.say(
            self._written(problem, picture, problem.in_units(rng.choice(problem.scenes[picture].things)))
        )


task = Grounding()


def _middle(problem: Problem, part: int) -> tuple[int, int, int, int]:
    """The box in the middle whose sides reach 1 / `part` of the picture's to either side."""
    across, down = problem.span
    return (
        across // 2 - across // part,
        down // 2 - down // part,
        across // 2 + across // part,
        down // 2 + down // part,
    )


def _random_box(problem: Problem, rng: Random) -> tuple[int, int, int, int]:
    across, down = problem.span
    x1, y1 = rng.randrange(across - 8), rng.randrange(down - 8)
    return x1, y1, rng.randint(x1 + 1, across), rng.randint(y1 + 1, down)


def _ordered(first: float, second: float, span: int) -> tuple[float, float]:
    """Two places in [-1, 1] as whole units in order, at least one apart."""
    one, two = (min(span, max(0, math.floor((value + 1) / 2 * span + 0.5))) for value in (first, second))
    low, high = min(one, two), max(one, two)
    if low == high:
        low, high = (low, high + 1) if high < span else (low - 1, high)
    return float(low), float(high)
