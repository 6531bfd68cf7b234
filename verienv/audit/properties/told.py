"""Told: the player is not shown the answer."""

from __future__ import annotations

import base64
import json
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, Final

from verienv.audit.findings import Finding, Property
from verienv.audit.study import Known, Study

CONTEXT: Final = 12
"""Characters before the answer by which the place of a leak is known."""
SHARE: Final = 0.8
LEAST: Final = 6
"""Characters of an answer that do not stand in disguise by chance."""

_ROT13: Final = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", "nopqrstuvwxyzabcdefghijklmNOPQRSTUVWXYZABCDEFGHIJKLM"
)

DISGUISES: Final[tuple[tuple[str, Callable[[str], str]], ...]] = (
    ("in base64", lambda text: base64.b64encode(text.encode()).decode().rstrip("=")),
    ("in hexadecimal", lambda text: text.encode().hex()),
    ("in ROT13", lambda text: text.translate(_ROT13)),
)


def leak(study: Study) -> Iterator[Finding]:
    """The answer does not follow the same words in every prompt, nor stands there in disguise."""
    known = [one for one in study.known if _text(one)]
    yield from _after_the_same_words(study, known)
    yield from _disguised(study, known)
    here = sum(_text(one) in study.items[one.at].prompt for one in known)
    elsewhere = sum(
        _text(one) in study.items[known[(place + 1) % len(known)].at].prompt for place, one in enumerate(known)
    )
    study.seen = f"{here} of {len(known)} answers stand in their prompt, {elsewhere} in the next one's"


def _after_the_same_words(study: Study, known: list[Known]) -> Iterator[Finding]:
    if len({_text(one) for one in known}) < 3:
        return
    places: Counter[str] = Counter()
    examples: dict[str, int] = {}
    for one in known:
        prompt, answer = study.items[one.at].prompt, _text(one)
        contexts = set()
        at = prompt.find(answer)
        while at >= 0:
            before, after = prompt[max(0, at - CONTEXT) : at], prompt[at + len(answer) : at + len(answer) + 1]
            apart = not (after[:1].isalnum() or before[-1:].isalnum())
            if apart and before.strip():
                contexts.add(before)
            at = prompt.find(answer, at + 1)
        for context in contexts:
            examples.setdefault(context, one.at)
        places.update(contexts)
    for context, count in places.most_common(1):
        unlike = len({_text(one) for one in known if context + _text(one) in study.items[one.at].prompt})
        if count >= max(3, SHARE * len(known)) and unlike >= 3 and _alone(study, known, context):
            yield study.finding(
                "leak", "high", f"the prompt tells the answer after {context.strip()!r}",
                f"in {count} of {len(known)} items", at=examples[context],
            )  # fmt: skip


def _alone(study: Study, known: list[Known], context: str) -> bool:
    """Whether these words stand once in most prompts: before a list of choices they stand before every choice."""
    once = sum(study.items[one.at].prompt.count(context) == 1 for one in known)
    return once >= SHARE * len(known)


def _disguised(study: Study, known: list[Known]) -> Iterator[Finding]:
    for name, change in DISGUISES:
        looked = [one for one in known if len(_text(one)) >= LEAST and len(set(_text(one))) > 2]
        found = [
            one
            for one in looked
            if change(_text(one)) not in (_text(one), "") and change(_text(one)) in _shown(study, one)
        ]
        if looked and len(found) >= max(2, SHARE * len(looked)):
            how = f"in {len(found)} of {len(looked)} items"
            yield study.finding("leak", "high", f"the prompt holds the answer {name}", how, at=found[0].at)


def _shown(study: Study, one: Known) -> str:
    prompt: Any = study.items[one.at].fields.get("prompt")
    return prompt if isinstance(prompt, str) else json.dumps(prompt, ensure_ascii=False)


def _text(one: Known) -> str:
    return one.answer.strip() if isinstance(one.answer, str) else ""


PROPERTIES = (Property("leak", "the prompt does not tell the answer", leak),)
