"""Sets what every test shares: threads, the Hypothesis profile, and which tests are long."""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before numpy or torch: xdist already keeps each core busy

import pytest
from hypothesis import HealthCheck, settings

from tests.profile import profile
from verienv import sandbox

# A shared machine may stall at any point, so time is never what fails a test.
_PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("fast", _PATIENT, max_examples=25, derandomize=True)
settings.register_profile("ci", _PATIENT, max_examples=100, derandomize=True)
settings.register_profile("long", _PATIENT, max_examples=2000, print_blob=True)
settings.load_profile(profile())


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--record-golden", action="store_true", help="write golden files instead of comparing")


def pytest_report_header() -> str:
    return f"profile: {profile()} (VERIENV_PROFILE)"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    running_code = [item for item in items if _is_of(item, "patch")]
    if running_code and (missing := sandbox.unavailable()):
        for item in running_code:
            item.add_marker(pytest.mark.skip(reason=missing))
    if profile() == "fast":
        skip = pytest.mark.skip(reason="long: runs under VERIENV_PROFILE=ci or long")
        for item in items:
            if item.get_closest_marker("long"):
                item.add_marker(skip)


def _is_of(item: pytest.Item, family: str) -> bool:
    """Whether a test over the registry is given this family."""
    called = getattr(item, "callspec", None)
    return called is not None and called.params.get("name") == family
