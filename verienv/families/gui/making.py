"""Problems: a program is drawn up, placed, and something is asked of it that has exactly the right actions found."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from random import Random
from typing import TYPE_CHECKING, Final

from verienv.families.gui import asks, blind, proposing, seen, wording
from verienv.families.gui.asks import Ask, Right
from verienv.families.gui.content import DIALOGS, NOTICES, Deck
from verienv.families.gui.frames import PLATFORMS, Made, Program, Room
from verienv.families.gui.programs import PROGRAMS
from verienv.families.gui.seen import Seen
from verienv.render import screen as ui
from verienv.render.screen import Screen, Widget

if TYPE_CHECKING:
    from verienv.families.gui import Knobs

TRIES: Final = 12
OFFERS: Final = 3
"""How often something to ask of a screen is looked for."""
SHARES: Final = {  # how often what is asked, where it can be
    "press": 50,
    "set": 5,
    "slide": 8,
    "write": 6,
    "copy": 8,
    "reveal": 4,
    "hold": 8,
    "open": 6,
    "move": 8,
    "file": 5,
    "shortcut": 7,
    "app": 6,
    "branch": 6,
}
SHORT: Final = {"phone": 360, "desktop": 640, "web": 640}
TABLET: Final = 520
"""Units along the shorter side of a screen, unless the scale is given."""
LENDS: Final = {  # the programs that a way of telling things apart is for
    "table": ("mail", "orders", "playlist", "papers", "ledger", "shop"),
    "state": ("settings", "todos", "options"),
    "section": ("settings", "options"),
    "order": (
        *("agenda", "contacts", "ledger", "mail", "options", "orders", "papers", "playlist", "settings", "stories"),
        "todos",
    ),
    "row": (
        *("agenda", "contacts", "gallery", "ledger", "mail", "orders", "papers", "playlist", "shop", "stories"),
        "todos",
    ),
    "icon": tuple([each.name for each in PROGRAMS if each.name not in ("editor", "home")]),
}


class Plan:
    """What will be asked of a screen, as far as it need be known before a split is: the rest is worked out once."""

    def __init__(self, screen: Screen, made: Made, knobs: Knobs, kind: str, how: str, seed: int) -> None:
        self.screen = screen
        self.made = made
        self.knobs = knobs
        self.kind = kind
        self.how = how
        self.seed = seed

    @cached_property
    def asked(self) -> tuple[Ask, tuple[Right, ...]] | None:
        """What is asked and the right actions; None where nothing that was tried means one thing."""
        rng = Random(self.seed)
        view = seen.look(self.screen)
        bare = replace(self.screen, over=self.made.over)
        behind = view if bare == self.screen else seen.look(bare)
        for _ in range(OFFERS):
            ask = proposing.propose(rng, self.made, behind, self.kind, self.how, self.knobs.conditions)
            if ask is None:
                continue
            rights = asks.settle(self.screen, ask, view)
            if not rights or not all(_reachable(each) for each in rights):
                continue
            if self.knobs.how == "plain" or not _given_away(view, ask, rights):
                return ask, rights
        return None


def draw(rng: Random, knobs: Knobs) -> Plan | None:
    """A screen, and what kind of thing to ask of it; None where nothing of that kind can be asked there."""
    for _ in range(TRIES):
        platform = knobs.platform if knobs.platform != "any" else rng.choice(PLATFORMS)
        kind = knobs.asks
        if kind == "any":
            kind = rng.choices(tuple(SHARES), tuple(SHARES.values()))[0]
        candidates = [
            each for each in PROGRAMS if platform in each.platforms and (kind in each.asks or kind == "press")
        ]
        if not candidates:
            continue
        how = knobs.how if knobs.how != "any" else rng.choice(_WAYS)
        lent = [each for each in candidates if kind != "press" or how not in LENDS or each.name in LENDS[how]]
        screen, made = _screen(rng, knobs, platform, rng.choice(lent or candidates))
        if rng.random() < knobs.front:
            screen, kind = _covered(rng, screen, kind)
        return Plan(screen, made, knobs, kind, how, rng.getrandbits(63))
    return None


def scale(knobs: Knobs, platform: str) -> float:
    """Pixels per unit, in steps of an eighth."""
    if knobs.scale:
        return knobs.scale
    wide = platform == "phone" and knobs.width >= knobs.height  # a tablet
    fitting = min(knobs.width, knobs.height) / (TABLET if wide else SHORT[platform])
    return max(0.75, min(4.0, int(fitting * 8) / 8))


_WAYS: Final = ("icon", "row", "row", "section", "order", "side", "side", "table", "table", "state")


def _screen(rng: Random, knobs: Knobs, platform: str, program: Program) -> tuple[Screen, Made]:
    step = scale(knobs, platform)
    density = knobs.density if knobs.density != "any" else rng.choice(("roomy", "regular", "compact"))
    wide, high = int(knobs.width / step), int(knobs.height / step)
    made = program.make(Deck(rng), Room(platform, wide, high, density == "compact"))
    dark = knobs.theme == "dark" or (knobs.theme == "any" and rng.random() < 0.4)
    screen = Screen(
        knobs.width,
        knobs.height,
        made.root,
        made.over,
        step,
        dark,
        rng.choice(tuple(ui.ACCENTS)),
        density,
        rng.choice((2, 6, 8, 12)) if platform != "phone" else rng.choice((8, 12, 16)),
    )
    return screen, made


def _covered(rng: Random, screen: Screen, kind: str) -> tuple[Screen, str]:
    """The screen with something in front: to be closed or waited for, beside the point, or asked about itself.

    With it goes what kind of thing is asked.
    """
    share = rng.random()
    if share >= 0.88:
        return replace(screen, over=(*screen.over, ui.busy())), kind
    if share < 0.3:
        title, text, yes, no = rng.choice(DIALOGS)
        buttons = [
            ui.button(no, "front:no", role=rng.choice(("plain", "outlined"))),
            ui.button(yes, "front:yes", role=rng.choice(("filled", "danger"))),
        ]
        rng.shuffle(buttons)
        front = ui.dialog(title, ui.text(text, "soft"), actions=buttons, id="front")
        return replace(screen, over=(*screen.over, front)), "answer"
    title, text, yes, no = rng.choice(NOTICES)
    buttons = [ui.button(no, "notice:no", role=rng.choice(("plain", "outlined"))), ui.button(yes, "notice:yes")]
    if rng.random() < 0.3:
        buttons.reverse()
    return replace(screen, over=(*screen.over, _notice(rng, title, text, buttons))), kind


def _notice(rng: Random, title: str, text: str, buttons: list[Widget]) -> Widget:
    shape = rng.choice(("dialog", "sheet", "banner"))
    if shape == "dialog":
        return ui.dialog(title, ui.text(text, "soft"), actions=buttons, id=asks.NOTICE)
    body = (ui.text(title, "heading"), ui.text(text, "soft"), ui.row(*buttons, role="end"))
    if shape == "sheet":
        return ui.sheet(ui.column(*body, role="padded", space=12), id=asks.NOTICE, label=title)
    return ui.banner(*body, id=asks.NOTICE, label=title)


def _reachable(right: Right) -> bool:
    """Whether the oracle finds a point for the action."""
    if right.kind in ("click", "double_click", "long_press", "drag"):
        action = asks.write(right)
        return action.point is not None and all(asks.fits(right, action).values())
    return True


def _given_away(view: Seen, ask: Ask, rights: tuple[Right, ...]) -> bool:
    """Whether clicking one of those things that share most words with the instruction is right, and they are few."""
    text = wording.instruction(ask)
    for named in (False, True):
        found = blind.matches(view, text, named=named)
        if 0 < len(found) <= 4:
            clicks = [blind.click(each) for each in found]
            if any(each.kind == "click" and all(asks.fits(each, one).values()) for each in rights for one in clicks):
                return True
    return False
