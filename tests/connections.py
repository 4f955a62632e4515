"""HTTP written by hand, to see what a client library hides: the connection and its framing."""

import socket
from collections.abc import Iterable
from dataclasses import dataclass
from types import TracebackType
from urllib.parse import urlsplit

GET = b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Answer:
    """A response: ``headers`` by their lower-case names, and the body without its framing."""

    status: int
    headers: dict[str, str]
    body: bytes


def request(method: str, path: str, *headers: str, version: str = "1.1", body: bytes = b"") -> bytes:
    lines = [f"{method} {path} HTTP/{version}", "Host: localhost", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


def post(path: str, size: int) -> bytes:
    """Return the head of a POST whose body of this size is sent later."""
    return request("POST", path, "Content-Type: application/json", f"Content-Length: {size}")


class Connection:
    """One connection to a server, closed at the end of a ``with`` block."""

    def __init__(self, url: str, timeout: float = 10) -> None:
        address = urlsplit(url)
        self.socket = socket.create_connection((address.hostname or "", address.port or 0), timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.stream = self.socket.makefile("rb")

    def __enter__(self) -> "Connection":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stream.close()
        self.socket.close()

    def send(self, *parts: bytes) -> None:
        for part in parts:
            self.socket.sendall(part)

    def read(self, method: str = "POST") -> Answer:
        """Read one response. Raises EOFError where the connection ends before it."""
        line = self.stream.readline()
        if not line:
            raise EOFError
        status = int(line.split()[1])
        headers = dict(self._headers())
        return Answer(status, headers, b"" if method == "HEAD" else self._body(headers))

    def is_closed(self) -> bool:
        return self.stream.read(1) == b""

    def _headers(self) -> Iterable[tuple[str, str]]:
        while (line := self.stream.readline().decode().strip()) != "":
            name, value = line.split(":", 1)
            yield name.lower(), value.strip()

    def _body(self, headers: dict[str, str]) -> bytes:
        if headers.get("transfer-encoding") != "chunked":
            return self.stream.read(int(headers.get("content-length", 0)))
        body = b""
        while size := int(self.stream.readline(), 16):
            body += self.stream.read(size)
            self.stream.readline()
        self.stream.readline()
        return body
