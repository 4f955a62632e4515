"""GET /auth/events with a cursor or a page size that no link has."""

from base64 import b64encode
from urllib.parse import quote

import pytest
from rest_framework.test import APIClient

from authentication.models import User
from tests.audit.steps import PATH, cursor, fill, get, ids
from tests.conftest import PASSWORD

NO_PAGE = {
    "detail": "This cursor leads to no page. Leave it out to begin with the newest event.",
    "code": "bad_request",
}
NO_SIZE = {"detail": "page_size must be a whole number, 1 or more.", "code": "bad_request"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "=",
        "cD0",
        # Of an older release.
        "older-1795443600000000-1024",
        "newer-1-1",
        # Cursors of other APIs, and content that ours never have.
        cursor("2026-11-23 12:00:00+00:00"),
        cursor(""),
        cursor("-1"),
        cursor("+1"),
        cursor(" 1"),
        cursor("1.5"),
        cursor("1e3"),
        cursor("1\n"),
        cursor("1\x00"),
        cursor("\u0661"),
        cursor("9" * 19),
        cursor("9" * 5000),
        cursor("1 OR 1=1"),
        cursor("1", o="1"),
        cursor("1", o="-1"),
        cursor("1", o="9" * 5000),
        cursor("1", r="x"),
        b64encode(b"r=1").decode(),
        b64encode(b"\xff\xfe").decode(),
        "\ud7ff\U0010ffff",
    ],
    ids=lambda value: repr(value)[:20],
)
def test_an_invalid_cursor_is_refused(signed_in: APIClient, user: User, text: str) -> None:
    fill(user, 1)
    answer = signed_in.get(f"{PATH}?cursor={quote(text, safe='')}")

    assert (answer.status_code, answer.json()) == (400, NO_PAGE)


@pytest.mark.parametrize("query", ["%ff%fe", "a&cursor=%00", f"{cursor('1')}&cursor="])
def test_a_cursor_in_broken_encoding_or_sent_twice_is_rejected(signed_in: APIClient, query: str) -> None:
    answer = signed_in.get(f"{PATH}?cursor={query}")

    assert (answer.status_code, answer.json()) == (400, NO_PAGE)


@pytest.mark.parametrize(
    ("position", "more", "is_shown"),
    [
        ("0", {}, False),
        ("0", {"r": "1"}, True),
        ("9" * 18, {}, True),
        ("9" * 18, {"r": "1"}, False),
    ],
)
def test_cursors_at_both_ends_of_time_and_of_ids_are_valid(
    signed_in: APIClient, user: User, position: str, more: dict[str, str], is_shown: bool
) -> None:
    expected = fill(user, 1)

    shown = ids(get(signed_in, f"{PATH}?cursor={quote(cursor(position, **more))}"))

    assert shown == (expected if is_shown else [])


def test_a_cursor_leads_to_no_events_of_others(signed_in: APIClient, user: User) -> None:
    other = User.objects.create_user("other_user", "other@example.com", PASSWORD)
    newest = fill(other, 3)[0]

    assert get(signed_in, f"{PATH}?cursor={quote(cursor(str(newest + 1)))}")["results"] == []


@pytest.mark.parametrize("size", ["", "0", "000", "-1", "1.5", "1e3", "ten", "%20", "1%00", "%D9%A1", "0x10"])
def test_an_invalid_page_size_is_refused(signed_in: APIClient, size: str) -> None:
    answer = signed_in.get(f"{PATH}?page_size={size}")

    assert (answer.status_code, answer.json()) == (400, NO_SIZE)


def test_an_invalid_cursor_is_a_problem_document_on_request(signed_in: APIClient) -> None:
    answer = signed_in.get(f"{PATH}?cursor=x", HTTP_ACCEPT="application/problem+json")

    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json() == {
        "type": "/docs/errors#bad_request",
        "title": "The request could not be understood.",
        "status": 400,
        **NO_PAGE,
    }


def test_a_thousand_parameters_are_rejected(signed_in: APIClient) -> None:
    answer = signed_in.get(PATH + "?" + "&".join(f"a{number}=1" for number in range(1100)))

    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")
