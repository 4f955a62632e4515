"""Which secrets are no secrets."""

import hashlib
from functools import lru_cache
from pathlib import Path

# RFC 7518 §3.2: a key of the size of the hash output or larger.
MIN_BYTES = 32
DEVELOPMENT_PREFIX = "development-only-"

DIGEST_BYTES = 6
DIGESTS = Path(__file__).with_name("public_secrets.bin")


def digest(secret: str) -> bytes:
    """Return the first 6 bytes of the secret's SHA-256."""
    return hashlib.sha256(secret.encode()).digest()[:DIGEST_BYTES]


def is_public(secret: str) -> bool:
    """Return whether the secret is on the public list of signing secrets, or one of Django's own."""
    return secret.startswith("django-insecure-") or digest(secret) in _digests()


@lru_cache(maxsize=1)
def _digests() -> frozenset[bytes]:
    packed = DIGESTS.read_bytes()
    return frozenset(packed[at : at + DIGEST_BYTES] for at in range(0, len(packed), DIGEST_BYTES))
