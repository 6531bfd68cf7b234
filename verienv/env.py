"""`make` and `make_vector`, which Gymnasium calls, and the text environment over any task.

    env = gymnasium.make("verienv/sat-v0", level=3)            # view="text"; "native" and "step" for array policies
    text, info = env.reset(seed=7)
    text, reward, terminated, truncated, info = env.step("<answer>01101</answer>")

Which instance a reset plays is told in `verienv.placement`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
from gymnasium import Env, Space, spaces

from verienv import chat, episode, parsing, pictures, registry, taskenv
from verienv.episode import Episode
from verienv.errors import UnknownName, UsageError
from verienv.reward import RewardFunction
from verienv.spaces import Pictures, UnicodeText
from verienv.task import Game, Task
from verienv.taskenv import TaskEnv
from verienv.views import Controlled, Native, Stepwise, Turnwise

if TYPE_CHECKING:
    from verienv.task import Part

PROMPT_CHARS: Final = 1_000_000
ACTION_CHARS: Final = 2 * parsing.MAX_CHARS
"""A reply longer than parsing.MAX_CHARS is a legal action, and reads as nothing."""

VIEWS: Final = ("text", "native", "step")


class TextEnv(TaskEnv[Any, Any]):
    """A task as prompt and reply: one step for a Question, one step a move for a Game.

    Observation: UnicodeText, the prompt. For a task with pictures a Dict of `text`, with `<image>` where a picture
    stands, and `images` in the same order: [N, H, W, 3] uint8 when the level's pictures are N of one size
    (`images="stack"`), else a tuple of [H, W, 3] uint8 (`images="tuple"`); left alone, `images` is chosen by looking
    at the level. After the last step the text is empty, and so are the images (stacked: black).
    Action: UnicodeText, the reply; whatever else is given counts as a reply that cannot be read.
    Reward: 0 until the end, then the score's value, or the weighted sum of `reward`, a dict of term → weight.
    """

    def __init__(
        self,
        task: Task[Any, Any, Any],
        level: int | None = None,
        seed: int | None = None,
        split: str = "train",
        *,
        knobs: Mapping[str, object] | str | None = None,
        reward: Mapping[str, float] | None = None,
        images: Literal["stack", "tuple"] | None = None,
        render_mode: str | None = None,
    ) -> None:
        super().__init__(task, level, knobs, seed, split, render_mode)
        self._stack: tuple[int, int, int, int] | None = None
        self._tuple = False
        self.observation_space: Space[Any] = self._space(images)
        self.action_space: Space[Any] = UnicodeText(ACTION_CHARS)
        self._pay = None if reward is None else RewardFunction(task, reward)
        self._episode: Episode | None = None
        self._shown: list[Part] = []

    def reset(self, *, seed: int | None = None, options: Mapping[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """The next instance, or the one that seed and options choose (see `verienv.placement`).

        Raises UsageError, UnknownName for a wrong option, StepError after close.
        """
        begun = episode.begin(self._next_instance(seed, options))
        observation = self._observe(begun)
        self._episode, self._shown = begun, begun.now.prompt
        return observation, self._info()

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        """Reply. Raises StepError out of order and ContractError for a bug in the family; never for a reply."""
        before = self._episode
        if not self._open or before is None:
            raise self._out_of_order()
        after = before.step(action)
        self._episode = after
        score = after.now.score
        if score is None:
            self._shown = after.now.prompt
            return self._observe(after), 0.0, False, False, self._info()
        self._open = False
        info = taskenv.tell(self._info(), score)
        value = score.value
        if self._pay is not None:
            replied = after.replies if isinstance(self.task, Game) else action
            earned = self._pay.of(after.instance, replied, score)
            value, info["terms"] = earned.value, dict(earned.terms)
        return self._observe(after), value, True, False, info

    def _seen(self) -> list[Part]:
        """The prompt that was shown last, after the end too."""
        return self._shown or super()._seen()

    def _space(self, images: str | None) -> Space[Any]:
        if images not in (None, "stack", "tuple"):
            raise UnknownName("way to give images", images, ("stack", "tuple"))
        if not any(self._line_ups) and images is None:
            return UnicodeText(PROMPT_CHARS)
        self._stack = pictures.stackable(self._line_ups) if images != "tuple" else None
        if images == "stack" and self._stack is None:
            raise UsageError(f"the pictures of {self._place.setting!r} do not stack: {sorted(self._line_ups)}")
        self._tuple = self._stack is None
        return spaces.Dict(
            text=UnicodeText(PROMPT_CHARS),
            images=Pictures() if self._stack is None else spaces.Box(0, 255, self._stack, np.uint8),
        )

    def _observe(self, shown: Episode) -> Any:
        text = chat.text_only(shown.now.prompt)
        if self._stack is None and not self._tuple:
            if not all(isinstance(part, str) for part in shown.now.prompt):
                raise self._misfit(shown, "shows pictures")
            return text
        found = pictures.arrays(shown.now.prompt)
        if self._stack is None:
            return {"text": text, "images": found}
        if shown.done:
            return {"text": text, "images": np.zeros(self._stack, np.uint8)}
        if len(found) != self._stack[0] or any(each.shape != self._stack[1:] for each in found):
            raise self._misfit(shown, f"shows pictures of {[each.shape for each in found]}, not {self._stack}")
        return {"text": text, "images": np.stack(found)}

    def _misfit(self, shown: Episode, what: str) -> UsageError:
        self._open = False
        return UsageError(
            f"{shown.address} {what}, which the observation space of this environment cannot hold: "
            'make it with images="tuple"'
        )


def make(
    task: str | Task[Any, Any, Any],
    level: int | None = None,
    view: str = "text",
    seed: int | None = None,
    split: str = "train",
    *,
    knobs: Mapping[str, object] | str | None = None,
    reward: Mapping[str, float] | None = None,
    images: Literal["stack", "tuple"] | None = None,
    render_mode: str | None = None,
) -> Env[Any, Any]:
    """An environment over a task; `gymnasium.make("verienv/<task>-v0", …)` calls this.

    level, knobs: level 0 unless one of them is given; `knobs` is a dict, or text such as "n=3,k=5".
    view: "text"; "native", one structured answer an episode, or one action for each turn of a game; "step", many
    small edits of a draft, or many actions under control.
    seed: the stream that the first reset takes when it is given none; by default it is drawn, as in Gymnasium.
    reward: term → weight; by default the score. images: see TextEnv. render_mode: "ansi" or "rgb_array".
    Raises UnknownName, UsageError, KnobError.
    """
    found = registry.load(task) if isinstance(task, str) else task
    if view == "text":
        return TextEnv(found, level, seed, split, knobs=knobs, reward=reward, images=images, render_mode=render_mode)
    if view not in VIEWS:
        raise UnknownName("view", view, VIEWS)
    if images is not None:
        raise UsageError(f"images={images!r} belongs to the text view; the view {view!r} has arrays of its own")
    if view not in views(found):
        raise UsageError(f"{found.name} has no view {view!r}; it has {', '.join(views(found))}")
    from verienv import native

    if view == "step" and isinstance(found, Controlled):
        from verienv.control import ControlEnv

        return ControlEnv(found, level, seed, split, knobs=knobs, reward=reward, render_mode=render_mode)
    arrays = native.TurnEnv if isinstance(found, Game) else native.NativeEnv
    kind = arrays if view == "native" else native.StepEnv
    return kind(found, level, seed, split, knobs=knobs, reward=reward, render_mode=render_mode)


def make_vector(num_envs: int = 1, *, seed: int | None = None, autoreset_mode: str = "same_step", **kwargs: Any) -> Any:
    """`num_envs` environments played together in this process; `gymnasium.make_vec` calls this.

    autoreset_mode: "same_step" (no action is lost between two episodes), "next_step" or "disabled".
    seed: environment i begins with seed + i, as in `reset(seed=…)`. The rest goes to `make`; where the view is under
    control, `pool` is how many different instances each environment goes through (by default always new ones).
    """
    found = kwargs.get("task")
    found = registry.load(found) if isinstance(found, str) else found
    if kwargs.get("view") == "step" and isinstance(found, Controlled):
        from verienv.control import ControlVectorEnv

        return ControlVectorEnv(num_envs, seed=seed, autoreset_mode=autoreset_mode, **kwargs)
    from verienv import vector

    return vector.TaskVectorEnv(num_envs, seed=seed, autoreset_mode=autoreset_mode, **kwargs)


def views(task: Task[Any, Any, Any]) -> tuple[str, ...]:
    """The views that a task has."""
    if isinstance(task, Game):
        return VIEWS[:2] if isinstance(task, Turnwise) else VIEWS[:1]
    if isinstance(task, Stepwise | Controlled):
        return VIEWS
    return VIEWS[:2] if isinstance(task, Native) else VIEWS[:1]
