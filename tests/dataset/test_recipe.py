"""Recipes: those that ship are sound, and a wrong word is answered with the right one."""

from __future__ import annotations

import pytest

import verienv
from verienv import dataset, recipe
from verienv.curriculum import Promotion
from verienv.errors import KnobError, UnknownName, UsageError

SHIPPED = recipe.names()


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_recipe_loads_and_its_reward_works_on_each_of_its_tasks(name):
    loaded = recipe.load(name)
    assert loaded.title
    assert loaded.doc
    assert sum(map(len, loaded.stages)) == len(loaded.cells)
    assert loaded.curriculum.stages == len(loaded.stages)
    for task in loaded.tasks:
        cell = next(cell for cell in loaded.cells if cell.task == task)
        instance = cell.instance(0, 0, "train")
        reward = loaded.reward_of(task)(instance, verienv.load(task).oracle(instance))
        assert reward.score.value == 1


def test_saturns_recipe_pays_what_was_published():
    loaded = recipe.load("saturn")
    sizes = [tuple(cell.knobs.to_dict()[name] for name in ("n", "k", "l")) for cell in loaded.cells]
    assert sizes == [(3, 5, 5), (3, 5, 6)]
    instance = loaded.cells[1].instance(0, 0, "train")
    pay = loaded.reward_of("sat")
    bits = instance.task.oracle(instance).removeprefix("<answer>").removesuffix("</answer>")
    wrong = next(
        guess
        for guess in (format(each, "05b") for each in range(32))
        if instance.task.score(instance, f"\\boxed{{{guess}}}").value < 1
    )
    assert pay(instance, f"\\boxed{{{bits}}}").value == 1
    assert pay(instance, f"\\boxed{{{wrong}}}").value == 0
    assert pay(instance, bits).value == -1
    assert isinstance(loaded.curriculum, Promotion)
    assert loaded.curriculum.epsilon == 0.5


def test_a_recipe_is_drawn_by_its_weights():
    plan = dataset.plan("curriculum", count=48, oracle=False, overrides=None)
    tasks = [plan.cells[at].task for at in plan.slots()]
    assert tasks.count("sat") == 36
    assert tasks.count("jigsaw") == 12
    assert plan.order == "mixed"


def test_levels_of_several_tasks_make_common_stages():
    loaded = recipe.load("curriculum")
    assert [sorted({cell.task for cell in stage}) for stage in loaded.stages] == [["jigsaw", "sat"]] * 6


def test_a_users_own_file_is_read(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('[[mix]]\ntask = "sat"\nlevels = [0, 2]\nknobs = { rendering = "story" }\n')
    loaded = recipe.load(str(path))
    assert loaded.name == "mine"
    assert [cell.setting for cell in loaded.cells] == ["rendering=story", "l=20,rendering=story"]
    assert loaded.reward == {"score": 1.0}


MIX = '[[mix]]\ntask = "sat"\nlevels = "0:1"\n'


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", r"at least one \[\[mix\]\]"),
        ("mix = 3", r"at least one \[\[mix\]\]"),
        ("[[mix]\n", "not TOML"),
        (MIX + "[rewards]\nscore = 1", "did you mean 'reward'"),
        (MIX.replace("sat", "satt"), "did you mean 'sat'"),
        (MIX.replace("levels", "level"), "did you mean 'levels'"),
        (MIX.replace("0:1", "0:99"), "levels 0 to 10, not 99"),
        (MIX + "weight = -1", "positive number"),
        (MIX + "knobs = { m = 3 }", "unknown knob 'm'"),
        (MIX + "knobs = { n = 300 }", "out of bounds"),
        (MIX + "[reward]\nsaturn_solve = 1", "did you mean 'saturn_solved'"),
        (MIX + '[reward]\nscore = "much"', "a number"),
        (MIX + "[reward]\nscore = nan", "a number"),
        (MIX + "[reward.jigsaw]\nscore = 1", "task in"),
        (MIX + "[reward.sat]\n", "no term for sat"),
        (MIX + '[curriculum]\nkind = "promote"', "did you mean 'promotion'"),
        (MIX + "[train]\nstep = 3", "did you mean 'steps'"),
        (MIX + '[train]\nsteps = "3"', "needs int"),
        (MIX + "[train]\nsteps = true", "needs int"),
    ],
)
def test_a_wrong_word_is_told(text, told):
    with pytest.raises((UsageError, UnknownName, KnobError), match=told):
        recipe.parse(text)


def test_an_unknown_recipe_is_answered_with_the_nearest():
    with pytest.raises(UnknownName, match="did you mean 'saturn'"):
        recipe.load("satrun")
    with pytest.raises(UnknownName, match="did you mean 'saturn'"):
        dataset.plan("satrun", count=1)
    with pytest.raises(UsageError, match="cannot read"):
        recipe.load("nowhere.toml")
    with pytest.raises(UsageError, match="says its levels itself"):
        dataset.plan("saturn", "0", count=1)
