"""What a family is: five pure functions over two frozen dataclasses, and what follows from them.

A family subclasses `Question` (one reply ends it) or `Game` (replies are folded into an immutable state). It keeps
no attribute, no cache and no random state of its own.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from verienv import address as addresses
from verienv import rng as rngs
from verienv.address import SPLITS, Address, Split
from verienv.errors import AddressError, ContractError, GenerationError, SandboxUnavailable, UsageError
from verienv.knobs import KnobSet
from verienv.parsing import Unparsable
from verienv.score import Score, unreadable

if TYPE_CHECKING:
    from PIL.Image import Image

    Part = str | Image
else:
    Part = object  # families import the name, and Pillow stays out until a picture is drawn

K = TypeVar("K", bound=KnobSet)
P = TypeVar("P")
A = TypeVar("A")
S = TypeVar("S")

REDRAWS = 2_000
"""Problems drawn for one instance before GenerationError."""

Player = Callable[[Any, Random], Any]
"""A blind player: (problem, rng) → a reply (a Question) or a list of replies (a Game)."""

Term = Callable[[Any, Any], float]
"""A reward term: (problem, reply) → a number in [0, 1]; of a game, (problem, the tuple of its replies)."""


@dataclass(frozen=True, slots=True)
class Instance(Generic[P]):
    """One problem with its address. `digest` is the sha256 of what makes the problem what it is."""

    task: Task[Any, P, Any]
    address: str
    knobs: KnobSet
    problem: P
    digest: str

    @property
    def prompt(self) -> list[Part]:
        """What the player sees, in reading order; pictures are drawn on each call."""
        return self.task.prompt(self.problem)

    @property
    def messages(self) -> list[dict[str, Any]]:
        """The prompt as chat messages, pictures inlined as data URLs."""
        from verienv import chat

        return chat.messages(self.prompt)

    @property
    def level(self) -> int | None:
        """The level, or None when the knobs were spelt out."""
        return addresses.parse(self.address).level


@dataclass(frozen=True, slots=True)
class Step:
    """Where an episode stands: what the player sees next, the family's state, and the score once it is done."""

    prompt: list[Part]
    state: Any
    score: Score | None = None

    @property
    def done(self) -> bool:
        """Whether the episode is over."""
        return self.score is not None


class Task(ABC, Generic[K, P, A]):
    """The common face of every family."""

    name: ClassVar[str]
    version: ClassVar[int] = 1
    title: ClassVar[str] = ""
    tags: ClassVar[tuple[str, ...]] = ()
    parts: ClassVar[tuple[str, ...]] = ()
    terms: ClassVar[Mapping[str, Term]] = {}
    floor_note: ClassVar[str] = ""
    prose: ClassVar[bool] = False  # whether the answer is itself a text, read by `parsing.text`
    levels: tuple[K, ...]

    # -- what a family writes ------------------------------------------------------------------------------

    @abstractmethod
    def generate(self, rng: Random, knobs: K) -> P:
        """Draw a problem; every draw comes from `rng`."""

    def admit(self, problem: P) -> bool:
        """The costly half of generate's promise: is the problem solvable and unique? Else it is redrawn."""
        return True

    def finish(self, problem: P) -> P:
        """The problem, once it is chosen, with what is costly to know of it; its lineage stays as it is."""
        return problem

    @abstractmethod
    def prompt(self, problem: P) -> list[Part]:
        """What the player sees first."""

    @abstractmethod
    def parse(self, problem: P, text: str) -> A:
        """Read a reply, or raise Unparsable."""

    @abstractmethod
    def players(self) -> Mapping[str, Player]:
        """The blind players by name: what can be earned without solving."""

    def renderings(self, problem: P) -> Sequence[Any]:
        """Other ways of writing the oracle's answer (without tags) that must score 1; of a Game, lists of replies."""
        return ()

    def mutants(self, problem: P, rng: Random) -> Sequence[Any]:
        """Replies (of a Game, lists of replies) that look like the oracle's and are wrong; each must score below 1."""
        return ()

    def describe(self, problem: P) -> Mapping[str, float | int | str | None]:
        """Measures of the problem's difficulty, by name, for dataset rows and cards."""
        return {}

    def identity(self, problem: P) -> bytes:
        """What makes this problem itself: equal for two problems exactly if they are the same one."""
        return canonical(problem)

    def lineage(self, problem: P) -> bytes:
        """What must not appear in two splits; by default the identity."""
        return self.identity(problem)

    # -- episodes --------------------------------------------------------------------------------------------

    @abstractmethod
    def begin(self, problem: P) -> Step:
        """The start of an episode."""

    @abstractmethod
    def step(self, problem: P, before: Step, reply: str) -> Step:
        """The episode after `reply`."""

    @abstractmethod
    def judge(self, problem: P, reply: Any) -> Score:
        """The score of a whole episode: one reply for a Question, a sequence of replies for a Game."""

    @abstractmethod
    def solve(self, problem: P) -> Any:
        """The oracle: a reply (a Question) or a list of replies (a Game) that scores 1."""

    # -- what follows --------------------------------------------------------------------------------------

    @property
    def knobs(self) -> type[K]:
        """The family's Knobs class."""
        return type(self.levels[0])

    def instance(
        self,
        level: int | None = None,
        seed: int = 0,
        index: int = 0,
        split: str = "train",
        *,
        knobs: K | Mapping[str, object] | str | None = None,
    ) -> Instance[P]:
        """The instance at that place: level 0 unless a level or knobs are given. Raises UsageError, GenerationError."""
        if knobs is not None and level is not None:
            raise UsageError("give a level or knobs, not both")
        if knobs is None:
            chosen = self.at_level(level or 0)
            setting = f"L{level or 0}"
        else:
            chosen = self.knobs.of(knobs)
            setting = chosen.to_text()
        if type(index) is not int or not 0 <= index < 10**19:
            raise UsageError(f"index={index!r}: a whole number from 0 up")
        if type(seed) is not int or abs(seed) >= 10**19:
            raise UsageError(f"seed={seed!r}: a whole number of at most 19 digits")
        where = Address(self.name, self.version, setting, addresses.split_named(split), seed, index)
        return self._make(where, chosen)

    def at(self, address: str | Address) -> Instance[P]:
        """The instance of an address. Raises AddressError for another family's or another version's."""
        where = addresses.parse(address) if isinstance(address, str) else address
        if where.name != self.name:
            raise AddressError(f"{where} belongs to {where.name!r}, not to {self.name!r}")
        if where.version != self.version:
            raise AddressError(
                f"{where} was made by version {where.version} of {self.name!r}; this is version {self.version}"
            )
        level = where.level
        if level is not None:
            return self._make(where, self.at_level(level))
        knobs = self.knobs.from_text(where.setting)
        return self._make(dataclasses.replace(where, setting=knobs.to_text()), knobs)

    def at_level(self, level: int) -> K:
        """The knobs of a level. Raises UsageError with the levels there are."""
        if type(level) is not int or not 0 <= level < len(self.levels):
            raise UsageError(f"{self.name} has levels 0 to {len(self.levels) - 1}, not {level!r}")
        return self.levels[level]

    def score(self, instance: Instance[P], reply: object) -> Score:
        """The checker's verdict on a reply; never raises on a reply, whatever it is.

        Raises ContractError when the family itself fails: a bug, not a bad answer. Raises SandboxUnavailable, where a
        family runs code, on a machine that cannot confine it: nothing is scored.
        """
        try:
            return self.judge(instance.problem, reply)
        except SandboxUnavailable:
            raise
        except Exception as bug:  # the one place where a family's failure is caught: it is renamed, never paid
            raise ContractError(f"{instance.address}: {type(bug).__name__}: {bug} on {_shown(reply)}") from bug

    def oracle(self, instance: Instance[P]) -> Any:
        """A reply that scores 1."""
        return self.solve(instance.problem)

    def zero_parts(self) -> dict[str, float]:
        """The declared parts, all 0."""
        return dict.fromkeys(self.parts, 0.0)

    def _make(self, where: Address, knobs: K) -> Instance[P]:
        rng = rngs.stream(where.name, where.version, where.setting, where.split, where.seed, where.index)
        head = f"{self.name}@{self.version}\n".encode()
        default = type(self).lineage is Task.lineage
        for _ in range(REDRAWS):
            problem = self.generate(rng, knobs)
            key = hashlib.sha256(head + self.lineage(problem))
            if split_of(key.digest()) == where.split and self.admit(problem):
                problem = self.finish(problem)
                digest = key if default else hashlib.sha256(head + self.identity(problem))
                return Instance(self, str(where), knobs, problem, digest.hexdigest())
        raise GenerationError(
            f"{where}: none of {REDRAWS} draws gave a sound problem of this split; the knobs leave too few problems"
        )


class Question(Task[K, P, A]):
    """A family that ends after one reply."""

    @abstractmethod
    def verify(self, problem: P, answer: A) -> Score:
        """Check an answer by the rules of the task: total, deterministic, pure."""

    @abstractmethod
    def solve(self, problem: P) -> str:
        """A reply that scores 1, found, where it can be, from what the prompt shows."""

    def judge(self, problem: P, reply: object) -> Score:
        """Parse and verify one reply."""
        if type(reply) is not str:
            return unreadable("not_text", self.zero_parts())
        try:
            answer = self.parse(problem, reply)
        except Unparsable as unparsable:
            return unreadable(unparsable.reason, self.zero_parts())
        return self.verify(problem, answer)

    def begin(self, problem: P) -> Step:
        """The prompt, and no state."""
        return Step(self.prompt(problem), None)

    def step(self, problem: P, before: Step, reply: str) -> Step:
        """The verdict; the episode is over."""
        return Step([], None, self.judge(problem, reply))


class Game(Task[K, P, A], Generic[K, P, A, S]):
    """A family whose replies are moves, folded into an immutable state."""

    max_steps: ClassVar[int] = 100

    @abstractmethod
    def start(self, problem: P) -> S:
        """The state before the first move."""

    @abstractmethod
    def view(self, problem: P, state: S) -> list[Part]:
        """What the player sees in a state."""

    @abstractmethod
    def move(self, problem: P, state: S, action: A) -> S:
        """The state after a move; a move the rules forbid gives a state that says so."""

    @abstractmethod
    def over(self, problem: P, state: S) -> bool:
        """Whether no further move counts."""

    @abstractmethod
    def verify(self, problem: P, final: S) -> Score:
        """The score of a final state, whether the game ended or the player stopped."""

    @abstractmethod
    def unread(self, problem: P, state: S, reason: str) -> S:
        """The state after a reply that could not be read."""

    @abstractmethod
    def solve(self, problem: P) -> list[str]:
        """Replies that, in order, score 1."""

    def prompt(self, problem: P) -> list[Part]:
        """What the player sees first."""
        return self.view(problem, self.start(problem))

    def begin(self, problem: P) -> Step:
        """The first view."""
        state = self.start(problem)
        return Step(self.view(problem, state), (0, state))

    def step(self, problem: P, before: Step, reply: object) -> Step:
        """The view after one move, or the score once the game is over."""
        count, state = before.state
        state = self._after(problem, state, reply)
        if self.over(problem, state) or count + 1 >= self.max_steps:
            return Step([], (count + 1, state), self.verify(problem, state))
        return Step(self.view(problem, state), (count + 1, state))

    def judge(self, problem: P, reply: object) -> Score:
        """Fold a sequence of replies (or a single one) and verify where it ends."""
        replies = [reply] if isinstance(reply, str) else reply
        if not (type(replies) is list or type(replies) is tuple):
            return unreadable("not_text", self.zero_parts())
        state = self.start(problem)
        for each in replies[: self.max_steps]:
            if self.over(problem, state):
                break
            state = self._after(problem, state, each)
        return self.verify(problem, state)

    def _after(self, problem: P, state: S, reply: object) -> S:
        if type(reply) is not str:
            return self.unread(problem, state, "not_text")
        try:
            action = self.parse(problem, reply)
        except Unparsable as unparsable:
            return self.unread(problem, state, unparsable.reason)
        return self.move(problem, state, action)


def canonical(value: object) -> bytes:
    """A frozen value (dataclass, tuple, number, text) as bytes, equal exactly for equal values."""
    return json.dumps(_plain(value), ensure_ascii=True, separators=(",", ":"), allow_nan=False).encode()


def _shown(reply: object) -> str:
    """A reply for an error message: a short text as it is, anything else by its type."""
    if type(reply) in (list, tuple):
        return f"{len(reply)} replies"  # type: ignore[arg-type]
    return f"{reply[:200]!r}" if type(reply) is str else f"a {type(reply).__name__}"


def split_of(digest: bytes) -> Split:
    """The split that a problem's digest names: train 3/4, validation 1/8, test 1/8."""
    return _SPLIT_OF[digest[0] & 7]


_SPLIT_OF: tuple[Split, ...] = (SPLITS[0],) * 6 + (SPLITS[1], SPLITS[2])


def _plain(value: object) -> object:
    kind: Any = type(value)
    if kind in _ATOMS:
        return value
    if kind is not tuple and (names := _fields(kind)) is not None:
        # under its class's name: a square of side 2 is not a circle of radius 2
        return {kind.__name__: [_plain(getattr(value, name)) for name in names]}
    if isinstance(value, (tuple, list)):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {"": [[_plain(key), _plain(value[key])] for key in sorted(value)]}
    if isinstance(value, (str, int, float)):
        return value
    raise TypeError(f"a problem is made of plain frozen values, not {type(value).__name__}")


_ATOMS = frozenset({str, int, float, bool, type(None)})


@functools.lru_cache(maxsize=256)
def _fields(kind: type) -> tuple[str, ...] | None:
    return tuple([each.name for each in dataclasses.fields(kind)]) if dataclasses.is_dataclass(kind) else None
