"""Measure the cost of a login without its password hash: ``python -m bench.login_cost``.

It signs in 500 times in one process, with a hasher that does nothing, and prints the median CPU time
of a request, including that of Django's test client. The database is SQLite in a temporary folder,
unless ``DATABASE_URL`` is set.
"""

import os
import statistics
import tempfile
import time

import django
from django.contrib.auth.hashers import BasePasswordHasher
from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings

LOGINS = 500
ACCOUNT = {"username": "jane_doe", "email": "jane@example.com", "password": "correct horse battery"}


class TrivialHasher(BasePasswordHasher):
    """A hasher that costs nothing and protects nothing."""

    algorithm = "trivial"

    def salt(self) -> str:
        return "salt"

    def encode(self, password: str, salt: str) -> str:
        return f"trivial${password}"

    def verify(self, password: str, encoded: str) -> bool:
        return encoded == f"trivial${password}"

    def must_update(self, encoded: str) -> bool:
        return False


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/db.sqlite3")
        os.environ["DJANGO_SETTINGS_MODULE"] = "oddjobbox.settings"
        os.environ["SECRET_KEY"] = "a-secret-for-measuring-only-of-32-bytes"
        django.setup()
        call_command("migrate", verbosity=0)
        with override_settings(PASSWORD_HASHERS=["bench.login_cost.TrivialHasher"]):
            times = sorted(sign_in_often())
        connection.close()
    print(f"{LOGINS} logins on {connection.vendor}, CPU time of one without its hash:")
    print(f"median {statistics.median(times):.2f} ms, 95 % under {times[int(LOGINS * 0.95)]:.2f} ms")


def sign_in_often() -> list[float]:
    """Return the CPU time of each login in milliseconds."""
    client = Client(HTTP_HOST="localhost")
    registered = client.post("/auth/registration", ACCOUNT, content_type="application/json")
    assert registered.status_code == 201, registered.content
    times = []
    for _ in range(LOGINS):
        before = time.process_time()
        answer = client.post("/auth/login", ACCOUNT, content_type="application/json")
        times.append((time.process_time() - before) * 1000)
        assert answer.status_code == 200
    return times


if __name__ == "__main__":
    main()
