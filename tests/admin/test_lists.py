"""The admin's lists: what staff find there, and what it costs the database."""

import re
from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from authentication import admin
from authentication.core import clock
from authentication.models import Event, Session, User
from tests.conftest import PASSWORD

EVENTS = "/admin/authentication/event/"


@pytest.fixture
def staff(db: None) -> Client:
    browser = Client()
    browser.force_login(User.objects.create_superuser("the_admin", "admin@example.com", PASSWORD))
    Event.objects.all().delete()
    return browser


@pytest.fixture
def other(db: None) -> User:
    return User.objects.create_user("other_user", "other@example.com", PASSWORD)


def _shown(staff: Client, path: str) -> list[str]:
    """Return the primary keys of the rows that a list shows, in its order."""
    answer = staff.get(path)
    assert answer.status_code == 200, path
    return [str(row.pk) for row in answer.context["cl"].result_list]


def _statements(staff: Client, path: str) -> list[str]:
    """Return the statements that a page needs about the app's own tables, without those of the sign-in."""
    with CaptureQueriesContext(connection) as queries:
        assert staff.get(path).status_code == 200
    session, user, *own = [query["sql"] for query in queries]
    assert "django_session" in session
    assert "authentication_user" in user
    return own


def test_the_newest_events_are_first(staff: Client, user: User) -> None:
    now = clock.now()
    events = [
        Event.objects.create(event="signed_in", user=user, at=now + timedelta(seconds=seconds))
        for seconds in (0, 2, 1, 1)
    ]

    assert _shown(staff, EVENTS) == [str(events[index].pk) for index in (1, 3, 2, 0)]


@pytest.mark.parametrize(
    "term", ["jane_doe", "JANE_doe", "jane@example.com", "Jane@EXAMPLE.com", " jane_doe "]
)
@pytest.mark.parametrize("path", [EVENTS, "/admin/authentication/session/"])
def test_a_search_is_for_a_whole_username_or_address(
    staff: Client, user: User, other: User, term: str, path: str
) -> None:
    for someone in (user, other):
        someone.sessions.open()
        Event.objects.create(event="signed_in", user=someone)
    Event.objects.create(event="sign_in_failed", user=None)
    own = Event if path == EVENTS else Session

    assert _shown(staff, f"{path}?q={term}") == [str(own.objects.get(user=user).pk)]


@pytest.mark.parametrize("term", ["jane", "nobody_here", "nobody@example.com", "192.0.2.7", "%", "x" * 999])
def test_a_search_for_nobody_shows_nothing(staff: Client, user: User, term: str) -> None:
    Event.objects.create(event="signed_in", user=user, ip="192.0.2.7")
    Event.objects.create(event="sign_in_failed", user=None)

    assert _shown(staff, f"{EVENTS}?q={term}") == []


def test_a_users_page_leads_to_the_events_and_the_sessions_of_the_user(
    staff: Client, user: User, other: User
) -> None:
    for someone in (user, other):
        someone.sessions.open()
        Event.objects.create(event="signed_in", user=someone)
    page = staff.get(f"/admin/authentication/user/{user.pk}/change/").content.decode()

    events, sessions = re.findall(r'<a href="([^"]+q=[^"]+)">', page)

    assert [unquote(events), unquote(sessions)] == [
        "/admin/authentication/event/?q=jane_doe",
        "/admin/authentication/session/?q=jane_doe",
    ]
    assert _shown(staff, events) == [str(Event.objects.get(user=user).pk)]
    assert _shown(staff, sessions) == [str(Session.objects.get(user=user).pk)]


def test_filters_by_event_and_time_go_together_with_the_search(
    staff: Client, user: User, other: User
) -> None:
    now = clock.now()
    wanted = Event.objects.create(event="refresh_reused", user=user, at=now)
    Event.objects.create(event="refresh_reused", user=other, at=now)
    Event.objects.create(event="refresh_reused", user=user, at=now - timedelta(days=8))
    Event.objects.create(event="signed_in", user=user, at=now)
    week = (now - timedelta(days=7)).strftime("%Y-%m-%d %H:%M:%S%%2B00:00")

    query = f"?q=jane_doe&event__exact=refresh_reused&at__gte={week}"

    assert _shown(staff, EVENTS + query) == [str(wanted.pk)]
    assert "Past 7 days" in staff.get(EVENTS).content.decode()


def test_no_page_has_a_menu_of_all_users(staff: Client, user: User) -> None:
    event = Event.objects.create(event="signed_in", user=None)
    user.sessions.open()
    session = Session.objects.get()

    for path in (
        EVENTS,
        f"{EVENTS}{event.pk}/change/",
        f"/admin/authentication/session/{session.pk}/change/",
    ):
        page = staff.get(path).content.decode()
        assert "other_user" not in page
        assert '<select name="user"' not in page


@pytest.mark.parametrize("path", ["event", "session", "user"])
def test_a_list_counts_no_further_than_it_shows(
    staff: Client, user: User, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(admin, "COUNTED", 3)
    for number in range(5):
        user.sessions.open()
        Event.objects.create(event="signed_in", user=user)
        User.objects.create_user(f"person_{number}", f"person_{number}@example.com", PASSWORD)

    answer = staff.get(f"/admin/authentication/{path}/")

    assert answer.context["cl"].result_count == 3
    counts = [sql for sql in _statements(staff, f"/admin/authentication/{path}/") if "COUNT(" in sql]
    assert len(counts) == 1
    assert re.search(r"LIMIT 3\) \"?subquery", counts[0])


@pytest.mark.parametrize(
    "query",
    ["", "?q=jane_doe", "?event__exact=signed_in", "?q=jane_doe&event__exact=signed_in", "?_facets=True"],
)
def test_the_statements_of_the_list_of_events_are_few_however_many_rows(
    staff: Client, user: User, query: str
) -> None:
    Event.objects.bulk_create(Event(event="signed_in", user=user) for _ in range(120))

    statements = _statements(staff, EVENTS + query)

    # The user that is searched for, the bounded count, and the rows with their users.
    assert len(statements) == (3 if "q=" in query else 2)
    assert all("LIMIT" in sql for sql in statements)
