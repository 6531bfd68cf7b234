"""Asking: every problem `samples` times, many at once, each reply written as soon as it is whole."""

from __future__ import annotations

import hashlib
import queue
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from verienv import episode, registry
from verienv.dataset import disk
from verienv.errors import ContractError, UsageError
from verienv.evaluate import journal
from verienv.evaluate.journal import Journal
from verienv.evaluate.policy import Messages, Policy, PolicyError, Said
from verienv.task import Game, Instance

PATIENCE = 20
"""A run is given up after so many failures in a row, and one for each request under way."""
TOLD = 5
LOCK = ".lock"
LONGEST = 1_000_000
"""Characters that are kept of a reply; one of more than parsing.MAX_CHARS reads as nothing anyway."""


@dataclass(slots=True)
class Outcome:
    """What became of a run: replies asked for, there before, got now, failed; what the first failures said, once."""

    asked: int = 0
    before: int = 0
    got: int = 0
    failed: int = 0
    told: list[str] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        """Whether every reply is there."""
        return self.before + self.got == self.asked


def run(
    problems: Sequence[str],
    policy: Policy,
    folder: str | Path,
    *,
    samples: int = 1,
    concurrency: int = 16,
    system: str | None = None,
    settings: Mapping[str, Any] | None = None,
    progress: Callable[[int, int], None] = lambda done, asked: None,
) -> Outcome:
    """Ask and keep the replies in `folder`; what is there already, by address and sample, is not asked again.

    `settings` (the model's name, say) are kept too, and must be the same when a run goes on. A reply that could not be
    got is left out, and asked for by the next call. Raises UsageError, PolicyError for one that is fatal or for many
    in a row, RunError, ContractError.
    """
    if samples < 1 or concurrency < 1:
        raise UsageError(f"samples={samples}, concurrency={concurrency}: at least 1")
    if not problems:
        raise UsageError("no problem to ask")
    root = Path(folder)
    with disk.explained(f"make {root}"):
        root.mkdir(parents=True, exist_ok=True)
    with disk.locked(root / LOCK):
        digest = hashlib.sha256("\n".join(problems).encode()).hexdigest()
        decided = {"problems": len(problems), "digest": digest, "samples": samples, "system": system}
        journal.settle(root, {**decided, **(settings or {})})
        kept = Journal(root)
        try:
            return _ask(problems, policy, kept, samples, concurrency, system, progress)
        finally:
            kept.close()
            (root / LOCK).unlink(missing_ok=True)


def _ask(
    problems: Sequence[str],
    policy: Policy,
    kept: Journal,
    samples: int,
    concurrency: int,
    system: str | None,
    progress: Callable[[int, int], None],
) -> Outcome:
    outcome = Outcome(asked=len(problems) * samples)
    wanted: queue.SimpleQueue[tuple[str, int] | None] = queue.SimpleQueue()
    for address in problems:
        for sample in range(samples):
            if (address, sample) in kept.done:
                outcome.before += 1
            else:
                wanted.put((address, sample))
    stop = threading.Event()
    results: queue.SimpleQueue[BaseException | None] = queue.SimpleQueue()  # None for a reply that is written
    patience = _Patience(PATIENCE + min(concurrency, outcome.asked))

    def work() -> None:
        while not stop.is_set():
            try:
                address, sample = wanted.get_nowait()  # type: ignore[misc]
            except queue.Empty:
                return
            try:
                kept.append(_one(address, sample, policy, system, stop))
                patience.reward()
                results.put(None)
            except BaseException as error:  # noqa: BLE001 - the asking thread raises it, or counts it
                if patience.lost(error):
                    stop.set()
                results.put(error)

    workers = [threading.Thread(target=work, daemon=True) for _ in range(min(concurrency, outcome.asked))]
    progress(outcome.before, outcome.asked)
    for worker in workers:
        worker.start()
    try:
        for _ in range(outcome.asked - outcome.before):
            error = results.get()
            if error is None:
                outcome.got += 1
                progress(outcome.before + outcome.got, outcome.asked)
                continue
            if not isinstance(error, PolicyError) or error.fatal:
                raise error
            outcome.failed += 1
            if len(outcome.told) < TOLD and str(error) not in outcome.told:
                outcome.told.append(str(error))
            if stop.is_set():
                raise PolicyError(f"given up after {patience.failures} failures in a row; the last: {error}", True)
    finally:
        stop.set()
    for worker in workers:
        worker.join()
    return outcome


class _Patience:
    """Failures in a row, counted where they happen, so that no worker runs ahead."""

    def __init__(self, limit: int) -> None:
        self._limit, self._lock = limit, threading.Lock()
        self.failures = 0

    def reward(self) -> None:
        """A reply came."""
        with self._lock:
            self.failures = 0

    def lost(self, error: BaseException) -> bool:
        """Count a failure; whether to go no further."""
        with self._lock:
            self.failures += 1
            return self.failures >= self._limit or not isinstance(error, PolicyError) or error.fatal


def _one(address: str, sample: int, policy: Policy, system: str | None, stop: threading.Event) -> journal.Record:
    """One reply, or a game's replies to its end; a task that fails on one is found out when the replies are scored."""
    began = time.monotonic()
    instance = _instance(address)
    game = isinstance(instance.task, Game)
    begun = episode.begin(instance)
    messages: Messages = [{"role": "system", "content": system}] if system else []
    said: list[Said] = []
    while not begun.done:
        if stop.is_set():
            raise PolicyError("stopped")
        messages = [*messages, *begun.messages]
        given = policy([*messages])
        reply = Said(given) if isinstance(given, str) else given
        said.append(reply)
        messages.append({"role": "assistant", "content": reply.text})
        if not game:
            break
        try:
            begun = begun.step(reply.text)
        except ContractError:
            break
    texts = [each.text[:LONGEST] for each in said]
    counts = {
        name: sum(getattr(each, name) or 0 for each in said)
        for name in ("prompt_tokens", "reply_tokens")
        if any(getattr(each, name) is not None for each in said)
    }
    return {
        "address": address,
        "sample": sample,
        "response": texts if game else texts[0],
        "truncated": any(each.finish == "length" for each in said),
        "seconds": round(time.monotonic() - began, 3),
        **counts,
    }


@lru_cache(maxsize=64)
def _instance(address: str) -> Instance[Any]:
    """The samples of a problem are asked for one after the other, so it is made once for all."""
    return registry.instance(address)
