"""Reading other people's files: what a family adds so that published problems can be shown, played and scored.

A problem that was read has no generating address; its row carries the problem itself, as JSON, under `spec`.
"""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from verienv import chat
from verienv.errors import UsageError
from verienv.score import Score
from verienv.task import Instance, Task

P = TypeVar("P")


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


def row(task: Task[Any, P, Any], found: Found[P], source: str) -> dict[str, Any]:
    """A problem that was read as a row of a data set; `source` names the file."""
    prompt = task.prompt(found.problem)
    return {
        "task": task.name,
        "version": task.version,
        "source": f"{source}:{found.line}",
        "id": found.name,
        "digest": digest(task, found.problem),
        "difficulty": dict(task.describe(found.problem)),
        "prompt": chat.text_only(prompt),
        "messages": chat.messages(prompt),
        "spec": reader(task).to_json(found.problem),
    }


def score(task: Task[Any, Any, Any], spec: object, reply: object) -> Score:
    """The verdict on a reply to a problem given by its `spec`. Raises UsageError for a bad spec, else as Task.score."""
    problem = reader(task).from_json(spec)
    key = digest(task, problem)
    return task.score(
        Instance(task, f"{task.name}@{task.version}/read/{key[:16]}", task.levels[0], problem, key), reply
    )
