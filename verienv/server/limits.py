"""What a server allows, and how it refuses: a status, a code, and no word of what was sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from verienv.errors import AddressError, ContractError, GenerationError, StepError, UnknownName, VerienvError


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes, times in seconds.

    body: of a request or a frame. depth: of JSON. batch: attempts in a scoring request. read: until a request is whole.
    request: until it is answered. idle: until a session nobody uses ends. sessions: open at once. threads: that draw
    and score. queue: requests that wait for one. drain: for open sessions to end after SIGTERM.
    """

    body: int = 2**20
    depth: int = 64
    batch: int = 512
    read: float = 10.0
    request: float = 30.0
    idle: float = 600.0
    sessions: int = 512
    threads: int = 2
    queue: int = 1024
    drain: float = 30.0


class Refused(VerienvError):
    """A request that is answered with an error. `status` is HTTP's, `code` a word that programs may rely on."""

    def __init__(self, status: int, code: str, message: str, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.retry_after = status, code, message, retry_after

    def body(self) -> dict[str, Any]:
        """The answer's body."""
        return {"error": {"code": self.code, "message": self.message}}


BUSY = (429, "busy", "too many requests wait already", 1)
DRAINING = (503, "draining", "the server is going down", 5)
NOT_OFFERED = (422, "not_offered", "a problem of a task or level that is not served here")
NO_ROOM = (503, "no_room", "as many sessions are open as are allowed", 5)


def refusal(error: Exception) -> Refused:
    """How an error of ours is told to a stranger: its kind, never the text that caused it."""
    if isinstance(error, Refused):
        return error
    for kind, status, code, message in _TOLD:
        if isinstance(error, kind):
            if isinstance(error, UnknownName):
                message = f"{message} {error.kind}"
            return Refused(status, code, message)
    raise error


_TOLD: tuple[tuple[type[Exception], int, str, str], ...] = (
    (ContractError, 500, "task_failed", "the task failed on this attempt: a bug, and no score"),
    (GenerationError, 422, "no_problem", "no problem could be drawn there"),
    (StepError, 409, "out_of_order", "a step before reset, or after the end"),
    (AddressError, 422, "bad_address", "no address, or one of another version"),
    (UnknownName, 422, "unknown_name", "unknown"),
    (VerienvError, 422, "bad_request", "something asked for does not exist or is out of bounds"),
)
