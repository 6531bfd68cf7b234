"""Our own families under the audit, by its plugin, in place of tests that did part of it by themselves.

What needs fresh processes is always tried; the contract has tried the rest in this one. The long profile tries all
of it again by the audit, as sat does in every run.
"""

from __future__ import annotations

import verienv
from tests.profile import profile, profile_size
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
UNFIT = {
    "instruction": ("renderings", "negations"),  # the answer is a text: what is put around it belongs to it
    "sokoban": ("hedges",),  # moves after the last box stands on its goal are never made
}

for name in verienv.names():
    globals()[f"test_{name}"] = audited(name, effort=EFFORT, only=() if name == "sat" else FRESH)
    if name != "sat" and profile() == "long":
        globals()[f"test_{name}_in_full"] = audited(name, effort=EFFORT, skip=(*FRESH, *UNFIT.get(name, ())))


def test_every_family_is_audited():
    assert {f"test_{name}" for name in verienv.names()} <= set(globals())
