"""SWE-RL's reward on packages of our own: the values were computed with the released code on the same texts."""

from __future__ import annotations

import time

import pytest

from verienv.families.patch import published

FILES = {
    "calc.py": (
        "def add(a, b):\n    return a + b\n\n\ndef sub(a, b):\n    return a + b\n\n\ndef mul(a, b):\n    return a * b\n"
    ),
    "names.py": "FIRST = 'ann'\nLAST = 'bob'\n",
}
REFERENCE = {"calc.py": FILES["calc.py"].replace("sub(a, b):\n    return a + b", "sub(a, b):\n    return a - b")}


def edit(path: str, search: str, replace: str) -> str:
    return f"```python\n### {path}\n<<<<<<< SEARCH\n{search}\n=======\n{replace}\n>>>>>>> REPLACE\n```"


def reply(*blocks: str, tag: str = "solution") -> str:
    return f"<think>\nhm\n</think>\n<{tag}>\n" + "\n\n".join(blocks) + f"\n</{tag}>"


GOOD = edit("calc.py", "def sub(a, b):\n    return a + b", "def sub(a, b):\n    return a - b")
OTHER = edit("names.py", "LAST = 'bob'", "LAST = 'eve'")
VALUES = {
    "the reference": (reply(GOOD), 1.0),
    "our tags": (reply(GOOD, tag="answer"), 1.0),
    "another operator": (reply(GOOD.replace("a - b", "a * b")), 0.989010989010989),
    "a comment alone": (reply(edit("calc.py", "def sub(a, b):", "def sub(a, b):  # minus")), 0.5445026178010471),
    "another function": (reply(edit("calc.py", "    return a * b", "    return a / b")), 0.7777777777777778),
    "a file more": (reply(GOOD, OTHER), 0.5),
    "another file": (reply(OTHER), 0.0),
    "a new file": (reply(GOOD, edit("new.py", "", "X = 1")), 0.5),
    "every line that begins so": (
        reply(edit("calc.py", "    return a + b", "    return a - b")),
        0.7435897435897436,
    ),
    "the beginning of a line": (reply(edit("calc.py", "def s", "def t")), 0.5714285714285714),
    "no fence": (reply(GOOD.replace("```python\n", "").replace("\n```", "")), -1.0),
    "a fence with words before it": (reply("so: " + GOOD), 1.0),
    "nothing changed": (reply(GOOD.replace("a - b", "a + b")), -1.0),
    "not found": (reply(GOOD.replace("sub", "sup")), -1.0),
    "within a line": (reply(edit("calc.py", "return a * b", "return 0")), -1.0),
    "an edit that is undone": (reply(OTHER, edit("names.py", "LAST = 'eve'", "LAST = 'bob'"), GOOD), 1.0),
    "no thought": (reply(GOOD).replace("hm", " "), -1.0),
    "two thoughts": ("<think>x</think>" + reply(GOOD), -1.0),
    "nothing": ("", -1.0),
    "a natural deletion": (
        reply("```\n### names.py\n<<<<<<< SEARCH\nLAST = 'bob'\n=======\n>>>>>>> REPLACE\n```"),
        -1.0,
    ),
    "a blank in the path": (reply(GOOD.replace("calc.py", "calc.py ")), -1.0),
}


@pytest.mark.parametrize("name", VALUES)
def test_the_reward_is_the_released_codes(name):
    text, value = VALUES[name]
    assert published.reward(FILES, REFERENCE, text) == pytest.approx(value, abs=1e-12)


@pytest.mark.parametrize(
    "text",
    [
        reply("```\n### x\n<<<<<<< SEARCH\n" * 2000),
        reply("```\n### x\n<<<<<<< SEARCH\na\n=======\n" * 1500),
        reply("\n=======\n" * 5000),
        reply(edit("calc.py", "def sub(a, b):", "\n" * 60_000)),
        reply(edit("calc.py", "def sub(a, b):", " " * 60_000)),
        reply(edit("calc.py", "def sub(a, b):", "    return a\n" * 4_000)),
        reply(*[edit("calc.py", "    return", "    return return")] * 500),
        reply(*[edit("calc.py", "", f"{at}") for at in range(700)]),
        reply(edit("calc.py", "def sub(a, b):", "ab\n" * 1_000)),
    ],
    ids=range(9),
)
def test_work_is_bounded(text):
    start = time.thread_time()
    assert -1 <= published.reward(FILES, REFERENCE, text) <= 1
    assert time.thread_time() - start < 1


def test_what_is_too_long_to_compare_counts_nothing():
    long = reply(edit("calc.py", "def sub(a, b):", "def sub(a, b):\n" + "    a = b\n" * 2_900))
    assert published.reward(FILES, REFERENCE, long) == 0
