"""How gunicorn serves Oddjobbox: ``gunicorn oddjobbox.wsgi`` needs no flags."""

import ctypes
import errno
import gc
import io
import os
import socket
import sys
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oddjobbox.settings")

from oddjobbox.settings import DEBUG, DOCS, WEB_CONCURRENCY, environment

_host = environment.text("HOST", "127.0.0.1")
_port = environment.number("PORT", 8000, minimum=1, maximum=65535)

# A parameter of glibc's mallopt(3).
M_ARENA_MAX = -8

bind = f"[{_host}]:{_port}" if ":" in _host else f"{_host}:{_port}"
workers = WEB_CONCURRENCY
worker_class = "oddjobbox.worker.Worker"
threads = 4
# The checks and the imports happen once, before the workers are forked. Under --reload the parent
# imports nothing, for a worker that it starts anew would inherit the old code.
preload_app = "--reload" not in sys.argv
# Proxy headers are read by Django, as far as TRUSTED_PROXIES says.
forwarded_allow_ips = ""
graceful_timeout = 30
# Longer than the 60 seconds of usual proxies and load balancers, so that it is they that close an idle
# connection, and not this server just as the next request is sent.
keepalive = 75
# Fewer than the 1,024 open files that a shell gives a process.
worker_connections = 900
control_socket_disable = True
# Heartbeats on a disk can stall a worker; Linux has memory for them.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None
accesslog = None
loglevel = "warning"


def on_starting(server: Any) -> None:
    """Stop with a sentence if the port is taken or a system check finds an error."""
    _require_free_port()
    _share_one_arena()
    if not preload_app:
        return
    import django
    from django.core.management import call_command
    from django.core.management.base import SystemCheckError

    django.setup()
    try:
        call_command("check", stdout=io.StringIO())
    except SystemCheckError as error:
        raise SystemExit(f"oddjobbox: {error}") from error
    _share_with_workers()


def _share_with_workers() -> None:
    """Load once what every worker would load at its first request, and keep its pages shared."""
    from django.contrib.auth.password_validation import get_default_password_validators
    from django.db import connections

    # A connection must not be used on both sides of a fork.
    connections.close_all()
    get_default_password_validators()
    # The collector writes into every object that it looks at, and a written page is copied.
    gc.collect()
    gc.freeze()


def _share_one_arena() -> None:
    """Let every thread allocate from one arena.

    A password hash needs 19 MiB. glibc would keep that much for every thread that ever hashed;
    from one arena it is used again, or given back. The hash takes as long either way.
    """
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):
        libc.mallopt(M_ARENA_MAX, 1)


def when_ready(server: Any) -> None:
    """Say where it is, and what to try first."""
    url = f"http://{'localhost' if _host in ('127.0.0.1', '0.0.0.0', '::') else _host}:{_port}"
    print(f"\n  Oddjobbox is up.\n\n  API    {url}/auth/", flush=True)
    if DOCS:
        print(f"  Docs   {url}/docs", flush=True)
    if DEBUG:
        print(f"\n  Try    {_first_request(url)}\n", flush=True)


def _first_request(url: str) -> str:
    body = '{"username": "jane_doe", "email": "jane@example.com", "password": "correct horse battery"}'
    return f"curl {url}/auth/registration -H 'Content-Type: application/json' \\\n           -d '{body}'"


def _require_free_port() -> None:
    """Try the port: gunicorn itself would retry for five seconds and then name only an error."""
    family = socket.AF_INET6 if ":" in _host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_host, _port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise SystemExit(f"oddjobbox: cannot listen on {bind}: {error.strerror}.") from error
            hint = f"Stop what runs there, or choose another one: PORT={_port + 1} make run"
            raise SystemExit(f"oddjobbox: port {_port} is taken. {hint}") from error
