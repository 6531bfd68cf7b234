"""A module's text with its syntax tree, and where each node of it lies."""

from __future__ import annotations

import ast

from verienv.sandbox import programs


class Source:
    """A module's text with its tree, and where each node lies. ASCII only."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tree = programs.parse(text)
        self._starts = [0]
        for line in text.split("\n"):
            self._starts.append(self._starts[-1] + len(line) + 1)
        self.functions = [node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef)]
        docs = [
            node.body[0]
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and _is_text(node.body[0])
        ]
        kept = {id(inner) for doc in docs for inner in ast.walk(doc)}
        for node in ast.walk(self.tree):  # an annotation, a decorator or a docstring does nothing
            for silent in (getattr(node, "annotation", None), getattr(node, "returns", None)):
                kept |= {id(inner) for inner in ast.walk(silent)} if isinstance(silent, ast.AST) else set()
            for decorator in getattr(node, "decorator_list", ()):
                kept |= {id(inner) for inner in ast.walk(decorator)}
        self.nodes = [node for node in ast.walk(self.tree) if id(node) not in kept]

    def place(self, line: int, column: int) -> int:
        """The index of a line, counted from 1, and a column."""
        return self._starts[line - 1] + column

    def span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        """Where a node starts and ends."""
        return (
            self.place(node.lineno, node.col_offset),
            self.place(node.end_lineno or node.lineno, node.end_col_offset or 0),
        )

    def said(self, node: ast.expr | ast.stmt) -> str:
        """A node's text."""
        start, end = self.span(node)
        return self.text[start:end]


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
