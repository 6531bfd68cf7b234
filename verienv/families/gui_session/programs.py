"""What every program of the phone has in common: frozen state, a page for it, and pure moves from state to state."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from random import Random
from typing import Any, NamedTuple

from verienv.families.gui_session import pages
from verienv.families.gui_session.pages import Page

MAX_TYPED = 80
"""Characters that a field holds; what is typed beyond them is lost."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One page of the way back: what it shows, how far it is scrolled, and what stands in its form."""

    page: str
    uid: int = 0
    start: int = 0
    focus: int = -1  # the field that takes what is typed
    draft: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AppState:
    """A program: what it keeps, the pages gone through (the last is seen), and the dialog over it ("" for none)."""

    data: Any
    frames: tuple[Frame, ...]
    dialog: str = ""


class Goal(NamedTuple):
    """One thing to be done in one program, told by the program that proposed it.

    what: add, change, remove, set, order, cart. uid: the record, setting or product meant (add: the message that is
    replied to), 0 where none is. values: the fields as they shall be (change: name, value, name, value …).
    """

    app: str
    what: str
    uid: int
    values: tuple[str, ...]


Quote = Callable[[str], str]
"""How a text is told: in quotes, or by saying where it is to be found."""


def counted(values: Iterable[Any]) -> frozenset[Any]:
    """Values as statements: the second of two alike says that there are two."""
    many: dict[Any, int] = {}
    made = []
    for value in values:
        many[value] = many.get(value, 0) + 1
        made.append((value, many[value]))
    return frozenset(made)


class Move(NamedTuple):
    """What an action comes to.

    verb: press, hold, type, scroll, open, back, home. what: an id, a text, up or down, the name of a program.
    """

    verb: str
    what: str = ""


BACK = Move("back")


class App(ABC):
    """A program. It has no state of its own: everything is in its AppState."""

    @property
    @abstractmethod
    def name(self) -> str:
        """As on the home screen."""

    @property
    @abstractmethod
    def icon(self) -> str:
        """The name of its icon."""

    @abstractmethod
    def page(self, state: AppState) -> Page:
        """What is seen."""

    @abstractmethod
    def press(self, state: AppState, id: str) -> AppState:
        """The state after a press of what is seen under that id."""

    @abstractmethod
    def facts(self, data: Any) -> frozenset[Any]:
        """What the program keeps, as statements: equal exactly when a person would say that it keeps the same."""

    @abstractmethod
    def intend(self, data: Any, goal: Goal) -> Any:
        """What the program keeps once a goal is reached, and nothing else is done."""

    @abstractmethod
    def work(self, data: Any, wanted: Any) -> Any | None:
        """What has to be done to have the facts of `wanted`, in the program's own terms; None where nothing does."""

    @abstractmethod
    def steps(self, state: AppState, page: Page, todo: Any, uids: Collection[int]) -> Iterable[Move]:
        """The moves that can begin a shortest way from a state, seen as `page`, by which `todo` is done.

        uids: records whose pages have to be seen on the way. More may be named than begin one, but not fewer.
        """

    @abstractmethod
    def least(self, state: AppState, todo: Any, uids: Collection[int]) -> int:
        """A number of steps that no way is shorter than."""

    @abstractmethod
    def draw(self, rng: Random, size: int, asks: bool, twins: int) -> Any:
        """What the program keeps at the start: more with `size`; `twins` records are called as others are.

        asks: whether what cannot be taken back has to be confirmed.
        """

    @abstractmethod
    def propose(self, rng: Random, data: Any, taken: frozenset[int], hard: bool) -> Goal | None:
        """Something to ask, about nothing in `taken`; None where this draw found none."""

    @abstractmethod
    def tell(self, data: Any, goal: Goal, way: int, quote: Quote) -> str:
        """A goal in words, without the first capital and the full stop; `way` chooses among phrasings."""

    def root(self) -> Frame:
        """The page that the program opens with."""
        return Frame("list")

    def hold(self, state: AppState, id: str) -> AppState:
        """The state after a long press of what has that id for it."""
        return state

    def type(self, state: AppState, text: str) -> AppState:
        """The field that has the focus holds `text` instead of what it held."""
        top = state.frames[-1]
        if top.focus < 0 or state.dialog:
            return state
        draft = (*top.draft[: top.focus], text[:MAX_TYPED], *top.draft[top.focus + 1 :])
        return self.with_top(state, Frame(top.page, top.uid, top.start, top.focus, draft))

    def back(self, state: AppState) -> AppState | None:
        """Close the dialog, or leave the page (and lose what its form held); None leaves the program."""
        if state.dialog:
            return AppState(state.data, state.frames)
        if len(state.frames) > 1:
            return AppState(state.data, state.frames[:-1])
        return None

    def scroll(self, state: AppState, down: bool) -> AppState:
        """A screen further down or up; nothing moves under a dialog."""
        if state.dialog:
            return state
        top = state.frames[-1]
        start = pages.scrolled(self.page(state), down)
        if start == top.start:
            return state
        return self.with_top(state, Frame(top.page, top.uid, start, top.focus, top.draft))

    @staticmethod
    def with_top(state: AppState, top: Frame) -> AppState:
        """The state with another top page and no dialog."""
        return AppState(state.data, (*state.frames[:-1], top))

    @staticmethod
    def pushed(state: AppState, frame: Frame) -> AppState:
        """A page further."""
        return AppState(state.data, (*state.frames, frame))
