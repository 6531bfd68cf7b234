"""An adapter whose framework is absent names the line that installs it; none is imported before it is asked for."""

from __future__ import annotations

import importlib
import subprocess
import sys

import pytest

from verienv.adapters.specs import MissingPeer

NEEDS = {
    "verifiers": ("verifiers", "verifiers>=0.4"),
    "skyrl": ("skyrl_gym", "skyrl-gym>=0.4"),
    "openenv": ("openenv", "openenv>=0.10"),
    "inspect_ai": ("inspect_ai", "inspect_ai>=0.3.200"),
}
"""Adapters that cannot be imported without their framework, since they subclass it: its module, its requirement."""


@pytest.mark.parametrize("name", NEEDS)
def test_an_absent_framework_is_answered_with_pip(name, monkeypatch):
    framework, requirement = NEEDS[name]
    monkeypatch.setitem(sys.modules, framework, None)
    monkeypatch.delitem(sys.modules, f"verienv.adapters.{name}", raising=False)
    with pytest.raises(MissingPeer) as absent:
        importlib.import_module(f"verienv.adapters.{name}")
    assert f'pip install "{requirement}"' in str(absent.value)


def test_the_others_import_no_framework():
    others = ("specs", "trl", "verl", "openrlhf", "lm_eval", "batches", "exporting")
    frameworks = ("torch", "datasets", "transformers", "trl", "verl", "openrlhf", "lm_eval", "ray", "PIL")
    code = (
        f"import sys; {'; '.join(f'import verienv.adapters.{name}' for name in others)}; "
        f"print([name for name in {frameworks!r} if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
