"""Unsafe settings, found before the first request. gunicorn runs these when it starts."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning

from authentication.core.digests import DigestSet

TAG = Tags.security

# RFC 7518 §3.2: a key of the size of the hash output or larger.
MIN_KEY_BYTES = 32
DEVELOPMENT_PREFIX = "development-only-"

DIGEST_BYTES = 6
DIGESTS = Path(__file__).with_name("public_secrets.bin")


def _is_in_debug() -> bool:
    """Return whether DEBUG is on, or was until Django's test runner turned it off."""
    return settings.DEBUG or getattr(settings, "DEBUG_AT_START", False)


def check_secret_key(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    hint = "Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
    found: list[CheckMessage] = []
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        if len(key.encode()) < MIN_KEY_BYTES:
            text = f"SECRET_KEY is shorter than {MIN_KEY_BYTES} bytes (RFC 7518 §3.2)."
            found.append(Error(text, hint=hint, id="oddjobbox.E001"))
        elif is_public(key):
            found.append(Error("SECRET_KEY is publicly known.", hint=hint, id="oddjobbox.E002"))
        elif key.startswith(DEVELOPMENT_PREFIX) and not _is_in_debug():
            text = "SECRET_KEY is the development secret, and DEBUG is off."
            found.append(Error(text, hint=hint, id="oddjobbox.E003"))
    return found


def check_atomic_requests(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    if not any(database.get("ATOMIC_REQUESTS") for database in settings.DATABASES.values()):
        return []
    text = "ATOMIC_REQUESTS would undo the end of a session whose refresh token was reused."
    return [Error(text, hint="Leave it off; use transaction.atomic() in views.", id="oddjobbox.E004")]


def check_hosts(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    if _is_in_debug() or "*" not in settings.ALLOWED_HOSTS:
        return []
    text = "ALLOWED_HOSTS has '*', so links and origin checks trust any Host header."
    return [Warning(text, hint="List the names that this server is reached by.", id="oddjobbox.W001")]


def check_lifetimes(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    if settings.SHORT_ACCESS_TOKEN_LIFETIME < settings.SESSION_LIFETIME <= settings.SESSION_ABSOLUTE_LIFETIME:
        return []
    text = (
        "SHORT_ACCESS_TOKEN_LIFETIME, SESSION_LIFETIME and SESSION_ABSOLUTE_LIFETIME must grow in this order."
    )
    return [Error(text, hint="Such as 15m, 60d and 365d.", id="oddjobbox.E005")]


def check_mail(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    if _is_in_debug() or settings.EMAIL_IS_SET:
        return []
    hint = "Such as smtp+tls://USER:PASSWORD@HOST:587; consolemail:// prints the mails."
    return [Error("EMAIL_URL is not set, so nobody could reset a password.", hint=hint, id="oddjobbox.E006")]


def check_mail_in_production(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    if _is_in_debug():
        return []
    found: list[CheckMessage] = []
    if not settings.TASKS_IN_DATABASE:
        text = "TASKS is immediate, so the time of an answer tells whether a mail was sent."
        found.append(Warning(text, hint="TASKS=database, and manage.py send_mails.", id="oddjobbox.W002"))
    if urlsplit(settings.FRONTEND_URL).hostname == "localhost":
        text = "FRONTEND_URL is on localhost, where the links in mails lead nobody."
        found.append(Warning(text, hint="The address of the frontend.", id="oddjobbox.W003"))
    if settings.DEFAULT_FROM_EMAIL.endswith("@localhost>"):
        text = "DEFAULT_FROM_EMAIL is on localhost, from where few servers take a mail."
        found.append(Warning(text, hint="Such as Name <no-reply@example.com>.", id="oddjobbox.W004"))
    return found


def is_public(secret: str) -> bool:
    """Return whether the secret is on the public list of signing secrets, or one of Django's own."""
    return secret.startswith("django-insecure-") or secret in _public_secrets()


@lru_cache(maxsize=1)
def _public_secrets() -> DigestSet:
    return DigestSet.read(DIGESTS, DIGEST_BYTES)


CHECKS = (
    check_secret_key,
    check_atomic_requests,
    check_hosts,
    check_lifetimes,
    check_mail,
    check_mail_in_production,
)
