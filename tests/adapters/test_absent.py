"""An adapter whose framework is absent names the line that installs it; none is imported before it is asked for."""

from __future__ import annotations

import importlib
import subprocess
import sys

import pytest

from verienv.adapters.specs import MissingPeer

NEEDS = {"verifiers": "verifiers>=0.4"}
"""Adapters that cannot even be imported without their framework: they subclass it."""


@pytest.mark.parametrize("name", NEEDS)
def test_an_absent_framework_is_answered_with_pip(name, monkeypatch):
    monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.delitem(sys.modules, f"verienv.adapters.{name}", raising=False)
    with pytest.raises(MissingPeer, match=f'pip install "{NEEDS[name]}"'):
        importlib.import_module(f"verienv.adapters.{name}")


def test_the_others_import_nothing_but_verienv():
    code = (
        "import sys; import verienv.adapters.specs, verienv.adapters.trl; "
        "print([name for name in ('torch', 'datasets', 'transformers', 'trl', 'PIL') if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
