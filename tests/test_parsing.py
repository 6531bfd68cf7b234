"""Readers of model text: one answer or none, in ASCII, in time linear in the reply."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import strategies
from verienv import attacks, parsing
from verienv.parsing import MAX_CHARS, Unparsable, answer, bits, integer, integers, letter, say, unwrap

ANSWERS = ["0110", "12, 7, -3", "B", "[1, 2]", "UNSAT 3 8", "a-b", "x.y", "3.5"]


def reason(read: Callable[[], object]) -> str:
    """The short code that a reader gives for refusing."""
    with pytest.raises(Unparsable) as caught:
        read()
    assert str(caught.value) == caught.value.reason
    return caught.value.reason


@pytest.mark.parametrize(("name", "change"), parsing.RENDERINGS, ids=[name for name, _ in parsing.RENDERINGS])
@pytest.mark.parametrize("text", ANSWERS)
def test_every_harmless_rendering_reads_the_same(name, change, text):
    assert answer(change(text)) == text


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        ("", "no_answer"),
        ("the answer is 5", "no_answer"),
        ("<answer> and </answer>", "no_answer"),
        ("<answer>...</answer>", "no_answer"),
        ("<answer></answer>", "empty"),
        ("<answer> \u200b\u00a0 </answer>", "empty"),
        ("\\boxed{}", "empty"),
        ("<answer>5", "unclosed_answer"),
        ("\\boxed{5", "unclosed_box"),
        ("\\boxed{{5}", "unclosed_box"),
        ("5</answer>", "unbalanced_tags"),
        ("<answer>5</answer></answer>", "unbalanced_tags"),
        ("</answer>5<answer>", "unclosed_answer"),
        ("<answer><answer>5</answer></answer>", "nested_answer"),
        ("<answer>5</answer><answer>6</answer>", "several_answers"),
        ("<answer>5</answer><answer></answer>", "several_answers"),
        ("<answer>5</answer>\\boxed{6}", "several_answers"),
        ("\\boxed{5}\\boxed{6}", "several_answers"),
        ("<answer>5</answer>" * 9, "several_answers"),
        ("<think><answer>5</answer>", "unclosed_think"),
        ("<think>a</think><think><answer>5</answer>", "unclosed_think"),
        ("<answer>5</answer><think>", "unclosed_think"),
        ("<answer>5</answer></think>", "no_answer"),
        (" " * MAX_CHARS + "<answer>5</answer>", "too_long"),
    ],
)
def test_a_reply_without_one_answer_is_refused_with_a_reason(reply, why):
    assert reason(lambda: answer(reply)) == why


def test_eight_answers_that_agree_are_one():
    assert answer("<answer>5</answer>" * 8) == "5"
    assert answer("<answer>5</answer> **so** \\boxed{ 5 } and <answer>`5`</answer>") == "5"


def test_a_reply_at_the_limit_is_read():
    assert answer("x" * (MAX_CHARS - len(say("5"))) + say("5")) == "5"


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("\\boxed{\\text{5}}", "5"),
        ("$\\mathbf{5}$", "5"),
        ("**`5`**.", "5"),
        ("```json\n[1, 2]\n```", "[1, 2]"),
        ("“5”", "5"),
        ("5...", "5..."),
        ("*5* or *6*", "*5* or *6*"),
        ("$5$ and $6$", "$5$ and $6$"),
        ("\\text{5} and \\text{6}", "\\text{5} and \\text{6}"),
        ("**", "**"),
        ("`", "`"),
        ("", ""),
        ("don't", "don't"),
        ("5\u200b6", "56"),
    ],
)
def test_wrapping_is_dropped_and_nothing_else(text, bare):
    assert unwrap(text) == bare


@given(st.text(st.sampled_from("01 ab*`$\"'.\\[]()_\n\u200b\u00a0“”"), max_size=30))
def test_unwrapping_keeps_what_is_not_wrapping(text):
    bare = unwrap(text)
    assert bare in text.translate({0x200B: None})
    assert bare == bare.strip()


def test_bits():
    assert bits(say("0110"), 4) == "0110"
    for written in ("0 1 1 0", "0,1,1,0", "[0, 1, 1, 0]", "(0 1 1 0)", "01_10", "0\n1\n1\n0"):
        assert bits(say(written), 4) == "0110", written
    assert reason(lambda: bits(say("011"), 4)) == "incomplete"
    assert reason(lambda: bits(say("01100"), 4)) == "too_many"
    assert reason(lambda: bits(say("0" * 4000), 4)) == "too_many"
    for odd in ("0120", "[0110)", "0b10", "0.10", "O110", "\u0660\u0661\u0661\u0660", "０１１０", "-110", "[[0110]]"):
        assert reason(partial(bits, say(odd), 4)) == "not_bits", odd


def test_integers():
    assert integers(say("3 1 2"), 3) == (3, 1, 2)
    for written in ("3,1,2", "[3, 1, 2]", "(3; 1; 2)", "[[3, 1], [2]]", "3\n1\n2", "03 1 2"):
        assert integers(say(written), 3) == (3, 1, 2), written
    assert integers(say("-3"), 1, low=-5) == (-3,)
    assert integer(say("7")) == 7


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("3 1", "incomplete"),
        ("3 1 2 4", "too_many"),
        ("1 " * 10_000, "too_many"),
        ("3 1 2000000000", "out_of_range"),
        ("3 1 -2", "out_of_range"),
        ("3 1 " + "9" * 13, "number_too_long"),
        ("9" * 60_000, "too_many"),
        ("3 1 x", "not_integers"),
        ("3 1 2.0", "not_integers"),
        ("3 1 1_0", "not_integers"),
        ("3 1 +2", "not_integers"),
        ("3 1 --2", "not_integers"),
        ("3 1 -", "not_integers"),
        ("3 1 ٢", "not_integers"),
        ("3 1 ２", "not_integers"),
        ("3 1 ²", "not_integers"),
        ("3 or 2", "not_integers"),
        ("[3 1 2", "unbalanced_brackets"),
        ("3 1 2]", "unbalanced_brackets"),
        ("[3 1 2)", "unbalanced_brackets"),
        ("[[[3 1 2]]]", "too_deep"),
        ("[]", "empty"),
    ],
)
def test_lists_that_are_none_are_refused(written, why):
    assert reason(lambda: integers(say(written), 3)) == why


def test_letter():
    for written in ("B", "b", "(B)", "B)", "B."):
        assert letter(say(written), "ABCD") == "B", written
    for odd in ("BC", "B or C", "((B))", "()", ")", "В", "ß", "B C", "1B"):
        assert reason(partial(letter, say(odd), "ABCD")) == "not_one_letter", odd
    assert reason(lambda: letter(say("E"), "ABCD")) == "not_a_choice"


def test_asking_answers_nothing():
    prompt = parsing.ask("a number", "12")
    assert reason(lambda: answer(prompt)) == "no_answer"
    assert answer(prompt + say("5")) == "5"
    assert reason(lambda: answer(prompt + say("5") + say("6"))) == "several_answers"


@given(strategies.replies())
def test_readers_return_or_say_why(text):
    for read in (
        answer,
        lambda reply: bits(reply, 4),
        lambda reply: integers(reply, 3),
        lambda reply: integers(reply),
        lambda reply: letter(reply, "ABCD"),
    ):
        try:
            read(text)
        except Unparsable as unparsable:
            assert unparsable.reason.isidentifier()  # noqa: PT017


@given(strategies.replies())
def test_what_is_read_is_read_again(text):
    """Reading is idempotent: an answer that was read, said again, is the same answer."""
    try:
        found = answer(text)
    except Unparsable:
        return
    if not any(mark in found for mark in ("<answer>", "</answer>", "\\boxed{", "think>")) and unwrap(found) == found:
        assert answer(say(found)) == found


HOSTILE: dict[str, Callable[[int], str]] = {
    "opened tags": lambda size: "<answer>" * (size // 8),
    "closed tags": lambda size: "</answer>" * (size // 9),
    "opened boxes": lambda size: "\\boxed{" * (size // 7),
    "closed boxes": lambda size: "\\boxed{" * (size // 8) + "}" * (size // 8),
    "empty boxes": lambda size: "\\boxed{}" * (size // 8),
    "opened thoughts": lambda size: "<think>" * (size // 7),
    "closed thoughts": lambda size: "</think>" * (size // 8),
    "braces in a box": lambda size: "\\boxed{" + "{" * (size // 2) + "}" * (size // 2) + "}",
    "commands": lambda size: say("\\text{" * (size // 7) + "}" * (size // 7)),
    "asterisks": lambda size: say("*" * (size - 20)),
    "back-ticks": lambda size: say("`" * (size - 20)),
    "dollars": lambda size: say("$" * (size - 20)),
    "full stops": lambda size: say(". " * (size // 2 - 20)),
    "blanks": lambda size: say(" " * (size - 20) + "x"),
    "brackets": lambda size: say("[" * (size - 20)),
    "digits": lambda size: say("1" * (size - 20)),
    "numbers": lambda size: say("1 " * (size // 2 - 20)),
    "zero-width": lambda size: say("\u200b" * (size - 20)),
    "half tags": lambda size: "<answer" * (size // 7),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_twice_the_reply_costs_less_than_two_and_a_half_times(kind):
    """And 64 KiB cost a few milliseconds at most, whatever stands in them."""

    def cost(size: int) -> float:
        text = HOSTILE[kind](size)
        best = float("inf")
        for _ in range(5):
            start = time.thread_time()
            for read in (answer, lambda reply: integers(reply, 8), lambda reply: bits(reply, 8)):
                with contextlib.suppress(Unparsable):
                    read(text)
            best = min(best, time.thread_time() - start)
        return best

    half, full = cost(32 * 1024), cost(64 * 1024)
    assert full < 0.05
    assert full < 2.5 * half or full < 0.001, f"{half * 1e3:.3f} ms, then {full * 1e3:.3f} ms"


def test_a_megabyte_is_refused_unread():
    text = "<answer>" * 131_072
    start = time.thread_time()
    assert reason(lambda: answer(text)) == "too_long"
    assert time.thread_time() - start < 0.01


def test_the_catalogue_has_unique_ids_and_is_built_from_text():
    ids = [row.id for row in attacks.CATALOGUE]
    assert len(set(ids)) == len(ids) >= 150
    assert {row.pays for row in attacks.CATALOGUE} == {"nothing", "not full", "full", "any"}


@pytest.mark.parametrize(("name", "change"), parsing.AROUND, ids=[name for name, _ in parsing.AROUND])
@pytest.mark.parametrize("written", ['"**Bold** or not."', "* one\n* two.", "$5$ \\boxed{5}", "5"])
def test_a_text_is_read_as_it_stands_whatever_is_around_it(name, change, written):
    assert parsing.text(change(written)) == written


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        ("", "no_answer"),
        ("a text", "no_answer"),
        ("\\boxed{a text}", "no_answer"),
        ("<answer> and </answer>", "no_answer"),
        ("<answer> \u200b\u00a0 </answer>", "empty"),
        ("<answer>a", "unclosed_answer"),
        ("a</answer>", "unbalanced_tags"),
        ("<answer>a</answer></answer>", "unbalanced_tags"),
        ("<answer><answer>a</answer></answer>", "nested_answer"),
        ("<answer>a</answer><answer>**a**</answer>", "several_answers"),
        ("<answer>a</answer><answer></answer>", "several_answers"),
        ("<think><answer>a</answer>", "unclosed_think"),
        ("<answer>a</answer></think>", "no_answer"),
        ("a" * 70_000, "too_long"),
    ],
)
def test_what_is_no_text_says_why(reply, why):
    assert reason(lambda: parsing.text(reply)) == why


def test_a_text_has_plain_new_lines_and_no_invisible_marks():
    assert parsing.text("<answer>\r\none\r\ntwo\u200b\r\n</answer>") == "one\ntwo"
    assert parsing.text(f"<think>\n</think>{parsing.ask_text()}<answer>one</answer>") == "one"
