"""Scoring a file of replies: JSON lines in, JSON lines out, in constant memory, whatever the lines hold.

    {"address": "sat@1/L3/train/s0/17", "response": "… <answer>01101</answer>"}
    {"address": …, "value": 1.0, "parts": {…}, "reason": "right", "readable": true}

A game's response may be a list of replies. A line may carry the row's "spec" instead of the address; so problems that
were read from files are scored, too. A line that cannot be scored gets no result: it is counted, and told with its
number.
"""

from __future__ import annotations

import json
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import IO, Any

from verienv import address as addresses
from verienv import files, registry
from verienv.dataset import disk, reading
from verienv.dataset.dedupe import Seen
from verienv.errors import ContractError, UsageError, VerienvError
from verienv.score import Score
from verienv.task import Instance

MAX_LINE = 16 * 2**20  # bytes
KEPT = 256  # instances
TOLD = 20  # problems with their line number; the rest is counted
REASONS = 32  # reasons kept apart in a group


@dataclass(slots=True)
class Group:
    """The replies to one task at one setting."""

    task: str
    setting: str
    replies: int = 0
    total: float = 0.0
    right: int = 0
    readable: int = 0
    reasons: Counter[str] = field(default_factory=Counter)

    @property
    def mean(self) -> float:
        """The mean score."""
        return self.total / self.replies if self.replies else 0.0

    def add(self, score: Score) -> None:
        """Count one more reply."""
        self.replies += 1
        self.total += score.value
        self.right += score.right
        self.readable += score.readable
        known = score.reason in self.reasons or len(self.reasons) < REASONS
        self.reasons[score.reason if known else "other"] += 1

    def to_dict(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "task": self.task,
            "setting": self.setting,
            "replies": self.replies,
            "mean": self.mean,
            "right": self.right,
            "readable": self.readable,
            "reasons": dict(self.reasons.most_common()),
        }


@dataclass(slots=True)
class Report:
    """What became of a file: the groups, and the lines that gave no result.

    malformed: lines that could not be scored; broken: lines on which a task itself failed, a bug and never a score.
    told: (line number, what is wrong) of the first of both.
    """

    groups: dict[tuple[str, str], Group] = field(default_factory=dict)
    scored: int = 0
    malformed: int = 0
    broken: int = 0
    told: list[tuple[int, str]] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Whether every line gave a result."""
        return not self.malformed and not self.broken

    @property
    def mean(self) -> float:
        """The mean score of all lines that gave one."""
        return sum(each.total for each in self.groups.values()) / self.scored if self.scored else 0.0

    def to_dict(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "scored": self.scored,
            "mean": self.mean,
            "malformed": self.malformed,
            "broken": self.broken,
            "told": [{"line": line, "problem": what} for line, what in self.told],
            "groups": [each.to_dict() for each in self.groups.values()],
        }


class BadLine(UsageError):
    """A line that cannot be scored."""


def score_file(
    dataset: str | Path | None,
    responses: str | Path,
    out: str | Path | IO[str] | None = None,
    *,
    progress: Callable[[int], None] = lambda bytes_read: None,
) -> Report:
    """Score every line of `responses` into `out`: a file, there whole or not at all, or an open text stream.

    `dataset` is a folder that was generated, or a file of rows, as importing writes them. With it, lines whose address
    is not in it, or no longer means the same problem, count as malformed.
    Raises UsageError when a file cannot be read or `dataset` is none, RunError when `out` cannot be written.
    """
    members = None if dataset is None else Members(dataset)
    try:
        lines = open(responses, "rb")  # noqa: SIM115 - closed below, apart from the errors of writing
    except OSError as error:
        raise UsageError(f"cannot read {responses}: {error.strerror or error}") from error
    with lines:
        if out is None or not isinstance(out, (str, Path)):
            return _run(lines, members, out, progress)
        with (
            disk.explained(f"write {out}", "Nothing was left behind"),
            disk.replacing(Path(out)) as temporary,
            open(temporary, "w", encoding="ascii") as file,
        ):
            report = _run(lines, members, file, progress)
            file.flush()
            disk.sync(file.fileno())
        return report


def scores(
    lines: Iterable[tuple[int, bytes]], report: Report, members: Members | None = None
) -> Iterator[dict[str, Any]]:
    """The result of each numbered line that can be scored; `report` counts the others."""
    instances: OrderedDict[str, Instance[Any]] = OrderedDict()
    for number, line in lines:
        try:
            named, reply = _read(line)
            if members is not None:
                named = members.named(named)
            instance = instances.get(named)
            if instance is None:
                instance = instances[named] = _instance(named)
                if len(instances) > KEPT:
                    instances.popitem(last=False)
            else:
                instances.move_to_end(named)
            if members is not None:
                members.check(instance, named)
            score = instance.task.score(instance, reply)
        except ContractError as bug:
            report.broken += 1
            _tell(report, number, f"the task failed: {bug}")
            continue
        except VerienvError as error:
            report.malformed += 1
            _tell(report, number, str(error))
            continue
        name = _group(instance)
        report.groups.setdefault(name, Group(*name)).add(score)
        report.scored += 1
        yield {
            "address": instance.address if _is_spec(named) else named,
            "value": score.value,
            "parts": dict(score.parts),
            "reason": score.reason,
            "readable": score.readable,
        }


class Members:
    """The addresses of a dataset, each with the problem it meant, in two hash tables.

    Of problems that were read, which no address makes again, the place of each row in the file is kept, too.
    """

    def __init__(self, root: str | Path) -> None:
        self._root = Path(root)
        self._addresses, self._problems = Seen(), Seen()
        self._places: dict[int, int] = {}
        if self._root.is_file() and self._root.suffix not in (".parquet", ".tar"):
            for place, record in reading.rows(self._root):
                where = self._add(record)
                if files.is_address(where):
                    self._places[_hash(where)] = place
        else:
            for record in reading.read(root):
                self._add(record)

    def named(self, named: str) -> str:
        """An address, or the spec of a problem that was read; raises BadLine for an address that is not here."""
        if _is_spec(named):
            return named
        if _hash(named) not in self._addresses:
            raise BadLine(f"{named!r:.200} is not in {self._root}")
        if not files.is_address(named):
            return named
        with open(self._root, "rb") as rows:
            rows.seek(self._places[_hash(named)])
            return str(reading.spec_text(json.loads(rows.readline())))

    def check(self, instance: Instance[Any], named: str) -> None:
        """Raise BadLine unless the dataset has that problem, and the address still means it."""
        where = instance.address if _is_spec(named) else named
        if _hash(where) not in self._addresses:
            raise BadLine(f"the problem of that spec is not in {self._root}")
        if _hash(f"{where} {instance.digest}") not in self._problems:
            raise BadLine(f"{where} means another problem now than when {self._root} was made")

    def _add(self, record: reading.Record) -> str:
        where, digest = reading.spec(record)
        self._addresses.add(_hash(where))
        self._problems.add(_hash(f"{where} {digest}"))
        return where


def numbered(file: IO[bytes], progress: Callable[[int], None] = lambda bytes_read: None) -> Iterator[tuple[int, bytes]]:
    """The lines of a file with their numbers from 1, blank ones left out; of an endless one only MAX_LINE + 1 bytes."""
    number = 0
    while line := file.readline(MAX_LINE + 1):
        number += 1
        if len(line) > MAX_LINE:
            while (rest := file.readline(MAX_LINE)) and not rest.endswith(b"\n"):
                pass
        if line.strip():
            yield number, line
        if number % 256 == 0:
            progress(file.tell())


def _run(lines: IO[bytes], members: Members | None, out: IO[str] | None, progress: Callable[[int], None]) -> Report:
    report = Report()
    for result in scores(numbered(lines, progress), report, members):
        if out is not None:
            out.write(json.dumps(result, allow_nan=False) + "\n")  # ASCII: what is hostile in it is escaped
    return report


def _read(line: bytes) -> tuple[str, object]:
    """What a line names, an address or the spec of a problem that was read, and its response."""
    if len(line) > MAX_LINE:
        raise BadLine(f"longer than {MAX_LINE:,} bytes")
    try:
        values = json.loads(line)
    except RecursionError:
        raise BadLine("not JSON: nested too deeply") from None
    except ValueError as error:  # not UTF-8, too
        raise BadLine(f"not JSON: {error!s:.200}") from None
    if not isinstance(values, dict):
        raise BadLine('needs an object {"address": …, "response": …}, not ' + _named(values))
    if "response" not in values:
        raise BadLine('has no "response"')
    reply = values["response"]
    if not isinstance(reply, str) and not (isinstance(reply, list) and all(isinstance(each, str) for each in reply)):
        raise BadLine(f'"response" is a text, or a game\'s list of texts, not {_named(reply)}')
    named = values["address"] if "address" in values else _of_spec(values.get("spec"))
    if not isinstance(named, str):
        raise BadLine(f'"address" is a text, not {_named(named)}')
    if "address" in values and _is_spec(named):
        raise BadLine(f"{named!r:.80} is not an address")
    return named, reply


def _of_spec(spec: object) -> object:
    """The address that a spec holds; of a problem that was read, the spec itself."""
    if spec is None:
        raise BadLine('has no "address"')
    try:
        held = json.loads(spec) if isinstance(spec, str) else spec
        if "problem" in held:  # type: ignore[operator]  # whatever else it is, the error below says so
            return json.dumps(held)
        return held["address"]  # type: ignore[index]
    except (ValueError, TypeError, LookupError, RecursionError):
        raise BadLine('"spec" is not the JSON text of a row') from None


def _is_spec(named: str) -> bool:
    return named.startswith("{")


def _instance(named: str) -> Instance[Any]:
    if _is_spec(named):
        return files.instance(named)
    if files.is_address(named):
        raise BadLine(f'{named} was read from a file: give the file of its row, or its "spec"')
    return registry.instance(named)


def _group(instance: Instance[Any]) -> tuple[str, str]:
    if files.is_address(instance.address):
        return instance.task.name, "read"
    return instance.task.name, addresses.parse(instance.address).setting


def _named(value: object) -> str:
    names = {dict: "an object", list: "a list", str: "a text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")


def _tell(report: Report, number: int, what: str) -> None:
    if len(report.told) < TOLD:
        report.told.append((number, what))


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")
