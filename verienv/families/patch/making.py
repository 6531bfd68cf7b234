"""How a broken package is made: a subject, a mistake that its tests notice, other words, and more to read."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from verienv import rng as rngs
from verienv.families.patch import extras, operators, subjects
from verienv.families.patch.operators import Edit
from verienv.families.patch.subjects import Subject
from verienv.sandbox import programs
from verienv.sandbox.programs import Meter, OutOfSteps, Program

STEPS = 1_000_000
"""What the tests of a sound package take at most."""
NEVER = "never"
"""What is noted of a test that does not end."""


@dataclass(frozen=True, slots=True)
class Bug:
    """A mistake: in which module of a subject, and which edit of it, counted."""

    path: str
    at: int


@dataclass(frozen=True, slots=True)
class Draft:
    """What is drawn of a problem; all else follows from it. `draw` is the key of the tests' own random stream."""

    subject: str
    bugs: tuple[Bug, ...]
    words: tuple[tuple[str, str], ...]
    modules: tuple[str, ...]
    functions: tuple[tuple[str, str], ...]
    draw: int
    hint: str
    decoy: str


@dataclass(frozen=True, slots=True)
class Made:
    """A broken package, the same without its mistakes, and what its tests find."""

    broken: Mapping[str, str]
    fixed: Mapping[str, str]
    abouts: tuple[str, ...]
    scripts: tuple[str, ...]
    expected: tuple[str, ...]
    found: tuple[str, ...]
    noticed: tuple[tuple[int, ...], ...]  # for each bug, the tests that fail because of it alone
    places: tuple[tuple[str, str], ...]  # for each bug, its path and its function
    steps: int


def draw(rng: Random, *, bugs: int, mistake: str, modules: int, functions: int, hint: str) -> Draft:
    """Draw what a problem is made of; whether its tests notice the mistakes is not asked yet."""
    subject = rng.choice(list(_subjects().values()))
    paths = rng.sample(list(subject.files), bugs)
    found = []
    for path in paths:
        edits = _edits(subject.name, path)
        fitting = [at for at, edit in enumerate(edits) if mistake in ("any", operators.class_of(edit.operator))]
        kinds = sorted({edits[at].operator for at in fitting})
        kind = rng.choice(kinds)  # operators that fit in few places come as often as others
        found.append(Bug(path, rng.choice([at for at in fitting if edits[at].operator == kind])))
    words = tuple([(word, rng.choice(others)) for word, others in subject.words.items()])
    chosen = rng.sample(sorted(extras.MODULES), modules)
    helpers = rng.sample(sorted(extras.FUNCTIONS), functions)
    placed = [(rng.choice(list(subject.files)), name) for name in helpers]
    decoy = rng.choice([path for path in subject.files if path not in paths] or paths)
    return Draft(subject.name, tuple(found), words, tuple(chosen), tuple(placed), rng.getrandbits(48), hint, decoy)


@functools.lru_cache(maxsize=16)
def make(draft: Draft) -> Made | None:
    """The package of a draft; None unless its tests notice each of the mistakes by itself."""
    subject = _subjects()[draft.subject]
    tests = subject.tests(rngs.stream("patch", draft.subject, draft.draw))
    scripts = [trimmed(script) for _, script in tests]
    meter = Meter(STEPS)
    program = Program(subject.files, meter)
    expected = [program.answer(script) for script in scripts]
    limit = 3 * meter.steps + 2_000
    noticed = []
    for bug in draft.bugs:
        answers = _answers(_with(subject, (bug,)), scripts, limit)
        noticed.append(tuple([at for at, answer in enumerate(answers) if answer != expected[at]]))
        if not noticed[-1]:
            return None
    found = answers if len(draft.bugs) == 1 else _answers(_with(subject, draft.bugs), scripts, limit)
    words = dict(draft.words)
    return Made(
        _dressed(draft, _with(subject, draft.bugs)),
        _dressed(draft, subject.files),
        tuple([about for about, _ in tests]),
        tuple([_renamed(script, words) for script in scripts]),
        tuple(expected),
        tuple(found),
        tuple(noticed),
        tuple([(_renamed(bug.path, words), _renamed(_function(subject, bug), words)) for bug in draft.bugs]),
        meter.steps,
    )


def trimmed(script: str) -> str:
    """The script without imports of what it does not use."""
    lines = script.split("\n")
    count = sum(line.startswith("from ") for line in lines)
    used = set(re.findall(r"\w+", "\n".join(lines[count:])))
    imports = []
    for line in lines[:count]:
        start, _, names = line.partition(" import ")
        if kept := [name for name in names.split(", ") if name in used]:
            imports.append(f"{start} import {', '.join(kept)}")
    return "\n".join([*imports, *lines[count:]])


def operator(draft: Draft) -> str:
    """The operators that made the mistakes."""
    return "+".join([_edits(draft.subject, bug.path)[bug.at].operator for bug in draft.bugs])


def _answers(files: Mapping[str, str], scripts: Sequence[str], limit: int) -> list[str]:
    """What a package that may be broken answers; from where it does not end, NEVER."""
    program = Program(files, Meter(limit))
    found: list[str] = []
    try:
        for script in scripts:
            found.append(program.answer(script))
    except OutOfSteps:
        found += [NEVER] * (len(scripts) - len(found))
    return found


def _with(subject: Subject, bugs: Sequence[Bug]) -> dict[str, str]:
    """The subject's files with mistakes in them."""
    files = dict(subject.files)
    for bug in bugs:
        files[bug.path] = operators.applied(files[bug.path], _edits(subject.name, bug.path)[bug.at])
    return files


def _dressed(draft: Draft, files: Mapping[str, str]) -> dict[str, str]:
    """The files in other words, with the modules and functions that are added."""
    words = dict(draft.words)
    found = {}
    for path, text in files.items():
        added = [extras.FUNCTIONS[name] for place, name in draft.functions if place == path]
        found[_renamed(path, words)] = "\n\n".join([_renamed(text, words), *added])
    package = _renamed(draft.subject, words)
    for name in draft.modules:
        found[f"{package}/{name}.py"] = extras.MODULES[name]
    return dict(sorted(found.items()))


def _renamed(text: str, words: Mapping[str, str]) -> str:
    return re.sub(rf"\b(?:{'|'.join(words)})\b", lambda found: words[found.group()], text)


def _function(subject: Subject, bug: Bug) -> str:
    """The function that a mistake stands in, or "" where it stands in none."""
    text = subject.files[bug.path]
    line = text.count("\n", 0, _edits(subject.name, bug.path)[bug.at].start) + 1
    around = [
        node
        for node in ast.walk(programs.parse(text))
        if isinstance(node, ast.FunctionDef) and node.lineno <= line <= (node.end_lineno or line)
    ]
    return min(around, key=lambda node: (node.end_lineno or 0) - node.lineno).name if around else ""


@functools.cache
def _subjects() -> Mapping[str, Subject]:
    return subjects.named()


@functools.cache
def _edits(subject: str, path: str) -> tuple[Edit, ...]:
    return tuple(operators.edits(_subjects()[subject].files[path]))
