"""A subject and a list of constraints are given; answer with a text that keeps every one of them.

Reproduces the tasks of Light-IF (arXiv 2508.03178), IFEval and IFBench with subjects and constraints drawn anew: each
constraint has a strict checker and a constructor, and every set is shown to be satisfiable by building such a text. The
text is what stands between the answer tags, at most 20,000 characters. No set is drawn that a stock text, an echo or a
list of what is named keeps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, ClassVar, Final

from verienv import parsing
from verienv import rng as rngs
from verienv.errors import KnobError
from verienv.families.instruction import blind, catalogue, drawing, light_if, published
from verienv.families.instruction.reading import Text
from verienv.families.instruction.rules import Constraint, Setting
from verienv.families.instruction.subjects import FORMS, SUBJECTS
from verienv.knobs import KnobSet, knob
from verienv.score import Score, right, wrong
from verienv.task import Player, Question, Term

if TYPE_CHECKING:
    from verienv.task import Part

MOST: Final = 12
"""Constraints of one prompt."""
PARTS: Final = ("kept", *[f"c{place}" for place in range(1, MOST + 1)])
DRAWS: Final = 200
LONGEST: Final = published.LONGEST
NOTES: Final = {
    "word": "A word is whatever white space separates, if it holds a letter or a digit.",
    "sentence": (
        "A sentence ends at . ! or ? (or several of them) before white space, or at the end of a line; the "
        "full stop of an "
        "abbreviation such as Dr. ends none."
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Knobs(KnobSet):
    """How many constraints there are, of which kinds, and how far they reach."""

    constraints: int = knob(3, low=0, high=8, doc="constraints of the whole text")
    pool: str = knob("any", choices=tuple(catalogue.POOLS), doc="the kinds that they are drawn from")
    size: int = knob(2, low=1, high=5, doc="how large the numbers in them may be")
    nested: int = knob(0, low=0, high=4, doc="paragraphs that have constraints of their own")
    inner: int = knob(1, low=1, high=2, doc="constraints of each of those paragraphs")

    def check(self) -> None:
        """Refuse no constraint at all, and more than a score has parts for."""
        if not self.constraints and not self.nested:
            raise KnobError("constraints=0 needs paragraphs that have constraints of their own: nested=1 or more")
        if self.constraints + self.nested * self.inner + 1 > MOST:
            raise KnobError(f"constraints and nested * inner come to more than {MOST - 1}")


@dataclass(frozen=True, slots=True)
class Problem:
    """What to write about, and what to keep to."""

    subject: int
    form: int
    constraints: tuple[Constraint, ...]

    @property
    def request(self) -> str:
        """The first line of the prompt."""
        return f"Write {FORMS[self.form]} about {SUBJECTS[self.subject].about}."

    def told(self) -> list[str]:
        """The constraints in words, in order."""
        return [drawing.tell(each) for each in self.constraints]


class Instruction(Question[Knobs, Problem, str]):
    """A text under constraints."""

    name = "instruction"
    title = "Texts under constraints"
    tags = ("text", "writing", "light-if", "ifeval", "ifbench")
    parts = PARTS
    prose = True
    terms: ClassVar[Mapping[str, Term]] = {**light_if.TERMS, **published.TERMS}
    levels = (
        Knobs(constraints=1, pool="ifeval", size=1),
        Knobs(constraints=2, pool="ifeval"),
        Knobs(constraints=1, pool="ifbench"),
        Knobs(constraints=3, pool="ifeval"),
        Knobs(constraints=3, pool="mixed", size=3),
        Knobs(constraints=1, pool="any", nested=1, inner=1),
        Knobs(constraints=4, pool="mixed", size=3),
        Knobs(constraints=1, pool="any", nested=2, inner=2, size=3),
        Knobs(constraints=6, pool="mixed", size=4),
        Knobs(constraints=2, pool="any", nested=3, inner=2, size=4),
        Knobs(constraints=8, pool="mixed", size=5),
        Knobs(constraints=3, pool="any", nested=4, inner=2, size=5),
    )

    def generate(self, rng: Random, knobs: Knobs) -> Problem:
        """Draw a subject, a form and constraints that may stand together."""
        subject, form = rng.randrange(len(SUBJECTS)), rng.randrange(len(FORMS))
        request = Problem(subject, form, ()).request
        for _ in range(DRAWS):
            setting = Setting(rng, SUBJECTS[subject], request, knobs.size)
            found = drawing.draw(setting, catalogue.POOLS[knobs.pool], knobs.constraints, knobs.nested, knobs.inner)
            if found is not None:
                return Problem(subject, form, found)
        return Problem(subject, form, ())

    def admit(self, problem: Problem) -> bool:
        """A text that keeps everything can be built, and no blind text keeps it all."""
        if not problem.constraints:
            return False
        texts = [Text(each) for each in (*blind.texts(problem).values(), "\n".join(problem.told()))]
        if any(all(drawing.check(each, text) for each in problem.constraints) for text in texts):
            return False
        return _written(problem) is not None

    def prompt(self, problem: Problem) -> list[Part]:
        """The request, the constraints, what the words in them mean, and where the text goes."""
        needed = {note for each in problem.constraints for note in catalogue.RULES[each.kind].notes}
        notes = [text for note, text in NOTES.items() if note in needed]
        told = "\n".join(f"- {each}" for each in problem.told())
        blocks = [problem.request, f"Keep to all of this:\n{told}", *notes, parsing.ask_text()]
        return ["\n\n".join(blocks)]

    def parse(self, problem: Problem, text: str) -> str:
        """The text between the tags, as it stands; one of more than LONGEST characters is refused."""
        said = parsing.text(text)
        if len(said) > LONGEST:
            raise parsing.Unparsable("too_long")
        return said

    def verify(self, problem: Problem, answer: str) -> Score:
        """Right if every constraint is kept; `kept` is the share of them, c1, c2 … are 1 for each that is."""
        text = Text(answer)
        kept = [drawing.check(each, text) for each in problem.constraints]
        parts = self.zero_parts() | {f"c{place}": float(each) for place, each in enumerate(kept, 1)}
        parts["kept"] = sum(kept) / len(kept)
        if all(kept):
            return right(parts)
        return wrong(problem.constraints[kept.index(False)].kind.replace(":", "_").replace("-", "_"), parts)

    def solve(self, problem: Problem) -> str:
        """Build a text from the constraints."""
        return parsing.say(_written(problem) or "nothing was found")

    def players(self) -> Mapping[str, Player]:
        """Echoes, stock texts, and lists of what is named."""
        return blind.players()

    def mutants(self, problem: Problem, rng: Random) -> Sequence[str]:
        """Texts that keep some: the blind ones, and the oracle's for none of them."""
        return [*blind.texts(problem).values(), "\n".join(problem.told())]

    def describe(self, problem: Problem) -> Mapping[str, float | int | str | None]:
        """How many constraints there are, how many of one paragraph, and how long the oracle's text is."""
        text = Text(_written(problem) or "")
        return {
            "constraints": len(problem.constraints),
            "nested": sum(each.scope > 0 for each in problem.constraints),
            "words": len(text.words),
        }

    def identity(self, problem: Problem) -> bytes:
        """What is asked, whatever the wording and the order."""
        return _key(problem)


def _key(problem: Problem) -> bytes:
    asked = sorted(repr((each.kind, each.args, each.scope)) for each in problem.constraints)
    return repr((problem.subject, problem.form, asked)).encode()


def _written(problem: Problem) -> str | None:
    rng = rngs.stream("instruction", _key(problem).decode())
    return drawing.prove(SUBJECTS[problem.subject], problem.constraints, rng)


task = Instruction()
