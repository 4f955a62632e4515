"""Compare gunicorn's settings for Oddjobbox: ``python -m bench.settings``.

Each setting is measured with fast clients, with logins, with both at once, and while 16 slow clients
hold connections on which they have sent half a request.
"""

import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from urllib.parse import urlsplit

from bench import environments, load, measures
from bench.client import Client
from bench.database import Postgres
from bench.servers import Server
from bench.subjects import SUBJECTS

SECONDS = 4
SLOW_CLIENTS = 16
FLAGS = (
    "--threads 1 --worker-class sync",
    "--threads 1 --worker-class sync --workers 4",
    "--threads 1 --worker-class gthread",
    "--threads 2",
    "--threads 4",
    "--threads 8",
    "--threads 4 --keep-alive 0",
    "--threads 4 --http-parser python",
    "--threads 4 --workers 4",
)
HEAD = (
    "flags",
    "me/s",
    "CPU ms",
    "login/s",
    "me/s alone",
    "while 4 log in",
    "logins/s",
    "with slow clients",
    "PSS",
)


def main() -> None:
    load.require()
    product = next(subject for subject in SUBJECTS if subject.is_product)
    environments.install([product])
    with ExitStack() as stack:
        postgres = Postgres()
        stack.callback(postgres.stop)
        server = Server(product, postgres.host)
        stack.callback(server.stop)
        postgres.create(product.database)
        server.prepare()
        print(f"| {' | '.join(HEAD)} |\n|{' --- |' * len(HEAD)}")
        for flags in FLAGS:
            print(f"| {' | '.join(_row(server, postgres, flags))} |", flush=True)


def _row(server: Server, postgres: Postgres, flags: str) -> list[str]:
    server.set_flags(flags)
    server.start(None)
    taken = {
        measure: measures.take(server, postgres, measure, 0, SECONDS)
        for measure in ("me", "login", "me-undisturbed", "me-while-login")
    }
    with _slow_clients(server.url):
        slow = _rate_of_me(server)
    memory = server.worker_pss()
    server.stop()
    for sample in taken.values():
        if sample.errors:
            sys.exit(f"bench: {flags}: {sample.measure}: {sample.errors}")
    beside = taken["me-while-login"]
    return [
        f"`{flags}`",
        f"{taken['me'].rate:.0f}",
        f"{taken['me'].cpu_ms:.2f}",
        f"{taken['login'].rate:.0f}",
        f"{taken['me-undisturbed'].rate:.0f}",
        f"{beside.rate:.0f}",
        f"{beside.logins_rate:.0f}",
        slow,
        f"{memory:.0f} MiB",
    ]


def _rate_of_me(server: Server) -> str:
    """Return the requests per second in two seconds, or that there was no response."""
    token = Client(server).token() if _answers(server.url) else ""
    if not token:
        return "no response"
    header = server.subject.header.replace("{token}", token)
    wrk = load.get(f"{server.url}{server.subject.me}", header, connections=measures.FEW, seconds=2)
    return f"{wrk.finish().rate:.0f}/s"


def _answers(url: str) -> bool:
    address = urlsplit(url)
    with socket.create_connection((address.hostname, address.port), timeout=2) as connection:
        connection.sendall(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        try:
            return bool(connection.recv(1))
        except TimeoutError:
            return False


@contextmanager
def _slow_clients(url: str) -> Iterator[None]:
    address = urlsplit(url)
    with ExitStack() as stack:
        for _ in range(SLOW_CLIENTS):
            connection = stack.enter_context(socket.create_connection((address.hostname, address.port)))
            connection.sendall(b"POST /auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Le")
        yield


if __name__ == "__main__":
    main()
