"""Knobs: the default, the bounds and the meaning of a difficulty setting in one declaration.

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Knobs(KnobSet):
        rows: int = knob(3, low=1, high=6, doc="rows of pieces")

The same declaration validates, documents the card, completes the command line and feeds Hypothesis.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self, cast, get_type_hints

from verienv.errors import KnobError, UnknownName, UsageError

Value = int | float | bool | str


@dataclass(frozen=True, slots=True)
class Knob:
    """One declared knob: its name, type, default, inclusive bounds or choices, and meaning."""

    name: str
    type: type
    default: Value
    low: float | None
    high: float | None
    choices: tuple[str, ...]
    doc: str

    @property
    def allowed(self) -> str:
        """The permitted values, in words."""
        if self.type is bool:
            return "true or false"
        if self.choices:
            return "one of " + ", ".join(self.choices)
        if self.low is None or self.high is None:
            return "any text"
        if self.type is int:
            return f"{int(self.low):,} to {int(self.high):,}"
        return f"{self.low:g} to {self.high:g}"


def knob(
    default: Any,
    *,
    low: float | None = None,
    high: float | None = None,
    choices: tuple[str, ...] = (),
    doc: str,
) -> Any:
    """Declare a knob. Numbers need `low` and `high` (inclusive); text may have `choices`."""
    if isinstance(default, (int, float)) and not isinstance(default, bool) and (low is None or high is None):
        raise TypeError(f"a number knob needs low and high: {doc!r}")
    return dataclasses.field(default=default, metadata={"low": low, "high": high, "choices": choices, "doc": doc})


@dataclass(frozen=True, slots=True, kw_only=True)
class KnobSet:
    """The base of every family's Knobs. A value out of bounds raises KnobError at construction."""

    def __post_init__(self) -> None:
        for declared in declared_knobs(type(self)):
            value = getattr(self, declared.name)
            _check(declared, value)
            if declared.type is float:  # 1 and 1.0, or -0.0 and 0.0, are one value and must have one address
                object.__setattr__(self, declared.name, float(value) + 0.0)
        self.check()

    def check(self) -> None:
        """Override to refuse combinations, by raising KnobError."""

    @classmethod
    def knobs(cls) -> tuple[Knob, ...]:
        """The declared knobs, in order."""
        return declared_knobs(cls)

    @classmethod
    def of(cls, given: object) -> Self:
        """Knobs from themselves, a mapping or text. Raises KnobError, UnknownName, UsageError."""
        if isinstance(given, cls):
            return given
        if isinstance(given, str):
            return cls.from_text(given)
        if isinstance(given, Mapping):
            return cls.from_mapping(given)
        raise UsageError(f"knobs are a mapping or text such as 'n=3,k=5', not {given!r:.100}")

    @classmethod
    def from_mapping(cls, values: Mapping[str, object]) -> Self:
        """Knobs from names and values; text is converted to the declared type."""
        declared = {each.name: each for each in declared_knobs(cls)}
        given: dict[str, Value] = {}
        for name, value in values.items():
            if name not in declared:
                raise UnknownName("knob", name, declared)
            given[name] = _convert(declared[name], value)
        return cls(**given)

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Knobs from "n=3,k=5", or "default"."""
        if text == "default":
            return cls()
        pairs = [item.partition("=") for item in text.split(",")]
        for name, equals, _ in pairs:
            if not equals:
                raise KnobError(f"knobs are written name=value,name=value; {name!r} has no '='")
        names = [name for name, _, _ in pairs]
        if len(set(names)) != len(names):
            raise KnobError(f"a knob is given twice in {text!r}")
        from urllib.parse import unquote  # 3 ms that only spelt-out knobs pay

        return cls.from_mapping({name: unquote(value) for name, _, value in pairs})

    def to_text(self) -> str:
        """The knobs that differ from their defaults, as `from_text` reads them."""
        changed = [
            f"{each.name}={_write(getattr(self, each.name))}"
            for each in declared_knobs(type(self))
            if getattr(self, each.name) != each.default
        ]
        return ",".join(changed) or "default"

    def to_dict(self) -> dict[str, Value]:
        """Every knob by name."""
        return dict(self._items())

    def replace(self, **changes: object) -> Self:
        """These knobs with some changed; text values are converted."""
        return self.from_mapping({**self.to_dict(), **changes})

    def _items(self) -> Iterator[tuple[str, Value]]:
        for each in declared_knobs(type(self)):
            yield each.name, getattr(self, each.name)


def declared_knobs(cls: type[KnobSet]) -> tuple[Knob, ...]:
    """The knobs of a KnobSet class, in order of declaration."""
    cached = _DECLARED.get(cls)
    if cached is None:
        hints = get_type_hints(cls)
        cached = _DECLARED[cls] = tuple(
            Knob(
                name=each.name,
                type=hints[each.name],
                default=cast(Value, each.default),
                low=each.metadata["low"],
                high=each.metadata["high"],
                choices=each.metadata["choices"],
                doc=each.metadata["doc"],
            )
            for each in dataclasses.fields(cls)
        )
    return cached


_DECLARED: dict[type[KnobSet], tuple[Knob, ...]] = {}  # a function of the class alone


def _check(declared: Knob, value: object) -> None:
    def refuse(why: str) -> KnobError:
        return KnobError(f"{declared.name}={value!r}: {why}; allowed: {declared.allowed} ({declared.doc})")

    if declared.type is float and type(value) is int:
        value = float(value)
    if type(value) is not declared.type:
        raise refuse(f"needs {declared.type.__name__}, not {type(value).__name__}")
    if isinstance(value, float) and not math.isfinite(value):
        raise refuse("must be finite")
    if isinstance(value, str):
        if declared.choices and value not in declared.choices:
            raise UnknownName(declared.name, value, declared.choices)
        return
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return
    if declared.low is None or declared.high is None or not declared.low <= value <= declared.high:
        raise refuse("out of bounds")


def _convert(declared: Knob, value: object) -> Value:
    if not isinstance(value, str) or declared.type is str:
        if declared.type is float and type(value) is int:
            return float(value)
        return value  # type: ignore[return-value]  # _check refuses every other type by name
    try:
        if not value.isascii():
            raise ValueError
        if declared.type is bool:
            return {"true": True, "false": False}[value.lower()]
        if declared.type is int:
            if len(value) > 20 or not value.removeprefix("-").isdecimal():
                raise ValueError
            return int(value)
        if "_" in value:
            raise ValueError
        return float(value)
    except (ValueError, KeyError):
        raise KnobError(
            f"{declared.name}={value!r} is not {_ARTICLE[declared.type]}; allowed: {declared.allowed}"
        ) from None


_ARTICLE = {int: "a whole number", float: "a number", bool: "true or false"}


def _write(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        from urllib.parse import quote

        return quote(value, safe="")
    return repr(value)
