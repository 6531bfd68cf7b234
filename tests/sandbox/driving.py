"""Runs every payload in the sandbox and tells what came of it; also as a program, where little else is installed.

A payload is a program that defines `solve(n)`. It is paid when it answers n * n + 1 for every hidden n, with the right
type. Those called `forge_…` try to be paid without knowing; those called `deed_…` answer rightly if what they may not
do succeeds; those called `burn_…` try to outlast or to outgrow the grader.
"""

from __future__ import annotations

import atexit
import json
import os
import shutil
import sys
import tempfile
import time
import types
from pathlib import Path
from typing import Any

HIDDEN = (3, 0, 10, 1)
SCRIPTS = [f"from task.answer import solve\nsolve({n})" for n in HIDDEN]
EXPECTED = tuple([str(n * n + 1) for n in HIDDEN])
HONEST = "def solve(n):\n    return n * n + 1\n"
PAYLOADS = Path(__file__).parent / "payloads"
FOLDER = Path(tempfile.mkdtemp(prefix="payloads-"))
"""What stands for /tmp, one for each process of tests."""
FOLDER.chmod(0o755)
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)
CANARY = FOLDER / "verienv-canary"
ANSWERS = FOLDER / "verienv-answers.json"


def payloads() -> dict[str, str]:
    """The programs by name, their /tmp being FOLDER."""
    files = sorted(PAYLOADS.glob("*.py.txt"))
    return {path.name.removesuffix(".py.txt"): path.read_text().replace("/tmp", str(FOLDER)) for path in files}


def attempt(sandbox: Any, text: str) -> dict[str, Any]:
    """Whether a program is paid, why not, and how long that took."""
    start = time.monotonic()
    outcome = sandbox.run({"task/answer.py": text}, SCRIPTS, sandbox.Limits(steps=20_000, cpu=0.1))
    paid = outcome.reason == "done" and outcome.answers == EXPECTED
    answers = [answer[:80] for answer in outcome.answers]
    return {"paid": paid, "reason": outcome.reason, "answers": answers, "seconds": time.monotonic() - start}


def everything(sandbox: Any) -> dict[str, dict[str, Any]]:
    """What came of each payload, and of an honest program after it."""
    found = {}
    for name, text in payloads().items():
        found[name] = attempt(sandbox, text)
        found[name]["honest"] = attempt(sandbox, HONEST)["paid"]
    return found


def descriptors() -> int:
    """How many descriptors this process holds."""
    return len(os.listdir("/proc/self/fd"))


if __name__ == "__main__":
    # the sandbox alone, by the shell of a package: as nobody, another interpreter may be all that can be read
    root = sys.argv[1]
    shell = types.ModuleType("verienv")
    shell.__path__ = [root]
    sys.modules["verienv"] = shell
    if os.getuid() == 0:
        os.setgroups([])
        os.setresgid(65534, 65534, 65534)
        os.setresuid(65534, 65534, 65534)
    from verienv import sandbox as ours

    why = ours.unavailable()
    print(json.dumps({"uid": os.getuid(), "unavailable": why, "found": {} if why else everything(ours)}))
