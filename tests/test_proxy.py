"""The proxy of docker-compose.yml, nginx itself, in front of a real gunicorn on this machine."""

import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.conftest import PASSWORD
from tests.live import ROOT, WAIT_SECONDS, LiveServer, free_port, serve, wait_for

NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
CONFIGURATION = (ROOT / "deploy" / "nginx.conf").read_text()
JANE = {"username": "jane_doe", "email": "jane@example.com", "password": PASSWORD}
# More than all threads of the server below.
SLOW_CLIENTS = 32


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A server with 8 threads, behind one proxy."""
    with serve(tmp_path_factory.mktemp("proxied"), workers=2, TRUSTED_PROXIES="1") as server:
        with server.client() as client:
            assert client.post("/auth/registration", json=JANE).status_code == 201
        yield server


@pytest.fixture(scope="module")
def proxy(api: LiveServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of nginx with the configuration of compose, but for the names of the two ends."""
    if NGINX is None:
        pytest.skip("nginx is not installed, so the proxy of docker-compose.yml cannot be run.")
    folder, port = tmp_path_factory.mktemp("nginx"), free_port()
    configuration = _placed(CONFIGURATION, folder, port, api.url)
    (folder / "nginx.conf").write_text(configuration)
    process = subprocess.Popen([*_command(NGINX, folder), "-g", _directives(folder)])
    try:
        wait_for(lambda: _listens(port))
        yield f"http://localhost:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=WAIT_SECONDS)


def _placed(configuration: str, folder: Path, port: int, upstream: str) -> str:
    """Return the configuration with this machine's ports, and files that need no rights.

    Slow clients are never dropped, so that a request can only be served beside them.
    """
    configuration, bounded = re.subn(r"(client_(?:header|body)_timeout) \w+;", r"\1 1h;", configuration)
    assert bounded == 2
    temporary = "".join(
        f"    {kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    for found, replacement in (
        ("listen 80;", f"listen 127.0.0.1:{port};"),
        ("http://api:8000;", f"{upstream};"),
        ("http {\n", f"http {{\n{temporary}"),
        ("worker_processes auto;", "worker_processes 1;"),
    ):
        assert configuration.count(found) == 1
        configuration = configuration.replace(found, replacement)
    return configuration


def _command(nginx: str, folder: Path) -> list[str]:
    return [nginx, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", "stderr"]


def _directives(folder: Path) -> str:
    user = "user root; " if os.geteuid() == 0 else ""
    return f"{user}daemon off; pid {folder}/nginx.pid;"


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


@contextmanager
def slow_clients(url: str, count: int = SLOW_CLIENTS) -> Iterator[None]:
    """Keep connections open that have sent half a sign-in."""
    head = "POST /auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    half = (head + "Content-Length: 200\r\n\r\n" + '{"username": "jane_doe",').encode()
    parts = urlsplit(url)
    with ExitStack() as connections:
        for _ in range(count):
            connection = socket.create_connection((parts.hostname or "", parts.port or 0))
            connections.enter_context(connection)
            connection.sendall(half)
        # For the proxy to read them, which nothing tells.
        time.sleep(0.2)
        yield


def test_clients_that_send_half_a_request_stop_nobody(proxy: str) -> None:
    with slow_clients(proxy), httpx.Client(base_url=proxy, timeout=WAIT_SECONDS) as client:
        for _ in range(5):
            assert client.post("/auth/login", json=JANE).status_code == 200
            assert client.get("/health/ready").status_code == 200


def test_forwarded_headers_of_a_client_are_dropped(proxy: str) -> None:
    forged = {"X-Forwarded-For": "203.0.113.9, 198.51.100.7", "X-Forwarded-Proto": "https"}
    with httpx.Client(base_url=proxy, timeout=WAIT_SECONDS, headers=forged) as client:
        answer = client.post("/auth/login", json=JANE)
        bearer = {"Authorization": f"Bearer {answer.json()['token']}"}
        sessions = client.get("/auth/sessions", headers=bearer).json()

    assert sessions[0]["ip"] == "127.0.0.1"
    # Over TLS it would be sent.
    assert "Strict-Transport-Security" not in answer.headers


def test_the_form_of_the_admin_is_accepted_with_its_origin(proxy: str, api: LiveServer) -> None:
    with httpx.Client(base_url=proxy, timeout=WAIT_SECONDS, headers={"Origin": proxy}) as client:
        page = client.get("/admin/login/")
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
        assert token is not None
        # Over plain HTTP a browser would not send a Secure cookie back, and httpx neither.
        cookies = {"Cookie": f"csrftoken={page.cookies['csrftoken']}"}
        form = {"username": "jane_doe", "password": "wrong", "csrfmiddlewaretoken": token[1]}
        answer = client.post("/admin/login/", data=form, headers=cookies)

    assert answer.status_code == 200
    assert "Please enter the correct username and password for a staff account" in answer.text


def test_a_body_in_chunks_reaches_the_server_in_one_piece(proxy: str) -> None:
    def chunks() -> Iterator[bytes]:
        yield b'{"username": "jane_doe", '
        yield f'"password": "{PASSWORD}"}}'.encode()

    headers = {"Content-Type": "application/json"}
    with httpx.Client(base_url=proxy, timeout=WAIT_SECONDS) as client:
        assert client.post("/auth/login", content=chunks(), headers=headers).status_code == 200


def test_the_largest_body_that_the_server_reads_gets_through_and_larger_ones_are_refused_by_it(
    proxy: str,
) -> None:
    sizes = (60_000, 70_000, 120_000)
    with httpx.Client(base_url=proxy, timeout=WAIT_SECONDS) as client:
        answers = [client.post("/auth/login", json={"username": "x" * size}) for size in sizes]

    assert [answer.status_code for answer in answers] == [400, 413, 413]
    assert [answer.headers["Content-Type"] for answer in answers] == ["application/json"] * 3


def test_the_proxy_in_the_documents_does_the_same() -> None:
    """The one for production differs in its ends and in TLS alone."""
    document = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```nginx\n(.*?)^```$", document, re.MULTILINE | re.DOTALL)

    for directive in (
        "proxy_set_header",
        "client_max_body_size",
        "client_header_timeout",
        "client_body_timeout",
    ):
        lines = [_directives_named(directive, text) for text in (CONFIGURATION, block)]
        assert lines[0] == lines[1] != []


def _directives_named(name: str, text: str) -> list[str]:
    return re.findall(rf"^\s*({name}\s[^;]+);", text, re.MULTILINE)
