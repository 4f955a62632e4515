"""What limits cost: the statements of a request with and without them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from authentication.models import User
from tests.conftest import PASSWORD, client_for
from tests.limits.steps import fail, login


@pytest.fixture
def user(transactional_db: None) -> User:
    return User.objects.create_user("jane_doe", "jane@example.com", PASSWORD)


def _statements(act: Callable[[], Any], status: int) -> int:
    with CaptureQueriesContext(connection) as queries:
        answer = act()
    assert answer.status_code == status
    return len([query for query in queries if not query["sql"].startswith(("BEGIN", "COMMIT"))])


@pytest.mark.parametrize(("limits", "right", "wrong"), [(False, 5, 2), (True, 7, 3)])
def test_a_sign_in(settings: Any, api: APIClient, user: User, limits: bool, right: int, wrong: int) -> None:
    """The right one stores a mail as well, for nobody has signed in from here before."""
    settings.RATE_LIMITS = limits

    assert _statements(lambda: login(api, "jane_doe", PASSWORD), 200) == right
    assert _statements(lambda: login(api, "jane_doe"), 400) == wrong
    assert _statements(lambda: login(api, "nobody_here"), 400) == wrong


@pytest.mark.parametrize(("limits", "right", "wrong"), [(False, 4, 2), (True, 6, 3)])
def test_a_sign_in_from_a_known_device(
    settings: Any, user: User, limits: bool, right: int, wrong: int
) -> None:
    settings.RATE_LIMITS = limits
    marker = login(APIClient(), "jane_doe", PASSWORD).json()["device"]
    device = APIClient(headers={"X-Device": marker})

    assert _statements(lambda: login(device, "jane_doe", PASSWORD), 200) == right
    assert _statements(lambda: login(device, "jane_doe"), 400) == wrong


@pytest.mark.parametrize("identifier", ["jane_doe", "nobody_here"])
def test_a_refused_sign_in(api: APIClient, user: User, advance: Callable[..., None], identifier: str) -> None:
    fail(api, identifier, 10)
    advance(seconds=1)

    # Who is it, is there a place, and until when is there none.
    assert _statements(lambda: login(api, identifier, PASSWORD), 429) == 3


@pytest.mark.parametrize("limits", [False, True])
def test_an_authenticated_request_is_one_statement_either_way(
    settings: Any, user: User, limits: bool
) -> None:
    settings.RATE_LIMITS = limits
    client = client_for(user.token)

    assert _statements(lambda: client.get("/auth/me"), 200) == 1
