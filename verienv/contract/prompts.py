"""Promises about what the player sees: always the same, never empty, and silent about the answer."""

from __future__ import annotations

import json
from typing import Any

from verienv import chat
from verienv.attacks import bare
from verienv.contract.bench import Bench, Check, seen, shown

LEAK_CHARS = 8
"""An answer this long has no business in the prompt; a shorter one may stand there by chance."""
LEAK_SHARE = 0.25
"""Share of instances above which it is no chance."""


def prompts(bench: Bench) -> str:
    """The prompt is a list of texts and pictures, none empty, and the same on each call."""
    pictures = 0
    for instance in bench.instances:
        prompt = instance.prompt
        bench.demand(type(prompt) is list and bool(prompt), f"{instance.address}: the prompt is {shown(prompt)}")
        for part in prompt:
            if isinstance(part, str):
                bench.demand(bool(part.strip()), f"{instance.address}: a part of the prompt is blank")
                part.encode()  # no lone surrogates
            else:
                pictures += 1
                size = getattr(part, "size", None)
                bench.demand(size is not None and min(size) > 0, f"{instance.address}: a part is {shown(part)}")
        bench.demand(any(isinstance(part, str) for part in prompt), f"{instance.address}: the prompt asks nothing")
        bench.demand(seen(prompt) == seen(instance.prompt), f"{instance.address}: the prompt changes between calls")
        again = bench.task.begin(instance.problem).prompt
        bench.demand(seen(prompt) == seen(again), f"{instance.address}: an episode begins with another prompt")
    texts = [len(part) for instance in bench.instances[:1] for part in instance.prompt if isinstance(part, str)]
    return f"{sum(texts)} characters and {pictures // len(bench.instances)} pictures"


def distinct(bench: Bench) -> str:
    """Different problems look different: nobody can be asked for what is not shown."""
    by_view: dict[str, str] = {}
    for instance in bench.instances:
        first = by_view.setdefault(seen(instance.prompt), instance.digest)
        bench.demand(first == instance.digest, f"{instance.address} looks like another problem")
    return f"{len(by_view)} different prompts"


def silent(bench: Bench) -> str:
    """The oracle's answer stands neither in the prompt nor in the public measures."""
    leaks: dict[str, list[str]] = {"prompt": [], "describe": []}
    looked = 0
    for instance, reply in zip(bench.instances, bench.oracles, strict=True):
        answer = _squeezed(bare(reply if isinstance(reply, str) else " ".join(map(bare, reply))))
        if len(answer) < LEAK_CHARS:
            continue
        looked += 1
        if answer in _squeezed(chat.text_only(instance.prompt)):
            leaks["prompt"].append(instance.address)
        if answer in _squeezed(json.dumps(dict(bench.task.describe(instance.problem)), ensure_ascii=False)):
            leaks["describe"].append(instance.address)
    for place, found in leaks.items():
        bench.demand(len(found) <= LEAK_SHARE * looked, f"the answer stands in {place} of {', '.join(found[:3])}")
    return f"{looked} answers long enough to look for"


CHECKS = (
    Check("prompts", "prompts are whole, and the same on each call", prompts),
    Check("distinct", "different problems look different", distinct),
    Check("silent", "the answer is not told", silent),
)


def _squeezed(text: Any) -> str:
    return "".join(str(text).split())
