"""The phone's settings: groups within groups, switches that act at once, choices in a dialog, a reset."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from random import Random
from typing import Any, Final, NamedTuple, cast

from verienv.families.gui_session import pages
from verienv.families.gui_session.pages import Control, Dialog, Page, Row
from verienv.families.gui_session.programs import BACK, App, AppState, Frame, Goal, Move, Quote
from verienv.families.gui_session.records import NO, YES


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting. `options` is empty for a switch, whose value is yes or no."""

    group: int
    name: str
    value: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """A page of settings; `parent` is the place of the group that leads to it, -1 for the first page."""

    name: str
    icon: str
    parent: int = -1


@dataclass(frozen=True, slots=True)
class Panel:
    """All settings. `factory` are the values that a reset brings back; `asks`: whether it has to be confirmed."""

    groups: tuple[Group, ...]
    settings: tuple[Setting, ...]
    factory: tuple[str, ...]
    asks: bool = True

    def valued(self, at: int, value: str) -> Panel:
        """The panel with one setting set."""
        old = self.settings[at]
        made = (*self.settings[:at], Setting(old.group, old.name, value, old.options), *self.settings[at + 1 :])
        return Panel(self.groups, made, self.factory, self.asks)


class Work(NamedTuple):
    """The settings to be changed and their values: from what they are, and from what a reset makes of them."""

    now: dict[int, str]
    after: dict[int, str]


RESET: Final = "System"
"""The group whose page has the reset."""


class Settings(App):
    """The settings of the phone."""

    @property
    def name(self) -> str:
        """As on the home screen."""
        return "Settings"

    @property
    def icon(self) -> str:
        """The name of its icon."""
        return "settings"

    def page(self, state: AppState) -> Page:
        """A group's groups and settings."""
        top, panel = state.frames[-1], cast(Panel, state.data)
        here = top.uid - 1  # the first page is -1
        rows = [
            Row("item", f"group:{at + 1}", group.name, self._told(panel, at), icon=group.icon)
            for at, group in enumerate(panel.groups)
            if group.parent == here
        ]
        for at, each in enumerate(panel.settings):
            if each.group != here:
                continue
            if each.options:
                rows.append(Row("item", f"choice:{at}", each.name, each.value))
            else:
                rows.append(Row("switch", f"switch:{at}", each.name, on=each.value == YES))
        name = panel.groups[here].name if here >= 0 else self.name
        if name == RESET:
            rows.append(Row("danger", "reset", "Reset all settings"))
        dialog = self._dialog(panel, state.dialog) if state.dialog else None
        return Page(name, tuple(rows), top.start, here >= 0, dialog=dialog)

    def _told(self, panel: Panel, at: int) -> str:
        """What stands below a group's name: the names of the first two things in it."""
        names = [each.name for each in panel.groups if each.parent == at]
        names += [each.name for each in panel.settings if each.group == at]
        return ", ".join(names[:2])

    def _dialog(self, panel: Panel, dialog: str) -> Dialog:
        close = Control("plain", "close", "Cancel")
        if dialog == "reset":
            return Dialog("Reset all settings?", (), (close, Control("danger", "sure", "Reset")))
        at = int(dialog.partition(":")[2])
        each = panel.settings[at]
        rows = tuple([Row("radio", f"set:{at}:{name}", name, on=name == each.value) for name in each.options])
        return Dialog(each.name, rows, (close,))

    def press(self, state: AppState, id: str) -> AppState:
        """Go deeper, switch, choose, reset."""
        panel = cast(Panel, state.data)
        kind, _, rest = id.partition(":")
        if kind == "group":
            return self.pushed(state, Frame("list", int(rest)))
        if kind == "up":
            return AppState(panel, state.frames[:-1])
        if kind == "switch":
            at = int(rest)
            return AppState(panel.valued(at, NO if panel.settings[at].value == YES else YES), state.frames)
        if kind == "choice":
            return AppState(panel, state.frames, id)
        if kind == "set":
            number, _, value = rest.partition(":")
            return AppState(panel.valued(int(number), value), state.frames)
        if kind == "sure" or (kind == "reset" and not panel.asks):
            made = Panel(panel.groups, _valued(panel, panel.factory), panel.factory, panel.asks)
            return AppState(made, state.frames)
        return AppState(panel, state.frames, "reset" if kind == "reset" else "")

    def facts(self, data: Panel) -> frozenset[Any]:
        """The value of every setting."""
        return frozenset([(at, each.value) for at, each in enumerate(data.settings)])

    def intend(self, data: Panel, goal: Goal) -> Panel:
        """The panel with one setting set."""
        return data.valued(goal.uid, goal.values[0])

    def work(self, data: Panel, wanted: Panel) -> Work:
        """The settings to be changed: from what they are, and from what a reset makes of them."""
        return Work(_differing(data.settings, wanted), _differing(_valued(data, data.factory), wanted))

    def steps(self, state: AppState, page: Page, todo: Work, uids: Collection[int]) -> Iterable[Move]:
        """Set what is in front; else go deeper to what differs; go back where nothing below differs."""
        panel, differ = cast(Panel, state.data), todo.now
        reset = len(todo.after) < len(differ)
        if state.dialog == "reset":
            return [Move("press", "sure"), BACK] if reset else [BACK]
        if state.dialog:
            at = int(state.dialog.partition(":")[2])
            return [Move("press", f"set:{at}:{differ[at]}") if at in differ else BACK]
        here = f"group:{state.frames[-1].uid}"
        seen = {row.id for row in pages.window(page)}
        found: list[Move] = []
        for at in differ:
            path = [*_path(panel, panel.settings[at].group), "group:0"]
            if here not in path:
                continue
            step = path.index(here)
            id = path[step - 1] if step else f"choice:{at}" if panel.settings[at].options else f"switch:{at}"
            if id in seen and not step and not reset:
                return [Move("press", id)]
            found += [Move("press", id)] if id in seen else _SCROLLS
        if reset:
            there = f"group:{1 + next(at for at, each in enumerate(panel.groups) if each.name == RESET)}"
            id = "reset" if here == there else there
            found += [Move("press", id)] if id in seen else _SCROLLS
            found.append(BACK)
        return found or [BACK]

    def least(self, state: AppState, todo: Work, uids: Collection[int]) -> int:
        """A switch is one press, a choice two, and every page on the way to them one; with a reset or without."""
        panel = cast(Panel, state.data)
        inside = {f"group:{frame.uid}" for frame in state.frames}
        found = []
        for differ, resets in ((todo.now, 0), (todo.after, 1)):
            groups = {id for at in differ for id in _path(panel, panel.settings[at].group)}
            presses = sum([1 + bool(panel.settings[at].options) for at in differ])
            chosen = state.dialog.startswith("choice") and int(state.dialog.partition(":")[2]) in differ
            found.append(presses - chosen + len(groups - inside) + resets)
        return min(found)

    def draw(self, rng: Random, size: int, asks: bool, twins: int) -> Panel:
        """Some of the settings there can be, with values of their own; `size` bounds how many a group has."""
        groups: list[Group] = []
        settings: list[Setting] = []
        names = [*rng.sample(sorted(_GROUPS), min(len(_GROUPS), 2 + size)), RESET]
        for name in names:
            icon, there = _GROUPS[name] if name != RESET else _SYSTEM
            here = len(groups)
            groups.append(Group(name, icon))
            for each, options in rng.sample(there, min(len(there), 2 + size)):
                settings.append(Setting(here, each, rng.choice(options or (YES, NO)), options))
        if "Notifications" in names:
            here = names.index("Notifications")
            for program in rng.sample(_TOLD_BY, min(len(_TOLD_BY), 2 + size)):
                groups.append(Group(program, "bell", here))
                for each in _TELLING:
                    settings.append(Setting(len(groups) - 1, each, rng.choice((YES, NO))))
        factory = tuple([rng.choice(each.options or (YES, NO)) for each in settings])
        return Panel(tuple(groups), tuple(settings), factory, asks)

    def propose(self, rng: Random, data: Panel, taken: frozenset[int], hard: bool) -> Goal | None:
        """Another value for a setting that no other goal is about."""
        free = [at for at in range(len(data.settings)) if at not in taken]
        if not free:
            return None
        at = rng.choice(free)
        each = data.settings[at]
        value = rng.choice([option for option in each.options or (YES, NO) if option != each.value])
        return Goal(self.name, "set", at, (value,))

    def tell(self, data: Panel, goal: Goal, way: int, quote: Quote) -> str:
        """The goal in words, for instance `turn on Vibration (Settings, Sound)`."""
        each = data.settings[goal.uid]
        path: list[str] = []
        group = each.group
        while group >= 0:
            path.insert(0, data.groups[group].name)
            group = data.groups[group].parent
        where = " > ".join(path)
        if not each.options:
            verb = (
                ("turn on", "switch on", "enable") if goal.values[0] == YES else ("turn off", "switch off", "disable")
            )
            return f"{verb[way % 3]} {each.name} in the settings under {where}"
        return f"{('set', 'change')[way % 2]} {each.name} to {goal.values[0]} in the settings under {where}"


def _valued(panel: Panel, values: tuple[str, ...]) -> tuple[Setting, ...]:
    """Every setting with another value."""
    pairs = zip(panel.settings, values, strict=True)
    return tuple([Setting(each.group, each.name, value, each.options) for each, value in pairs])


def _differing(settings: tuple[Setting, ...], wanted: Panel) -> dict[int, str]:
    """The places of the settings that are not as wanted, and how they shall be."""
    pairs = zip(settings, wanted.settings, strict=True)
    return {at: then.value for at, (now, then) in enumerate(pairs) if now.value != then.value}


_SCROLLS: Final = [Move("scroll", "down"), Move("scroll", "up")]


def _path(panel: Panel, group: int) -> list[str]:
    """The presses that lead to a group, the last first."""
    found = []
    while group >= 0:
        found.append(f"group:{group + 1}")
        group = panel.groups[group].parent
    return found


_GROUPS: Final[dict[str, tuple[str, tuple[tuple[str, tuple[str, ...]], ...]]]] = {
    "Network": ("wifi", (
        ("Wi-Fi", ()), ("Bluetooth", ()), ("Mobile data", ()), ("Roaming", ()), ("Hotspot", ()), ("Data saver", ()),
        ("Network type", ("5G", "4G", "3G")),
    )),
    "Display": ("sun", (
        ("Dark theme", ()), ("Auto-rotate", ()), ("Night light", ()), ("Always on", ()),
        ("Text size", ("Small", "Medium", "Large", "Largest")),
        ("Screen timeout", ("30 seconds", "1 minute", "5 minutes", "10 minutes")),
        ("Wallpaper", ("Sea", "Forest", "Desert", "City")),
    )),
    "Sound": ("volume", (
        ("Vibration", ()), ("Key sounds", ()), ("Touch sounds", ()), ("Charging sound", ()),
        ("Ringtone", ("Breeze", "Chimes", "Harp", "Pulse")), ("Alarm sound", ("Birds", "Bell", "Rain")),
    )),
    "Notifications": ("bell", (
        ("Do not disturb", ()), ("Show previews", ()), ("Blink light", ()),
        ("Snooze", ("5 minutes", "15 minutes", "1 hour")),
    )),
    "Privacy": ("lock", (
        ("Location", ()), ("Camera access", ()), ("Microphone access", ()), ("Personal ads", ()), ("Usage reports", ()),
        ("Screen lock", ("None", "Pattern", "PIN", "Password")),
    )),
    "Battery": ("battery", (
        ("Battery saver", ()), ("Show percentage", ()), ("Adaptive battery", ()), ("Fast charging", ()),
        ("Charge limit", ("80 %", "90 %", "100 %")),
    )),
    "Accessibility": ("person", (
        ("Bold text", ()), ("High contrast", ()), ("Screen reader", ()), ("Magnifier", ()), ("Mono audio", ()),
        ("Touch delay", ("Short", "Medium", "Long")),
    )),
}  # fmt: skip
_SYSTEM: Final[tuple[str, tuple[tuple[str, tuple[str, ...]], ...]]] = ("info", (
    ("Automatic updates", ()), ("Automatic time", ()), ("24-hour clock", ()),
    ("Language", ("English", "French", "German", "Spanish")), ("Units", ("Metric", "Imperial")),
))  # fmt: skip
_TOLD_BY: Final = ("Chess", "Maps", "Radio", "Travel", "Weather", "News", "Fitness", "Bank")
_TELLING: Final = ("Allow notifications", "Sound", "Badge")
