"""What is evaluated: a callable from chat messages to what the model says."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from verienv.errors import UsageError, VerienvError

Messages = list[dict[str, Any]]
"""Chat messages in OpenAI's form: content is text, or parts with pictures as data URLs."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a model says. `finish` is "length" when it was cut off; tokens are None where nobody counts them."""

    text: str
    finish: str = "stop"
    prompt_tokens: int | None = None
    reply_tokens: int | None = None


Policy = Callable[[Messages], "str | Said"]


class PolicyError(VerienvError, RuntimeError):
    """The model could not be asked: nothing to score. `fatal`: asking again or for something else is no use."""

    def __init__(self, what: str, fatal: bool = False) -> None:
        super().__init__(what)
        self.what, self.fatal = what, fatal

    def __reduce__(self) -> tuple[object, ...]:
        """So that a worker process can raise it."""
        return type(self), (self.what, self.fatal)


def load(name: str) -> Policy:
    """The function `module:function`, found from the working directory too; it may be async. Raises UsageError."""
    module, colon, function = name.partition(":")
    if not colon or not module or not function:
        raise UsageError(f"a Python callable is written module:function, not {name!r}")
    if os.getcwd() not in sys.path:
        sys.path.insert(0, os.getcwd())
    try:
        found = importlib.import_module(module)
        for part in function.split("."):
            found = getattr(found, part)
    except (ImportError, AttributeError) as error:
        raise UsageError(f"cannot load {name!r}: {error}") from error
    if not callable(found):
        raise UsageError(f"{name!r} is not callable")
    return asked(found)


def asked(function: Callable[[Messages], Any]) -> Policy:
    """A function that may be async, or give a mapping of Said's fields, as a policy."""

    def policy(messages: Messages) -> Said:
        given = function(messages)
        if inspect.isawaitable(given):
            given = asyncio.run(_awaited(given))
        if isinstance(given, Mapping):
            given = Said(**given)
        if isinstance(given, str):
            given = Said(given)
        if not isinstance(given, Said) or not isinstance(given.text, str):
            raise PolicyError(f"the callable gave a {type(given).__name__}, not a text", fatal=True)
        return given

    return policy


async def _awaited(given: Any) -> Any:
    return await given
