"""Every family keeps every promise, on every level."""

from __future__ import annotations

import pytest

import verienv
from tests.profile import profile_size
from verienv import contract
from verienv.errors import UnknownName

FAMILIES = {name: verienv.load(name) for name in verienv.names()}
LEVELS = [
    pytest.param(name, level, id=f"{name}/{level}")
    for name, task in FAMILIES.items()
    for level in range(len(task.levels))
]
SIZE = profile_size(fast=4, ci=16, long=200)
COSTLY = {"parking", "patch"}  # a plan is searched, or a program run, for each reply: a quarter of the instances


def size(name):
    """Instances a level, of a family."""
    return max(4, SIZE // 4) if name in COSTLY else SIZE


@pytest.mark.parametrize(("name", "level"), LEVELS)
def test_the_level_keeps_its_promises(name, level):
    bench = contract.Bench(FAMILIES[name], level, size(name))
    results = [contract.judge(each, bench) for each in contract.CHECKS if not each.once]
    assert not list(contract.failures(results))


@pytest.mark.parametrize("name", FAMILIES)
def test_the_family_keeps_its_promises(name):
    results = [contract.check(FAMILIES[name], each.name, 0, 2 * size(name)) for each in contract.CHECKS if each.once]
    assert not list(contract.failures(results))


def test_run_gives_a_result_for_every_check_and_level():
    sat = FAMILIES["sat"]
    results = contract.run(sat, level=1, size=2)
    once = [each.check for each in results if each.level is None]
    on_the_level = [each.check for each in results if each.level == 1]
    assert once == [each.name for each in contract.CHECKS if each.once]
    assert on_the_level == [each.name for each in contract.CHECKS if not each.once]
    assert all(each.seconds >= 0 and each.detail for each in results)


def test_names_are_unique_and_promises_are_told():
    names = [each.name for each in contract.CHECKS]
    assert len(set(names)) == len(names)
    assert all(each.promise and each.test.__doc__ for each in contract.CHECKS)


def test_an_unknown_check_is_answered_with_the_nearest():
    with pytest.raises(UnknownName, match="did you mean 'oracle'"):
        contract.check(FAMILIES["sat"], "oracel")
