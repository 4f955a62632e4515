"""Every test here runs in the project of :mod:`tests.neighbours.urls`."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from pytest_django.fixtures import Settings

from tests.neighbours import probe


@pytest.fixture(autouse=True)
def _project(settings: Settings) -> Iterator[None]:
    settings.ROOT_URLCONF = "tests.neighbours.urls"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    probe.raised.clear()
    cache.clear()
    yield
    probe.raised.clear()
    cache.clear()
