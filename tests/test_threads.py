"""Sixteen threads give what one thread gives."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

import verienv
from tests.profile import profile_size
from verienv import attacks, rng
from verienv.contract.bench import each_reply, seen

THREADS = 16
PLACES = profile_size(fast=6, ci=40, long=400)


@pytest.mark.parametrize("name", verienv.names())
def test_sixteen_threads_give_what_one_gives(name):
    task = verienv.load(name)
    levels = len(task.levels)
    together = threading.Barrier(THREADS)

    def work(_: int) -> list[object]:
        together.wait()
        return verdicts()

    def verdicts() -> list[object]:
        found: list[object] = []
        for place in range(PLACES):
            instance = task.instance(place % levels, seed=place, index=place)
            right = task.oracle(instance)
            twist = partial(attacks.twisted, rng=rng.stream("threads", name, place))
            twisted = [each_reply(right, twist) for _ in range(10)]
            scores = [task.score(instance, reply) for reply in (right, *twisted)]
            found.append((instance.digest, seen(instance.prompt), scores))
        return found

    with ThreadPoolExecutor(THREADS) as pool:
        results = list(pool.map(work, range(THREADS)))
    alone = verdicts()
    assert all(result == alone for result in results)
