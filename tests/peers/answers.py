"""What a player who knows says."""

from __future__ import annotations

from typing import Any

import verienv
from tests import loopback
from verienv.task import Instance


def right(instance: Instance[Any], boxed: bool = False) -> Any:
    """Replies that score 1, in the tags that are asked for or in the box that published scorers want."""
    reply: Any = instance.task.oracle(instance)
    return _boxed(reply) if boxed else reply


def known(addresses: list[str], boxed: bool = False) -> dict[str, str]:
    """The right reply to each prompt by its text; of a game to each view on the right way."""
    answers = {}
    for address in addresses:
        step = verienv.reset(address)
        oracle: Any = step.instance.task.oracle(step.instance)
        for reply in [oracle] if isinstance(oracle, str) else oracle:
            answers[loopback.text_of(step.messages[0])] = _boxed(reply) if boxed else reply
            step = step.step(reply)
    return answers


def _boxed(reply: str) -> str:
    return f"\\boxed{{{reply.removeprefix('<answer>').removesuffix('</answer>')}}}"
