"""Who is let in."""

from __future__ import annotations

import hmac
import json
import socket
from pathlib import Path

import pytest
from click.testing import CliRunner
from websockets.exceptions import InvalidStatus

from tests.server.serving import Client, process, running, tell
from verienv.cli import root
from verienv.errors import UsageError
from verienv.server import play, routes, serve

TOKEN = "correct-horse-battery-staple"


def paths() -> list[tuple[str, str]]:
    """Every route with its method."""
    app = routes.app(play.offer(["sat"]))._app
    found = [(next(iter(route.methods - {"HEAD"})), route.path) for route in app.routes if hasattr(route, "methods")]
    assert len(found) >= 14
    return found


@pytest.mark.parametrize("given", [None, "", "wrong", TOKEN[:-1], TOKEN + "x", "ü" * 20])
def test_without_the_token_every_route_is_401(given):
    with running("sat", token=TOKEN) as client:
        stranger = Client(client.port)
        headers = {} if given is None else {"Authorization": f"Bearer {given}".encode().decode("latin-1")}
        for method, path in [*paths(), ("GET", "/nowhere")]:
            status, told, answered = stranger.ask(method, path, **headers)
            assert (status, told["error"]["code"]) == (401, "no_token"), path
            assert answered["www-authenticate"] == "Bearer"
        with pytest.raises(InvalidStatus) as refused, stranger.socket(additional_headers={"Authorization": "Bearer x"}):
            pass
        assert refused.value.response.status_code == 401
        assert len(client.service.sessions) == 0
        assert client.get("/health") == {"status": "healthy"}
        with client.socket() as one:
            assert tell(one, "state")["type"] == "state"


def test_the_token_is_compared_in_constant_time(monkeypatch):
    compared: list[tuple[object, object]] = []
    compare = hmac.compare_digest

    def watched(one, two):
        compared.append((one, two))
        return compare(one, two)

    monkeypatch.setattr(hmac, "compare_digest", watched)
    with running("sat", token=TOKEN) as client:
        Client(client.port).ask("GET", "/health", Authorization="Bearer x")
    assert compared == [(b"x", TOKEN.encode())]


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.0.7", "example.org"])
def test_off_loopback_a_token_is_a_must(host):
    with pytest.raises(UsageError, match="needs a token"):
        serve.server(play.offer(["sat"]), host)
    with pytest.raises(UsageError, match="at least 16"):
        serve.server(play.offer(["sat"]), host, token="short")
    done = CliRunner().invoke(root, ["serve", "sat", "--host", host])
    assert done.exit_code == 2
    assert "needs a token" in done.output


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.1.2.3"])
def test_loopback_needs_none(host):
    serve.server(play.offer(["sat"]), host)


def test_a_port_that_is_taken_is_a_mistake():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=f"cannot listen on 127.0.0.1, port {port}"):
            serve.serve(play.offer(["sat"]), port=port)


def test_the_default_is_loopback():
    assert serve.server(play.offer(["sat"])).config.host == "127.0.0.1"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 421),
        ({"Host": "127.0.0.1.evil.example:80"}, 421),
        ({"Host": "localhost", "Origin": "http://evil.example"}, 403),
        ({"Host": "localhost:8000", "Origin": "http://localhost:3000"}, 200),
        ({"Host": "[::1]:8000"}, 200),
        ({"Origin": "null"}, 403),
    ],
)
def test_a_web_page_cannot_reach_a_server_without_a_token(headers, status):
    """By another name for loopback, or from another site."""
    with running("sat") as client:
        assert client.ask("GET", "/health", **headers)[0] == status
        if "Host" not in headers and status == 403:
            with pytest.raises(InvalidStatus), client.socket(additional_headers=headers):
                pass


def test_the_command_takes_the_token_from_the_environment_and_shows_it_to_nobody():
    with process("sat", "--port", "0", VERIENV_TOKEN=TOKEN) as client:
        assert client.process is not None
        assert TOKEN not in Path(f"/proc/{client.process.pid}/cmdline").read_text()
        assert client.get("/health") == {"status": "healthy"}
        assert Client(client.port).ask("GET", "/health")[0] == 401


def test_a_refusal_tells_nothing_of_what_was_sent():
    with running("sat", token=TOKEN) as client:
        told = Client(client.port).ask("GET", "/health?secret=1", Authorization="Bearer hunter2")[1]
    assert "hunter2" not in json.dumps(told)
    assert "secret" not in json.dumps(told)
