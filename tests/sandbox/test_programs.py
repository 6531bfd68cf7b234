"""Packages held as text: how their modules find each other, and that nothing of them is left in this process."""

from __future__ import annotations

import sys

import pytest

from verienv.sandbox import values
from verienv.sandbox.programs import Meter, OutOfSteps, Program

FILES = {
    "farm/__init__.py": "from . import fields\nfrom .tools import spade as shovel\nNAME = 'farm'\n",
    "farm/fields.py": "from .tools.spade import dig\nfrom farm import tools\n\ndef plough():\n    return dig() + 1\n",
    "farm/tools/__init__.py": "",
    "farm/tools/spade.py": "from .. import NAME as _\n",
    "lone.py": "import farm.tools.spade as s\nimport json\nhere = __name__\n",
}
FILES["farm/tools/spade.py"] = "def dig():\n    return 41\n"


def answer(script: str, files: dict[str, str] = FILES, steps: int = 1000) -> object:
    """What a script answers in this process; the text is the test's own."""
    return values.read(Program(files, Meter(steps)).answer(script))


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("from farm.fields import plough\nplough()", 42),
        ("import farm.tools.spade\nfarm.tools.spade.dig()", 41),
        ("import farm.tools.spade as s\ns.dig()", 41),
        ("from farm import tools, fields\nfields.plough() + tools.spade.dig()", 83),
        ("from farm import shovel\nshovel.dig()", 41),
        ("import lone\n(lone.here, lone.s.dig(), lone.json.dumps([1]))", ("lone", 41, "[1]")),
        ("import collections.abc\ncollections.abc.__name__", "collections.abc"),
        ("from os import path\npath.join('a', 'b')", "a/b"),
        ("import farm\nfarm.__path__", []),
    ],
)
def test_modules_find_each_other(script, expected):
    assert answer(script) == expected
    assert not {"farm", "lone"} & set(sys.modules)


@pytest.mark.parametrize(
    ("script", "error"),
    [
        ("import farm.barn", "ModuleNotFoundError"),
        ("from farm import barn", "ImportError"),
        ("from farm.fields import reap", "ImportError"),
        ("import nowhere_at_all", "ModuleNotFoundError"),
        ("from . import farm", "ImportError"),
        ("syntax error", "SyntaxError"),
    ],
)
def test_what_is_not_there_raises_as_python_does(script, error):
    assert answer(script) == values.Raised(error)


def test_a_circle_of_imports_ends_as_python_ends_it():
    files = {"p/a.py": "from p import b\nx = 1\n", "p/b.py": "import p.a\n\ndef get():\n    return p.a.x\n"}
    assert answer("from p.b import get\nget()", files) == 1
    assert answer("from p.a import x\nx", {"p/a.py": "from p.b import y\nx = 1", "p/b.py": "from p.a import x"}) == (
        values.Raised("ImportError")
    )


def test_a_module_that_fails_is_loaded_anew():
    files = {"p/a.py": "import p.log\np.log.times.append(1)\nraise ValueError", "p/log.py": "times = []"}
    program = Program(files, Meter(100))
    assert program.answer("import p.a") == program.answer("import p.a") == '{"e":"ValueError"}'
    assert program.answer("import p.log\nlen(p.log.times)") == "2"


def test_our_own_process_is_stopped_too():
    with pytest.raises(OutOfSteps):
        answer("from m import f\nf()", {"m.py": "def f():\n    while True:\n        pass"})


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("for i in range(5):\n    pass", 5),
        ("i = 0\nwhile i < 3:\n    i += 1", 3),
        ("x = [i for i in range(4) for j in range(2)]", 12),
        ("x = {i: 1 for i in range(4) if i > 2}", 4),
        ("x = sum(i for i in range(6))", 6),
        ("def f(): pass\nf()\nf()", 2),
        ("class A:\n    def f(self):\n        '''Doc.'''\n        return 1\nA().f()", 1),
        (
            "import asyncio\n\nasync def f():\n    return 1\ntry:\n    f().send(None)\nexcept StopIteration:\n    pass",
            1,
        ),
        ("def f():\n    '''Doc.'''\nassert f.__doc__ == 'Doc.'", 0),
        ("from __future__ import annotations\nx = 1", 0),
        ("(lambda: 1)()", 1),
    ],
)
def test_a_step_is_a_call_or_a_turn(text, steps):
    meter = Meter(1000)
    assert Program({"m.py": text}, meter).answer("import m") == "null"
    assert meter.steps == steps


def test_ctrl_c_in_the_graders_process_is_nobodys_answer():
    stopped = Program({"task/it.py": "raise KeyboardInterrupt\n"}, Meter(100))
    with pytest.raises(KeyboardInterrupt):
        stopped.answer("import task.it")
