"""instruction: every constraint has a text that keeps it and texts that nearly do; every drawn set can be kept."""

from __future__ import annotations

import dataclasses
import time
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.families.instruction_texts import ROWS
from tests.profile import profile_size
from verienv import parsing
from verienv.errors import KnobError
from verienv.families.instruction import LONGEST, Knobs, Problem, blind, catalogue, drawing
from verienv.families.instruction import task as TASK
from verienv.families.instruction.reading import Text, bare
from verienv.families.instruction.rules import Constraint, Setting, nth, together
from verienv.families.instruction.subjects import FORMS, KEYWORDS, SUBJECTS

KINDS = sorted(catalogue.RULES)
REQUEST = Problem(0, 0, ()).request
TEXTS = st.text(st.sampled_from(" \n.,!?*-_[](){}<>\"'#:;\tabABzé1É7うア🌞\ud800\u0301")) | st.text()


def keeps(kind, args, text):
    return drawing.check(Constraint(kind, args), Text(text))


def drawn(kind, seed):
    rng = Random(seed)
    subject = SUBJECTS[seed % len(SUBJECTS)]
    return subject, Constraint(kind, catalogue.RULES[kind].draw(Setting(rng, subject, REQUEST, 1 + seed % 5))), rng


# -- constraints -------------------------------------------------------------------------------------------------


def test_every_kind_has_a_row():
    assert {row[0] for row in ROWS} == set(KINDS)


@pytest.mark.parametrize(("kind", "args", "right", "wrong"), ROWS, ids=[f"{row[0]} {row[1]}"[:60] for row in ROWS])
def test_the_checker_takes_what_is_right_and_refuses_what_nearly_is(kind, args, right, wrong):
    assert keeps(kind, args, right)
    assert [text for text in wrong if keeps(kind, args, text)] == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_constructor_keeps_its_constraint(kind):
    for seed in range(profile_size(fast=6, ci=20, long=200)):
        subject, constraint, rng = drawn(kind, seed)
        text = drawing.prove(subject, (constraint,), rng)
        assert text is not None, constraint
        assert drawing.check(constraint, Text(text))


@pytest.mark.parametrize("kind", KINDS)
def test_wordings_name_every_argument(kind):
    _, constraint, _ = drawn(kind, 3)
    wordings = catalogue.RULES[kind].tell(constraint.args)
    assert len(wordings) == len(set(wordings)) >= (1 if kind == "count:keywords_multiple" else 2)
    for wording in wordings:
        named = wording + "first second third fourth fifth once twice" if constraint.args else wording
        missing = [
            arg for arg in constraint.args if type(arg) is str and len(arg) > 3 and arg not in named.lower() + named
        ]
        assert not missing or kind == "language:response_language"
        assert wording[0].isupper() or not wording[0].isalpha()


@settings(max_examples=profile_size(fast=20, ci=60, long=1000))
@given(TEXTS, st.integers(0, 99))
@example("", 0)
@example("\n" * 50, 1)
@example("***\n***\n******", 2)
@example('{"a": [[[' * 30, 3)
def test_every_checker_is_total(text, seed):
    for kind in KINDS:
        _, constraint, _ = drawn(kind, seed)
        assert drawing.check(constraint, Text(text)) in (True, False)


def test_checkers_take_no_more_than_time_in_proportion():
    for piece in ("a ", "* ", "\n", "! ", "[", '"', "(", "<i>", "a.a. ", "- ", "1,", "*a"):
        text = piece * (LONGEST // len(piece))
        for kind in KINDS:
            _, constraint, _ = drawn(kind, 4)
            begun = time.thread_time()
            drawing.check(constraint, Text(text))
            assert time.thread_time() - begun < 2, (kind, piece)  # quadratic ones take minutes on longer texts


# -- reading ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Dr. Smith paid 3.5 coins. He left.", ["Dr. Smith paid 3.5 coins.", "He left."]),
        ("Who? Me! Well… So.", ["Who?", "Me!", "Well…", "So."]),
        ('She said: "No." He left.', ['She said: "No."', "He left."]),
        ("J. R. Doe, i.e. me, came.", ["J. R. Doe, i.e. me, came."]),
        ("So did I. Then he.", ["So did I.", "Then he."]),
        ("A title\n\nOne. 🌞 Two.", ["A title", "One.", "🌞 Two."]),
        ("One. 🌞", ["One. 🌞"]),
        ("... !!! ???", []),
        ("P.S. Do write.", ["P.S. Do write."]),
        ("www.a.org is up", ["www.a.org is up"]),
    ],
)
def test_sentences_end_where_the_prompt_says(text, sentences):
    assert Text(text).sentences == sentences


def test_words_are_what_white_space_separates():
    assert Text("It's 9 o'clock - well-known, *so*!").words == ["It's", "9", "o'clock", "well-known,", "*so*!"]
    assert bare("*So!*") == "so"
    assert Text("One\n \nTwo\nand\n\n\nThree").paragraphs == ["One", "Two\nand", "Three"]
    assert Text("One").part(2).raw == ""


@given(TEXTS)
def test_no_word_is_lost_between_sentences(text):
    found = Text(text)
    assert [word for each in found.sentences for word in Text(each).words] == found.words


def test_positions_are_told_in_words():
    assert [nth(number) for number in (1, 2, 12, 13, 21, 22, 111)] == (
        ["first", "second", "twelfth", "13th", "21st", "22nd", "111st"]
    )


# -- sets ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", range(len(TASK.levels)))
def test_every_set_can_be_kept(level):
    knobs = TASK.levels[level]
    for seed in range(profile_size(fast=8, ci=25, long=200)):
        instance = TASK.instance(level, seed=seed, index=seed)
        problem = instance.problem
        assert TASK.score(instance, TASK.oracle(instance)).value == 1
        whole = [each for each in problem.constraints if each.scope == 0]
        assert len(problem.constraints) == knobs.constraints + knobs.nested * knobs.inner + bool(knobs.nested)
        assert len({each.kind for each in whole}) == len(whole)
        rules = [catalogue.RULES[each.kind] for each in whole]
        assert all(together(one, two) for one in rules for two in rules if one is not two)


def test_each_constraint_of_a_set_is_needed():
    """Breaking one constraint by changing its argument leaves the oracle's text wrong, mostly."""
    changed = broken = 0
    for seed in range(profile_size(fast=20, ci=60, long=300)):
        instance = TASK.instance(4, seed=seed)
        reply = TASK.oracle(instance)
        for place, constraint in enumerate(instance.problem.constraints):
            _, other, _ = drawn(constraint.kind, seed + 50)
            if other.args == constraint.args:
                continue
            several = list(instance.problem.constraints)
            several[place] = other
            problem = dataclasses.replace(instance.problem, constraints=tuple(several))
            score = TASK.judge(problem, reply)
            changed += 1
            broken += score.value < 1
            assert score.parts["kept"] >= (len(several) - 1) / len(several)
    assert broken > 0.4 * changed > 10


def test_the_order_and_the_wording_of_constraints_change_nothing():
    for seed in range(10):
        instance = TASK.instance(6, seed=seed)
        problem = instance.problem
        turned = dataclasses.replace(
            problem,
            constraints=tuple(dataclasses.replace(each, style=each.style + 1) for each in problem.constraints[::-1]),
        )
        assert TASK.identity(turned) == TASK.identity(problem)
        assert TASK.judge(turned, TASK.oracle(instance)).value == 1


def test_parts_say_which_constraints_are_kept():
    constraints = (Constraint("punctuation:no_comma", ()), Constraint("last_word:last_word_answer", ("velvet",)))
    problem = Problem(0, 0, constraints)
    score = TASK.judge(problem, parsing.say("It was, well, velvet."))
    assert (score.value, score.reason, score.parts["kept"]) == (0, "punctuation_no_comma", 0.5)
    assert [score.parts[f"c{place}"] for place in (1, 2, 3)] == [0, 1, 0]
    assert TASK.judge(problem, parsing.say("It was velvet.")).value == 1


def test_scopes_speak_of_their_paragraph():
    constraint = Constraint("keywords:frequency", ("velvet", "exactly", 1), 2)
    assert drawing.check(constraint, Text("No velvet velvet.\n\nHere is velvet."))
    assert not drawing.check(constraint, Text("Here is velvet.\n\nNone here."))
    assert not drawing.check(constraint, Text("Here is velvet."))
    assert drawing.tell(constraint).startswith("In the second paragraph, taken by itself: ")


def test_no_blind_text_keeps_a_set():
    for level in range(len(TASK.levels)):
        for index in range(profile_size(fast=6, ci=20, long=100)):
            instance = TASK.instance(level, index=index)
            for text in blind.texts(instance.problem).values():
                assert TASK.score(instance, parsing.say(text)).value < 1


def test_a_text_without_tags_or_too_long_is_none():
    instance = TASK.instance(3)
    text = parsing.text(TASK.oracle(instance))
    assert TASK.score(instance, text).reason == "no_answer"
    assert TASK.score(instance, f"\\boxed{{{text}}}").reason == "no_answer"
    assert TASK.score(instance, parsing.say(text + " a" * LONGEST)).reason == "too_long"


def test_keywords_stand_in_no_sentence_unasked():
    said = {
        bare(word)
        for subject in SUBJECTS
        for phrases in (subject.agents, subject.deeds, subject.places, (subject.about,), FORMS)
        for phrase in phrases
        for word in phrase.split()
    }
    assert said.isdisjoint(KEYWORDS)
    for subject in SUBJECTS:
        assert (
            set(subject.own)
            <= {bare(word) for phrase in (*subject.deeds, *subject.places) for word in phrase.split()} | said
        )


def test_pools_hold_what_they_are_named_for():
    pools = catalogue.POOLS
    assert (len(pools["ifeval"]), len(pools["ifbench"])) == (25, 58)
    assert set(pools["ifeval"]).isdisjoint(pools["ifbench"])
    assert set(pools["seen"]).isdisjoint(pools["unseen"])
    assert set(pools["seen"]) | set(pools["unseen"]) == set(pools["any"]) == set(KINDS)
    assert all(set(kinds) <= set(KINDS) for kinds in pools.values())


def test_every_kind_is_drawn():
    found = set()
    for index in range(300):
        found |= {each.kind for each in TASK.instance(knobs=Knobs(constraints=1), index=index).problem.constraints}
    assert len(found) > 0.7 * len(KINDS)


def test_knobs_that_ask_nothing_or_too_much_are_refused():
    with pytest.raises(KnobError):
        Knobs(constraints=0)
    with pytest.raises(KnobError):
        Knobs(constraints=8, nested=4, inner=1)
