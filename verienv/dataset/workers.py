"""Workers: the same candidates as drawn serially, by several processes, ahead of where they are needed."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from multiprocessing import connection

from verienv.dataset import draw, formats
from verienv.dataset.disk import RunError
from verienv.dataset.draw import Progress, Serial, Source
from verienv.dataset.plans import Plan
from verienv.dataset.row import Line, Row

CHUNK, PICTURED = 250, 20  # most rows at a time, and rows with pictures
ROUNDS = 8  # chunks for each worker at least, so that all end at about the same time
AHEAD = 3  # chunks in flight for each worker

Drawn = list[Row | tuple[int, bytes] | None]
"""Rows or, where the format allows it, the fields of lines, which cross between processes faster than lines do."""


@contextmanager
def source(plan: Plan, progress: Progress, workers: int, pictures: str | None = None) -> Iterator[Source[Row | Line]]:
    """Where a run's candidates come from; `pictures` is the folder of a user's picture set.

    Workers also write each row as a line, where the format allows it: the parent only puts lines in order.
    """
    if workers == 1:
        yield Serial(plan, progress)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, initializer=_begin, initargs=(pictures,)) as pool:
        try:
            yield Ahead(plan, progress, pool, workers)
        except BrokenProcessPool as broken:
            raise RunError(
                "a worker process died (out of memory?); run again, with fewer workers, to go on from what is written"
            ) from broken
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


class Ahead:
    """Candidates from a pool. It walks the plan's slots ahead of the reader and orders what they will need."""

    def __init__(self, plan: Plan, progress: Progress, pool: ProcessPoolExecutor, workers: int) -> None:
        self._plan, self._pool = plan, pool
        self._slots = islice(plan.shard_slots(), progress.slots, None)
        self._left = [0] * len(plan.cells)  # slots of each cell that the walk has still to meet
        for cell in islice(plan.shard_slots(), progress.slots, None):
            self._left[cell] += 1
        self._next = list(progress.next)  # the first index not ordered yet
        self._wanted = [0] * len(plan.cells)  # met, and not ordered yet
        chunk = max(1, min(PICTURED if draw.pictured(plan) else CHUNK, sum(self._left) // (workers * ROUNDS)))
        self._chunk = max(1, chunk // len(plan.cells)) if plan.order == "mixed" else chunk
        self._ordered: list[deque[Future[Drawn]]] = [deque() for _ in plan.cells]
        self._ready: list[deque[Row | Line | None]] = [deque() for _ in plan.cells]
        self._flying = 0
        self._most = workers * AHEAD * chunk

    def take(self, cell: int) -> Row | Line | None:
        """The cell's next candidate."""
        self._walk()
        ready = self._ready[cell]
        if not ready:
            if not self._ordered[cell]:
                self._order(cell, max(self._wanted[cell], self._chunk))
                self._wanted[cell] = 0
            drawn = self._ordered[cell].popleft().result()
            self._flying -= len(drawn)
            ready.extend([Line._make(each) if isinstance(each, tuple) else each for each in drawn])
        return ready.popleft()

    def _walk(self) -> None:
        while self._flying < self._most:
            cell = next(self._slots, None)
            if cell is None:
                return
            self._left[cell] -= 1
            self._wanted[cell] += 1
            if self._wanted[cell] >= self._chunk or not self._left[cell]:
                self._order(cell, self._wanted[cell])
                self._wanted[cell] = 0

    def _order(self, cell: int, count: int) -> None:
        start = self._next[cell]
        self._next[cell] += count
        self._flying += count
        self._ordered[cell].append(self._pool.submit(_draw, self._plan, cell, start, start + count))


def _draw(plan: Plan, cell: int, start: int, stop: int) -> Drawn:
    rows = (draw.candidate(plan, cell, index) for index in range(start, stop))
    line = formats.line_of(plan)
    if line is None:
        return list(rows)
    return [None if row is None else (row.key, line(row)) for row in rows]


def _begin(pictures: str | None) -> None:
    """Runs first in every worker: the parent answers Ctrl-C, and no worker outlives it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow_parent, daemon=True).start()
    if pictures is not None:
        from verienv.dataset import picture_set

        picture_set.use(pictures)


def _follow_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)
