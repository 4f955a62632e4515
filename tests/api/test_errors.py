"""The catalogue is complete, and every entry is fit to be shown."""

import re
from collections import Counter

import pytest
from django.test import RequestFactory

from authentication.api.errors import INPUT_CODES, CatalogueError, TokenRefused, catalogue
from authentication.api.exceptions import error_response

ALL = list(catalogue())
each = pytest.mark.parametrize("error", ALL, ids=lambda error: error.code)


def test_codes_are_unique() -> None:
    assert [code for code, times in Counter(error.code for error in ALL).items() if times > 1] == []


def test_the_catalogue_lists_every_class_with_a_code_in_order() -> None:
    def classes(error: type[CatalogueError]) -> set[type[CatalogueError]]:
        return {error}.union(*map(classes, error.__subclasses__()))

    assert set(ALL) == {error for error in classes(CatalogueError) if error.code}
    assert sorted(ALL, key=lambda error: (error.status, error.code)) == ALL
    assert {"token_expired", "session_ended", "refresh_reused", "server_error"} < {
        error.code for error in ALL
    }


def test_every_error_class_but_the_base_classes_has_a_code() -> None:
    def nameless(error: type[CatalogueError]) -> list[str]:
        below = [name for child in error.__subclasses__() for name in nameless(child)]
        return below if error.code else [error.__name__, *below]

    assert nameless(CatalogueError) == ["CatalogueError", "TokenRefused"]


@each
def test_an_error_has_a_code_a_title_and_a_hint_of_its_own(error: type[CatalogueError]) -> None:
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", error.code)
    assert re.fullmatch(r"[A-Z].*\.", error.title)
    assert re.fullmatch(r"[A-Z].*\.", error.hint)
    assert error.title not in error.hint
    assert error.hint not in error.title
    assert 400 <= error.status < 600
    assert error.__dict__.keys() >= {"code", "title", "hint"}


def test_titles_and_hints_are_not_shared() -> None:
    for texts in ([error.title for error in ALL], [error.hint for error in ALL]):
        assert len(set(texts)) == len(texts)


@each
def test_an_error_is_answered_with_its_own_status_and_words(error: type[CatalogueError]) -> None:
    raised = error()
    response = error_response(RequestFactory().get("/"), raised)
    assert response.status_code == error.status
    assert str(raised) == error.title
    challenge = response.headers.get("WWW-Authenticate", "")
    assert challenge.startswith("Bearer ") is (error.status == 401)
    assert ("invalid_token" in challenge) is issubclass(error, TokenRefused)
    # RFC 6750 §3 allows neither quotes nor backslashes within the quotes.
    assert challenge.count('"') == (6 if issubclass(error, TokenRefused) else 2 * (error.status == 401))
    assert challenge.isascii()
    assert "\\" not in challenge


def test_every_input_code_has_a_hint() -> None:
    for code, hint in INPUT_CODES.items():
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", code)
        assert re.fullmatch(r"[A-Z].*\.", hint)
