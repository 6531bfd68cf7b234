"""A phone with programs is shown, and things to do; act on it turn by turn until they are done and nothing else is.

The programs behind the screens keep real state: forms hold what was typed until they are saved, dialogs open, lists
scroll, going back loses a draft, what was sent, ordered or deleted is so. Each turn shows the screen and takes one
action in the form that UI-R1 (arXiv 2503.21620) and AndroidControl have made common. Only the end counts: what was
asked must hold, and whatever else the programs keep must be as it was.

The oracle searches the programs' states; its way is a shortest one for a player who looks up what the task leaves to be
looked up. Parts of the score: `progress`, the share of that way that need not be gone any more; `thrift`, the steps of
it that the turns have saved, for each turn; `unharmed`, whether all that was not asked for is as it was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any

from verienv import actions, parsing
from verienv.actions import Action
from verienv.errors import GenerationError, KnobError
from verienv.families.gui_session import device, drawing, making, players, search, telling
from verienv.families.gui_session.device import APPS, KINDS, Lookup, Phone
from verienv.families.gui_session.drawing import Look
from verienv.families.gui_session.programs import Goal, Move
from verienv.knobs import KnobSet, knob
from verienv.score import Score, right, unreadable, wrong
from verienv.task import Game, Player
from verienv.views import Turnwise

if TYPE_CHECKING:
    from gymnasium import Space

    from verienv.task import Part

SHOWN = ("picture", "text", "both")
BEGINS = ("home", "program", "last")
TRIES = 120
"""Phones drawn for one problem before GenerationError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Knobs(KnobSet):
    """What is on the phone, what is asked, and how much time there is."""

    apps: int = knob(3, low=1, high=len(APPS), doc="programs on the phone")
    used: int = knob(1, low=1, high=len(APPS), doc="programs in which something is asked")
    goals: int = knob(1, low=1, high=8, doc="things asked")
    hard: bool = knob(False, doc="forms, deletions, orders and messages are asked, not only switches and stars")
    lookups: int = knob(0, low=0, high=2, doc="texts that the task does not say and another program shows")
    size: int = knob(1, low=1, high=5, doc="how much the programs hold; more makes lists that scroll")
    twins: int = knob(0, low=0, high=2, doc="records of each program that are called as another one is")
    asks: bool = knob(True, doc="a deletion, an order or a reset has to be confirmed")
    begin: str = knob("home", choices=BEGINS, doc="on the home screen; in a program; one step before the end")
    finish: bool = knob(True, doc="the player must say complete; else the session ends when all is done")
    least: int = knob(1, low=1, high=60, doc="steps of the shortest way at least, complete not counted")
    most: int = knob(60, low=1, high=60, doc="and at most")
    turns: int = knob(80, low=1, high=100, doc="turns there are")
    show: str = knob("picture", choices=SHOWN, doc="how the screen is shown; text lists what can be pressed")
    scale: float = knob(1.0, low=0.75, high=3.0, doc="pixels per unit of a screen of 360 x 640 units")
    dark: bool = knob(False, doc="light on dark")

    def check(self) -> None:
        """Refuse combinations that cannot be."""
        if self.used > min(self.apps, self.goals):
            raise KnobError(f"used={self.used}: at most the programs ({self.apps}) and the things asked ({self.goals})")
        if self.least > self.most:
            raise KnobError(f"least={self.least} is more than most={self.most}")
        enough = (1 if self.begin == "last" else self.most) + self.finish
        if self.turns < enough:
            raise KnobError(f"turns={self.turns}: the shortest way may take {enough}")
        if self.lookups and not (self.hard and self.lookups <= self.goals and self.apps >= 2):
            raise KnobError(f"lookups={self.lookups} needs hard=true, as many goals, and two programs")


@dataclass(frozen=True, slots=True)
class Problem:
    """A phone, what is asked of it, and how it is told and shown."""

    phone: Phone
    goals: tuple[Goal, ...]
    lookups: tuple[Lookup, ...]
    ahead: tuple[Move, ...]  # made before the first turn
    shortest: int  # steps, with complete where that is asked
    turns: int
    finish: bool
    phrasing: int
    show: str
    look: Look


@dataclass(frozen=True, slots=True)
class State:
    """A session under way."""

    phone: Phone
    turn: int = 0
    seen: tuple[int, ...] = ()  # the places of the lookups that were made
    read: int = 0  # actions that could be read
    done: bool = False  # the player said complete
    note: str = ""  # why the last reply could not be read, "" where it could


class GuiSession(Game[Knobs, Problem, Action, State], Turnwise[Knobs, Problem, Action, State]):
    """Do what is asked on a phone, and nothing else."""

    name = "gui_session"
    title = "Use a phone"
    tags = ("pictures", "game", "gui", "ui-r1")
    parts = ("progress", "thrift", "unharmed")
    max_steps = 100
    levels = (
        Knobs(apps=1, begin="last", finish=False, most=6, turns=4),
        Knobs(apps=2, least=2, most=4, turns=10),
        Knobs(apps=4, begin="program", least=2, most=6, size=3, turns=14),
        Knobs(apps=4, hard=True, least=4, most=10, size=2, turns=20),
        Knobs(apps=5, goals=2, hard=True, least=6, most=16, size=3, twins=1, turns=28),
        Knobs(apps=6, used=2, goals=2, hard=True, least=8, most=20, size=3, twins=1, turns=34),
        Knobs(apps=6, used=1, goals=1, hard=True, lookups=1, least=8, most=18, size=4, twins=1, turns=34),
        Knobs(apps=6, used=3, goals=4, hard=True, least=16, most=32, size=4, twins=2, asks=False, turns=50),
        Knobs(apps=6, used=3, goals=4, hard=True, lookups=1, least=20, most=40, size=4, twins=2, asks=False, turns=56),
        Knobs(apps=6, used=4, goals=6, hard=True, lookups=2, least=30, most=56, size=5, twins=2, asks=False, turns=76),
    )

    # -- making ------------------------------------------------------------------------------------------------

    def generate(self, rng: Random, knobs: Knobs) -> Problem:
        """Fill the programs, ask for things, and search for the shortest way: it must be as long as the knobs say."""
        for _ in range(TRIES):
            drawn = making.draw(
                rng,
                apps=knobs.apps,
                used=knobs.used,
                goals=knobs.goals,
                hard=knobs.hard,
                lookups=knobs.lookups,
                size=knobs.size,
                asks=knobs.asks,
                twins=knobs.twins,
            )
            if drawn is None:
                continue
            phone = drawn.phone
            if knobs.begin != "home":
                phone = phone.showing(phone.names.index(drawn.goals[0].app))
            way = search.way(phone, device.intended(phone, drawn.goals), drawn.lookups, (), knobs.most)
            if way is None or not knobs.least <= len(way) <= knobs.most:
                continue
            ahead = tuple(way[:-1]) if knobs.begin == "last" else ()
            if ahead and not making.is_choice(phone, ahead, way[-1]):
                continue
            look = Look(knobs.scale, knobs.dark, rng.choice(_ACCENTS))
            return Problem(
                phone,
                drawn.goals,
                drawn.lookups,
                ahead,
                len(way) - len(ahead) + knobs.finish,
                knobs.turns,
                knobs.finish,
                rng.randrange(6),
                knobs.show,
                look,
            )
        raise GenerationError(f"no session of {knobs.least} to {knobs.most} steps for {knobs.to_text()}")

    def identity(self, problem: Problem) -> bytes:
        """The phone and what is asked; not how it is told and shown."""
        made = (problem.phone, problem.goals, problem.lookups, problem.ahead, problem.turns, problem.finish)
        return repr(made).encode()

    # -- playing -----------------------------------------------------------------------------------------------

    def start(self, problem: Problem) -> State:
        """The first screen."""
        state = self._at(problem, State(problem.phone))
        for move in problem.ahead:
            state = self._at(problem, State(device.apply(state.phone, move), 0, state.seen))
        return state

    def view(self, problem: Problem, state: State) -> list[Part]:
        """The screen, what to do, and how to answer."""
        page = device.page(state.phone)
        parts: list[Part] = []
        if problem.show != "text":
            parts.append(drawing.picture(page, problem.look))
        parts.append(self._text(problem, state))
        return parts

    def _text(self, problem: Problem, state: State) -> str:
        wide, high = drawing.size(problem.look)
        listed = making.sentences(problem.phone, problem.goals, problem.lookups, problem.phrasing)
        ending = "When all is done, answer with the action complete." if problem.finish else "It ends when all is done."
        kinds = KINDS if problem.finish else KINDS[:-1]
        screen = f"Screen, {wide} x {high} pixels, origin at the top left"
        lines = [
            "You use a phone. Do this, and change nothing else:",
            *listed,
            "",
            f"{ending} This is turn {state.turn + 1} of {problem.turns}.",
            *([f"Your last reply was no action ({state.note}) and cost a turn."] if state.note else []),
            *(
                [f"{screen}:", telling.page(device.page(state.phone), problem.look)]
                if problem.show != "picture"
                else []
            ),
            *([f"{screen}: the picture."] if problem.show == "picture" else []),
            "",
            "One action each turn, as one of",
            actions.menu(kinds),
            f"What is typed takes the place of what the field held. Apps: {', '.join(problem.phone.names)}.",
            parsing.ask("one action, a JSON object", actions.write(Action("click", point=(35, 60)))),
        ]
        return "\n".join(lines)

    def parse(self, problem: Problem, text: str) -> Action:
        """One action."""
        return actions.read(parsing.answer(text))

    def move(self, problem: Problem, state: State, action: Action) -> State:
        """The session after an action; one that does nothing where it is done costs a turn all the same."""
        phone, done = state.phone, action.kind == "complete" and problem.finish
        move = device.read(phone, action, problem.look)
        if move is not None:
            phone = device.apply(phone, move)
        return self._at(problem, State(phone, state.turn + 1, state.seen, state.read + 1, done))

    def unread(self, problem: Problem, state: State, reason: str) -> State:
        """A reply that cannot be read costs a turn."""
        return State(state.phone, state.turn + 1, state.seen, state.read, state.done, reason)

    def over(self, problem: Problem, state: State) -> bool:
        """Complete, out of turns, or, where that ends it, all done."""
        if state.done or state.turn >= problem.turns:
            return True
        return not problem.finish and self._reached(problem, state)

    def verify(self, problem: Problem, final: State) -> Score:
        """Whether everything that the programs keep is what it should be, and the player has said so if asked to."""
        if not final.read:
            return unreadable(final.note or "no_answer", self.zero_parts())
        reached = self._reached(problem, final)
        if reached and (final.done or not problem.finish):
            return right({"progress": 1.0, "thrift": min(1.0, problem.shortest / final.turn), "unharmed": 1.0})
        left = self._left(problem, final)
        gained = 0 if left is None else max(0, problem.shortest - left)
        missing, harm = self._differences(problem, final)
        parts = {
            "progress": gained / problem.shortest,
            "thrift": min(1.0, gained / final.turn),
            "unharmed": float(not harm),
        }
        return wrong("not_completed" if reached else "not_reached" if missing else "side_effects", parts)

    def solve(self, problem: Problem) -> list[str]:
        """A shortest way, each move written as an action at the middle of what it presses."""
        state, replies = self.start(problem), []
        for move in self._way(problem, state) or ():
            action = device.write(state.phone, move, problem.look)
            replies.append(parsing.say(actions.write(action)))
            state = self.move(problem, state, action)
        if problem.finish:
            replies.append(parsing.say(actions.write(Action("complete"))))
        return replies

    # -- what follows --------------------------------------------------------------------------------------------

    def players(self) -> Mapping[str, Player]:
        """Those who do not look at the task: nothing, one place, anything that can be pressed."""
        return players.named(self)

    def renderings(self, problem: Problem) -> Sequence[list[str]]:
        """The shortest way written as calls, as commands, as UI-R1 writes, and after a reply that says nothing."""
        way = [actions.read(parsing.answer(reply)) for reply in self.solve(problem)]
        written = [[parsing.say(form(action)) for action in way] for form in players.FORMS]
        late = ["I cannot see it.", *self.solve(problem)]
        return [*written, late] if problem.turns > len(way) else written

    def mutants(self, problem: Problem, rng: Random) -> Sequence[list[str]]:
        """Too early, too late, one step left out, beside the screen, another text, and one thing too many."""
        return players.mutants(self, problem, rng)

    def describe(self, problem: Problem) -> Mapping[str, float | int | str | None]:
        """The steps of the shortest way, what is asked, how much there is."""
        return {
            "shortest": problem.shortest,
            "turns": problem.turns,
            "goals": len(problem.goals),
            "programs": len({goal.app for goal in problem.goals} | {each.app for each in problem.lookups}),
            "kinds": " ".join(sorted({f"{goal.app.lower()}.{goal.what}" for goal in problem.goals})),
        }

    # -- as arrays ---------------------------------------------------------------------------------------------

    def observation_space(self, knobs: Knobs) -> Space[Any]:
        """The screen's pixels, the task and the texts there are to type as character codes, the turns left."""
        from verienv.families.gui_session import arrays

        return arrays.observation_space(Look(knobs.scale), knobs.turns)

    def action_space(self, knobs: Knobs) -> Space[Any]:
        """A kind of action, a pixel across, a pixel down, and which text, program or direction."""
        from verienv.families.gui_session import arrays

        return arrays.action_space(Look(knobs.scale))

    def observe(self, problem: Problem, state: State) -> Any:
        """What the state shows."""
        from verienv.families.gui_session import arrays

        return arrays.observe(problem, state)

    def act(self, problem: Problem, state: State, action: Any) -> Action:
        """The action that four numbers stand for. Raises Unparsable for a text or a program that is not there."""
        from verienv.families.gui_session import arrays

        return arrays.act(problem, state, action)

    def encode(self, problem: Problem, state: State, move: Action) -> Any:
        """The four numbers that say this action."""
        from verienv.families.gui_session import arrays

        return arrays.encode(problem, state, move)

    # -- inside --------------------------------------------------------------------------------------------------

    def _at(self, problem: Problem, state: State) -> State:
        """The state, having seen what it shows."""
        found = [
            at for at, each in enumerate(problem.lookups) if at not in state.seen and device.shows(state.phone, each)
        ]
        if not found:
            return state
        return State(state.phone, state.turn, tuple(sorted((*state.seen, *found))), state.read, state.done, state.note)

    def _way(self, problem: Problem, state: State) -> list[Move] | None:
        wanted = device.intended(problem.phone, problem.goals)
        return search.way(state.phone, wanted, problem.lookups, state.seen, problem.shortest)

    def _left(self, problem: Problem, state: State) -> int | None:
        """Steps that the goal is still away, as if complete had not been said; None for more than from the start."""
        way = self._way(problem, state)
        return None if way is None else len(way) + problem.finish

    def _reached(self, problem: Problem, state: State) -> bool:
        missing, extra = self._differences(problem, state)
        return not missing and not extra

    def _differences(self, problem: Problem, state: State) -> tuple[bool, bool]:
        """Whether something asked for is missing, and whether something is otherwise that was not to be."""
        missing = harm = False
        wanted = device.intended(problem.phone, problem.goals)
        for name, before, now, then in zip(
            problem.phone.names, problem.phone.states, state.phone.states, wanted, strict=True
        ):
            if now.data is before.data and then is before.data:
                continue
            facts = APPS[name].facts
            was, found, asked = facts(before.data), facts(now.data), facts(then)
            missing |= not asked - was <= found or bool((was - asked) & found)
            harm |= not found <= was | asked or not was & asked <= found
        return missing, harm


_ACCENTS = ("blue", "teal", "violet", "green", "orange", "rose", "slate")

task = GuiSession()
