"""Hostile replies by the thousand: no exception, nothing paid to noise, and every verdict within milliseconds."""

from __future__ import annotations

import sys
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import verienv
from tests import strategies
from tests.profile import profile_size
from verienv import attacks, reward, rng
from verienv.contract.answers import sound
from verienv.contract.bench import each_reply
from verienv.task import Game

COUNT = profile_size(fast=4_000, ci=20_000, long=100_000)
SLOWEST = 0.010  # CPU seconds, the 99th percentile


@pytest.mark.parametrize("name", verienv.names())
def test_a_family_withstands_thousands_of_hostile_replies(name):
    task = verienv.load(name)
    levels = range(len(task.levels))
    places = [task.instance(level, seed=11, index=index) for level in levels for index in range(4)]
    oracles = [task.oracle(instance) for instance in places]
    stream = rng.stream("hostile", name)
    sys.modules.pop(attacks.CANARY, None)
    spent, blind = [], []
    for attempt in range(COUNT):
        at = attempt % len(places)
        twisting = attempt % 2
        change = (lambda reply: attacks.twisted(reply, stream)) if twisting else (lambda reply: attacks.blind(stream))
        reply = each_reply(oracles[at], change)
        start = time.thread_time()
        score = task.score(places[at], reply)
        spent.append(time.thread_time() - start)
        assert not sound(score), (places[at].address, reply)
        if not twisting:
            blind.append(score.value)
    spent.sort()
    assert spent[len(spent) * 99 // 100] < SLOWEST
    assert attacks.CANARY not in sys.modules
    if not isinstance(task, Game):
        assert sum(blind) / len(blind) <= 0.002


@pytest.mark.parametrize("name", verienv.names())
@given(data=st.data())
def test_any_reply_on_any_problem_has_a_sound_verdict(name, data):
    task = verienv.load(name)
    level = data.draw(st.integers(0, min(2, len(task.levels) - 1)))
    instance = task.instance(level, index=data.draw(st.integers(0, 50)))
    reply = data.draw(strategies.replies())
    score = task.score(instance, reply)
    assert not sound(score)
    assert score.parts.keys() == set(task.parts)
    earned = reward.RewardFunction(task, dict.fromkeys(reward.term_names(task), 1.0))(instance, reply)
    assert earned.score == score
    assert all(0 <= value <= 1 for value in earned.terms.values())


@pytest.mark.parametrize("name", verienv.names())
@settings(suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])  # knobs may exclude each other
@given(data=st.data())
def test_any_small_legal_knobs_generate_or_are_refused(name, data):
    task = verienv.load(name)
    knobs = data.draw(strategies.knobs(task.knobs, spread=5))
    try:
        instance = task.instance(knobs=knobs, index=data.draw(st.integers(0, 5)))
    except (verienv.KnobError, verienv.GenerationError):
        return
    assert task.score(instance, task.oracle(instance)).right
    assert task.at(instance.address).digest == instance.digest


@pytest.mark.parametrize("name", verienv.names())
def test_memory_stays_flat_on_a_megabyte(name):
    import tracemalloc

    task = verienv.load(name)
    instance = task.instance(0)
    for text in ("<answer>" * 131_072, "1 " * 524_288, "\ufdfa" * 1_000_000):
        tracemalloc.start()
        task.score(instance, text)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 64 << 20
