"""Which secrets are no secrets."""

from functools import lru_cache
from pathlib import Path

from authentication.core.digests import DigestSet

# RFC 7518 §3.2: a key of the size of the hash output or larger.
MIN_BYTES = 32
DEVELOPMENT_PREFIX = "development-only-"

DIGEST_BYTES = 6
DIGESTS = Path(__file__).with_name("public_secrets.bin")


def is_public(secret: str) -> bool:
    """Return whether the secret is on the public list of signing secrets, or one of Django's own."""
    return secret.startswith("django-insecure-") or secret in _public_secrets()


@lru_cache(maxsize=1)
def _public_secrets() -> DigestSet:
    return DigestSet.read(DIGESTS, DIGEST_BYTES)
