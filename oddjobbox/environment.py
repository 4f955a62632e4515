"""Typed readers of environment variables that refuse a bad value at start."""

import os
import re
import warnings
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import SplitResult, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from oddjobbox import origins

ON = ("on", "true", "yes", "1")
OFF = ("off", "false", "no", "0")
# The names of headers and cookies (RFC 9110 §5.6.2), without the `*` that is a wildcard in CORS.
TOKEN = re.compile(r"[A-Za-z0-9!#$%&'+.^_`|~-]+")
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
# Without `smtps`, by which some mean TLS from the first byte and django-environ means STARTTLS.
MAIL_PORTS = {"smtp": 25, "smtp+tls": 587, "smtp+ssl": 465}


def refuse(sentence: str) -> NoReturn:
    """Stop the process with one sentence that says what to set."""
    raise SystemExit(f"oddjobbox: {sentence}")


class Environment:
    """The environment, filled up from a ``.env`` file; what is set in both comes from outside.

    ``names`` are the variables that were read so far, for the tests of their documentation.
    """

    def __init__(self, env_file: Path) -> None:
        self.names: set[str] = set()
        if env_file.is_file():
            environ.Env.read_env(str(env_file))

    def text(self, name: str, default: str = "") -> str:
        self.names.add(name)
        return os.environ.get(name, default).strip()

    def flag(self, name: str, default: bool = False) -> bool:
        value = (self.text(name) or ("on" if default else "off")).lower()
        if value not in ON + OFF:
            refuse(f"{name} must be on or off, not {value!r}.")
        return value in ON

    def number(self, name: str, default: int, minimum: int, maximum: int) -> int:
        value = self.text(name) or str(default)
        if not re.fullmatch(r"[0-9]{1,9}", value) or not minimum <= int(value) <= maximum:
            refuse(f"{name} must be a whole number from {minimum} to {maximum}, not {value!r}.")
        return int(value)

    def words(self, name: str, default: str = "") -> list[str]:
        """Read a list separated by commas."""
        value = self.text(name) or default
        return [word.strip() for word in value.split(",") if word.strip()]

    def duration(self, name: str, default: str) -> timedelta:
        """Read a number with its unit: ``90s``, ``15m``, ``12h`` or ``60d``."""
        value = self.text(name) or default
        match = re.fullmatch(r"([1-9][0-9]{0,8})([smhd])", value)
        if match is None or int(match[1]) * SECONDS[match[2]] > 36_500 * SECONDS["d"]:
            refuse(f"{name} must be a number with s, m, h or d, such as 15m or 60d, not {value!r}.")
        return timedelta(seconds=int(match[1]) * SECONDS[match[2]])

    def rate(self, name: str, default: str) -> tuple[int, timedelta] | None:
        """Read how often in how long, such as ``10/15m``; ``off`` is None."""
        value = self.text(name) or default
        if value.lower() == "off":
            return None
        match = re.fullmatch(r"([1-9][0-9]{0,8})/([1-9][0-9]{0,8})([smhd])", value)
        if match is None or int(match[2]) * SECONDS[match[3]] > 366 * SECONDS["d"]:
            refuse(f"{name} must be off or a rate such as 10/15m, with s, m, h or d, not {value!r}.")
        return int(match[1]), timedelta(seconds=int(match[2]) * SECONDS[match[3]])

    def origins(self, name: str) -> list[str]:
        """Read a list of origins, in the form that browsers send, and of patterns for subdomains."""
        try:
            return [origins.parse(word) for word in self.words(name)]
        except ValueError:
            value = self.text(name)
        refuse(f"{name} must list origins such as https://app.example.com, not {value!r}.")

    def tokens(self, name: str) -> list[str]:
        """Read a list of names that HTTP headers can have, in lower case."""
        names = [word.lower() for word in self.words(name)]
        for word in names:
            if not TOKEN.fullmatch(word):
                refuse(f"{name} must list names such as sentry-trace, not {word!r}.")
        return names

    def token(self, name: str, default: str) -> str:
        """Read what can be part of the name of a cookie."""
        value = self.text(name) or default
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}", value):
            refuse(f"{name} must be letters, digits and `._-`, such as shop, not {value!r}.")
        return value

    def prefix(self, name: str) -> str:
        """Read a path such as ``/api``, below which a proxy shows the whole server. It may be empty."""
        value = self.text(name).rstrip("/")
        if value and not re.fullmatch(r"(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+", value):
            refuse(f"{name} must be a path such as /api, not {value!r}.")
        return value

    def url(self, name: str, default: str) -> str:
        value = (self.text(name) or default).rstrip("/")
        try:
            parts = urlsplit(value)
        except ValueError:
            parts = urlsplit("")
        if parts.scheme not in ("http", "https") or not parts.hostname:
            refuse(f"{name} must be a URL such as https://app.example.com, not {value!r}.")
        return value

    def choice(self, name: str, default: str, *choices: str) -> str:
        value = self.text(name) or default
        if value not in choices:
            refuse(f"{name} must be {' or '.join(choices)}, not {value!r}.")
        return value

    def email(self, name: str, default: str) -> dict[str, Any]:
        """Read the URL of a mail server into Django's ``EMAIL_…`` settings."""
        value = self.text(name) or default
        try:
            config: dict[str, Any] = environ.Env.email_url_config(value)
            if value.lower().startswith("consolemail:"):
                config["EMAIL_BACKEND"] = "authentication.mail.console.EmailBackend"
            parts = urlsplit(value)
            if parts.scheme.startswith("smtp"):
                config["EMAIL_PORT"] = _mail_port(parts)
        except (ImproperlyConfigured, ValueError, KeyError, AttributeError):
            # The URL has the password in it, so it is not shown.
            refuse(f"{name} must be such as smtp+tls://USER:PASSWORD@HOST:587, or consolemail://.")
        return config

    def database(self, name: str, default: str) -> dict[str, Any]:
        """Read a database URL into the shape of an entry of Django's ``DATABASES``."""
        value = self.text(name) or default
        try:
            with warnings.catch_warnings():
                # It warns of a scheme that it does not know, and shows the password.
                warnings.simplefilter("ignore")
                config: dict[str, Any] = environ.Env.db_url_config(value)
        except (ImproperlyConfigured, ValueError, KeyError, AttributeError):
            config = {}
        if config.get("ENGINE") not in ("django.db.backends.sqlite3", "django.db.backends.postgresql"):
            refuse(f"{name} must be sqlite:///FILE or postgres://USER:PASSWORD@HOST:PORT/NAME.")
        age = config.get("CONN_MAX_AGE")
        if age is not None and (type(age) is not int or age < 0):
            refuse(f"conn_max_age in {name} must be a number of seconds, or None.")
        return config


def _mail_port(parts: SplitResult) -> int:
    """Return the port of a mail server. Raises ValueError unless the URL names a server, and that alone."""
    # What is behind the port is the rest of a password with a bare / or # in it.
    if not parts.hostname or parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ValueError
    return parts.port or MAIL_PORTS[parts.scheme]
