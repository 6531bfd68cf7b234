"""The form of a target's replies, read off its oracle: what stands before and after the answer.

From `"So it is <answer>42</answer>."` and the truth `"42"` come `"So it is <answer>"` and `"</answer>."`: any other
answer can then be said the same way. A raw answer has nothing around it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from verienv import attacks
from verienv.audit.items import Item, Reply

GUESSES: tuple[tuple[str, str], ...] = (
    ("", ""),
    ("<answer>", "</answer>"),
    ("\\boxed{", "}"),
    ("#### ", ""),
    ("The answer is ", ""),
    ("The answer is ", "."),
    ("The final answer is $\\boxed{", "}$. I hope it is correct."),
    ("<think>Let me see.</think>\n<answer>", "</answer>"),
    ("<think>\nLet me see.\n</think>\n<answer>\n", "\n</answer>"),
    ("```json\n", "\n```"),
)
"""Forms tried, in this order, where no oracle is given."""


@dataclass(frozen=True, slots=True)
class Form:
    """What stands before and after an answer."""

    before: str
    after: str

    def say(self, answer: str) -> str:
        """A reply that gives `answer`."""
        return f"{self.before}{answer}{self.after}"

    @property
    def marked(self) -> bool:
        """Whether something other than blanks tells the answer from what surrounds it."""
        return bool(self.before.strip())

    @property
    def closed(self) -> bool:
        """Whether something tells where the answer ends."""
        return bool(self.before.strip() and self.after.strip(" \n.$"))


RAW = Form("", "")


def of(item: Item, oracle: Reply) -> tuple[Form, Any]:
    """The form of an oracle's reply, and the answer in it; of a game, the answers of its moves."""
    if isinstance(oracle, list):
        return split(oracle[0] if oracle else "", "")[0], [split(each, "")[1] for each in oracle]
    return split(oracle, item.truth)


def split(reply: str, truth: str) -> tuple[Form, str]:
    """Where the answer stands in a reply: where the common reader finds it, else the last place of the truth."""
    found = attacks.bare(reply)
    if found != reply.strip() or found == truth.strip() or not truth:
        answer = found
    else:
        answer = truth.strip() if truth.strip() in reply else found
    at = reply.rfind(answer)
    if at < 0 or not answer:
        return RAW, reply
    return Form(reply[:at], reply[at + len(answer) :]), answer
