"""inspect_ai: every task and recipe as the Inspect task `verienv/suite`.

    inspect eval verienv/suite -T source=sat -T levels=2 -T count=50 --model openai-api/local/NAME --epochs 4
    inspect eval verienv/suite -T source=stairs -T 'levels="0:3"' …      # quoted, or YAML reads 1:3 as 63

Found by its entry point. For pass@k add `--epochs-reducer mean,pass_at_4`; a game is played to its end.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from verienv import dataset, episode
from verienv.adapters import specs
from verienv.adapters.specs import MissingPeer
from verienv.dataset import Row
from verienv.task import Game

try:
    import inspect_ai
    from inspect_ai import dataset as samples
    from inspect_ai import model, scorer, solver
except ImportError as absent:
    raise MissingPeer("inspect_ai", "inspect_ai>=0.3.200") from absent


@inspect_ai.task
def suite(
    source: str = "sat",
    levels: str | int | Sequence[int] | None = None,
    count: int = 100,
    seed: int = 0,
    split: str = "test",
    reward: str | None = None,
) -> Any:
    """`count` problems of a task or recipe; `reward` is a recipe's name or JSON weights, by default the score."""
    plan = dataset.plan(source, _levels(levels), count=count, seed=seed, split=split, oracle=False)
    return inspect_ai.Task(
        dataset=samples.MemoryDataset([_sample(row) for row in dataset.rows(plan)], name=source),
        solver=episodes(),
        scorer=verdict(reward),
    )


@solver.solver
def episodes() -> Any:
    """One reply, or as many as a game takes."""

    async def solve(state: Any, generate: Any) -> Any:
        begun = episode.begin(specs.instance(state.metadata["spec"]))
        while True:
            state = await generate(state)
            begun = begun.step(state.output.completion)
            if begun.done or state.completed:
                return state
            state.messages.append(model.ChatMessageUser(content=_content(begun.messages[0]["content"])))

    return solve


@scorer.scorer(metrics=[scorer.mean(), scorer.stderr(), scorer.grouped(scorer.mean(), "setting", all=False)])
def verdict(reward: str | None = None) -> Any:
    """What the replies earn; the strict score, its parts and the reason stand in the metadata."""
    paid = specs.rewards(reward)

    async def score(state: Any, target: Any) -> Any:
        spec = state.metadata["spec"]
        replies = [message.text for message in state.messages if message.role == "assistant"]
        game = isinstance(specs.instance(spec).task, Game)
        earned = paid(spec, replies if game else state.output.completion)
        found = earned.score
        told = {"score": found.value, "parts": dict(found.parts), "readable": found.readable}
        told |= {"reason": found.reason, "terms": dict(earned.terms)}
        return scorer.Score(value=earned.value, answer=replies[-1] if replies else "", metadata=told)

    return score


def _sample(row: Row) -> Any:
    content = row.chat()[0]["content"]
    setting = f"{row.task} {row.address.split('/')[1]}"
    return samples.Sample(
        input=[model.ChatMessageUser(content=_content(content))],
        id=row.address,
        metadata={"spec": row.spec, "task": row.task, "setting": setting},
    )


def _content(content: Any) -> Any:
    if isinstance(content, str):
        return content
    return [
        model.ContentText(text=part["text"])
        if part["type"] == "text"
        else model.ContentImage(image=part["image_url"]["url"])
        for part in content
    ]


def _levels(given: str | int | Sequence[int] | None) -> str | Sequence[int] | None:
    return [given] if isinstance(given, int) else given
