"""Measurements of a running server."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from bench import load
from bench.client import Client, WrongAnswer, known_numbers, new_number
from bench.database import AROUND, Postgres
from bench.load import Load, Wrk
from bench.servers import Server, cpu_seconds
from bench.subjects import Subject

MANY, FEW, LOGINS = 32, 8, 4
MEASURES = ("me", "login", "registration", "refresh", "me-undisturbed", "me-while-login")
# A hash that takes a third of a second leaves few responses to count in a few seconds.
SLOW_FACTOR = 4
MEMORY_LOADS = {"10,000 logins": ("login", 10_000), "100,000 requests": ("me", 100_000)}
WARM_REQUESTS, COUNTED_REQUESTS = 4, 5


@dataclass(frozen=True)
class Sample:
    """One measurement. Its figures are invalid where ``errors`` is not empty."""

    subject: str
    measure: str
    round: int
    errors: str
    requests: int = 0
    rate: float = 0
    p50_ms: float = 0
    p99_ms: float = 0
    cpu_ms: float = 0
    postgres_cpu_ms: float = 0
    generator_cores: float = 0
    logins_rate: float = 0


def has(subject: Subject, measure: str) -> bool:
    """Return whether a subject supports a measurement."""
    if subject.only:
        return measure in subject.only
    needed = {"login": subject.login, "registration": subject.registration, "refresh": subject.refresh}
    return needed.get(measure, subject.login) is not None


def take(server: Server, postgres: Postgres, measure: str, number: int, seconds: int) -> Sample:
    """Take one measurement, while no other is being taken."""
    if server.subject.hashes_slowly and measure in ("login", "registration"):
        seconds *= SLOW_FACTOR
    client = Client(server)
    try:
        start = _prepare(client, server.url, measure, seconds)
    except WrongAnswer as error:
        return Sample(server.subject.name, measure, number, str(error))
    finally:
        client.close()
    server.settle()
    used, postgres_used, generator = cpu_seconds(server.pid), cpu_seconds(postgres.pid), load.cpu_seconds()
    disturbance = _log_in(server, seconds + 1) if measure == "me-while-login" else None
    result = start().finish()
    used, postgres_used = cpu_seconds(server.pid) - used, cpu_seconds(postgres.pid) - postgres_used
    logins = disturbance.finish() if disturbance else None
    generator = load.cpu_seconds() - generator
    server.settle()
    nothing = "" if result.requests else "no response"
    return Sample(
        server.subject.name,
        measure,
        number,
        errors=" ".join([result.errors, nothing, logins.errors if logins else ""]).strip(),
        requests=result.requests,
        rate=result.rate,
        p50_ms=result.p50_ms,
        p99_ms=result.p99_ms,
        cpu_ms=_milliseconds(used, result),
        postgres_cpu_ms=_milliseconds(postgres_used, result),
        generator_cores=generator / result.seconds,
        logins_rate=logins.rate if logins else 0,
    )


def _prepare(client: Client, url: str, measure: str, seconds: int) -> Callable[[], Wrk]:
    """Check one response of the kind to measure, and return a function that starts the load."""
    subject = client.subject
    if measure == "login":
        client.sign_in()
        return lambda: _post(url, subject, known_numbers(), seconds)
    if measure == "registration":
        client.register()
        first = new_number()
        post = subject.registration
        assert post is not None
        numbers = range(first, first + 1_000_000)
        return lambda: load.post(f"{url}{post.path}", post.body, numbers, connections=FEW, seconds=seconds)
    if measure == "refresh":
        tokens = [client.refresh(client.refresh_token()) for _ in range(FEW)]
        refresh = subject.refresh
        assert refresh is not None
        field = subject.refresh_token[-1]
        return lambda: load.refresh(f"{url}{refresh.path}", refresh.body, field, tokens, seconds=seconds)
    token = client.token()
    client.me(token)
    connections = MANY if measure == "me" else FEW
    header = client.header(token)
    return lambda: load.get(f"{url}{subject.me}", header, connections=connections, seconds=seconds)


def _post(url: str, subject: Subject, numbers: range, seconds: int, connections: int = FEW) -> Wrk:
    assert subject.login is not None
    path, body = subject.login.path, subject.login.body
    return load.post(f"{url}{path}", body, numbers, connections=connections, seconds=seconds)


def _log_in(server: Server, seconds: int) -> Wrk:
    """Start logins in the background, and give them a moment to begin."""
    logins = _post(server.url, server.subject, known_numbers(), seconds, connections=LOGINS)
    time.sleep(0.5)
    return logins


def _milliseconds(cpu: float, result: Load) -> float:
    return cpu * 1000 / max(result.requests, 1)


def statements(server: Server, postgres: Postgres) -> dict[str, list[str]]:
    """Return the statements of a request of each kind, from PostgreSQL's log."""
    client = Client(server)
    found: dict[str, list[str]] = {}
    for measure in ("me", "login", "registration", "refresh"):
        if has(server.subject, measure):
            found[measure] = _statements(_asker(client, measure), postgres)
    client.close()
    return found


def _statements(ask: Callable[[], object], postgres: Postgres) -> list[str]:
    for _ in range(WARM_REQUESTS):
        ask()
    counted = []
    for _ in range(COUNTED_REQUESTS):
        since = postgres.log_position()
        ask()
        time.sleep(0.02)
        counted.append(postgres.logged(since))
    # The median leaves out a request that happened to open a connection.
    return sorted(counted, key=len)[len(counted) // 2]


def _asker(client: Client, measure: str) -> Callable[[], object]:
    """Return a function that sends one request of this kind and nothing else."""
    if measure == "me":
        token = client.token()
        return lambda: client.me(token)
    if measure == "refresh":
        chain = [client.refresh_token()]
        return lambda: chain.append(client.refresh(chain[-1]))
    if measure == "registration":
        return client.register
    return client.sign_in


def count_queries(found: list[str]) -> int:
    """Count the statements that are queries, without those of transactions and connection checks."""
    return sum(1 for statement in found if not AROUND.match(statement))


def memory(server: Server) -> dict[str, float]:
    """Return the PSS of a worker in MiB after 10,000 logins, and after another 100,000 requests."""
    found = {}
    for name, (measure, wanted) in MEMORY_LOADS.items():
        done = 0
        while done < wanted:
            client = Client(server)
            start = _prepare(client, server.url, measure, 10)
            client.close()
            result = start().finish()
            if result.errors:
                raise WrongAnswer(f"{server.subject.name}, {measure}: {result.errors}")
            done += result.requests
        server.settle()
        found[name] = server.worker_pss()
    return found
