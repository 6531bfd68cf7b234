"""Small packages that are held as text: loaded without files, their steps counted, their answers to scripts written.

A package is a mapping of paths to texts, `shop/cart.py` being the module `shop.cart`. Its modules import each other and
what `importable` allows of the standard library. A script is a few statements; the value of its last expression, or the
exception it ends with, is its answer.

A step is a call of a function written in the package or one turn of a loop or comprehension there: counted in the
syntax tree, so that the same package takes the same number of steps on any machine.

This module runs what it is given in the process it is in. In the grader's process that is text of our own, never a
model's; a model's text is run by `verienv.sandbox.run`, in a process where this module is all there is.
"""

from __future__ import annotations

import ast
import builtins
import functools
import os
import threading
import types
from collections.abc import Callable, Mapping, MutableMapping
from typing import Any, Final

from verienv.sandbox import values

IMPORTABLE: Final = (
    *("abc", "array", "ast", "base64", "binascii", "bisect", "calendar", "cmath", "collections", "collections.abc"),
    *("contextlib", "copy", "csv", "dataclasses", "datetime", "decimal", "difflib", "enum", "fractions", "functools"),
    *("graphlib", "hashlib", "heapq", "html", "io", "itertools", "json", "keyword", "math", "numbers", "operator"),
    *("pprint", "random", "re", "secrets", "statistics", "string", "struct", "textwrap", "time", "types", "typing"),
    *("unicodedata", "uuid", "weakref", "zlib", "_strptime", "encodings.ascii", "encodings.latin_1", "copyreg"),
)
"""Modules of the standard library that a program finds; others may be there, but none is promised."""

TICK: Final = "__step__"
_ANSWER: Final = "__answer__"


class OutOfSteps(BaseException):
    """A program took more steps than it may; no Exception, so that `except Exception` does not hide it."""


class Meter:
    """Counts steps, and calls `stop` when there were more than `limit`."""

    def __init__(self, limit: int, stop: Callable[[], None] | None = None) -> None:
        self.steps, self.limit, self._stop = 0, limit, stop

    def step(self) -> bool:
        """One more step. Raises OutOfSteps unless `stop` does otherwise."""
        self.steps += 1
        if self.steps > self.limit:
            if self._stop:
                self._stop()
            raise OutOfSteps
        return True


class Program:
    """A package under a meter. Modules are loaded when they are first imported, into `modules`.

    An exception of the class `answered` is an answer; Ctrl-C in the grader's own process is none.
    """

    def __init__(
        self,
        files: Mapping[str, str],
        meter: Meter,
        modules: MutableMapping[str, Any] | None = None,
        answered: type[BaseException] = Exception,
    ) -> None:
        self._answered = answered
        self._sources = {_module(path): (path, text) for path, text in files.items()}
        self._packages = {name.rpartition(".")[0] for name in self._sources} | {
            _module(path) for path in files if path.endswith("/__init__.py")
        }
        for name in sorted(self._packages - {""}):  # the folders above a package are packages too
            while name := name.rpartition(".")[0]:
                self._packages.add(name)
        self._known = {*self._sources, *self._packages}
        self._tops = {name.partition(".")[0] for name in self._known}
        self._modules: MutableMapping[str, Any] = {} if modules is None else modules
        self._builtins = {**vars(builtins), "__import__": self._import, TICK: meter.step, "print": _silent}

    def answer(self, script: str) -> str:
        """What a script answers, written by `values`. Raises OutOfSteps."""
        try:
            scope: dict[str, Any] = {"__builtins__": self._builtins, "__name__": "__script__"}
            exec(_script(script), scope)  # noqa: S102
            return values.write(scope.get(_ANSWER))
        except OutOfSteps:
            raise
        except self._answered as error:  # what a program raises is what it answers
            return values.write(values.Raised(type(error).__name__))

    def _import(
        self,
        name: str,
        scope: Mapping[str, Any] | None = None,
        local: object = None,
        wanted: tuple[str, ...] | None = (),
        level: int = 0,
    ) -> Any:
        """What `import` statements call: the package's own modules first, then Python's."""
        full = _absolute(name, level, scope)
        if full.partition(".")[0] not in self._tops:
            return __import__(name, None, None, wanted or (), level)
        module = self._load(full)
        if not wanted:
            return module if level else self._modules[full.partition(".")[0]]
        for each in wanted:
            if not hasattr(module, each) and f"{full}.{each}" in self._known:
                setattr(module, each, self._load(f"{full}.{each}"))  # one that is being loaded too, as Python does
        return module

    def _load(self, name: str) -> Any:
        parent, _, last = name.rpartition(".")
        if name in self._modules:
            return self._modules[name]
        if name not in self._known:
            raise ModuleNotFoundError(f"No module named {name!r}")
        if parent:
            self._load(parent)
            if name in self._modules:  # the parent's own code imported it
                return self._modules[name]
        module = types.ModuleType(name)
        path, text = self._sources.get(name, ("", ""))
        package = name in self._packages
        vars(module).update(__builtins__=self._builtins, __package__=name if package else parent, __file__=path)
        if package:
            module.__path__ = []
        self._modules[name] = module
        try:
            exec(_compiled(path or "<package>", text), vars(module))  # noqa: S102
        except BaseException:
            del self._modules[name]
            raise
        if parent:
            setattr(self._modules[parent], last, module)
        return module


def parse(text: str) -> ast.Module:
    """A module's syntax tree, made by one thread at a time: CPython 3.11 counts the depth of all of them as one's."""
    with _parsing:
        return ast.parse(text)


_parsing = threading.Lock()
if hasattr(os, "register_at_fork"):  # a thread that parses is not there in a child to give the lock back
    os.register_at_fork(before=_parsing.acquire, after_in_parent=_parsing.release, after_in_child=_parsing.release)


@functools.lru_cache(maxsize=256)
def _compiled(path: str, text: str) -> types.CodeType:
    """A module with its steps counted; the same texts come again and again where mistakes are tried."""
    return compile(metered(parse(text)), path, "exec")


@functools.lru_cache(maxsize=256)
def _script(text: str) -> types.CodeType:
    """A script that keeps the value of its last expression under _ANSWER."""
    tree = parse(text)
    last = tree.body[-1] if tree.body else None
    if isinstance(last, ast.Expr):
        kept = ast.Assign([ast.Name(_ANSWER, ast.Store())], last.value)
        tree.body[-1] = ast.copy_location(kept, last)
    return compile(ast.fix_missing_locations(tree), "<script>", "exec")


def metered(tree: ast.Module) -> ast.Module:
    """The tree, its functions, loops and comprehensions calling TICK; the tree given is changed."""
    call = ast.Call(ast.Name(TICK, ast.Load()), [], [])
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            # behind the docstring, which stays the first statement
            at = int(ast.get_docstring(node, clean=False) is not None)
            node.body.insert(at, ast.Expr(call))
        elif isinstance(node, ast.For | ast.AsyncFor | ast.While):
            node.body.insert(0, ast.Expr(call))
        elif isinstance(node, ast.comprehension):
            node.ifs.insert(0, call)
        elif isinstance(node, ast.Lambda):
            node.body = ast.IfExp(call, node.body, ast.Constant(None))
    return ast.fix_missing_locations(tree)


def _module(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _absolute(name: str, level: int, scope: Mapping[str, Any] | None) -> str:
    if not level:
        return name
    package = str((scope or {}).get("__package__") or "")
    for _ in range(level - 1):
        package = package.rpartition(".")[0]
    if not package:
        raise ImportError("attempted relative import beyond top-level package")
    return f"{package}.{name}" if name else package


def _silent(*said: object, **how: object) -> None:
    """What printing does: nothing."""
