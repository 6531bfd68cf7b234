"""Open episodes: each with a lock of its own, under a name that cannot be guessed, gone when nobody uses it."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from verienv.server.limits import DRAINING, NO_ROOM, Limits, Refused
from verienv.server.play import Offer, Play


@dataclass(slots=True)
class Session:
    """One client's play."""

    name: str
    play: Play
    used: float
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Sessions:
    """Every open session, of HTTP and of WebSockets. No session is closed to make room for another."""

    def __init__(self, offered: Offer, limits: Limits, now: Callable[[], float] = time.monotonic) -> None:
        self._offer, self._limits, self._now = offered, limits, now
        self._open: dict[str, Session] = {}
        self.draining = False

    def __len__(self) -> int:
        return len(self._open)

    def begin(self) -> Session:
        """A new one. Raises Refused 503 when there is no room or the server goes down."""
        if self.draining:
            raise Refused(*DRAINING)
        self.sweep()
        if len(self._open) >= self._limits.sessions:
            raise Refused(*NO_ROOM)
        made = Session(secrets.token_urlsafe(24), Play(self._offer), self._now())
        self._open[made.name] = made
        return made

    def find(self, name: object) -> Session:
        """The session of that name. Raises Refused 404."""
        found = self._open.get(name) if isinstance(name, str) else None
        if found is None:
            raise Refused(404, "no_session", "no session of that name is open")
        found.used = self._now()
        return found

    def end(self, session: Session) -> None:
        """Close it; closing twice is allowed."""
        self._open.pop(session.name, None)

    def sweep(self) -> None:
        """Close those that nobody used for `idle` seconds and that no request is using."""
        oldest = self._now() - self._limits.idle
        for session in [each for each in self._open.values() if each.used < oldest and not each.lock.locked()]:
            self.end(session)
