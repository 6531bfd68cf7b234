"""Episodes without Gymnasium."""

from __future__ import annotations

import subprocess
import sys

import pytest

import verienv
from tests.env import toys
from verienv.errors import AddressError, ContractError, StepError, UnknownName, UsageError


def test_a_question_ends_after_one_reply():
    episode = verienv.reset("sat", level=3, seed=7)
    assert (episode.done, episode.score, episode.address) == (False, None, "sat@1/L3/train/s7/0")
    assert episode.messages[0]["content"] == episode.prompt[0]
    after = episode.step(episode.instance.task.oracle(episode.instance))
    assert after.done
    assert after.score is not None
    assert after.score.right
    assert after.prompt == []


def test_an_episode_is_a_value_and_can_be_branched():
    start = verienv.reset(toys.GUESS, level=1)
    low, found = start.step("<answer>0</answer>"), start.step(f"<answer>{start.instance.problem.target}</answer>")
    assert (start.done, low.done, found.done) == (False, False, True)
    assert low.replies == ("<answer>0</answer>",)
    assert start == verienv.reset(toys.GUESS, level=1)


def test_a_game_folds_its_replies():
    episode = verienv.reset(toys.GUESS)
    for reply in toys.GUESS.solve(episode.instance.problem):
        episode = episode.step(reply)
    assert episode.score == toys.GUESS.judge(episode.instance.problem, list(episode.replies))


def test_an_episode_begins_at_a_place_an_address_or_an_instance():
    here = verienv.reset("sat", level=1, seed=2, index=3, split="test")
    instance = verienv.instance("sat@1/L1/test/s2/3")
    assert verienv.reset("sat@1/L1/test/s2/3") == here == verienv.reset(instance)
    assert verienv.reset("sat", knobs={"k": 6}) == verienv.reset("sat", knobs="k=6")
    assert verienv.reset("sat", knobs=verienv.load("sat").knobs(k=6)).address == "sat@1/k=6/train/s0/0"


def test_a_wrong_start_is_refused():
    with pytest.raises(UnknownName, match="did you mean 'sat'"):
        verienv.reset("satt")
    with pytest.raises(AddressError):
        verienv.reset("sat/3")
    with pytest.raises(UsageError, match="says everything"):
        verienv.reset("sat@1/L1/test/s2/3", level=2)
    with pytest.raises(UsageError, match="not both"):
        verienv.reset("sat", level=2, knobs={"k": 6})
    with pytest.raises(UsageError, match="mapping or text"):
        verienv.reset("sat", knobs=3)  # type: ignore[arg-type]


def test_a_step_after_the_end_is_refused():
    with pytest.raises(StepError, match="begin another"):
        verienv.reset("sat").step("").step("")


def test_a_reply_of_any_type_is_a_reply():
    for reply in (None, 3, b"x", ["<answer>01101</answer>"]):
        score = verienv.reset("sat").step(reply).score
        assert score is not None
        assert (score.value, score.readable, score.reason) == (0.0, False, "not_text")


def test_a_bug_in_a_family_is_named():
    with pytest.raises(ContractError, match="ZeroDivisionError"):
        verienv.reset(toys.BROKEN).step("<answer>13</answer>")


def test_importing_verienv_imports_no_environment():
    late = ["verienv.episode", "verienv.env", "verienv.native", "verienv.families.sat"]
    code = f"import sys, verienv; print([each for each in {late} if each in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
