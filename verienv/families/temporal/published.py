r"""Time-R1's reward as released (arXiv 2505.13508, its reward functions), as terms in [0, 1].

    reward = 1     * time_r1_accuracy        date decay, month decay, order, consistency and diversity, multiplied out
           + 0.05  * time_r1_answer_format   the answer matches its pattern
           + 0.025 * time_r1_tag_format      think block, new line, answer block, end token
           + 0.025 * time_r1_tag_count       0.33 for each closing or answer tag that stands exactly once
           - 1     * time_r1_no_event        0.2 when nothing can be extracted (0.3 for forecasts), less for "no event"
           - 1     * time_r1_penalty         the larger of the length and the repetition penalty

These weights give every published total exactly. `time_r1_accuracy` is a product, so its factors (`time_r1_date`,
`time_r1_claim`, `time_r1_consistency`, `time_r1_diversity`) and both penalties are terms of their own for logging, at
weight 0. `time_r1_accuracy` decays at the evaluation rate 0.1; `…_07`, `…_08`, `…_09` are gentler to hard events, as
the released schedule is (`alpha`). Reproduced with its faults: the answer must stand on one line, a final full stop
is a must in the three structured forms, junk around the pattern is ignored, the end token's bars are alternatives, and
the gentler rate for large differences depends on the claim. Question kinds that the paper does not have earn accuracy 1
for a right answer. Every function is linear in the reply.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import exp
from typing import TYPE_CHECKING, Final

from verienv import parsing
from verienv.families.temporal import answers, days
from verienv.parsing import Unparsable

if TYPE_CHECKING:
    from verienv.families.temporal import Problem

STRICT_RATE: Final = 0.1
RAMP_STEPS: Final = 50
_OPEN, _CLOSE = "<answer>", "</answer>"
_VALID: Final = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_DIFFERENCE: Final = re.compile(r"Event 1: (\d{4}-\d{2}), Event 2: (\d{4}-\d{2})\. Month difference: (\d{1,3})\.")
_ORDERING: Final = re.compile(
    r"Event 1: (\d{4}-\d{2}), Event 2: (\d{4}-\d{2}), Event 3: (\d{4}-\d{2})\. Event order: (\d-\d-\d)\."
)
_COMPLETION: Final = re.compile(r"Event: (\d{4}-\d{2})\. Missing entity: (.+?)\.")
_PAIRS: Final = (("1", "2"), ("1", "3"), ("2", "3"))


def alpha(phase: int, step: int, easy: bool) -> float:
    """The decay rate of a date in the released three phases; `step` counts from 0 and matters in the third."""
    if easy or phase == 1:
        return STRICT_RATE
    return 0.07 if phase == 2 else 0.07 + 0.03 * min(1.0, step / RAMP_STEPS)


@dataclass(frozen=True, slots=True)
class Judgement:
    """A reply under the released rules: every factor, and the accuracy they multiply out to."""

    valid: bool = False
    dates: float = 0.0
    claim: float = 0.0
    consistency: float = 0.0
    diversity: float = 0.0
    accuracy: float = 0.0
    no_event: float = 0.0


def judge(problem: Problem, reply: str, hard_rate: float = STRICT_RATE) -> Judgement:
    """The reply's factors; `hard_rate` is the decay for events that the prompt does not nearly date outright."""
    text = extract(reply)
    if problem.kind == "difference":
        return _difference(problem, text, hard_rate)
    if problem.kind == "order":
        return _ordering(problem, text, hard_rate)
    if problem.kind == "complete":
        return _completion(problem, text, hard_rate)
    forecast = problem.kind == "forecast"
    no_event = 0.3 if forecast else 0.2
    if text:
        denied = "no event" in text.lower() or "none" in text.lower()
        no_event = (0.2 if forecast else 0.1) if denied else 0.0
    if problem.form != "month":
        right = _strictly_right(problem, reply)
        return Judgement(_readable(problem, reply), right, right, 1.0, 1.0, right, no_event)
    month = _month(text or "")
    if month is None:
        return Judgement(no_event=no_event)
    date = exp(-_rates(problem, hard_rate)[0] * abs(month - problem.truth[0]))
    return Judgement(True, date, date, 1.0, 1.0, date, no_event)


def extract(reply: str) -> str | None:
    """What the first answer block that opens and closes on one line holds."""
    for line in reply.split("\n"):
        start = line.find(_OPEN)
        end = line.find(_CLOSE, start + len(_OPEN)) if start >= 0 else -1
        if end >= 0:
            return line[start + len(_OPEN) : end].strip()
    return None


def tag_format(reply: str) -> float:
    """The released pattern is `^<think>.*?</think>\\n<answer>.*?</answer><` or `im_end` or `>$`, at the start."""
    if reply.startswith("im_end") or reply == ">" or reply.startswith(">\n"):
        return 1.0
    middle = reply.find("</think>\n<answer>", 7) if reply.startswith("<think>") else -1
    return float(middle >= 0 and reply.find("</answer><", middle + 17) >= 0)


def tag_count(reply: str) -> float:
    """0.33 for each of three tags that stands exactly once: at most 0.99."""
    return sum((0.33 for tag in ("</think>", "<answer>", "</answer>") if reply.count(tag) == 1), 0.0)


def length_penalty(reply: str) -> float:
    """From 900 words on, up to 0.3."""
    words = len(reply.split())
    return 0.3 * min(1.0, (words - 900) / 124) if words > 900 else 0.0


def repetition_penalty(reply: str) -> float:
    """The largest of the penalties for a repeated word, for a repeated phrase, and for few distinct 5-grams."""
    words = reply.split()
    count = len(words)
    penalty = 0.0
    if count > 50:
        run = longest = 1
        for one, two in pairwise(words):
            run = run + 1 if one == two else 1
            longest = max(longest, run)
        if longest >= 5:
            penalty = 0.1 * min(5, longest - 4)
    if count > 100:
        penalty = max(penalty, 0.15 * _phrase_repeats(words))
    if count > 200:
        grams = [tuple(words[at : at + 5]) for at in range(min(count - 5, 500))]
        share = len(set(grams)) / len(grams)
        if share < 0.5:
            penalty = max(penalty, 0.5 - share)
    return penalty


def _phrase_repeats(words: list[str]) -> int:
    """The most often that a phrase of 3, 5, 7 or 9 words stands in the three windows after it; below 2 counts 0.

    The text of the windows is searched, so a phrase may begin and end inside words; its second word is always whole,
    and where that does not return twice in the windows nothing is searched.
    """
    count = len(words)
    following: list[int] = [count] * (count + 1)
    latest: dict[str, int] = {}
    for at in range(count - 1, -1, -1):
        following[at] = latest.get(words[at], count)
        latest[words[at]] = at
    best = 0
    for size in (3, 5, 7, 9):
        most = (3 * size - 1) // (size - 1)  # each occurrence needs size - 1 of the 3 * size - 1 blanks
        if best >= most:
            continue
        for at in range(count - 3 * size):
            end = min(at + 4 * size, count)
            first = following[at + 1]
            while first < at + size:
                first = following[first]
            if first >= end or following[first] >= end:
                continue
            found = " ".join(words[at + size : end]).count(" ".join(words[at : at + size]))
            if found >= 2 and found > best:
                best = found
                if best >= most:
                    break
    return best


def _month(text: str) -> int | None:
    found = _VALID.fullmatch(text)
    return None if found is None else days.month(int(found[1]), int(found[2]))


def _rates(problem: Problem, hard_rate: float) -> list[float]:
    events = problem.ask[:1] if problem.kind == "complete" else problem.ask
    return [STRICT_RATE if problem.easy(event) else hard_rate for event in events]


def _difference(problem: Problem, text: str | None, hard_rate: float) -> Judgement:
    found = _DIFFERENCE.search(text or "")
    if found is None:
        return Judgement(no_event=0.2)
    one, two = _month(found[1]), _month(found[2])
    if one is None or two is None:
        return Judgement()
    claimed = int(found[3])
    rates = _rates(problem, hard_rate)
    decays = [
        exp(-rate * abs(month - true)) for rate, month, true in zip(rates, (one, two), problem.truth, strict=False)
    ]
    rate = 0.05 if claimed >= 25 else sum(rates) / 2
    claim = exp(-rate * abs(claimed - problem.truth[2]))
    scale = min(1.0, 25.0 / claimed) if claimed >= 25 else 1.0
    consistency = exp(-0.1 * scale * abs(abs(two - one) - claimed))
    accuracy = (0.25 * decays[0] + 0.25 * decays[1] + 0.5 * claim) * consistency
    return Judgement(True, sum(decays) / 2, claim, consistency, 1.0, accuracy)


def _ordering(problem: Problem, text: str | None, hard_rate: float) -> Judgement:
    found = _ORDERING.search(text or "")
    if found is None:
        return Judgement(no_event=0.2)
    months = [month for group in found.groups()[:3] if (month := _month(group)) is not None]
    order = found[4].split("-")
    if len(months) < 3 or sorted(order) != ["1", "2", "3"]:
        return Judgement()
    true = [str(place) for place in problem.truth[3:]]
    decays = [
        exp(-rate * abs(month - gold))
        for rate, month, gold in zip(_rates(problem, hard_rate), months, problem.truth, strict=False)
    ]
    claim = 0.999 if order == true else 0.333 * _agreeing(order, true)
    implied = [str(place) for place in sorted((1, 2, 3), key=lambda place: months[place - 1])]
    agreeing = _agreeing(order, implied)
    consistency = 1.0 if order == implied else (0.2, 0.4, 0.7, 0.7)[agreeing]
    flat = len(set(months)) == 1
    rising = months[1] - months[0] == 1 == months[2] - months[1] and order == ["1", "2", "3"]
    falling = months[1] - months[0] == -1 == months[2] - months[1] and order == ["3", "2", "1"]
    diversity = 0.2 if flat or rising or falling else 1.0
    accuracy = (0.2 * sum(decays) + 0.4 * claim) * consistency * diversity
    return Judgement(True, sum(decays) / 3, claim, consistency, diversity, accuracy)


def _agreeing(order: list[str], other: list[str]) -> int:
    return sum((order.index(a) < order.index(b)) == (other.index(a) < other.index(b)) for a, b in _PAIRS)


def _completion(problem: Problem, text: str | None, hard_rate: float) -> Judgement:
    found = _COMPLETION.search(text or "")
    if found is None:
        return Judgement(no_event=0.2)
    month, word = _month(found[1]), found[2].strip()
    rate = _rates(problem, hard_rate)[0]
    entity = _entity(problem, word, 3 * rate) if word else None
    if month is None or entity is None:
        return Judgement()
    date = exp(-rate * abs(month - problem.truth[0]))
    return Judgement(True, date, entity, 1.0, 1.0, 0.5 * date + 0.5 * entity)


def _entity(problem: Problem, word: str, rate: float) -> float | None:
    """The decay of the missing word, or None where it is not of its kind; weekdays (ours) are right or wrong."""
    true = problem.truth[1]
    if problem.form == "completion weekday":
        which = days.WEEKDAY_OF.get(word.capitalize())
        return None if which is None else float(which == true)
    lower = word.lower()
    if problem.form == "completion month" and lower in _MONTH_NAMES:
        return _circular(_MONTH_NAMES[lower], true, rate)
    try:
        number = int(word) if len(word) <= 4_000 else -1
    except ValueError:
        return None
    if problem.form == "completion year":
        return exp(-rate * abs(number - true)) if 1900 <= number <= 2100 else None
    if not 1 <= number <= 12:
        return None
    return _circular(number, true, rate) if lower.isdigit() else 0.0


def _circular(number: int, true: int, rate: float) -> float:
    apart = abs(number - true)
    return exp(-rate * min(apart, 12 - apart))


_MONTH_NAMES: Final = {
    form: number
    for number, name in enumerate(days.MONTHS, 1)
    for form in (name.lower(), name.lower()[:3], name.lower()[:3] + ".", *(("sept", "sept.") if number == 9 else ()))
}


def _strictly_right(problem: Problem, reply: str) -> float:
    try:
        return float(answers.read(problem.form, parsing.answer(reply), len(problem.ask)) == problem.truth)
    except Unparsable:
        return 0.0


def _readable(problem: Problem, reply: str) -> bool:
    try:
        answers.read(problem.form, parsing.answer(reply), len(problem.ask))
    except Unparsable:
        return False
    return True


_Term = Callable[["Problem", str], float]


def _told(meaning: str, term: _Term) -> _Term:
    term.__doc__ = meaning  # the card quotes it
    return term


TERMS: Final[Mapping[str, _Term]] = {
    "time_r1_accuracy": _told("R_acc at the rate 0.1", lambda problem, reply: judge(problem, reply).accuracy),
    **{
        f"time_r1_accuracy_0{rate}": _told(
            f"R_acc with the rate 0.0{rate} for hard events",
            lambda problem, reply, rate=rate / 100: judge(problem, reply, rate).accuracy,  # type: ignore[misc]
        )
        for rate in (7, 8, 9)
    },
    "time_r1_answer_format": _told(
        "1 where the answer matches its pattern", lambda problem, reply: float(judge(problem, reply).valid)
    ),
    "time_r1_tag_format": _told("1 where the released tag pattern matches", lambda _, reply: tag_format(reply)),
    "time_r1_tag_count": _told("0.33 for each of three tags that stands once", lambda _, reply: tag_count(reply)),
    "time_r1_no_event": _told(
        "the fine for extracting nothing, or for no event", lambda problem, reply: judge(problem, reply).no_event
    ),
    "time_r1_penalty": _told(
        "the larger of the length and the repetition penalty",
        lambda _, reply: max(length_penalty(reply), repetition_penalty(reply)),
    ),
    "time_r1_date": _told("mean date decay", lambda problem, reply: judge(problem, reply).dates),
    "time_r1_claim": _told(
        "decay of the number or word, share of the order", lambda problem, reply: judge(problem, reply).claim
    ),
    "time_r1_consistency": _told(
        "the factor for dates that contradict the claim", lambda problem, reply: judge(problem, reply).consistency
    ),
    "time_r1_diversity": _told(
        "the factor for dates all equal or one month apart", lambda problem, reply: judge(problem, reply).diversity
    ),
    "time_r1_length": _told("the length penalty", lambda _, reply: length_penalty(reply)),
    "time_r1_repetition": _told("the repetition penalty", lambda _, reply: repetition_penalty(reply)),
}
WEIGHTS: Final[Mapping[str, float]] = {
    "time_r1_accuracy": 1.0,
    "time_r1_answer_format": 0.05,
    "time_r1_tag_format": 0.025,
    "time_r1_tag_count": 0.025,
    "time_r1_no_event": -1.0,
    "time_r1_penalty": -1.0,
}
"""The published reward as weights of the terms."""
