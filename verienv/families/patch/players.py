"""Blind players, other ways to write an answer, and answers that look right and are wrong."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from random import Random
from typing import TYPE_CHECKING

from verienv import parsing
from verienv.families.patch import edits, operators
from verienv.families.patch.edits import Edit
from verienv.task import Player

if TYPE_CHECKING:
    from verienv.families.patch import Problem


def named() -> Mapping[str, Player]:
    """A comment at the top; any small change; a small change of the file that is named first in the issue."""
    return {
        "a comment": lambda problem, rng: parsing.say(edits.write((_remark(problem),))),
        "any small change": lambda problem, rng: parsing.say(edits.write((_change(problem, rng, None),))),
        "a small change where the example looks": _where_the_example_looks,
        "nothing": lambda problem, rng: parsing.say(edits.write((_nothing(problem),))),
    }


def rendered(problem: Problem, right: tuple[Edit, ...]) -> list[str]:
    """Without fences, with carriage returns, with blanks behind the marks, as edits of whole files."""
    fenced, plain = edits.write(right), edits.write(right, fenced=False)
    files = dict(problem.files)
    wide = _wider(files, dict(problem.fixed), right)
    marked = plain.replace(edits.SEARCH, f"{edits.SEARCH} ").replace(edits.REPLACE, f"{edits.REPLACE}  ")
    return [plain, fenced.replace("\n", "\r\n"), marked.rstrip(), edits.write(tuple(wide))]


def wrong(problem: Problem, right: tuple[Edit, ...], rng: Random) -> Iterator[str]:
    """Answers that cannot be applied, and some that can and break or mend nothing."""
    first = right[0]
    yield edits.write((dataclasses.replace(first, path=f"./{first.path}"), *right[1:]))
    yield edits.write((dataclasses.replace(first, path="conftest.py"), *right))
    yield edits.write((dataclasses.replace(first, path=f"../{first.path}"), *right))
    yield edits.write((dataclasses.replace(first, search=first.search.strip() + " #"), *right[1:]))
    yield edits.write((dataclasses.replace(first, search=""), *right[1:]))
    yield edits.write((*right, first))
    yield edits.write((dataclasses.replace(first, replace=first.search), *right[1:]))
    yield edits.write((dataclasses.replace(first, replace="def broken(:"), *right[1:]))
    yield edits.write((_remark(problem),))
    if len(right) > 1:
        yield edits.write(right[1:])
    yield edits.write(right).replace(edits.DIVIDER, "======")
    yield edits.write(right, fenced=False).rpartition("\n")[0]
    yield edits.write((_change(problem, rng, None),))


def _remark(problem: Problem) -> Edit:
    """The first line of the first file once more, as a comment."""
    path, text = problem.files[0]
    first = text.split("\n", 1)[0]
    return edits.between(path, text, f"{first}\n# checked\n{text.partition(chr(10))[2]}")


def _nothing(problem: Problem) -> Edit:
    path, text = problem.files[0]
    return Edit(path, text.rstrip("\n"), text.rstrip("\n"))


def _change(problem: Problem, rng: Random, among: list[str] | None) -> Edit:
    """A random edit by a random operator of a file that may be changed."""
    files = dict(problem.files)
    path = rng.choice(among or sorted(set(files) & problem.editable))
    found = operators.proposed(files[path])
    for edit in rng.sample(found, min(len(found), 8)):
        if operators.sound(files[path], edit):
            return edits.between(path, files[path], operators.applied(files[path], edit))
    return _remark(problem)


def _where_the_example_looks(problem: Problem, rng: Random) -> str:
    """A random small change of a module that the issue names or its example imports."""
    said = problem.issue.replace("/", ".")
    among = [path for path in sorted(problem.editable) if path.replace("/", ".").removesuffix(".py") in said]
    return parsing.say(edits.write((_change(problem, rng, among or None),)))


def _wider(files: Mapping[str, str], fixed: Mapping[str, str], right: tuple[Edit, ...]) -> list[Edit]:
    """The same fix as an edit of all lines of each file."""
    paths = list(dict.fromkeys([edit.path for edit in right]))
    return [Edit(path, files[path].rstrip("\n"), fixed[path].rstrip("\n")) for path in paths]
