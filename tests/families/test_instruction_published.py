"""instruction: the released checkers as they are, faults included, and the rewards made of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.families.instruction_texts import ROWS
from verienv import parsing, recipe
from verienv.families.instruction import Problem, drawing, light_if, published
from verienv.families.instruction import task as TASK
from verienv.families.instruction.reading import Text
from verienv.families.instruction.rules import Constraint
from verienv.families.instruction.splitting import split_into_sentences
from verienv.reward import RewardFunction

VERDICTS = [
    json.loads(line)
    for line in (Path(__file__).parent / "ifeval_verdicts.jsonl").read_text(encoding="utf-8").splitlines()
]
"""Texts and what the IFEval checkers of lm-evaluation-harness 0.4.13 said of them."""


def accepts(kind, args, text):
    return published.passes(Constraint(kind, args), text)


def keeps(kind, args, text):
    return drawing.check(Constraint(kind, args), Text(text))


def test_ifevals_checkers_agree_with_the_recorded_verdicts():
    assert len({row["kind"] for row in VERDICTS}) == 22
    wrong = [row for row in VERDICTS if accepts(row["kind"], tuple(row["args"]), row["text"]) != row["passes"]]
    assert wrong == []


FAULTS = (
    ("keywords:existence", ("cat",), "A category."),
    ("keywords:forbidden_words", ("cat",), "Two_cats and a cat_."),
    ("language:response_language", ("de",), "?"),
    ("detectable_content:number_placeholders", (2,), "[] []"),
    ("detectable_content:postscript", ("P.S.",), "Tips.p.s. are given."),
    ("detectable_format:number_bullet_lists", (2,), "---\n-5 degrees"),
    ("detectable_format:constrained_response", (), "My answer is yes. My answer is no. My answer is maybe."),
    ("detectable_format:number_highlighted_sections", (1,), "2 * 3 * 4"),
    ("detectable_format:multiple_sections", ("Section", 2), "Section 1 Section 2"),
    ("detectable_format:json_format", ("a",), "5"),
    ("combination:two_responses", (), "One.******One!"),
    ("combination:repeat_prompt", ("Say it.",), "say it."),
    ("punctuation:no_comma", (), "然后，"),
    ("ratio:sentence_type", (), "Oh!"),
    ("ratio:sentence_balance", (), "…"),
    ("sentence:alliteration_increment", (3,), "One big boat."),
    ("words:last_first", (3,), "One sentence."),
    ("words:paragraph_last_first", (2, 5), "One"),
    ("sentence:increment", (2,), "One sentence."),
    ("count:conjunctions", (3,), "And and, and."),
    ("format:sub-bullets", (2,), "No bullets."),
    ("format:sub-bullets", (1,), "* well-known"),
    ("format:list", ("=>", 5), "a => b => c"),
    ("format:title_case", (), "McCOY Came"),
    ("format:line_indent", (2,), "a\n\n b\n\n   c"),
    ("format:output_template", (), "My Answer: My Conclusion: Future Outlook:"),
    ("custom:character_reverse", ("A bald eagle.",), "It is elgae dlab a, you see."),
    ("custom:date_format_list", (3, 1800, 1810), "1801-00-00"),
    (
        "custom:csv_special_character",
        (2, "A", "B", "C", "D", "E"),
        'A,B,C,D,E\n1,a,"b&c",2,3\n2,too,few',
    ),
    ("words:vowel", ("aeo", 10), "It is in"),
    ("words:no_consecutive", (10,), "One"),
)


@pytest.mark.parametrize(("kind", "args", "text"), FAULTS, ids=[row[0] for row in FAULTS])
def test_what_the_released_checkers_take_and_ours_do_not(kind, args, text):
    assert accepts(kind, args, text)
    assert not keeps(kind, args, text)


@pytest.mark.parametrize(("kind", "args", "right"), [row[:3] for row in ROWS], ids=[row[0] for row in ROWS])
def test_what_is_right_is_mostly_accepted(kind, args, right):
    """Released checkers accept our examples, but where they count otherwise."""
    refused = {
        "change_case:capital_word_frequency",  # "I" and "A" are capitals
        "keywords:frequency",  # substrings
        "keywords:forbidden_words",
        "length_constraints:nth_paragraph_first_word",  # a second blank line is a paragraph, when indexed
        "length_constraints:number_words",  # It's: two words
        "detectable_format:number_bullet_lists",  # rules and negative numbers
        "detectable_format:multiple_sections",
        "count:numbers",
        "count:word_count_range",
        "format:options",
        "format:title_case",  # small words are minor words
        "format:parentheses",
        "format:quotes",
        "words:alphabet",
        "ratio:overlap",  # by 2 %, not 5 %
        "custom:word_reverse",
        "custom:csv_city",
        "custom:csv_quotes",
        "detectable_format:json_format",
    }
    assert accepts(kind, args, right) or kind in refused


@given(st.text(st.sampled_from(" \n.?!\"”'AbcDr1")) | st.text())
def test_the_released_splitter_loses_no_letter(text):
    joined = "".join("".join(split_into_sentences(text)).split())
    kept = [mark for mark in "".join(text.split()) if mark not in '"”!?.']
    assert [mark for mark in joined if mark not in '"”!?.'] == kept or "<" in text


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Dr. Smith paid 3.5 coins. He left.", ["Dr. Smith paid 3.5 coins.", "He left."]),
        ("Wait... what? See example.com now.", ["Wait...", "what?", "See example.com now."]),
        ('She said "no." He left.', ['She said "no".', "He left."]),
        (
            "J. Doe of the U.S. He left the Acme Inc. We stayed.",
            ["J. Doe of the U.S.", "He left the Acme Inc", "We stayed."],
        ),
        ("No end", ["No end"]),
        ("One\nTwo. Three", ["One Two.", "Three"]),
        ("", []),
    ],
)
def test_the_released_splitter_cuts_as_released(text, sentences):
    assert split_into_sentences(text) == sentences


# -- rates ---------------------------------------------------------------------------------------------------------


PROBLEM = Problem(
    0,
    0,
    (
        Constraint("punctuation:no_comma", ()),
        Constraint("startend:end_checker", ("The end.",)),
        Constraint("detectable_format:number_bullet_lists", (1,)),
    ),
)


def terms(reply):
    return {name: term(PROBLEM, reply) for name, term in TASK.terms.items()}


def test_the_loose_rate_lets_each_constraint_have_its_own_variant():
    reply = "Sure, here you are:\n* One point\nThe end.\nDo ask for more"
    found = terms(reply)
    assert (found["ifeval"], found["ifeval_share"]) == (0, 1 / 3)
    assert (found["ifeval_loose"], found["ifeval_loose_share"]) == (1, 1)


def test_tags_and_thoughts_are_taken_off_and_nothing_keeps_nothing():
    right = "* One point\nThe end."
    for reply in (right, parsing.say(right), f"<think>a, b</think>{parsing.say(right)}", f"a, b</think>\n{right}"):
        assert terms(reply)["ifeval"] == 1
    for reply in ("", "<answer></answer>", "</think>", "a" * 20_001):
        assert terms(reply)["ifeval_loose_share"] == 0


def test_variants_are_eight_at_most():
    assert published.variants("a\n*b*\nc") == ["a\n*b*\nc", "*b*\nc", "a\n*b*", "*b*", "a\nb\nc", "b\nc", "a\nb", "b"]
    assert published.variants("a") == ["a", ""]


# -- Light-IF ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "args", "article", "points", "met"),
    [
        ("combination:repeat_prompt", ("Say it.",), "Say it. No.", 0.1, True),
        ("combination:repeat_prompt", ("Say it.",), "say it. No.", 0, False),
        ("detectable_format:number_highlighted_sections", (2,), "*a* _b c_", 0.05, True),
        ("length_constraints:number_words", ("at least", 3), "It's so", 0.05, True),
        ("length_constraints:number_words", ("fewer than", 3), "It is", 0.05, True),
        ("count:word_count_range", (2, 3), "one two three four", 0, False),
        ("count:word_count_range", (2, 3), "one two three", 0.1, True),
        ("detectable_content:number_placeholders", (1,), "[]", 0, False),
        ("detectable_content:number_placeholders", (1,), "[a]", 0.05, True),
        ("detectable_format:number_bullet_lists", (1,), "* a\n- b\n *c", 0.1, True),
        ("change_case:capital_word_frequency", ("exactly", 1), "I A BIG", 0.1, True),
        ("change_case:capital_word_frequency", ("at least", 2), "BIG SIGN", 0.05, True),
        ("change_case:capital_word_frequency", ("fewer than", 2), "BIG", 0.05, True),
        ("keywords:existence", ("cat", "dog"), "category", 0.05, False),
        ("keywords:existence", ("cat", "dog"), "cat dog", 0.1, True),
        ("keywords:frequency", ("cat", "exactly", 2), "cat category Cat", 0.1, True),
        ("keywords:frequency", ("cat", "at least", 2), "cat category", 0.05, True),
        ("keywords:frequency", ("cat", "fewer than", 2), "cat", 0.05, True),
        ("keywords:forbidden_words", ("cat", "dog"), "category", 0.05, False),
        ("length_constraints:number_sentences", ("exactly", 3), "Dr. Smith paid 3.5", 0.2, True),
        ("length_constraints:number_sentences", ("at least", 2), "One. Two.", 0.05, True),
        ("length_constraints:number_sentences", ("fewer than", 2), "One. Two.", 0, False),
        ("keywords:letter_frequency", ("q", "at least", 2), "Qq", 0, False),
        ("keywords:letter_frequency", ("q", "fewer than", 2), "Qq", 0.05, True),
        ("keywords:letter_frequency", ("q", "fewer than", 1), "Q", 0.2, True),
        ("length_constraints:number_paragraphs", (2,), "a *** b", 0.1, True),
        ("length_constraints:blank_line_paragraphs", (2,), "a\n\nb", 0.1, True),
        ("length_constraints:nth_paragraph_first_word", (2, 2, "Now"), "a\n\nNowhere", 0.2, True),
        ("length_constraints:nth_paragraph_first_word", (3, 2, "Now"), "a\n\nNow", 0.1, False),
        ("startend:end_checker", ("The end.",), "The end.", 0.1, True),
        ("format:emoji", (), "🌞", 0, True),
    ],
)
def test_light_ifs_points(kind, args, article, points, met):
    found, all_met = light_if.judge((Constraint(kind, args),), article)
    assert found == pytest.approx(points)
    assert all_met == met


def test_a_repeated_request_is_taken_out_before_more_is_counted():
    constraints = (
        Constraint("length_constraints:number_words", ("fewer than", 3)),
        Constraint("combination:repeat_prompt", ("Say it.",)),
    )
    points, met = light_if.judge(constraints, "Say it. No way.")
    assert met
    assert points == pytest.approx(0.15)


def test_without_a_closed_thought_light_if_pays_nothing():
    instance = TASK.instance(knobs={"pool": "light_if", "constraints": 3}, index=1)
    reply = TASK.oracle(instance)
    recipe_ = recipe.load("light-if")
    reward = RewardFunction(TASK, recipe.weights_of(recipe_.reward, "instruction", 0))
    assert reward(instance, reply).value == 0
    thought = reward(instance, f"Let me see.</think>\n{reply}")
    points, met = light_if.judge(instance.problem.constraints, parsing.text(reply))
    assert thought.value == pytest.approx(points + met)
    assert points > 0
