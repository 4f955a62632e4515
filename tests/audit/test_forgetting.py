"""What the log keeps of an account that is deleted."""

from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from authentication.models import Event, User
from tests.conftest import PASSWORD

ADDRESS, AGENT = "192.0.2.7", "Mozilla/5.0 (Smart Fridge)"
LOGIN = {"username": "jane_doe", "password": PASSWORD}


@pytest.fixture
def device(user: User) -> APIClient:
    """A client that has signed in once, and failed once."""
    client = APIClient(REMOTE_ADDR=ADDRESS, headers={"User-Agent": AGENT})
    client.post("/auth/login", LOGIN | {"password": "wrong"})
    token = client.post("/auth/login", LOGIN).json()["token"]
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client


@pytest.fixture
def staff(db: None) -> Client:
    browser = Client()
    browser.force_login(User.objects.create_superuser("the_admin", "admin@example.com", PASSWORD))
    return browser


def _log() -> list[tuple[str, int | None, str | None, str]]:
    return list(Event.objects.order_by("pk").values_list("event", "user_id", "ip", "user_agent"))


def _by_api(user: User, device: APIClient, staff: Client) -> None:
    assert device.post("/auth/me/delete", {"password": PASSWORD}).status_code == 204


def _by_form(user: User, device: APIClient, staff: Client) -> None:
    path = f"/admin/authentication/user/{user.pk}/delete/"
    assert staff.post(path, {"post": "yes"}, REMOTE_ADDR=ADDRESS).status_code == 302


def _by_action(user: User, device: APIClient, staff: Client) -> None:
    form = {"action": "delete_selected", "_selected_action": [str(user.pk)], "post": "yes"}
    assert staff.post("/admin/authentication/user/", form, REMOTE_ADDR=ADDRESS).status_code == 302


def _by_shell(user: User, device: APIClient, staff: Client) -> None:
    User.objects.filter(pk=user.pk).delete()


@pytest.mark.parametrize("delete", [_by_api, _by_form, _by_action, _by_shell])
def test_events_of_a_deleted_account_name_neither_the_user_nor_the_address(
    user: User, device: APIClient, staff: Client, delete: Callable[[User, APIClient, Client], None]
) -> None:
    before = [event for event in _log() if event[1] == user.pk]
    assert [event[2:] for event in before] == [(ADDRESS, AGENT)] * 2
    others = [event for event in _log() if event[1] != user.pk]

    delete(user, device, staff)

    assert not User.objects.filter(pk=user.pk).exists()
    gone = [(event, None, None, "") for event in ("sign_in_failed", "signed_in", "account_deleted")]
    assert sorted(_log(), key=str) == sorted(others + gone, key=str)


def test_the_events_of_others_stay_what_they_are(user: User, device: APIClient) -> None:
    other = User.objects.create_user("other_user", "other@example.com", PASSWORD)
    Event.objects.create(event="signed_in", user=other, ip=ADDRESS, user_agent=AGENT)
    Event.objects.create(event="sign_in_failed", user=None, ip=ADDRESS, user_agent=AGENT)

    device.post("/auth/me/delete", {"password": PASSWORD})

    assert _log()[2:] == [
        ("signed_in", other.pk, ADDRESS, AGENT),
        ("sign_in_failed", None, ADDRESS, AGENT),
        ("account_deleted", None, None, ""),
    ]


def test_the_user_is_locked_before_the_events_are_forgotten(user: User) -> None:
    with CaptureQueriesContext(connection) as queries:
        user.delete()

    statements = [query["sql"] for query in queries]
    locked = next(at for at, sql in enumerate(statements) if sql.startswith("SELECT"))
    forgotten = next(at for at, sql in enumerate(statements) if sql.startswith("UPDATE"))
    assert locked < forgotten
    assert ("FOR UPDATE" in statements[locked]) == (connection.vendor == "postgresql")


def test_a_deletion_that_fails_forgets_nothing(
    user: User, device: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _log()

    def refuse(*args: object, **kwargs: object) -> None:
        raise RuntimeError

    # The last step of a deletion, behind the events.
    monkeypatch.setattr("django.db.models.sql.DeleteQuery.delete_batch", refuse)
    with pytest.raises(RuntimeError), transaction.atomic():
        user.delete()

    assert _log() == before
    assert User.objects.filter(pk=user.pk).exists()


def test_an_account_that_is_gone_already_is_not_recorded_again(user: User) -> None:
    copy = User.objects.get(pk=user.pk)
    user.delete()
    copy.delete()

    assert [event[0] for event in _log()] == ["account_deleted"]
