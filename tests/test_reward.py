"""Rewards: weighted terms in [0, 1], and whose fault a bad one is."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given

import verienv
from tests import strategies
from tests.env.toys import Guess
from verienv import parsing
from verienv.errors import ContractError, UnknownName, UsageError
from verienv.families.sat import Sat
from verienv.parsing import say
from verienv.reward import RewardFunction, term_names, think_then_answer

SAT = verienv.load("sat")


class Odd(Sat):
    """sat with terms that misbehave."""

    terms = MappingProxyType(
        {
            "raises": lambda problem, reply: 1 / 0,
            "two": lambda problem, reply: 2.0,
            "nan": lambda problem, reply: float("nan"),
            "nothing": lambda problem, reply: None,  # type: ignore[return-value,dict-item]
        }
    )


def test_the_reward_is_the_weighted_sum_of_its_terms():
    instance = SAT.instance(1)
    weights = {"score": 2.0, "format": 0.5, "part:clauses": 0.25, "saturn_no_box": -1.0}
    earned = RewardFunction(SAT, weights)(instance, "<think>x</think>" + SAT.oracle(instance))
    assert earned.terms == {"score": 1.0, "format": 1.0, "part:clauses": 1.0, "saturn_no_box": 1.0}
    assert earned.value == 1.75
    assert earned.score.right


def test_a_known_score_is_paid_as_if_it_were_judged_again():
    instance, pay = SAT.instance(1), RewardFunction(SAT, {"score": 1.0, "part:clauses": 0.5, "saturn_no_box": -1.0})
    for reply in (SAT.oracle(instance), "<answer>00000</answer>", "?"):
        assert pay.of(instance, reply, SAT.score(instance, reply)) == pay(instance, reply)


def test_a_games_terms_read_each_of_its_replies():
    class Told(Guess):
        """guess, with a term that tells how many of the replies it read are not empty."""

        terms = MappingProxyType({"told": lambda problem, replies: sum(map(bool, replies)) / 10})

    task = Told()
    instance = task.instance(0)
    pay = RewardFunction(task, {"told": 1.0, "format": 0.5})
    thought = [f"<think>x</think>{say('1')}", f"<think>y</think>{say('2')}"]
    assert pay(instance, thought).value == 0.7
    assert pay(instance, tuple(thought)).terms == pay(instance, thought).terms
    assert pay(instance, thought[0]).terms == {"told": 0.1, "format": 1.0}
    assert pay(instance, [thought[0], say("2")]).terms == {"told": 0.2, "format": 0.0}
    hostile: list[Any] = [thought[0], None, 7]
    assert pay(instance, hostile).terms == {"told": 0.1, "format": 0.0}
    assert pay(instance, []).terms == {"told": 0.0, "format": 0.0}
    assert pay(instance, thought * 50).terms["told"] == task.max_steps / 10


def test_every_term_has_a_name():
    assert term_names(SAT) == ("score", "right", "readable", "format", "part:clauses", "saturn_solved", "saturn_no_box")


def test_an_unknown_term_is_answered_with_the_nearest():
    with pytest.raises(UnknownName, match="did you mean 'score'"):
        RewardFunction(SAT, {"scor": 1.0})


@pytest.mark.parametrize("weights", [{}, {"score": float("nan")}, {"score": float("inf")}])
def test_weights_that_say_nothing_are_refused(weights):
    with pytest.raises(UsageError):
        RewardFunction(SAT, weights)


@pytest.mark.parametrize("term", ["raises", "two", "nan", "nothing"])
def test_a_term_that_misbehaves_is_our_bug_and_never_a_reward(term):
    task = Odd()
    with pytest.raises(ContractError, match=f"sat@.*{term}"):
        RewardFunction(task, {"score": 1.0, term: 1.0})(task.instance(0), "")


@pytest.mark.parametrize(
    ("reply", "formed"),
    [
        ("<think>t</think><answer>a</answer>", True),
        (" <think>t</think>\n\n<answer>a</answer>\n", True),
        ("<think></think><answer>a</answer>", True),
        ("<think>t</think><answer></answer>", False),
        ("<think>t</think><answer> \u200b</answer>", False),
        ("<think>t</think>so<answer>a</answer>", False),
        ("<answer>a</answer>", False),
        ("<think>t<answer>a</answer>", False),
        ("<answer>a</answer><think>t</think>", False),
        ("<think>t</think><answer>a</answer>!", False),
        ("<think>t</think><answer>a</answer><answer>a</answer>", False),
        ("<think><think>t</think><answer>a</answer>", False),
        ("<think>t<answer>a</answer></think><answer>a</answer>", False),
        ("<think>" + "t" * parsing.MAX_CHARS + "</think><answer>a</answer>", False),
        ("", False),
    ],
)
def test_the_format_term(reply, formed):
    assert think_then_answer(reply) is formed


@given(strategies.replies())
def test_format_implies_one_readable_answer(text):
    for reply in (text, f"<think>{text}</think>{say('1')}", f"<think>t</think>{say(text)}"):
        if think_then_answer(reply) and "\\boxed{" not in reply:  # a box may say something else than the tags around it
            assert parsing.answer(reply)


def test_a_reply_that_is_no_text_earns_nothing():
    things: list[Any] = [None, b"<answer>00000</answer>", 5]
    for thing in things:
        earned = RewardFunction(SAT, dict.fromkeys(term_names(SAT), 1.0))(SAT.instance(0), thing)
        assert {name for name, value in earned.terms.items() if value} == {"saturn_no_box"}
