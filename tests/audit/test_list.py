"""GET /auth/events"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
import yaml
from jsonschema import Draft202012Validator
from rest_framework.test import APIClient

from authentication.audit.models import EventType
from authentication.models import Event, User
from tests.audit.steps import NOON, PATH, cursor, fill, get, ids
from tests.conftest import PASSWORD, client_for
from tools.documents import openapi

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def _walk(client: APIClient, path: str | None, direction: str = "next") -> list[list[int]]:
    pages = []
    while path is not None:
        body = get(client, path)
        pages.append(ids(body))
        path = body[direction]
    return pages


def test_an_event_has_a_type_a_time_an_address_and_a_device(api: APIClient, user: User) -> None:
    client = APIClient(REMOTE_ADDR="192.0.2.7", headers={"User-Agent": FIREFOX})
    signed_in = client.post("/auth/login", {"username": "jane_doe", "password": PASSWORD}).json()
    event = Event.objects.get()

    answer = client_for(signed_in["token"]).get(PATH)

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json() == {
        "next": None,
        "previous": None,
        "results": [
            {
                "id": event.pk,
                "event": "signed_in",
                "title": "Signed in",
                "at": f"{event.at:%Y-%m-%dT%H:%M:%SZ}",
                "ip": "192.0.2.7",
                "device": "Firefox on Linux",
                "user_agent": FIREFOX,
            }
        ],
    }


def test_an_event_without_address_and_agent_says_so(signed_in: APIClient, user: User) -> None:
    event = Event.objects.create(event=EventType.SIGN_INS_LIMITED, user=user, at=NOON)

    assert get(signed_in, PATH + "/")["results"] == [
        {
            "id": event.pk,
            "event": "sign_ins_limited",
            "title": "Too many failed sign-ins",
            "at": "2026-11-23T12:00:00Z",
            "ip": None,
            "device": "Unknown device",
            "user_agent": "",
        }
    ]


def test_the_newest_are_first_and_only_the_users_own_are_shown(signed_in: APIClient, user: User) -> None:
    other = User.objects.create_user("other_user", "other@example.com", PASSWORD)
    fill(other, 3)
    Event.objects.create(event="signed_in", user=None, at=NOON)
    older = Event.objects.create(event="signed_in", user=user, at=NOON - timedelta(hours=1))
    middle = Event.objects.create(event="signed_in", user=user, at=NOON)
    newest = Event.objects.create(event="signed_in", user=user, at=NOON + timedelta(hours=1))

    assert ids(get(signed_in, PATH)) == [newest.pk, middle.pk, older.pk]


def test_nobody_reads_without_a_token(api: APIClient, db: None) -> None:
    answer = api.get(PATH)

    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")


def test_an_account_without_events_has_an_empty_page(signed_in: APIClient) -> None:
    assert get(signed_in, PATH) == {"next": None, "previous": None, "results": []}


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", 50),
        ("?page_size=1", 1),
        ("?page_size=099", 99),
        ("?page_size=100", 100),
        ("?page_size=101", 100),
        ("?page_size=" + "9" * 5000, 100),
    ],
    ids=lambda value: str(value)[:20],
)
def test_a_page_has_fifty_events_or_as_many_as_asked_for_up_to_a_hundred(
    signed_in: APIClient, user: User, query: str, shown: int
) -> None:
    expected = fill(user, 110)

    assert ids(get(signed_in, PATH + query)) == expected[:shown]


@pytest.mark.parametrize("apart", [timedelta(seconds=1), timedelta(microseconds=1), timedelta(0)], ids=str)
@pytest.mark.parametrize("size", [1, 3, 4, 12, 13])
def test_pages_lead_to_every_event_once_and_back_again(
    signed_in: APIClient, user: User, apart: timedelta, size: int
) -> None:
    # With no time between them, all events share one timestamp.
    expected = fill(user, 12, apart=apart)

    there = _walk(signed_in, f"{PATH}?page_size={size}")

    assert there == [expected[at : at + size] for at in range(0, 12, size)]
    if len(there) > 1:
        last = get(signed_in, f"{PATH}?page_size={size}")
        while last["next"]:
            last = get(signed_in, last["next"])
        back = _walk(signed_in, last["previous"], "previous")
        assert [event for page in reversed(back) for event in page] == expected[: -len(there[-1])]


def test_a_previous_page_leads_to_the_next_one_again(signed_in: APIClient, user: User) -> None:
    expected = fill(user, 9)
    second = get(signed_in, get(signed_in, f"{PATH}?page_size=3")["next"])

    first = get(signed_in, second["previous"])

    assert (ids(first), first["previous"]) == (expected[:3], None)
    assert get(signed_in, first["next"]) == second


@pytest.mark.parametrize("apart", [timedelta(seconds=1), timedelta(0)], ids=str)
def test_events_that_come_in_meanwhile_move_no_page(
    signed_in: APIClient, user: User, apart: timedelta
) -> None:
    expected = fill(user, 6, apart=apart)
    first = get(signed_in, f"{PATH}?page_size=3")
    added = [Event.objects.create(event="signed_in", user=user, at=NOON).pk for _ in range(4)]

    second = get(signed_in, first["next"])

    assert ids(first) + ids(second) == expected
    back = _walk(signed_in, second["previous"], "previous")
    # What came in has the time of the newest, and greater ids.
    assert [event for page in reversed(back) for event in page] == added[::-1] + expected[:3]


def test_a_page_whose_events_were_purged_meanwhile_is_empty(signed_in: APIClient, user: User) -> None:
    expected = fill(user, 4)
    link = get(signed_in, f"{PATH}?page_size=2")["next"]
    Event.objects.filter(pk__in=expected[1:]).delete()

    page = get(signed_in, link)

    assert (page["next"], page["results"]) == (None, [])
    # The way back leads to what is left.
    assert ids(get(signed_in, page["previous"])) == expected[:1]


def test_events_stay_in_the_order_in_which_they_were_recorded(signed_in: APIClient, user: User) -> None:
    """A server's clock may be set back, and simultaneous events share a time."""
    hours = (0, 2, 1, 1)
    recorded = [
        Event.objects.create(event="signed_in", user=user, at=NOON + timedelta(hours=hour)).pk
        for hour in hours
    ]

    assert _walk(signed_in, f"{PATH}?page_size=1") == [[event] for event in reversed(recorded)]


def test_a_link_names_the_server_as_the_client_does(signed_in: APIClient, user: User) -> None:
    last = fill(user, 3)[1]

    answer = signed_in.get(f"{PATH}/?page_size=2", HTTP_HOST="localhost:8123")

    query = urlencode({"cursor": cursor(str(last)), "page_size": "2"})
    assert answer.json()["next"] == f"http://localhost:8123/auth/events/?{query}"


def test_a_link_has_the_prefix_that_the_server_is_mounted_at(signed_in: APIClient, user: User) -> None:
    last = fill(user, 3)[1]

    answer = signed_in.get(f"{PATH}?page_size=2", SCRIPT_NAME="/backend")

    query = urlencode({"cursor": cursor(str(last)), "page_size": "2"})
    assert answer.json()["next"] == f"http://testserver/backend{PATH}?{query}"


@pytest.mark.parametrize(("proxies", "scheme"), [(0, "http"), (1, "https")])
def test_behind_a_proxy_that_is_trusted_a_link_has_the_scheme_of_the_proxy(
    signed_in: APIClient, user: User, settings: Any, proxies: int, scheme: str
) -> None:
    fill(user, 2)
    settings.TRUSTED_PROXIES = proxies
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if proxies else None
    forwarded = {"HTTP_X_FORWARDED_PROTO": "https", "HTTP_X_FORWARDED_HOST": "evil.example"}

    link = signed_in.get(f"{PATH}?page_size=1", HTTP_HOST="localhost", **forwarded).json()["next"]

    assert urlsplit(link)[:3] == (scheme, "localhost", PATH)


def test_a_page_is_one_query_beside_that_of_the_token(
    signed_in: APIClient, user: User, django_assert_num_queries: Any
) -> None:
    fill(user, 20)
    link = get(signed_in, f"{PATH}?page_size=5")["next"]

    for path in (PATH, link):
        with django_assert_num_queries(2):
            get(signed_in, path)


def test_a_page_is_answered_as_documented(signed_in: APIClient, user: User) -> None:
    document = yaml.safe_load(openapi())
    described = document["paths"][PATH]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    validator = Draft202012Validator({**described, "components": document["components"]})
    fill(user, 3)

    body = get(signed_in, f"{PATH}?page_size=2")

    validator.validate(body)
    assert body["next"]
    assert not validator.is_valid(body["results"])


def test_an_event_that_just_happened_is_on_the_first_page(
    signed_in: APIClient, advance: Callable[..., None]
) -> None:
    signed_in.patch("/auth/me", {"username": "jane_two"})
    advance(seconds=1)
    signed_in.patch("/auth/me", {"username": "jane_three"})

    assert [event["title"] for event in get(signed_in, PATH)["results"]] == ["Renamed", "Renamed"]
