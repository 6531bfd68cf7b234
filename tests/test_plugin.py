"""A third party's families are found by entry point and held to the same contract."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import verienv
from verienv import contract, plugins, recipe, registry
from verienv.errors import UnknownName, UsageError
from verienv.grpo import axes, presets, schedule
from verienv.task import Game

PLUGIN = Path(__file__).parent / "plugin"


@pytest.fixture(autouse=True)
def installed(monkeypatch):
    """The plugin's folder, with its dist-info, on the path; the registry looks again before and after."""
    caches = (registry.load, registry._built_in, registry._entry_points, plugins._found)
    monkeypatch.syspath_prepend(str(PLUGIN))
    for cached in caches:
        cached.cache_clear()
    yield
    monkeypatch.undo()
    for cached in caches:
        cached.cache_clear()
    for name in [name for name in sys.modules if name.startswith("verienv_plugin")]:
        del sys.modules[name]


def test_its_families_are_listed_and_loaded():
    assert {"backwards", "stairs", "sat"} <= set(verienv.names())
    assert verienv.load("backwards").title == "Backwards"
    assert isinstance(verienv.load("stairs"), Game)
    assert verienv.instance("backwards@1/L1/test/s3/4").address == "backwards@1/L1/test/s3/4"


def test_it_cannot_take_a_built_in_name():
    assert type(verienv.load("sat")).__module__ == "verienv.families.sat"


RECIPE = """
[[mix]]
task = "sat"
levels = "0:2"
[curriculum]
kind = "hardest"
[train]
advantage = "signed"
objective = "plain"
schedule = "halves"
clip_high = 0.5
"""


def test_a_recipe_learns_with_what_it_adds():
    loaded = recipe.parse(RECIPE)
    assert loaded.curriculum.weights(loaded.curriculum.start()) == (0, 0, 1)
    algorithm = presets.of(loaded.train)
    assert algorithm.function("advantage")(3.0, 1) == 1.5  # clip_high reached it
    assert algorithm.function("objective")(0.0, -2.0, 1.5, True) == 3
    assert [schedule.share("halves", step, steps=4) for step in range(4)] == [1, 1, 0.5, 0.5]


def test_it_cannot_take_a_built_in_advantage_and_what_is_not_there_is_told():
    assert axes.load("advantage", "mean").__module__ == "verienv.grpo.advantage"
    for changed, told in (
        ("signde", "did you mean 'signed'"),
        ("gone", "cannot load 'verienv_plugin.nowhere:advantage'"),
    ):
        with pytest.raises((UsageError, UnknownName), match=told):
            recipe.parse(RECIPE.replace("signed", changed))
    with pytest.raises(UsageError, match="no Schedule"):
        recipe.parse(RECIPE.replace("hardest", "no_sampler"))
    with pytest.raises(UnknownName, match="did you mean 'hardest'"):
        recipe.parse(RECIPE.replace("hardest", "hardst"))


def test_what_is_registered_wrongly_is_refused():
    with pytest.raises(UsageError, match="calls itself 'backwards'"):
        verienv.load("wrong_name")
    with pytest.raises(UsageError, match="it is a type"):
        verienv.load("no_task")


@pytest.mark.parametrize("name", ["backwards", "stairs"])
def test_it_keeps_the_contract(name):
    assert not list(contract.failures(contract.run(verienv.load(name), size=12)))


def test_a_game_is_played_move_by_move():
    task = verienv.load("stairs")
    instance = task.instance(1)
    step = task.begin(instance.problem)
    for reply in task.oracle(instance):
        assert not step.done
        step = task.step(instance.problem, step, reply)
    assert step.done
    assert step.score is not None
    assert step.score.right
    assert task.score(instance, "<answer>9</answer>").reason == "unread"
    assert task.score(instance, []).reason == "not_at_the_top"
    assert task.score(instance, {"moves": 1}).reason == "not_text"


def test_only_a_distribution_that_declares_families_is_looked_into(tmp_path):
    """Reading all metadata is a tenth of what importing verienv costs."""
    assert not registry._declares(str(tmp_path / "nowhere"))
    for ending, told in (("dist-info", "[console_scripts]"), ("egg-info", f"[{registry.GROUP}]")):
        assert not registry._declares(str(tmp_path))
        (tmp_path / f"a.{ending}").mkdir()
        assert not registry._declares(str(tmp_path)), "without entry points"
        (tmp_path / f"a.{ending}" / "entry_points.txt").write_text(f"{told}\na = b:c\n")
    assert registry._declares(str(tmp_path))
    assert registry._declares(str(PLUGIN))
    (tmp_path / "bundle.zip").write_bytes(b"")
    assert registry._declares(str(tmp_path / "bundle.zip"))
