"""Runs the deeds without a sandbox, each in a forked process of its own, and prints the names of those that succeed."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

# what would harm the machine that tests run on, or outlive the test
HARMFUL = {"deed_mount", "deed_daemon", "deed_chroot", "deed_terminal", "deed_wait_for_futex", "deed_poll"}


def succeeds(path: Path, folder: str) -> bool:
    """Whether a deed is done: it then answers rightly."""
    pid = os.fork()
    if not pid:
        try:
            os.chdir(folder)
            signal.alarm(5)  # noqa: TID251
            scope: dict[str, object] = {"__name__": "task.answer"}
            text = path.read_text().replace("/tmp", folder)
            exec(compile(text, path.name, "exec"), scope)  # noqa: S102
            os._exit(42 if scope["solve"](3) == 10 else 1)  # type: ignore[operator]
        finally:
            os._exit(2)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 42


if __name__ == "__main__":
    os.setpgid(0, 0)
    for each in sorted(Path(sys.argv[1]).resolve().glob("deed_*.py.txt")):
        name = each.name.removesuffix(".py.txt")
        if name not in HARMFUL and succeeds(each, sys.argv[2]):
            print(name)
