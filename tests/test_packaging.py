"""What pyproject.toml and the files beside it promise about the package."""

from __future__ import annotations

import importlib.metadata
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import verienv
from tests.profile import profile, profile_size

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


@pytest.fixture(scope="module")
def pins() -> dict[str, str]:
    lines = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if line and not line.startswith("#")]
    return {canonicalize_name(name): version for name, _, version in (line.partition("==") for line in lines)}


def test_version_is_the_installed_one():
    assert verienv.__version__ == importlib.metadata.version("verienv")


def test_citation_names_the_version():
    assert f"\nversion: {verienv.__version__}\n" in (ROOT / "CITATION.cff").read_text()


def test_dev_extra_equals_dev_group(pyproject):
    assert pyproject["project"]["optional-dependencies"]["dev"] == pyproject["dependency-groups"]["dev"]


def test_every_extra_but_dev_is_in_all(pyproject):
    extras = pyproject["project"]["optional-dependencies"]
    (everything,) = (Requirement(line) for line in extras["all"])
    assert everything.extras == extras.keys() - {"all", "dev"}


def test_base_install_holds_no_heavy_dependency(pyproject):
    names = {Requirement(line).name for line in pyproject["project"]["dependencies"]}
    assert names == {"gymnasium", "numpy", "pillow", "python-sat", "sympy", "click", "rich"}


def test_pins_satisfy_the_bounds(pyproject, pins):
    bounds = pyproject["project"]["dependencies"] + pyproject["dependency-groups"]["dev"]
    for bound in [Requirement(line) for line in bounds + pyproject["build-system"]["requires"]]:
        assert bound.specifier.contains(pins[canonicalize_name(bound.name)], prereleases=True), bound


def test_a_bound_on_python_sat_admits_its_releases(pyproject):
    """All of them are .dev releases, which a bound admits only if it names one."""
    (bound,) = (line for line in pyproject["project"]["dependencies"] if line.startswith("python-sat"))
    assert Requirement(bound).specifier.prereleases


def test_no_file_at_the_top_names_a_registry():
    registry = re.compile(r"index-url|find-links|\bregistry\b.*https?://|/simple\b", re.IGNORECASE)
    for name in ("pyproject.toml", "constraints.txt", "Makefile", ".ci/run", ".github/workflows/ci.yml"):
        assert not registry.search((ROOT / name).read_text()), name


@pytest.mark.long
def test_a_long_test_runs_only_under_a_profile_that_asks_for_it():
    assert profile() != "fast"
    assert profile_size(fast=1, ci=2, long=3) > 1


def test_an_unknown_profile_is_refused(monkeypatch):
    monkeypatch.setenv("VERIENV_PROFILE", "lng")
    with pytest.raises(ValueError, match="fast, ci, long, not 'lng'"):
        profile()
