"""Files of replies, read a little at a time: what `score`, `eval`, training or a person's play wrote, one JSON a line.

Each line is judged anew, so that a file without verdicts can be filtered by them. A file that grows is read on. Work
for a request is bounded by time, memory by the number of lines kept; a reply itself stays in the file.
"""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from verienv import address as addresses
from verienv.errors import UsageError, VerienvError
from verienv.score import Score
from verienv.scoring import MAX_LINE
from verienv.server import gallery, playing

ROWS: Final = 100_000
"""Lines of a file that are kept."""
FILES: Final = 500
"""Files that are offered."""
SECONDS: Final = 0.7
"""Time that a request may read and judge for."""
PAGE: Final = 50
PREVIEW: Final = 160
FIRST: Final = 20_000
"""Characters of a reply that are sent at first."""
NEXT: Final = 200_000
"""Characters sent each time that more is asked for."""
APART: Final = 0.5
"""How far a published scorer must be from the strict one to disagree with it."""
TOLD: Final = 20


@dataclass(frozen=True, slots=True)
class Row:
    """A line: where it stands, what it answers, and how it was judged."""

    offset: int
    size: int
    address: str
    task: str
    setting: str
    verdict: Score
    published: Mapping[str, float]
    chars: int
    preview: str

    def told(self, number: int) -> dict[str, Any]:
        """As a line of a list."""
        return {
            "row": number,
            "address": self.address,
            "task": self.task,
            "setting": self.setting,
            "value": self.verdict.value,
            "reason": self.verdict.reason,
            "readable": self.verdict.readable,
            "chars": self.chars,
            "preview": self.preview,
        }


class Book:
    """One file and what was read of it so far. May be used by several threads."""

    def __init__(self, path: Path, name: str) -> None:
        self.path, self.name = path, name
        self.rows: list[Row] = []
        self.bad = 0
        self.told: list[str] = []
        self._offset, self._line = 0, 0
        self._lock = threading.Lock()

    def read_on(self, seconds: float = SECONDS) -> bool:
        """Read and judge further lines for that long; whether the end was reached."""
        with self._lock, _opened(self.path) as file:
            if file.seek(0, 2) < self._offset:  # cut short: begun anew
                self.rows, self.bad, self.told, self._offset, self._line = [], 0, [], 0, 0
            file.seek(self._offset)
            until = time.monotonic() + seconds
            while time.monotonic() < until and len(self.rows) < ROWS:
                line = file.readline(MAX_LINE + 1)
                if len(line) > MAX_LINE:
                    while (rest := file.readline(MAX_LINE)) and not rest.endswith(b"\n"):
                        pass
                elif not line.endswith(b"\n") and _loaded(line) is None:
                    return True  # the end, or a line that is being written
                self._line += 1
                if line.strip():
                    self._judge(line)
                self._offset = file.tell()
            return len(self.rows) >= ROWS

    def chosen(self, wanted: Mapping[str, str]) -> dict[str, Any]:
        """The rows that fit, a page of them, and what the filters could say. Raises UsageError."""
        done = self.read_on()
        start = _whole_number(wanted.get("start", "0"))
        term = wanted.get("disagree", "")
        rows = list(enumerate(self.rows))
        fit = [(number, row) for number, row in rows if _fits(row, wanted)]
        values = [row.verdict.value for _, row in fit]
        return {
            "name": self.name,
            "done": done,
            "read": len(rows),
            "bad": self.bad,
            "told": self.told,
            "count": len(fit),
            "mean": sum(values) / len(values) if values else None,
            "start": start,
            "rows": [
                {**row.told(number), **({"published": _published(row, term)} if term else {})}
                for number, row in fit[start : start + PAGE]
            ],
            "tasks": dict(Counter(row.task for _, row in rows)),
            "settings": dict(Counter(f"{row.task}/{row.setting}" for _, row in rows).most_common(200)),
            "reasons": dict(Counter(row.verdict.reason for _, row in rows).most_common(60)),
            "terms": sorted({name for _, row in rows for name in row.published}),
        }

    def whole(self, number: int) -> dict[str, Any]:
        """A row with its prompt, the beginning of each reply, and the verdict. Raises UsageError."""
        row, record = self._record(number)
        replies = _replies(record.get("response"))
        told: dict[str, Any] = row.told(number)
        told |= {
            "verdict": gallery.verdict(row.verdict),
            "published": dict(row.published),
            "prompt": gallery.parts(row.address),
            "replies": [{"text": reply[:FIRST], "chars": len(reply)} for reply in replies],
        }
        names = ("sample", "step", "reward", "advantage", "truncated", "terms", "player", "fault", "seconds")
        told["written"] = {name: record[name] for name in names if name in record}
        return told

    def more(self, number: int, reply: int, start: int) -> str:
        """A further piece of a reply. Raises UsageError."""
        _, record = self._record(number)
        replies = _replies(record.get("response"))
        if not 0 <= reply < len(replies):
            raise UsageError(f"row {number} has {len(replies)} replies")
        return replies[reply][start : start + NEXT]

    def _record(self, number: int) -> tuple[Row, dict[str, Any]]:
        if not 0 <= number < len(self.rows):
            raise UsageError(f"{self.name} has {len(self.rows)} rows; there is no number {number}")
        row = self.rows[number]
        with _opened(self.path) as file:
            file.seek(row.offset)
            line = file.read(row.size)
        record = _loaded(line)
        if record is None or record.get("address") != row.address:
            raise UsageError(f"{self.name} was changed since it was read: open it again")
        return row, record

    def _judge(self, line: bytes) -> None:
        try:
            self.rows.append(_judged(line, self._offset))
        except (VerienvError, ValueError) as error:
            self.bad += 1
            if len(self.told) < TOLD:
                self.told.append(f"line {self._line}: {error!s:.200}")


class Shelf:
    """The files that can be opened: those found under the paths, and those that were handed in."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = paths
        self._given: list[Book] = []
        self._books: dict[str, Book] = {}
        self._lock = threading.Lock()

    def files(self) -> list[dict[str, Any]]:
        """Every file by its key and name, those handed in first."""
        with self._lock:
            for path, name in found(self._paths):
                self._books.setdefault(str(path), Book(path, name))
            books = [*self._given, *self._books.values()]
            return [
                {"file": self._key(book), "name": book.name, "bytes": book.path.stat().st_size}
                for book in books
                if book.path.is_file()
            ]

    def add(self, path: Path, name: str) -> str:
        """Take in a file; its key."""
        book = Book(path, name)
        with self._lock:
            self._given.insert(0, book)
        return self._key(book)

    def book(self, key: str) -> Book:
        """The file of that key. Raises UsageError."""
        self.files()
        for book in [*self._given, *self._books.values()]:
            if self._key(book) == key:
                return book
        raise UsageError(f"no file is known as {key!r:.80}")

    def _key(self, book: Book) -> str:
        return book.path.name if book in self._given else f"{book.name}"


def found(paths: Sequence[Path]) -> list[tuple[Path, str]]:
    """The files of replies under the paths, at most FILES, with a name that tells them apart."""
    held: list[tuple[Path, str]] = []
    for root in paths:
        folder = root if root.is_dir() else root.parent
        for path in [root] if root.is_file() else _below(root):
            if len(held) < FILES and _holds_replies(path):
                held.append((path, f"{root.name}/{path.relative_to(folder)}" if root.is_dir() else root.name))
    names = Counter(name for _, name in held)
    return [(path, name if names[name] == 1 else str(path)) for path, name in held]


def _below(root: Path, depth: int = 4) -> Iterator[Path]:
    """JSONL files in a folder and those in it, links left out."""
    try:
        entries = sorted(root.iterdir())
    except OSError:
        return
    for path in entries:
        if path.is_symlink():
            continue
        if path.is_dir() and depth and not path.name.startswith("."):
            yield from _below(path, depth - 1)
        elif path.suffix == ".jsonl":
            yield path


def _holds_replies(path: Path) -> bool:
    try:
        with open(path, "rb") as file:
            line = file.readline(MAX_LINE + 1)
    except OSError:
        return False
    record = _loaded(line)
    return record is not None and isinstance(record.get("address"), str) and bool({"response", "value"} & record.keys())


def _judged(line: bytes, offset: int) -> Row:
    """Raises VerienvError, ValueError."""
    record = _loaded(line)
    if record is None:
        raise UsageError("not a JSON object, or too long")
    where = record.get("address")
    if not isinstance(where, str):
        raise UsageError("it has no address")
    instance = gallery.instance_at(where)
    place = addresses.parse(where)
    if "response" in record:
        reply = record["response"]
        score = instance.task.score(instance, reply)
        published = dict(playing.published(instance, reply, score))
        said = "\n".join(_replies(reply))
    else:  # verdicts alone, as `verienv score` writes them
        score = Score(
            float(record.get("value", 0.0)),
            {},
            str(record.get("reason", ""))[:80],
            record.get("readable") is not False,
        )
        published, said = {}, ""
    preview = " ".join(said[: 4 * PREVIEW].split())[:PREVIEW]
    return Row(offset, len(line), where, place.name, place.setting, score, published, len(said), preview)


def _fits(row: Row, wanted: Mapping[str, str]) -> bool:
    value = row.verdict.value
    scores = {"right": value == 1, "part": 0 < value < 1, "wrong": value == 0, "unreadable": not row.verdict.readable}
    if not scores.get(wanted.get("score", ""), True):
        return False
    if wanted.get("reason") and row.verdict.reason != wanted["reason"]:
        return False
    if wanted.get("setting") and f"{row.task}/{row.setting}" != wanted["setting"]:
        return False
    term = wanted.get("disagree")
    if not term:
        return True
    published = _published(row, term)
    return published is not None and abs(published - value) >= APART


def _published(row: Row, term: str) -> float | None:
    """What a published scorer says; of "first", the family's first one."""
    if term == "first":
        return next(iter(row.published.values()), None)
    return row.published.get(term)


def _replies(response: object) -> list[str]:
    if isinstance(response, str):
        return [response]
    return [str(each) for each in response] if isinstance(response, list) else []


def _loaded(line: bytes) -> dict[str, Any] | None:
    try:
        record = json.loads(line) if len(line) <= MAX_LINE else None
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) else None


def _whole_number(text: str) -> int:
    if not (text.isdecimal() and text.isascii() and len(text) <= 12):
        raise UsageError(f"a whole number is needed, not {text!r:.40}")
    return int(text)


def _opened(path: Path) -> Any:
    try:
        return open(path, "rb")
    except OSError as error:
        raise UsageError(f"cannot read {path.name}: {error.strerror or error}") from error
