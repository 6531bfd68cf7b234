"""Replies from a file are scored line by line, whatever the lines hold."""

from __future__ import annotations

import io
import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from tests.profile import profile_size
from verienv import dataset, files, scoring
from verienv.errors import UsageError
from verienv.families import sat


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    root: Path = tmp_path_factory.mktemp("made") / "sat"
    dataset.generate(dataset.plan("sat", "0:1", count=20), root)
    return root


def write(path: Path, *lines: object) -> Path:
    path.write_bytes(
        b"\n".join(line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines) + b"\n"
    )
    return path


def test_the_oracles_replies_score_1_and_are_summed_by_level(made, tmp_path):
    records = list(dataset.read(made))
    replies = [{"address": each["address"], "response": each["oracle"]} for each in records]
    report = scoring.score_file(made, write(tmp_path / "r.jsonl", *replies), tmp_path / "out.jsonl")
    results = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [each["address"] for each in results] == [each["address"] for each in records]
    assert all(each["value"] == 1 and each["reason"] == "right" and each["readable"] for each in results)
    assert set(results[0]) == {"address", "value", "parts", "reason", "readable"}
    assert report.clean
    assert (report.scored, report.mean) == (20, 1.0)
    assert {name: group.replies for name, group in report.groups.items()} == {("sat", "L0"): 10, ("sat", "L1"): 10}


def test_a_line_that_cannot_be_scored_is_told_with_its_number(made, tmp_path):
    good = {"address": "sat@1/L0/train/s0/0", "response": "<answer>00000</answer>"}
    lines = [
        good,
        b"{nonsense",
        b"\xff\xfe",
        b"[" * 100_000,
        [1],
        {"response": "x"},
        {"address": 7, "response": "x"},
        {"address": good["address"]},
        {"address": good["address"], "response": 3},
        {"address": "sat@1/L0/train/s0", "response": "x"},
        {"address": "sat@1/L0/train/s999/0", "response": "x"},
        {"spec": "{", "response": "x"},
        b'{"address": 1' + b"0" * 5000 + b"}",
        b"",
        {"spec": json.dumps({"address": good["address"]}), "response": "x"},
    ]
    report = scoring.score_file(made, write(tmp_path / "r.jsonl", *lines), tmp_path / "out.jsonl")
    assert report.scored == 2
    assert [line for line, _ in report.told] == list(range(2, 14))
    told = dict(report.told)
    assert "nested too deeply" in told[4]
    assert 'has no "address"' in told[6]
    assert 'has no "response"' in told[8]
    assert "is not in" in told[11]
    assert report.malformed == 12
    assert not report.clean


def test_hostile_text_is_scored_and_written_as_ascii(made, tmp_path):
    replies = ["\ud800\udfff\x00", "\x1b]0;title\x07", "<answer>" * 10_000, "\u202e" * 100, "٠" * 5]
    lines = [{"address": "sat@1/L0/train/s0/0", "response": reply} for reply in replies]
    report = scoring.score_file(None, write(tmp_path / "r.jsonl", *lines), tmp_path / "out.jsonl")
    assert report.scored == len(replies)
    (tmp_path / "out.jsonl").read_bytes().decode("ascii")


def test_an_endless_line_is_skipped_without_being_held(tmp_path, monkeypatch):
    monkeypatch.setattr(scoring, "MAX_LINE", 1000)
    good = {"address": "sat@1/L0/train/s0/0", "response": "x"}
    path = write(tmp_path / "r.jsonl", good, b"x" * 1_000_000, good)
    report = scoring.score_file(None, path, io.StringIO())
    assert (report.scored, report.malformed) == (2, 1)
    assert report.told[0] == (2, "longer than 1,000 bytes")


def test_memory_does_not_grow_with_the_replies(tmp_path):
    count = profile_size(fast=2_000, ci=20_000, long=200_000)
    lines = ({"address": f"sat@1/L0/train/s0/{at}", "response": "<answer>0</answer>"} for at in range(count))
    path = write(tmp_path / "r.jsonl", *lines)
    held: list[int] = []
    tracemalloc.start()
    try:
        scoring.score_file(None, path, progress=lambda done: held.append(tracemalloc.get_traced_memory()[0]))
    finally:
        tracemalloc.stop()
    assert held[-1] - held[2] < 60_000


def test_a_problem_that_changed_since_is_told(made, tmp_path):
    part = made / "data" / "train-00000.jsonl"
    before = part.read_text()
    record = json.loads(before.splitlines()[0])
    part.write_text(before.replace(record["digest"], "0" * 64))
    line = {"address": record["address"], "response": record["oracle"]}
    try:
        report = scoring.score_file(made, write(tmp_path / "r.jsonl", line))
    finally:
        part.write_text(before)
    assert report.malformed == 1
    assert "means another problem now" in report.told[0][1]


def test_what_is_not_there_is_told(made, tmp_path):
    with pytest.raises(UsageError, match="cannot read"):
        scoring.score_file(made, tmp_path / "none.jsonl")
    with pytest.raises(UsageError, match="not a finished dataset"):
        scoring.score_file(tmp_path, write(tmp_path / "r.jsonl"))
    with pytest.raises(dataset.RunError, match="cannot write"):
        scoring.score_file(made, write(tmp_path / "r.jsonl"), tmp_path / "nowhere" / "out.jsonl")


CNF = "p cnf 3 3\n1 2 0\n-1 3 0\n-2 -3 0\n"


@pytest.fixture
def imported(tmp_path) -> tuple[Path, dict[str, Any]]:
    [found] = sat.task.read(CNF)
    row = files.row(sat.task, found, "f.cnf")
    return write(tmp_path / "rows.jsonl", row), row


def test_problems_that_were_read_are_scored_by_address_and_by_spec(imported, tmp_path):
    path, row = imported
    right, wrong = "<answer>101</answer>", "<answer>000</answer>"
    lines = [
        {"address": row["address"], "response": right},
        {"address": row["address"], "response": wrong},
        {"spec": row["spec"], "response": right},
        {"spec": json.loads(row["spec"]), "response": "none"},
    ]
    report = scoring.score_file(path, write(tmp_path / "r.jsonl", *lines), tmp_path / "out.jsonl")
    results = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert report.clean
    assert [each["value"] for each in results] == [1.0, 0.0, 1.0, 0.0]
    assert {each["address"] for each in results} == {row["address"]}
    assert {name: group.replies for name, group in report.groups.items()} == {("sat", "read"): 4}
    without = scoring.score_file(None, write(tmp_path / "s.jsonl", *lines[2:]))
    assert (without.scored, without.clean) == (2, True)


def test_what_is_wrong_with_a_read_problem_is_told(imported, made, tmp_path):
    path, row = imported
    spec = json.loads(row["spec"])
    other = {**spec, "problem": {**spec["problem"], "clauses": [[1, 2], [-1, 3], [-2, 3]]}}
    changed = {**other, "digest": files.digest(sat.task, sat.task.from_json(other["problem"]))}
    lines = [
        {"spec": other, "response": "x"},
        {"spec": {**spec, "task": "sta"}, "response": "x"},
        {"spec": {"problem": 1}, "response": "x"},
        {"spec": "problem", "response": "x"},
        {"spec": ["problem"], "response": "x"},
        {"address": row["spec"], "response": "x"},
        {"address": row["address"][:-1] + "g", "response": "x"},
        {"spec": changed, "response": "<answer>101</answer>"},
    ]
    replies = write(tmp_path / "r.jsonl", *lines)
    report = scoring.score_file(path, replies)
    assert (report.scored, report.malformed) == (0, len(lines))
    told = dict(report.told)
    assert "digest of the spec" in told[1]
    assert "'sat'" in told[2]
    assert "not an address" in told[6]
    assert "is not in" in told[7]
    assert "is not in" in told[8]
    assert scoring.score_file(None, replies).scored == 1, "the changed problem is a sound one, of no data set"
    [read] = [{"address": row["address"], "response": "x"}]
    assert "is not in" in scoring.score_file(made, write(tmp_path / "s.jsonl", read)).told[0][1]
    assert "give the file of its row" in scoring.score_file(None, write(tmp_path / "s.jsonl", read)).told[0][1]


@pytest.mark.parametrize("content", [b"{", b"[1]", b"[" * 100_000, b"\xff", b'{"spec": 1}', b'{"address": "x"}'])
def test_a_file_that_holds_no_rows_is_refused_with_the_line(tmp_path, content):
    (tmp_path / "rows.jsonl").write_bytes(content + b"\n")
    with pytest.raises(UsageError, match="not a row of a dataset"):
        scoring.score_file(tmp_path / "rows.jsonl", write(tmp_path / "r.jsonl"))


@pytest.mark.parametrize(
    "manifest",
    [
        [],
        {"parts": [1], "plan": {"shard": [1, 1]}, "rows": 1},
        {"parts": [], "plan": 2, "rows": 1},
        {"parts": [], "plan": {"shard": [1]}, "rows": 1},
        {"parts": [{"name": "../secret.jsonl", "sha256": ""}], "plan": {"shard": [1, 1]}, "rows": 1},
        {"parts": [{"name": "/etc/passwd", "sha256": ""}], "plan": {"shard": [1, 1]}, "rows": 1},
        {"parts": [{"name": "data/../../secret.jsonl", "sha256": ""}], "plan": {"shard": [1, 1]}, "rows": 1},
    ],
)
def test_a_manifest_from_elsewhere_is_not_trusted(tmp_path, manifest):
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(UsageError, match="not the manifest of a dataset"):
        list(dataset.read(tmp_path))


def test_a_dataset_that_was_only_begun_is_told_as_such(tmp_path):
    def stop(done: int, asked: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        dataset.generate(dataset.plan("sat", "0", count=5), tmp_path / "out", progress=stop)
    with pytest.raises(UsageError, match="generate it again with the same words"):
        scoring.score_file(tmp_path / "out", write(tmp_path / "r.jsonl"))
