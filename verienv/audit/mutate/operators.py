"""Small faults that a programmer might make, one at a time, in the functions of a module.

Module-level tables and patterns, defaults, annotations and docstrings stay as they are.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field
from typing import Any, Final

Path = tuple[tuple[str, int | None], ...]
"""The way from a tree's root to a node: names of fields, with the place where a field holds several."""

Function = ast.FunctionDef | ast.AsyncFunctionDef

_COMPARED: Final[dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),  # codespell:ignore
    ast.NotIn: (ast.In,),  # codespell:ignore
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
_COUNTED: Final[dict[type[ast.operator], type[ast.operator]]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitOr,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}
_PAIRS: Final = (
    ("min", "max"), ("any", "all"), ("floor", "ceil"), ("startswith", "endswith"), ("removeprefix", "removesuffix"),
    ("lstrip", "rstrip"), ("find", "rfind"), ("issubset", "issuperset"),
)  # fmt: skip
_SWAPPED: Final = {**dict(_PAIRS), **{other: one for one, other in _PAIRS}}
_WORTH: Final = {"1.0": {"RIGHT", "right"}, "0.0": {"wrong", "unreadable"}}
_PAID: Final = "(lambda score: type(score)({value}, score.parts, score.reason))(0)"


@dataclass(frozen=True, slots=True)
class Mutation:
    """One fault: what stands at a place, and what is put there.

    first, last: the lines of which one runs whenever the place does. code: the first line as it is written; column: how
    far into it the place begins. within: the function.
    """

    file: str
    line: int
    column: int
    code: str
    first: int
    last: int
    within: str
    operator: str
    before: str
    after: str
    path: Path = field(repr=False, compare=False)
    node: ast.AST = field(repr=False, compare=False)


def mutations(file: str, text: str, lines: Set[int]) -> list[Mutation]:
    """Every fault on one of these lines of a module's text, in its order."""
    found, written = [], text.splitlines()
    for node, path, within, function in _inside(ast.parse(text), (), (), None):
        first, last = _span(node)
        if lines.isdisjoint(range(first, last + 1)):
            continue
        for operator, new in _variants(node, function):
            new = ast.copy_location(copy.copy(new), node)
            before, after = ast.unparse(node), ast.unparse(new)
            code = written[first - 1]
            column = getattr(node, "col_offset", 0) - len(code) + len(code.lstrip())
            made = (file, first, column, code.strip(), first, last, within, operator, before, after, path, new)
            if before != after:
                found.append(Mutation(*made))
    return found


def alone(tree: ast.Module, mutation: Mutation | None, path: Path) -> ast.Module:
    """The one definition that holds the place, with the fault in it or, for None, without; besides, the imports.

    What is imported is compiled otherwise than what is not.
    """
    at = path[0][1] or 0
    whole = tree if mutation is None else _replaced(tree, path, mutation.node)
    top = whole.body[at]
    if isinstance(top, ast.ClassDef) and len(path) > 1 and path[1][0] == "body":
        top = copy.copy(top)
        top.body = [top.body[path[1][1] or 0]]
    kinds = ast.Import | ast.ImportFrom | ast.If | ast.Try
    imports = [each for place, each in enumerate(tree.body) if isinstance(each, kinds) and place != at]
    return ast.fix_missing_locations(ast.Module([*imports, top], []))


def _replaced(tree: Any, path: Path, new: ast.AST) -> Any:
    """A copy of the tree with another node at a place; all that lies beside the way there is shared."""
    if not path:
        return new
    (name, at), *rest = path
    made, inner = copy.copy(tree), getattr(tree, name)
    if at is None:
        setattr(made, name, _replaced(inner, tuple(rest), new))
    else:
        setattr(made, name, [*inner[:at], _replaced(inner[at], tuple(rest), new), *inner[at + 1 :]])
    return made


def _inside(
    node: ast.AST, path: Path, within: tuple[str, ...], function: Function | None
) -> Iterator[tuple[ast.AST, Path, str, Function | None]]:
    """Every node that runs inside of a function, with its way from the root and the function's name."""
    if within and within[-1] == "" and not isinstance(node, ast.expr_context):
        yield node, path, ".".join(each for each in within if each), function
    if isinstance(node, Function):
        scope = (*_closed(within), node.name, "")
        yield from _all(node.body[bool(ast.get_docstring(node)) :], "body", path, scope, node, len(node.body))
        return
    if isinstance(node, ast.Lambda):
        yield from _inside(node.body, (*path, ("body", None)), (*_closed(within), "<lambda>", ""), None)
        return
    if isinstance(node, ast.ClassDef):
        yield from _all(node.body, "body", path, (*_closed(within), node.name), None, len(node.body))
        return
    if isinstance(node, ast.JoinedStr):
        places = [(at, each) for at, each in enumerate(node.values) if isinstance(each, ast.FormattedValue)]
        for at, each in places:
            yield from _inside(each.value, (*path, ("values", at), ("value", None)), within, function)
        return
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "format_spec", "type_comment"):
            continue
        if isinstance(value, ast.AST):
            yield from _inside(value, (*path, (name, None)), within, function)
        elif isinstance(value, list):
            yield from _all(value, name, path, within, function, len(value))


def _all(
    nodes: Sequence[Any], name: str, path: Path, within: tuple[str, ...], function: Function | None, count: int
) -> Iterator[tuple[ast.AST, Path, str, Function | None]]:
    for at, each in enumerate(nodes, count - len(nodes)):
        if isinstance(each, ast.AST):
            yield from _inside(each, (*path, (name, at)), within, function)


def _closed(within: tuple[str, ...]) -> tuple[str, ...]:
    return tuple([each for each in within if each])


def _span(node: ast.AST) -> tuple[int, int]:
    """The lines of an expression; of a statement that holds others, those of what it asks first."""
    if isinstance(node, ast.comprehension):
        return node.iter.lineno, max((each.end_lineno or each.lineno for each in node.ifs), default=node.iter.lineno)
    head = node.test if isinstance(node, ast.If | ast.While) else node.iter if isinstance(node, ast.For) else node
    first = getattr(node, "lineno", 0)
    return first, getattr(head, "end_lineno", None) or first


def _variants(node: ast.AST, function: Function | None) -> Iterator[tuple[str, ast.AST]]:
    if isinstance(node, ast.expr):
        yield from _expressions(node)
    elif isinstance(node, ast.stmt):
        yield from _statements(node, function)
    elif isinstance(node, ast.comprehension):
        for at in range(len(node.ifs)):
            rest = [*node.ifs[:at], *node.ifs[at + 1 :]]
            yield "condition", ast.comprehension(node.target, node.iter, rest, node.is_async)
            turned = [*node.ifs[:at], _not(node.ifs[at]), *node.ifs[at + 1 :]]
            yield "condition", ast.comprehension(node.target, node.iter, turned, node.is_async)


def _expressions(node: ast.expr) -> Iterator[tuple[str, ast.AST]]:
    if isinstance(node, ast.Compare):
        for at, sign in enumerate(node.ops):
            for other in _COMPARED[type(sign)]:
                signs = [*node.ops[:at], other(), *node.ops[at + 1 :]]
                yield "comparison", ast.Compare(node.left, signs, node.comparators)
    elif isinstance(node, ast.BinOp):
        texts = any(isinstance(each, ast.JoinedStr) or _is_text(each) for each in (node.left, node.right))
        if type(node.op) in _COUNTED and not texts:
            yield "arithmetic", ast.BinOp(node.left, _COUNTED[type(node.op)](), node.right)
    elif isinstance(node, ast.BoolOp):
        yield "boolean", ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
        for at in range(len(node.values)):
            rest = [*node.values[:at], *node.values[at + 1 :]]
            yield "boolean", rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)
    elif isinstance(node, ast.UnaryOp):
        yield "sign", node.operand
    elif isinstance(node, ast.Constant):
        for value in _other(node.value):
            yield "constant", ast.Constant(value)
    elif isinstance(node, ast.IfExp):
        yield "condition", ast.IfExp(_not(node.test), node.body, node.orelse)
        yield "condition", node.body
        yield "condition", node.orelse
    elif isinstance(node, ast.Slice):
        if node.lower is not None:
            yield "slice", ast.Slice(None, node.upper, node.step)
        if node.upper is not None:
            yield "slice", ast.Slice(node.lower, None, node.step)
    elif isinstance(node, ast.Call):
        name = node.func
        if isinstance(name, ast.Name) and name.id in _SWAPPED:
            yield "call", ast.Call(ast.Name(_SWAPPED[name.id], ast.Load()), node.args, node.keywords)
        elif isinstance(name, ast.Attribute) and name.attr in _SWAPPED:
            made = ast.Attribute(name.value, _SWAPPED[name.attr], ast.Load())
            yield "call", ast.Call(made, node.args, node.keywords)


def _statements(node: ast.stmt, function: Function | None) -> Iterator[tuple[str, ast.AST]]:
    if isinstance(node, ast.If):
        for test in (_not(node.test), ast.Constant(True), ast.Constant(False)):
            yield "condition", ast.If(test, node.body, node.orelse)
    elif isinstance(node, ast.While):
        yield "condition", ast.While(ast.Constant(False), node.body, node.orelse)
    elif isinstance(node, ast.For):
        yield "loop", ast.For(node.target, ast.Tuple([], ast.Load()), node.body, node.orelse, node.type_comment)
    elif isinstance(node, ast.Break | ast.Continue):
        yield "loop", ast.Continue() if isinstance(node, ast.Break) else ast.Break()
        yield "statement", ast.Pass()
    elif isinstance(node, ast.AugAssign):
        if type(node.op) in _COUNTED and not _is_text(node.value):
            yield "arithmetic", ast.AugAssign(node.target, _COUNTED[type(node.op)](), node.value)
        yield "statement", ast.Pass()
    elif isinstance(node, ast.Raise) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)):
        yield "statement", ast.Pass()
    elif isinstance(node, ast.Assign):
        if all(isinstance(each, ast.Subscript | ast.Attribute) or _again(each, function) for each in node.targets):
            yield "statement", ast.Pass()
    elif isinstance(node, ast.Return) and node.value is not None:
        for value in _returned(node.value, function):
            yield "return", ast.Return(value)


def _returned(value: ast.expr, function: Function | None) -> Iterator[ast.expr]:
    kind = ast.unparse(function.returns) if function is not None and function.returns is not None else ""
    if kind == "Score":
        known = ast.unparse(value).partition("(")[0]
        for paid in ("1.0", "0.0"):
            if known in _WORTH[paid]:
                continue  # it pays that as it is
            call = ast.parse(_PAID.format(value=paid), mode="eval").body
            if isinstance(call, ast.Call):
                call.args = [value]
                yield call
    elif kind in ("bool", "int", "float"):
        for plain in {"bool": (True, False), "int": (0, 1), "float": (0.0, 1.0)}[kind]:
            yield ast.Constant(plain)
    else:
        yield ast.Constant(None)


def _other(value: object) -> tuple[Any, ...]:
    """What a constant may be mistaken for."""
    if isinstance(value, bool):
        return (not value,)
    if isinstance(value, int | float):
        return (value + 1, value - 1)
    if isinstance(value, str):
        return (value + "_",) if value.isidentifier() else ("_" if not value else "",)
    return ()


def _again(target: ast.expr, function: Function | None) -> bool:
    """Whether the name has another value before, as far as the text tells."""
    if not isinstance(target, ast.Name) or function is None:
        return False
    given = [each.arg for each in ast.walk(function) if isinstance(each, ast.arg)]
    stored = [each.id for each in ast.walk(function) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)]
    return target.id in given or stored.count(target.id) > 1


def _not(test: ast.expr) -> ast.expr:
    return ast.UnaryOp(ast.Not(), test)


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)
