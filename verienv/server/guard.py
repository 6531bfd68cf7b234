"""The door: every request and every WebSocket shows the token, and comes from where it says."""

from __future__ import annotations

import hmac
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from verienv.server.limits import Refused

App = Callable[[Any, Any, Any], Awaitable[None]]
LOCAL = ("localhost", "127.0.0.1", "[::1]", "::1")


class Guard:
    """ASGI middleware. Without a token only loopback's own names are served, so that no web page can reach in."""

    def __init__(self, app: App, token: str | None, hosts: tuple[str, ...] = LOCAL) -> None:
        self._app, self._hosts = app, hosts
        self._token = None if token is None else token.encode()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Pass on, or answer 401, 403 or 421."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        refused = self._refusal(headers)
        if refused is None:
            await self._app(scope, receive, send)
        else:
            await answer(scope, send, refused)

    def _refusal(self, headers: Mapping[str, str]) -> Refused | None:
        if self._token is not None:
            scheme, _, given = headers.get("authorization", "").partition(" ")
            same = hmac.compare_digest(given.strip().encode("utf-8", "surrogatepass"), self._token)
            if not (same and scheme.lower() == "bearer"):
                return Refused(401, "no_token", "Authorization: Bearer and the server's token")
        host = _name(headers.get("host", ""))
        if self._token is None and host not in self._hosts:
            return Refused(421, "wrong_host", "this server is reached by its loopback name")
        origin = headers.get("origin")
        if origin is not None and _name(origin.partition("://")[2]) != host:
            return Refused(403, "wrong_origin", "other sites' pages are not served")
        return None


async def answer(scope: Any, send: Any, refused: Refused) -> None:
    """The refusal as an HTTP answer, to a WebSocket's opening too."""
    content = json.dumps(refused.body()).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(content)).encode()),
        (b"connection", b"close"),  # what else the client would send is not read
    ]
    if refused.status == 401:
        headers.append((b"www-authenticate", b"Bearer"))
    if refused.retry_after is not None:
        headers.append((b"retry-after", str(refused.retry_after).encode()))
    kind = "http.response" if scope["type"] == "http" else "websocket.http.response"
    if scope["type"] == "websocket" and kind not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": 1008})
        return
    await send({"type": f"{kind}.start", "status": refused.status, "headers": headers})
    await send({"type": f"{kind}.body", "body": content})


def _name(host: str) -> str:
    """A host without its port, in small letters."""
    name = host.strip().lower()
    if name.startswith("["):
        return name.partition("]")[0] + "]"
    return name.partition(":")[0] if name.count(":") <= 1 else name
