"""What a call does besides answering: code run, processes, sockets, files written, bytes printed.

Python's audit hooks tell it as it happens. They show what a target does, they do not prevent it.
"""

from __future__ import annotations

import os
import sys
from types import CodeType
from typing import Any

CANARY = "verienv_canary"
"""A name in `sys.modules`, and part of the name of a file, that only an executed payload leaves behind."""
KEPT = 8
"""Effects of one call that are told."""

_PROCESS = frozenset(
    ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.forkpty", "pty.spawn")
)
_NETWORK = frozenset(
    ("socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.gethostbyname")
)
_CHANGES = frozenset(
    ("os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.truncate", "os.link", "os.symlink", "os.chmod", "os.putenv")
)
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class Watch:
    """Notes what happens between `begin` and `end`; one for the whole process, since a hook is never taken away."""

    def __init__(self, canary_file: str) -> None:
        self._file = canary_file
        self._on = False
        self._seen: list[tuple[str, str]] = []
        sys.addaudithook(self._hook)

    def begin(self) -> None:
        """From now on."""
        self._seen = []
        self._on = True

    def end(self) -> list[tuple[str, str]]:
        """(kind, what) of each effect, each once; kinds: code, parse, process, network, write, unpickle, ran."""
        self._on = False
        if sys.modules.pop(CANARY, None) is not None:
            self._seen.append(("ran", "Python code in the reply was executed"))
        if os.path.exists(self._file):
            os.remove(self._file)
            self._seen.append(("ran", "a shell command in the reply was executed"))
        return list(dict.fromkeys(self._seen))[:KEPT]

    def _hook(self, event: str, args: tuple[Any, ...]) -> None:
        if not self._on:
            return
        found = _effect(event, args)
        if found is not None and len(self._seen) < 4 * KEPT:
            self._on = False  # what the note itself opens is no effect of the call
            self._seen.append((found[0], found[1][:200]))
            self._on = True


def _effect(event: str, args: tuple[Any, ...]) -> tuple[str, str] | None:
    if event == "open":
        return _opened(args)
    if event == "exec":
        return ("code", "the reply is evaluated as Python") if _names_canary(args[0]) else None
    if event == "compile":
        source = args[0]
        text = source.decode("utf-8", "replace") if isinstance(source, bytes) else source
        return ("parse", "the reply goes to Python's own parser") if isinstance(text, str) and CANARY in text else None
    if event in _PROCESS:
        return "process", f"{event} {args[0]!r}" if args else event
    if event in _NETWORK:
        return "network", f"{event} {args[-1]!r}"
    if event in _CHANGES or event.startswith("shutil."):
        return "write", f"{event} {args[0]!r}" if args else event
    if event == "pickle.find_class":
        return "unpickle", ".".join(map(str, args))
    return None


def _opened(args: tuple[Any, ...]) -> tuple[str, str] | None:
    path, mode, flags = (*args, None, None, None)[:3]
    writing = any(mark in mode for mark in "wax+") if isinstance(mode, str) else bool((flags or 0) & _WRITES)
    where = os.fsdecode(path) if isinstance(path, (str, bytes)) else str(path)
    if not writing or "__pycache__" in where or where == os.devnull:
        return None
    return "write", f"open {where!r} for writing"


def _names_canary(code: object) -> bool:
    """Whether the name of the canary stands anywhere in a code object."""
    if isinstance(code, CodeType):
        names = (*code.co_names, *code.co_varnames, *code.co_freevars)
        return any(CANARY in name for name in names) or any(_names_canary(each) for each in code.co_consts)
    if isinstance(code, (tuple, frozenset)):
        return any(_names_canary(each) for each in code)
    return isinstance(code, str) and CANARY in code
