"""Mutation testing finds what vectors leave open, and ends whatever a mutant does."""

from __future__ import annotations

import ast
import json

import pytest
from click.testing import CliRunner

import verienv
from tests.audit import between
from verienv.audit import mutate
from verienv.audit.mutate import operators, reach, trial
from verienv.cli.audit import command
from verienv.errors import UsageError

PLACE = between.task.instance(0)


def vectors(folder, *rows):
    """A file of vectors for the first instance: (reply, value, reason)."""
    file = folder / "vectors.jsonl"
    lines = [
        {"id": f"V{at}", "address": PLACE.address, "reply": reply, "value": value, "readable": True, "reason": reason}
        for at, (reply, value, reason) in enumerate(rows)
    ]
    file.write_text("\n".join(map(json.dumps, lines)))
    return file


def far(problem):
    return [(f"<answer>{problem.low + 2}</answer>", 1, "right"), (f"<answer>{problem.low - 9}</answer>", 0, "too_low")]


def near(problem):
    said = {problem.low: "too_low", problem.low + 1: "right", problem.high - 1: "right", problem.high: "too_high"}
    return [(f"<answer>{answer}</answer>", int(reason == "right"), reason) for answer, reason in said.items()]


def test_weak_vectors_leave_survivors_that_are_told(tmp_path):
    report = mutate.measure(between.task, count=0, vectors=vectors(tmp_path, *far(PLACE.problem)))
    told = [each.told for each in report.survivors]
    assert any("below: answer < high → answer <= high" in line for line in told)
    assert all(line.startswith("between.py:") for line in told)
    assert report.share < 1
    assert report.scoring_share < 1


def test_strong_vectors_kill_every_mutant(tmp_path):
    report = mutate.measure(between.task, count=0, vectors=vectors(tmp_path, *near(PLACE.problem)))
    assert not report.survivors
    assert report.share == report.scoring_share == 1
    assert len(report.mutants) > 15
    assert len(report.scoring) < len(report.mutants)  # what parses does not set the score
    assert all(each.by_vector for each in report.mutants)
    assert not all(each.by_property for each in report.mutants)


def test_the_checker_is_left_as_it_was(tmp_path):
    before = between.Between.verify.__code__
    mutate.measure(between.task, count=5)
    assert between.Between.verify.__code__ is before


def test_what_a_person_excused_is_told_and_not_counted(tmp_path):
    file = vectors(tmp_path, *far(PLACE.problem))
    plain = mutate.measure(between.task, count=0, vectors=file)
    [row] = [each for each in plain.to_json()["survivors"] if each["after"] == "answer <= high"]
    (tmp_path / "equivalents.jsonl").write_text(json.dumps({**row, "why": "Mine."}))
    excused = mutate.measure(between.task, count=0, vectors=file, excuses=tmp_path / "equivalents.jsonl")
    assert [each.excuse for each in excused.excused] == ["Mine."]
    assert len(excused.survivors) == len(plain.survivors) - 1
    assert sum(each.killed for each in excused.mutants) == sum(each.killed for each in plain.mutants)


def test_evidence_that_fails_without_a_mutation_is_refused(tmp_path):
    with pytest.raises(UsageError, match="without a mutation: V0"):
        mutate.measure(between.task, vectors=vectors(tmp_path, ("<answer>1</answer>", 1, "right")))


def test_the_same_seed_draws_the_same_mutants():
    one, again, other = [mutate.measure(between.task, count=6, seed=seed) for seed in (1, 1, 2)]
    drawn = [[each.mutation for each in report.mutants] for report in (one, again, other)]
    assert drawn[0] == drawn[1] != drawn[2]


def test_a_familys_evidence_kills_nine_mutants_in_ten():
    report = mutate.measure(verienv.load("sat"), count=30, size=2)
    assert report.share >= mutate.LEAST, [each.told for each in report.survivors]


def test_the_command_says_what_survived():
    ran = CliRunner().invoke(command, ["jigsaw", "--mutate", "--mutants", "3", "--fail-on", "never"])
    assert ran.exit_code == 0, ran.output
    assert "mutants of its checker" in ran.output


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("a < b", {"a <= b", "a >= b"}),
        ("a == 1", {"a != 1", "a == 2", "a == 0"}),
        ("a + b", {"a - b"}),
        ("not a", {"a"}),
        ("a and b", {"a or b", "a", "b"}),
        ("min(a, b)", {"max(a, b)"}),
        ("all(a)", {"any(a)"}),
        ("a if b else c", {"a if not b else c", "a", "c"}),
        ("a[b:c]", {"a[:c]", "a[b:]"}),
        ("[x for x in a if b]", {"[x for x in a]", "[x for x in a if not b]"}),
        ("True", {"False"}),
        ("f'{a}: b'", set()),
    ],
)
def test_expressions_are_changed(text, made):
    whole = f"def f(a, b, c):\n    g({text})\n"
    tree = ast.parse(whole)
    found = [each for each in operators.mutations("f.py", whole, {2}) if each.operator != "statement"]
    mutants = [ast.unparse(operators.alone(tree, each, each.path)) for each in found]
    assert {mutant.splitlines()[1].strip()[2:-1] for mutant in mutants} == made


@pytest.mark.parametrize(
    ("body", "operator", "count"),
    [
        ("if a: return 1", "condition", 3),
        ("raise ValueError", "statement", 1),
        ("b = a", "statement", 0),
        ("a = b", "statement", 1),
        ("a[0] = b", "statement", 1),
        ("for x in a: g(x)", "loop", 1),
        ("'a docstring'", "constant", 0),
    ],
)
def test_statements_are_changed(body, operator, count):
    found = operators.mutations("f.py", f"def f(a):\n    {body}\n", {2})
    assert sum(each.operator == operator for each in found) == count


def forever():
    while True:
        pass


def hungry():
    return str(len(bytearray(1 << 40)))


@pytest.mark.parametrize(
    ("work", "said"), [(lambda: "kept", "kept"), (forever, "stopped"), (hungry, "raised MemoryError"), (exit, "raised")]
)
def test_a_mutant_always_comes_to_an_end(work, said):
    assert trial.run(work, cpu=0.1).startswith(said)


def test_only_lines_of_the_family_that_ran_are_reached():
    [file] = reach.modules(between.task)
    found = reach.trace(between.task, [file], [lambda: between.task.judge(PLACE.problem, "nothing")])
    code = between.Between.parse.__code__
    assert {line for _, line in found.hits} == {code.co_firstlineno + 1}
    assert not found.scoring
