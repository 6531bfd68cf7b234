"""Array environments over families that offer them: one structured answer, small edits of a draft, or a game's turns.

Shapes are fixed for one level, so each environment keeps its level; `reset` options choose seed, index and split.
Both meet the text view at the family's Answer, so the same `verify` scores all three.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from gymnasium import Space, spaces

from verienv import taskenv
from verienv.errors import ContractError, UsageError
from verienv.knobs import KnobSet
from verienv.parsing import Unparsable
from verienv.score import Score, unreadable
from verienv.task import Game, Question, Task
from verienv.taskenv import TaskEnv
from verienv.views import Arrays, Native, Stepwise, Turnwise
from verienv.weights import ScoreReward

if TYPE_CHECKING:
    from verienv.task import Part

T = TypeVar("T")


class _ArrayEnv(TaskEnv[Any, Any]):
    """What both array views share: fixed knobs, checked actions, and a score at the end only."""

    def __init__(
        self,
        task: Task[Any, Any, Any],
        level: int | None = None,
        seed: int | None = None,
        split: str = "train",
        *,
        knobs: Mapping[str, object] | str | None = None,
        reward: Mapping[str, float] | None = None,
        render_mode: str | None = None,
    ) -> None:
        super().__init__(task, level, knobs, seed, split, render_mode)
        if not isinstance(task, Arrays):
            raise UsageError(f"{task.name} has no array view")
        self._knobs: KnobSet = self._place.setting
        self._pay = None if reward is None else ScoreReward(task, reward)

    def _next_instance(self, seed: int | None, options: Mapping[str, Any] | None) -> Any:
        if isinstance(options, Mapping):
            for name in ("level", "knobs"):
                if name in options:
                    raise UsageError(
                        f"reset cannot change the {name} of an array view, whose shapes are fixed: make another "
                        'environment, or use view="text"'
                    )
            if "address" in options and self._place.moved(options).setting != self._knobs:
                raise UsageError(f"{options['address']} has other knobs than this environment, whose shapes are fixed")
        return super()._next_instance(seed, options)

    def _checked(self, action: Any) -> Any:
        """The action, in a Box's own dtype. Raises UsageError when it lies outside the action space."""
        space = self.action_space
        given = action
        if isinstance(space, spaces.Box):
            try:
                given = np.asarray(action, space.dtype)
            except (TypeError, ValueError):
                given = None
        if given is None or not _held(space, given):
            raise UsageError(f"{action!r:.200} lies outside the action space {space} of {self.task.name}")
        return given

    def _end(self, score: Score) -> tuple[float, dict[str, Any]]:
        """The reward of a score, and info."""
        self._open = False
        info = taskenv.tell(self._info(), score)
        if self._pay is None:
            return score.value, info
        earned = self._pay(score)
        info["terms"] = dict(earned.terms)
        return earned.value, info

    def _blaming(self, work: Callable[[], T]) -> T:
        try:
            return work()
        except Unparsable:
            raise
        except Exception as bug:  # renamed, never paid: see Task.score
            raise ContractError(f"{self.instance.address}: {type(bug).__name__}: {bug}") from bug


class QuestionEnv(_ArrayEnv):
    """What the array views of a question share: an answer is verified."""

    def __init__(self, task: Task[Any, Any, Any], *args: Any, **kwargs: Any) -> None:
        if not isinstance(task, Question) or not isinstance(task, Native):
            raise UsageError(f"{task.name} has no array view of one answer")
        super().__init__(task, *args, **kwargs)
        self._question: Question[Any, Any, Any] = task

    def _score(self, answer: Callable[[], Any]) -> Score:
        try:
            found = self._blaming(answer)
        except Unparsable as unparsable:
            return unreadable(unparsable.reason, self.task.zero_parts())
        return self._blaming(lambda: self._question.verify(self.instance.problem, found))


class NativeEnv(QuestionEnv):
    """One structured answer ends the episode.

    Observation and action: the family's own spaces. Reward: the score's value, or the weighted sum of `reward`
    (the terms score, right, readable and part:<name>).
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._view: Native[Any, Any, Any] = self.task  # type: ignore[assignment]  # checked by the class above
        self.observation_space: Space[Any] = self._view.observation_space(self._knobs)
        self.action_space: Space[Any] = self._view.action_space(self._knobs)
        self._seen_array: Any = None

    def reset(self, *, seed: int | None = None, options: Mapping[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """The next instance, or the one that seed and options choose. Raises UsageError, UnknownName, StepError."""
        instance = self._next_instance(seed, options)
        self._seen_array = self._view.observe(instance.problem)
        return taskenv.fresh(self._seen_array), self._info()

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        """Answer. Raises UsageError outside the action space, StepError out of order, ContractError for a bug."""
        if not self._open:
            raise self._out_of_order()
        given = self._checked(action)
        reward, info = self._end(self._score(lambda: self._view.act(self.instance.problem, given)))
        return taskenv.fresh(self._seen_array), reward, True, False, info


class StepEnv(QuestionEnv):
    """A draft answer is edited step by step, then submitted.

    Observation: a flat Dict, the problem's arrays (as `problem`, or its own keys when it is a Dict) and `draft`, the
    native action that says the draft. Action: Discrete(edits + 1); the last one submits. Reward: 0 for an edit, and
    the score's value (or its weighted terms) once, when the draft is submitted, so edits earn nothing. After
    `max_edits` edits the draft is submitted as it is, and the episode counts as truncated.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not isinstance(self.task, Stepwise):
            raise UsageError(f"{self.task.name} has no view of small edits")
        self._view: Stepwise[Any, Any, Any] = self.task
        problem = self._view.observation_space(self._knobs)
        parts = dict(problem.spaces) if isinstance(problem, spaces.Dict) else {"problem": problem}
        if "draft" in parts:
            raise ContractError(f"{self.task.name}: an observation cannot be called 'draft', which the step view adds")
        self.observation_space: Space[Any] = spaces.Dict({**parts, "draft": self._view.action_space(self._knobs)})
        self.edits = self._view.edits(self._knobs)
        self.max_edits = self._view.max_edits(self._knobs)
        self.action_space: Space[Any] = spaces.Discrete(self.edits + 1)
        self._problem: dict[str, Any] = {}
        self._draft: Any = None
        self._edited = 0

    def reset(self, *, seed: int | None = None, options: Mapping[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """The next instance, or the one that seed and options choose. Raises UsageError, UnknownName, StepError."""
        problem = self._next_instance(seed, options).problem
        seen = self._view.observe(problem)
        self._problem = seen if isinstance(seen, dict) else {"problem": seen}
        self._draft = self._view.draft(problem)
        self._edited = 0
        return self._observe(), self._info()

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        """Edit or submit. Raises UsageError outside the action space, StepError out of order, ContractError."""
        if not self._open:
            raise self._out_of_order()
        number = int(self._checked(action))
        submitted = number == self.edits
        if not submitted:
            self._draft = self._blaming(lambda: self._view.edit(self.instance.problem, self._draft, number))
            self._edited += 1
        out_of_edits = not submitted and self._edited >= self.max_edits
        if not submitted and not out_of_edits:
            return self._observe(), 0.0, False, False, self._info()
        reward, info = self._end(self._score(lambda: self._draft))
        return self._observe(), reward, submitted, out_of_edits, info

    def render(self) -> Any:
        """As in every view; "ansi" also tells the draft."""
        shown = super().render()
        return f"{shown}\n\nDraft: {self._draft}" if self.render_mode == "ansi" else shown

    def _observe(self) -> dict[str, Any]:
        draft = self._view.encode(self.instance.problem, self._draft)
        return {**taskenv.fresh(self._problem), "draft": draft}


class TurnEnv(_ArrayEnv):
    """A game, one structured action a turn.

    Observation and action: the family's own spaces. Reward: 0 until the game is over, then as in NativeEnv. An action
    that stands for no move is what a reply that cannot be read is to the text view.
    """

    def __init__(self, task: Task[Any, Any, Any], *args: Any, **kwargs: Any) -> None:
        if not isinstance(task, Game) or not isinstance(task, Turnwise):
            raise UsageError(f"{task.name} has no array view of turns")
        super().__init__(task, *args, **kwargs)
        self._game: Game[Any, Any, Any, Any] = task
        self._view: Turnwise[Any, Any, Any, Any] = task
        self.observation_space: Space[Any] = task.observation_space(self._knobs)
        self.action_space: Space[Any] = task.action_space(self._knobs)
        self._state: Any = None
        self._turns = 0

    def reset(self, *, seed: int | None = None, options: Mapping[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """The next instance, or the one that seed and options choose. Raises UsageError, UnknownName, StepError."""
        problem = self._next_instance(seed, options).problem
        self._state, self._turns = self._game.start(problem), 0
        return taskenv.fresh(self._view.observe(problem, self._state)), self._info()

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        """Move. Raises UsageError outside the action space, StepError out of order, ContractError for a bug."""
        if not self._open:
            raise self._out_of_order()
        game, problem, given = self._game, self.instance.problem, self._checked(action)
        try:
            move = self._blaming(lambda: self._view.act(problem, self._state, given))
        except Unparsable as unparsable:
            reason = unparsable.reason
            self._state = self._blaming(lambda: game.unread(problem, self._state, reason))
        else:
            self._state = self._blaming(lambda: game.move(problem, self._state, move))
        self._turns += 1
        over = self._turns >= game.max_steps or self._blaming(lambda: game.over(problem, self._state))
        observation = taskenv.fresh(self._view.observe(problem, self._state))
        if not over:
            return observation, 0.0, False, False, self._info()
        reward, info = self._end(self._blaming(lambda: game.verify(problem, self._state)))
        return observation, reward, True, False, info

    def _seen(self) -> list[Part]:
        """What the text view shows of the present state."""
        return super()._seen() if self._state is None else self._game.view(self.instance.problem, self._state)


def _held(space: Space[Any], action: Any) -> bool:
    try:
        return bool(space.contains(action))
    except (TypeError, ValueError):  # Gymnasium compares before it looks at the type
        return False
