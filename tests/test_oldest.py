"""The comparison under old versions of numpy and Pillow: it takes what the bounds admit, and has been seen to fail."""

from __future__ import annotations

import importlib.util
import json
import tomllib
from pathlib import Path
from typing import Any

import numpy
import PIL
import pytest
from packaging.requirements import Requirement

import verienv
from verienv import golden

ROOT = Path(__file__).parent.parent
NOW = {"numpy": numpy.__version__.rpartition(".")[0], "pillow": PIL.__version__.rpartition(".")[0]}


@pytest.fixture(scope="module")
def oldest() -> Any:
    spec = importlib.util.spec_from_file_location("oldest", ROOT / ".ci" / "oldest.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_versions_are_older_than_the_installed_ones_and_admitted(oldest):
    bounds = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    admitted = {requirement.name: requirement.specifier for requirement in map(Requirement, bounds)}
    for name, version in oldest.oldest().items():
        assert f"{version}.0" in admitted[name]
        assert tuple(map(int, version.split("."))) < tuple(map(int, NOW[name].split(".")))


def test_a_changed_record_is_found(oldest, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(verienv, "names", lambda: ("sat",))
    (tmp_path / "sat").mkdir()
    kept = json.loads(golden.path(verienv.load("sat")).read_text())
    copy = tmp_path / "sat" / "golden.json"
    copy.write_text(json.dumps(kept))
    assert oldest.compare(NOW, tmp_path) == 0
    kept["records"]["L3/train/s0/1"]["text"] = "0"
    del kept["records"]["L2/train/s0/0"]
    copy.write_text(json.dumps(kept))
    assert oldest.compare(NOW, tmp_path) == 1
    told = capsys.readouterr().err
    assert "sat@1/L3/train/s0/1: text not as recorded" in told
    assert "sat@1/L2/train/s0/0: digest and text and pictures not as recorded" in told
    copy.unlink()
    assert oldest.compare(NOW, tmp_path) == 1


def test_another_version_than_the_wanted_one_is_told(oldest, capsys):
    assert oldest.compare({"numpy": "0.1", "pillow": "0.1"}) == 1
    assert "instead of 0.1" in capsys.readouterr().err
