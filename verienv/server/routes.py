"""The application: OpenEnv's protocol over HTTP and WebSocket, its Task API, and scoring in trainers' own shapes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack, asynccontextmanager
from typing import Any

from verienv import __version__
from verienv.adapters import openrlhf, specs, verl
from verienv.errors import ContractError, MissingExtra, VerienvError
from verienv.server import guard, messages, play
from verienv.server.limits import BUSY, NOT_OFFERED, Limits, Refused, refusal
from verienv.server.play import Offer
from verienv.server.sessions import Session, Sessions
from verienv.server.work import Pool

try:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route, WebSocketRoute
    from starlette.websockets import WebSocket, WebSocketDisconnect
except ImportError as absent:
    raise MissingExtra("starlette", "serve", "serving") from absent

Handler = Callable[[Request], Awaitable[Any]]

NAME = "verienv"
RESET = ("seed", "episode_id", "address", "task", "level", "split", "index")
SMALL = 2**14  # bytes that are read as JSON on the loop
IDLE = 4408  # the code of closing a session that nobody uses
CODES = {422: "VALIDATION_ERROR", 429: "BUSY"}
ACTION = {"type": "object", "properties": {"reply": {"type": "string"}}, "required": ["reply"]}
SEEN = {
    "type": "object",
    "properties": {
        "text": {"type": "string"},
        "images": {"type": "array", "items": {"type": "string"}},
        "done": {"type": "boolean"},
        "reward": {"type": ["number", "null"]},
        "metadata": {"type": "object"},
    },
}
STATE = {
    "type": "object",
    "properties": {"episode_id": {"type": ["string", "null"]}, "step_count": {"type": "integer"}},
}


class Service:
    """What all routes share."""

    def __init__(self, offered: Offer, limits: Limits) -> None:
        self.offer, self.limits = offered, limits
        self.sessions = Sessions(offered, limits)
        self.pool = Pool(limits)

    # -- looking ----------------------------------------------------------------------------------------------

    async def health(self, request: Request) -> Any:
        """Whether sessions can be begun."""
        if self.sessions.draining:
            return Answer({"status": "unhealthy"}, 503)
        return {"status": "healthy"}

    async def metadata(self, request: Request) -> Any:
        """What this is."""
        tasks = sorted({cell.task for cell in self.offer.cells})
        told = f"Verifiable tasks: {', '.join(tasks)}. Reply as the text asks; the reward comes with the last reply."
        return {"name": NAME, "description": told, "version": __version__}

    async def schema(self, request: Request) -> Any:
        """JSON schemas of action, observation and state."""
        return {"action": ACTION, "observation": SEEN, "state": STATE}

    # -- OpenEnv's Task API -----------------------------------------------------------------------------------

    async def environments(self, request: Request) -> Any:
        """Their names."""
        return [NAME]

    async def splits(self, request: Request) -> Any:
        """train, validation, test."""
        return [{"name": split, "type": split} for split in play.SPLITS]

    async def tasks(self, request: Request) -> Any:
        """The first thousand of a split."""
        given = await self._body(request, ("split",))
        return {"tasks": self.offer.tasks(_split(given)), "env_name": NAME}

    async def num_tasks(self, request: Request) -> Any:
        """How many a split is said to have."""
        _split(await self._body(request, ("split",)))
        return {"num_tasks": play.SIZE}

    async def task(self, request: Request) -> Any:
        """One of a split."""
        given = await self._body(request, ("split", "index"))
        index = given.get("index")
        if type(index) is not int or not 0 <= index < play.SIZE:
            raise Refused(400, "no_task", "Invalid task index")
        return {"task": self.offer.task(_split(given), index)}

    async def task_range(self, request: Request) -> Any:
        """Some of a split."""
        given = await self._body(request, ("split", "start", "stop"))
        ends = [given.get(name) for name in ("start", "stop")]
        if not all(end is None or type(end) is int for end in ends):
            raise Refused(422, "bad_field", "start and stop are whole numbers")
        return {"tasks": self.offer.tasks(_split(given), *ends)}

    # -- episodes over HTTP -----------------------------------------------------------------------------------

    async def reset(self, request: Request) -> Any:
        """Begin an episode, in a new session unless one is named; its name comes back in `metadata.session_id`."""
        given = await self._body(request, (*RESET, "session_id"))
        name = given.pop("session_id", None) or request.headers.get("x-session-id")
        session = self.sessions.begin() if name is None else self.sessions.find(name)
        with ExitStack() as undo:
            if name is None:
                undo.callback(self.sessions.end, session)
            async with session.lock:
                seen = await self._work(lambda: session.play.reset(given))
            undo.pop_all()  # begun: it stays
        return _wire(seen, session)

    async def step(self, request: Request) -> Any:
        """Reply. `session_id` in the body or in the header X-Session-Id."""
        given = await self._body(request, ("action", "session_id", "timeout_s", "request_id"))
        session = self.sessions.find(given.get("session_id") or request.headers.get("x-session-id"))
        action = given.get("action")
        if not isinstance(action, dict):
            raise Refused(422, "bad_field", 'action is {"reply": "…"}')
        async with session.lock:
            seen = await self._work(lambda: session.play.step(action))
        return _wire(seen, session)

    async def state(self, request: Request) -> Any:
        """Which episode, and how many replies."""
        session = self.sessions.find(request.query_params.get("session_id") or request.headers.get("x-session-id"))
        return session.play.state()

    async def close(self, request: Request) -> Any:
        """End a session."""
        given = await self._body(request, ("session_id",))
        self.sessions.end(self.sessions.find(given.get("session_id") or request.headers.get("x-session-id")))
        return {"closed": True}

    # -- episodes over a WebSocket ----------------------------------------------------------------------------

    async def socket(self, socket: WebSocket) -> None:
        """One session for as long as the connection stands."""
        await socket.accept()
        try:
            session = self.sessions.begin()
        except Refused as refused:
            await socket.send_text(_error("CAPACITY_REACHED", refused.message))
            await socket.close(1013)
            return
        try:
            await self._converse(socket, session)
        except WebSocketDisconnect:
            pass
        finally:
            self.sessions.end(session)

    async def _converse(self, socket: WebSocket, session: Session) -> None:
        while True:
            try:
                async with asyncio.timeout(self.limits.idle):
                    received = await socket.receive()
            except TimeoutError:
                await socket.close(IDLE, "idle")
                return
            if received["type"] == "websocket.disconnect":
                return
            self.sessions.find(session.name)  # it is in use
            text = received.get("text")
            try:
                message = messages.read(text or "x", self.limits)
            except Refused as refused:
                await socket.send_text(_error("INVALID_JSON", refused.message))
                continue
            if message.get("type") == "close":
                await socket.close()
                return
            await socket.send_text(await self._reply(message, session))

    async def _reply(self, message: dict[str, Any], session: Session) -> str:
        kind, data = message.get("type"), message.get("data", {})
        if kind not in ("reset", "step", "state"):
            return _error("UNKNOWN_TYPE", "the types are reset, step, state and close")
        if message.keys() - {"type", "data"} or not isinstance(data, dict):
            return _error("VALIDATION_ERROR", "a message is a type and its data")
        if kind == "state":
            return json.dumps({"type": "state", "data": session.play.state()})
        try:
            async with session.lock:
                if kind == "reset":
                    messages.fields(data, RESET)
                    seen = await self._work(lambda: session.play.reset(data))
                else:
                    seen = await self._work(lambda: session.play.step(data))
        except VerienvError as error:
            refused = refusal(error)
            return _error(CODES.get(refused.status, "EXECUTION_ERROR"), refused.message)
        return json.dumps({"type": "observation", "data": _wire(seen)}, allow_nan=False)

    # -- scoring ------------------------------------------------------------------------------------------------

    async def score(self, request: Request) -> Any:
        """{"items": [{"spec" or "address", "response"}], "reward"?} → {"results": [...]}, in that order.

        A result is value, score, parts, reason, readable and terms; or `error` with a code, where a line cannot be
        scored or a task failed on it.
        """
        given = await self._body(request, ("items", "reward"))
        items = given.get("items")
        if not isinstance(items, list) or not all(isinstance(each, dict) for each in items):
            raise Refused(422, "bad_field", 'items is a list of {"spec", "response"}')
        if len(items) > self.limits.batch:
            raise Refused(413, "too_many", f"a request has at most {self.limits.batch} attempts")
        paid = await self._work(lambda: _paid(given.get("reward"), self.offer))
        results = [await self._work(lambda each=each: _scored(each, paid, self.offer)) for each in items]  # type: ignore[misc]
        return await self._work(lambda: _json({"results": results}, 200))

    async def openrlhf(self, request: Request) -> Any:
        """OpenRLHF's {"query", "prompts", "labels"} → {"rewards", "scores", "extra_logs"}, lists of one an attempt."""
        given = await self._body(request, ("query", "prompts", "labels"))
        queries, prompts, labels = (messages.texts(given, name, self.limits) for name in ("query", "prompts", "labels"))
        if not len(queries) == len(prompts) == len(labels):
            raise Refused(422, "bad_field", "query, prompts and labels are equally long")
        told: dict[str, Any] = {"rewards": [], "scores": [], "extra_logs": {}}
        for query, prompt, label in zip(queries, prompts, labels, strict=True):

            def work(query: str = query, prompt: str = prompt, label: str = label) -> tuple[Any, ...]:
                paid = self.offer.rewards
                _offered(label, self.offer)
                earned = paid(label, openrlhf.reply(query, prompt))
                return earned.value, earned.score.value, paid.columns(label, earned)

            reward, score, columns = await self._work(work)
            told["rewards"].append(reward)
            told["scores"].append(score)
            for name, value in columns.items():
                told["extra_logs"].setdefault(name, []).append(value)
        return told

    async def verl(self, request: Request) -> Any:
        """verl's {"data_source", "solution_str", "ground_truth", "extra_info"} → what its compute_score gives."""
        given = await self._body(request, ("data_source", "solution_str", "ground_truth", "extra_info"))
        solution, truth = given.get("solution_str"), given.get("ground_truth")
        if not isinstance(solution, str) or not isinstance(truth, str):
            raise Refused(422, "bad_field", "solution_str and ground_truth are texts")

        def work() -> dict[str, float]:
            _offered(truth, self.offer)
            return verl.compute_score("", solution, truth, reward=self.offer.rewards.weights)

        return await self._work(work)

    async def _body(self, request: Request, known: tuple[str, ...]) -> dict[str, Any]:
        text = await messages.whole(request, self.limits)
        if len(text) <= SMALL:
            given = messages.read(text, self.limits)
        else:  # milliseconds, in which the loop would answer nobody
            given = await self._work(lambda: messages.read(text, self.limits))
        messages.fields(given, known)
        return given

    async def _work(self, work: Callable[[], Any]) -> Any:
        return await self.pool.run(work)


def app(offered: Offer, *, token: str | None = None, limits: Limits | None = None) -> Any:
    """The ASGI application; its `state.service` is the Service."""
    allowed = limits or Limits()
    service = Service(offered, allowed)

    def route(path: str, handler: Handler, method: str) -> Route:
        async def endpoint(request: Request) -> Response:
            return await _answered(handler, request, allowed)

        return Route(path, endpoint, methods=[method])

    @asynccontextmanager
    async def living(app: Any) -> AsyncIterator[None]:
        sweeper = asyncio.create_task(_sweeping(service))
        yield
        sweeper.cancel()
        service.pool.close()

    get = {"/health": service.health, "/metadata": service.metadata, "/schema": service.schema, "/state": service.state}
    get |= {"/list_environments": service.environments, f"/{NAME}/splits": service.splits}
    post = {"/reset": service.reset, "/step": service.step, "/close": service.close, "/score": service.score}
    post |= {"/get_reward": service.openrlhf, "/compute_score": service.verl}
    for name in ("tasks", "num_tasks", "task", "task_range"):
        post[f"/{NAME}/{name}"] = getattr(service, name)
    routes: list[Any] = [route(path, handler, "GET") for path, handler in get.items()]
    routes += [route(path, handler, "POST") for path, handler in post.items()]
    made = Starlette(routes=[*routes, WebSocketRoute("/ws", service.socket)], lifespan=living)
    made.state.service = service
    guarded = guard.Guard(made, token)
    guarded.service = service  # type: ignore[attr-defined]
    return guarded


class Answer:
    """A body with a status of its own."""

    def __init__(self, body: Any, status: int) -> None:
        self.body, self.status = body, status


async def _answered(handler: Handler, request: Request, limits: Limits) -> Response:
    try:
        async with asyncio.timeout(limits.request):
            given = await handler(request)
        if isinstance(given, Response):
            return given
        if isinstance(given, Answer):
            return _json(given.body, given.status)
        return _json(given, 200)
    except TimeoutError:
        refused = Refused(503, "too_slow", f"no answer within {limits.request:g} seconds", BUSY[3])
    except VerienvError as error:
        refused = refusal(error)
    headers = {"connection": "close"} if refused.status in (408, 413) else {}
    if refused.retry_after is not None:
        headers["retry-after"] = str(refused.retry_after)
    return _json(refused.body(), refused.status, headers)


def _json(value: Any, status: int, headers: dict[str, str] | None = None) -> Response:
    return Response(json.dumps(value, allow_nan=False), status, headers, media_type="application/json")


async def _sweeping(service: Service) -> None:
    every = min(5.0, service.limits.idle / 4)
    while True:
        await asyncio.sleep(every)
        service.sessions.sweep()


def _wire(seen: dict[str, Any], session: Session | None = None) -> dict[str, Any]:
    """An observation as OpenEnv sends it."""
    metadata = seen["metadata"] if session is None else {**seen["metadata"], "session_id": session.name}
    observation = {"text": seen["text"], "images": seen["images"], "metadata": metadata}
    return {"observation": observation, "reward": seen["reward"], "done": seen["done"], "metadata": metadata}


def _error(code: str, message: str) -> str:
    return json.dumps({"type": "error", "data": {"message": message, "code": code}})


def _split(given: dict[str, Any]) -> str:
    split = given.get("split")
    if split not in play.SPLITS:
        raise Refused(422, "bad_field", f"split is one of {', '.join(play.SPLITS)}")
    return str(split)


def _paid(reward: object, offered: Offer) -> specs.Rewards:
    """The rewards of a request: the server's own, or weights by term; never a file of the server's."""
    if reward is None:
        return offered.rewards
    if isinstance(reward, dict):
        return specs.Rewards(reward)
    raise Refused(422, "bad_field", "reward is an object of term and weight")


def _offered(spec: str, offered: Offer) -> None:
    if not offered.holds(spec):
        raise Refused(*NOT_OFFERED)


def _scored(item: dict[str, Any], paid: specs.Rewards, offered: Offer) -> dict[str, Any]:
    try:
        messages.fields(item, ("spec", "address", "response"))
        spec, response = item.get("spec"), item.get("response")
        if spec is None and isinstance(item.get("address"), str):
            spec = json.dumps({"address": item["address"]})
        if not isinstance(spec, str) or not isinstance(response, (str, list)):
            raise Refused(422, "bad_field", "an item is a spec or an address, and a response")
        _offered(spec, offered)
        earned = paid(spec, response)
    except ContractError as bug:
        return refusal(bug).body()
    except VerienvError as error:
        return refusal(error).body()
    found = earned.score
    told = {"value": earned.value, "score": found.value, "parts": dict(found.parts), "reason": found.reason}
    return {**told, "readable": found.readable, "terms": dict(earned.terms)}
