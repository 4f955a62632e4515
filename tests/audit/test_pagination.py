"""GET /auth/events with a cursor or a page size that no link has."""

from urllib.parse import quote

import pytest
from rest_framework.test import APIClient

from authentication.models import User
from tests.audit.steps import PATH, fill, get, ids

NO_PAGE = {
    "detail": "This cursor leads to no page. Leave it out to begin with the newest event.",
    "code": "bad_request",
}
NO_SIZE = {"detail": "page_size must be a whole number, 1 or more.", "code": "bad_request"}


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "cD0yMDI2LTExLTIz",
        "older",
        "older-1-",
        "older--1-1",
        "older-1-1-1",
        "Older-1-1",
        "sideways-1-1",
        "older-1-1\n",
        "older-1-1\x00",
        "older-1.5-1",
        "older-1-1e3",
        "older-\u0661-1",
        "older-" + "9" * 17 + "-1",
        "older-1-" + "9" * 19,
        "9" * 5000,
        "' OR 1=1 --",
        "\ud7ff\U0010ffff",
    ],
    ids=lambda value: repr(value)[:20],
)
def test_an_invalid_cursor_is_refused(signed_in: APIClient, cursor: str) -> None:
    answer = signed_in.get(f"{PATH}?cursor={quote(cursor)}")

    assert (answer.status_code, answer.json()) == (400, NO_PAGE)


@pytest.mark.parametrize("cursor", ["%ff%fe", "a&cursor=%00", "older-1-1&cursor="])
def test_a_cursor_in_broken_encoding_or_sent_twice_is_refused(signed_in: APIClient, cursor: str) -> None:
    answer = signed_in.get(f"{PATH}?cursor={cursor}")

    assert (answer.status_code, answer.json()) == (400, NO_PAGE)


@pytest.mark.parametrize("direction", ["older", "newer"])
@pytest.mark.parametrize("at", ["0", "1795435200000000", "9" * 16])
@pytest.mark.parametrize("key", ["0", "9" * 18])
def test_cursors_at_both_ends_of_time_and_of_ids_are_valid(
    signed_in: APIClient, user: User, direction: str, at: str, key: str
) -> None:
    expected = fill(user, 1)

    shown = ids(get(signed_in, f"{PATH}?cursor={direction}-{at}-{key}"))

    is_older = (at, key) != ("0", "0") and at != "0" and (at, key) != ("1795435200000000", "0")
    assert shown == (expected if is_older == (direction == "older") else [])


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


def test_a_thousand_parameters_are_refused(signed_in: APIClient) -> None:
    answer = signed_in.get(PATH + "?" + "&".join(f"a{number}=1" for number in range(1100)))

    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")
