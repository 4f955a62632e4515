"""Secrets that anyone could know are told from checks."""

import secrets as random

import pytest

from authentication import checks


@pytest.mark.parametrize(
    "secret",
    [
        "a" * 32,
        "12345678901234567890123456789012",
        # The example of a widely read tutorial.
        "09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7",
        "django-insecure-",
        "django-insecure-" + "x" * 50,
    ],
)
def test_a_secret_of_a_tutorial_is_public(secret: str) -> None:
    assert checks.is_public(secret) is True


def test_a_random_secret_is_not() -> None:
    for _ in range(1000):
        assert checks.is_public(random.token_urlsafe(48)) is False


def test_nothing_but_the_exact_secret_is_public() -> None:
    for secret in ("a" * 31, "a" * 32 + "\n", "A" * 32, "xdjango-insecure-x", "\ud7ff" * 32, "a" * 10**6):
        assert checks.is_public(secret) is False


def test_the_list_is_whole() -> None:
    size = checks.DIGESTS.stat().st_size
    assert size % checks.DIGEST_BYTES == 0
    assert size // checks.DIGEST_BYTES > 1_000
