"""The key ring: one key signs, all of them verify."""

from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Key:
    """A key with the one algorithm that it may be used with (RFC 8725 §3.1)."""

    algorithm: str
    secret: bytes


@lru_cache(maxsize=8)
def _ring(secrets: tuple[str, ...]) -> tuple[Key, ...]:
    return tuple(Key("HS256", secret.encode()) for secret in secrets)


def key_ring() -> tuple[Key, ...]:
    """Return the keys: the first signs, and every one of them verifies."""
    return _ring((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))
