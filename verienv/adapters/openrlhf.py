"""OpenRLHF: the rows of `verienv generate --format openrlhf`, a reward function, and an agent for games.

    # reward.py, named by --reward.remote_url          # agent.py, named by --train.agent_func_path
    from verienv.adapters.openrlhf import reward_func    from verienv.adapters.openrlhf import agent
                                                         AgentExecutor = agent()

Each is in a file of the user's own, since OpenRLHF loads a file; other rewards are one more line there,
`reward_func = reward_function("saturn-7b")`. Flags: --data.input_key prompt --data.label_key label
--data.image_key images --data.apply_chat_template.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, Final

from verienv import chat, episode
from verienv.adapters import specs
from verienv.adapters.specs import MissingPeer, Weights
from verienv.episode import Episode
from verienv.errors import UsageError

TAILS: Final = (200, 150, 100, 70, 50, 35, 20)
"""Characters at the end of a prompt by which its end is looked for in a query: as many as follow the last picture."""
CHATML: Final = "\n<|im_start|>user\n{view}<|im_end|>\n<|im_start|>assistant\n"
_ENDS: Final = re.compile(r"(?:\s*(?:<\|[A-Za-z0-9_ .-]{1,40}\|>|</s>|<eos>|<end_of_turn>))+\s*\Z")

RewardFunc = Callable[..., dict[str, Any]]


def reward_function(reward: Weights | str | None = None) -> RewardFunc:
    """`reward_func` for these rewards: term → weight, or a recipe's name; by default the score."""

    def reward_func(queries: Sequence[str], prompts: Sequence[str], labels: Sequence[str], **kwargs: object) -> Any:
        """Rewards, scores in [0, 1] for dynamic filtering, and each term for the logs; tensors [n]."""
        import torch  # OpenRLHF's own

        paid = specs.rewards(reward)
        earned, columns = [], []
        for query, prompt, label in zip(queries, prompts, labels, strict=True):
            earned.append(paid(label, reply(query, prompt)))
            columns.append(paid.columns(label, earned[-1]))
        return {
            "rewards": torch.tensor([each.value for each in earned]),
            "scores": torch.tensor([each.score.value for each in earned]),
            "extra_logs": {name: torch.tensor([each[name] for each in columns]) for name in columns[0]},
        }

    return reward_func


reward_func = reward_function()
"""Pays the strict score."""


def reply(query: str, prompt: str) -> str:
    """The model's text in a query, which is prompt and response decoded with their special tokens.

    A picture's placeholder is one token in the prompt and many in the query, so the prompt's end is looked for. Raises
    UsageError when it is not there.
    """
    if query.startswith(prompt):
        text = query[len(prompt) :]
    else:
        tail = next((prompt[-size:] for size in TAILS if prompt and prompt[-size:] in query), None)
        if tail is None:
            raise UsageError("the query does not hold its prompt's end, so the reply in it cannot be told")
        at = -1
        for _ in range(_count(prompt, tail)):  # the prompt's own come first, whatever the model repeats of them
            at = query.find(tail, at + 1)
        text = query[at + len(tail) :] if at >= 0 else ""
    return _ENDS.sub("", text)


def agent(reward: Weights | str | None = None, turn: str = CHATML, picture: str = "") -> type[Any]:
    """An `AgentExecutor` that plays games of many moves, and ends every other task after one reply.

    turn: what stands between two replies in the model's chat template, with `{view}` for what is to be seen then.
    picture: the model's placeholder for a picture, such as "<|vision_start|><|image_pad|><|vision_end|>".
    """
    try:
        from openrlhf.utils import agent as peer
    except ImportError as absent:
        raise MissingPeer("openrlhf", "openrlhf>=0.11") from absent
    import torch

    class AgentInstance(peer.AgentInstanceBase):
        """One episode; the label is the row's spec."""

        def __init__(self, *args: object, **kwargs: object) -> None:
            self._episode: Episode | None = None

        async def reset(self, states: dict[str, Any], **kwargs: object) -> dict[str, Any]:
            """The prompt as the data set gives it."""
            self._episode = episode.begin(specs.instance(states["label"]))
            return {"observation": states["observation"]}

        async def step(self, states: dict[str, Any], **kwargs: object) -> dict[str, Any]:
            """Play a reply; the reward comes with the last one."""
            if self._episode is None:
                raise UsageError("step before reset")
            said = _ENDS.sub("", states["action_text"])
            after = self._episode = self._episode.step(said)
            told: dict[str, Any] = {"done": after.done, "sampling_params": states.get("sampling_params")}
            if after.score is None:
                view = chat.text_only(after.prompt, picture)
                shown = [part for part in after.prompt if not isinstance(part, str)]
                told |= {"rewards": torch.tensor(0.0), "scores": torch.tensor(0.0), "extra_logs": {}}
                return told | {"environment_feedback": turn.format(view=view), "environment_images": shown or None}
            paid = specs.rewards(reward)
            spec = states["label"]
            earned = paid(spec, said if len(after.replies) == 1 else list(after.replies))
            logs = {name: torch.tensor(value) for name, value in paid.columns(spec, earned).items()}
            told |= {"rewards": torch.tensor(earned.value), "scores": torch.tensor(earned.score.value)}
            return told | {"environment_feedback": "", "environment_images": None, "extra_logs": logs}

    class AgentExecutor(peer.MultiTurnAgentExecutor):
        """Made without arguments, as OpenRLHF makes it."""

        def __init__(self) -> None:
            super().__init__(AgentInstance)

    return AgentExecutor


def _count(text: str, part: str) -> int:
    """How often `part` begins in `text`, overlaps counted."""
    count, at = 0, text.find(part)
    while at >= 0:
        count, at = count + 1, text.find(part, at + 1)
    return count
