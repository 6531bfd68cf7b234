"""What the player reads: the issue, written from a failing test, the files, and the form of the answer."""

from __future__ import annotations

from collections.abc import Mapping

from verienv import parsing
from verienv.families.patch import edits
from verienv.families.patch.making import NEVER, Draft, Made
from verienv.sandbox import values

HINTS = {
    "place": "an example with what it gives and should give, and the function and file of the mistake",
    "example": "an example with what it gives and should give",
    "report": "an example with what it gives",
    "vague": "what goes wrong, in words",
    "misleading": "an example with what it gives, and a suspicion that is wrong",
}
"""What an issue tells, by name."""
LONGEST = 600
"""Characters of a value in an issue; examples whose values are longer are not chosen where there are others."""


def issue(draft: Draft, made: Made) -> str:
    """The issue: a title, and for each mistake what somebody who met it would say."""
    examples: list[int] = []
    for bug in range(len(draft.bugs)):
        examples.append(_example(made, bug, examples))
    told = [_told(draft, made, bug, at) for bug, at in enumerate(examples)]
    first = made.abouts[examples[0]]
    title = f"Something is wrong with {first}" if draft.hint == "vague" else f"Wrong: {first}"
    return "\n\n".join([title, *told])


def prompt(issue: str, files: Mapping[str, str], editable: frozenset[str]) -> str:
    """All that the player sees."""
    shown = "\n\n".join([f"### {path}\n```python\n{text.rstrip()}\n```" for path, text in files.items()])
    may = ", ".join(sorted(editable))
    return (
        "A Python package has a bug, which this issue reports.\n\n"
        f"--- issue ---\n{issue}\n--- end of issue ---\n\n"
        f"These are the files.\n\n{shown}\n\n"
        "Mend the package so that it does what its documentation says, everywhere and not in the example alone.\n"
        f"You may change only: {may}.\n"
        "An edit names a file, lines of it that stand there exactly once, whole and with their indentation, and the "
        "lines to put in their place, which may be none. Edits are applied in order.\n"
        + parsing.ask(edits.FORM, edits.EXAMPLE)
    )


def example_test(made: Made) -> str:
    """A test that passes, to be shown beside the package; "" where none does."""
    passing = [
        at for at in range(len(made.scripts)) if made.found[at] == made.expected[at] and '"e"' not in made.expected[at]
    ]
    if not passing:
        return ""
    at = min(passing, key=lambda at: (len(made.scripts[at]) + len(made.expected[at]), at))
    *lines, last = made.scripts[at].split("\n")
    body = [*lines, f"assert {last} == {_value(made.expected[at])}"]
    name = made.abouts[at].replace(" ", "_")
    return "\n".join(
        ['"""An example that works."""', "", "", f"def test_{name}():", *[f"    {line}" for line in body], ""]
    )


def _told(draft: Draft, made: Made, bug: int, at: int) -> str:
    about, script = made.abouts[at], made.scripts[at]
    if draft.hint == "vague":
        return f"I was looking at {about}, and what comes out is not what the documentation says."
    got, wanted = _said(made.found[at]), _said(made.expected[at])
    text = f"When I tried {about}:\n\n```python\n{script}\n```\n\nThis {got}"
    if draft.hint in ("place", "example"):
        text += f"\n\nIt should {_should(made.expected[at])}"
    else:
        text += "\n\nThat cannot be right." if got != wanted else ""
    if draft.hint == "place":
        path, function = made.places[bug]
        text += f"\n\nThe mistake is in {f'`{function}` in ' if function else ''}`{path}`."
    if draft.hint == "misleading":
        package = made.places[bug][0].partition("/")[0]
        text += f"\n\nI suspect `{package}/{draft.decoy.partition('/')[2]}`, but I have not looked closely."
    return text


def _example(made: Made, bug: int, told: list[int]) -> int:
    """The failing test that is shortest to tell; if possible one that fails for this mistake alone, not told yet."""
    others = {at for other, noticed in enumerate(made.noticed) if other != bug for at in noticed} | set(told)
    failing = [at for at in made.noticed[bug] if made.found[at] != made.expected[at]] or list(made.noticed[bug])

    def cost(at: int) -> tuple[bool, int, int]:
        return at in others, len(made.scripts[at]) + len(made.expected[at]) + len(made.found[at]), at

    return min(failing, key=cost)


def _said(answer: str) -> str:
    """What a script does, by its answer."""
    if answer == NEVER:
        return "never ends."
    value = values.read(answer)
    if isinstance(value, values.Raised):
        return f"raises {value.name}."
    if isinstance(value, values.Opaque):
        return "gives something that is no plain value."
    return f"gives\n\n```python\n{_cut(repr(value))}\n```"


def _should(answer: str) -> str:
    value = values.read(answer)
    if isinstance(value, values.Raised):
        return f"raise {value.name}."
    return f"give\n\n```python\n{_cut(repr(value))}\n```"


def _value(answer: str) -> str:
    return repr(values.read(answer))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST] + " ..."
