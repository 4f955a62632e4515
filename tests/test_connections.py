"""Connections that are kept, refused or closed, on a real gunicorn with either of its parsers."""

import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, suppress

import pytest

from tests.connections import GET, Connection, post, request
from tests.live import ROOT, LiveServer, serve

REQUESTS = 250
WORKERS, THREADS = 2, 4
REFUSED = "/auth/sessions"
SIZES = {30: 401, 9_000: 401, 60_000: 401, 100_000: 413}


@pytest.fixture(scope="module", params=["fast", "python"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    variables = {
        "RATE_LIMITS": "off",
        "DJANGO_SETTINGS_MODULE": "tests.served.settings",
        "GUNICORN_CMD_ARGS": f"--http-parser {request.param}",
    }
    folder = tmp_path_factory.mktemp(f"connections-{request.param}")
    with serve(folder, workers=WORKERS, **variables) as started:
        yield started


@pytest.fixture
def connection(server: LiveServer) -> Iterator[Connection]:
    with Connection(server.url, timeout=30) as opened:
        yield opened


def in_pieces(size: int) -> Iterator[bytes]:
    for start in range(0, size, max(1, size // 4)):
        time.sleep(0.001)
        yield b"x" * min(size // 4 or 1, size - start)


def exchange(connection: Connection, size: int, timing: str) -> list[int]:
    """Send a POST of this size and a GET, and return the statuses of their responses."""
    body = [b"x" * size]
    if timing == "the next request at once":
        connection.send(post(REFUSED, size), *body, GET)
        return [connection.read().status, connection.read().status]
    if timing == "all in one packet":
        connection.send(b"".join([post(REFUSED, size), *body, GET]))
        return [connection.read().status, connection.read().status]
    connection.send(post(REFUSED, size), *(in_pieces(size) if timing == "in pieces" else body))
    first = connection.read().status
    connection.send(GET)
    return [first, connection.read().status]


@pytest.mark.parametrize(
    "timing", ["head, then body", "in pieces", "the next request at once", "all in one packet"]
)
@pytest.mark.parametrize("size", SIZES)
def test_a_refused_post_does_not_cost_the_next_request(server: LiveServer, size: int, timing: str) -> None:
    outcomes: Counter[object] = Counter()
    with Connection(server.url) as connection:
        for _ in range(REQUESTS):
            outcomes[tuple(exchange(connection, size, timing))] += 1

    assert outcomes == {(SIZES[size], 200): REQUESTS}


@pytest.mark.parametrize("status", [204, 401, 403, 404, 413, 415, 429, 500])
def test_another_apps_refusals_do_not_cost_it_either(connection: Connection, status: int) -> None:
    for _ in range(20):
        connection.send(post(f"/app/refuse/{status}", 9_000), b"x" * 9_000)
        assert connection.read().status == status
        connection.send(GET)
        assert connection.read().status == 200


def test_a_client_that_waits_for_100_continue_keeps_its_connection(connection: Connection) -> None:
    head = post(REFUSED, 9_000).removesuffix(b"\r\n") + b"Expect: 100-continue\r\n\r\n"
    for _ in range(20):
        connection.send(head)
        assert connection.read().status == 100
        connection.send(b"x" * 9_000, GET)
        assert [connection.read().status, connection.read().status] == [401, 200]


def test_twenty_pipelined_requests_get_their_responses_in_order(connection: Connection) -> None:
    connection.send(b"".join(request("GET", path) for path in ("/health/live", "/nothing") * 10))

    assert [connection.read().status for _ in range(20)] == [200, 404] * 10


def test_half_of_a_pipelined_request_is_waited_for(connection: Connection) -> None:
    connection.send(GET + GET[:20])
    assert connection.read().status == 200
    time.sleep(0.05)
    connection.send(GET[20:])

    assert connection.read().status == 200


@pytest.mark.parametrize("path", ["/auth/login", "/app/size", "/app/count", "/app/refuse/401", "/nothing"])
def test_a_chunked_body_is_refused_on_every_path(connection: Connection, path: str) -> None:
    headers = ("Content-Type: application/json", "Origin: http://localhost:5173")
    chunks = b"9\r\n" + b'{"a": 1}\n' + b"\r\n0\r\n\r\n"
    connection.send(request("POST", path, *headers, "Transfer-Encoding: chunked", body=chunks))
    answer = connection.read()

    assert (answer.status, answer.headers["content-type"]) == (411, "application/json")
    assert b'"length_required"' in answer.body
    connection.send(GET)
    assert connection.read().status == 200


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (["Content-Length: 3000000"], b"x" * 3_000_000),
        (["Transfer-Encoding: chunked"], b"200000\r\n" + b"x" * 0x200000),
        (["Transfer-Encoding: chunked"], b"no number\r\n"),
    ],
)
def test_a_body_that_is_too_long_to_be_read_ends_the_connection_after_its_response(
    connection: Connection, headers: list[str], body: bytes
) -> None:
    with suppress(BrokenPipeError, ConnectionResetError):
        connection.send(request("POST", REFUSED, *headers), body)
    answer = connection.read()

    assert (answer.status, answer.headers["connection"]) in [(413, "close"), (411, "close")]
    assert connection.is_closed()


def test_a_body_that_never_comes_holds_no_thread_for_long(server: LiveServer) -> None:
    with ExitStack() as stack:
        held = [stack.enter_context(Connection(server.url, 30)) for _ in range(WORKERS * THREADS)]
        for connection in held:
            connection.send(post("/app/refuse/401", 10))
        started = time.monotonic()
        answers = [connection.read() for connection in held]
        with Connection(server.url) as other:
            other.send(GET)
            assert other.read().status == 200

    assert [(answer.status, answer.headers["connection"]) for answer in answers] == [
        (401, "close")
    ] * WORKERS * THREADS
    assert 4 < time.monotonic() - started < 12


def test_a_body_that_a_view_waits_for_in_vain_is_an_error_after_15_seconds(connection: Connection) -> None:
    started = time.monotonic()
    connection.send(post("/auth/login", 500), b"{")
    answer = connection.read()

    assert (answer.status, answer.headers["connection"]) == (400, "close")
    assert 14 < time.monotonic() - started < 20


def test_clients_that_have_sent_nothing_yet_hold_no_thread(server: LiveServer) -> None:
    with ExitStack() as stack:
        for _ in range(4 * WORKERS * THREADS):
            stack.enter_context(Connection(server.url))
        time.sleep(0.1)
        with Connection(server.url, timeout=2) as connection:
            connection.send(GET)
            assert connection.read().status == 200


def test_clients_that_do_not_close_their_side_hold_nobody_up(server: LiveServer) -> None:
    last = request("GET", "/health/live", "Connection: close")
    with ExitStack() as stack:
        held = [stack.enter_context(Connection(server.url)) for _ in range(20)]
        for connection in held:
            connection.send(last)
            assert connection.read().headers["connection"] == "close"
        for _ in range(10):
            with Connection(server.url, timeout=1) as other:
                other.send(GET)
                assert other.read().status == 200
        assert all(connection.is_closed() for connection in held)


def test_a_response_reaches_a_client_that_is_still_sending(server: LiveServer) -> None:
    """It would be lost in a reset if the connection were closed at once."""
    for _ in range(20):
        with Connection(server.url) as connection:
            connection.send(post(REFUSED, 2_000_000), b"x" * 2_000_000)
            time.sleep(0.01)
            assert connection.read().status == 413


def test_a_streamed_response_can_read_the_body_meanwhile(connection: Connection) -> None:
    body = bytes(range(256)) * 200
    connection.send(post("/app/echo", len(body)), body)
    answer = connection.read()

    assert (answer.headers["transfer-encoding"], answer.body) == ("chunked", body)
    # Its end could not be promised when the headers were sent.
    assert answer.headers["connection"] == "close"


def test_a_streamed_response_without_a_body_to_read_keeps_its_connection(connection: Connection) -> None:
    for _ in range(3):
        connection.send(request("GET", "/app/stream"))
        answer = connection.read()
        assert (answer.headers["transfer-encoding"], answer.body) == ("chunked", b"0\n1\n2\n")


@pytest.mark.parametrize("version", ["1.0", "1.1"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    "path",
    [
        *("/health/live", "/auth/me", "/auth/login", "/nothing", "/admin/", "/admin/login/", "/docs"),
        *("/schema", "/docs/errors", "/static/admin/css/base.css", "/.well-known/jwks.json"),
    ],
)
def test_a_response_has_its_length_instead_of_chunks(
    connection: Connection, path: str, method: str, version: str
) -> None:
    connection.send(request("GET", path))
    full = connection.read()
    connection.send(request(method, path, "Connection: keep-alive", version=version))
    answer = connection.read(method)

    assert full.headers["content-length"] == str(len(full.body))
    # The error for a method that is not allowed names the method.
    if answer.status != 405:
        assert answer.headers["content-length"] == full.headers["content-length"]
    assert "transfer-encoding" not in answer.headers
    assert answer.headers["connection"] == "keep-alive"


def test_responses_without_a_body_have_no_length(connection: Connection) -> None:
    connection.send(request("GET", "/static/admin/css/base.css"))
    changed = connection.read().headers["last-modified"]
    connection.send(request("GET", "/static/admin/css/base.css", f"If-Modified-Since: {changed}"))
    unmodified = connection.read()
    connection.send(request("POST", "/app/refuse/204"))
    empty = connection.read()

    assert [unmodified.status, empty.status] == [304, 204]
    for answer in (unmodified, empty):
        assert not {"content-length", "transfer-encoding"} & answer.headers.keys()
        assert answer.headers["connection"] == "keep-alive"


def test_a_head_request_leaves_no_warning_in_the_log(server: LiveServer, connection: Connection) -> None:
    connection.send(request("HEAD", "/health/live"))

    assert connection.read("HEAD").body == b""
    assert "body bytes" not in server.log.read_text()


def test_idle_connections_do_not_delay_the_end_of_a_worker(server: LiveServer) -> None:
    (worker, *_) = server.workers()
    with ExitStack() as stack:
        for _ in range(16):
            idle = stack.enter_context(Connection(server.url))
            idle.send(GET)
            assert idle.read().status == 200
        started = time.monotonic()
        os.kill(worker, signal.SIGTERM)
        while worker in server.workers():
            time.sleep(0.02)

    assert time.monotonic() - started < 10


def test_an_idle_connection_outlives_the_one_of_a_proxy() -> None:
    """Usual proxies and load balancers keep an idle connection for 60 seconds."""
    command = [sys.executable, "-m", "gunicorn", "--print-config", "oddjobbox.wsgi"]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    values = dict(re.findall(r"^(\w+) += (.*)$", printed, re.MULTILINE))

    assert int(values["keepalive"]) > 60
    # A shell gives a process 1,024 files, and databases and listeners need some.
    assert int(values["worker_connections"]) + 100 < 1024
