"""What can be audited, and how it is named.

sat                                a family of verienv, or of a package that offers some
rewards:score   rewards.py:score   a function: f(item, reply), or of TRL's, verl's or OpenRLHF's form
trl:rewards:score                  the form said outright, where its parameters do not tell
reasoning_gym:leg_counting         a data set of reasoning-gym
math_verify                        math-verify's `verify(parse(truth), parse(reply))`
http://127.0.0.1:8000/score        an endpoint that answers {…item, "reply": …} with a number
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from verienv import registry
from verienv.errors import UsageError, nearest

STYLES: Final = ("native", "trl", "verl", "openrlhf")
PEERS: Final = ("reasoning_gym", "verifiers", "math_verify")


@dataclass(frozen=True, slots=True)
class Target:
    """A target as the worker is told it.

    name: as the user wrote it. spec: for the worker. generates: whether it makes items of its own. remote: whether it
    runs where effects cannot be watched. python: another interpreter, where one is needed.
    """

    name: str
    spec: Mapping[str, Any]
    generates: bool = False
    remote: bool = False

    @property
    def kind(self) -> str:
        """family, function, reasoning_gym …"""
        return str(self.spec["kind"])


def target(given: str | Callable[..., Any], *, generator: str = "", config: Mapping[str, Any] | None = None) -> Target:
    """The target of that name, or of an importable function. Raises UsageError with what would have been right.

    generator: the name, beside the function, of `generator(seed, index) -> item`. config: a data set's own settings.
    """
    if not isinstance(given, str):
        return _callable(given, generator)
    if given.startswith(("http://", "https://")):
        return Target(given, {"kind": "http", "url": given}, remote=True)
    head, colon, rest = given.partition(":")
    if head in STYLES and colon:
        return _function(given, rest, head, generator)
    if head in ("reasoning_gym", "verifiers"):
        if not rest:
            raise UsageError(f"which data set of {head}? Written like {head}:NAME")
        return Target(given, {"kind": head, "name": rest, "config": dict(config or {})}, generates=True)
    if head == "math_verify":
        return Target(given, {"kind": head, **(config or {})})
    if colon:
        return _function(given, given, "", generator)
    if given in registry.names():
        return Target(given, {"kind": "family", "name": given, **(config or {})}, generates=True)
    close = nearest(given, [*registry.names(), *PEERS])
    hint = f"; did you mean {close!r}?" if close else ""
    raise UsageError(
        f"unknown target {given!r}{hint} A target is a family ({', '.join(registry.names())}), module:function, "
        "file.py:function, trl:module:function, verl:module:function, openrlhf:module:function, reasoning_gym:NAME, "
        "verifiers:NAME, math_verify, or http://…"
    )


def _function(given: str, rest: str, style: str, generator: str) -> Target:
    module, colon, name = rest.rpartition(":")
    if not colon or not module or not name:
        raise UsageError(f"{given!r}: a function is written module:function or file.py:function")
    where: dict[str, str] = {"module": module}
    if module.endswith(".py"):
        if not Path(module).is_file():
            raise UsageError(f"{module}: no such file")
        where = {"file": str(Path(module).resolve())}
    spec = {"kind": "function", "name": name, "style": style, "generator": generator, **where}
    return Target(given, spec, generates=bool(generator))


def _callable(given: Callable[..., Any], generator: str) -> Target:
    """A function by the place from which another process can import it."""
    name = getattr(given, "__qualname__", "")
    module = getattr(given, "__module__", "")
    if not name or "<" in name:
        raise UsageError(
            f"{name or given!r} lives only in this process, and each call is made in another: "
            "define the function at the top of a module, and give it or its name, module:function"
        )
    where: dict[str, str] = {"module": module}
    try:
        path = inspect.getsourcefile(inspect.unwrap(given))
    except TypeError:
        path = None
    if module == "__main__":
        if not path or not Path(path).is_file():
            raise UsageError(f"{name} was typed in, and another process cannot import it: save it in a file")
        where = {"module": "__verienv_main__", "file": str(Path(path).resolve())}
    spec = {"kind": "function", "name": name, "style": "", "generator": generator, **where}
    shown = f"{Path(where['file']).name}:{name}" if "file" in where else f"{module}:{name}"
    return Target(shown, spec, generates=bool(generator))


def settings(pairs: Mapping[str, str]) -> dict[str, Any]:
    """name=value as JSON values where they are such, else as text."""
    found: dict[str, Any] = {}
    for name, text in pairs.items():
        try:
            found[name] = json.loads(text)
        except ValueError:
            found[name] = text
    return found
