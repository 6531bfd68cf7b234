"""Whose fault it is: every exception that verienv raises on purpose.

A bad reply is never an exception; it is a Score with a reason. What is raised is either the caller's mistake
(`UsageError` and its children, answered before any work starts) or a family's bug (`ContractError`).
"""

from __future__ import annotations

from collections.abc import Iterable


class VerienvError(Exception):
    """The root of everything raised here."""


class UsageError(VerienvError, ValueError):
    """The caller asked for something that does not exist or is out of bounds."""


class UnknownName(UsageError, LookupError):
    """A name that is not there; the message gives the nearest one that is."""

    def __init__(self, kind: str, given: object, known: Iterable[str]) -> None:
        names = sorted(known)
        close = nearest(str(given), names)
        hint = f"; did you mean {close!r}?" if close else "."
        shown = ", ".join(names[:20]) + (", …" if len(names) > 20 else "")
        super().__init__(f"unknown {kind} {given!r}{hint} Known: {shown or 'none'}.")
        self.kind, self.given, self.nearest, self._known = kind, given, close, names

    def __reduce__(self) -> tuple[object, ...]:
        """So that a worker process can raise it."""
        return type(self), (self.kind, self.given, self._known)


class KnobError(UsageError):
    """A knob outside its bounds, or knobs that contradict each other."""


class AddressError(UsageError):
    """Text that is not an address, or an address of another version."""


class GenerationError(VerienvError, RuntimeError):
    """No problem could be drawn with these knobs within the stated number of tries."""


class ContractError(VerienvError, RuntimeError):
    """A family broke its promise while scoring. It is our bug: mask the attempt, never reward it."""


class SandboxUnavailable(VerienvError, RuntimeError):
    """This machine cannot confine a model's code, so none is run and nothing is scored."""


class SandboxError(VerienvError, RuntimeError):
    """A run of a model's code came to no verdict, through no fault of the code: mask the attempt, never reward it."""


class StepError(VerienvError, RuntimeError):
    """An episode was used out of order: a step before a reset, after the end, or after close."""


class MissingExtra(VerienvError, ImportError):
    """An optional dependency is absent; the message holds the line that installs it."""

    def __init__(self, package: str, extra: str, purpose: str) -> None:
        super().__init__(
            f'{purpose} needs {package!r}, which is not installed. Install it with:  pip install "verienv[{extra}]"'
        )
        self.package, self.extra, self._purpose = package, extra, purpose

    def __reduce__(self) -> tuple[object, ...]:
        """So that a worker process can raise it."""
        return type(self), (self.package, self.extra, self._purpose)


def nearest(given: str, known: Iterable[str]) -> str | None:
    """The known name closest to `given`, or None when nothing is close."""
    import difflib  # only ever needed on the way to an error

    matches = difflib.get_close_matches(given.lower(), list(known), n=1, cutoff=0.5)
    return matches[0] if matches else None
