"""`verienv train` and `verienv sft`: every shipped recipe runs, and what is wrong is said before anything runs."""

from __future__ import annotations

import importlib
import importlib.machinery
import importlib.util
import json
import os
import re
import subprocess
import sys
import types
from typing import Any

import click
import pytest

from tests.cli.conftest import CHECKOUT
from verienv import recipe

needs_torch = pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="needs torch")
TINY = """
[[mix]]
task = "sat"
knobs = { n = 2, k = 4, l = 4 }
[train]
steps = 3
prompts = 2
group = 4
max_reply = 8
width = 16
layers = 1
heads = 2
wording = 6
sft_steps = 2
sft_batch = 4
validate = 4
"""


@pytest.fixture
def tiny(tmp_path):
    """A recipe file of one's own."""
    path = tmp_path / "tiny.toml"
    path.write_text(TINY)
    return path


@needs_torch
@pytest.mark.parametrize("name", recipe.names())
def test_every_shipped_recipe_runs_from_end_to_end(rows, tmp_path, name):
    [said] = rows("train", name, "--smoke", "-o", tmp_path / "out", "--json")
    assert said["step"] == 2
    left = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"run.json", "warm.pt", "checkpoint.pt", "metrics.jsonl", "samples.jsonl", "policy.pt", "curves.png"} <= left
    lines = [json.loads(line) for line in (tmp_path / "out" / "metrics.jsonl").read_text().splitlines()]
    assert [row["step"] for row in lines] == [0, 1, 2]
    assert lines[-1]["updates"] >= 1
    assert lines[-1]["unscorable"] == 0


@needs_torch
def test_a_run_goes_on_only_when_asked(run, rows, tiny, tmp_path):
    out = tmp_path / "out"
    assert rows("train", tiny, "-o", out, "--json", "--set", "train.steps=1")[0]["step"] == 1
    refused = run("train", tiny, "-o", out)
    assert refused.exit_code == 2
    assert "--resume" in refused.stderr
    assert rows("train", tiny, "-o", out, "--json", "--resume")[0]["step"] == 3
    other = run("train", tiny, "-o", out, "--resume", "--set", "train.group=2")
    assert other.exit_code == 2
    assert "group = 4, and not 2" in other.stderr


@needs_torch
def test_the_warm_start_alone_and_training_from_it(rows, tiny, tmp_path):
    out = tmp_path / "out"
    [said] = rows("sft", tiny, "-o", out, "--json")
    assert (said["step"], said["before"]) == (0, None)
    assert 0 <= said["after"] <= 1
    losses = [json.loads(line)["loss"] for line in (out / "sft.jsonl").read_text().splitlines()]
    assert len(losses) == 2
    warm = (out / "warm.pt").read_bytes()
    assert rows("train", tiny, "-o", out, "--json", "--resume")[0]["step"] == 3
    assert (out / "warm.pt").read_bytes() == warm
    trained = tmp_path / "more"
    line = ("train", tiny, "-o", trained, "--json", "--set", f"train.model={out / 'policy.pt'}")
    assert rows(*line, "--set", "train.sft_steps=0")[0]["step"] == 3


@needs_torch
def test_metrics_go_to_trackio_too(run, tiny, tmp_path, monkeypatch):
    told: list[Any] = []
    fake = types.ModuleType("trackio")
    fake.__spec__ = importlib.machinery.ModuleSpec("trackio", None)
    fake.__dict__.update(
        init=lambda **given: told.append(given),
        log=lambda row, step: told.append((step, row)),
        finish=lambda: told.append("finished"),
    )
    monkeypatch.setitem(sys.modules, "trackio", fake)
    assert run("train", tiny, "-o", tmp_path / "out", "--report", "trackio").exit_code == 0
    assert told[0] == {"project": "verienv", "name": "out"}
    assert [step for step, _ in told[1:-1]] == [0, 1, 2, 3]
    assert 0 <= told[2][1]["reward"] <= 1
    assert "step" not in told[2][1]
    assert told[-1] == "finished"


@needs_torch
def test_metrics_go_to_tensorboard_too(run, tiny, tmp_path):
    pytest.importorskip("tensorboard")
    assert run("train", tiny, "-o", tmp_path / "out", "--report", "tensorboard").exit_code == 0
    accumulator = importlib.import_module("tensorboard.backend.event_processing.event_accumulator")
    held = accumulator.EventAccumulator(str(tmp_path / "out" / "tensorboard"))
    held.Reload()
    assert [each.step for each in held.Scalars("reward")] == [1, 2, 3]


@needs_torch
def test_a_place_for_metrics_that_is_not_there_is_refused(run, tiny, tmp_path, monkeypatch):
    refused = run("train", tiny, "-o", tmp_path / "out", "--report", "tensorboad")
    assert (refused.exit_code, "did you mean 'tensorboard'" in refused.stderr) == (2, True)
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *rest: find(name) if name == "torch" else None)
    refused = run("train", tiny, "-o", tmp_path / "out", "--report", "trackio")
    assert (refused.exit_code, "pip install trackio" in refused.stderr) == (2, True)
    assert not (tmp_path / "out").exists()


@needs_torch
def test_it_is_silent_in_a_pipe(run, tiny, tmp_path):
    result = run("train", tiny, "-o", tmp_path / "out", "--set", "train.steps=1")
    assert result.exit_code == 0
    assert result.output == ""


@needs_torch
@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_a_terminal_gets_a_line_with_accuracy_and_the_time_left(tiny, tmp_path):
    import pty

    ours, theirs = pty.openpty()
    told = {**os.environ, "PYTHONPATH": str(CHECKOUT), "TERM": "xterm", "COLUMNS": "100", "NO_COLOR": "1"}
    line = [sys.executable, "-m", "verienv", "train", str(tiny), "-o", str(tmp_path / "out"), "--set", "train.steps=40"]
    with subprocess.Popen(line, stdout=theirs, stderr=theirs, env=told) as process:
        os.close(theirs)
        seen = b""
        while True:
            try:
                chunk = os.read(ours, 4096)
            except OSError:  # Linux says so when the other end is closed
                break
            if not chunk:
                break
            seen += chunk
        os.close(ours)
        assert process.wait() == 0
    text = seen.decode()
    assert re.search(r"reward -?\d\.\d\d  accuracy +\d+%  validation \d+% .*\d+/40 .*\d:\d\d:\d\d", text), text[-2000:]
    assert re.search(r"validation accuracy \d+% → \d+% in 40 steps, \d+ s", text)
    assert "curves.png" in text


WRONG = [
    (["train", "saturnn"], "did you mean 'saturn'"),
    (["train", "saturn", "--set", "train.stepps=3"], "did you mean 'steps'"),
    (["train", "saturn", "--set", "train.steps=-3"], "train.steps = -3: out of range"),
    (["train", "saturn", "--set", "train.algorithm=dappo"], "did you mean 'dapo'"),
    (["train", "saturn", "--set", "steps"], "like train.steps=50"),
    (["train", "saturn", "--set", "mix.task=sat"], "table to change"),
    (["train", "nowhere.toml"], "cannot read the recipe"),
    (["sft", "saturnn"], "did you mean 'saturn'"),
]


@pytest.mark.parametrize(("line", "told"), WRONG, ids=lambda given: " ".join(given) if isinstance(given, list) else "")
def test_what_is_wrong_is_said_before_anything_runs(run, tmp_path, monkeypatch, line, told):
    monkeypatch.chdir(tmp_path)
    result = run(*line)
    assert result.exit_code == 2
    assert told in result.stderr
    assert not list(tmp_path.iterdir())


def test_without_torch_the_line_that_installs_it_is_told(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *rest: None)
    result = run("train", "saturn", "--smoke")
    assert result.exit_code == 2
    assert 'pip install "verienv[train]"' in result.stderr
    assert not list(tmp_path.iterdir())


def test_names_and_keys_are_completed():
    from verienv.cli.train import Change, RecipeName, command

    context = click.Context(command)
    [parameter, *_] = command.params
    assert [item.value for item in RecipeName().shell_complete(context, parameter, "satu")] == ["saturn", "saturn-7b"]
    found = [item.value for item in Change().shell_complete(context, parameter, "train.st")]
    assert found == ["train.steps="]
