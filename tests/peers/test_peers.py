"""Peers that are set up run to their end; and the page tells what was recorded."""

from __future__ import annotations

import os

import pytest

from tests.peers import run


@pytest.mark.peer
@pytest.mark.parametrize("name", run.PEERS)
def test_a_peer_that_is_set_up_runs(name):
    if "VERIENV_PEERS" not in os.environ or not run.python_of(name).exists():
        pytest.skip(f"not set up: python tests/peers/run.py {name}, then VERIENV_PEERS names the folder")
    assert run.run(name) is not None


@pytest.mark.peer
def test_stable_baselines_accepts_what_it_is_given():
    pytest.importorskip("stable_baselines3")
    from tests.peers import with_sb3

    told: list[str] = []
    with_sb3.accept(lambda what, result: told.append(what))
    assert told


def test_the_page_holds_the_recorded_runs():
    assert run.table() in run.TABLE.read_text(encoding="utf-8")


def test_every_peer_has_its_record():
    assert {path.stem for path in run.RECORDS.glob("*.json")} == set(run.PEERS)
