"""GRPO really learns: the shipped recipe `quick`, shortened where tests must be fast."""

from __future__ import annotations

import statistics

import pytest

from tests.grpo.runs import rows_of
from verienv import recipe
from verienv.grpo import run


def test_what_is_sampled_gets_better_within_a_few_steps(tmp_path):
    changes = {"train.steps": "16", "train.prompts": "48", "train.validate": "0", "train.seed": "1"}
    run.run(recipe.load("quick", {**changes, "train.schedule": "constant"}), tmp_path)
    reward = [row["reward"] for row in rows_of(tmp_path)[1:]]
    assert statistics.fmean(reward[-5:]) > statistics.fmean(reward[:5]) + 0.03
    assert all(row["readable"] > 0.7 for row in rows_of(tmp_path)[1:])


@pytest.mark.long
@pytest.mark.parametrize("seed", [0, 1])
def test_the_quick_recipe_learns(tmp_path, seed):
    """About 113 CPU seconds each."""
    result = run.run(recipe.load("quick", {"train.seed": str(seed)}), tmp_path)
    before, after = result.before["eval/accuracy"], result.after["eval/accuracy"]
    assert after >= 0.8
    assert after - before >= 0.2
    rows = rows_of(tmp_path)[1:]
    early, late = (statistics.fmean(row["accuracy"] for row in part) for part in (rows[:20], rows[-20:]))
    assert late - early >= 0.08
