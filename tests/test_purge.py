"""manage.py purge"""

from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib.sessions.models import Session as AdminSession
from django.core.management import call_command
from django.test import Client
from django_tasks_db.models import DBTaskResult
from rest_framework.test import APIClient

from authentication.audit import services as audit
from authentication.core import clock
from authentication.emails.mails import send_email_verification
from authentication.limits import services as limits
from authentication.mail import services as mail
from authentication.models import Counter, Event, Session, User
from authentication.sessions import services as sessions
from tests.conftest import PASSWORD
from tests.sessions.steps import me_code, sign_in


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def _purge(output: StringIO | None = None) -> str:
    output = output or StringIO()
    call_command("purge", stdout=output)
    return output.getvalue()


def _session(user: User, **fields: Any) -> Session:
    now = clock.now()
    row = {"created_at": now, "last_seen_at": now, "expires_at": now + timedelta(days=1), **fields}
    return Session.objects.create(user=user, **{"security_stamp": user.security_stamp, **row})


def _counter(key: str, **fields: Any) -> Counter:
    now = clock.now()
    return Counter.objects.create(key=key, **{"hits": 1, "last_at": now, "resets_at": now, **fields})


def _task(status: str, finished_at: datetime | None) -> DBTaskResult:
    task = send_email_verification.enqueue(email="jane@example.com")
    DBTaskResult.objects.filter(pk=task.id).update(status=status, finished_at=finished_at)
    return DBTaskResult.objects.get(pk=task.id)


def _fill(user: User) -> None:
    """Store one of each kind that stays, and one, two, three, four and five that go."""
    now = clock.now()
    _session(user)
    _session(user, expires_at=now)
    for at in (now - timedelta(days=364), now - timedelta(days=366), now - timedelta(days=3000)):
        Event.objects.create(event="signed_in", user=user, at=at)
    _counter("lives", resets_at=now + timedelta(minutes=1))
    for number in range(3):
        _counter(f"over {number}")
    AdminSession.objects.create(session_key="lives", expire_date=now + timedelta(minutes=1))
    for number in range(5):
        AdminSession.objects.create(session_key=f"over {number}", expire_date=now)
    _task("READY", None)
    for _ in range(4):
        _task("SUCCESSFUL", now - timedelta(days=2))


def test_a_purge_deletes_expired_rows_only(user: User) -> None:
    _fill(user)

    said = _purge()

    assert said == (
        "Deleted 1 ended session, 2 old events, 3 limit counters, 4 finished mail tasks "
        "and 5 sessions of the admin.\n"
    )
    assert Session.objects.get().expires_at > clock.now()
    assert Event.objects.get().at > clock.now() - timedelta(days=365)
    assert Counter.objects.get().key == "lives"
    assert DBTaskResult.objects.get().status == "READY"
    assert AdminSession.objects.get().session_key == "lives"


def test_running_it_twice_does_no_harm(user: User) -> None:
    _fill(user)
    _purge()

    assert _purge() == (
        "Deleted 0 ended sessions, 0 old events, 0 limit counters, 0 finished mail tasks "
        "and 0 sessions of the admin.\n"
    )


def test_a_terminal_shows_a_bar_that_makes_room_for_the_sentence(user: User) -> None:
    _fill(user)
    clear = "\r\033[K"

    said = _purge(Terminal())

    bar = "[##############################] 100% of"
    sentence = (
        "Deleted 1 ended session, 2 old events, 3 limit counters, 4 finished mail tasks "
        "and 5 sessions of the admin.\n"
    )
    assert said == (
        f"{clear}{bar} 1 ended sessions{clear}{bar} 2 old events{clear}{bar} 3 limit counters"
        f"{clear}{bar} 4 finished mail tasks{clear}{bar} 5 sessions of the admin{clear}{sentence}"
    )


def test_a_bar_grows(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("authentication.core.batches.BATCH_SIZE", 1)
    for number in range(3):
        _counter(f"over {number}")

    said = _purge(Terminal())

    assert "[##########....................]  33% of 3 limit counters" in said
    assert "[####################..........]  67% of 3 limit counters" in said


def test_how_long_events_are_kept_is_a_setting(user: User, settings: Any) -> None:
    settings.EVENT_RETENTION = timedelta(days=7)
    kept = Event.objects.create(event="signed_in", user=user, at=clock.now() - timedelta(days=6, hours=23))
    Event.objects.create(event="signed_in", user=user, at=clock.now() - timedelta(days=7))

    assert audit.purge() == 1

    assert Event.objects.get() == kept


def test_events_are_kept_for_a_year_unless_said_otherwise(settings: Any) -> None:
    assert settings.EVENT_RETENTION.days == 365


def test_a_sent_mail_is_forgotten_after_a_day_and_a_failed_one_after_thirty(db: None) -> None:
    now = clock.now()
    waiting, running = _task("READY", None), _task("RUNNING", None)
    sent = _task("SUCCESSFUL", now - timedelta(hours=23))
    failed = _task("FAILED", now - timedelta(days=29))
    _task("SUCCESSFUL", now - timedelta(hours=25))
    _task("FAILED", now - timedelta(days=31))

    assert mail.purge() == 2

    assert {*DBTaskResult.objects.all()} == {waiting, running, sent, failed}


def test_dead_sessions_go_whatever_killed_them(user: User) -> None:
    other = User.objects.create_user("other_user", "other@example.com", PASSWORD)
    living = _session(user)
    _session(user, expires_at=clock.now())
    _session(user, security_stamp="from before")
    _session(other)
    # Past save(), which would have renewed the stamp.
    User.objects.filter(pk=other.pk).update(is_active=False)

    assert sessions.purge() == 3

    assert Session.objects.get() == living


def test_a_session_without_a_refresh_token_lasts_as_long_as_its_token(
    api: APIClient, user: User, advance: Callable[..., None]
) -> None:
    token = sign_in(api)["token"]
    advance(days=59, hours=23)
    assert me_code(token) == ""
    assert sessions.purge() == 0

    advance(hours=1)

    assert me_code(token) == "token_expired"
    assert sessions.purge() == 1


def test_a_counter_that_is_purged_between_two_windows_is_not_missed(
    api: APIClient, user: User, advance: Callable[..., None]
) -> None:
    wrong = {"username": "jane_doe", "password": "wrong"}
    assert {api.post("/auth/login", wrong).status_code for _ in range(10)} == {400}
    assert limits.purge() == 0
    assert api.post("/auth/login", wrong).status_code == 429

    advance(hours=1)
    assert limits.purge() == 3

    assert {api.post("/auth/login", wrong).status_code for _ in range(10)} == {400}
    assert api.post("/auth/login", wrong).status_code == 429


def test_a_purge_keeps_living_sessions_of_the_admin(db: None, advance: Callable[..., None]) -> None:
    browser = Client()
    browser.force_login(User.objects.create_superuser("the_admin", "admin@example.com", PASSWORD))
    assert _purge().endswith("and 0 sessions of the admin.\n")
    assert browser.get("/admin/").status_code == 200

    advance(days=15)

    assert _purge().endswith("and 1 session of the admin.\n")
    assert browser.get("/admin/").status_code == 302
