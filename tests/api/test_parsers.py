"""Bodies that no frontend sends: every one is refused in JSON, none is a 500."""

import json
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from authentication.models import User
from tests.api.bodies import ENDPOINTS, FORM, JSON, TEXTS, assert_json_refusal, routed, send
from tests.conftest import PASSWORD

LOGIN = ("POST", "/auth/login")
TOO_DEEP = {"detail": "The body is nested too deeply.", "code": "parse_error"}
NO_JSON = {
    "nothing but space": b" ",
    "a word": b"username",
    "a form": b"username=jane_doe&password=x",
    "open object": b'{"username":',
    "single quotes": b"{'username': 'jane_doe'}",
    "trailing comma": b'{"username": "jane_doe",}',
    "trailing bytes": b"{} {}",
    "NUL after the body": b"{}\x00",
    "raw NUL": b'{"username": "a\x00b"}',
    "raw newline": b'{"username": "a\nb"}',
    "comment": b"{} // {}",
    "NaN": b'{"username": NaN}',
    "Infinity": b'{"username": Infinity}',
    "minus Infinity": b'{"username": -Infinity}',
    "leading zero": b'{"username": 01}',
    "number of 5000 digits": b'{"username": ' + b"9" * 5000 + b"}",
    "BOM": b'\xef\xbb\xbf{"username": "jane_doe"}',
    "UTF-16": '{"username": "jane_doe"}'.encode("utf-16"),
    "UTF-32": '{"username": "jane_doe"}'.encode("utf-32"),
    "Latin-1": b'{"username": "\xe9"}',
    "overlong": b'{"username": "\xc0\xaf"}',
    "surrogate bytes": b'{"username": "\xed\xa0\x80"}',
    "cut escape": b'{"username": "\\u00"}',
    "only zeros": bytes(100),
    "gzip": bytes.fromhex("1f8b0800000000000003ab5652b2aaae0500ba4c9d8b06000000"),
}
NO_OBJECTS = {
    "[]": "Invalid data. Expected a dictionary, but got list.",
    '[{"username": "jane_doe"}]': "Invalid data. Expected a dictionary, but got list.",
    '"jane_doe"': "Invalid data. Expected a dictionary, but got str.",
    "1": "Invalid data. Expected a dictionary, but got int.",
    "1e400": "Invalid data. Expected a dictionary, but got float.",
    "true": "Invalid data. Expected a dictionary, but got bool.",
    "null": "No data provided",
}
NO_TEXTS = {
    "0": "Not a valid string.",
    "1": "Not a valid string.",
    "1.5": "Not a valid string.",
    "1e400": "Not a valid string.",
    "true": "Not a valid string.",
    "false": "Not a valid string.",
    "[]": "Not a valid string.",
    '["jane_doe"]': "Not a valid string.",
    "{}": "Not a valid string.",
    '{"$ne": ""}': "Not a valid string.",
    "null": "This field may not be null.",
    '"a\\u0000b"': "Null characters are not allowed.",
    '"\\ud800"': "Surrogate characters are not allowed: U+D800.",
    '"\\udfff\\ud800"': "Surrogate characters are not allowed: U+DFFF.",
}
MEDIA_TYPES = (
    *(
        "",
        "text/plain",
        "text/html",
        "text/json",
        "application/xml",
        "application/jsonp",
        "application/json2",
    ),
    *(
        "application/octet-stream",
        "application/vnd.api+json",
        "multipart/form-data; boundary=x",
        "*/*",
        "json",
    ),
    *("application/json, text/plain", "application /json", ";", "\xff", "application/problem+json"),
)
CHARSETS = (
    "nope",
    "latin-1",
    "iso-8859-1",
    "utf-16",
    "utf-7",
    "ascii",
    "",
    "idna",
    "base64",
    "utf-8,latin-1",
)
QUIET = settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=" ".join)
@pytest.mark.parametrize("depth", [33, 900, 1_500, 30_000])
def test_a_body_of_many_levels_is_refused(
    endpoint: tuple[str, str], depth: int, signed_in: APIClient
) -> None:
    for body in (
        "[" * depth + "]" * depth,
        '{"refresh_in":' + "[" * depth + "]" * depth + "}",
        '{"a":' * min(depth, 10_000) + "1" + "}" * min(depth, 10_000),
        "[" * depth,
    ):
        answer = send(signed_in, endpoint, body)
        assert_json_refusal(answer)
        if body.endswith(("]", "}")):
            assert (answer.status_code, answer.json()) == (400, TOO_DEEP)


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=" ".join)
def test_a_body_of_some_levels_is_validated(endpoint: tuple[str, str], signed_in: APIClient) -> None:
    for depth in (10, 32):
        answer = send(signed_in, endpoint, "[" * depth + "]" * depth)
        expected = {"non_field_errors": ["Invalid data. Expected a dictionary, but got list."]}
        assert (answer.status_code, answer.json()) == (400, expected)


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=" ".join)
@pytest.mark.parametrize("name", NO_JSON)
def test_a_body_that_is_no_json_is_refused(
    name: str, endpoint: tuple[str, str], signed_in: APIClient
) -> None:
    answer = send(signed_in, endpoint, NO_JSON[name])
    body = answer.json()
    assert (answer.status_code, body["code"], set(body)) == (400, "parse_error", {"detail", "code"})
    assert body["detail"].startswith("JSON parse error - ")


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=" ".join)
@pytest.mark.parametrize("body", NO_OBJECTS)
def test_a_body_that_is_no_object_is_refused(
    body: str, endpoint: tuple[str, str], signed_in: APIClient
) -> None:
    answer = send(signed_in, endpoint, body)
    assert (answer.status_code, answer.json()) == (400, {"non_field_errors": [NO_OBJECTS[body]]})


@pytest.mark.parametrize(("method", "path", "field"), TEXTS)
def test_a_value_that_is_no_text_is_refused_by_its_field(
    method: str, path: str, field: str, signed_in: APIClient
) -> None:
    for value, message in NO_TEXTS.items():
        answer = send(signed_in, (method, path), f'{{"{field}": {value}}}')
        assert answer.status_code == 400, value
        assert answer.json()[field] == [message], value


@pytest.mark.parametrize(
    "value", ["1", "true", "null", "[]", "{}", '""', '"BODY"', '"body "', "[" * 20 + "]" * 20]
)
def test_refresh_in_is_body_or_cookie(value: str, api: APIClient, user: User) -> None:
    answer = send(api, LOGIN, f'{{"username": "jane_doe", "password": "{PASSWORD}", "refresh_in": {value}}}')
    assert (answer.status_code, set(answer.json())) == (400, {"refresh_in"})


@pytest.mark.parametrize("endpoint", [e for e in ENDPOINTS if e[1] in ("/auth/login", "/auth/registration")])
def test_a_lone_surrogate_as_a_choice_is_refused(endpoint: tuple[str, str], api: APIClient, db: None) -> None:
    body = '{"username": "jane_doe", "email": "j@example.com", "password": "x", "refresh_in": "\\ud800"}'
    assert_json_refusal(send(api, endpoint, body))


def test_of_two_fields_with_one_name_the_last_counts(api: APIClient, user: User) -> None:
    right, wrong = json.dumps(PASSWORD), '"wrong"'
    for first, second, status in ((wrong, right, 200), (right, wrong, 400)):
        body = f'{{"username": "jane_doe", "password": {first}, "password": {second}}}'
        assert send(api, LOGIN, body).status_code == status


@pytest.mark.parametrize("media_type", MEDIA_TYPES)
def test_another_media_type_is_refused(media_type: str, signed_in: APIClient) -> None:
    for endpoint in ENDPOINTS:
        answer = send(signed_in, endpoint, b'{"username": "jane_doe"}', media_type)
        assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type"), endpoint
        assert answer.headers["Content-Type"] == JSON


@pytest.mark.parametrize("charset", CHARSETS)
@pytest.mark.parametrize("media_type", [JSON, FORM])
def test_another_charset_is_refused(media_type: str, charset: str, signed_in: APIClient) -> None:
    expected = {"detail": "Only UTF-8 is supported.", "code": "unsupported_media_type"}
    for endpoint in ENDPOINTS:
        answer = send(signed_in, endpoint, b"{}", f"{media_type}; charset={charset}")
        assert (answer.status_code, answer.json()) == (415, expected), endpoint


@pytest.mark.parametrize(
    "content_type",
    [
        JSON,
        "Application/JSON",
        f"{JSON};charset=utf-8",
        f'{JSON}; charset="UTF-8"',
        f"{JSON}; x=y; charset=UTF8",
    ],
)
def test_json_in_utf8_is_read_however_it_is_declared(content_type: str, api: APIClient, user: User) -> None:
    body = json.dumps({"username": "jane_doe", "password": PASSWORD})
    assert send(api, LOGIN, body, content_type).status_code == 200


def test_a_form_is_read_and_bounded(api: APIClient, user: User) -> None:
    credentials = f"username=jane_doe&password={quote(PASSWORD)}"
    assert send(api, LOGIN, credentials, FORM).status_code == 200
    fields = "".join(f"&f{number}=x" for number in range(998))
    assert send(api, LOGIN, credentials + fields, FORM).status_code == 200
    answer = send(api, LOGIN, credentials + fields + "&a=b", FORM)
    expected = {"detail": "The request could not be understood.", "code": "bad_request"}
    assert (answer.status_code, answer.json()) == (400, expected)


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=" ".join)
def test_a_hostile_form_is_no_500(endpoint: tuple[str, str], signed_in: APIClient) -> None:
    for body in (
        "%",
        "%00=%00",
        "=",
        "&&&",
        "a" * 60_000,
        b"\xff\xfe\x00",
        "username=%FF&password=%ED%A0%80&refresh=x",
    ):
        assert send(signed_in, endpoint, body, FORM).status_code < 500, body
    answer = send(
        signed_in, endpoint, "username=%00&email=%00&password=%00&new_password=%00&refresh=%00", FORM
    )
    assert "Null characters are not allowed." in str(answer.json())


@pytest.mark.parametrize("endpoint", routed(), ids=" ".join)
def test_no_endpoint_of_the_router_meets_a_500(endpoint: tuple[str, str], signed_in: APIClient) -> None:
    bodies = [*NO_JSON.values(), *(text.encode() for text in NO_OBJECTS), b"[" * 30_000]
    for client in (APIClient(), signed_in):
        for body in bodies:
            for content_type in (JSON, FORM, "text/plain"):
                answer = send(client, endpoint, body, content_type)
                assert answer.status_code < 500, (body[:40], content_type)
                has_body = answer.status_code not in (202, 204)
                assert isinstance(answer.json(), dict) if has_body else answer.content == b""


@pytest.mark.usefixtures("unlimited")
@QUIET
@given(
    username=st.text(max_size=40) | st.from_regex(r"[A-Za-z0-9_]{6,25}", fullmatch=True),
    email=st.text(max_size=300) | st.emails() | st.builds("{}@{}".format, st.text(), st.text()),
    password=st.text(max_size=600),
)
def test_arbitrary_texts_register_or_are_refused(
    username: str, email: str, password: str, api: APIClient, db: None
) -> None:
    body = json.dumps({"username": username, "email": email, "password": password})
    answer = send(api, ("POST", "/auth/registration"), body)
    if answer.status_code == 201:
        assert answer.json()["username"] == username
        sent = json.dumps({"username": username, "password": password})
        assert send(api, LOGIN, sent).status_code == 200
    else:
        assert_json_refusal(answer)
        assert set(answer.json()) <= {"username", "email", "password"}


@pytest.mark.usefixtures("unlimited")
@QUIET
@given(
    identifier=st.text() | st.builds("{}@{}".format, st.text(), st.text()) | st.emails(), password=st.text()
)
def test_arbitrary_texts_sign_nobody_in(identifier: str, password: str, api: APIClient, user: User) -> None:
    for name in ("username", "email"):
        answer = send(api, LOGIN, json.dumps({name: identifier, "password": password}))
        assert_json_refusal(answer)
        assert set(answer.json()) <= {"username", "email", "password", "non_field_errors"}
