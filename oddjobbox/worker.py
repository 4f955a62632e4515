"""gunicorn's threaded worker, which loses no request on a kept connection and waits for no client for ever.

gunicorn reads what is left of a body after it has sent the response, and with it the beginning of the
next request; then it waits for that request to arrive. It gives a thread to a connection that has sent
nothing yet, waits for clients to close their side in the loop that serves everybody else, and when it
stops, waits for idle connections to expire.
"""

import errno
import math
import selectors
import socket
import time
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from typing import Any

from gunicorn.http.errors import ParseException
from gunicorn.http.unreader import SocketUnreader
from gunicorn.workers.gthread import TConn, ThreadWorker

# The head of a request has to arrive within this time, and each part of a body this soon after the last.
PATIENCE_SECONDS = 15.0
# The part of a body that an application has not read is read before the response, if there is not more
# of it and it arrives this soon.
REST_BYTES = 1024 * 1024
REST_SECONDS = 5.0
# How long a client may take to close its side of a connection.
LINGER_SECONDS = 2.0
# How long a worker with a connection for each of its threads leaves the next one to other workers.
LOOK_AWAY_SECONDS = 0.005
# Expired connections are looked for at least this often.
TURN_SECONDS = 1.0

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Unreader(SocketUnreader):  # type: ignore[misc]
    """Read from a connection until a deadline; a silent client is treated as one that has gone."""

    deadline = math.inf

    def chunk(self) -> bytes:
        seconds = min(PATIENCE_SECONDS, self.deadline - time.monotonic())
        self.sock.settimeout(max(seconds, 0.001))
        try:
            data: bytes = self.sock.recv(self.mxchunk)
        except TimeoutError as error:
            self.deadline = -math.inf
            raise ConnectionResetError(errno.ECONNRESET, "The client sends nothing.") from error
        finally:
            self.sock.settimeout(None)
        return data

    def has_more(self) -> bool:
        """Return whether part of the next request has been read already."""
        return bool(self.buf.getbuffer().nbytes)


class Connection(TConn):  # type: ignore[misc]
    """A client's connection; ``init`` is called before each of its requests."""

    def init(self) -> None:
        if not self.initialized:
            super().init()
            self.parser.unreader = Unreader(self.sock)
        self.parser.unreader.deadline = time.monotonic() + PATIENCE_SECONDS


class Worker(ThreadWorker):  # type: ignore[misc]
    """Keep threads for requests that have arrived, and connections for as long as both sides want them.

    A kept connection stays with the worker that accepted it. Of many that arrive at once the first
    worker to wake would take nearly all, and they would share its one core for as long as they live.
    So a worker with a connection for each of its threads takes only one more every few milliseconds.
    """

    wsgi: Any
    _next_accept_at = 0.0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.leaving: deque[Connection] = deque()

    def load_wsgi(self) -> None:
        super().load_wsgi()
        self.wsgi = partial(read_rest_first, self.wsgi)

    def accept(self, listener: socket.socket) -> None:
        """Take a connection; it gets a thread when its first request arrives."""
        try:
            client, address = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        connection = Connection(self.cfg, client, address, listener.getsockname())
        connection.timeout = time.monotonic() + PATIENCE_SECONDS
        self.nr_conns += 1
        self.pending_conns.append(connection)
        readable = partial(self.on_pending_socket_readable, connection)
        self.poller.register(client, selectors.EVENT_READ, readable)
        self._next_accept_at = time.monotonic() + LOOK_AWAY_SECONDS
        self.set_accept_enabled(True)

    def set_accept_enabled(self, enabled: bool) -> None:
        # The worker's loop asks for it again at each of its turns.
        is_full = self.cfg.workers > 1 and self.nr_conns - len(self.leaving) >= self.cfg.threads
        super().set_accept_enabled(enabled and not (is_full and time.monotonic() < self._next_accept_at))

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        longest = TURN_SECONDS if self._accepting else LOOK_AWAY_SECONDS
        super().wait_for_and_dispatch_events(min(timeout, longest))

    def handle_request(self, request: Any, connection: Connection) -> bool:
        connection.parser.unreader.deadline = math.inf
        return bool(super().handle_request(request, connection))

    def finish_request(self, connection: Connection, future: "Future[Any]") -> None:
        """Go on with a connection, whose next request may have been read already."""
        is_kept = self.alive and not future.cancelled() and not future.exception() and future.result()
        if not is_kept:
            self._leave(connection)
        elif connection.parser.unreader.has_more():
            self.enqueue_req(connection)
        else:
            super().finish_request(connection, future)

    def murder_keepalived(self) -> None:
        """Close what has expired, and every idle connection when this worker stops."""
        if not self.alive:
            for connection in (*self.keepalived_conns, *self.pending_conns):
                connection.timeout = 0.0
        super().murder_keepalived()
        while self.leaving and self.leaving[0].timeout <= time.monotonic():
            self._close(self.leaving[0])

    def _leave(self, connection: Connection) -> None:
        """Send the end of the stream, and read on until the client has closed its side.

        A connection that is closed with something unread is reset, and the client may lose the response
        (RFC 9112 §9.6).
        """
        connection.timeout = time.monotonic() + LINGER_SECONDS
        self.leaving.append(connection)
        try:
            connection.sock.shutdown(socket.SHUT_WR)
            connection.sock.setblocking(False)
            self.poller.register(connection.sock, selectors.EVENT_READ, partial(self._discard, connection))
        except (OSError, ValueError):
            self._close(connection)

    def _discard(self, connection: Connection, client: socket.socket) -> None:
        try:
            if client.recv(65_536):
                return
        except BlockingIOError:
            return
        except OSError:
            pass
        self._close(connection)

    def _close(self, connection: Connection) -> None:
        self.leaving.remove(connection)
        with suppress(KeyError, ValueError):
            self.poller.unregister(connection.sock)
        self.nr_conns -= 1
        connection.close()


def read_rest_first(
    application: Application, environ: dict[str, Any], start_response: Callable[..., Any]
) -> Iterable[bytes]:
    """Run an application. Before its response begins, read the rest of the body or announce the end."""
    response = start_response.__self__  # type: ignore[attr-defined]

    def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        write = start_response(status, headers, exc_info)
        if not _is_read(response.req.body.reader) and (_streams(response) or not _read_rest(response.req)):
            response.force_close()
        return write

    return application(environ, start)


def _is_read(reader: Any) -> bool:
    return getattr(reader, "length", None) == 0


def _streams(response: Any) -> bool:
    """Return whether the response is still being made, perhaps from a body that is still arriving."""
    return response.response_length is None and response.status_code not in (204, 304)


def _read_rest(request: Any) -> bool:
    """Return whether the body has been read to its end."""
    left = REST_BYTES
    if getattr(request.body.reader, "length", 0) > left:
        return False
    unreader = request.unreader
    unreader.deadline = min(unreader.deadline, time.monotonic() + REST_SECONDS)
    try:
        while left > 0 and (data := request.body.read(1024)):
            left -= len(data)
    except (OSError, ParseException):
        return False
    return left > 0
