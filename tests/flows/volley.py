"""Many requests sent within some milliseconds, over connections that are open before."""

import json
import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse
from typing import Any
from urllib.parse import urlsplit

from tests.live import LiveServer


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
    """Send all requests, do something else, and return the answers in the same order."""
    address = urlsplit(live.url)
    sockets = [
        socket.create_connection((address.hostname, address.port), timeout=60) for _ in range(len(requests))
    ]
    for connection, request in zip(sockets, requests, strict=True):
        connection.sendall(bytes(request))
    then()
    return [_answer(connection) for connection in sockets]


def _answer(connection: socket.socket) -> Answer:
    with connection:
        response = HTTPResponse(connection)
        try:
            response.begin()
            return Answer(response.status, dict(response.getheaders()), json.loads(response.read()))
        except (OSError, HTTPException):
            return Answer(0)
