"""Our own families under the audit, by its plugin, in place of tests that did part of it by themselves.

Fast runs try what needs fresh processes; the contract has already tried the rest in this one. sat is tried in full.
"""

from __future__ import annotations

import pytest

import verienv
from tests.profile import profile_size
from verienv.audit import Effort
from verienv.audit.pytest import audited

EFFORT = Effort(
    "families",
    items=profile_size(fast=8, ci=40, long=100),
    noise=profile_size(fast=100, ci=600, long=10_000),
    processes=profile_size(fast=3, ci=4, long=20),
    policies=profile_size(fast=500, ci=2_000, long=20_000),
    made=profile_size(fast=8, ci=60, long=2_000),
    sizes=1 << 16,
    mutants=10,
)
FRESH = ("safe", "repeatable", "reproducible")

for name in verienv.names():
    globals()[f"test_{name}"] = audited(name, effort=EFFORT, only=() if name == "sat" else FRESH)
    if name != "sat":
        globals()[f"test_{name}_in_full"] = pytest.mark.long(audited(name, effort=EFFORT, skip=FRESH))


def test_every_family_is_audited():
    assert {f"test_{name}" for name in verienv.names()} <= set(globals())
