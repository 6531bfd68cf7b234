"""Native views: what a family adds so that an array policy can play it.

Both views meet at the family's Answer: `act` turns an array action into what `parse` makes of a reply, so one
`verify` serves both. With `Native` a question has the view "native" (one structured answer ends the episode); with
`Stepwise` it also has the view "step" (many small edits of a draft answer, then submit). With `Turnwise` a game has
the view "native": every turn shows its state and takes one structured action. With `Controlled` the view "step" of a
question is a process under control: many actions, paid step by step, that together are an answer.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    import numpy as np
    from gymnasium import Space
    from numpy.typing import NDArray

    from verienv.score import Score

K = TypeVar("K")
P = TypeVar("P")
A = TypeVar("A")
S = TypeVar("S")


class Arrays(ABC, Generic[K]):
    """Fixed-shape arrays for fixed knobs."""

    @abstractmethod
    def observation_space(self, knobs: K) -> Space[Any]:
        """The space of `observe`: a Box, or a flat Dict of Boxes and discrete spaces."""

    @abstractmethod
    def action_space(self, knobs: K) -> Space[Any]:
        """The space of `act`: Discrete, MultiDiscrete, MultiBinary or Box."""


class Native(Arrays[K], Generic[K, P, A]):
    """A question as arrays."""

    @abstractmethod
    def observe(self, problem: P) -> Any:
        """The problem as arrays; no more than the prompt shows."""

    @abstractmethod
    def act(self, problem: P, action: Any) -> A:
        """The Answer that an action stands for; total over the action space. Raises Unparsable where it has none."""

    @abstractmethod
    def encode(self, problem: P, answer: A) -> Any:
        """An action with `act(problem, action) == answer`."""


class Stepwise(Native[K, P, A]):
    """A native view whose answer can be reached by small edits of a draft."""

    @abstractmethod
    def draft(self, problem: P) -> A:
        """The answer an episode starts from; a function of what the player sees alone."""

    @abstractmethod
    def edits(self, knobs: K) -> int:
        """How many different edits there are; the action after the last one submits the draft."""

    @abstractmethod
    def edit(self, problem: P, draft: A, number: int) -> A:
        """The draft after edit `number`, 0 <= number < edits(knobs)."""

    def max_edits(self, knobs: K) -> int:
        """After so many edits the draft is submitted as it is."""
        return 4 * self.edits(knobs) + 8


class Progress(NamedTuple):
    """What one step of a simulator brought, for each place."""

    terms: Mapping[str, NDArray[np.float64]]  # each [N], in [0, 1]
    ended: NDArray[np.bool_]  # [N]: by what was done
    cut: NDArray[np.bool_]  # [N]: because no more actions count


class Simulator(ABC, Generic[P, A]):
    """Problems under control side by side: every array's first axis is the place. It belongs to one environment.

    What happens at a place depends on nothing at the others, to the last bit.
    """

    @abstractmethod
    def put(self, at: int, problem: P) -> None:
        """Begin a problem at a place."""

    @abstractmethod
    def observe(self, places: NDArray[np.int64] | None = None) -> Any:
        """What is seen at some places, or at all: an array, or a flat dict of arrays; not the simulator's own."""

    @abstractmethod
    def step(self, actions: Any) -> Progress:
        """Act everywhere; places that are done may go on, and nobody looks at what they say."""

    @abstractmethod
    def answer(self, at: int) -> A:
        """The Answer that the actions so far come to."""

    def score(self, at: int) -> Score | None:
        """What `verify` says of it, where the simulator knows that without looking at it all again; else None."""
        return None


class Controlled(Native[K, P, A]):
    """A native view whose answer can also be come to by control, action after action."""

    wages: ClassVar[Mapping[str, float]] = {}
    """What a step is paid by default: weights of the terms of `Progress`, each also a term of the family's."""

    @abstractmethod
    def control_observation_space(self, knobs: K) -> Space[Any]:
        """The space of what a simulator shows of one place: a Box, or a flat Dict of Boxes."""

    @abstractmethod
    def control_space(self, knobs: K) -> Space[Any]:
        """The space of one action: a Box."""

    @abstractmethod
    def simulator(self, knobs: K, count: int) -> Simulator[P, A]:
        """One with so many places."""


class Turnwise(Arrays[K], Generic[K, P, A, S]):
    """A game as arrays."""

    @abstractmethod
    def observe(self, problem: P, state: S) -> Any:
        """The state as arrays; no more than its view shows."""

    @abstractmethod
    def act(self, problem: P, state: S, action: Any) -> A:
        """The move that an action stands for in a state; total over the action space. Raises Unparsable for none."""

    @abstractmethod
    def encode(self, problem: P, state: S, move: A) -> Any:
        """An action with `act(problem, state, action) == move`, for every move that the oracle makes."""
