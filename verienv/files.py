"""Reading other people's files: what a family adds so that published problems can be shown, played and scored.

A problem that was read has no place among the generated ones; its address, `sat@1/read/9f…`, is taken from its digest,
and its row carries the problem itself, as JSON, under `spec`.
"""

from __future__ import annotations

import hashlib
import json
import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Generic, TypeVar

from verienv import chat, registry
from verienv.errors import UsageError
from verienv.score import Score
from verienv.task import Instance, Task

P = TypeVar("P")

MAX_SPEC: Final = 4_000_000
_READ: Final = re.compile(r"[a-z][a-z0-9_]{0,63}@[0-9]{1,6}/read/[0-9a-f]{16}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Found(Generic[P]):
    """A problem from a file: the line it starts on (from 1), its name there, and what was set right in reading it."""

    problem: P
    line: int
    name: str = ""
    notes: tuple[str, ...] = ()


class Reader(ABC, Generic[P]):
    """A family that reads files."""

    formats: ClassVar[str]  # what it reads, in words

    @abstractmethod
    def read(self, text: str) -> list[Found[P]]:
        """The problems in a file's text. Raises UsageError with the number of the line and what is wrong there."""

    @abstractmethod
    def to_json(self, problem: P) -> dict[str, Any]:
        """The whole problem as plain JSON."""

    @abstractmethod
    def from_json(self, spec: object) -> P:
        """The problem again. Raises UsageError for anything that `to_json` does not write."""


def reader(task: Task[Any, Any, Any]) -> Reader[Any]:
    """The task as a reader. Raises UsageError where it reads no files."""
    if not isinstance(task, Reader):
        raise UsageError(f"task {task.name!r} reads no files")
    return task


def digest(task: Task[Any, P, Any], problem: P) -> str:
    """What `Instance.digest` would be, had the problem been generated."""
    head = f"{task.name}@{task.version}\n".encode()
    return hashlib.sha256(head + task.identity(problem)).hexdigest()


def address(task: Task[Any, Any, Any], key: str) -> str:
    """How a problem that was read is named, by its digest."""
    return f"{task.name}@{task.version}/read/{key[:16]}"


def is_address(where: str) -> bool:
    """Whether a text is the address of a problem that was read."""
    return _READ.fullmatch(where) is not None


def row(task: Task[Any, P, Any], found: Found[P], source: str) -> dict[str, Any]:
    """A problem that was read as a row of a data set; `source` names the file, `spec` is all that scoring needs."""
    prompt = task.prompt(found.problem)
    key = digest(task, found.problem)
    whole = {"task": task.name, "version": task.version, "digest": key, "problem": reader(task).to_json(found.problem)}
    return {
        "address": address(task, key),
        "task": task.name,
        "version": task.version,
        "source": f"{source}:{found.line}",
        "id": found.name,
        "prompt": chat.text_only(prompt),
        "messages": chat.messages(prompt),
        "difficulty": dict(task.describe(found.problem)),
        "digest": key,
        "spec": json.dumps(whole),
    }


def instance(spec: str) -> Instance[Any]:
    """The problem that a row's `spec` holds. Raises UsageError."""
    try:
        whole = json.loads(spec) if len(spec) <= MAX_SPEC else None
    except (ValueError, RecursionError):
        whole = None
    if not isinstance(whole, dict) or whole.keys() != {"task", "version", "digest", "problem"}:
        raise UsageError(f"not the spec of a problem that was read: {spec!r:.80}")
    task = registry.load(str(whole["task"]))
    if whole["version"] != task.version:
        raise UsageError(f"the spec was made by version {whole['version']!r:.20} of {task.name!r}, not {task.version}")
    problem = reader(task).from_json(whole["problem"])
    key = digest(task, problem)
    if whole["digest"] != key:
        raise UsageError(f"the digest of the spec, {whole['digest']!r:.80}, is not its problem's, {key!r}")
    return Instance(task, address(task, key), task.levels[0], problem, key)


def score(spec: str, reply: object) -> Score:
    """The verdict on a reply to the problem of a `spec`. Raises UsageError for a bad spec, else as Task.score."""
    found = instance(spec)
    return found.task.score(found, reply)
