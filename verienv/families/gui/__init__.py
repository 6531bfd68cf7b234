"""A screen of some program and one instruction; answer with the one next action, and where on the screen it goes.

Reproduces UI-R1 (arXiv 2503.21620) and GuirlVG (arXiv 2508.04389). Screens are drawn from a tree of widgets: lists,
forms, tables, tiles, menus, dialogs, on phones, desktops and the web. Every instruction is proven to mean one thing by
looking at everything in view; a point is right anywhere inside it where nothing else lies on top. The oracle looks at
the same things; a player sees the picture alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from random import Random
from typing import TYPE_CHECKING, Any, ClassVar

from verienv import actions, parsing
from verienv.actions import Action
from verienv.errors import GenerationError, KnobError
from verienv.families.gui import arrays, asks, blind, making, proposing, published, seen, wording
from verienv.families.gui.asks import Ask, Right
from verienv.families.gui.frames import PLATFORMS
from verienv.families.gui.making import Plan
from verienv.families.gui.seen import Seen
from verienv.files import Found, Reader
from verienv.knobs import KnobSet, knob
from verienv.parsing import Unparsable
from verienv.render.screen import Screen
from verienv.score import Score, right, wrong
from verienv.task import Player, Question, Term, canonical
from verienv.views import Stepwise

if TYPE_CHECKING:
    from gymnasium import Space
    from PIL.Image import Image

    from verienv.task import Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Knobs(KnobSet):
    """The screen, and what is asked of it."""

    platform: str = knob("any", choices=("any", *PLATFORMS), doc="where the program runs")
    asks: str = knob("any", choices=("any", *making.SHARES), doc="what is asked")
    how: str = knob("any", choices=("any", *proposing.HOWS), doc="how a thing is told from the others")
    conditions: int = knob(1, low=1, high=3, doc="conditions that are joined, where a table is asked about")
    front: float = knob(0.0, low=0.0, high=1.0, doc="how often something lies in front")
    density: str = knob("regular", choices=("any", "roomy", "regular", "compact"), doc="room between things")
    theme: str = knob("any", choices=("any", "light", "dark"), doc="colours")
    width: int = knob(360, low=320, high=3840, doc="pixels across")
    height: int = knob(640, low=320, high=3840, doc="pixels down")
    scale: float = knob(0.0, low=0.0, high=4.0, doc="pixels per unit of length; 0: by the size of the screen")
    form: str = knob("json", choices=wording.FORMS, doc="how the answer is written; point: a click, by its point alone")
    units: str = knob("pixels", choices=wording.UNITS, doc="what coordinates count")

    def check(self) -> None:
        """Refuse combinations that cannot be."""
        if not 0.4 <= self.width / self.height <= 2.5:
            raise KnobError(f"{self.width} x {self.height}: one side is at most two and a half times the other")
        if 0 < self.scale < 0.5:
            raise KnobError(f"scale={self.scale}: 0, or at least 0.5")
        if self.form == wording.POINT and self.asks != "press":
            raise KnobError(f"form=point is for clicks alone: asks=press, not {self.asks!r}")
        if self.form == wording.POINT and self.front:
            raise KnobError("form=point is for clicks alone: front=0")
        if self.platform != "phone" and self.platform != "any" and self.asks == "app":
            raise KnobError("asks=app is for phones")
        if (
            self.asks in ("file", "shortcut", "open")
            and self.platform in ("phone", "web")
            and not (self.asks == "open" and self.platform == "web")
        ):
            raise KnobError(f"asks={self.asks} needs platform=desktop")
        if self.scale and min(self.width, self.height) / self.scale < 300:
            raise KnobError(f"scale={self.scale}: the screen is less than 300 units wide or high")


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture of the user's: its set's digest, what it holds, its size in pixels."""

    pictures: str
    sha256: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Problem:
    """A screen, what is asked of it, and every right action. One that was read from a file has a photo and words."""

    screen: Screen | None
    ask: Ask | None
    rights: tuple[Right, ...]
    form: str = wording.JSON
    units: str = wording.PIXELS
    photo: Photo | None = None
    words: str = ""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        shown = self.screen or self.photo
        return (0, 0) if shown is None else (shown.width, shown.height)

    @property
    def instruction(self) -> str:
        """The request."""
        return self.words if self.ask is None else wording.instruction(self.ask)

    @property
    def view(self) -> Seen | None:
        """What is in view, where the screen was drawn here."""
        return None if self.screen is None else seen.look(self.screen)

    def picture(self) -> Image:
        """The screen. Raises UnknownPictures, ChangedPicture where it is the user's."""
        from verienv.render import pictures
        from verienv.render import screen as ui

        if self.screen is not None:
            return ui.draw(self.screen)
        if self.photo is None:
            raise TypeError("a problem has a screen or a photo")
        known = {each.sha256: each for each in pictures.find(self.photo.pictures).pictures}
        return pictures.open_picture(known[self.photo.sha256], self.size)

    def to_pixels(self, action: Action) -> Action:
        """An action in pixels."""
        if self.units == wording.PIXELS:
            return action
        return _scaled(action, self.size[0] / 1000, self.size[1] / 1000)

    def in_units(self, action: Action) -> Action:
        """An action in whole units of those asked for."""
        if self.units == wording.PIXELS:
            return action
        return _scaled(action, 1000 / self.size[0], 1000 / self.size[1], whole=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft(Problem):
    """A screen of which nothing is asked yet, and the plan by which that is found."""

    plan: Plan


class Gui(Question[Knobs, Problem, Action], Stepwise[Knobs, Problem, Action], Reader[Problem]):
    """Find the next action on a screen."""

    name = "gui"
    title = "Find the next action on a screen"
    tags = ("pictures", "actions", "ui-r1", "guirlvg")
    parts = ("action_type", "coordinates", "text", "direction")
    terms: ClassVar[Mapping[str, Term]] = {
        "ui_r1_action": published.ui_r1_action,
        "ui_r1_coordinate": published.ui_r1_coordinate,
        "ui_r1_format": published.ui_r1_format,
        "guirlvg_point": published.guirlvg_point,
        "guirlvg_format": published.guirlvg_format,
        "guirlvg_strict_format": published.guirlvg_strict_format,
    }
    formats = "ScreenSpot (also -v2 and -Pro) and AndroidControl JSON, their pictures in a folder of VERIENV_PICTURES"
    levels = (
        Knobs(platform="phone", asks="press", how="plain", density="roomy"),
        Knobs(platform="phone", asks="press", how="any"),
        Knobs(platform="phone"),
        Knobs(platform="web", width=896, height=640),
        Knobs(platform="desktop", width=896, height=640),
        Knobs(platform="phone", front=0.25, density="compact", width=540, height=960),
        Knobs(platform="any", asks="press", how="table", conditions=2, width=960, height=640),
        Knobs(platform="any", conditions=2, front=0.2, density="any", width=1280, height=800),
        Knobs(platform="any", conditions=3, front=0.2, density="compact", width=1920, height=1080, scale=1.0),
    )

    def generate(self, rng: Random, knobs: Knobs) -> Problem:
        """Draw up a program's screen, which names the split; what is asked of it is left to `admit`."""
        plan = making.draw(rng, knobs)
        if plan is None:
            raise GenerationError(f"no program for {knobs.to_text()}: none that can be asked so runs there")
        return Draft(plan.screen, None, (), knobs.form, knobs.units, plan=plan)

    def admit(self, problem: Problem) -> bool:
        """Whether something to ask of the screen was found that has exactly the right actions known."""
        return not isinstance(problem, Draft) or problem.plan.asked is not None

    def finish(self, problem: Problem) -> Problem:
        """The problem with what is asked, and the right actions."""
        if not isinstance(problem, Draft) or problem.plan.asked is None:
            return problem
        ask, rights = problem.plan.asked
        return Problem(problem.screen, ask, rights, problem.form, problem.units)

    def prompt(self, problem: Problem) -> list[Part]:
        """The screen, then the request."""
        return [problem.picture(), wording.ask(problem.instruction, problem.size, problem.form, problem.units)]

    def parse(self, problem: Problem, text: str) -> Action:
        """One action, in the units asked for."""
        inner = parsing.answer(text)
        if problem.form == wording.POINT:
            inner = _as_click(inner)
        action = actions.read(inner)
        across, down = problem.size if problem.units == wording.PIXELS else (1000, 1000)
        for point in (action.point, action.end):
            if point is not None and not (0 <= point[0] <= across and 0 <= point[1] <= down):
                raise Unparsable("outside")
        return action

    def verify(self, problem: Problem, answer: Action) -> Score:
        """Whether the action is one of the right ones, and which of its parts are."""
        action = problem.to_pixels(answer)
        near: Mapping[str, bool] | None = None
        for each in problem.rights:
            if each.kind != action.kind:
                continue
            found = asks.fits(each, action)
            if all(found.values()):
                return right(dict.fromkeys(self.parts, 1.0))
            near = found if near is None else near
        parts = self.zero_parts()
        if near is None:
            return wrong("wrong_action", parts)
        parts["action_type"] = 1.0
        for name, hit in near.items():
            parts[name] = float(hit)
        missed = next(name for name, hit in near.items() if not hit)
        return wrong(_REASONS[missed], parts)

    def solve(self, problem: Problem) -> str:
        """Work out the action from what is in view; the planted one is not looked at."""
        if problem.screen is None or problem.ask is None:
            return self._say(problem, asks.write(problem.rights[0]))
        found = asks.settle(problem.screen, problem.ask)
        return self._say(problem, asks.write(found[0]))

    def players(self) -> Mapping[str, Player]:
        """Fixed actions and points, words in common, the verbs alone."""

        def always(action: Action) -> Player:
            return lambda problem, rng: self._say(problem, action)

        return {
            "centre click": lambda problem, rng: self._say(problem, blind.centre(problem)),
            "go back": always(Action("back")),
            "complete": always(Action("complete")),
            "wait": always(Action("wait")),
            "scroll down": always(Action("scroll", direction="down")),
            "any thing": lambda problem, rng: self._say(problem, blind.anything(problem, rng)),
            "largest button": lambda problem, rng: self._say(problem, blind.largest(problem, rng)),
            "words in common": lambda problem, rng: self._say(problem, blind.chosen(problem, rng, named=False)),
            "words and meanings": lambda problem, rng: self._say(problem, blind.chosen(problem, rng, named=True)),
            "verbs alone": lambda problem, rng: self._say(problem, blind.verb(problem, rng)),
        }

    def describe(self, problem: Problem) -> Mapping[str, float | int | str | None]:
        """What can be acted on, what is asked, and the share of the screen that the target takes."""
        view = problem.view
        first = problem.rights[0]
        area = first.areas[0] if first.areas else None
        width, height = problem.size
        return {
            "things": 0 if view is None else len(view.things),
            "ask": "" if problem.ask is None else problem.ask.kind,
            "action": first.kind,
            "target": "" if problem.ask is None or problem.ask.target is None else problem.ask.target.noun,
            "share": None if area is None else round((area[2] - area[0]) * (area[3] - area[1]) / (width * height), 5),
        }

    def identity(self, problem: Problem) -> bytes:
        """The screen and what is asked; the boxes follow from them. Of a user's picture, all but where it lies."""
        if problem.screen is None:
            photo = problem.photo and replace(problem.photo, pictures="")
            return canonical(replace(problem, photo=photo))
        return json.dumps([short(problem.screen), problem.form, problem.units]).encode() + canonical(problem.ask)

    def lineage(self, problem: Problem) -> bytes:
        """The screen alone: no screen is in two splits, whatever is asked of it."""
        if problem.screen is None:
            return self.identity(problem)
        return json.dumps(short(problem.screen)).encode()

    def renderings(self, problem: Problem) -> Sequence[str]:
        """Python literals, calls, keys by other names, decimals, in a list."""
        action = problem.in_units(asks.write(problem.rights[0]))
        if problem.form == wording.POINT and action.point is not None:
            x, y = map(int, action.point)
            return (f"({x}, {y})", f"{x}, {y}", f"[{x}.0, {y}.0]", f"click({x}, {y})", actions.write(action))
        made = [
            actions.write(action),
            f"[{actions.write(action)}]",
            wording.published(action),
            f"[{wording.published(action)}]",
            wording.published(action).replace("'", '"') if "'" not in action.text else actions.write(action),
        ]
        if action.kind == "click" and action.point is not None:
            x, y = map(int, action.point)
            made += [f"click({x}, {y})", f"click [{x}, {y}]", f'{{"action_type": "click", "x": {x}, "y": {y}}}']
            made += [f'{{"action": "click", "coordinate": [{x}.0, {y}.0]}}']
        if action.kind == "scroll":
            made.append(f"scroll {action.direction}")
        if not asks.arguments(action):
            made += [action.kind, f"{action.kind}()"]
        return tuple(dict.fromkeys(made))

    def mutants(self, problem: Problem, rng: Random) -> Sequence[str]:
        """Another action, a point elsewhere, an argument too many or too few, two actions, numbers that are none."""
        action = problem.in_units(asks.write(problem.rights[0]))
        kinds = {each.kind for each in problem.rights}
        other = Action("wait") if "wait" not in kinds else Action("home")
        made = [wording.write(other, problem.form), f"[{actions.write(action)}, {actions.write(other)}]"]
        made += [f'{actions.write(action)[:-1]}, "speed": 3}}', '{"action": "click"}', "click"]
        if action.point is not None:
            x, y = map(int, action.point)
            for point in ((-x - 1, y), (x, 10**9)):
                made.append(wording.write(replace(action, point=(float(point[0]), float(point[1]))), problem.form))
            made.append(actions.write(action).replace(f"[{x}, {y}]", "[NaN, NaN]"))
            corner = problem.to_pixels(Action("click", point=(0.0, 0.0)))
            if not any(each.kind == "click" and asks.fits(each, corner).get("coordinates") for each in problem.rights):
                made.append(wording.write(replace(action, point=(0.0, 0.0)), problem.form))
        if action.end is not None and action.point is not None:
            made.append(actions.write(replace(action, end=action.point)))
        if action.text:
            made += [actions.write(replace(action, text=action.text + "x")), actions.write(replace(action, text="x"))]
        if action.key:
            made.append(actions.write(replace(action, key=action.key + "x")))
        if action.direction:
            made += [
                actions.write(replace(action, direction=each))
                for each in actions.DIRECTIONS
                if each != action.direction
            ]
        return made

    # -- native and step views -------------------------------------------------------------------------------

    def observation_space(self, knobs: Knobs) -> Space[Any]:
        """The screen [H, W, 3] uint8, the instruction and the texts to choose from as codes of characters."""
        return arrays.observation_space(knobs.width, knobs.height)

    def observe(self, problem: Problem) -> Any:
        """The screen, the instruction, and what is written in view."""
        return arrays.observe(problem)

    def action_space(self, knobs: Knobs) -> Space[Any]:
        """The kind of action, two points in units, a text by its number, a direction."""
        across, down = (knobs.width, knobs.height) if knobs.units == wording.PIXELS else (1000, 1000)
        return arrays.action_space(across, down)

    def act(self, problem: Problem, action: Any) -> Action:
        """The action with the arguments that its kind has."""
        return arrays.act(problem, action)

    def encode(self, problem: Problem, answer: Action) -> Any:
        """The numbers that `act` reads back. Raises Unparsable for a text that is not among those to choose from."""
        return arrays.encode(problem, answer)

    def draft(self, problem: Problem) -> Action:
        """A click in the middle."""
        across, down = arrays.span(problem)
        return Action("click", point=(float(across // 2), float(down // 2)))

    def edits(self, knobs: Knobs) -> int:
        """Each kind of action, either point by three lengths in four directions, the next text, each direction."""
        return arrays.EDITS

    def edit(self, problem: Problem, draft: Action, number: int) -> Action:
        """The draft after one edit; one that its kind has no use for changes nothing."""
        return arrays.edit(problem, draft, number)

    # -- published files ---------------------------------------------------------------------------------------

    def read(self, text: str) -> list[Found[Problem]]:
        """The steps and targets of a ScreenSpot or AndroidControl file."""
        from verienv.families.gui import importing  # it makes Problems, so it follows this module

        return importing.read(text)

    def to_json(self, problem: Problem) -> dict[str, Any]:
        """The picture by what it holds, the words, the right actions."""
        from verienv.families.gui import importing

        return importing.to_json(problem)

    def from_json(self, spec: object) -> Problem:
        """The problem again."""
        from verienv.families.gui import importing

        return importing.from_json(spec)

    def _say(self, problem: Problem, action: Action) -> str:
        return parsing.say(wording.write(problem.in_units(action), problem.form))


task = Gui()

_REASONS = {"coordinates": "elsewhere", "text": "wrong_text", "direction": "wrong_direction"}


def short(value: Any) -> Any:
    """A frozen tree as lists: of each dataclass only the fields that are not as they are by default."""
    kind = type(value)
    if kind is str or kind is int or kind is float or kind is bool:
        return value
    if kind is tuple:
        return [short(each) for each in value]
    made = [kind.__name__]
    for name, default in _fields(kind):
        found = getattr(value, name)
        if found is not default and found != default:
            made.append(name)
            made.append(short(found))
    return made


def _fields(kind: type) -> tuple[tuple[str, Any], ...]:
    found = _FIELDS.get(kind)
    if found is None:
        found = _FIELDS[kind] = tuple([(each.name, each.default) for each in fields(kind)])
    return found


_FIELDS: dict[type, tuple[tuple[str, Any], ...]] = {}  # a function of the class alone


def _as_click(inner: str) -> str:
    """A bare point as the click it stands for; anything else as it is."""
    text = inner.strip()
    if text[:1] in ("[", "("):
        return f"click {text}"
    return f"click({text})" if text[:1].isdigit() else text


def _scaled(action: Action, across: float, down: float, whole: bool = False) -> Action:
    def moved(point: actions.Point | None) -> actions.Point | None:
        if point is None:
            return None
        x, y = point[0] * across, point[1] * down
        return (float(int(x + 0.5)), float(int(y + 0.5))) if whole else (x, y)

    return replace(action, point=moved(action.point), end=moved(action.end))
