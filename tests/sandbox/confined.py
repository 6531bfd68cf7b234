"""Whether this machine can confine, asked once; where it cannot, what needs it is skipped and says why."""

from __future__ import annotations

import pytest

from verienv import sandbox

MISSING = sandbox.unavailable()
needs_sandbox = pytest.mark.skipif(bool(MISSING), reason=MISSING or "confined")
