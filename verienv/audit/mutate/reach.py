"""Which lines of a family run while it scores, and which of them set the score."""

from __future__ import annotations

import functools
import gc
import inspect
import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any

from verienv.task import Task

Line = tuple[str, int]
Tracer = Callable[[FrameType, str, Any], Any]


@dataclass(slots=True)
class Reach:
    """hits: by file and line, the cases that run it. scoring: lines that run inside of `verify`."""

    hits: dict[Line, set[int]] = field(default_factory=lambda: defaultdict(set))
    scoring: set[Line] = field(default_factory=set)

    def lines(self, file: str) -> set[int]:
        """The lines of a file that run at all."""
        return {line for where, line in self.hits if where == file}

    def cases(self, file: str, first: int, last: int) -> set[int]:
        """The cases that run any of these lines."""
        return set().union(*[self.hits.get((file, line), set()) for line in range(first, last + 1)])


def modules(task: Task[Any, Any, Any]) -> dict[str, ModuleType]:
    """The family's modules by file: its package's, or the one that it is written in."""
    home = type(task).__module__
    whole = hasattr(sys.modules[home], "__path__")
    named = {
        name: each for name, each in sys.modules.items() if name == home or (whole and name.startswith(f"{home}."))
    }
    return {file: each for each in named.values() if (file := getattr(each, "__file__", None))}


def functions(files: Sequence[str]) -> dict[tuple[str, str, int], list[FunctionType]]:
    """Every function that there is, of these files, by file, name and first line."""
    wanted, found = set(files), defaultdict(list)
    for each in gc.get_objects():
        if type(each) is FunctionType and (code := each.__code__).co_filename in wanted:
            found[code.co_filename, code.co_qualname, code.co_firstlineno].append(each)
    return dict(found)


def caches(files: Sequence[str]) -> list[Any]:
    """Every function of these files that remembers its results."""
    wanted = set(files)
    kept = [each for each in gc.get_objects() if type(each) is functools._lru_cache_wrapper]
    return [each for each in kept if getattr(inspect.unwrap(each), "__code__", _NONE).co_filename in wanted]


_NONE = (lambda: None).__code__


def trace(task: Task[Any, Any, Any], files: Sequence[str], runs: Sequence[Callable[[], object]]) -> Reach:
    """What each of these runs reaches in the files; what is remembered is forgotten before each."""
    reach, wanted, remembered = Reach(), frozenset(files), caches(files)
    verify: CodeType | None = getattr(getattr(task, "verify", None), "__code__", None)
    depth, at = 0, -1

    def called(frame: FrameType, event: str, given: Any) -> Tracer | None:
        nonlocal depth
        if frame.f_code.co_filename not in wanted:
            return None
        if frame.f_code is verify:
            depth += 1
            return judged
        return line

    def line(frame: FrameType, event: str, given: Any) -> Tracer:
        if event == "line":
            where = (frame.f_code.co_filename, frame.f_lineno)
            reach.hits[where].add(at)
            if depth:
                reach.scoring.add(where)
        return line

    def judged(frame: FrameType, event: str, given: Any) -> Tracer:
        nonlocal depth
        line(frame, event, given)
        if event == "return":
            depth -= 1
        return judged

    before = sys.gettrace()
    try:
        for run in runs:
            at += 1
            for each in remembered:
                each.cache_clear()
            sys.settrace(called)
            run()
            sys.settrace(before)
    finally:
        sys.settrace(before)
    return reach
