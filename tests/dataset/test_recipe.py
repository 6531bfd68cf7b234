"""Recipes: those that ship are sound, and a wrong word is answered with the right one."""

from __future__ import annotations

import subprocess
import sys

import pytest

import verienv
from verienv import dataset, recipe
from verienv.curriculum import Promotion
from verienv.errors import KnobError, UnknownName, UsageError
from verienv.grpo import presets, settings

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


TWO = '[[mix]]\ntask = "jigsaw"\nlevels = "0:1"\n[[mix]]\ntask = "sat"\nlevels = "0:1"\nweight = 3\n'


@pytest.mark.parametrize(
    ("by", "stages"),
    [
        ("level", [["jigsaw L0", "sat L0"], ["jigsaw L1", "sat L1"]]),
        ("task", [["jigsaw L0", "jigsaw L1"], ["sat L0", "sat L1"]]),
        ("modality", [["sat L0", "sat L1"], ["jigsaw L0", "jigsaw L1"]]),
        ("cell", [["jigsaw L0"], ["jigsaw L1"], ["sat L0"], ["sat L1"]]),
    ],
)
def test_the_stages_are_what_the_curriculum_says(by, stages):
    loaded = recipe.parse(f'{TWO}[curriculum]\nby = "{by}"\nkind = "dads"')
    assert [[cell.label for cell in stage] for stage in loaded.stages] == stages
    assert [loaded.stage_of(label) for stage in stages for label in stage] == [
        at for at, stage in enumerate(stages) for _ in stage
    ]
    assert loaded.curriculum.stages == len(stages)
    with pytest.raises(UnknownName, match="did you mean"):
        loaded.stage_of("sat L7")


def test_a_mix_by_modality_goes_from_text_to_pictures():
    phases = 'kind = "staged"\nby = "modality"\nphases = [[1, 0], [1, 1], [0, 1]]\nlengths = [10, 20]\n'
    schedule = recipe.parse(f"{TWO}[curriculum]\n{phases}").curriculum
    state, seen = schedule.start(), []
    for _ in range(31):
        seen.append(schedule.weights(state))
        state = schedule.observe(state, {0: [0.5]})
    assert [seen[at] for at in (0, 9, 10, 29, 30)] == [(1, 0), (1, 0), (0.5, 0.5), (0.5, 0.5), (0, 1)]


def test_dads_as_released_begins_at_the_recipes_own_weights():
    schedule = recipe.parse(f'{TWO}[curriculum]\nby = "task"\nkind = "dads_released"').curriculum
    assert schedule.weights(schedule.start()) == (0.25, 0.75)


def test_a_reward_weight_moves_with_the_step():
    loaded = recipe.parse(MIX + "[reward]\nscore = 1\nformat = [[10, 0.5], [20, 0.1], [30, -0.1]]")
    seen = {step: loaded.reward_of("sat", step).weights["format"] for step in (0, 10, 15, 20, 25, 30, 99)}
    assert seen == pytest.approx({0: 0.5, 10: 0.5, 15: 0.3, 20: 0.1, 25: 0, 30: -0.1, 99: -0.1})
    assert loaded.moving
    assert loaded.highest("sat") == 1.5
    assert loaded.highest("sat", 99) == 1
    assert not recipe.parse(MIX + "[reward.sat]\nscore = 1").moving
    assert recipe.parse(MIX + "[reward.sat]\nscore = [[0, 1], [5, 2]]").moving


def test_a_shipped_recipes_algorithm_and_settings_are_sound():
    for name in SHIPPED:
        train = recipe.load(name).train
        presets.of(train)
        settings.of(train)


def test_a_recipes_tables_can_be_changed():
    changes = {"train.steps": "7", "train.model": "my-model", "reward.format": "0.5", "curriculum.kind": "uniform"}
    loaded = recipe.parse(TWO, changes=changes)
    assert loaded.train == {"steps": 7, "model": "my-model"}
    assert loaded.reward_of("sat").weights["format"] == 0.5
    assert loaded.curriculum.kind == "uniform"
    assert recipe.load("saturn", {"train.steps": "7"}).train["steps"] == 7


def test_a_change_to_nothing_takes_a_key_away():
    with pytest.raises(UsageError, match="advantage_epsilon"):
        recipe.load("time-r1", {"train.advantage": "mean"})
    loaded = recipe.load("time-r1", {"train.advantage": "mean", "train.advantage_epsilon": "", "train.nowhere": ""})
    assert presets.of(loaded.train).advantage == "mean"
    assert "advantage_epsilon" not in loaded.train


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("trian.steps", "7", "did you mean 'train'"),
        ("mix.weight", "7", "Known: curriculum, reward, train"),
        ("train", "7", "written train.key=value"),
        ("train.", "7", "written train.key=value"),
        ("train.stepps", "7", "did you mean 'steps'"),
        ("train.steps", "many", "train.steps = 'many': needs int"),
        ("reward.score.deep", "7", "no place"),
        ("train.steps", "7\nseed = 1", "needs int"),
    ],
)
def test_a_change_that_cannot_be_is_answered_with_what_can(key, value, told):
    with pytest.raises(UsageError, match=told):
        recipe.parse(MIX + "[reward]\nscore = 1", changes={key: value})


def test_each_key_of_train_is_declared_once():
    assert len(recipe.TRAIN) == len(presets.KEYS) + len(settings.KEYS) + len({"algorithm", "epochs"})


def test_recipes_are_read_without_torch():
    code = "import sys, verienv.recipe as r; [r.load(name) for name in r.names()]; sys.exit('torch' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


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
        (MIX + "[reward]\nscore = []", "moves as a list"),
        (MIX + "[reward]\nscore = [1, 2]", "moves as a list"),
        (MIX + "[reward]\nscore = [[0, 1, 2]]", "moves as a list"),
        (MIX + "[reward]\nscore = [[5, 1], [5, 2]]", "steps rising"),
        (MIX + "[reward]\nscore = [[-1, 1]]", "moves as a list"),
        (MIX + "[reward]\nscore = [[0, true]]", "moves as a list"),
        (MIX + '[curriculum]\nby = "leval"', "did you mean 'level'"),
        (MIX + "[curriculum]\nby = 3", "unknown curriculum by"),
        ('[[mix]]\ntask = "sat"\nknobs = { n = 3 }\n[curriculum]\nby = "level"', "without levels"),
        (MIX + '[train]\nalgorithm = "grpoo"', "did you mean 'grpo'"),
        (MIX + '[train]\nadvantage = "group"', "did you mean 'group_norm'"),
        (MIX + '[train]\nobjective = "pop"', "did you mean 'ppo'"),
        (MIX + '[train]\nloss = "tokens"', "did you mean 'token'"),
        (MIX + '[train]\nkl_estimator = "k4"', "did you mean 'k"),
        (MIX + '[train]\nschedule = "cosin"', "did you mean 'cosine'"),
        (MIX + "[train]\nclip_high = -1", "clip_high"),
        (MIX + "[train]\ntau_positive = 2", "change nothing; leave it out, or choose objective = 'sapo'"),
        (MIX + '[train]\ndifficulty = "exp"\ndifficulty_term = "format"', "difficulty_term"),
        (MIX + '[train]\nkl = 0.1\nkl_estimator = "k1"', "no gradient"),
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
