"""Property tests for any verifier: our families, a reward function, a data set of another library, an endpoint.

    from verienv.audit import audit

    report = audit("rewards:score", "items.jsonl")
    for finding in report.findings:
        print(finding.severity, finding.title, finding.reproduce)

Every call is made in a process of its own with limits: a target that hangs, exits or runs what it reads is a finding.
An audit shows faults, never their absence. It is no sandbox: the target itself is code that you trust.
"""

from __future__ import annotations

from verienv.audit.calls import Limits, TargetError
from verienv.audit.effort import Effort
from verienv.audit.findings import SEVERITIES, Finding, Property, Result
from verienv.audit.items import Item
from verienv.audit.properties import PROPERTIES
from verienv.audit.report import Report
from verienv.audit.run import audit
from verienv.audit.targets import Target, target

__all__ = [
    "PROPERTIES",
    "SEVERITIES",
    "Effort",
    "Finding",
    "Item",
    "Limits",
    "Property",
    "Report",
    "Result",
    "Target",
    "TargetError",
    "audit",
    "target",
]
