"""Every property that an audit tries, in the order it tries them."""

from __future__ import annotations

from typing import Final

from verienv.audit.findings import Property
from verienv.audit.properties import blind, bounded, generated, paid, repeatable, safe, told, total, unpaid, wrong

PROPERTIES: Final[tuple[Property, ...]] = (
    *paid.PROPERTIES,
    *safe.PROPERTIES,
    *total.PROPERTIES,
    *bounded.PROPERTIES,
    *repeatable.PROPERTIES,
    *unpaid.PROPERTIES,
    *blind.PROPERTIES,
    *wrong.PROPERTIES,
    *told.PROPERTIES,
    *generated.PROPERTIES,
)
"""Names are unique."""
