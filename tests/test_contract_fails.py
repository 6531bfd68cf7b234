"""A gate that was never seen to fail is no gate: one planted fault each, and the check that must find it."""

from __future__ import annotations

import pytest

from tests.planted import answers, problems, prose  # noqa: F401  # each adds its families to FAULTS
from tests.planted.sound import FAULTS, Sound
from verienv import contract


def test_the_sound_family_keeps_every_promise():
    assert not list(contract.failures(contract.run(Sound(), size=12)))


def test_the_sound_family_of_texts_keeps_every_promise():
    assert not list(contract.failures(contract.run(prose.Prose(), size=12)))


@pytest.mark.parametrize(("check", "message", "family"), [pytest.param(*row, id=row[2].__name__) for row in FAULTS])
def test_the_fault_is_found(check, message, family, monkeypatch):
    monkeypatch.setattr(contract.instances, "INSTANCE_SECONDS", 0.02)
    result = contract.check(family(), check, 1 if len(family.levels) > 1 else 0, size=8)
    assert not result.ok, f"{check} did not notice: {result.detail}"
    assert message in result.detail


def test_every_check_has_been_seen_to_fail():
    seen = {check for check, _, _ in FAULTS}
    of_views = {"controlled", "native", "stepwise", "turnwise"}  # in tests of views
    assert {each.name for each in contract.CHECKS} - seen == of_views


def test_faults_of_native_views_are_found():
    from verienv.families.sat import Sat

    class Encodes(Sat):
        def encode(self, problem, answer):
            return super().encode(problem, answer) ^ 1

    class Observes(Sat):
        def observe(self, problem):
            return super().observe(problem) * 3

    class Edits(Sat):
        def edit(self, problem, draft, number):
            raise IndexError(number)

    for family, check, message in (
        (Encodes, "native", "becomes"),
        (Observes, "native", "observe leaves its space"),
        (Edits, "stepwise", "raised IndexError"),
    ):
        result = contract.check(family(), check, 1, 4)
        assert not result.ok
        assert message in result.detail


def test_faults_of_games_are_found():
    from tests.env.toys import Guess

    class Mutates(Guess):
        def mutants(self, problem, rng):
            return [[*self.solve(problem), "?"]]

    class Renders(Guess):
        def renderings(self, problem):
            return [["<answer>1000000</answer>"]]

    class Sound(Guess):
        def mutants(self, problem, rng):
            return [self.solve(problem)[:-1], ["?"]]

        def renderings(self, problem):
            return [["?", *self.solve(problem)]]

    for family, check, message in (
        (Mutates, "mutants", "a mutant scores 1"),
        (Renders, "renderings", "the family's own scores 0"),
    ):
        result = contract.check(family(), check, 1, 4)
        assert not result.ok
        assert message in result.detail
        result = contract.check(Sound(), check, 1, 4)
        assert result.ok, result.detail


def test_a_game_has_its_time_for_each_reply():
    from verienv.contract import attacked

    assert attacked.allowed("x") == attacked.allowed(None) == attacked.allowed([]) == attacked.SECONDS
    assert attacked.allowed(["x"] * 40) == 40 * attacked.SECONDS
