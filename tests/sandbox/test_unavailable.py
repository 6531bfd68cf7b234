"""Without Landlock or seccomp nothing is run and nothing is scored, whether the kernel says so or only pretends."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

import verienv
from tests.sandbox.confined import needs_sandbox
from verienv import sandbox
from verienv.errors import SandboxUnavailable
from verienv.sandbox import client, kernel

ROOT = Path(__file__).parent.parent.parent
ENOSYS, EOPNOTSUPP, PRETENDED = 38, 95, 0

# A filter answers one call with an error, or with a success that is none; the fork server inherits it.
CODE = """
import sys
from verienv.sandbox import kernel

number, error = map(int, sys.argv[1:])
kernel.no_new_privileges()
lines = [kernel._load(0), kernel._if_equal(number, 0, 1), kernel._return(kernel.ERRNO | error)]
kernel.install(b"".join([*lines, kernel._return(kernel.ALLOW)]))

from verienv import sandbox

for _ in range(2):
    try:
        print(sandbox.run({"task/it.py": "it = 1"}, ["from task.it import it\\nit"]))
    except sandbox.SandboxUnavailable as refused:
        print("refused:", refused)
"""


@needs_sandbox
@pytest.mark.parametrize("error", [ENOSYS, EOPNOTSUPP, PRETENDED])
@pytest.mark.parametrize("call", ["landlock_create_ruleset", "landlock_restrict_self", "seccomp"])
def test_a_kernel_that_cannot_confine_runs_nothing(call, error):
    number = {
        "landlock_create_ruleset": kernel.LANDLOCK_CREATE,
        "landlock_restrict_self": kernel.LANDLOCK_RESTRICT,
        "seccomp": kernel.machine().seccomp,
    }[call]
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", CODE, str(number), str(error)]
    ran = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False)
    said = ran.stdout.splitlines()
    assert len(said) == 2, ran.stderr
    assert all(line.startswith("refused: no code is run without a sandbox") for line in said)
    assert call.partition("_")[0] in said[0]


def test_another_system_is_told_what_is_missing(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(SandboxUnavailable, match="need Linux, not darwin"):
        client._Server()


def test_another_processor_is_told_what_there_is(monkeypatch):
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    with pytest.raises(OSError, match="no table of syscalls for 'riscv64'; there is one for x86_64 and aarch64"):
        kernel.machine()


def test_both_processors_have_the_same_calls_but_for_one():
    here, there = kernel._MACHINES["x86_64"], kernel._MACHINES["aarch64"]
    assert len(kernel.allowed(here)) == len(kernel.allowed(there)) + 1
    assert all(len(set(kernel.allowed(each))) == len(kernel.allowed(each)) for each in (here, there))


def test_an_interpreter_that_does_not_start_is_no_sandbox(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")
    monkeypatch.setattr(client, "_here", client._Here())
    assert "does not start" in sandbox.unavailable() or not sys.platform.startswith("linux")
    with pytest.raises(SandboxUnavailable):
        sandbox.run({}, ["1"])


def test_a_family_that_runs_code_scores_nothing(monkeypatch):
    sat = verienv.load("sat")
    instance = sat.instance()

    def judge(self: object, problem: object, reply: object) -> None:
        sandbox.run({}, ["1"])

    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(client, "_here", client._Here())
    monkeypatch.setattr(type(sat), "judge", judge)
    with pytest.raises(SandboxUnavailable, match="need Linux"):
        sat.score(instance, "anything")
