"""The fork server: an interpreter that holds nothing but this, and makes a confined child for each run.

It is started without site packages, environment or paths, gives up what it can, and reads no request: each comes over
a socket of its own that only the child reads. So there is nothing in its memory for a child to find, neither an answer
nor another run's program. It watches the children, kills those that overstay, and tells how each ended.

On the control socket, one message a run: the limits as `ORDER`, with the child's socket and the write end of a pipe.
On the pipe, once the child is gone: how it ended, as `ENDED`. The end of the control socket ends everything.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import random
import resource
import select
import signal
import socket
import struct
import sys
import time
from typing import Any, Final

from verienv.sandbox import kernel, programs

ORDER: Final = struct.Struct("=ddQQ")  # CPU seconds, seconds in all, bytes of memory, bytes of a request
ENDED: Final = struct.Struct("=cid")  # why it was killed or b"-", wait status, CPU seconds
TIME, STALLED, LEFT = b"t", b"s", b"l"  # too much CPU time; too long without it; nobody reads any more
DATA: Final = 3  # the one descriptor of a child
READY: Final = b"ready"
CONFINED: Final = "confined"  # a child's first line, before it touches what it was given: what follows is a verdict


def main(descriptor: int) -> None:
    """Serve until the other end of the control socket is closed."""
    control = socket.socket(fileno=descriptor)
    try:
        for name in programs.IMPORTABLE:
            importlib.import_module(name)
        _confine_self(control)
        _prove_child()
    except OSError as missing:
        control.send(f"unavailable: {missing}".encode())
        return
    gc.collect()
    gc.freeze()
    control.send(READY)
    _serve(control)


def _confine_self(control: socket.socket) -> None:
    """What holds for the server as for every child."""
    kept = control.fileno()
    os.closerange(0, kept)
    os.closerange(kept + 1, 65_536)
    sys.stdin = sys.stdout = sys.stderr = None
    sys.argv[:], sys.path[:] = [""], []
    sys.path_importer_cache.clear()
    for name in ("verienv", "verienv.sandbox"):
        del sys.modules[name]
    kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
    kernel.no_new_privileges()
    kernel.drop_capabilities()
    kernel.deny_files()
    try:
        os.close(os.open("/", os.O_RDONLY))
    except PermissionError:
        return
    raise OSError("landlock is in place, and a file can be opened")


def _prove_child() -> None:
    """A child's confinement is put in place and tried. Raises OSError where it does not hold."""
    reading, writing = os.pipe()
    pid = os.fork()
    if not pid:
        try:
            kernel.filter_syscalls(writing)
            said = "".join([name for name, attempt in _FORBIDDEN.items() if _works(attempt)])
            said = f"seccomp is in place, and {said} still works" if said else "held"
        except OSError as missing:
            said = str(missing)
        os.write(writing, said.encode())
        os._exit(0)
    os.close(writing)
    said = os.read(reading, 1000).decode()
    os.close(reading)
    os.waitpid(pid, 0)
    if said != "held":
        raise OSError(said or "a confined child does not run")


def _works(attempt: Any) -> bool:
    try:
        attempt()
    except PermissionError:
        return False
    return True


_FORBIDDEN: Final = {
    "open": lambda: os.open("/", os.O_RDONLY),
    "socket": lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
    "kill": lambda: os.kill(os.getpid(), 0),
    "pipe": os.pipe,
    "fork": os.fork,
}


class _Child:
    """A run under way."""

    def __init__(self, pid: int, watch: int, status: int, cpu: float, wall: float) -> None:
        self.pid, self.watch, self.status, self.cpu = pid, watch, status, cpu
        self.clock = (~pid << 3) | 2  # clock_getcpuclockid(3): the CPU time of that process
        self.until = time.monotonic() + wall
        self.look = time.monotonic() + cpu  # before then it cannot have used it up
        self.why = b"-"

    def kill(self, why: bytes) -> None:
        """Kill it; it is reaped when the kernel says that it is gone."""
        if self.why == b"-":
            self.why = why
            os.kill(self.pid, signal.SIGKILL)  # no other process has this number before we reap it

    def due(self, now: float) -> float:
        """Kill it if it overstays; seconds until that has to be asked again."""
        if self.why != b"-":
            return 60.0
        if now >= self.until:
            self.kill(STALLED)
        elif now >= self.look:
            left = self.cpu - self._used()
            if left <= 0:
                self.kill(TIME)
            self.look = now + max(left, 0.002)
        return max(0.0, min(self.look, self.until) - now)

    def _used(self) -> float:
        try:
            return time.clock_gettime(self.clock)
        except OSError:  # it is gone, and about to be reaped
            return 0.0


def _serve(control: socket.socket) -> None:
    children: dict[int, _Child] = {}  # by the descriptors that are watched
    poll = select.poll()
    poll.register(control, select.POLLIN)
    while True:
        now = time.monotonic()
        wait = min([child.due(now) for child in set(children.values())], default=60.0)
        for descriptor, event in poll.poll(wait * 1000 + 1):
            if descriptor == control.fileno():
                order, given, _, _ = socket.recv_fds(control, ORDER.size, 2)
                if len(order) != ORDER.size or len(given) != 2:
                    os._exit(0)  # the grader is gone; what still runs dies with us
                child = _fork(control, order, *given)
                children[child.watch] = children[child.status] = child
                poll.register(child.watch, select.POLLIN)
                poll.register(child.status, 0)  # an error tells that nobody waits for it any more
            elif descriptor in children:
                child = children[descriptor]
                if descriptor == child.status and event:
                    child.kill(LEFT)
                    poll.unregister(descriptor)
                    del children[descriptor]
                elif descriptor == child.watch:
                    for each in (child.watch, child.status):
                        if children.pop(each, None):
                            poll.unregister(each)
                    os.close(child.watch)
                    _reap(child)


def _reap(child: _Child) -> None:
    """Tell how a child ended; when the pipe is closed, nothing is left of it."""
    _, status, used = os.wait4(child.pid, 0)
    with contextlib.suppress(BrokenPipeError):  # nobody waits for it
        os.write(child.status, ENDED.pack(child.why, status, used.ru_utime + used.ru_stime))
    os.close(child.status)


def _fork(control: socket.socket, order: bytes, data: int, status: int) -> _Child:
    cpu, wall, memory, size = ORDER.unpack(order)
    server = os.getpid()
    pid = os.fork()
    if not pid:
        try:
            _become(server, data, cpu, memory, size)
        finally:
            os._exit(1)
    os.close(data)
    return _Child(pid, os.pidfd_open(pid), status, cpu, wall)


def _become(server: int, data: int, cpu: float, memory: int, size: int) -> None:
    """The child: alone with its socket, read the request, give up the rest, run, write the answers."""
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != server:  # it ended before that was asked
        os._exit(1)
    os.setsid()
    if data != DATA:
        os.dup2(data, DATA)
    os.closerange(0, DATA)
    os.closerange(DATA + 1, 1024)
    request = json.loads(_received(size))
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, int(cpu) + 2),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, DATA + 1),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_MEMLOCK, 0),
    ):
        resource.setrlimit(what, (most, most))
    random.setstate(random.Random(0).getstate())
    kernel.filter_syscalls(DATA)
    _say(CONFINED)
    meter = programs.Meter(request["steps"], lambda: _quit("out_of_steps"))
    program = programs.Program(request["files"], meter, sys.modules, BaseException)
    for script in request["scripts"]:
        _say(program.answer(script))
    _quit(f"steps {meter.steps}")


def _received(size: int) -> bytes:
    got = bytearray()
    while piece := os.read(DATA, 1 << 16):
        got += piece
        if len(got) > size:
            os._exit(1)
    return bytes(got)


def _say(line: str) -> None:
    left = memoryview(f"{line}\n".encode("ascii"))
    while left:
        left = left[os.write(DATA, left) :]


def _quit(last: str) -> None:
    _say(last)
    os._exit(0)
