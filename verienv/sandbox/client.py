"""The grader's side: one fork server for each process, started when it is first needed, and runs asked of it."""

from __future__ import annotations

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from verienv.errors import SandboxError, SandboxUnavailable
from verienv.sandbox import values

START_SECONDS = 60.0
REQUEST_BYTES = 4 << 20
AT_ONCE = 2 * (os.cpu_count() or 1)
"""Runs that one process has under way at a time; more of them wait."""

# `verienv` and `verienv.sandbox` as empty shells, so that the server loads its own few modules and no other
_BOOT = """
import sys, types
for name, path in (("verienv", sys.argv[1]), ("verienv.sandbox", sys.argv[1] + "/sandbox")):
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].__path__ = [path]
from verienv.sandbox import server
server.main(int(sys.argv[2]))
"""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a run may use.

    steps: calls of its functions and turns of its loops, counted the same on every machine (`programs`).
    cpu: seconds of CPU time, for what a single step may do; wall: seconds in all, after which the run is no verdict.
    memory: bytes of address space. output: bytes that are read of it.
    """

    steps: int = 200_000
    cpu: float = 1.0
    wall: float = 60.0
    memory: int = 256 << 20
    output: int = 1 << 20


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run gave.

    answers: for each script in order, its value or exception as `values` writes it; fewer where the run was cut short.
    reason: "done", or why there is no more: "out_of_steps", "out_of_time", "too_much_output", "crashed", "malformed",
        "too_large" (the request).
    steps: what it took, as the run itself reports; 0 unless it is done.
    """

    answers: tuple[str, ...]
    reason: str
    steps: int = 0


def run(files: Mapping[str, str], scripts: Sequence[str], limits: Limits | None = None) -> Outcome:
    """Load a package in a confined process of its own and ask it the scripts, one after another.

    The scripts are the grader's, the files may be a model's. What comes back is data, to be compared by the caller;
    nothing else of the run counts. Raises SandboxUnavailable where this machine cannot confine, SandboxError where a
    run was no verdict (the machine is out of processes, or stalled): neither is the files' fault.
    """
    chosen = limits or Limits()
    request = json.dumps({"files": dict(files), "scripts": list(scripts), "steps": chosen.steps}).encode()
    if len(request) > REQUEST_BYTES:
        return Outcome((), "too_large")
    with _here.turns:
        for attempt in range(2):
            try:
                return _outcome(*_server().run(request, chosen), len(scripts), chosen.output)
            except _Lost as lost:
                why = str(lost)
                _here.forget()
                if attempt:
                    raise SandboxError(f"the sandbox failed twice: {why}") from lost
    raise SandboxError("the sandbox failed")


def unavailable() -> str:
    """Why nothing can be run on this machine, or "" where it can."""
    try:
        _server()
    except SandboxUnavailable as missing:
        return str(missing)
    return ""


class _Lost(Exception):
    """The server or the run is gone without a verdict."""


class _Server:
    """A fork server, started on creation."""

    def __init__(self) -> None:
        if not sys.platform.startswith("linux"):
            raise SandboxUnavailable(f"code is run under Landlock and seccomp, which need Linux, not {sys.platform}")
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        root = str(Path(__file__).resolve().parent.parent)
        # -P -s -S -B and an empty environment are -I, but with a hash seed: sets are walked in one order
        command = [sys.executable, *("-P", "-s", "-S", "-B", "-c"), _BOOT, root, str(theirs.fileno())]
        with theirs:
            self.process = subprocess.Popen(
                command,
                env={"PYTHONHASHSEED": "0"},
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                start_new_session=True,
            )
        self.control.settimeout(START_SECONDS)
        try:
            said = self.control.recv(4096).decode(errors="replace")
        except OSError as silence:
            said = f"the fork server does not start: {silence}"
        if said != "ready":
            self.close()
            reason = said.removeprefix("unavailable: ") or "the fork server does not start"
            raise SandboxUnavailable(f"no code is run without a sandbox, and there is none on this machine: {reason}")
        self.control.settimeout(None)

    def run(self, request: bytes, limits: Limits) -> tuple[bytes, bytes]:
        """What the child wrote, at most one byte above the limit, and how it ended. Raises _Lost."""
        from verienv.sandbox.server import ORDER

        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        reading, writing = os.pipe()
        try:
            try:
                order = ORDER.pack(limits.cpu, limits.wall, limits.memory, len(request))
                socket.send_fds(self.control, [order], [theirs.fileno(), writing])
            except OSError as gone:
                raise _Lost(str(gone)) from gone
            finally:
                theirs.close()
                os.close(writing)
            return _exchange(ours, reading, request, limits)
        finally:
            ours.close()
            os.close(reading)

    def close(self) -> None:
        """End the server, and with it whatever it runs."""
        self.control.close()
        self.process.wait()

    def disown(self) -> None:
        """Let go of a server that belongs to the process we were forked from."""
        self.control.close()
        self.process.returncode = 0


def _exchange(ours: socket.socket, status: int, request: bytes, limits: Limits) -> tuple[bytes, bytes]:
    """Send the request and read until the child is gone or has said too much."""
    from verienv.sandbox.server import ENDED

    ours.setblocking(False)
    left, got, ended = memoryview(request), bytearray(), b""
    poll = select.poll()
    poll.register(ours, select.POLLIN | select.POLLOUT)
    poll.register(status, select.POLLIN)
    until = time.monotonic() + limits.wall + 10
    while not ended or len(ended) < ENDED.size:
        ready = dict(poll.poll(max(0.0, until - time.monotonic()) * 1000))
        if not ready:
            raise _Lost("no word from the fork server")
        if event := ready.get(ours.fileno()):
            if event & select.POLLOUT and left:
                left = _sent(ours, left)
                if not left:
                    poll.modify(ours, select.POLLIN)
            if event & (select.POLLIN | select.POLLHUP | select.POLLERR):
                piece = _received(ours)
                got += piece
                if len(got) > limits.output:
                    return bytes(got), b""
                if not piece and event & (select.POLLHUP | select.POLLERR):
                    poll.unregister(ours)
        if status in ready:
            ended = os.read(status, ENDED.size)
            if not ended:
                raise _Lost("the fork server is gone")
    os.read(status, 1)  # its end: the server holds nothing more of this run
    while piece := _received(ours):  # what was on its way when the child ended
        got += piece
        if len(got) > limits.output:
            break
    return bytes(got), ended


def _sent(ours: socket.socket, left: memoryview) -> memoryview:
    try:
        left = left[ours.send(left) :]
    except BlockingIOError:
        return left
    except OSError:  # the child is gone; how, its status tells
        return left[:0]
    if not left:
        ours.shutdown(socket.SHUT_WR)
    return left


def _received(ours: socket.socket) -> bytes:
    try:
        return ours.recv(1 << 16)
    except OSError:  # nothing there, or the child is gone
        return b""


def _outcome(said: bytes, ended: bytes, scripts: int, most: int) -> Outcome:
    """The verdict on a run: only whole canonical lines count, as many as there are scripts, and a last one."""
    from verienv.sandbox.server import CONFINED, ENDED, TIME

    why, status, used = ENDED.unpack(ended) if ended else (b"-", 0, 0.0)
    first, _, tail = said.partition(b"\n")
    if first != CONFINED.encode():
        raise _Lost("a run ended before it was confined")
    *lines, cut = tail.split(b"\n")
    answers: list[str] = []
    for line in lines[:scripts]:
        if line == _OUT_OF_STEPS:
            return Outcome(tuple(answers), "out_of_steps")
        try:
            text = line.decode("ascii")
            values.read(text)
        except ValueError:
            return Outcome(tuple(answers), "malformed")
        answers.append(text)
    if len(said) > most:
        return Outcome(tuple(answers), "too_much_output")
    if why == TIME:
        return Outcome(tuple(answers), "out_of_time")
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:  # a run cannot send signals, itself included
        raise _Lost(f"a run was killed or stalled, with {used:.3f} s of CPU time used")
    last = lines[scripts:]
    if last == [_OUT_OF_STEPS]:
        return Outcome(tuple(answers), "out_of_steps")
    if status or not last:
        return Outcome(tuple(answers), "crashed")
    word, _, digits = last[0].partition(b" ")
    if len(last) > 1 or cut or word != b"steps" or not digits.isdigit() or len(digits) > 12:
        return Outcome(tuple(answers), "malformed")
    return Outcome(tuple(answers), "done", int(digits))


_OUT_OF_STEPS = b"out_of_steps"


class _Here:
    """This process's server, its turns, and why there is none."""

    def __init__(self) -> None:
        self.server: _Server | None = None
        self.missing = ""
        self.ending = False
        self.lock = threading.Lock()
        self.turns = threading.BoundedSemaphore(AT_ONCE)

    def forget(self) -> None:
        """End the server; the next run starts another."""
        with self.lock:
            gone, self.server = self.server, None
        if gone:
            gone.close()

    def end(self) -> None:
        """This process ends: its server does, and no other is started by a thread that goes on."""
        self.ending = True
        self.forget()

    def forked(self) -> None:
        """In a process forked from ours: the server is not its own."""
        if self.server:
            self.server.disown()
        self.__init__()  # type: ignore[misc]


_here = _Here()
atexit.register(_here.end)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_here.forked)


def _server() -> _Server:
    with _here.lock:
        if _here.missing:
            raise SandboxUnavailable(_here.missing)
        if _here.ending:
            raise SandboxError("this process ends")
        if _here.server is None:
            try:
                _here.server = _Server()
            except SandboxUnavailable as missing:
                _here.missing = str(missing)
                raise
        return _here.server
