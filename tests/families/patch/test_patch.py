"""What is particular to patches: tests decide, the sandbox runs them, and the issue tells what the knob says."""

from __future__ import annotations

import pytest

from tests.profile import profile_size
from tests.sandbox import driving
from tests.sandbox.confined import needs_sandbox
from verienv import parsing
from verienv.errors import SandboxError
from verienv.families.patch import Knobs, edits, making, operators, task, wording
from verienv.families.patch.edits import Edit
from verienv.sandbox import client
from verienv.sandbox.programs import Meter, OutOfSteps, Program

LEVELS = range(len(task.levels))


@pytest.mark.parametrize("level", LEVELS)
def test_a_problem_is_broken_and_its_reference_is_not(level):
    for index in range(profile_size(fast=2, ci=6, long=50)):
        problem = task.instance(level, index=index).problem
        assert problem.failing
        whole = {**dict(problem.files), **dict(problem.fixed)}
        assert _passes(whole, problem)
        assert not _passes(dict(problem.files), problem)
        assert len(problem.fixed) == task.levels[level].bugs
        assert {path for path, _ in problem.fixed} <= problem.editable


def test_with_two_mistakes_each_has_to_be_mended():
    for index in range(3):
        problem = task.instance(7, index=index).problem
        for path, text in problem.fixed:
            assert not _passes({**dict(problem.files), path: text}, problem)


def test_a_fix_is_found_in_what_is_shown():
    """Most mistakes are undone by an edit of the same operators, found by trying them on the broken text."""
    found = 0
    for index in range(4):
        problem = task.instance(0, index=index).problem
        found += any(_passes(files, problem) for files in _changes(problem))
    assert found >= 3


@needs_sandbox
def test_a_fix_that_is_written_otherwise_is_right():
    """The broken function's file as it was, but with other layout and a helper."""
    for index in range(3):
        problem = task.instance(2, index=index).problem
        files = dict(problem.files)
        for path, text in problem.fixed:
            edit = Edit(
                path,
                files[path].rstrip("\n"),
                "# mended\n" + text.replace("    return ", "    return  ") + "\n_spare = None",
            )
            assert task.score(task.instance(2, index=index), parsing.say(edits.write((edit,)))).right


@needs_sandbox
@pytest.mark.parametrize("name", [name for name in driving.payloads() if name.startswith("forge")][::6])
def test_a_payload_in_a_patch_earns_nothing(name):
    instance = task.instance(0)
    path, text = next((path, text) for path, text in instance.problem.files if path in instance.problem.editable)
    hostile = driving.payloads()[name]
    whole = Edit(path, text.rstrip("\n"), hostile.rstrip("\n"))
    before = Edit(path, text.split("\n")[0], f"{hostile}\n{text.split(chr(10))[0]}")
    for edit in (whole, before):
        score = task.score(instance, parsing.say(edits.write((edit,))))
        assert score.value == 0
        assert score.readable


@needs_sandbox
def test_a_stalled_sandbox_is_an_exception_and_no_score(monkeypatch):
    def lost(self: object, request: bytes, limits: object) -> tuple[bytes, bytes]:
        raise client._Lost("gone")

    monkeypatch.setattr(client._Server, "run", lost)
    instance = task.instance(0, seed=77)
    with pytest.raises(SandboxError, match="failed twice: gone"):
        task.judge(instance.problem, task.oracle(instance))


@pytest.mark.parametrize("hint", wording.HINTS)
def test_an_issue_tells_what_its_hint_says(hint):
    for index in range(4):
        problem = task.instance(knobs=Knobs(hint=hint), index=index).problem
        made = making.make(problem.draft)
        assert made is not None
        path, function = made.places[0]
        says = problem.issue
        assert ("The mistake is in" in says and path in says and function in says) == (hint == "place")
        assert ("It should" in says) == (hint in ("place", "example"))
        assert ("```" in says) == (hint != "vague")
        assert ("I suspect" in says) == (hint == "misleading")
        if hint == "misleading":
            assert path not in says.rpartition("I suspect")[2]


def test_the_tests_that_are_shown_pass_and_most_are_hidden():
    for level in LEVELS:
        instance = task.instance(level, index=1)
        shown = [text for path, text in instance.problem.files if path.startswith("tests/")]
        for text in shown:
            name = text.partition("def ")[2].partition("(")[0]
            whole = {**dict(instance.problem.files), **dict(instance.problem.fixed), "check.py": text}
            for files in (whole, {**whole, **dict(instance.problem.files)}):
                assert Program(files, Meter(10**5)).answer(f"from check import {name}\n{name}()") == "null"
        said = instance.prompt[0]
        assert isinstance(said, str)
        seen = sum(script.rpartition("\n")[2] in said for script in instance.problem.scripts)
        assert seen <= len(instance.problem.scripts) / 2


def test_lineage_is_the_mistake_alone():
    one = task.instance(knobs=Knobs(modules=0), index=5).problem
    words = making.Draft(**{name: getattr(one.draft, name) for name in one.draft.__slots__})
    other = making.Draft(words.subject, words.bugs, words.words[::-1], ("limits",), (), 3, "vague", words.decoy)
    assert task.lineage(one) == task.lineage(type(one)(other))
    assert task.identity(one) != task.identity(type(one)(other))


def _passes(files: dict[str, str], problem) -> bool:
    program = Program({path: text for path, text in files.items() if path in problem.editable}, Meter(problem.steps))
    try:
        return all(
            program.answer(script) == good for script, good in zip(problem.scripts, problem.expected, strict=True)
        )
    except OutOfSteps:
        return False


def _changes(problem):
    """The files after each edit that an operator makes of a file that the issue names."""
    files = dict(problem.files)
    for path in sorted(problem.editable):
        if path in problem.issue:
            for edit in operators.edits(files[path]):
                yield {**files, path: operators.applied(files[path], edit)}
