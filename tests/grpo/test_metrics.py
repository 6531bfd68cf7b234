"""What a run writes: metrics of a step, files that are cut back, curves."""

from __future__ import annotations

import itertools
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.grpo.runs import tiny
from verienv.grpo import curves, journal, metrics
from verienv.grpo.rollout import Outcome


def outcome(reward: float | None, tokens: int = 4, label: str = "sat L0", cut: bool = False) -> Outcome:
    """An attempt."""
    return Outcome(
        address="a",
        label=label,
        replies=("x", "y"),
        tokens=tokens,
        longest=tokens,
        read=7,
        cut=cut,
        reward=reward,
        terms={} if reward is None else {"score": reward},
        score=reward or 0.0,
        right=reward == 1,
        readable=reward is not None,
        fault="" if reward is not None else "bug",
    )


def test_a_steps_metrics_are_known_numbers():
    step = [outcome(1.0, 2), outcome(0.0, 4), outcome(0.5, 6, "jigsaw L1"), outcome(0.5, 8, "jigsaw L1", cut=True)]
    row = metrics.of_step([*step, outcome(None, 10), outcome(1.0, 12)], 2)
    assert row["reward"] == 0.6
    assert row["accuracy"] == 0.4
    assert row["accuracy/sat/L0"] == pytest.approx(2 / 3)
    assert row["accuracy/jigsaw/L1"] == 0
    assert row["rewards/score/mean"] == 0.6
    assert row["reward_std"] == pytest.approx(math.sqrt(0.5) / 3)
    assert row["frac_reward_zero_std"] == pytest.approx(2 / 3)
    assert row["unscorable"] == 1
    assert row["completions/mean_length"] == 7
    assert (row["completions/min_length"], row["completions/max_length"]) == (2, 12)
    assert row["completions/clipped_ratio"] == pytest.approx(1 / 6)
    assert row["completions/mean_terminated_length"] == 6.8


@given(st.permutations(range(6)))
def test_the_order_of_groups_does_not_show(order):
    groups = [[outcome(at * 0.1), outcome(1 / (at + 1))] for at in range(6)]
    shuffled = [each for at in order for each in groups[at]]
    assert metrics.of_step(shuffled, 2) == metrics.of_step([each for group in groups for each in group], 2)


def test_a_games_response_is_a_list():
    row = metrics.samples([outcome(1.0), outcome(None)], [0.5, 0.0], 3, 2)
    assert row[0]["response"] == ["x", "y"]
    assert (row[0]["advantage"], row[0]["step"]) == (0.5, 3)
    assert (row[1]["reward"], row[1]["fault"]) == (None, "bug")


def test_scores_are_told_to_the_curriculum_by_stage():
    made = tiny('[[mix]]\ntask = "sat"\nlevels = [0, 2]\n')
    seen = [outcome(1.0), outcome(0.5, label="sat L2"), outcome(None)]
    assert metrics.by_stage(seen, made) == {0: [1.0], 1: [0.5]}


# -- the journal -------------------------------------------------------------------------------------------


def test_a_journal_goes_on_where_the_checkpoint_was(tmp_path):
    with journal.opened(tmp_path, 0) as log:
        log.write("metrics", [{"step": step, "x": 0.1 + 0.2} for step in range(6)])
        log.write("samples", [{"step": 2}, {"step": 2}, {"step": 4}])
        log.sync()
    path = tmp_path / "metrics.jsonl"
    path.write_bytes(path.read_bytes() + b'{"step": 2, "to')
    with journal.opened(tmp_path, 3) as log:
        log.write("metrics", [{"step": 4, "x": 1.0}])
    assert [row["step"] for row in journal.read(path)] == [0, 1, 2, 3, 4]
    assert journal.read(path)[1]["x"] == 0.1 + 0.2
    assert len(journal.read(tmp_path / "samples.jsonl")) == 2
    with journal.opened(tmp_path, 0):
        pass
    assert journal.read(path) == []


@given(st.integers(0, 400))
def test_a_line_cut_short_is_no_line(tmp_path_factory, at):
    path = tmp_path_factory.mktemp("cut") / "metrics.jsonl"
    whole = b"".join(json.dumps({"step": step, "reward": step / 7}).encode() + b"\n" for step in range(1, 9))
    path.write_bytes(whole[:at])
    read = journal.read(path)
    assert [row["step"] for row in read] == list(range(1, whole[:at].count(b"\n") + 1))
    journal.cut(path, 5)
    assert journal.read(path) == read[:5]


def test_ranks_but_the_first_keep_nothing(tmp_path):
    with journal.opened(tmp_path / "none", 0, first=False) as log:
        log.write("metrics", [{"step": 1}])
        log.sync()
    assert not (tmp_path / "none").exists()


# -- curves ------------------------------------------------------------------------------------------------


@given(st.floats(-1e6, 1e6), st.floats(0, 1e6))
def test_ticks_are_few_even_and_hold_the_range(low, span):
    marks = curves.ticks(low, low + span)
    steps = {round((after - before) / (marks[-1] - marks[0]), 6) for before, after in itertools.pairwise(marks)}
    assert 2 <= len(marks) <= 8
    assert len(steps) == 1
    assert marks[0] <= low + 1e-6 * (span + abs(low))
    assert marks[-1] >= low + span - 1e-6 * (span + abs(low))


def test_a_running_mean_looks_back():
    line = [(float(at), float(at)) for at in range(5)]
    assert curves.running_mean(line, 2) == [(0, 0), (1, 0.5), (2, 1.5), (3, 2.5), (4, 3.5)]
    assert curves.running_mean(line, 1) == line


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [{"step": 1}],
        [{"step": 1, "accuracy": 0.5}],
        [{"step": 0, "eval/accuracy": 0.0}, {"step": 1, "accuracy": 1.0, "reward": -3.0, "entropy": 0.0}],
        [{"step": step, "accuracy": 0.5, "reward": 1e30, "entropy": float("nan")} for step in range(9)],
    ],
    ids=["none", "one", "single", "two", "extreme"],
)
def test_whatever_was_logged_can_be_drawn(tmp_path, rows):
    curves.write(rows, "a run", tmp_path / "curves.png")
    with Image.open(tmp_path / "curves.png") as drawn:
        assert drawn.size == (2 * curves.CELL[0], curves.HEAD + 3 * curves.CELL[1])


def test_a_curve_rises_where_the_metric_does():
    rows = [{"step": step, "accuracy": step / 100} for step in range(101)]
    drawn = curves.draw(rows, "", [curves.PANELS[0]]).convert("RGB")
    heights = [
        min(
            (y for y in range(curves.HEAD + curves.TOP, drawn.height) if drawn.getpixel((x, y)) == curves.BLUE),
            default=0,
        )
        for x in (100, 220, 340)
    ]
    assert heights[0] > heights[1] > heights[2] > 0
