"""Fresh processes under other hash seeds, time zones and languages give the same problems and verdicts."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import verienv
from tests.profile import profile_size

ROOT = Path(__file__).parent.parent
WORK = """
import hashlib, sys
import verienv
from verienv import attacks, rng
from verienv.contract.bench import each_reply, seen

hashed = hashlib.sha256()
task = verienv.load(sys.argv[1])
for level in range(len(task.levels)):
    for index in range(int(sys.argv[2])):
        instance = task.instance(level, seed=5, index=index)
        right = task.oracle(instance)
        stream = rng.stream("processes", level, index)
        replies = [right] + [each_reply(right, lambda reply: attacks.twisted(reply, stream)) for _ in range(20)]
        scores = [task.score(instance, reply) for reply in replies]
        verdicts = [(score.value, sorted(score.parts.items()), score.reason, score.readable) for score in scores]
        hashed.update(repr((instance.address, instance.digest, seen(instance.prompt), verdicts)).encode())
print(hashed.hexdigest())
"""
SETTINGS = [
    {"PYTHONHASHSEED": "0", "TZ": "UTC", "LANG": "C.UTF-8"},
    {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati", "LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8"},
    {"PYTHONHASHSEED": "4242", "TZ": "America/St_Johns", "LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0"},
    {"PYTHONHASHSEED": "random", "PYTHONOPTIMIZE": "2"},
]


@pytest.mark.parametrize("name", verienv.names())
def test_the_surroundings_change_nothing(name):
    size = profile_size(fast=2, ci=20, long=200)
    found = set()
    for setting in SETTINGS[: profile_size(fast=3, ci=4, long=4)]:
        surroundings = {**os.environ, **setting, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
        ran = subprocess.run(
            [sys.executable, "-c", WORK, name, str(size)], env=surroundings, capture_output=True, text=True, check=False
        )
        assert ran.returncode == 0, ran.stderr
        found.add(ran.stdout)
    assert len(found) == 1
