"""The page that `verienv view` opens: its files, and what they ask for, on loopback only.

Nothing inline runs on the page: its policy admits files of this server alone. Requests that another site causes are
refused, by their host, their origin, or what the browser says of them.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from verienv import __version__, registry
from verienv.errors import AddressError, ContractError, GenerationError, MissingExtra, UsageError, VerienvError
from verienv.server import gallery, guard, messages, playing, replies, runs
from verienv.server.limits import Limits, Refused
from verienv.server.work import Pool

try:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import FileResponse, Response
    from starlette.routing import Mount, Route
    from starlette.staticfiles import StaticFiles
except ImportError as absent:
    raise MissingExtra("starlette", "serve", "the viewer") from absent

WEB: Final = Path(__file__).parent / "web"
LIMITS: Final = Limits(body=4 * 2**20, queue=256, threads=2)
POLICY: Final = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
HEADERS: Final = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
)
WIDEST: Final = 4_000
"""Pixels that a picture may be asked to have across."""

UPLOAD: Final = 512 * 2**20
"""Bytes that a file of replies may have that is handed in."""

Handler = Callable[[Any], Any]


class Viewer:
    """What the page asks for. Work is done by a few threads; what waits for them is bounded."""

    def __init__(self, paths: Sequence[Path] = (), limits: Limits = LIMITS) -> None:
        self.limits = limits
        self.pool = Pool(limits)
        self.paths = tuple(paths)
        self.shelf = replies.Shelf(self.paths)
        self.folder = tempfile.TemporaryDirectory(prefix="verienv-view-")  # what is handed in; gone with the viewer
        self.handed = 0

    async def families(self, request: Request) -> Any:
        """Every family that can be loaded, and the names of those that cannot."""
        return await self.pool.run(families)

    async def instance(self, request: Request) -> Any:
        """An instance, its answer apart."""
        wanted = _query(request)
        return await self.pool.run(lambda: gallery.facts(gallery.find(wanted)))

    async def picture(self, request: Request) -> Any:
        """A picture of a prompt, PNG."""
        wanted = _query(request)
        number, width = _small(wanted, "n"), _small(wanted, "width")

        def drawn() -> bytes:
            return gallery.picture(gallery.find(wanted).address, number, width)

        return Response(
            await self.pool.run(drawn), media_type="image/png", headers={"cache-control": "private, max-age=600"}
        )

    async def oracle(self, request: Request) -> Any:
        """The oracle's reply at an address."""
        where = await self._address(request)
        return await self.pool.run(lambda: gallery.oracle(where))

    async def blind(self, request: Request) -> Any:
        """What blind players earn at an address."""
        where = await self._address(request)
        return await self.pool.run(lambda: gallery.blind(where))

    async def play(self, request: Request) -> Any:
        """A turn of an episode."""
        given = await messages.body(request, self.limits)
        return await self.pool.run(lambda: playing.turn(given))

    async def files(self, request: Request) -> Any:
        """The files of replies that can be opened."""
        return {"files": await self.pool.run(self.shelf.files)}

    async def hand_in(self, request: Request) -> Any:
        """Take in a file of replies; its key. Raises Refused 413."""
        self.handed += 1
        path = Path(self.folder.name) / f"given-{self.handed}"
        size = 0
        with open(path, "wb") as file:
            async for chunk in request.stream():
                size += len(chunk)
                if size > UPLOAD:
                    path.unlink()
                    raise Refused(413, "too_large", f"a file has at most {UPLOAD} bytes")
                file.write(chunk)
        return {"file": self.shelf.add(path, request.query_params.get("name", "replies.jsonl")[:120])}

    async def rows(self, request: Request) -> Any:
        """The rows of a file that fit."""
        wanted = _query(request)
        return await self.pool.run(lambda: self.shelf.book(wanted.pop("file", "")).chosen(wanted))

    async def row(self, request: Request) -> Any:
        """One row, whole but for long replies; with `reply` and `start`, a further piece of a reply."""
        wanted = _query(request)
        number = _count(wanted, "row")

        def told() -> Any:
            book = self.shelf.book(wanted.get("file", ""))
            if "reply" in wanted:
                return {"text": book.more(number, _count(wanted, "reply"), _count(wanted, "start"))}
            return book.whole(number)

        return await self.pool.run(told)

    async def runs(self, request: Request) -> Any:
        """The runs that can be shown."""
        return {"runs": await self.pool.run(lambda: runs.found(self.paths))}

    async def run(self, request: Request) -> Any:
        """A run's metrics from a byte on, or what an evaluation amounts to."""
        wanted = _query(request)
        key, after = wanted.get("run", ""), _count(wanted, "after")
        if wanted.get("kind") == "evaluation":
            return await self.pool.run(lambda: runs.results(self.paths, key))
        return await self.pool.run(lambda: runs.metrics(self.paths, key, after))

    async def _address(self, request: Request) -> str:
        given = await messages.body(request, self.limits)
        where = given.get("address")
        if given.keys() != {"address"} or not isinstance(where, str):
            raise UsageError("an address is asked for, and nothing else")
        return where

    def routes(self) -> list[Any]:
        """Where each is found."""
        get = {"families": self.families, "instance": self.instance, "picture": self.picture}
        get |= {"replies": self.files, "rows": self.rows, "row": self.row, "runs": self.runs, "run": self.run}
        post = {"oracle": self.oracle, "blind": self.blind, "play": self.play, "replies": self.hand_in}
        return [
            *[_route(f"/api/{name}", handler, "GET", self.limits) for name, handler in get.items()],
            *[_route(f"/api/{name}", handler, "POST", self.limits) for name, handler in post.items()],
        ]


def families() -> dict[str, Any]:
    """Every family that can be loaded, and why the others cannot."""
    found: list[dict[str, Any]] = []
    broken: dict[str, str] = {}
    for name in registry.names():
        try:
            found.append(gallery.family(registry.load(name)))
        except (ImportError, SyntaxError, AttributeError, UsageError) as error:
            broken[name] = f"{type(error).__name__}: {error}"
    return {"version": __version__, "families": found, "broken": broken}


def app(paths: Sequence[Path] = (), limits: Limits = LIMITS) -> Any:
    """The ASGI application; `paths` are files and folders whose replies and runs can be opened."""
    viewer = Viewer(paths, limits)

    @asynccontextmanager
    async def living(app: Any) -> AsyncIterator[None]:
        yield
        viewer.pool.close()
        viewer.folder.cleanup()

    async def page(request: Request) -> Response:
        return FileResponse(WEB / "index.html", headers={"cache-control": "no-cache"})

    routes = [Route("/", page), *viewer.routes(), Mount("/web", StaticFiles(directory=WEB))]
    made = Starlette(routes=routes, lifespan=living)
    return guard.Guard(_Careful(made), None)


class _Careful:
    """ASGI middleware: the policy on every answer, and nothing for another site's page."""

    def __init__(self, app: guard.App) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        site = dict(scope["headers"]).get(b"sec-fetch-site", b"none")
        if site not in (b"none", b"same-origin") and scope["path"] != "/":
            await guard.answer(scope, send, Refused(403, "wrong_site", "other sites' pages are not served"))
            return

        async def marked(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *HEADERS]
            await send(message)

        await self._app(scope, receive, marked)


def _route(path: str, handler: Handler, method: str, limits: Limits) -> Route:
    async def endpoint(request: Request) -> Response:
        try:
            async with asyncio.timeout(limits.request):
                given = await handler(request)
            return given if isinstance(given, Response) else _json(given, 200)
        except TimeoutError:
            return _json(_said("too_slow", f"no answer within {limits.request:g} seconds"), 503)
        except Refused as refused:
            return _json(refused.body(), refused.status)
        except VerienvError as error:
            return _json(_said(_code(error), str(error)[:1000]), 500 if isinstance(error, ContractError) else 422)

    return Route(path, endpoint, methods=[method])


def _code(error: VerienvError) -> str:
    for kind, code in (
        (ContractError, "task_failed"),
        (GenerationError, "no_problem"),
        (AddressError, "bad_address"),
    ):
        if isinstance(error, kind):
            return code
    return "bad_request"


def _said(code: str, message: str) -> dict[str, Any]:
    return {"error": {"code": code, "message": message}}


def _json(value: Any, status: int) -> Response:
    body = json.dumps(value, allow_nan=False)
    return Response(body, status, {"cache-control": "no-store"}, media_type="application/json")


def _query(request: Request) -> dict[str, str]:
    return dict(request.query_params.items())


def _count(wanted: dict[str, str], name: str) -> int:
    text = wanted.get(name, "0")
    if not (text.isdecimal() and text.isascii() and len(text) <= 15):
        raise UsageError(f"{name} is a whole number, not {text!r:.40}")
    return int(text)


def _small(wanted: dict[str, str], name: str) -> int:
    text = wanted.pop(name, "0")
    if not (text.isdecimal() and text.isascii() and len(text) <= 4 and int(text) <= WIDEST):
        raise UsageError(f"{name} is a whole number up to {WIDEST}, not {text!r:.40}")
    return int(text)
