"""A score is a bounded verdict that nobody can write in."""

from __future__ import annotations

import copy
import math
import pickle

import pytest

from verienv.score import NO_PARTS, RIGHT, Score, partial, right, unreadable, wrong


@pytest.mark.parametrize("value", [-0.1, 1.0000001, math.nan, math.inf, -math.inf])
def test_a_value_outside_0_to_1_is_refused(value):
    with pytest.raises(ValueError, match="lies in"):
        Score(value)
    with pytest.raises(ValueError, match="part 'x'"):
        Score(0.5, {"x": value})


def test_a_shared_score_cannot_be_written_to():
    given = {"x": 0.5}
    score = wrong("no", given)
    given["x"] = 1.0
    assert score.parts == {"x": 0.5}
    with pytest.raises(TypeError):
        score.parts["x"] = 1.0  # type: ignore[index]
    with pytest.raises(AttributeError):
        score.value = 1.0  # type: ignore[misc]


@pytest.mark.parametrize("score", [RIGHT, right({"a": 1.0}), wrong("w", {"a": 0.0}), unreadable("u")], ids=repr)
def test_scores_travel_between_processes(score):
    assert pickle.loads(pickle.dumps(score)) == score
    assert copy.deepcopy(score) == score


def test_the_four_verdicts():
    assert right().right
    assert RIGHT.readable
    assert (wrong("w").value, wrong("w").readable, wrong("w").right) == (0.0, True, False)
    assert (partial(0.5, "p").value, partial(0.5, "p").right) == (0.5, False)
    assert (unreadable("u").value, unreadable("u").readable) == (0.0, False)
    assert wrong("w").parts is NO_PARTS
