"""Two processes learn what one learns: the same replies, rewards and losses, and the same policy at the end."""

from __future__ import annotations

import json
import os
import socket
import sys
import traceback
import warnings
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.grpo.runs import MIX, rows_of, started, tiny, warm
from verienv.dataset.disk import RunError
from verienv.errors import UsageError
from verienv.grpo import checkpoint, dist, loop, run
from verienv.grpo.dist import World

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")

CURRICULUM = (
    MIX + '[[mix]]\ntask = "sat"\nknobs = { n = 2, k = 4, l = 3 }\n'
    '[curriculum]\nkind = "promotion"\nepsilon = 0.01\ninterval = 8\n'
)


def as_ranks(size: int, work: Any) -> None:
    """Run work(rank) in `size` processes that torchrun might have started; a failure in one fails the test."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    children = []
    for rank in range(size):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python 3.12 warns of threads; there are none that hold a lock
            child = os.fork()
        if not child:
            told = {
                "RANK": rank,
                "WORLD_SIZE": size,
                "MASTER_ADDR": "127.0.0.1",
                "MASTER_PORT": port,
                "LOCAL_RANK": rank,
            }
            os.environ.update({name: str(value) for name, value in told.items()})
            try:
                work(rank)
            except BaseException:
                traceback.print_exc(file=sys.__stderr__)
                os._exit(1)
            os._exit(0)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * size


def trained(out: Path, world: World, **given: Any) -> None:
    """A run of a rank."""
    made = started(out, world=world, **given)
    if made.algorithm.kl:
        made.reference = started(out, **given).policy
    world.agree(made.policy)
    world.shard(made.policy)
    assert loop.train(made)


def like(row: dict[str, Any]) -> dict[str, Any]:
    """A row whose sums may be added in another order."""
    return {name: pytest.approx(value, rel=2e-4, abs=2e-6) for name, value in row.items()}


@pytest.mark.parametrize(
    "given",
    [
        {"updates": 2, "loss": "token"},
        {"mix": CURRICULUM, "kl": 0.05, "loss": "sequence", "micro_batch": 3, "advantage": "batch_norm"},
        {"algorithm": "reinforce_pp", "kl": 0.05, "validate": 5},
        {"algorithm": "dapo", "resample_rounds": 4},
    ],
    ids=["token", "kl", "kl_in_reward", "resample"],
)
def test_two_processes_have_the_losses_of_one(tmp_path, given):
    def work(rank):
        with dist.started(torch.device("cpu")) as world:
            assert (world.rank, world.size, world.sharded) == (rank, 2, False)
            trained(tmp_path / "two", world, steps=4, **given)

    warm()
    as_ranks(2, work)
    trained(tmp_path / "one", World(), steps=4, **given)
    two, one = rows_of(tmp_path / "two"), rows_of(tmp_path / "one")
    assert two == [like(row) for row in one]
    assert sum(row["grad_norm"] > 1e-3 for row in one[1:]) >= 2
    held = [json.loads((tmp_path / name / "samples.jsonl").read_text().splitlines()[0]) for name in ("one", "two")]
    assert held[0]["response"] == held[1]["response"]


def test_sharded_parameters_learn_the_same(tmp_path):
    """FSDP2, which GPUs use, here over gloo."""

    def work(rank):
        warnings.filterwarnings("ignore", message="FSDP2-wrapped module")  # views come out, nothing is changed in place
        with dist.started(torch.device("cpu"), sharded=True) as world:
            trained(tmp_path / "two", world, steps=3, layers=2)
            trained(tmp_path / "two", world, steps=4, layers=2)  # resumed

    warm()
    as_ranks(2, work)
    trained(tmp_path / "one", World(), steps=3, layers=2)
    trained(tmp_path / "one", World(), steps=4, layers=2)
    assert rows_of(tmp_path / "two") == [like(row) for row in rows_of(tmp_path / "one")]
    states = [checkpoint.load(tmp_path / name / checkpoint.NAME) for name in ("one", "two")]
    assert states[0] is not None
    assert states[1] is not None
    for name, value in states[0]["policy"].items():
        assert torch.allclose(states[1]["policy"][name], value, atol=1e-5), name


def test_a_sharded_model_is_left_whole_where_from_pretrained_finds_it(tmp_path, monkeypatch):
    transformers = pytest.importorskip("transformers")
    from tests.grpo.test_hf import model

    built, reader = model("text")
    built.save_pretrained(tmp_path / "base")
    reader.save_pretrained(tmp_path / "base")
    given: dict[str, Any] = {"steps": 1, "validate": 0, "max_reply": 4, "zero_spread": "keep"}

    honest = dist.started
    monkeypatch.setattr(dist, "started", lambda device: honest(device, sharded=True))

    def work(rank):
        warnings.filterwarnings("ignore", message="FSDP2-wrapped module")
        run.run(
            tiny(model=str(tmp_path / "base"), **given, weight_decay=0.5, learning_rate=0.1),
            tmp_path / "out",
            device="cpu",
        )

    as_ranks(2, work)
    left = transformers.AutoModelForCausalLM.from_pretrained(tmp_path / "out" / run.MODEL).state_dict()
    held = run.load(tmp_path / "out" / run.POLICY).model.state_dict()
    assert left.keys() == held.keys()
    assert all(torch.equal(left[name], value) for name, value in held.items())
    assert not all(torch.equal(left[name], value) for name, value in built.state_dict().items())
    assert not list((tmp_path / "out" / run.MODEL).glob("*.bin"))


def test_a_disk_that_is_full_for_one_stops_all(tmp_path):
    def work(rank):
        def write(world):
            with world.together():
                if rank == 0:
                    raise RunError("no room")

        with dist.started(torch.device("cpu")) as world, pytest.raises(RunError, match="no room"):
            write(world)

    as_ranks(2, work)


@pytest.mark.parametrize("name", ["cuad", "cuda:x"] if torch.cuda.is_available() else ["cuad", "cuda", "cuda:0"])
def test_a_device_that_is_not_there_is_refused(name):
    with pytest.raises(UsageError, match="device"):
        dist.device(name)


def test_problems_are_shared_evenly():
    assert [list(World(rank, 2).share(4)) for rank in (0, 1)] == [[0, 1], [2, 3]]
    with pytest.raises(UsageError, match="5 prompts a step cannot be shared evenly by 2"):
        World(0, 2).share(5)
