"""What a run gives, what it may use, and what is left of it: nothing."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.profile import profile_size
from tests.sandbox.confined import needs_sandbox
from verienv import sandbox
from verienv.sandbox import client, values
from verienv.sandbox.client import Limits

pytestmark = needs_sandbox
ROOT = Path(__file__).parent.parent.parent
SHOP = {
    "shop/__init__.py": '"""A shop."""\n\nfrom .cart import Cart\n',
    "shop/cart.py": (
        "from dataclasses import dataclass, field\n\nfrom shop.prices import PRICES\n\n\n"
        "@dataclass\nclass Cart:\n    lines: list = field(default_factory=list)\n\n"
        "    def add(self, name, count=1):\n        self.lines.append((name, count))\n\n"
        "    def total(self):\n        return sum(PRICES[name] * count for name, count in self.lines)\n"
    ),
    "shop/prices.py": 'PRICES = {"tea": 250, "jam": 399}\n',
}
BUY = "from shop import Cart\ncart = Cart()\ncart.add('tea', 2)\ncart.add('jam')\ncart.total()"


def answer(expression: str, body: str = "") -> object:
    """What a script answers, beside a module of that text."""
    outcome = sandbox.run({"task/it.py": body}, [f"from task.it import *\n{expression}"])
    assert outcome.reason == "done"
    return values.read(outcome.answers[0])


def test_a_package_of_several_files_answers_scripts_in_order():
    outcome = sandbox.run(SHOP, [BUY, "import shop.prices\nsorted(shop.prices.PRICES)", "Cart"])
    assert outcome.answers == ("899", '["jam","tea"]', '{"e":"NameError"}')
    assert outcome.reason == "done"


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        0,
        -5,
        2**100,
        1.5,
        -0.0,
        "",
        "a\n\ud800☃",
        b"\0x",
        [1, [2]],
        (1,),
        {"b": 1, 2: None},
        {3, 1},
        frozenset(),
    ],
)
def test_plain_values_come_out_as_they_are(value):
    found = answer(repr(value).replace("\ud800", "\\ud800"))
    assert found == value
    assert type(found) is type(value)


def test_an_exception_is_an_answer():
    assert answer("1 / 0") == values.Raised("ZeroDivisionError")
    assert answer("fail()", "class Odd(Exception):\n    pass\n\ndef fail():\n    raise Odd(1)") == values.Raised("Odd")


def test_a_script_without_a_last_expression_answers_none():
    assert answer("x = 1") is None


def test_printing_says_nothing():
    assert answer("print('1')") is None


@pytest.mark.parametrize("module", ["dataclasses", "collections.abc", "re", "decimal", "datetime", "typing", "enum"])
def test_the_standard_library_is_there(module):
    assert answer(f"import {module}\n{module}.__name__") == module


def test_dates_are_read_without_files():
    assert answer("import datetime\ndatetime.datetime.strptime('2024-02-29', '%Y-%m-%d').day") == 29


def test_steps_are_the_same_in_every_server_and_process():
    code = (
        "from tests.sandbox.test_running import COUNTED\nfrom verienv import sandbox\n"
        "print(sandbox.run({'task/it.py': COUNTED}, ['from task.it import walk\\nwalk(30)']))"
    )
    found = set()
    for seed in ("0", "1", "random"):
        surroundings = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        ran = subprocess.run([sys.executable, "-c", code], env=surroundings, capture_output=True, text=True, check=True)
        found.add(ran.stdout)
    again = {sandbox.run({"task/it.py": COUNTED}, ["from task.it import walk\nwalk(30)"]) for _ in range(10)}
    assert {f"{each}\n" for each in again} == found
    assert {each.steps for each in again} == {641}  # 1 call, 30 turns, 30 calls, 29 × 20 turns


COUNTED = """
def walk(count):
    seen = set()
    for each in range(count):
        seen |= spread(each)
    return list(seen)[:10]


def spread(start):
    return {f"{start}-{each}" for each in range(20) if each >= 0} if start % 30 else {"0"}
"""


def test_steps_are_bounded():
    loop = "def go(count):\n    for each in range(count):\n        pass\n    return count"
    run = "from task.it import go\ngo({})"
    assert sandbox.run({"task/it.py": loop}, [run.format(999)], Limits(steps=1000)).answers == ("999",)
    outcome = sandbox.run({"task/it.py": loop}, [run.format(5), run.format(1000)], Limits(steps=1000))
    assert (outcome.answers, outcome.reason) == (("5",), "out_of_steps")


@pytest.mark.parametrize(
    "body",
    [
        "def f(n):\n    return f(n - 1) if n else 0",
        "f = lambda n: f(n - 1) if n else 0",
        "class A:\n    def f(self): '''doc'''\n",
    ],
)
def test_calls_are_steps(body):
    script = "from task.it import *\n" + ("A().f()" if "class" in body else "f(100)")
    assert sandbox.run({"task/it.py": body}, [script]).steps == (1 if "class" in body else 101)


def test_time_is_cpu_time_and_bounded():
    outcome = sandbox.run({"task/it.py": "big = sum(range(10**14))"}, ["import task.it"], Limits(cpu=0.1))
    assert outcome == sandbox.Outcome((), "out_of_time")


def test_memory_is_bounded():
    assert answer("bytearray(300 << 20)") == values.Raised("MemoryError")
    assert answer("len(bytearray(100 << 20))") == 100 << 20


def test_a_large_request_is_refused():
    outcome = sandbox.run({"task/it.py": "#" * (5 << 20)}, ["1"])
    assert outcome == sandbox.Outcome((), "too_large")


def test_runs_share_nothing():
    leave = "import sys, math\nmath.pi = 3\nsys.modules['left'] = 1\n"
    assert sandbox.run({"task/it.py": leave}, ["import task.it"]).reason == "done"
    assert answer("import sys, math\n(math.pi > 3.1, 'left' in sys.modules)") == (True, False)


def test_the_server_holds_no_capability_and_no_file():
    status = Path(f"/proc/{_server().pid}/status").read_text()
    found = dict(line.split(":", 1) for line in status.splitlines())
    assert {found[name].strip() for name in ("CapEff", "CapPrm", "CapInh")} == {"0" * 16}
    assert found["NoNewPrivs"].strip() == "1"
    if os.getuid() == 0:  # others may not look into a process that gave up being read
        assert len(os.listdir(f"/proc/{_server().pid}/fd")) == 1


def test_nothing_is_left_behind():
    sandbox.run(SHOP, [BUY])
    files, held = set(os.listdir("/tmp")), len(os.listdir("/proc/self/fd"))
    for attempt in range(profile_size(fast=40, ci=200, long=10_000)):
        hard = attempt % 4 == 1
        sandbox.run(SHOP, [BUY if not hard else "while True:\n    pass\n"], Limits(cpu=0.01) if hard else None)
    assert len(os.listdir("/proc/self/fd")) == held
    assert _children(_server().pid) == []
    assert not [name for name in set(os.listdir("/tmp")) - files if "verienv" in name]
    if os.getuid() == 0:
        assert len(os.listdir(f"/proc/{_server().pid}/fd")) == 1


def test_many_threads_get_their_own_answers():
    def work(number: int) -> str:
        return sandbox.run({"task/it.py": f"it = {number}"}, ["from task.it import it\nit"]).answers[0]

    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(work, range(80))) == [str(number) for number in range(80)]


def test_a_server_that_is_killed_is_replaced():
    before = _server()
    os.kill(before.pid, signal.SIGKILL)
    before.wait()
    assert sandbox.run(SHOP, [BUY]).answers == ("899",)
    assert _server().pid != before.pid


def test_forked_workers_have_servers_of_their_own():
    """As pytest-xdist, DataLoader and multiprocessing make them."""
    code = """
import multiprocessing
from verienv import sandbox
from verienv.sandbox import client

def work(number):
    answers = sandbox.run({"task/it.py": f"it = {number}"}, ["from task.it import it\\nit"]).answers
    return answers, client._server().process.pid

mine = work(-1)
with multiprocessing.get_context("fork").Pool(2) as pool:
    found = pool.map(work, range(8))
assert [answers for answers, _ in found] == [(str(number),) for number in range(8)], found
assert mine[1] not in {pid for _, pid in found}
assert work(-1) == mine
"""
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT)}
    ran = subprocess.run([sys.executable, "-c", code], env=surroundings, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


@pytest.mark.parametrize("end", ["os._exit(0)", "os.kill(os.getpid(), 9)", "pass"])
def test_the_server_and_its_runs_end_with_the_grader(end):
    code = f"""
import os, threading, time
from verienv import sandbox
from verienv.sandbox import client

pid = client._server().process.pid
long = sandbox.Limits(steps=10**12, cpu=50)
run = lambda: sandbox.run({{"task/it.py": "while True:\\n    pass\\n"}}, ["import task.it"], long)
threading.Thread(target=run, daemon=True).start()
while not (children := open(f"/proc/{{pid}}/task/{{pid}}/children").read()):
    time.sleep(0.01)
print(pid, children, flush=True)
{end}
"""
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT)}
    ran = subprocess.run([sys.executable, "-c", code], env=surroundings, capture_output=True, text=True, check=False)
    numbers = [int(each) for each in ran.stdout.split()]
    assert len(numbers) == 2, ran.stderr
    assert all(_gone(pid) for pid in numbers)


def _server() -> subprocess.Popen[bytes]:
    return client._server().process


def _children(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def _gone(pid: int) -> bool:
    """Whether a process ends, if it has not yet; a zombie has."""
    try:
        watch = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([watch], [], [], 60)[0])
    finally:
        os.close(watch)
