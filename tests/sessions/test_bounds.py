"""How many sessions a user has, and which of them are cleared away."""

from datetime import timedelta

from django.db.models import F
from rest_framework.test import APIClient

from authentication.core import clock
from authentication.models import Session, User
from tests.conftest import PASSWORD, client_for
from tests.sessions.steps import me_code, sign_in


def _fill(user: User, count: int) -> None:
    """Store so many living sessions, each seen a minute before the one after it."""
    now = clock.now()
    Session.objects.bulk_create(
        Session(
            user=user,
            created_at=now - timedelta(days=1),
            last_seen_at=now - timedelta(minutes=count - number),
            expires_at=now + timedelta(days=1),
            security_stamp=user.security_stamp,
        )
        for number in range(count)
    )


def test_the_51st_sign_in_drops_the_session_not_seen_for_longest(api: APIClient, user: User) -> None:
    _fill(user, 49)
    first = sign_in(api)["token"]
    assert Session.objects.count() == 50
    least, next_to_least = Session.objects.order_by("last_seen_at")[:2]

    last = sign_in(api)["token"]

    assert Session.objects.count() == 50
    assert not Session.objects.filter(pk=least.pk).exists()
    assert Session.objects.filter(pk=next_to_least.pk).exists()
    assert [me_code(first), me_code(last)] == ["", ""]


def test_an_old_session_that_is_used_stays(api: APIClient, user: User) -> None:
    oldest = sign_in(api)["token"]
    Session.objects.update(last_seen_at=F("last_seen_at") - timedelta(days=3))
    assert me_code(oldest) == ""
    _fill(user, 49)

    sign_in(api)

    assert me_code(oldest) == ""


def test_the_sessions_of_others_do_not_count(api: APIClient, user: User) -> None:
    other = User.objects.create_user("other_user", "other@example.com", PASSWORD)
    _fill(other, 50)

    sign_in(api)

    assert Session.objects.filter(user=other).count() == 50


def test_signing_in_deletes_the_users_own_dead_sessions(api: APIClient, user: User) -> None:
    other = User.objects.create_user("other_user", "other@example.com", PASSWORD)
    _fill(user, 3)
    _fill(other, 1)
    first, second, living = Session.objects.filter(user=user).order_by("last_seen_at")
    Session.objects.filter(pk=first.pk).update(expires_at=clock.now())
    Session.objects.filter(pk=second.pk).update(security_stamp="from before")
    Session.objects.filter(user=other).update(expires_at=clock.now())

    sign_in(api)

    assert not Session.objects.filter(pk__in=(first.pk, second.pk)).exists()
    assert Session.objects.filter(pk=living.pk).exists()
    assert Session.objects.filter(user=other).count() == 1


def test_a_password_change_deletes_the_sessions_that_it_ended(api: APIClient, user: User) -> None:
    _fill(user, 3)
    body = {"password": PASSWORD, "new_password": "battery staple horse"}

    answer = client_for(sign_in(api)["token"]).post("/auth/password/change", body)

    assert me_code(answer.json()["token"]) == ""
    assert Session.objects.count() == 1
