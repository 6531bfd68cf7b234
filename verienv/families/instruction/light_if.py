"""Light-IF's reward as released (Qihoo360/Light-IF, reward_score): points for each constraint, and 1 for all of them.

    reward = 5 * light_if_points      the sum of points, divided by 5 so that it stays in [0, 1]
           + 1 * light_if_all         1 where every constraint passes

Both are 0 without a closed thought, and for an empty text. Faults are kept: keywords are counted as substrings, with
their case, letters with theirs, sentences are cut at every `.`, `!` and `?`, a request that is repeated is taken out of
the text before more is counted. Constraints of kinds that Light-IF does not have earn no points and pass as IFEval's
and IFBench's checkers say. The length score of the release is not added there and has no term here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from verienv.families.instruction import published
from verienv.families.instruction.rules import Constraint, holds

if TYPE_CHECKING:
    from verienv.families.instruction import Problem

SCALE: Final = 5.0
Item = tuple[bool, float]
"""Whether a requirement is met, and the points for meeting it."""


def judge(constraints: Sequence[Constraint], article: str) -> tuple[float, bool]:
    """The points of a text, and whether it meets everything."""
    whole = article
    items: list[Item] = []
    for constraint in constraints:
        if constraint.kind == "combination:repeat_prompt" and not constraint.scope:
            (request,) = constraint.args
            items.append((article.startswith(request), 0.1))
            article = article.replace(request, "").strip()
    for constraint in constraints:
        if constraint.kind == "combination:repeat_prompt" and not constraint.scope:
            continue
        if constraint.kind in _ITEMS and not constraint.scope:
            items += _ITEMS[constraint.kind](article, *constraint.args)
        else:
            items.append((published.passes(constraint, whole), 0.0))
    return sum(points for met, points in items if met), all(met for met, _ in items)


def sentences(article: str) -> int:
    """Pieces between any two of the marks . ! ? that are not blank."""
    return sum(bool(piece.strip()) for piece in re.split("[.!?]", article.strip()))


def _counted(found: int, relation: str, count: int, exact: float) -> list[Item]:
    return [(holds(found, relation, count), exact if relation == "exactly" else 0.05)]


def _letter(article: str, letter: str, relation: str, count: int) -> list[Item]:
    found = article.count(letter)
    if relation == "fewer than" and count == 1:
        return [(found == 0, 0.2)]
    return [(holds(found, relation, count), 0.05)]


def _parts(article: str, mark: str) -> list[str]:
    return [part for part in article.split(mark) if part.strip()]


def _nth_first(article: str, count: int, number: int, word: str) -> list[Item]:
    parts = _parts(article, "\n\n")
    return [(len(parts) == count, 0.1), (len(parts) >= number and parts[number - 1].startswith(word), 0.1)]


def _bullets(article: str, count: int) -> list[Item]:
    return [(sum(line.startswith("* ") for line in article.split("\n")) == count, 0.1)]


def _capitals(article: str, relation: str, count: int) -> list[Item]:
    return _counted(sum(word.isupper() and len(word) >= 2 for word in article.split()), relation, count, 0.1)


def _words(article: str) -> int:
    return len(re.findall(r"\w+", article))


_ITEMS: Final[Mapping[str, Callable[..., list[Item]]]] = MappingProxyType(
    {
        "detectable_format:number_highlighted_sections": lambda article, count: [
            (len(re.findall(r"\*[^*]+\*|_[^_]+_", article)) >= count, 0.05)
        ],
        "length_constraints:number_words": lambda article, relation, count: _counted(
            _words(article), relation, count, 0.1
        ),
        "count:word_count_range": lambda article, low, high: [(low <= _words(article) <= high, 0.1)],
        "detectable_content:number_placeholders": lambda article, count: [
            (len(re.findall(r"\[[^\[\]]+\]", article)) >= count, 0.05)
        ],
        "detectable_format:number_bullet_lists": _bullets,
        "change_case:capital_word_frequency": _capitals,
        "keywords:existence": lambda article, *words: [(word in article, 0.05) for word in words],
        "keywords:frequency": lambda article, word, relation, count: _counted(
            article.count(word), relation, count, 0.1
        ),
        "keywords:forbidden_words": lambda article, *words: [(word not in article, 0.05) for word in words],
        "length_constraints:number_sentences": lambda article, relation, count: _counted(
            sentences(article), relation, count, 0.2
        ),
        "keywords:letter_frequency": _letter,
        "length_constraints:number_paragraphs": lambda article, count: [(len(_parts(article, "***")) == count, 0.1)],
        "length_constraints:blank_line_paragraphs": lambda article, count: [
            (len(_parts(article, "\n\n")) == count, 0.1)
        ],
        "startend:end_checker": lambda article, phrase: [(article.endswith(phrase), 0.1)],
        "length_constraints:nth_paragraph_first_word": _nth_first,
    }
)


def _judged(problem: Problem, reply: str) -> tuple[float, bool]:
    article = published.said(reply)
    if "</think>" not in reply or not article:
        return 0.0, False
    return judge(problem.constraints, article)


def _points(problem: Problem, reply: str) -> float:
    """Light-IF's points for what is met, divided by 5"""
    return _judged(problem, reply)[0] / SCALE


def _all(problem: Problem, reply: str) -> float:
    """Light-IF's accuracy: 1 where everything is met"""
    return float(_judged(problem, reply)[1])


TERMS: Final[Mapping[str, Callable[[Any, Any], float]]] = MappingProxyType(
    {"light_if_points": _points, "light_if_all": _all}
)
