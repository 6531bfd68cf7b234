"""What the kernel is asked for: no new privileges, no capabilities, Landlock, a seccomp filter, limits.

Through ctypes, for x86_64 and aarch64. Everything raises OSError where the kernel refuses; nothing falls back.
Sources: landlock(7), seccomp(2), prctl(2), capset(2), the kernel's syscall tables.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
from typing import Final, NamedTuple

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS = 1, 4, 38
SECCOMP_SET_MODE_FILTER = 1
LANDLOCK_CREATE, LANDLOCK_RESTRICT = 444, 446  # the same everywhere
KILL_PROCESS, ERRNO, ALLOW = 0x8000_0000, 0x0005_0000, 0x7FFF_0000
EPERM = 1

_CALLS: Final = {
    # name: (x86_64, aarch64); None where there is no such call
    "close": (3, 57),
    "mmap": (9, 222),
    "mprotect": (10, 226),
    "munmap": (11, 215),
    "brk": (12, 214),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "mremap": (25, 216),
    "madvise": (28, 233),
    "getpid": (39, 172),
    "exit": (60, 93),
    "gettimeofday": (96, 169),
    "getrusage": (98, 165),
    "times": (100, 153),
    "getuid": (102, 174),
    "getgid": (104, 176),
    "geteuid": (107, 175),
    "getegid": (108, 177),
    "getppid": (110, 173),
    "sigaltstack": (131, 132),
    "gettid": (186, 178),
    "time": (201, None),
    "restart_syscall": (219, 128),
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "exit_group": (231, 94),
}
"""What a program may ask of the kernel, but for `write` to one descriptor and waking a futex."""

_WRITE, _FUTEX = (1, 64), (202, 98)
_FUTEX_WAKE = 1


class Machine(NamedTuple):
    """A processor: its place in the table, the kernel's number for it, and the calls that confine."""

    at: int
    audit: int
    seccomp: int
    capset: int


_MACHINES: Final = {
    "x86_64": Machine(0, 0xC000_003E, 317, 126),
    "aarch64": Machine(1, 0xC000_00B7, 277, 91),
}


def machine() -> Machine:
    """This machine. Raises OSError where its syscalls are not known."""
    name = platform.machine()
    if name not in _MACHINES or struct.calcsize("P") != 8:
        raise OSError(f"no table of syscalls for {name!r}; there is one for {' and '.join(_MACHINES)}")
    return _MACHINES[name]


def allowed(here: Machine) -> list[int]:
    """The numbers of `_CALLS` on a machine."""
    return [number for numbers in _CALLS.values() if (number := numbers[here.at]) is not None]


def prctl(option: int, *arguments: int) -> None:
    """prctl(2)."""
    _checked("prctl", _libc().prctl(option, *[ctypes.c_ulong(each) for each in (*arguments, 0, 0, 0, 0)[:4]]))


def no_new_privileges() -> None:
    """For this thread and all that follow from it; asked for by Landlock and seccomp."""
    prctl(PR_SET_NO_NEW_PRIVS, 1)


def drop_capabilities() -> None:
    """What root may do beyond other users, given up for good."""
    header = struct.pack("=Ii", 0x2008_0522, 0)
    _checked("capset", _call(machine().capset, header, bytes(24)))


def deny_files() -> int:
    """Landlock without exceptions: no file, TCP port, abstract socket or signal. Gives its interface's version."""
    version = _call(LANDLOCK_CREATE, None, 0, 1)
    _checked("landlock", version)
    if version < 1:
        raise OSError("landlock has no version")
    files = (1 << 13) - 1
    for since, bit in ((2, 13), (3, 14), (5, 15)):
        files |= (version >= since) << bit
    rules = struct.pack("=QQQ", files, 3 * (version >= 4), 3 * (version >= 6))
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    ruleset = _call(LANDLOCK_CREATE, rules[:size], size, 0)
    _checked("landlock_create_ruleset", ruleset)
    try:
        _checked("landlock_restrict_self", _call(LANDLOCK_RESTRICT, ruleset, 0))
    finally:
        os.close(ruleset)
    return version


def filter_syscalls(descriptor: int) -> None:
    """From here on: what `_CALLS` names, writing to `descriptor`, waking a futex. All else fails with EPERM."""
    install(_filter(machine(), descriptor))


def install(program: bytes) -> None:
    """Put a seccomp filter in place."""
    kept = ctypes.create_string_buffer(program, len(program))
    head = struct.pack("=HxxxxxxQ", len(program) // 8, ctypes.addressof(kept))
    _checked("seccomp", _call(machine().seccomp, SECCOMP_SET_MODE_FILTER, 0, head))


def _filter(here: Machine, descriptor: int) -> bytes:
    """The filter as a program of classic BPF; `data` is at 0 the number, at 4 the machine, from 16 on the arguments."""
    lines = [_load(4), _if_equal(here.audit, 1, 0), _return(KILL_PROCESS), _load(0)]
    if here.at == 0:
        lines += [_if_above(0x4000_0000, 0, 1), _return(KILL_PROCESS)]  # the x32 calls of x86_64
    for number in allowed(here):
        lines += [_if_equal(number, 0, 1), _return(ALLOW)]
    lines += [_if_equal(_WRITE[here.at], 0, 4), _load(16), _if_equal(descriptor, 0, 1), _return(ALLOW), _deny()]
    lines += [_if_equal(_FUTEX[here.at], 0, 4), _load(24), _and(0x7F), _if_equal(_FUTEX_WAKE, 0, 1), _return(ALLOW)]
    return b"".join([*lines, _deny()])


def _load(offset: int) -> bytes:
    return struct.pack("=HBBI", 0x20, 0, 0, offset)


def _if_equal(value: int, yes: int, no: int) -> bytes:
    return struct.pack("=HBBI", 0x15, yes, no, value)


def _if_above(value: int, yes: int, no: int) -> bytes:
    return struct.pack("=HBBI", 0x35, yes, no, value)  # at least `value`


def _and(value: int) -> bytes:
    return struct.pack("=HBBI", 0x54, 0, 0, value)


def _return(action: int) -> bytes:
    return struct.pack("=HBBI", 0x06, 0, 0, action)


def _deny() -> bytes:
    return _return(ERRNO | EPERM)


def _call(number: int, *arguments: int | bytes | None) -> int:
    words = [ctypes.c_long(each) if isinstance(each, int) else each for each in arguments]
    return int(_libc().syscall(ctypes.c_long(number), *words))


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _checked(what: str, result: int) -> None:
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, f"{what}: {os.strerror(error)}")
