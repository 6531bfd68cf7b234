"""Playing: which problems a step draws, and groups of attempts at them, sampled, verified and paid.

Everything is hashed from the run's seed, the step and the place in it: no order of data and no random state is kept,
and who plays an attempt, in which batch, changes nothing in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import torch
from torch import Tensor

from verienv import mixture, rng
from verienv.address import Split
from verienv.episode import Episode, begin
from verienv.errors import ContractError, UsageError
from verienv.grpo.policy import Completion, Policy, Prompt
from verienv.grpo.settings import Settings
from verienv.mixture import Cell
from verienv.recipe import Recipe
from verienv.reward import Reward
from verienv.score import unreadable
from verienv.task import Game

NO_SCORE: Final = unreadable("fault")


@dataclass(frozen=True, slots=True)
class Sampling:
    """How replies are drawn: tokens each at most, and the distribution they come from. temperature 0 is greedy."""

    max_reply: int
    temperature: float = 1.0
    top_p: float = 1.0
    top_k: int = 0


@dataclass(frozen=True, slots=True)
class Turn:
    """One sampled reply, its number of tokens (the end's included), and what stood before it."""

    prompt: Prompt
    completion: Completion
    tokens: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one attempt, in plain values that travel between processes.

    reward: None where the checker failed; such an attempt is masked and counted, never paid. tokens: of all replies;
    longest: of one of them; read: of all prompts. cut: whether a reply reached its greatest length without an end.
    """

    address: str
    label: str
    replies: tuple[str, ...]
    tokens: int
    longest: int
    read: int
    cut: bool
    reward: float | None
    terms: Mapping[str, float] = field(default_factory=dict)
    score: float = 0.0
    right: bool = False
    readable: bool = False
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Attempt:
    """An outcome and the tokens that led to it."""

    outcome: Outcome
    turns: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """Where an episode begins: the cell it was drawn from, and its first prompt as the policy reads it."""

    cell: Cell
    start: Episode
    prompt: Prompt


class Payer:
    """The recipe's reward of a finished episode at a training step, and `highest`, the most that any task can pay.

    A game's terms read all its replies.
    """

    def __init__(self, recipe: Recipe, step: int) -> None:
        self._of = {task: recipe.reward_of(task, step) for task in recipe.tasks}
        self.highest = max(recipe.highest(task, step) for task in recipe.tasks)

    def __call__(self, episode: Episode) -> Reward:
        """What the episode earned. Raises ContractError for a bug in a term."""
        name = episode.instance.task.name
        if episode.score is None:
            raise ValueError(f"{episode.address} is not over")
        replied = episode.replies if isinstance(episode.instance.task, Game) else episode.replies[0]
        return self._of[name].of(episode.instance, replied, episode.score)


def weighted(recipe: Recipe, weights: Sequence[float]) -> list[Cell]:
    """The recipe's cells, each with its share of its stage's weight; stages of weight 0 are left out."""
    cells = []
    for stage, weight in zip(recipe.stages, weights, strict=True):
        total = sum(cell.weight for cell in stage)
        cells += [replace(cell, weight=weight * cell.weight / total) for cell in stage if weight > 0]
    return cells


def draw(
    policy: Policy,
    cells: Sequence[Cell],
    settings: Settings,
    indices: Iterable[int],
    split: Split,
    shelf: dict[str, Problem] | None = None,
) -> list[Problem]:
    """The problems at these places of the endless stream of the run's seed.

    `shelf` keeps them by address, for those that are met again. Raises GenerationError, and UsageError for a prompt of
    more than max_prompt tokens.
    """
    seed = settings.seed
    found = []
    for index in indices:
        cell = mixture.pick(cells, seed, index)
        where = str(cell.address(seed, index, split))
        problem = shelf.get(where) if shelf is not None else None
        if problem is None:
            problem = _begun(policy, cell, begin(cell.instance(seed, index, split)), settings.max_prompt)
        if shelf is not None:
            shelf[where] = problem
        found.append(problem)
    return found


def uniforms(key: tuple[str | int, ...], rows: int, columns: int) -> Tensor:
    """[rows, columns] numbers in [0, 1), hashed from the key."""
    generator = torch.Generator().manual_seed(rng.stream("verienv.grpo", *key).getrandbits(63))
    return torch.rand(rows, columns, generator=generator)


@dataclass(slots=True)
class _Seat:
    """An attempt while it is played."""

    problem: Problem
    episode: Episode
    turns: list[Turn] = field(default_factory=list)
    fault: str = ""

    @property
    def over(self) -> bool:
        return self.episode.done or bool(self.fault)


def play(
    policy: Policy,
    problems: Sequence[Problem],
    group: int,
    pay: Payer,
    how: Sampling,
    key: tuple[str | int, ...],
    rows: range | None = None,
) -> list[Attempt]:
    """`group` attempts at each problem, a problem's attempts side by side; turn after turn until all are over.

    rows: which rows of the whole step these attempts are (all by default), so that ranks draw what one would.
    In a game each turn sees the present view alone: what a game shows of its state is what a policy gets.
    """
    seats = [_Seat(each, each.start) for each in problems for _ in range(group)]  # an episode is a value
    rows = rows or range(len(seats))
    playing = list(range(len(seats)))
    turn = 0
    while playing:
        draws = uniforms((*key, turn), rows.stop, how.max_reply)[[rows[at] for at in playing]]
        prompts = [each.prompt for each in problems]  # attempts at one problem share their first prompt
        if turn:
            prompts = [policy.encode(seats[at].episode.prompt) for at in playing]
        completions = policy.sample(prompts, draws, temperature=how.temperature, top_p=how.top_p, top_k=how.top_k)
        each_prompt = [prompt for prompt in prompts for _ in range(len(playing) // len(prompts))]
        for at, prompt, completion in zip(playing, each_prompt, completions, strict=True):
            seat = seats[at]
            seat.turns.append(Turn(prompt, completion, completion.ids.numel()))
            try:
                seat.episode = seat.episode.step(policy.decode(completion.ids))
            except ContractError as bug:
                seat.fault = str(bug)
        playing = [at for at in playing if not seats[at].over]
        turn += 1
    return [Attempt(_outcome(seat, pay), tuple(seat.turns)) for seat in seats]


def _begun(policy: Policy, cell: Cell, start: Episode, max_prompt: int) -> Problem:
    prompt = policy.encode(start.prompt)
    if max_prompt and len(prompt.ids) > max_prompt:
        raise UsageError(f"{start.address}: a prompt of {len(prompt.ids)} tokens; train.max_prompt = {max_prompt}")
    return Problem(cell, replace(start, now=replace(start.now, prompt=[])), prompt)  # pictures are not kept


def _outcome(seat: _Seat, pay: Payer) -> Outcome:
    """The finished attempt in plain values; a bug in a term masks it as one in the checker does."""
    episode, earned, fault = seat.episode, None, seat.fault
    if not fault:
        try:
            earned = pay(episode)
        except ContractError as bug:
            fault = str(bug)
    score = earned.score if earned else NO_SCORE
    return Outcome(
        address=episode.address,
        label=seat.problem.cell.label,
        replies=episode.replies,
        tokens=sum(turn.tokens for turn in seat.turns),
        longest=max(turn.tokens for turn in seat.turns),
        read=sum(len(turn.prompt.ids) for turn in seat.turns),
        cut=any(turn.completion.finish == "length" for turn in seat.turns),
        reward=earned.value if earned else None,
        terms=earned.terms if earned else {},
        score=score.value,
        right=score.right,
        readable=score.readable,
        fault=fault,
    )
