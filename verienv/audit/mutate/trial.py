"""One mutant in a process of its own: the code of a function is exchanged there, and the cases are judged."""

from __future__ import annotations

import ast
import os
import resource
import select
import signal
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import CodeType, FunctionType
from typing import Any, Final

from verienv.audit.mutate import operators
from verienv.audit.mutate.operators import Mutation

WALL: Final = 60.0
"""Seconds that a mutant may take by the clock."""
MEMORY: Final = 1 << 30
"""Bytes that a mutant may take more than the process that it is a copy of."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """Functions, each with the code that it has in the mutant."""

    codes: tuple[tuple[FunctionType, CodeType], ...]

    def make(self) -> None:
        """Put the mutant's code in place of the checker's; there is no way back."""
        for function, code in self.codes:
            function.__code__ = code


def exchange(
    mutation: Mutation, tree: ast.Module, known: Mapping[tuple[str, str, int], Sequence[FunctionType]]
) -> Exchange | None:
    """What to exchange for a mutation; None where it compiles to the same, or cannot stand there."""
    original = _compiled(operators.alone(tree, None, mutation.path), mutation.file)
    mutant = _compiled(operators.alone(tree, mutation, mutation.path), mutation.file)
    if original is None or mutant is None:
        return None
    before, after = _codes(original), _codes(mutant)
    codes = []
    for key, olds in before.items():
        for old, new in zip(olds, after.get(key, []), strict=False):
            is_now, will_be = _shape(old), _shape(new)
            for function in known.get((mutation.file, *key), []) if is_now != will_be else []:
                if _shape(function.__code__) != is_now:
                    continue
                if old.co_freevars != new.co_freevars:
                    return None
                codes.append((function, new))
    return Exchange(tuple(codes)) if codes else None


def _compiled(tree: ast.Module, file: str) -> CodeType | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        try:
            code: CodeType = compile(tree, file, "exec", dont_inherit=True)
        except SyntaxError:
            return None
    return code


def _codes(code: CodeType) -> dict[tuple[str, int], list[CodeType]]:
    """All code within, by name and first line, in the order of the text."""
    found: dict[tuple[str, int], list[CodeType]] = {}
    for each in code.co_consts:
        if isinstance(each, CodeType):
            found.setdefault((each.co_qualname, each.co_firstlineno), []).append(each)
            for key, inner in _codes(each).items():
                found.setdefault(key, []).extend(inner)
    return found


def _shape(code: CodeType) -> tuple[Any, ...]:
    """What the code does, whatever the interpreter has since noted in it."""
    known = [_shape(each) if isinstance(each, CodeType) else _value(each) for each in code.co_consts]
    return code.co_code, code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars, tuple(known)


def _value(constant: Any) -> tuple[str, Any]:
    """A constant, 1 told from True and 1.0."""
    if isinstance(constant, tuple):
        return "tuple", tuple([_value(each) for each in constant])
    if isinstance(constant, frozenset):
        return "frozenset", frozenset([_value(each) for each in constant])
    return type(constant).__name__, repr(constant)


def run(work: Callable[[], str], cpu: float) -> str:
    """What `work` returns in a copy of this process, or how it ended there: "stopped" by time, or "died"."""
    read, write = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # other threads hold no lock that the copy waits for
        child = os.fork()
    if child == 0:
        _inside(work, write, cpu)
    os.close(write)
    said, until = b"", time.monotonic() + WALL
    while True:
        ready, _, _ = select.select([read], [], [], max(0.0, until - time.monotonic()))
        if not ready:
            os.kill(child, signal.SIGKILL)
            break
        if not (piece := os.read(read, 1 << 16)):
            break
        said += piece
    os.close(read)
    status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status):
        return "stopped" if os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL) else "died"
    return said.decode("utf-8", "replace")[1:] if said[:1] == b"=" else "died"


def _inside(work: Callable[[], str], write: int, cpu: float) -> None:
    """The copy's life; it never returns to what the original was doing."""
    said: Any = "died"
    try:
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        seconds = max(1, round(cpu + 0.5))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        resource.setrlimit(resource.RLIMIT_AS, (_size() + MEMORY, _size() + MEMORY))
        said = work()
    except BaseException as bug:  # noqa: BLE001  # whatever it is, it is the mutant's end
        said = f"raised {type(bug).__name__}"
    finally:
        os.write(write, f"={said[:2000]}".encode("utf-8", "replace"))
        os._exit(0)


def _size() -> int:
    """Bytes of address space that this process has."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
