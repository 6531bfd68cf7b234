"""Running the application under uvicorn: where it listens, how slow a client may be, and how it goes down."""

from __future__ import annotations

import asyncio
import ipaddress
import signal
from collections.abc import Callable
from types import FrameType
from typing import Any

from verienv.errors import MissingExtra, UsageError
from verienv.server import routes
from verienv.server.limits import Limits
from verienv.server.play import Offer

try:
    import uvicorn
    from uvicorn.protocols.http.h11_impl import H11Protocol
except ImportError as absent:
    raise MissingExtra("uvicorn", "serve", "serving") from absent


def serve(
    offered: Offer,
    host: str = "127.0.0.1",
    port: int = 8000,
    *,
    token: str | None = None,
    limits: Limits | None = None,
    ready: Callable[[int], object] | None = None,
) -> None:
    """Serve until SIGTERM or Ctrl-C; `ready` is called with the port once it listens.

    Raises UsageError off loopback without a token of 16 characters or more, and where it cannot listen.
    """
    server(offered, host, port, token=token, limits=limits, ready=ready).run()


def server(
    offered: Offer,
    host: str = "127.0.0.1",
    port: int = 8000,
    *,
    token: str | None = None,
    limits: Limits | None = None,
    ready: Callable[[int], object] | None = None,
) -> Server:
    """The same, not yet running."""
    if token is None and not loopback(host):
        raise UsageError(f"{host} is not loopback: a server that others can reach needs a token")
    if token is not None and (len(token) < 16 or not token.isascii() or not token.isprintable() or " " in token):
        raise UsageError("a token is at least 16 visible ASCII characters, such as secrets.token_urlsafe() gives")
    allowed = limits or Limits()
    app = routes.app(offered, token=token, limits=allowed)
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        http=_bounded(allowed.read),
        ws="websockets-sansio",
        ws_max_size=allowed.body,
        ws_per_message_deflate=False,
        ws_ping_timeout=allowed.idle,  # a client that is slow to answer keeps its session as long as a silent one
        timeout_keep_alive=5,
        timeout_graceful_shutdown=max(1, int(allowed.request)),
        limit_concurrency=allowed.sessions + allowed.queue,
        h11_max_incomplete_event_size=64 * 1024,
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=False,
        lifespan="on",
    )
    return Server(config, app.service, allowed.drain, ready)


def loopback(host: str) -> bool:
    """Whether only this machine can reach the host."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


class Server(uvicorn.Server):
    """After a SIGTERM no session begins, and open ones have `drain` seconds to end; a second one ends them now."""

    def __init__(
        self, config: Any, service: routes.Service, drain: float, ready: Callable[[int], object] | None = None
    ) -> None:
        super().__init__(config)
        self._service, self._drain, self._ready = service, drain, ready
        self._since: float | None = None

    async def startup(self, sockets: list[Any] | None = None) -> None:
        """Listen, and say on which port. Raises UsageError where it cannot."""
        try:
            await super().startup(sockets)
        except SystemExit:  # the reason was logged
            raise UsageError(f"cannot listen on {self.config.host}, port {self.config.port}") from None
        if self.started and self._ready is not None:
            self._ready(self.servers[0].sockets[0].getsockname()[1])

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """A signal: drain first."""
        if self._service.sessions.draining or sig == signal.SIGINT:
            super().handle_exit(sig, frame)
        self._service.sessions.draining = True

    async def on_tick(self, counter: int) -> bool:
        """Ten times a second: whether to stop."""
        if self._service.sessions.draining:
            now = asyncio.get_running_loop().time()
            self._since = self._since or now
            if not len(self._service.sessions) or now - self._since >= self._drain:
                self.should_exit = True
        return await super().on_tick(counter)


def _bounded(read: float) -> type[H11Protocol]:
    """uvicorn's protocol, that closes a connection on which no request is whole within `read` seconds."""

    class Bounded(H11Protocol):
        deadline: asyncio.TimerHandle | None = None

        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            self._arm()

        def connection_lost(self, exc: Exception | None) -> None:
            self._disarm()
            super().connection_lost(exc)

        def handle_websocket_upgrade(self, event: Any) -> None:
            self._disarm()
            super().handle_websocket_upgrade(event)

        def on_response_complete(self) -> None:
            super().on_response_complete()
            self._arm()

        def _arm(self) -> None:
            self._disarm()
            self.deadline = self.loop.call_later(read, self._expire)

        def _disarm(self) -> None:
            if self.deadline is not None:
                self.deadline.cancel()
                self.deadline = None

        def _expire(self) -> None:
            idle = self.cycle is None or self.cycle.response_complete  # a request under way has limits of its own
            if idle and not self.transport.is_closing():
                self.transport.abort()

    return Bounded
