"""Time-R1's reward as released: its golden vectors to five decimals, and its penalties against a plain rewriting."""

from __future__ import annotations

import re
import time
from itertools import groupby
from math import exp
from random import Random

import pytest

from tests.profile import profile_size
from verienv import recipe
from verienv.families.temporal import Knobs, Problem, days, published
from verienv.families.temporal import task as TASK
from verienv.reward import RewardFunction


def spelt_out(kind: str, form: str, *truth: int) -> Problem:
    """A problem with that answer; the events are dated outright, hence easy."""
    points = 1 if kind == "complete" else {"difference": 2, "order": 3}.get(kind, 1)
    facts = tuple(("on", at, truth[at]) for at in range(points))
    ask = (0, 0) if kind == "complete" else tuple(range(points))
    return Problem(kind, form, True, tuple((at, at) for at in range(points)), facts, (0,) * points, ask, truth, 1)


def month(text: str) -> int:
    return days.month(int(text[:4]), int(text[5:]))


INFER = spelt_out("infer", "month", month("2020-06"))
DIFFERENCE = spelt_out("difference", "difference", month("2018-01"), month("2020-03"), 26)
ORDER = spelt_out("order", "ordering", month("2018-01"), month("2019-06"), month("2017-02"), 3, 1, 2)
COMPLETE = spelt_out("complete", "completion month", month("2020-06"), 11)
FORECAST = spelt_out("forecast", "month", month("2020-06"))
HEAD, TAIL = "<think>r</think>\n", "<|im_end|>"


def total(problem: Problem, reply: str) -> float:
    """The published total: the terms under the published weights."""
    return sum(weight * published.TERMS[term](problem, reply) for term, weight in published.WEIGHTS.items())


def answered(text: str) -> str:
    return f"{HEAD}<answer>{text}</answer>{TAIL}"


GOLDEN = [
    (INFER, answered("2020-06"), 1.09975, 1),
    (INFER, answered("2020-03"), 0.84057, 0.74082),
    (INFER, "<think>r</think><answer>2020-06</answer><|im_end|>", 1.07475, 1),
    (INFER, "<think>r</think>\n<answer>2020-06</answer>", 1.07475, 1),
    (INFER, answered("June 2020"), 0.04975, 0),
    (INFER, answered("2020-13"), 0.04975, 0),
    (INFER, answered("no event"), -0.05025, 0),
    (INFER, f"{HEAD}2020-06", -0.19175, 0),
    (INFER, answered("2020-06\n"), -0.15025, 0),
    (DIFFERENCE, answered("Event 1: 2018-01, Event 2: 2020-03. Month difference: 26."), 1.09975, 1),
    (DIFFERENCE, answered("Event 1: 2018-01, Event 2: 2020-03. Month difference: 24."), 0.84428, 0.74453),
    (DIFFERENCE, answered("Event 1: 2018-01, Event 2: 2020-03. Month difference: 26"), -0.15025, 0),
    (
        ORDER,
        answered("Event 1: 2018-01, Event 2: 2019-06, Event 3: 2017-02. Event order: 3-1-2."),
        1.09935,
        0.9996,
    ),
    (
        ORDER,
        answered("Event 1: 2018-01, Event 2: 2019-06, Event 3: 2017-02. Event order: 1-2-3."),
        0.39303,
        0.29328,
    ),
    (
        ORDER,
        answered("Event 1: 2018-01, Event 2: 2018-01, Event 3: 2018-01. Event order: 1-2-3."),
        0.18701,
        0.08726,
    ),
    (COMPLETE, answered("Event: 2020-06. Missing entity: November."), 1.09975, 1),
    (COMPLETE, answered("Event: 2020-06. Missing entity: 11."), 1.09975, 1),
    (COMPLETE, answered("Event: 2020-06. Missing entity: 2019."), 0.04975, 0),
]


@pytest.mark.parametrize(("problem", "reply", "reward", "accuracy"), GOLDEN)
def test_the_golden_vectors_of_the_released_reward(problem, reply, reward, accuracy):
    assert total(problem, reply) == pytest.approx(reward, abs=5e-6)
    assert published.judge(problem, reply).accuracy == pytest.approx(accuracy, abs=5e-6)


@pytest.mark.parametrize(
    ("text", "penalty"),
    [
        (" ".join(["word"] * 60), 0.5),
        (" ".join(f"w{i}" for i in range(899)), 0),
        (" ".join(f"w{i}" for i in range(962)), 0.15),
        (" ".join(f"w{i}" for i in range(1_200)), 0.3),
        (" ".join(["one two three"] * 4 + [f"w{i}" for i in range(120)]), 0.45),
        (" ".join(f"w{i % 50}" for i in range(300)), 0.3305),
    ],
)
def test_the_golden_penalties(text, penalty):
    assert published.TERMS["time_r1_penalty"](INFER, text) == pytest.approx(penalty, abs=5e-5)


def test_the_bare_end_token_earns_the_tag_format():
    assert published.tag_format("im_end and whatever") == 1
    assert published.tag_format(">") == 1
    assert published.tag_format(">\nx") == 1
    assert published.tag_format(">x") == 0
    assert published.tag_format("<|im_end|>") == 0


TAGS = re.compile(r"^<think>.*?</think>\n<answer>.*?</answer><|im_end|>$", re.DOTALL | re.MULTILINE)
ANSWER = re.compile(r"<answer>(.*?)</answer>")
PIECES = ("<think>", "</think>", "\n", "<answer>", "</answer>", "<|im_end|>", "im_end", ">", "<", "x", " ", "2020-06")


def test_tags_and_answers_are_found_as_the_released_patterns_find_them():
    rng = Random(1)
    for _ in range(profile_size(fast=5_000, ci=50_000, long=500_000)):
        text = "".join(rng.choices(PIECES, k=rng.randrange(14)))
        if rng.random() < 0.5:
            text = f"<think>{text}"
        found = ANSWER.search(text)
        assert published.tag_format(text) == float(TAGS.match(text) is not None), text
        assert published.extract(text) == (None if found is None else found[1].strip()), text


def plain_repetition(text: str) -> float:
    """The repetition penalty as its description says it, without haste."""
    words = text.split()
    penalty = 0.0
    if len(words) > 50:
        longest = max(len(list(run)) for _, run in groupby(words))
        penalty = 0.1 * min(5, longest - 4) if longest >= 5 else 0.0
    if len(words) > 100:
        for size in (3, 5, 7, 9):
            for at in range(len(words) - 3 * size):
                after = " ".join(words[at + size : at + 4 * size])
                count = after.count(" ".join(words[at : at + size]))
                penalty = max(penalty, 0.15 * count if count >= 2 else 0.0)
    if len(words) > 200:
        grams = [" ".join(words[at : at + 5]) for at in range(min(len(words) - 5, 500))]
        share = len(set(grams)) / len(grams)
        penalty = max(penalty, 0.5 - share if share < 0.5 else 0.0)
    return penalty


def test_the_repetition_penalty_is_the_plain_one():
    rng = Random(2)
    for _ in range(profile_size(fast=60, ci=600, long=5_000)):
        many = " ".join(f"w{i}" for i in range(rng.randrange(20, 400)))
        letters = rng.choice(("a b", "a aa b ba ab", "a b c d e f", many))
        words = rng.choices(letters.split(), k=rng.choice((40, 60, 110, 150, 250, 700)))
        if rng.random() < 0.5:
            phrase = rng.choices(letters.split(), k=rng.randrange(2, 10))
            words[20:20] = phrase * rng.randrange(1, 5)
        text = " ".join(words)
        assert published.repetition_penalty(text) == pytest.approx(plain_repetition(text), abs=1e-12)


@pytest.mark.parametrize(
    "piece", ["a ", "a b ", "<answer>", "Event: 2020-01. Missing entity: x", "<think></think>\n", "ab " * 30 + "c "]
)
def test_terms_take_linear_time_on_hostile_text(piece):
    def spent(size: int) -> float:
        text = HEAD + "<answer>" + (piece * (size // len(piece) + 1))[:size]
        start = time.thread_time()
        for problem in (INFER, DIFFERENCE, ORDER, COMPLETE):
            total(problem, text)
        return time.thread_time() - start

    spent(1_000)
    small, large = spent(16_000), spent(64_000)
    assert large < max(0.25, 12 * small)


def test_forecasts_are_fined_more_for_saying_nothing():
    assert published.TERMS["time_r1_no_event"](FORECAST, "nothing") == 0.3
    assert published.TERMS["time_r1_no_event"](FORECAST, answered("None")) == 0.2
    assert published.TERMS["time_r1_no_event"](INFER, answered("None")) == 0.1


def test_the_decay_follows_the_released_schedule():
    assert [published.alpha(1, 0, False), published.alpha(2, 99, False)] == [0.1, 0.07]
    assert [published.alpha(3, step, False) for step in (0, 25, 50, 500)] == pytest.approx([0.07, 0.085, 0.1, 0.1])
    assert {published.alpha(phase, 3, True) for phase in (1, 2, 3)} == {0.1}


def test_hard_events_decay_more_gently_and_easy_ones_do_not():
    reply = answered("2020-03")
    assert published.TERMS["time_r1_accuracy_07"](INFER, reply) == published.TERMS["time_r1_accuracy"](INFER, reply)
    hard = TASK.instance(knobs=Knobs(kind="infer", grain="month", hops=5), index=0).problem
    near = answered(days.iso_month(hard.truth[0] + 3))
    assert not hard.easy(hard.ask[0])
    assert published.TERMS["time_r1_accuracy_07"](hard, near) == pytest.approx(2.718281828459045**-0.21)
    assert published.TERMS["time_r1_accuracy"](hard, near) == pytest.approx(2.718281828459045**-0.3)


def test_a_large_claim_is_judged_more_gently_whatever_is_true():
    near = published.judge(DIFFERENCE, answered("Event 1: 2018-01, Event 2: 2020-03. Month difference: 25."))
    assert near.claim == pytest.approx(2.718281828459045**-0.05)
    assert near.consistency == pytest.approx(2.718281828459045**-0.1)


def test_years_and_months_decay_around_the_truth():
    year = spelt_out("complete", "completion year", month("2020-06"), 2020)
    for word, entity in (("2020", 0), ("2018", 0.6), ("+2019", 0.3)):
        found = published.judge(year, answered(f"Event: 2020-06. Missing entity: {word}."))
        assert found.claim == pytest.approx(2.718281828459045**-entity)
    assert not published.judge(year, answered("Event: 2020-06. Missing entity: 1800.")).valid
    found = published.judge(COMPLETE, answered("Event: 2020-06. Missing entity: Jan."))
    assert found.claim == pytest.approx(2.718281828459045**-0.6)


def test_the_oracle_earns_the_published_maximum():
    for kind in ("infer", "difference", "order", "complete", "forecast"):
        problem = TASK.instance(knobs=Knobs(kind=kind, grain="month"), index=3).problem
        reply = HEAD + TASK.solve(problem) + TAIL
        assert total(problem, reply) == pytest.approx(1.09935 if kind == "order" else 1.09975, abs=5e-6)


def test_the_recipes_weights_move_as_the_published_rate_does():
    loaded = recipe.load("time-r1")
    rates = {"time_r1_accuracy": 0.1, **{f"time_r1_accuracy_0{at}": at / 100 for at in (7, 8, 9)}}
    for step in (0, 149, 150, 400, 600, 605, 610, 617, 625, 633, 640, 649, 650, 1700):
        weights = recipe.weights_of(loaded.reward, "temporal", step)
        phase, since = (1, step) if step < 150 else (2, step - 150) if step < 600 else (3, step - 600)
        assert sum(weights[term] for term in rates) == pytest.approx(1)
        rate = sum(weights[term] * rate for term, rate in rates.items())
        assert rate == pytest.approx(published.alpha(phase, since, easy=False), abs=2e-5), step
        decay = sum(weights[term] * exp(-12 * rate) for term, rate in rates.items())
        assert decay == pytest.approx(exp(-12 * rate), abs=1e-3)  # a year off: the mixture is as good as the rate


def test_the_recipe_weighs_the_terms_as_published():
    loaded = recipe.load("time-r1")
    weights = recipe.weights_of(loaded.reward, "temporal", step=1000)
    assert {term: weight for term, weight in weights.items() if weight} == dict(published.WEIGHTS)
    instance = TASK.instance(2, index=1)
    reply = HEAD + TASK.oracle(instance) + TAIL
    reward = RewardFunction(TASK, published.WEIGHTS)(instance, reply)
    assert reward.value == pytest.approx(1.09975, abs=5e-6)
