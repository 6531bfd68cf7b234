"""Programs that would forge their verdict, do what they may not, or outlast the grader: each is repelled."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from tests.sandbox import driving
from tests.sandbox.confined import needs_sandbox
from verienv import sandbox

ROOT = Path(__file__).parent.parent.parent
PAYLOADS = driving.payloads()


@pytest.fixture(autouse=True)
def answers():
    """A file of answers that anybody may read, where a payload looks for it."""
    driving.ANSWERS.write_text(json.dumps({str(n): n * n + 1 for n in driving.HIDDEN}))
    yield
    driving.ANSWERS.unlink(missing_ok=True)


@needs_sandbox
def test_an_honest_program_is_paid():
    found = driving.attempt(sandbox, driving.HONEST)
    assert found["paid"], found


def test_the_payloads_cover_the_catalogue():
    assert len(PAYLOADS) >= 160
    named = {text[3:10] for text in PAYLOADS.values()}
    assert {f"CODE-{number:02}" for number in (*range(1, 18), 19, 20, 21)} <= named  # 18 is of a history: there is none


@needs_sandbox
@pytest.mark.parametrize("name", PAYLOADS)
def test_the_payload_is_repelled(name):
    held = driving.descriptors()
    found = driving.attempt(sandbox, PAYLOADS[name])
    assert not found["paid"], found
    assert driving.descriptors() == held
    assert not driving.CANARY.exists()
    assert driving.ANSWERS.stat().st_mode & 0o777 != 0o777
    assert driving.attempt(sandbox, driving.HONEST)["paid"], "the grader was harmed"


@needs_sandbox
def test_an_ordinary_user_repels_them_all():
    found = _as_nobody()
    assert found["uid"] != 0
    assert not found["unavailable"]
    assert len(found["found"]) == len(PAYLOADS)
    assert [name for name, each in found["found"].items() if each["paid"] or not each["honest"]] == []


def test_most_deeds_would_succeed_elsewhere(tmp_path):
    """Otherwise that they are repelled would say nothing of the sandbox."""
    (tmp_path / driving.ANSWERS.name).write_text(json.dumps({"3": 10}))
    program = Path(__file__).parent / "elsewhere.py"
    command = [sys.executable, str(program), str(driving.PAYLOADS), str(tmp_path)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL)
    assert len(ran.stdout.split()) >= 40, ran.stderr


def _as_nobody() -> dict[str, Any]:
    """What the payloads come to as an ordinary user, in an interpreter and a folder that such a user can read."""
    folder = Path(tempfile.mkdtemp())
    try:
        shutil.copytree(ROOT / "verienv" / "sandbox", folder / "verienv" / "sandbox")
        shutil.copy(ROOT / "verienv" / "errors.py", folder / "verienv")
        shutil.copytree(driving.PAYLOADS, folder / "payloads")
        shutil.copy(driving.__file__, folder)
        for each in (folder, *folder.rglob("*")):
            each.chmod(0o755)
        command = [_interpreter(), "-P", "-s", "-B", str(folder / "driving.py"), str(folder / "verienv")]
        ran = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
        assert ran.returncode == 0, ran.stderr
        found: dict[str, Any] = json.loads(ran.stdout)
        return found
    finally:
        shutil.rmtree(folder)


def _interpreter() -> str:
    """A Python that nobody may start: this one, or the system's."""
    if os.getuid():
        return sys.executable
    code = "import sys; sys.exit(sys.version_info < (3, 11))"
    for each in (sys.executable, *filter(None, map(shutil.which, ("/usr/local/bin/python3", "/usr/bin/python3")))):
        try:
            ran = subprocess.run([each, "-c", code], user=65534, group=65534, extra_groups=[], check=False, cwd="/")
        except PermissionError:
            continue
        if ran.returncode == 0:
            return each
    pytest.skip("root's is the only Python ≥ 3.11 here, and an ordinary user may not start it")
