"""However an account is written, its tries are counted together."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from rest_framework.test import APIClient

from authentication.models import User
from tests.conftest import PASSWORD
from tests.limits.steps import WRONG, assert_signs_in, login

Wait = Callable[..., datetime]

SPELLINGS = {
    "a username and an address": [
        "jane_doe",
        "JANE_DOE",
        "Jane_Doe",
        " jane_doe\t",
        "jane@example.com",
        "JANE@EXAMPLE.COM",
        "jane@Example.com",
        "jane@\uff45\uff58ample.com",
        "jane@example\u3002com",
    ],
    "an international domain": [
        "jane@bücher.example",
        "jane@BÜCHER.example",
        "jane@xn--bcher-kva.example",
        "JANE@XN--BCHER-KVA.EXAMPLE",
        "jane@bu\u0308cher.example",
        "jane@\uff42ücher.example",
    ],
    "a name that nobody has": ["nobody_here", "NOBODY_HERE", "Nobody_Here", " nobody_here "],
    "an address that nobody has": [
        "nobody@bücher.example",
        "Nobody@BÜCHER.EXAMPLE",
        "nobody@xn--bcher-kva.example",
        "nobody@bu\u0308cher.example",
        "nobody@\uff42ücher.example",
    ],
}


@pytest.fixture
def _jane(request: pytest.FixtureRequest, db: None) -> None:
    domain = "bücher.example" if "international" in request.node.callspec.id else "example.com"
    User.objects.create_user("jane_doe", f"jane@{domain}", PASSWORD)


@pytest.mark.usefixtures("_jane")
@pytest.mark.parametrize("spellings", SPELLINGS.values(), ids=SPELLINGS.keys())
def test_ten_tries_in_any_spellings_are_ten(api: APIClient, wait: Wait, spellings: list[str]) -> None:
    for number in range(10):
        answer = login(api, spellings[number % len(spellings)])
        assert (answer.status_code, answer.json()) == (400, WRONG), number
    wait(seconds=1)

    assert {spelling: login(api, spelling, PASSWORD).status_code for spelling in spellings} == dict.fromkeys(
        spellings, 429
    )
    assert login(api, "someone_else").status_code == 400


@pytest.mark.usefixtures("_jane")
@pytest.mark.parametrize("spellings", [SPELLINGS["an international domain"]], ids=["international"])
def test_every_spelling_of_a_known_account_signs_in(api: APIClient, spellings: list[str]) -> None:
    for spelling in spellings:
        assert_signs_in(api, spelling)


@pytest.mark.parametrize("field", ["username", "email"])
def test_the_name_of_the_field_does_not_reset_the_limit(
    api: APIClient, user: User, wait: Wait, field: str
) -> None:
    for number in range(10):
        name = ("username", "email")[number % 2]
        api.post("/auth/login", {name: "jane@example.com", "password": "wrong"})
    wait(seconds=1)

    answer: Any = api.post("/auth/login", {field: "jane@example.com", "password": PASSWORD})

    assert answer.status_code == 429


def test_a_new_username_does_not_reset_the_limit(api: APIClient, user: User, wait: Wait) -> None:
    for _ in range(10):
        login(api, "jane_doe")
    User.objects.filter(pk=user.pk).update(username="jane_two")
    wait(seconds=1)

    assert login(api, "jane_two", PASSWORD).status_code == 429
