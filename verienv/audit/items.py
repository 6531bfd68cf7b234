"""Items: what the verifier is given beside a reply. Read from JSON lines, or made by the target itself.

    {"prompt": "What is 2 + 3?", "truth": "5", "oracle": "<answer>5</answer>"}

`prompt` is a text or chat messages. `oracle`, a reply that earns everything, may be missing; `wrong`, replies that must
not, may be given. Every other field goes to the verifier untouched.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from verienv.errors import UsageError

Reply = str | list[str]
"""What a player says: a text, or for a game the list of its moves."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item. `fields` is all that the verifier sees; `cpu` the seconds that making it took, if it was made."""

    fields: Mapping[str, Any]
    cpu: float = 0.0

    @property
    def prompt(self) -> str:
        """What the player sees, as text."""
        return text_of(self.fields.get("prompt"))

    @property
    def truth(self) -> str:
        """The right answer as text; empty where none is given."""
        truth = self.fields.get("truth")
        if truth is None or isinstance(truth, str):
            return truth or ""
        return " ".join(map(str, truth)) if isinstance(truth, list) else json.dumps(truth, ensure_ascii=False)

    @property
    def oracle(self) -> Reply | None:
        """A reply that earns everything, where one is known."""
        oracle = self.fields.get("oracle")
        if isinstance(oracle, list) and all(isinstance(each, str) for each in oracle):
            return list(oracle)
        return oracle if isinstance(oracle, str) else None

    def replies(self, name: str) -> list[Any]:
        """The replies listed in a field such as `wrong` or `renderings`."""
        listed = self.fields.get(name)
        return list(listed) if isinstance(listed, list) else []


def text_of(prompt: Any) -> str:
    """The text of a prompt: itself, or that of its messages and their parts."""
    if isinstance(prompt, str):
        return prompt
    if isinstance(prompt, Mapping):
        return text_of(prompt.get("content", prompt.get("text")))
    if isinstance(prompt, (list, tuple)):
        return "\n".join(filter(None, map(text_of, prompt)))
    return ""


def read(path: str | Path) -> list[Item]:
    """The items of a file of JSON lines. Raises UsageError with the line that is wrong."""
    items = []
    for number, line in enumerate(Path(path).read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            found = json.loads(line)
        except ValueError as error:
            raise UsageError(f"{path}:{number}: not JSON: {error}") from error
        items.append(one(found, f"{path}:{number}"))
    if not items:
        raise UsageError(f"{path}: holds no item")
    return items


def many(given: Iterable[Mapping[str, Any] | Item]) -> list[Item]:
    """Items from mappings. Raises UsageError with the place of the one that is wrong."""
    items = [each if isinstance(each, Item) else one(each, f"items[{at}]") for at, each in enumerate(given)]
    if not items:
        raise UsageError("an audit needs at least one item")
    return items


def one(found: Any, where: str) -> Item:
    """An item, once it is seen to be one."""
    if not isinstance(found, Mapping):
        raise UsageError(f"{where}: an item is an object with prompt, truth and perhaps oracle, not {_kind(found)}")
    if not text_of(found.get("prompt")).strip():
        raise UsageError(f"{where}: prompt is missing; there is {', '.join(map(str, found)) or 'nothing'}")
    if "truth" not in found and "oracle" not in found:
        raise UsageError(f"{where}: truth (the right answer) or oracle (a reply that earns everything) is missing")
    oracle = found.get("oracle")
    listed = isinstance(oracle, list) and all(isinstance(each, str) for each in oracle)
    if not (oracle is None or isinstance(oracle, str) or listed):
        raise UsageError(f"{where}: oracle is a text or a list of texts, not {_kind(oracle)}")
    return Item(dict(found))


def _kind(value: object) -> str:
    return f"a {type(value).__name__}"
