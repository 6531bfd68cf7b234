"""The packages and their tests: sound, plain, and strict enough to notice nearly every mistake."""

from __future__ import annotations

import ast
import re

import pytest

from tests.profile import profile_size
from tests.sandbox.confined import needs_sandbox
from verienv import rng, sandbox
from verienv.families.patch import extras, making, operators, subjects
from verienv.sandbox import values
from verienv.sandbox.programs import Meter, OutOfSteps, Program

SUBJECTS = subjects.named()
EVERY = pytest.mark.parametrize("name", SUBJECTS)


def scripts(name: str, draw: int) -> list[str]:
    return [making.trimmed(script) for _, script in SUBJECTS[name].tests(rng.stream("subjects", draw))]


@EVERY
def test_a_package_is_plain_text(name):
    for text in [*SUBJECTS[name].files.values(), *extras.MODULES.values(), *extras.FUNCTIONS.values()]:
        ast.parse(text)
        assert text.isascii()
        assert text.endswith("\n")
        assert "\t" not in text
        assert "```" not in text
        for line in text.split("\n"):
            assert len(line) <= 110
            assert line.count("{") == line.count("}"), "an edit in \\boxed{…} must have its braces in pairs"


@EVERY
def test_other_words_mean_nothing_else(name):
    """A word put for another must not stand there already, nor name an added function or module."""
    subject = SUBJECTS[name]
    whole = "\n".join([*subject.files.values(), *scripts(name, 0), *extras.MODULES, *extras.FUNCTIONS])
    said = set(re.findall(r"\w+", whole))
    for word, others in subject.words.items():
        assert word in said
        assert word == others[0]
        for other in others[1:]:
            assert other not in said, f"{word} may not become {other}"
    chosen = [other for others in subject.words.values() for other in others]
    assert len(set(chosen)) == len(chosen)


@EVERY
def test_tests_answer_plain_values_within_few_steps(name):
    for draw in range(profile_size(fast=2, ci=4, long=50)):
        meter = Meter(60_000)
        program = Program(SUBJECTS[name].files, meter)
        asked = scripts(name, draw)
        answers = [values.read(program.answer(script)) for script in asked]
        assert len(asked) >= 35
        assert not any(isinstance(answer, values.Opaque) for answer in answers)
        raised = {answer.name for answer in answers if isinstance(answer, values.Raised)}
        assert raised <= {"ValueError", "KeyError"}


@needs_sandbox
@EVERY
def test_the_sandbox_answers_as_this_process_does(name):
    meter = Meter(100_000)
    program = Program(SUBJECTS[name].files, meter)
    asked = scripts(name, 1)
    here = tuple([program.answer(script) for script in asked])
    assert sandbox.run(SUBJECTS[name].files, asked) == sandbox.Outcome(here, "done", meter.steps)


@EVERY
def test_tests_notice_nearly_every_mistake(name):
    """The rest hardly changes what a package does: swapped arguments of max, texts of errors, a bound met earlier …"""
    subject = SUBJECTS[name]
    stream = rng.stream("noticed", name)
    asked = scripts(name, 3)
    meter = Meter(10**6)
    program = Program(subject.files, meter)
    expected = [program.answer(script) for script in asked]
    every = [(path, edit) for path, text in subject.files.items() for edit in operators.edits(text)]
    tried = stream.sample(every, min(len(every), profile_size(fast=40, ci=80, long=1000)))
    noticed = 0
    for path, edit in tried:
        broken = {**subject.files, path: operators.applied(subject.files[path], edit)}
        program = Program(broken, Meter(3 * meter.steps))
        try:
            noticed += any(program.answer(script) != good for script, good in zip(asked, expected, strict=True))
        except OutOfSteps:
            noticed += 1
    assert noticed / len(tried) >= 0.85


def test_every_operator_finds_its_mistake_somewhere():
    texts = [text for each in SUBJECTS.values() for text in each.files.values()]
    made = {edit.operator for text in texts for edit in operators.edits(text)}
    assert made == {operator.__name__ for found in operators.OPERATORS.values() for operator in found}
    assert len(made) == 23


@pytest.mark.parametrize(
    ("operator", "text", "broken"),
    [
        ("boundary", "x = a < b <= c", {"x = a <= b <= c", "x = a < b < c"}),
        ("direction", "x = a >= b", {"x = a <= b"}),
        ("equality", "x = a not in b", {"x = a in b"}),
        ("arithmetic", "x = a - b * c", {"x = a + b * c", "x = a - b + c"}),
        ("running", "x += 1", {"x -= 1", "x = 1"}),
        ("connective", "x = a and b", {"x = a or b"}),
        ("negation", "if not a:\n    b()", {"if a:\n    b()"}),
        ("off_by_one", "x = 1", {"x = 2", "x = 0"}),
        ("other_end", "x = a[-1]", {"x = a[0]"}),
        ("slicing", "x = a[1:n]", {"x = a[1:]", "x = a[:n]"}),
        ("ranging", "x = range(n + 1)", {"x = range(1, n + 1)", "x = range(n)"}),
        ("swapped", "f(a, b)", {"f(b, a)"}),
        ("variable", "def f(a, b):\n    return a", {"def f(a, b):\n    return b"}),
        ("cousin", "x = min(a)", {"x = max(a)"}),
        ("flag", "x = True", {"x = False"}),
        ("keyword", "sorted(a, key=b)", {"sorted(a)"}),
        ("wording", "x = 'a' + 'b'", {"x = 'b' + 'b'", "x = 'a' + 'a'"}),
        ("forgotten", "def f():\n    x = 1\n    return 2", {"def f():\n    return 2"}),
        ("branch", "def f():\n    if a:\n        b()\n    return 2", {"def f():\n    return 2"}),
        ("leaving", "for a in b:\n    break", {"for a in b:\n    continue"}),
        ("copying", "x = list(a)", {"x = a"}),
        ("imported", "from m import a, b", {"from m import b as a, a as b"}),
        ("attribute", "class A:\n    x: int\n    y: int\n\nq.x", {"class A:\n    x: int\n    y: int\n\nq.y"}),
    ],
)
def test_an_operator_makes_its_mistake(operator, text, broken):
    found = {operators.applied(text, edit) for edit in operators.edits(text) if edit.operator == operator}
    assert found == broken
