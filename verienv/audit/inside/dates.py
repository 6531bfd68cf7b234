"""Another date: what Python's own clocks say is moved by a number of seconds, before the target is imported."""

from __future__ import annotations

import datetime
import time
from typing import Any


def shift(seconds: float) -> None:
    """Move `time.time`, `time.localtime` and the like, `date.today`, `datetime.now` and `utcnow`."""
    now, now_ns, local, gmt, strftime = time.time, time.time_ns, time.localtime, time.gmtime, time.strftime
    time.time = lambda: now() + seconds
    time.time_ns = lambda: now_ns() + int(seconds * 1e9)
    time.localtime = lambda at=None: local(time.time() if at is None else at)
    time.gmtime = lambda at=None: gmt(time.time() if at is None else at)
    time.strftime = lambda form, at=None: strftime(form, time.localtime() if at is None else at)
    datetime.date = _moved(datetime.date)  # type: ignore[misc]
    datetime.datetime = _moved(datetime.datetime)  # type: ignore[misc]


def _moved(kind: Any) -> Any:
    class Kind(type):
        def __instancecheck__(cls, thing: object) -> bool:
            return isinstance(thing, kind)

        def __subclasscheck__(cls, other: type) -> bool:
            return issubclass(other, kind)

    def now(cls: Any, tz: Any = None) -> Any:
        return kind.fromtimestamp(time.time(), tz)

    def today(cls: Any) -> Any:
        return kind.fromtimestamp(time.time())

    def utcnow(cls: Any) -> Any:
        return kind.fromtimestamp(time.time(), datetime.UTC).replace(tzinfo=None)

    members = {"today": classmethod(today), "now": classmethod(now), "utcnow": classmethod(utcnow)}
    return Kind(kind.__name__, (kind,), members if hasattr(kind, "now") else {"today": members["today"]})
