"""Small mistakes, as edits of a program's text: operators look at its syntax tree and say what could go wrong.

An operator gives `Edit`s: from where to where, and what stands there instead. Most are their own inverse, so that the
fix of a bug is among the edits of the broken text.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from verienv.families.patch.source import Source
from verienv.sandbox import programs


@dataclass(frozen=True, slots=True)
class Edit:
    """Characters start to end of a module's text, replaced by `text`; what mistake that is."""

    start: int
    end: int
    text: str
    operator: str


Found = Iterator[tuple[int, int, str]]

_SIGNS: Final = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.In: "in",
    ast.NotIn: "not in",  # codespell:ignore
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.FloorDiv: "//",
    ast.Mod: "%",
}


def boundary(source: Source) -> Found:
    """`<` for `<=`, `>` for `>=`, and back."""
    yield from _compared(source, {"<": "<=", "<=": "<", ">": ">=", ">=": ">"})


def direction(source: Source) -> Found:
    """`<` for `>`, `<=` for `>=`, and back."""
    yield from _compared(source, {"<": ">", "<=": ">=", ">": "<", ">=": "<="})


def equality(source: Source) -> Found:
    """`==` for `!=`, `in` for `not in`, `is` for `is not`, and back."""
    opposite = {"==": "!=", "!=": "==", "in": "not in", "not in": "in", "is": "is not", "is not": "is"}
    yield from _compared(source, opposite)


def arithmetic(source: Source) -> Found:
    """Another sign between two numbers."""
    other = {"+": "-", "-": "+", "*": "+", "//": "%", "%": "//"}
    for node in source.nodes:
        if isinstance(node, ast.BinOp) and (sign := _SIGNS.get(type(node.op), "")) in other:
            sides = (node.left, node.right)
            if any(isinstance(side, ast.Constant) and isinstance(side.value, str) for side in sides):
                continue
            yield from _between(source, node.left, node.right, sign, other[sign])


def running(source: Source) -> Found:
    """`-=` for `+=` and back, or `=` for either."""
    for node in source.nodes:
        if isinstance(node, ast.AugAssign) and (sign := _SIGNS.get(type(node.op))) in ("+", "-"):
            for other in ({"+": "-=", "-": "+="}[sign], "="):
                yield from _between(source, node.target, node.value, f"{sign}=", other)


def connective(source: Source) -> Found:
    """`and` for `or`, and back."""
    for node in source.nodes:
        if isinstance(node, ast.BoolOp):
            sign, other = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
            if len(node.values) == 2:
                yield from _between(source, node.values[0], node.values[1], sign, other)


def negation(source: Source) -> Found:
    """A condition negated, or no longer."""
    for node in source.nodes:
        if isinstance(node, ast.If | ast.While | ast.IfExp):
            start, end = source.span(node.test)
            if isinstance(node.test, ast.UnaryOp) and isinstance(node.test.op, ast.Not):
                yield start, end, source.said(node.test.operand)
            elif isinstance(node.test, ast.Name | ast.Attribute | ast.Call):
                yield start, end, f"not {source.said(node.test)}"


def off_by_one(source: Source) -> Found:
    """A whole number one too large or too small."""
    for node in source.nodes:
        if isinstance(node, ast.Constant) and type(node.value) is int and node.value < 10_000:
            start, end = source.span(node)
            yield start, end, str(node.value + 1)
            if node.value > 0:
                yield start, end, str(node.value - 1)


def other_end(source: Source) -> Found:
    """The first of something for the last, and back."""
    for node in source.nodes:
        if isinstance(node, ast.Subscript) and source.said(node.slice) in ("0", "-1"):
            start, end = source.span(node.slice)
            yield start, end, "-1" if source.said(node.slice) == "0" else "0"


def slicing(source: Source) -> Found:
    """A slice that forgets one of its ends."""
    for node in source.nodes:
        if isinstance(node, ast.Slice):
            start, end = source.span(node)
            lower, upper = [source.said(each) if each else "" for each in (node.lower, node.upper)]
            if lower and upper:
                yield start, end, f"{lower}:"
                yield start, end, f":{upper}"
            elif lower and not node.step:
                yield start, end, f":{lower}"
            elif upper and not node.step:
                yield start, end, f"{upper}:"


def ranging(source: Source) -> Found:
    """A range that starts or stops one off."""
    for node in source.nodes:
        if isinstance(node, ast.Call) and source.said(node.func) == "range" and not node.keywords:
            start, end = source.span(node)
            given = [source.said(each) for each in node.args]
            if len(given) == 1:
                yield start, end, f"range(1, {given[0]})"
            if len(given) <= 2:
                stop = given[-1].removesuffix(" + 1") if given[-1].endswith(" + 1") else f"{given[-1]} - 1"
                yield start, end, f"range({', '.join([*given[:-1], stop])})"


def swapped(source: Source) -> Found:
    """Two arguments in the wrong order."""
    for node in source.nodes:
        if isinstance(node, ast.Call) and len(node.args) >= 2:
            for one, other in zip(node.args, node.args[1:], strict=False):
                texts = source.said(one), source.said(other)
                if texts[0] != texts[1] and not any(
                    isinstance(each, ast.Starred | ast.Lambda) for each in (one, other)
                ):
                    start, end = source.span(one)[0], source.span(other)[1]
                    middle = source.text[source.span(one)[1] : source.span(other)[0]]
                    yield start, end, f"{texts[1]}{middle}{texts[0]}"


def variable(source: Source) -> Found:
    """Another variable of the same function."""
    for function in source.functions:
        given = [each.arg for each in function.args.args if each.arg != "self"]
        stored = [node for node in ast.walk(function) if isinstance(node, ast.Name)]
        names = list(dict.fromkeys([*given, *[node.id for node in stored if isinstance(node.ctx, ast.Store)]]))
        for node in _live(source, function):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in names and len(names) > 1:
                other = names[(names.index(node.id) + 1) % len(names)]
                yield *source.span(node), other


def attribute(source: Source) -> Found:
    """Another attribute of the same object."""
    for kind in source.nodes:
        if not isinstance(kind, ast.ClassDef):
            continue
        fields = [
            each.target.id
            for each in kind.body
            if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)
        ]
        own = [node for node in ast.walk(kind) if isinstance(node, ast.Attribute) and source.said(node.value) == "self"]
        fields += [node.attr for node in own if isinstance(node.ctx, ast.Store)]
        fields = list(dict.fromkeys(fields))
        for node in source.nodes:
            if (
                isinstance(node, ast.Attribute)
                and isinstance(node.ctx, ast.Load)
                and node.attr in fields
                and len(fields) > 1
            ):
                end = source.span(node)[1]
                yield end - len(node.attr), end, fields[(fields.index(node.attr) + 1) % len(fields)]


_COUSINS: Final = (
    *(("min", "max"), ("any", "all"), ("sum", "len"), ("sum", "max"), ("lstrip", "rstrip"), ("strip", "rstrip")),
    *(("startswith", "endswith"), ("upper", "lower"), ("find", "rfind"), ("keys", "values"), ("append", "extend")),
    *(("ljust", "rjust"), ("partition", "rpartition"), ("pop", "get"), ("add", "discard"), ("isdigit", "isalnum")),
)


def cousin(source: Source) -> Found:
    """A function much like the one that is meant: `max` for `min`, `any` for `all`, `lstrip` for `rstrip` …"""
    other: dict[str, str] = {}
    for one, two in _COUSINS:
        other.setdefault(one, two)
        other.setdefault(two, one)
    for node in source.nodes:
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else source.said(node.func)
            if name in other:
                end = source.span(node.func)[1]
                yield end - len(name), end, other[name]


def flag(source: Source) -> Found:
    """True for False, and back."""
    for node in source.nodes:
        if isinstance(node, ast.Constant) and type(node.value) is bool:
            yield *source.span(node), str(not node.value)


def keyword(source: Source) -> Found:
    """An argument by name that was forgotten."""
    for node in source.nodes:
        if isinstance(node, ast.Call) and node.keywords and (node.args or len(node.keywords) > 1):
            last = node.keywords[-1]
            before = node.keywords[-2].value if len(node.keywords) > 1 else node.args[-1]
            yield source.span(before)[1], source.span(last.value)[1], ""


def wording(source: Source) -> Found:
    """Another text of the same module."""
    texts = [node for node in source.nodes if isinstance(node, ast.Constant) and type(node.value) is str]
    said = list(dict.fromkeys([source.said(node) for node in texts if len(node.value) < 12]))  # type: ignore[arg-type]
    for node in texts:
        if source.said(node) in said and len(said) > 1:
            yield *source.span(node), said[(said.index(source.said(node)) + 1) % len(said)]


def forgotten(source: Source) -> Found:
    """A statement that is not there."""
    for body in _bodies(source):
        for at, node in enumerate(body):
            plain = isinstance(node, ast.AugAssign | ast.Assign | ast.Expr)
            if plain and len(body) > 1 and at + 1 < len(body) + 1 and not _document(node):
                yield _lines(source, node)


def branch(source: Source) -> Found:
    """A case that is not thought of."""
    for body in _bodies(source):
        for node in body:
            if isinstance(node, ast.If) and not node.orelse and len(body) > 1:
                yield _lines(source, node)


def leaving(source: Source) -> Found:
    """`break` for `continue`, and back; an exception of another kind."""
    for node in source.nodes:
        if isinstance(node, ast.Break):
            yield *source.span(node), "continue"
        elif isinstance(node, ast.Continue):
            yield *source.span(node), "break"
        elif isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and isinstance(node.exc.func, ast.Name):
            yield *source.span(node.exc.func), "KeyError" if node.exc.func.id != "KeyError" else "ValueError"


def copying(source: Source) -> Found:
    """The thing itself where a copy of it is meant."""
    for node in source.nodes:
        if isinstance(node, ast.Call) and not node.keywords:
            if (
                isinstance(node.func, ast.Name)
                and node.func.id in ("list", "dict", "set", "sorted")
                and len(node.args) == 1
            ):
                yield *source.span(node), source.said(node.args[0])
            elif isinstance(node.func, ast.Attribute) and node.func.attr == "copy" and not node.args:
                yield *source.span(node), source.said(node.func.value)


def imported(source: Source) -> Found:
    """Another function of the module that is imported from, under the name of the one that is meant."""
    for node in source.nodes:
        if isinstance(node, ast.ImportFrom) and len(node.names) > 1 and not any(each.asname for each in node.names):
            names = [each.name for each in node.names]
            for at, name in enumerate(names[:-1]):
                start, end = source.span(node)
                turned = [*names[:at], f"{names[at + 1]} as {name}", f"{name} as {names[at + 1]}", *names[at + 2 :]]
                yield start, end, f"from {'.' * node.level}{node.module or ''} import {', '.join(turned)}"


OPERATORS: Final[dict[str, tuple[Callable[[Source], Found], ...]]] = {
    "sign": (boundary, direction, equality, arithmetic, running, connective, negation),
    "edge": (off_by_one, other_end, slicing, ranging),
    "name": (swapped, variable, attribute, cousin, flag, wording, imported),
    "missing": (keyword, forgotten, branch, leaving, copying),
}
"""The operators by class."""


def edits(text: str) -> list[Edit]:
    """Every edit that leaves another program, in the order of the operators and then of the text."""
    found: dict[str, Edit] = {}
    for edit in proposed(text):
        if sound(text, edit):
            found.setdefault(applied(text, edit), edit)
    return list(found.values())


def proposed(text: str) -> list[Edit]:
    """What the operators propose, unasked whether it leaves another program."""
    source = Source(text)
    return [
        Edit(start, end, instead, operator.__name__)
        for operators in OPERATORS.values()
        for operator in operators
        for start, end, instead in operator(source)
    ]


def sound(text: str, edit: Edit) -> bool:
    """Whether an edit leaves another program."""
    changed = applied(text, edit)
    try:
        programs.parse(changed)
    except SyntaxError:
        return False
    return changed != text


def applied(text: str, edit: Edit) -> str:
    """The text after an edit."""
    return text[: edit.start] + edit.text + text[edit.end :]


def class_of(operator: str) -> str:
    """The class of an operator."""
    return next(name for name, each in OPERATORS.items() if operator in [one.__name__ for one in each])


def _compared(source: Source, other: dict[str, str]) -> Found:
    for node in source.nodes:
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            for at, kind in enumerate(node.ops):
                if (sign := _SIGNS.get(type(kind), "")) in other:
                    yield from _between(source, sides[at], sides[at + 1], sign, other[sign])


def _between(source: Source, left: ast.expr, right: ast.expr, sign: str, other: str) -> Found:
    """Where a sign stands between two expressions."""
    start = source.text.index(sign, source.span(left)[1], source.span(right)[0])
    yield start, start + len(sign), other


def _live(source: Source, function: ast.FunctionDef) -> list[ast.AST]:
    inside = {id(node) for node in ast.walk(function)}
    return [node for node in source.nodes if id(node) in inside]


def _bodies(source: Source) -> Iterator[list[ast.stmt]]:
    """The bodies of functions and of what stands in them."""
    for function in source.functions:
        for node in ast.walk(function):
            for name in ("body", "orelse"):
                body = getattr(node, name, None)
                if isinstance(body, list) and body:
                    yield body


def _document(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _lines(source: Source, node: ast.stmt) -> tuple[int, int, str]:
    """The whole lines of a statement, to be taken out."""
    start = source.place(node.lineno, 0)
    return start, source.place((node.end_lineno or node.lineno) + 1, 0), ""
