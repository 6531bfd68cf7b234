"""Running a model's code: in a confined process that never held an answer, its values compared outside.

    from verienv import sandbox

    outcome = sandbox.run({"shop/cart.py": text}, ["from shop.cart import total\ntotal([1, 2])"])
    outcome.answers == (sandbox.values.write(3),)

What a run is kept from, and what this does not cover, is written down in docs/sandbox.md.
"""

from __future__ import annotations

from verienv.errors import SandboxError, SandboxUnavailable
from verienv.sandbox import programs, values
from verienv.sandbox.client import Limits, Outcome, run, unavailable

__all__ = ["Limits", "Outcome", "SandboxError", "SandboxUnavailable", "programs", "run", "unavailable", "values"]
