"""Threads that draw and score, few of them, with a bounded queue before them, so that the loop stays free to answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from verienv.server.limits import BUSY, Limits, Refused

T = TypeVar("T")


class Pool:
    """Runs pieces of work. A piece cannot be stopped: checkers are bounded, and a batch is a piece for each attempt."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._threads = ThreadPoolExecutor(limits.threads, thread_name_prefix="verienv")
        self.waiting = 0

    async def run(self, work: Callable[[], T]) -> T:
        """What `work` gives. Raises Refused 429 where the queue is full, and whatever the work raises."""
        if self.waiting >= self._limits.queue:
            raise Refused(*BUSY)
        self.waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self.waiting -= 1

    def close(self) -> None:
        """Take no more work."""
        self._threads.shutdown(wait=False, cancel_futures=True)
