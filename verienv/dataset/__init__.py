"""Datasets: rows drawn from tasks by a plan, written so that a killed run loses nothing and repeats nothing.

    plan = dataset.plan("sat", "0:3", count=1000, seed=1)
    summary = dataset.generate(plan, "out", workers=2)
    for row in dataset.rows(plan): ...
    for each in dataset.duplicates("shard-1", "shard-2"): ...

What a run writes depends on the plan alone: not on the workers, on being interrupted, or on the machine.
"""

from verienv.dataset.disk import RunError
from verienv.dataset.draw import rows
from verienv.dataset.duplicates import Duplicate, duplicates
from verienv.dataset.manifest import Summary
from verienv.dataset.plans import FORMATS, Plan, plan
from verienv.dataset.reading import read, verify
from verienv.dataset.resume import generate
from verienv.dataset.row import Row

__all__ = [
    "FORMATS",
    "Duplicate",
    "Plan",
    "Row",
    "RunError",
    "Summary",
    "duplicates",
    "generate",
    "plan",
    "read",
    "rows",
    "verify",
]
