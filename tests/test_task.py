"""The core: what makes two problems one, whose fault an error is, and how replies are folded."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256

import pytest

import verienv
from verienv.address import SPLITS
from verienv.errors import AddressError, ContractError, UsageError
from verienv.families.sat import Sat
from verienv.task import canonical, split_of

SAT = verienv.load("sat")


@dataclass(frozen=True)
class Circle:
    """A shape."""

    size: float


@dataclass(frozen=True)
class Square:
    """Another shape of the same fields."""

    size: float


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Circle(2.0), Square(2.0)),
        ((Circle(2.0),), (2.0,)),
        (Circle(2.0), ("Circle", 2.0)),
        ({}, ()),
        ({"a": 1}, (("a", 1),)),
        (1, "1"),
        (1, 1.0),
        (None, "null"),
        ((), ((),)),
        (("ab", "c"), ("a", "bc")),
        (True, 1),
    ],
)
def test_different_values_have_different_bytes(one, other):
    assert canonical(one) != canonical(other)


def test_equal_values_have_equal_bytes():
    assert canonical({"b": 1, "a": 2}) == canonical({"a": 2, "b": 1})
    assert canonical((Circle(2.0), "é\ud800")) == canonical((Circle(2.0), "é\ud800"))


@pytest.mark.parametrize("value", [{1, 2}, object(), b"x", 1j])
def test_what_is_not_plain_has_no_bytes(value):
    with pytest.raises(TypeError, match="plain frozen values"):
        canonical((value,))


def test_nan_has_no_bytes():
    with pytest.raises(ValueError):
        canonical(float("nan"))


def test_splits_hold_three_quarters_and_an_eighth_each():
    found = [split_of(bytes([first])) for first in range(256)]
    assert [found.count(split) for split in ("train", "validation", "test")] == [192, 32, 32]


class Raising(Sat):
    """sat whose checker fails."""

    def verify(self, problem, answer):
        raise RecursionError("deep")


def test_a_failing_checker_is_our_bug_with_address_and_reply():
    task = Raising()
    with pytest.raises(ContractError, match=r"sat@1/L0/train/s0/0: RecursionError: deep on '<answer>0{5}"):
        task.score(task.instance(0), "<answer>00000</answer>")
    with pytest.raises(ContractError, match="deep") as caught:
        task.score(task.instance(0), "<answer>00000</answer>" + " " * 60_000)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize("bad", [{"level": 99}, {"level": -1}, {"level": True}, {"index": -1}, {"index": 1.0},
                                 {"seed": 10**19}, {"seed": "0"}, {"split": "dev"}])  # fmt: skip
def test_a_place_that_is_not_there_is_a_usage_error(bad):
    with pytest.raises(UsageError):
        SAT.instance(**bad)


def test_level_and_knobs_exclude_each_other():
    with pytest.raises(UsageError, match="not both"):
        SAT.instance(1, knobs=SAT.at_level(1))


def test_another_familys_or_versions_address_is_refused():
    with pytest.raises(AddressError, match="belongs to 'jig'"):
        SAT.at("jig@1/L0/train/s0/0")
    with pytest.raises(AddressError, match="version 7"):
        SAT.at("sat@7/L0/train/s0/0")


def test_default_knobs_spelt_out_are_their_own_address():
    spelt = SAT.instance(knobs=SAT.knobs())
    assert spelt.address == "sat@1/default/train/s0/0"
    assert SAT.at("sat@1/n=3,k=5,l=5/train/s0/0").address == spelt.address
    assert SAT.at("sat@1/n=3,k=5,l=5/train/s0/0").digest == spelt.digest


def test_only_the_chosen_problem_is_finished():
    """A test instance is redrawn eight times on average: what is costly and decides nothing waits till it is chosen."""
    drawn, finished = [], []

    class Careful(Sat):
        def generate(self, rng, knobs):
            drawn.append(super().generate(rng, knobs))
            return drawn[-1]

        def finish(self, problem):
            finished.append(problem)
            return replace(problem, rendering="story")

    task = Careful()
    for index in range(20):
        instance = task.instance(2, index=index, split="test")
        assert instance.problem == replace(drawn[-1], rendering="story")
        assert finished[index] is drawn[-1]
    assert len(finished) == 20 < len(drawn)


def test_the_digest_names_the_finished_problem_and_the_lineage_its_split():
    """What is found out only of the chosen problem may belong to its identity, as long as its lineage does not move."""

    class Late(Sat):
        def lineage(self, problem):
            return canonical(problem.clauses)

        def finish(self, problem):
            return replace(problem, rendering="story")

    task = Late()
    for split in SPLITS:
        for index in range(5):
            instance = task.instance(2, index=index, split=split)
            assert instance.problem.rendering == "story"
            assert instance.digest == sha256(b"sat@1\n" + task.identity(instance.problem)).hexdigest()
            assert split_of(sha256(b"sat@1\n" + task.lineage(instance.problem)).digest()) == split
