"""Many requests sent within some milliseconds, over connections that are open before."""

import json
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse
from typing import Any
from urllib.parse import urlsplit

from tests.live import WAIT_SECONDS, LiveServer


@dataclass(frozen=True)
class Sent:
    """A body for ``/auth/login``, with further headers."""

    body: Mapping[str, str]
    headers: Mapping[str, str] = field(default_factory=dict)

    def __bytes__(self) -> bytes:
        body = json.dumps(self.body).encode()
        lines = ["POST /auth/login HTTP/1.1", "Host: localhost", "Connection: close"]
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        return "\r\n".join([*lines, "", ""]).encode() + body


@dataclass(frozen=True)
class Answer:
    """What came back; the status is 0 where the connection was cut."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None


def volley(
    live: LiveServer, requests: Sequence[Sent], then: Callable[[], object] = lambda: None
) -> list[Answer]:
    """Send all requests, do something else, and return the answers in the same order.

    An attempt that the server is too busy to hash is sent again, because it was not judged.
    """
    sockets = [_connect(live) for _ in requests]
    for connection, request in zip(sockets, requests, strict=True):
        connection.sendall(bytes(request))
    then()
    answers = [_answer(connection) for connection in sockets]
    return [_sent_again(live, *pair) for pair in zip(requests, answers, strict=True)]


def _connect(live: LiveServer) -> socket.socket:
    address = urlsplit(live.url)
    return socket.create_connection((address.hostname, address.port), timeout=WAIT_SECONDS)


def _sent_again(live: LiveServer, request: Sent, answer: Answer) -> Answer:
    """Repeat a request for as long as the server is too busy to hash."""
    for _ in range(WAIT_SECONDS):
        if answer.status != 503:
            break
        time.sleep(int(answer.headers["Retry-After"]))
        connection = _connect(live)
        connection.sendall(bytes(request))
        answer = _answer(connection)
    return answer


def _answer(connection: socket.socket) -> Answer:
    with connection:
        response = HTTPResponse(connection)
        try:
            response.begin()
            return Answer(response.status, dict(response.getheaders()), json.loads(response.read()))
        except (OSError, HTTPException):
            return Answer(0)
