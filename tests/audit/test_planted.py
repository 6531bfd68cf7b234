"""A gate that was never seen to fail is no gate: one planted fault each, found; and nothing found where nothing is."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from tests.audit import broken
from tests.audit.sound import SOUND
from tests.profile import profile_size
from verienv.audit import PROPERTIES, Effort, Limits, audit, target
from verienv.audit.properties import generated

EFFORT = Effort(
    "test",
    items=16,
    noise=profile_size(fast=60, ci=200, long=2_000),
    processes=profile_size(fast=2, ci=3, long=8),
    policies=profile_size(fast=600, ci=2_000, long=8_000),
    made=40,
    sizes=1 << 15,
    mutants=10,
)
HERE = Path(__file__).parent
SCORERS = [
    ("oracle", "high", "refuses_large_numbers"),
    ("renderings", "medium", "compares_the_whole_reply"),
    ("safe", "critical", "evaluates"),
    ("safe", "critical", "asks_a_shell"),
    ("safe", "critical", "unpickles"),
    ("safe", "medium", "keeps_a_log"),
    ("total", "high", "raises_on_words"),
    ("total", "high", "pays_nan_for_nan"),
    ("total", "medium", "adds_a_bonus"),
    ("total", "high", "says_nothing"),
    ("total", "critical", "leaves"),
    ("no_text", "medium", "pays_what_it_cannot_read"),
    ("bounded", "medium", "searches_lazily"),
    ("bounded", "high", "believes_in_fractions"),
    ("bounded", "high", "hoards"),
    ("repeatable", "high", "hashes"),
    ("repeatable", "high", "watches_the_calendar"),
    ("repeatable", "high", "tires"),
    ("repeatable", "high", "rings"),
    ("hedges", "high", "finds_it_somewhere"),
    ("negations", "high", "reads_the_last_number"),
    ("mutated", "high", "reads_the_beginning"),
    ("decoys", "low", "looks_in_thoughts"),
    ("empty", "critical", "is_contained"),
    ("echoes", "critical", "likes_its_own_words"),
    ("constants", "critical", "matches_a_pattern"),
    ("injection", "critical", "believes"),
    ("mutated", "high", "rounds"),
    ("monotone", "medium", "rewards_distance"),
]
GENERATORS = [
    ("majority", "medium", "mostly_yes"),
    ("floor", "critical", "first_is_last"),
    ("leak", "high", "tells"),
    ("reproducible", "high", "unseeded"),
    ("duplicates", "medium", "few"),
    ("seeds", "high", "adds_seed_and_index"),
    ("splits", "high", "ignores_the_split"),
    ("stalls", "medium", "stalls_at_seven"),
    ("balance", "medium", "mostly_yes"),
    ("position", "high", "first_is_right"),
    ("labels", "high", "mislabels"),
]
SUMS = [
    {"prompt": f"What is {a} + {b}?", "truth": str(a + b), "oracle": f"<answer>{a + b}</answer>"}
    for a, b in ((7 * at % 60 + 3, 41 * at % 97 + 2) for at in range(24))
]


@pytest.mark.parametrize(("name", "severity", "function"), SCORERS)
def test_the_fault_of_a_scorer_is_found(name, severity, function):
    report = audit(f"{HERE / 'broken.py'}:{function}", SUMS, only=[name], effort=EFFORT, limits=Limits(cpu=1))
    assert report.worst == severity, report.results
    assert report.findings[0].property == name
    assert report.findings[0].reproduce.startswith("verienv audit ")


@pytest.mark.parametrize(("name", "severity", "function"), GENERATORS)
def test_the_fault_of_a_generator_is_found(name, severity, function, monkeypatch):
    monkeypatch.setattr(generated, "STALL", 0.2)
    aim = target(f"{HERE / 'broken.py'}:sound", generator=function)
    solver = f"{HERE / 'broken.py'}:adds" if name == "labels" else ""
    effort = dataclasses.replace(EFFORT, items=80) if name == "majority" else EFFORT
    report = audit(aim, only=[name], effort=effort, solver=solver)
    assert report.worst == severity, report.results


@pytest.mark.parametrize("function", SOUND)
def test_nothing_is_found_in_a_sound_scorer(function):
    report = audit(f"{HERE / 'sound.py'}:{function}", SOUND[function], effort=EFFORT)
    assert not report.findings
    assert report.oracle == 1


def test_nothing_is_found_in_a_sound_generator():
    names = [each.name for each in PROPERTIES if each.of == "items"]
    aim = target(f"{HERE / 'broken.py'}:sound", generator="any_sum")
    report = audit(aim, only=names, effort=EFFORT, solver=f"{HERE / 'broken.py'}:adds")
    assert not report.findings
    assert {each.name for each in report if each.status == "skipped"} == {"splits", "balance", "position"}


def test_every_property_has_been_seen_to_fail():
    assert {name for name, *_ in (*SCORERS, *GENERATORS)} == {each.name for each in PROPERTIES}
    assert len(SOUND) >= 20
    assert {function for *_, function in SCORERS} <= set(vars(broken))
