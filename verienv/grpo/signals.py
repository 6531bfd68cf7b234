"""Ctrl-C and SIGTERM during a run: the step under way is finished and kept; a second Ctrl-C stops at once."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Asked:
    """Which signal asked the run to stop; 0 while none has."""

    def __init__(self) -> None:
        self.signal = 0

    def __call__(self) -> bool:
        """Whether the run was asked to stop."""
        return self.signal != 0


@contextmanager
def heeded() -> Iterator[Asked]:
    """Note the first signal instead of stopping; outside the main thread signals are left as they are."""
    asked = Asked()
    if threading.current_thread() is not threading.main_thread():
        yield asked
        return

    def note(number: int, frame: Any) -> None:
        if asked():
            raise KeyboardInterrupt
        asked.signal = number

    before = {each: signal.signal(each, note) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
