"""Calls of a target in a process of its own: whatever a call does, it ends as an `Outcome`.

One worker lives as long as it behaves; one that hangs, dies or exits is replaced, and the call that did it is known,
since every answer is a line of its own.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Literal

from verienv.audit.items import Item
from verienv.errors import UsageError

WORKER: Final = Path(__file__).with_name("inside") / "worker.py"
ROOT: Final = str(Path(__file__).parents[2])
BATCH: Final = 256
BATCH_CHARS: Final = 1 << 20

Fault = Literal["", "raised", "no number", "memory", "timeout", "exited", "crashed"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one call may take: seconds of CPU, seconds by the clock, bytes beyond what the loaded target holds."""

    cpu: int = 4
    wall: float = 30.0
    memory: int = 1 << 30
    start: float = 180.0


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a worker process is started with."""

    name: str = "as it is"
    environ: Mapping[str, str] = field(default_factory=dict)
    shift: float = 0.0
    thread: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one call.

    value: the score, None where there is none. fault: what went wrong instead, with its detail. cpu: seconds; grew:
    bytes, where asked for. effects: (kind, what) of all it did besides. printed: bytes.
    answer: what a solver said.
    """

    value: float | None = None
    fault: Fault = ""
    detail: str = ""
    where: str = ""
    cpu: float = 0.0
    grew: int = 0
    effects: tuple[tuple[str, str], ...] = ()
    printed: int = 0
    answer: str | None = None

    @property
    def verdict(self) -> tuple[float | str | None, str, str]:
        """What must be the same wherever the call is made."""
        value = self.value if self.value is None or self.value == self.value else "nan"
        return value, self.fault, self.detail.split(":")[0]


class TargetError(UsageError):
    """The target cannot be loaded; the message says why."""


class Caller:
    """Calls one target on a list of items. A context: on leaving, its process ends."""

    def __init__(
        self,
        spec: Mapping[str, Any],
        items: Sequence[Item] = (),
        *,
        python: str = sys.executable,
        limits: Limits | None = None,
        surroundings: Surroundings | None = None,
    ) -> None:
        self.spec, self.python, self.limits = dict(spec), python, limits or Limits()
        self._surroundings = surroundings or Surroundings()
        self._items = list(items)
        self._worker: _Worker | None = None
        self._folder = tempfile.mkdtemp(prefix="verienv-audit-")
        self.calls = 0
        self.restarts = 0

    def __enter__(self) -> Caller:
        return self

    def __exit__(self, kind: type[BaseException] | None, bug: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @property
    def canary(self) -> str:
        """The file that a payload which reaches a shell leaves behind."""
        return os.path.join(self._folder, "verienv_canary")

    def close(self) -> None:
        """End the process and remove its folder."""
        self._drop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def about(self) -> dict[str, Any]:
        """What the loaded target says of itself. Raises TargetError."""
        return self._started().about

    def use(self, items: Sequence[Item]) -> None:
        """The items that calls refer to from now on."""
        self._items = list(items)
        if self._worker is not None:
            self._worker.send({"items": [dict(each.fields) for each in self._items]})

    def another(self, surroundings: Surroundings) -> Caller:
        """A caller of the same target on the same items, elsewhere."""
        return Caller(self.spec, self._items, python=self.python, limits=self.limits, surroundings=surroundings)

    def score(self, calls: Sequence[tuple[int, Any]], peak: bool = False) -> Generator[Outcome, None, None]:
        """An outcome for each (item, reply), in order, as soon as it is known."""
        for batch in _batches(calls):
            yield from self._batch(batch, peak)

    def make(self, seed: int, count: int, split: str | None = None, level: int | None = None) -> Iterator[Item]:
        """The target's own items. Raises TargetError when it fails or stalls."""
        worker = self._started()
        worker.send({"make": {"seed": seed, "count": count, "split": split, "level": level}})
        while True:
            try:
                said = worker.read(self.limits.wall * 2)
            except (_Silent, EOFError) as end:
                fault = self._end_of(end)
                raise TargetError(f"making items failed: {fault.detail}") from None
            if "item" not in said:
                if said.get("failed"):
                    raise TargetError(f"making items failed: {said['failed']}")
                return
            yield Item(said["item"], said["cpu"])

    def _batch(self, calls: Sequence[tuple[int, Any]], peak: bool) -> Generator[Outcome, None, None]:
        at = 0
        while at < len(calls):
            worker = self._started()
            try:
                worker.send({"calls": [list(each) for each in calls[at:]], "peak": peak})
                while at < len(calls):
                    outcome = _outcome(worker.read(self.limits.wall))
                    at += 1
                    self.calls += 1
                    yield outcome
            except (_Silent, EOFError) as end:
                at += 1
                self.calls += 1
                yield self._end_of(end)
            except GeneratorExit:  # whoever asked has heard enough: what is still to be said is nobody's
                self._drop()
                raise

    def _started(self) -> _Worker:
        if self._worker is None:
            worker = _Worker(self.python, self._surroundings.environ)
            self._worker = worker
            opened = {
                "spec": self.spec,
                "canary": self.canary,
                "path": [os.getcwd(), ROOT],
                "memory": self.limits.memory,
                "cpu": self.limits.cpu,
                "shift": self._surroundings.shift,
                "thread": self._surroundings.thread,
            }
            try:
                worker.send({"open": opened})
                said = worker.read(self.limits.start)
            except (_Silent, EOFError) as end:
                raise TargetError(f"the target cannot be loaded: {self._end_of(end).detail}") from None
            if "ready" not in said:
                self._drop()
                raise TargetError(f"the target cannot be loaded: {said['failed']}")
            worker.about = said["ready"]
            if self._items:
                worker.send({"items": [dict(each.fields) for each in self._items]})
        return self._worker

    def _end_of(self, end: _Silent | EOFError) -> Outcome:
        """How the worker came to its end, once it is gone."""
        worker = self._worker
        self._worker = None
        self.restarts += 1
        if worker is None:
            return Outcome(fault="crashed", detail="no process")
        if isinstance(end, _Silent):
            worker.kill()
            return Outcome(fault="timeout", detail=f"no answer in {end.seconds:g} s", cpu=float(self.limits.cpu))
        code = worker.wait()
        if code == -signal.SIGXCPU:
            return Outcome(fault="timeout", detail=f"over {self.limits.cpu} s of CPU", cpu=float(self.limits.cpu))
        if code == -signal.SIGKILL:
            return Outcome(fault="memory", detail="killed, as by the kernel when memory runs out")
        if code < 0:
            return Outcome(fault="crashed", detail=f"killed by {signal.Signals(-code).name}")
        return Outcome(fault="exited", detail=f"the process ended with code {code}")

    def _drop(self) -> None:
        if self._worker is not None:
            self._worker.kill()
            self._worker = None


class _Silent(Exception):
    """No answer in time."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class _Worker:
    """One process and its two pipes."""

    def __init__(self, python: str, environ: Mapping[str, str]) -> None:
        self.about: dict[str, Any] = {}
        try:
            self._process = subprocess.Popen(
                [python, str(WORKER)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, **environ},
                start_new_session=True,
            )
        except OSError as error:
            raise TargetError(f"{python} cannot be started: {error.strerror}") from error
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("a process without pipes")
        self._stdin, self._stdout = self._process.stdin, self._process.stdout
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._stdout, selectors.EVENT_READ)
        self._buffer = bytearray()

    def send(self, message: Mapping[str, Any]) -> None:
        """One line. A process that is gone is noticed when it is read from."""
        with contextlib.suppress(BrokenPipeError):
            self._stdin.write(json.dumps(message).encode() + b"\n")
            self._stdin.flush()

    def read(self, seconds: float) -> dict[str, Any]:
        """The next line. Raises _Silent after so many seconds without one, EOFError at the end."""
        deadline = time.monotonic() + seconds
        while (end := self._buffer.find(b"\n")) < 0:
            left = deadline - time.monotonic()
            if left <= 0 or not self._selector.select(left):
                raise _Silent(seconds)
            data = os.read(self._stdout.fileno(), 1 << 16)
            if not data:
                raise EOFError
            self._buffer += data
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        said: dict[str, Any] = json.loads(line)
        return said

    def wait(self) -> int:
        """The exit code of a process whose pipe has ended."""
        try:
            code = self._process.wait(5)
        except subprocess.TimeoutExpired:  # it closed its pipe and lives on
            code = 0
        self.kill()
        return code

    def kill(self) -> None:
        """End it and all that it started."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()
        self._process.wait()
        self._selector.close()
        for pipe in (self._stdin, self._stdout):
            with contextlib.suppress(BrokenPipeError):
                pipe.close()


def _outcome(said: Mapping[str, Any]) -> Outcome:
    return Outcome(
        said.get("value"),
        said.get("fault", ""),
        said.get("detail", ""),
        said.get("where", ""),
        said.get("cpu", 0.0),
        said.get("grew", 0),
        tuple((kind, what) for kind, what in said.get("effects", ())),
        said.get("printed", 0),
        said.get("answer"),
    )


def _batches(calls: Sequence[tuple[int, Any]]) -> Iterator[list[tuple[int, Any]]]:
    batch: list[tuple[int, Any]] = []
    chars = 0
    for call in calls:
        size = len(call[1]) if isinstance(call[1], str) else 256
        if batch and (len(batch) >= BATCH or chars + size > BATCH_CHARS):
            yield batch
            batch, chars = [], 0
        batch.append(call)
        chars += size
    if batch:
        yield batch
