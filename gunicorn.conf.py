"""How gunicorn serves Oddjobbox: ``gunicorn oddjobbox.wsgi`` needs no flags."""

import errno
import gc
import io
import os
import socket
import sys
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oddjobbox.settings")

from oddjobbox.settings import DEBUG, DOCS, PORT, PREFIX, WEB_CONCURRENCY, environment

# gunicorn would refuse every request whose path is not below it; oddjobbox/wsgi.py takes both.
os.environ.pop("SCRIPT_NAME", None)

_host = environment.text("HOST", "127.0.0.1").strip("[]")

# Addresses that are every one of the machine's.
EVERYWHERE = ("127.0.0.1", "0.0.0.0", "::")


def _written(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


bind = _written(_host, PORT)
workers = WEB_CONCURRENCY
worker_class = "oddjobbox.worker.Worker"
threads = 4
# The checks and the imports happen once, before the workers are forked. Under --reload the parent
# imports nothing, because a restarted worker would inherit the old code.
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
    # Unless the sockets are handed over, by systemd or by a server that this one replaces.
    if not {"LISTEN_FDS", "GUNICORN_FD"} & os.environ.keys():
        for address in server.cfg.address:
            if isinstance(address, tuple):
                _require_free_port(*address)
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


def when_ready(server: Any) -> None:
    """Say where it is, and what to try first."""
    url = _url(server.LISTENERS[0].getsockname())
    print(f"\n  Oddjobbox is up.\n\n  API    {url}/auth/", flush=True)
    if DOCS:
        print(f"  Docs   {url}/docs", flush=True)
    if DEBUG:
        print(f"\n  Try    {_first_request(url)}\n", flush=True)


def _url(address: tuple[str, int] | str) -> str:
    """Return the URL of an address, which is the path of a Unix socket or begins with a host and a port."""
    if isinstance(address, str):
        return f"unix:{address}:{PREFIX}"
    host, port = address[:2]
    return f"http://{_written('localhost' if host in EVERYWHERE else host, port)}{PREFIX}"


def _first_request(url: str) -> str:
    if url.startswith("unix:"):
        socket_path, prefix = url.removeprefix("unix:").rsplit(":", 1)
        url = f"--unix-socket {socket_path} http://localhost{prefix}"
    body = '{"username": "jane_doe", "email": "jane@example.com", "password": "correct horse battery"}'
    return f"curl {url}/auth/registration -H 'Content-Type: application/json' \\\n           -d '{body}'"


def _require_free_port(host: str, port: int) -> None:
    """Try the port: gunicorn itself would retry for five seconds and then name only an error."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                sentence = f"cannot listen on {_written(host, port)}: {error.strerror}."
                raise SystemExit(f"oddjobbox: {sentence}") from error
            hint = "Stop what runs there, or choose another one"
            example = f": PORT={port % 65535 + 1} make run" if (host, port) == (_host, PORT) else "."
            raise SystemExit(f"oddjobbox: port {port} is taken. {hint}{example}") from error
