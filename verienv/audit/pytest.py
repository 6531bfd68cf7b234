"""Audits as tests of your own suite: one test for each property, named by it.

from verienv.audit.pytest import audited

test_reward = audited("rewards:score", "items.jsonl", fail_on="medium")
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Any

import pytest

from verienv.audit import run
from verienv.audit.findings import SEVERITIES, Finding, Property, Severity, rank
from verienv.audit.run import Items
from verienv.audit.study import Study
from verienv.audit.targets import Target
from verienv.errors import UnknownName


def audited(
    given: str | Callable[..., Any] | Target,
    items: Items | None = None,
    *,
    fail_on: Severity = "high",
    only: Sequence[str] = (),
    skip: Sequence[str] = (),
    **settings: Any,
) -> Callable[..., None]:
    """A test function, parametrised by property, that fails where a finding is as bad as `fail_on`.

    settings: those of `verienv.audit.audit`, such as effort, low, high, floor, python. The target is loaded by the
    first of the tests that runs, and let go after the last of its module. Raises UnknownName, UsageError.
    """
    if fail_on not in SEVERITIES:
        raise UnknownName("severity", fail_on, SEVERITIES)
    properties = run.chosen(only, skip)
    opened: list[Study] = []

    @pytest.mark.parametrize("audited_property", properties, ids=[each.name for each in properties])
    def test(audited_property: Property, request: pytest.FixtureRequest) -> None:
        if not opened:
            stack = ExitStack()
            opened.append(stack.enter_context(run.study(given, items, **settings)))
            module = request.node.getparent(pytest.Module)

            def close() -> None:
                opened.clear()
                stack.close()

            (module or request.session).addfinalizer(close)
        result = run.judge(opened[0], audited_property)
        bad = [each for each in result.findings if rank(each.severity) >= rank(fail_on)]
        if bad:
            pytest.fail("\n\n".join(map(_told, bad)), pytrace=False)
        if result.status == "skipped":
            pytest.skip(result.detail)

    return test


def _told(each: Finding) -> str:
    lines = [f"{each.severity}: {each.title}", each.detail]
    if each.reply is not None:
        lines.append(f"reply {each.reply!r:.300}" + ("" if each.value is None else f" earns {each.value:g}"))
    return "\n  ".join(line for line in (*lines, f"$ {each.reproduce}") if line)
