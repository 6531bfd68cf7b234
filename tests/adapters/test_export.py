"""`verienv export` writes packages that are whole, and never over somebody's files."""

from __future__ import annotations

import ast
import tomllib

import pytest
from click.testing import CliRunner

from verienv.adapters import exporting
from verienv.cli import root


@pytest.fixture
def export(tmp_path):
    """export("verifiers") → the exit code and what is said; files go to tmp_path/out."""

    def invoke(*arguments: str):
        return CliRunner().invoke(root, ["export", *arguments, "-o", str(tmp_path / "out")])

    return invoke


@pytest.mark.parametrize("kind", exporting.KINDS)
def test_every_file_is_there_and_can_be_read(kind, export, tmp_path):
    done = export(kind)
    assert done.exit_code == 0, done.output
    files = exporting.KINDS[kind]()
    for place, text in files.items():
        assert (tmp_path / "out" / place).read_text() == text
        if place.endswith(".py"):
            ast.parse(text)
        if place.endswith(".toml"):
            assert tomllib.loads(text)["project"]["dependencies"]


def test_a_folder_with_something_in_it_is_left_alone(export, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine").write_text("mine")
    done = export("verifiers")
    assert done.exit_code == 2
    assert [each.name for each in (tmp_path / "out").iterdir()] == ["mine"]


def test_an_unknown_kind_is_answered_with_the_nearest(export):
    done = export("verifier")
    assert done.exit_code == 2
    assert "did you mean 'verifiers'" in done.output
