"""What a version once generated it generates for ever, and the gate that says so has been seen to fail."""

from __future__ import annotations

import json

import pytest

import verienv
from verienv import golden
from verienv.errors import UsageError
from verienv.families.sat import Knobs, Sat


class Small(Sat):
    """sat's first levels."""

    levels: tuple[Knobs, ...] = Sat.levels[:2]  # type: ignore[assignment]


SAT = Small()


class Later(Small):
    """sat of another version."""

    version = 2


class Changed(Small):
    """sat that draws differently and did not raise its version."""

    def generate(self, rng, knobs):
        rng.random()
        return super().generate(rng, knobs)


class Reworded(Small):
    """sat that asks differently and did not raise its version."""

    def prompt(self, problem):
        return [*super().prompt(problem), "Please."]


@pytest.mark.parametrize("name", verienv.names())
def test_the_golden_record_holds(name, request):
    task = verienv.load(name)
    if request.config.getoption("--record-golden"):
        golden.record(task)
    assert golden.compare(task) == []


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    tasks = tmp_path_factory.mktemp("tasks")
    golden.record(SAT, tasks)
    return tasks


def test_a_record_covers_every_level_and_split(kept):
    records = json.loads(golden.path(SAT, kept).read_text())["records"]
    assert len(records) == len(SAT.levels) * len(golden.PLACES)
    assert {place.split("/")[1] for place in records} == {"train", "validation", "test"}
    assert len({each["digest"] for each in records.values()}) == len(records)


def test_recording_twice_writes_the_same(kept, tmp_path):
    assert golden.record(SAT, tmp_path).read_bytes() == golden.path(SAT, kept).read_bytes()


def test_a_changed_digest_without_a_raised_version_is_found(kept):
    found = golden.compare(Changed(), kept)
    assert any("digest and text changed without a raised version" in line for line in found)


def test_a_changed_prompt_without_a_raised_version_is_found(kept):
    found = golden.compare(Reworded(), kept)
    assert len(found) == len(SAT.levels) * len(golden.PLACES)
    assert all(line.endswith("text changed without a raised version") for line in found)


def test_a_raised_version_wants_a_new_record(kept):
    assert golden.compare(Later(), kept) == ["sat: version 1 is recorded, this is version 2; record it anew"]


def test_a_missing_place_and_a_missing_file_are_found(kept, tmp_path):
    content = json.loads(golden.path(SAT, kept).read_text())
    content["records"]["L99/train/s0/0"] = content["records"].pop("L0/train/s0/0")
    file = golden.path(SAT, tmp_path)
    assert "record it with" in golden.compare(SAT, tmp_path)[0]
    file.parent.mkdir()
    file.write_text(json.dumps(content))
    assert golden.compare(SAT, tmp_path) == [
        "sat@1/L0/train/s0/0: not recorded",
        "sat@1/L99/train/s0/0: no longer generated",
    ]


def test_outside_a_checkout_nothing_is_recorded(tmp_path):
    with pytest.raises(UsageError, match="checkout"):
        golden.record(SAT, tmp_path / "nowhere")
