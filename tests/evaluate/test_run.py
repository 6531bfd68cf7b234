"""A run keeps every reply once, goes on after a kill, gives up in time, and is what `verienv score` reads."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import verienv
from tests import loopback
from verienv import dataset, evaluate, scoring
from verienv.errors import UsageError
from verienv.evaluate import Said, journal
from verienv.evaluate.policy import PolicyError, load

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def problems() -> list[str]:
    """Twelve problems of two levels."""
    return evaluate.problems(["sat"], "0:1", count=6)


@pytest.fixture(scope="module")
def answers(problems) -> dict[str, str]:
    """Prompt → the oracle's reply."""
    instances = [verienv.instance(address) for address in problems]
    return {str(each.prompt[0]): each.task.oracle(each) for each in instances}


@pytest.fixture
def oracle(answers):
    """A policy that is always right."""
    return lambda messages: answers[messages[-1]["content"]]


def keys(folder: Path) -> list[tuple[str, int]]:
    return [(record["address"], record["sample"]) for record in journal.read(folder)]


def test_each_problem_is_asked_as_often_as_wanted_and_kept_once(tmp_path, problems, oracle):
    outcome = evaluate.run(problems, oracle, tmp_path, samples=3, concurrency=4)
    assert (outcome.asked, outcome.got, outcome.complete) == (36, 36, True)
    assert sorted(keys(tmp_path)) == sorted((address, sample) for address in problems for sample in range(3))
    again = evaluate.run(problems, lambda messages: pytest.fail("asked again"), tmp_path, samples=3)
    assert (again.before, again.got) == (36, 0)


def test_scores_passes_floor_and_oracle_stand_side_by_side(tmp_path, problems, answers):
    asked: Counter[str] = Counter()

    def half(messages: Any) -> Said:
        prompt = messages[-1]["content"]
        asked[prompt] += 1
        if asked[prompt] == 1:
            return Said(answers[prompt], reply_tokens=10)
        return Said("So the answer", "length", reply_tokens=30)

    evaluate.run(problems, half, tmp_path, samples=2, concurrency=1)
    found = evaluate.results(tmp_path)
    assert [(group.task, group.setting, group.replies) for group in found.groups] == [
        ("sat", "L0", 12),
        ("sat", "L1", 12),
    ]
    for group in found.groups:
        assert group.mean.value == group.passes[1].value == 0.5
        assert group.passes[2].value == 1
        assert (group.unreadable, group.truncated, group.reply_tokens) == (0.5, 0.5, 20)
        assert group.oracle == 1
        assert group.reasons == {"right": 6, "no_answer": 6}
    easy, hard = found.groups
    assert easy.floor is not None
    assert easy.floor[1] == max(easy.players.values())
    assert hard.players["majority"] == 0
    assert found.mean == 0.5


def test_a_kill_in_the_middle_loses_nothing_that_was_written(tmp_path, problems, oracle):
    done = threading.Event()
    asked: Counter[str] = Counter()
    lock = threading.Lock()

    def killed(messages: Any) -> str:
        with lock:
            asked[messages[-1]["content"]] += 1
            if sum(asked.values()) > 20:
                raise KeyboardInterrupt
        return str(oracle(messages))

    with pytest.raises(KeyboardInterrupt):
        evaluate.run(problems, killed, tmp_path, samples=4, concurrency=3)
    done.set()
    before = keys(tmp_path)
    assert 0 < len(before) < 48
    assert len(set(before)) == len(before)
    with open(tmp_path / journal.REPLIES, "ab") as file:
        file.write(b'{"address": "sat@1/L0/test/s0/0", "sam')  # what a kill may leave
    outcome = evaluate.run(problems, oracle, tmp_path, samples=4)
    assert outcome.before == len(before)
    assert len(set(keys(tmp_path))) == len(keys(tmp_path)) == 48


def test_a_real_kill_of_the_real_command_is_survived(tmp_path):
    """SIGKILL while replies come in; the second call asks only for what is missing."""
    (tmp_path / "slow.py").write_text(
        "import pathlib, time\n"
        "def policy(messages):\n"
        "    time.sleep(0.02)\n"
        "    with open('asked', 'a') as file: file.write('x')\n"
        "    return '<answer>00000</answer>'\n"
    )
    command = [sys.executable, "-m", "verienv", "eval", "sat", "--level", "0", "-n", "20", "-k", "10", "-o", "run"]
    command += ["--call", "slow:policy", "-c", "2", "--json"]
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    first = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL)
    replies = tmp_path / "run" / journal.REPLIES
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and (not replies.exists() or replies.stat().st_size < 1000):
        time.sleep(0.02)
    first.send_signal(signal.SIGKILL)
    first.wait()
    before = len(keys(tmp_path / "run"))
    assert 0 < before < 200
    second = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert second.returncode == 0, second.stderr
    assert sorted(keys(tmp_path / "run")) == sorted(set(keys(tmp_path / "run")))
    assert len(keys(tmp_path / "run")) == 200
    asked = len((tmp_path / "asked").read_text())
    assert 200 <= asked <= 200 + 2, "only what was under way is asked again"
    assert json.loads(second.stdout)["replies"] == 200


def test_another_run_in_the_same_folder_is_refused(tmp_path, problems, oracle):
    evaluate.run(problems, oracle, tmp_path, settings={"model": "a"})
    with pytest.raises(UsageError, match='model = "a", not "b"'):
        evaluate.run(problems, oracle, tmp_path, settings={"model": "b"})
    with pytest.raises(UsageError, match="samples = 1, not 2"):
        evaluate.run(problems, oracle, tmp_path, samples=2, settings={"model": "a"})
    with pytest.raises(UsageError, match="digest"):
        evaluate.run(problems[::-1], oracle, tmp_path, settings={"model": "a"})


def test_failures_are_left_out_told_and_asked_for_by_the_next_call(tmp_path, problems, oracle):
    asked: Counter[str] = Counter()

    def flaky(messages: Any) -> str:
        prompt = messages[-1]["content"]
        asked[prompt] += 1
        if asked[prompt] == 1 and len(asked) % 3 == 0:
            raise PolicyError("status 503")
        return str(oracle(messages))

    outcome = evaluate.run(problems, flaky, tmp_path, concurrency=1)
    assert (outcome.failed, outcome.got, outcome.complete) == (4, 8, False)
    assert outcome.told == ["status 503"], "once"
    assert evaluate.results(tmp_path, blind=False).mean == 1, "what could not be asked is no wrong answer"
    assert evaluate.run(problems, flaky, tmp_path).complete


def test_a_server_that_only_fails_is_given_up_and_a_refusal_at_once(tmp_path, problems):
    asked: list[int] = []

    def down(messages: Any) -> str:
        asked.append(1)
        raise PolicyError("no connection")

    with pytest.raises(PolicyError, match="failures in a row; the last: no connection"):
        evaluate.run(problems, down, tmp_path / "a", samples=50, concurrency=4)
    assert len(asked) < 60

    def refuses(messages: Any) -> str:
        raise PolicyError("status 401", fatal=True)

    with pytest.raises(PolicyError, match="401"):
        evaluate.run(problems, refuses, tmp_path / "b")


def test_requests_run_at_once_but_not_more_than_allowed(tmp_path, problems, oracle):
    now, most = 0, 0
    lock = threading.Lock()

    def slow(messages: Any) -> str:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        time.sleep(0.01)
        with lock:
            now -= 1
        return str(oracle(messages))

    evaluate.run(problems, slow, tmp_path, samples=4, concurrency=5)
    assert 2 <= most <= 5


def test_the_replies_are_what_verienv_score_reads(tmp_path, oracle):
    dataset.generate(dataset.plan("sat", "0:1", count=8, split="test"), tmp_path / "data")
    asked = evaluate.problems([str(tmp_path / "data")])
    assert len(asked) == 8
    instances = {str(verienv.instance(address).prompt[0]): verienv.instance(address) for address in asked}

    def policy(messages: Any) -> str:
        found = instances[messages[-1]["content"]]
        return str(found.task.oracle(found)) if found.level == 0 else "no idea"

    evaluate.run(asked, policy, tmp_path / "run", samples=2)
    report = scoring.score_file(tmp_path / "data", tmp_path / "run" / journal.REPLIES)
    assert (report.clean, report.scored, report.mean) == (True, 16, 0.5)
    assert evaluate.results(tmp_path / "run").mean == 0.5


def test_a_system_prompt_stands_first_and_pictures_are_sent_inline(tmp_path):
    asked = evaluate.problems(["jigsaw"], "0", count=2)
    seen: list[Any] = []

    def policy(messages: Any) -> str:
        seen.append(messages)
        return "<answer>A</answer>"

    evaluate.run(asked, policy, tmp_path, system="Be brief.")
    for messages in seen:
        assert [each["role"] for each in messages] == ["system", "user"]
        assert [part["type"] for part in messages[1]["content"]] == ["image_url", "text"]
        assert messages[1]["content"][0]["image_url"]["url"].startswith("data:image/jpeg;base64,")


def test_a_reply_on_which_a_task_breaks_is_counted_apart(tmp_path, problems, oracle, monkeypatch):
    evaluate.run(problems, oracle, tmp_path)
    task: Any = verienv.load("sat")
    verify = type(task).verify

    def fail(self, problem, answer):
        if problem == verienv.instance(problems[0]).problem:
            raise ZeroDivisionError
        return verify(self, problem, answer)

    monkeypatch.setattr(type(task), "verify", fail)
    found = evaluate.results(tmp_path, blind=False)
    assert sum(group.broken for group in found.groups) == 1
    assert sum(group.replies for group in found.groups) == 11
    assert found.mean == 1


def test_what_is_not_a_reply_in_the_file_is_refused_and_told(tmp_path, problems, oracle):
    evaluate.run(problems, oracle, tmp_path)
    with open(tmp_path / journal.REPLIES, "a") as file:
        for record in ({"address": "sat@1/L99/test/s0/0", "sample": 0, "response": "x"}, {"address": "?", "sample": 1}):
            file.write(json.dumps(record) + "\n")
    found = evaluate.results(tmp_path, blind=False)
    assert len(found.refused) == 2
    assert sum(group.replies for group in found.groups) == 12


def test_callables_may_be_async_and_give_fields(tmp_path, monkeypatch, problems):
    (tmp_path / "my_callables.py").write_text(
        "async def one(messages): return {'text': '<answer>00000</answer>', 'finish': 'length'}\n"
        "def two(messages): return 7\n"
        "three = 3\n"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    evaluate.run(problems[:2], load("my_callables:one"), tmp_path / "run")
    assert [record["truncated"] for record in journal.read(tmp_path / "run")] == [True, True]
    with pytest.raises(PolicyError, match="gave a int, not a text"):
        evaluate.run(problems[:2], load("my_callables:two"), tmp_path / "other")
    for wrong in ("my_callables:four", "my_callables:three", "my_callables", "nowhere:at_all", ":one"):
        with pytest.raises(UsageError):
            load(wrong)


def test_a_game_is_a_conversation_to_its_end(tmp_path, stairs):
    addresses = [stairs(index).address for index in range(3)]
    known = {}
    for address in addresses:
        step = verienv.reset(address)
        for reply in step.instance.task.oracle(step.instance):
            known[loopback.text_of(step.messages[0])] = reply
            step = step.step(reply)
    lengths = []

    def policy(messages: Any) -> str:
        lengths.append(len(messages))
        return str(known[loopback.text_of(messages[-1])])

    evaluate.run(addresses, policy, tmp_path)
    records = list(journal.read(tmp_path))
    assert all(isinstance(record["response"], list) for record in records)
    assert max(lengths) == 2 * max(len(record["response"]) for record in records) - 1
    assert evaluate.results(tmp_path).mean == 1
