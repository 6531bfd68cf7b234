"""A small Python package and an issue are shown; answer with edits after which all its hidden tests pass.

Reproduces SWE-RL's (arXiv 2502.18449) form of edits, applied strictly, and its likeness of diffs as terms. Packages are
about eight subjects; one of twenty-three operators makes a mistake, which the tests are proven to notice. Any edits
after which all tests pass are right; they run in the sandbox, and their values are compared outside it.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, ClassVar

from verienv import parsing, sandbox
from verienv.families.patch import edits, making, operators, players, published, wording
from verienv.families.patch.edits import Edit, Unappliable
from verienv.families.patch.making import Draft
from verienv.knobs import KnobSet, knob
from verienv.score import Score, right, wrong
from verienv.task import Player, Question, Term, canonical

if TYPE_CHECKING:
    from verienv.task import Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Knobs(KnobSet):
    """What kind of mistakes there are, how many, what the issue tells, and how much there is to read."""

    bugs: int = knob(1, low=1, high=2, doc="mistakes, each in another file")
    mistake: str = knob("any", choices=("any", *operators.OPERATORS), doc="class of operators: signs, edges, names, …")
    hint: str = knob("example", choices=tuple(wording.HINTS), doc="what the issue tells, from the place to nothing")
    modules: int = knob(0, low=0, high=6, doc="further modules that have nothing to do with it")
    functions: int = knob(0, low=0, high=12, doc="further functions in the package's own modules")


@dataclass(frozen=True, slots=True)
class Problem:
    """A draft and what follows from it: files as shown and as they were, the issue, and hidden tests with answers."""

    draft: Draft
    files: tuple[tuple[str, str], ...] = ()
    fixed: tuple[tuple[str, str], ...] = ()  # the files that were broken, as they were
    issue: str = ""
    scripts: tuple[str, ...] = ()
    expected: tuple[str, ...] = ()
    failing: tuple[int, ...] = ()
    steps: int = 0  # that a run of all tests may take

    @property
    def editable(self) -> frozenset[str]:
        """The files that may be changed: the package, and not the example of a test."""
        return frozenset([path for path, _ in self.files if not path.startswith("tests/")])


class Patch(Question[Knobs, Problem, "tuple[Edit, ...]"]):
    """Mend a small package."""

    name = "patch"
    title = "Patches"
    tags = ("text", "code", "sandbox", "swe-rl")
    parts = ("applied", "mended", "kept")
    terms: ClassVar[Mapping[str, Term]] = {
        "swe_rl_similarity": published.similarity,
        "swe_rl_malformed": published.malformed,
    }
    levels = (
        Knobs(mistake="sign", hint="place"),
        Knobs(mistake="edge", hint="place", modules=1),
        Knobs(mistake="name", hint="example", modules=2, functions=2),
        Knobs(hint="report", modules=2, functions=4),
        Knobs(mistake="missing", hint="report", modules=3, functions=4),
        Knobs(hint="vague", modules=3, functions=6),
        Knobs(hint="misleading", modules=5, functions=8),
        Knobs(bugs=2, hint="report", modules=5, functions=10),
    )

    # -- making ------------------------------------------------------------------------------------------------

    def generate(self, rng: Random, knobs: Knobs) -> Problem:
        """Draw a subject, mistakes in it, words, and what is added."""
        return Problem(
            making.draw(
                rng,
                bugs=knobs.bugs,
                mistake=knobs.mistake,
                modules=knobs.modules,
                functions=knobs.functions,
                hint=knobs.hint,
            )
        )

    def admit(self, problem: Problem) -> bool:
        """The tests notice each mistake by itself."""
        return making.make(problem.draft) is not None

    def finish(self, problem: Problem) -> Problem:
        """The files, the issue and the tests."""
        made = making.make(problem.draft)
        if made is None:
            return problem
        package = next(iter(made.broken)).partition("/")[0]
        shown = dict(made.broken)
        if example := wording.example_test(made):
            shown[f"tests/test_{package}.py"] = example
        return Problem(
            problem.draft,
            tuple(shown.items()),
            tuple([(path, text) for path, text in made.fixed.items() if made.broken[path] != text]),
            wording.issue(problem.draft, made),
            made.scripts,
            made.expected,
            tuple([at for at, answer in enumerate(made.found) if answer != made.expected[at]]),
            20 * made.steps + 5_000,
        )

    def lineage(self, problem: Problem) -> bytes:
        """The mistakes, whatever the words, the tests and what is added."""
        return canonical((problem.draft.subject, problem.draft.bugs))

    # -- playing -----------------------------------------------------------------------------------------------

    def prompt(self, problem: Problem) -> list[Part]:
        """The issue, the files, and the form of an answer."""
        return [wording.prompt(problem.issue, dict(problem.files), problem.editable)]

    def parse(self, problem: Problem, text: str) -> tuple[Edit, ...]:
        """Edits in the published form."""
        return edits.read(text)

    def verify(self, problem: Problem, answer: tuple[Edit, ...]) -> Score:
        """Right if the edits apply and every hidden test gives what it should.

        applied: 1 if the edits apply. mended: share of the tests that failed and no longer do. kept: share of those
        that did not fail and still do not.
        """
        parts = self.zero_parts()
        try:
            changed = edits.apply(dict(problem.files), problem.editable, answer)
        except Unappliable as unfit:
            return wrong(unfit.reason, parts)
        package = tuple([(path, text) for path, text in changed.items() if path in problem.editable])
        outcome = _outcome(package, problem.scripts, problem.steps)
        passed = [found == wanted for found, wanted in zip(outcome.answers, problem.expected, strict=False)]
        passed += [False] * (len(problem.expected) - len(passed))
        failing = set(problem.failing)
        parts["applied"] = 1.0
        parts["mended"] = _share([good for at, good in enumerate(passed) if at in failing])
        parts["kept"] = _share([good for at, good in enumerate(passed) if at not in failing])
        if outcome.reason != "done":
            return wrong(outcome.reason, parts)
        if all(passed):
            return right(parts)
        return wrong("tests_fail" if parts["kept"] == 1 else "tests_broken", parts)

    def solve(self, problem: Problem) -> str:
        """The edits that give back the files as they were, as few lines as stand there once."""
        return parsing.say(edits.write(self._fix(problem)))

    # -- what follows ------------------------------------------------------------------------------------------

    def players(self) -> Mapping[str, Player]:
        """See players.py."""
        return players.named()

    def renderings(self, problem: Problem) -> Sequence[str]:
        """Without fences, with carriage returns, with blanks behind the marks, and as edits of whole files."""
        return players.rendered(problem, self._fix(problem))

    def mutants(self, problem: Problem, rng: Random) -> Sequence[str]:
        """Edits that do not apply, or mend nothing, or break something."""
        found = players.wrong(problem, self._fix(problem), rng)
        return [each for each in found if self.judge(problem, parsing.say(each)).value < 1]

    def describe(self, problem: Problem) -> Mapping[str, float | int | str | None]:
        """The subject and the operators, files and lines to read, tests and how many of them fail."""
        return {
            "subject": problem.draft.subject,
            "operator": making.operator(problem.draft),
            "files": len(problem.files),
            "lines": sum(text.count("\n") for _, text in problem.files),
            "tests": len(problem.scripts),
            "failing": len(problem.failing),
        }

    def _fix(self, problem: Problem) -> tuple[Edit, ...]:
        files = dict(problem.files)
        return tuple([edits.between(path, files[path], text) for path, text in problem.fixed])


def _share(passed: list[bool]) -> float:
    return sum(passed) / len(passed) if passed else 1.0


@functools.lru_cache(maxsize=4096)
def _outcome(files: tuple[tuple[str, str], ...], scripts: tuple[str, ...], steps: int) -> sandbox.Outcome:
    """What a run gives: the same for the same, so that attempts that are alike share one."""
    return sandbox.run(dict(files), scripts, sandbox.Limits(steps=steps))


task = Patch()
