"""A chat server on loopback that speaks OpenAI's form and answers as a test tells it to."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import blake2b
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True, slots=True)
class Said:
    """What the model says, or with another status than 200 how the server fails."""

    text: str = ""
    finish: str = "stop"
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    usage: tuple[int, int] = (10, 5)  # tokens of prompt and reply


@dataclass(slots=True)
class Loopback:
    """A running server: `url` ends in /v1; `requests` are the bodies seen, `headers` the headers of each."""

    url: str
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    busiest: int = 0  # requests answered at the same time, at most
    lock: threading.Lock = field(default_factory=threading.Lock)
    _now: int = 0


Answer = Callable[[list[dict[str, Any]]], str | Said]


@contextmanager
def serving(answer: Answer) -> Iterator[Loopback]:
    """Serve until the block ends; `answer` gets the messages, and may be called from many threads."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._send(200, {"object": "list", "data": [{"id": "stub", "object": "model"}]})

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with state.lock:
                state.requests.append(body)
                state.headers.append(dict(self.headers.items()))
                state._now += 1
                state.busiest = max(state.busiest, state._now)
            try:
                choices = [answer(body["messages"]) for _ in range(body.get("n") or 1)]
            finally:
                with state.lock:
                    state._now -= 1
            said = [each if isinstance(each, Said) else Said(each) for each in choices]
            if said[0].status != 200:
                self._send(said[0].status, {"error": {"message": "as told", "type": "stub"}}, said[0].headers)
                return
            if body.get("stream"):
                self._stream(said[0])
                return
            prompt, reply = said[0].usage
            self._send(
                200,
                {
                    "id": "chat",
                    "object": "chat.completion",
                    "created": 0,
                    "model": body.get("model", "stub"),
                    "choices": [
                        {
                            "index": at,
                            "message": {"role": "assistant", "content": each.text},
                            "finish_reason": each.finish,
                        }
                        for at, each in enumerate(said)
                    ],
                    "usage": {"prompt_tokens": prompt, "completion_tokens": reply, "total_tokens": prompt + reply},
                },
            )

        def _stream(self, said: Said) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Connection", "close")
            self.end_headers()
            for delta, finish in (({"role": "assistant", "content": said.text}, None), ({}, said.finish)):
                chunk = {
                    "id": "chat",
                    "object": "chat.completion.chunk",
                    "created": 0,
                    "model": "stub",
                    "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
                }
                self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
            self.wfile.write(b"data: [DONE]\n\n")
            self.close_connection = True

        def _send(self, status: int, value: object, headers: tuple[tuple[str, str], ...] = ()) -> None:
            content = json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            for name, held in headers:
                self.send_header(name, held)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 256

        def handle_error(self, request: Any, client_address: Any) -> None:
            """A client that went away, as tests let it."""

    server = Server(("127.0.0.1", 0), Handler)
    state = Loopback(f"http://127.0.0.1:{server.server_port}/v1")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def knowing(answers: dict[str, str], share: float = 0.7, wrong: str = "I cannot tell.") -> Answer:
    """A model that knows `answers` by prompt (text of the last user message) and gives `share` of them rightly.

    Which ones, is settled by the prompt and by how often it was asked, so that a run can be repeated.
    """
    asked: Counter[str] = Counter()
    lock = threading.Lock()

    def answer(messages: list[dict[str, Any]]) -> str:
        prompt = text_of([message for message in messages if message["role"] == "user"][-1])
        with lock:
            asked[prompt] += 1
            time = asked[prompt]
        drawn = int.from_bytes(blake2b(f"{time} {prompt}".encode(), digest_size=4).digest(), "big") / 2**32
        return answers.get(prompt, wrong) if drawn < share else wrong

    return answer


def text_of(message: dict[str, Any]) -> str:
    """The text of a message, pictures left out."""
    content = message["content"]
    if isinstance(content, str):
        return content
    return "\n\n".join(part["text"] for part in content if part["type"] == "text")
