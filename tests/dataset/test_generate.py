"""What a run writes is a function of the plan alone, and no two runs get in each other's way."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from itertools import chain
from pathlib import Path

import pytest

from tests.dataset.trees import tree
from verienv import dataset
from verienv.dataset import disk
from verienv.errors import UsageError

CHECKOUT = Path(__file__).parents[2]
SCRIPT = """
import sys
from verienv import dataset
if __name__ == "__main__":
    order, workers, out = sys.argv[1:]
    plan = dataset.plan("sat", "0:2", count=260, seed=3, order=order, part_rows=60)
    dataset.generate(plan, out, workers=int(workers))
"""


@pytest.mark.parametrize(("order", "runs"), [("level", [(1, 0), (1, 12345), (2, 1), (3, 2)]), ("mixed", [(3, 3)])])
def test_workers_hash_seeds_and_processes_change_no_byte(tmp_path, order, runs):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    started = [
        subprocess.Popen(
            [sys.executable, script, order, str(workers), tmp_path / f"{workers}-{seed}"],
            env={**os.environ, "PYTHONHASHSEED": str(seed), "PYTHONPATH": str(CHECKOUT)},
        )
        for workers, seed in runs
    ]
    assert not any(each.wait() for each in started)
    plan = dataset.plan("sat", "0:2", count=260, seed=3, order=order, part_rows=60)
    dataset.generate(plan, tmp_path / "here")
    here = tree(tmp_path / "here")
    assert len(here) == 7
    for workers, seed in runs:
        assert tree(tmp_path / f"{workers}-{seed}") == here


def test_the_pure_rows_are_the_rows_written(tmp_path):
    for order in ("level", "mixed", "log2_share"):
        plan = dataset.plan("sat", "0:2", count=90, order=order, part_rows=25)
        dataset.generate(plan, tmp_path / order)
        written = list(dataset.read(tmp_path / order))
        assert written == [row.columns() for row in dataset.rows(plan)]


def test_another_plan_is_refused_in_the_same_folder(tmp_path):
    dataset.generate(dataset.plan("sat", "0", count=5), tmp_path)
    before = tree(tmp_path)
    with pytest.raises(UsageError, match="seed: 0 there, 1 asked"):
        dataset.generate(dataset.plan("sat", "0", count=5, seed=1), tmp_path)
    assert tree(tmp_path) == before


def test_a_plan_that_was_begun_is_refused_for_another(tmp_path):
    def stop(done: int, asked: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        dataset.generate(dataset.plan("sat", "0", count=5), tmp_path, progress=stop)
    with pytest.raises(UsageError, match="count: 5 there, 6 asked"):
        dataset.generate(dataset.plan("sat", "0", count=6), tmp_path)


def test_a_folder_with_other_files_and_a_file_are_refused(tmp_path):
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(UsageError, match=r"holds other files \(thesis\.tex"):
        dataset.generate(dataset.plan("sat", "0", count=5), tmp_path)
    with pytest.raises(UsageError, match="is a file"):
        dataset.generate(dataset.plan("sat", "0", count=5), tmp_path / "thesis.tex")
    assert [each.name for each in tmp_path.iterdir()] == ["thesis.tex"]


def test_a_second_writer_is_refused_and_the_first_goes_on(tmp_path):
    plan = dataset.plan("sat", "0", count=50, part_rows=10)
    refused = []

    def intrude(done: int, asked: int) -> None:
        if done == 20:
            with pytest.raises(UsageError, match="another run is writing"):
                dataset.generate(plan, tmp_path / "out")
            refused.append(done)

    dataset.generate(plan, tmp_path / "out", progress=intrude)
    assert refused == [20]
    dataset.generate(plan, tmp_path / "alone")
    assert tree(tmp_path / "out") == tree(tmp_path / "alone")


def test_a_full_disk_is_told_and_the_run_goes_on_once_there_is_room(tmp_path, monkeypatch):
    plan = dataset.plan("sat", "0", count=50, part_rows=10)
    synced = 0

    def full(descriptor: int) -> None:
        nonlocal synced
        synced += 1
        if synced == 6:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(disk, "sync", full)
    with pytest.raises(dataset.RunError, match=r"No space left on device.*[Rr]un the same command again"):
        dataset.generate(plan, tmp_path / "out")
    assert not list((tmp_path / "out").rglob("*.tmp"))
    monkeypatch.undo()
    summary = dataset.generate(plan, tmp_path / "out")
    assert 0 < summary.resumed < 50
    dataset.generate(plan, tmp_path / "whole")
    assert tree(tmp_path / "out") == tree(tmp_path / "whole")


def test_a_file_size_limit_leaves_no_torn_part(tmp_path):
    code = (
        "import resource, signal, sys; from verienv import dataset\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (9000, 9000))\n"
        "try: dataset.generate(dataset.plan('sat', '0', count=20), sys.argv[1])\n"
        "except dataset.RunError as error: print(error)\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "out"], capture_output=True, text=True, check=True, cwd=CHECKOUT
    ).stdout
    assert "File too large" in told
    assert [path.name for path in (tmp_path / "out").rglob("*") if path.is_file() and path.parent.name == "data"] == []


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(dataset.RunError, match="cannot write to"):
        dataset.generate(dataset.plan("sat", "0", count=5), tmp_path / "file" / "below")


def test_a_worker_that_dies_ends_the_run_with_an_error_and_the_next_one_finishes(tmp_path):
    plan = dataset.plan("sat", "0:1", count=2000, part_rows=50)

    def kill(done: int, asked: int) -> None:
        if done == 100:
            import multiprocessing

            for child in multiprocessing.active_children():
                child.kill()

    with pytest.raises(dataset.RunError, match="worker process died"):
        dataset.generate(plan, tmp_path / "out", workers=2, progress=kill)
    assert dataset.generate(plan, tmp_path / "out").resumed >= 100
    dataset.generate(plan, tmp_path / "whole")
    assert tree(tmp_path / "out") == tree(tmp_path / "whole")


def test_shards_are_disjoint_and_together_the_whole(tmp_path):
    for order in ("level", "mixed"):
        whole = {row.address for row in dataset.rows(dataset.plan("sat", "2:4", count=101, order=order))}
        shards = [
            [row.address for row in dataset.rows(dataset.plan("sat", "2:4", count=101, order=order, shard=(at, 4)))]
            for at in (1, 2, 3, 4)
        ]
        assert [len(shard) for shard in shards] == [25, 25, 25, 26]
        assert sorted(chain(*shards)) == sorted(whole)


def test_the_manifest_says_what_there_is(tmp_path):
    plan = dataset.plan("sat", "0,2", count=30, part_rows=8)
    summary = dataset.generate(plan, tmp_path)
    manifest = json.loads((tmp_path / "manifest.json").read_bytes())
    assert manifest["rows"] == summary.rows == 30
    assert [part["rows"] for part in manifest["parts"]] == [8, 8, 8, 6]
    assert [(each["setting"], each["rows"]) for each in manifest["cells"]] == [("L0", 15), ("L2", 15)]
    assert manifest["plan_sha256"] == plan.digest
    assert (tmp_path / "README.md").read_text().startswith("---\nconfigs:\n- config_name: sat\n")
