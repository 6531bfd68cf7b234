"""A run is never lost: whatever ends it, the same command goes on and leaves what an undisturbed run leaves."""

from __future__ import annotations

import errno
import os
import pickle
import signal
import time
import warnings
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.grpo.runs import bytes_of, go, resumable, rows_of, tiny, warm
from verienv.dataset import disk
from verienv.dataset.disk import RunError
from verienv.errors import UsageError
from verienv.grpo import checkpoint, loss, run

# Adam's moments, a reference, ratios of a second update and moving weights all have to come back.
HARD: dict[str, Any] = {"updates": 2, "kl": 0.05, "advantage": "mean", "schedule": "linear"}
MOVING = (
    '[[mix]]\ntask = "sat"\nknobs = { n = 2, k = 4, l = 4 }\n[[mix]]\ntask = "sat"\nknobs = { n = 2, k = 4, l = 3 }\n'
    "[reward]\nscore = 1.0\nreadable = [[0, 0.5], [6, 0.0]]\n"
    '[curriculum]\nkind = "promotion"\nepsilon = 0.01\ninterval = 8\n'
)


@pytest.fixture(scope="module")
def straight(tmp_path_factory):
    """An undisturbed run."""
    out = tmp_path_factory.mktemp("straight")
    go(out, mix=MOVING, **HARD)
    return out


def test_the_undisturbed_run_learns_and_moves(straight):
    rows = rows_of(straight)
    assert [row["step"] for row in rows] == [0, 1, 2, 3, 4, 5, 6]
    assert all(row["updates"] == 2 for row in rows[1:] if row["frac_reward_zero_std"] < 1)
    assert any(row["grad_norm"] > 0 for row in rows[1:])
    assert rows[-1]["stage"] == 1
    assert rows[-1]["kl"] > 0


@pytest.mark.parametrize("at", [1, 3, 5])
def test_a_run_stopped_by_ctrl_c_goes_on_to_the_same_bytes(tmp_path, straight, at):
    def stop(row):
        if row.get("step") == at:
            os.kill(os.getpid(), signal.SIGINT)

    result = go(tmp_path, stop, mix=MOVING, **HARD)
    assert result.signal == signal.SIGINT
    assert result.step == at  # the step under way was finished and kept
    state = checkpoint.load(tmp_path / checkpoint.NAME)
    assert state is not None
    assert state["step"] == at
    assert go(tmp_path, mix=MOVING, **HARD).step == 6
    assert bytes_of(tmp_path) == bytes_of(straight)
    same(tmp_path, straight)


def test_what_is_drawn_by_torch_itself_goes_on_too(tmp_path, monkeypatch):
    """As dropout would."""
    honest = loss.of_tokens

    def noisy(*args, **given):
        found = honest(*args, **given)
        return found * torch.rand_like(found)

    monkeypatch.setattr(loss, "of_tokens", noisy)

    def stop(row):
        if row.get("step") == 2:
            os.kill(os.getpid(), signal.SIGTERM)

    assert go(tmp_path / "two", stop, zero_spread="keep").signal == signal.SIGTERM
    torch.rand(3)
    go(tmp_path / "two", zero_spread="keep")
    go(tmp_path / "one", zero_spread="keep")
    assert bytes_of(tmp_path / "one") == bytes_of(tmp_path / "two")


def test_a_second_ctrl_c_stops_at_once(tmp_path):
    def insist(row):
        if row.get("step") == 3:
            os.kill(os.getpid(), signal.SIGINT)
            os.kill(os.getpid(), signal.SIGINT)

    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        go(tmp_path, insist)
    assert signal.getsignal(signal.SIGINT) is before
    state = checkpoint.load(tmp_path / checkpoint.NAME)
    assert state is not None
    assert state["step"] == 2


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_run_killed_again_and_again_leaves_the_same_bytes(tmp_path, straight):
    """SIGKILL at moments nobody chose, shortly after a step was logged."""
    kills = 0
    for wait in (0.0, 0.15, 0.3, 0.45, 0.6, 0.2, 0.4, 0.1, 0.5):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python 3.12 warns of threads; there are none that hold a lock
            child = os.fork()
        if not child:
            go(tmp_path, mix=MOVING, **HARD, save_every=1)
            os._exit(0)
        lines = tmp_path / "metrics.jsonl"
        had, end = count(lines), time.monotonic() + 60
        while count(lines) <= had and time.monotonic() < end and not os.waitpid(child, os.WNOHANG)[0]:
            time.sleep(0.002)
        time.sleep(wait * 0.05)
        try:
            os.kill(child, signal.SIGKILL)
            kills += os.waitpid(child, 0)[1] != 0
        except (ProcessLookupError, ChildProcessError):
            break
    assert kills >= 3
    assert go(tmp_path, mix=MOVING, **HARD, save_every=1).step == 6
    assert bytes_of(tmp_path) == bytes_of(straight)
    same(tmp_path, straight)


@pytest.mark.parametrize("how", ["an error", "Ctrl-C"])
def test_a_run_that_ends_in_its_warm_start_makes_it_again(tmp_path, how):
    made = tiny(model="small", sft_steps=4, sft_batch=8, steps=1)

    def stop(row):
        if row.get("sft") == 2 and how == "Ctrl-C":
            os.kill(os.getpid(), signal.SIGINT)
        elif row.get("sft") == 2:
            raise ZeroDivisionError

    if how == "Ctrl-C":
        assert run.run(made, tmp_path / "a", told=stop).signal == signal.SIGINT
    else:
        with pytest.raises(ZeroDivisionError):
            run.run(made, tmp_path / "a", told=stop)
    assert not (tmp_path / "a" / run.WARM).exists()
    assert not (tmp_path / "a" / run.POLICY).exists()
    run.run(made, tmp_path / "a", resume=True)
    run.run(made, tmp_path / "b")
    assert bytes_of(tmp_path / "a") == bytes_of(tmp_path / "b")
    same(tmp_path / "a", tmp_path / "b")


@pytest.mark.parametrize("full", ["checkpoint", "journal"])
def test_a_full_disk_ends_the_run_and_leaves_the_checkpoint_before(tmp_path, straight, monkeypatch, full):
    def no_room(*args):
        raise OSError(errno.ENOSPC, "No space left on device")

    def fill(row):
        if row.get("step") == 3 and full == "checkpoint":
            monkeypatch.setattr(disk, "sync", no_room)
        elif row.get("step") == 3:
            monkeypatch.setattr(os, "fsync", no_room)

    with pytest.raises(RunError, match=r"No space left on device.*--resume"):
        go(tmp_path, fill, mix=MOVING, **HARD)
    monkeypatch.undo()
    state = checkpoint.load(tmp_path / checkpoint.NAME)
    assert state is not None
    assert state["step"] == 2
    assert not list(tmp_path.glob(".*.tmp"))
    go(tmp_path, mix=MOVING, **HARD)
    assert bytes_of(tmp_path) == bytes_of(straight)


def test_a_file_that_may_grow_no_further_ends_the_run_likewise(tmp_path, straight):
    """The kernel's own refusal, in the middle of a checkpoint."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)

    def fill(row):
        if row.get("step") == 3:
            resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))

    try:
        with pytest.raises(RunError, match=r"File too large.*--resume"):
            go(tmp_path, fill, mix=MOVING, **HARD)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert (tmp_path / checkpoint.NAME).stat().st_size > 100_000
    assert not list(tmp_path.glob(".*.tmp"))
    go(tmp_path, mix=MOVING, **HARD)
    assert bytes_of(tmp_path) == bytes_of(straight)


def test_a_disk_that_torch_finds_full_is_named(tmp_path):
    class Full:
        def write(self, data):
            raise OSError(errno.ENOSPC, "No space left on device")

        def flush(self):
            pass

    with pytest.raises(OSError, match="No space left"):
        checkpoint._write({"weights": torch.zeros(10)}, Full())


def test_a_run_is_not_begun_twice_and_goes_on_only_as_the_same(tmp_path):
    go(tmp_path, steps=2)
    with pytest.raises(UsageError, match="--resume"):
        run.run(resumable(steps=2), tmp_path)
    with pytest.raises(UsageError, match="prompts = 4, and not 8"):
        run.run(resumable(steps=2, prompts=8), tmp_path, resume=True)
    with pytest.raises(UsageError, match=r"kl = 0\.0, and not 0\.5"):
        run.run(resumable(steps=2, kl=0.5), tmp_path, resume=True)
    assert go(tmp_path, steps=3, save_every=1, micro_batch=2).step == 3


def test_two_runs_do_not_write_to_one_folder(tmp_path):
    def again(row):
        if row.get("step") == 1:
            with pytest.raises(UsageError, match="another run is writing"):
                go(tmp_path, steps=2)

    go(tmp_path, again, steps=2)


@pytest.mark.parametrize("content", [b"", b"torn", pickle.dumps({"format": 1}), b"PK\x03\x04 torn"])
def test_a_file_that_is_no_checkpoint_is_refused(tmp_path, content):
    path = tmp_path / checkpoint.NAME
    path.write_bytes(content)
    with pytest.raises(UsageError):
        checkpoint.load(path)


class Trap:
    """Unpickles into a call."""

    def __reduce__(self):
        return Path.touch, (Path("sprung"),)


def test_no_code_in_a_checkpoint_is_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    torch.save({"format": 1, "trap": Trap()}, "trap.pt")
    with pytest.raises(UsageError, match="not a checkpoint"):
        checkpoint.load(Path("trap.pt"))
    assert not Path("sprung").exists()


def test_the_policy_left_behind_is_the_one_trained(straight):
    state = checkpoint.load(straight / checkpoint.NAME)
    assert state is not None
    held = run.load(straight / run.POLICY).state_dict()
    assert all(torch.equal(held[name], value) for name, value in state["policy"].items())
    start = run.load(warm()).state_dict()
    assert not all(torch.equal(held[name], value) for name, value in start.items())
    with pytest.raises(UsageError, match="not a policy"):
        run.load(straight / checkpoint.NAME)
    with pytest.raises(UsageError, match="not a policy"):
        run.load(straight / "nothing.pt")


def same(one: Path, other: Path) -> None:
    """Equal weights and moments, bit for bit."""
    states = [checkpoint.load(each / checkpoint.NAME) for each in (one, other)]
    assert states[0] is not None
    assert states[1] is not None
    for name, value in states[0]["policy"].items():
        assert torch.equal(value, states[1]["policy"][name]), name
    for at, held in states[0]["optimizer"]["state"].items():
        for name, value in held.items():
            assert torch.equal(value, states[1]["optimizer"]["state"][at][name])


def count(path: Path) -> int:
    """Lines in a file."""
    return path.read_bytes().count(b"\n") if path.exists() else 0
