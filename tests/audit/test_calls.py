"""A target that misbehaves is a finding, never the end of the audit."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from verienv.audit import Limits, TargetError
from verienv.audit.calls import Caller
from verienv.audit.items import many

TARGET = """
import os, sys, time

def score(item, reply):
    if reply == "hang":
        while True: pass
    if reply == "sleep":
        time.sleep(60)
    if reply == "exit":
        os._exit(3)
    if reply == "quit":
        sys.exit(3)
    if reply == "crash":
        os.abort()
    if reply == "fat":
        return len(bytearray(1 << 40))
    if reply == "print":
        print("x" * 5000)
    if reply == "close":
        os.closerange(0, 100)
        os._exit(0)
    if reply == "item":
        item["truth"] = "spoilt"
    if reply == "exception":
        class Odd(Exception):
            def __str__(self): raise RuntimeError
        raise Odd
    if reply == "number":
        return 10 ** 400
    if reply == "text":
        return "1.0"
    if reply == "dict":
        return {"score": 0.25, "extra": "x"}
    return float(item["truth"] == "1")
"""
ITEMS = many([{"prompt": "?", "truth": "1"}, {"prompt": "??", "truth": "2"}])


@pytest.fixture(scope="module")
def caller(tmp_path_factory):
    file = tmp_path_factory.mktemp("target") / "target.py"
    file.write_text(TARGET)
    spec = {"kind": "function", "name": "score", "file": str(file)}
    with Caller(spec, ITEMS, limits=Limits(cpu=1, wall=20, memory=1 << 29)) as made:
        yield made


@pytest.mark.parametrize(
    ("reply", "fault"),
    [
        ("hang", "timeout"),
        ("exit", "exited"),
        ("quit", "exited"),
        ("crash", "crashed"),
        ("close", "exited"),
        ("fat", "memory"),
        ("text", "no number"),
        ("exception", "raised"),
    ],
)
def test_the_call_that_went_wrong_is_known_and_the_next_ones_are_made(caller, reply, fault):
    before, wrong, after = caller.score([(0, "a"), (0, reply), (1, "b")])
    assert (before.value, before.fault) == (1.0, "")
    assert (wrong.value, wrong.fault) == (None, fault)
    assert (after.value, after.fault) == (0.0, "")


def test_one_that_sleeps_is_ended_by_the_clock(caller):
    with Caller(caller.spec, ITEMS, limits=Limits(wall=1)) as hasty:
        slow, after = hasty.score([(0, "sleep"), (0, "a")])
    assert slow.fault == "timeout"
    assert "1 s" in slow.detail
    assert after.value == 1.0


def test_what_is_returned_is_read_as_a_number(caller):
    large, mapping, raw = caller.score([(0, "number"), (0, "dict"), (0, {"raw": None})])
    assert large.value == float("inf")
    assert mapping.value == 0.25
    assert raw.value == 1.0


def test_a_target_that_writes_in_its_item_spoils_nothing(caller):
    assert [each.value for each in caller.score([(0, "item"), (0, "a")])] == [0.0, 1.0]


def test_printing_is_counted_and_does_not_mix_with_the_answers(caller):
    loud, quiet = caller.score([(0, "print"), (0, "a")])
    assert loud.printed == 5001
    assert quiet.printed == 0


def test_hearing_no_more_leaves_nothing_behind(caller):
    outcomes = caller.score([(0, "a")] * 50)
    assert next(outcomes).value == 1.0
    outcomes.close()
    assert [each.value for each in caller.score([(1, "a")])] == [0.0]


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ({"module": "no_such_module", "name": "f"}, "no_such_module"),
        ({"module": "json", "name": "no_such_function"}, "no_such_function"),
        ({"module": "math", "name": "pi"}, "not a function"),
    ],
)
def test_what_cannot_be_loaded_is_said(spec, message):
    with Caller({"kind": "function", **spec}) as broken, pytest.raises(TargetError, match=message):
        broken.about()


def test_an_interpreter_that_is_not_there_is_said():
    spec = {"kind": "function", "module": "json", "name": "loads"}
    with Caller(spec, python="/nowhere/python") as broken, pytest.raises(TargetError, match="/nowhere/python"):
        broken.about()


def test_no_process_and_no_folder_is_left(tmp_path, caller):
    with Caller(caller.spec, ITEMS) as made:
        list(made.score([(0, "a")]))
        folder = Path(made.canary).parent
        assert folder.is_dir()
    assert not folder.exists()


def test_the_worker_needs_no_verienv():
    """It is started as a script by any interpreter; what it imports is the standard library's."""
    inside = Path(sys.modules["verienv.audit"].__file__ or "").parent / "inside"
    for file in inside.glob("*.py"):
        lines = [line for line in file.read_text().splitlines() if line.startswith(("import ", "from "))]
        assert not [line for line in lines if "verienv" in line], file
    assert os.access(inside / "worker.py", os.R_OK)
