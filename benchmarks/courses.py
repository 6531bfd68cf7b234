"""What benchmarks/learning.py teaches: each course with its problems, warm start and GRPO, and what else is tested."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from verienv import mixture, recipe
from verienv.mixture import Cell
from verienv.recipe import Recipe

COMMON: Mapping[str, Any] = {
    "prompts": 64,
    "group": 8,
    "loss": "token",
    "clip_high": 0.28,
    "learning_rate": 5e-4,
    "schedule": "linear",
    "sft_batch": 128,
    "validate": 100,
    "save_every": 1000,
    "samples_every": 1000,
}
FIXED = '[curriculum]\nkind = "fixed"\nstage = 0\ninterval = 1280\n'


@dataclass(frozen=True)
class Course:
    """What is learnt: the recipe's cells, its [train], its other tables, and further cells that are only tested.

    measure: "right", the share of replies that earn everything, or "reward", what they earn by the recipe on average.
    blind: the player of the family that answers in the form asked for and looks at nothing.
    """

    cells: tuple[Mapping[str, Any], ...]
    train: Mapping[str, Any]
    blind: str
    measure: str = "right"
    tables: str = FIXED
    elsewhere: tuple[Mapping[str, Any], ...] = ()

    def recipe(self, name: str, seed: int, **changed: Any) -> Recipe:
        """The recipe of one seed."""
        mix = "\n".join(f'[[mix]]\ntask = "{each["task"]}"\nknobs = {{ {_knobs(each)} }}' for each in self.cells)
        train = {**COMMON, **self.train, "seed": seed, **changed}
        lines = "\n".join(f"{key} = {json.dumps(value)}" for key, value in train.items())
        return recipe.parse(f"{mix}\n{self.tables}\n[train]\n{lines}\n", name)

    @property
    def tested(self) -> dict[str, Cell]:
        """The cells that are tested, by name; the first is what GRPO is about."""
        return {each["name"]: mixture.cell(each["task"], None, _only(each)) for each in (*self.cells, *self.elsewhere)}

    @property
    def batch(self) -> int:
        """Demonstrations in a supervised step."""
        return int({**COMMON, **self.train}["sft_batch"])

    @property
    def digest(self) -> str:
        """Of everything that a result depends on, so that a result of other settings is not taken for this one's."""
        said = [[dict(each) for each in (*self.cells, *self.elsewhere)], {**COMMON, **self.train}, self.measure]
        return blake2b(json.dumps([*said, self.tables], sort_keys=True).encode(), digest_size=6).hexdigest()


def _only(cell: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in cell.items() if key not in ("task", "name")}


def _knobs(cell: Mapping[str, Any]) -> str:
    return ", ".join(f"{key} = {json.dumps(value)}" for key, value in _only(cell).items())


def sat(n: int, k: int, l: int) -> dict[str, Any]:
    """Formulas of l clauses of n literals over k variables."""
    return {"task": "sat", "name": f"n={n} k={k} l={l}", "n": n, "k": k, "l": l}


def jigsaw(question: str, rows: int, cols: int) -> dict[str, Any]:
    """Small pictures cut into rows × cols pieces."""
    return {
        "task": "jigsaw",
        "name": f"{question} {rows}×{cols}",
        "question": question,
        "rows": rows,
        "cols": cols,
        "width": 96,
        "height": 72,
    }


SEEN = {"picture_rows": 4, "picture_columns": 6, "pool": 2000, "max_reply": 10, "sft_batch": 32}
FAMILIES: Mapping[str, Course] = {
    "sat": Course(
        (sat(1, 9, 7),),
        {"sft_steps": 90, "demonstrations": 1000, "steps": 450, "updates": 2, "max_reply": 18},
        "random",
    ),
    "jigsaw": Course(
        (jigsaw("full", 1, 3),),
        {**SEEN, "sft_steps": 200, "demonstrations": 1000, "steps": 150, "updates": 2},
        "constant",
    ),
    "grounding": Course(
        (
            {
                "task": "grounding",
                "name": "street, by use",
                "n": 4,
                "kinds": 2,
                "form": "use",
                "layout": "street",
                "width": 320,
                "height": 320,
                "units": "points",
            },
        ),
        {
            "picture_rows": 5,
            "picture_columns": 5,
            "picture_patch": 16,
            "sft_steps": 400,
            "sft_batch": 64,
            "demonstrations": 2000,
            "pool": 2000,
            "steps": 90,
            "updates": 2,
            "max_reply": 26,
        },
        "centre",
        measure="reward",
        tables="[reward]\nunivg_r1_iou = 1.0\n" + FIXED,
    ),
    "gui": Course(
        (
            {
                "task": "gui",
                "name": "phone, press by order",
                "platform": "phone",
                "asks": "press",
                "how": "order",
                "density": "roomy",
                "width": 360,
                "height": 640,
            },
        ),
        {
            "sft_steps": 150,
            "sft_batch": 32,
            "demonstrations": 1000,
            "pool": 2000,
            "steps": 120,
            "updates": 2,
            "max_reply": 16,
            "picture_rows": 10,
            "picture_columns": 6,
        },
        "any thing",
    ),
    "temporal": Course(
        (
            {
                "task": "temporal",
                "name": "infer, no hops",
                "kind": "infer",
                "grain": "month",
                "hops": 0,
                "distractors": 1,
            },
        ),
        {
            "sft_steps": 260,
            "sft_batch": 64,
            "demonstrations": 2000,
            "steps": 100,
            "updates": 2,
            "learning_rate": 8e-4,
            "max_reply": 16,
        },
        "random",
    ),
}
# Two pieces alone are learnt by GRPO. The warm start sees three, too: without, the model never finds the seams.
PIECES: Mapping[str, Course] = {
    "pieces": Course(
        (jigsaw("pair", 1, 2), jigsaw("full", 1, 3)),
        {
            **SEEN,
            "sft_steps": 1300,
            "sft_batch": 64,
            "demonstrations": 4000,
            "steps": 300,
            "learning_rate": 3e-4,
            "temperature": 1.5,
        },
        "random",
        elsewhere=(jigsaw("pair", 1, 3), jigsaw("pair", 2, 2), jigsaw("full", 2, 2)),
    )
}
LADDER = (sat(1, 8, 6), sat(1, 10, 8), sat(1, 12, 10))
WAYS = {
    "promotion": 'kind = "promotion"\nepsilon = 0.6\ninterval = 640\n',
    "mixed": 'kind = "uniform"\ninterval = 640\n',
    "easiest alone": 'kind = "fixed"\nstage = 0\ninterval = 640\n',
    "middle alone": 'kind = "fixed"\nstage = 1\ninterval = 640\n',
    "hardest alone": 'kind = "fixed"\nstage = 2\ninterval = 640\n',
}
CURRICULA: Mapping[str, Course] = {
    way: Course(
        LADDER,
        {"sft_steps": 90, "demonstrations": 1000, "steps": 160, "updates": 2, "max_reply": 24},
        "random",
        tables="[curriculum]\n" + said,
    )
    for way, said in WAYS.items()
}
COURSES: Mapping[str, Course] = {**FAMILIES, **PIECES, **CURRICULA}
QUESTIONS: Mapping[str, tuple[str, ...]] = {
    "families": tuple(FAMILIES),
    "supervision": ("sat", "jigsaw"),
    "pieces": tuple(PIECES),
    "curriculum": tuple(CURRICULA),
}
