"""What a client may send to fool or to break the limits."""

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from rest_framework.test import APIClient

from authentication.models import Counter, User
from authentication.tokens import devices
from tests.conftest import PASSWORD
from tests.limits.steps import WRONG, assert_signs_in, client_at, fail, login
from tests.tokens.forge import b64, unb64

Wait = Callable[..., datetime]

IDENTIFIERS = {
    "50 kB": "x" * 50_000,
    "50 kB of an address": "x" * 25_000 + "@" + "y" * 24_000 + ".example",
    "50 kB of marks": "a" + "\u0301" * 16_000,
    "mixed scripts": "j\u0430ne_d\u043ee\u202e\u0645\u4f60\U0001f511",
    "a mixed domain": "jane@ex\u0430mple\u0645.\u4f60\U0001f511",
    "many at signs": "@" * 200,
    "a domain of dots": "jane@" + "." * 200,
    "a broken punycode": "jane@xn--\u0661\u0662--.example",
    "a Kelvin sign": "\u212aane_doe",
    "a dotless i": "\u0131nbox@example.com",
    "spaces between": "jane doe",
    "a percent sign": "%s%(key)s{rows}",
    "a quote": "'; DROP TABLE authentication_counter; --",
}
by_identifier = pytest.mark.parametrize("identifier", IDENTIFIERS.values(), ids=IDENTIFIERS.keys())


@by_identifier
def test_any_identifier_is_counted_as_one_and_limited(user: User, wait: Wait, identifier: str) -> None:
    client = client_at("192.0.2.7")
    fail(client, identifier, 10)
    wait(seconds=1)

    assert login(client, identifier).status_code == 429
    assert Counter.objects.count() == 3
    assert_signs_in(client)


@pytest.mark.parametrize("identifier", ["jane\x00doe", "\x00", "jane@example.com\x00"])
def test_a_nul_is_refused_before_it_counts(user: User, identifier: str) -> None:
    answer = login(client_at("192.0.2.7"), identifier)

    assert (answer.status_code, answer.json()) == (400, {"username": ["Null characters are not allowed."]})
    assert not Counter.objects.exists()


FORGED = [
    "10.0.0.1",
    "",
    " ",
    ",",
    "unknown",
    "198.51.100.1, 198.51.100.2",
    "2001:db8::1",
    "fe80::1%eth0",
    "x" * 8000,
    "\u00e9\u00ff",
    "127.0.0.1\x0b, ::1",
    "0x7f.1",
]


@pytest.mark.parametrize("proxies", [0, 1])
def test_forged_headers_do_not_reset_the_limit(settings: Any, user: User, wait: Wait, proxies: int) -> None:
    settings.TRUSTED_PROXIES = proxies
    statuses = []
    for number in range(36):
        forged = FORGED[number % len(FORGED)]
        # The proxy that is believed appends the address that it saw.
        header = f"{forged}, 192.0.2.7" if proxies else forged
        wait(seconds=1)
        headers = {"X-Forwarded-For": header, "X-Real-IP": f"10.1.1.{number}"}
        statuses.append(login(client_at("192.0.2.7"), "jane_doe", headers=headers).status_code)

    assert statuses == [400] * 10 + [429] * 26


@pytest.mark.parametrize(
    "header", ["fe80::1%eth0", "unknown", ",", "x" * 8000, "\u00e9", "[::1", "1.2.3.4.5"]
)
def test_invalid_ip_addresses_count_as_one(settings: Any, user: User, wait: Wait, header: str) -> None:
    settings.TRUSTED_PROXIES = 1
    for number in range(10):
        sent = header if number % 2 else "fe80::2%eth1"
        answer = login(client_at("192.0.2.7"), "jane_doe", headers={"X-Forwarded-For": sent})
        assert (answer.status_code, answer.json()) == (400, WRONG)
    wait(seconds=1)

    answer = login(client_at("192.0.2.8"), "jane_doe", PASSWORD, headers={"X-Forwarded-For": header})
    assert answer.status_code == 429
    assert_signs_in(client_at("192.0.2.7"))


def _other_secret(settings: Any, token: str) -> str:
    device = devices.verify_device_token(token)
    assert device is not None
    real = settings.SECRET_KEY
    settings.SECRET_KEY = "another-secret-for-tests-of-more-than-32-bytes"
    forged = devices.issue_device_token(device)
    settings.SECRET_KEY = real
    return forged


def _of_another_user(settings: Any, token: str) -> str:
    return devices.issue_device_token(devices.new().with_user(User.objects.get().pk + 1))


def _with_a_user_more(settings: Any, token: str) -> str:
    text, signature = token.removeprefix("ojd_").split(".")
    raw = unb64(text)
    longer = raw[:16] + User.objects.get().pk.to_bytes(8, "big") + raw[16:]
    return f"ojd_{b64(longer)}.{signature}"


BAD_DEVICE_TOKENS: dict[str, Callable[[Any, str], str]] = {
    "cut by one": lambda settings, token: token[:-1],
    "cut in half": lambda settings, token: token[: len(token) // 2],
    "the prefix alone": lambda settings, token: "ojd_",
    "no prefix": lambda settings, token: token.removeprefix("ojd_"),
    "a refresh token's prefix": lambda settings, token: token.replace("ojd_", "oj_"),
    "another user's": _of_another_user,
    "another secret's": _other_secret,
    "one more user in it": _with_a_user_more,
    "one letter changed": lambda settings, token: token[:10] + "AB"[token[10] == "A"] + token[11:],
    "another end of the signature": lambda settings, token: token[:-4] + secrets.token_urlsafe(3),
    "something behind it": lambda settings, token: token + ".x",
    "twice": lambda settings, token: f"{token},{token}",
    "10 kB": lambda settings, token: token + "A" * 10_000,
    "10 kB of another": lambda settings, token: "x" * 10_000,
    "not ASCII": lambda settings, token: token + "\u00e9",
    "digits that are not ASCII": lambda settings, token: "ojd_" + "\u00b2" * 54,
    "no base64": lambda settings, token: "ojd_!!!!",
    "padding": lambda settings, token: "ojd_====",
    "a word": lambda settings, token: "null",
}


@pytest.mark.parametrize("make", BAD_DEVICE_TOKENS.values(), ids=BAD_DEVICE_TOKENS.keys())
@pytest.mark.parametrize("where", ["header", "cookie"])
def test_an_invalid_device_token_is_ignored(
    settings: Any, user: User, wait: Wait, make: Callable[[Any, str], str], where: str
) -> None:
    token = make(settings, assert_signs_in(client_at("192.0.2.66"))["device"])
    client = client_at("192.0.2.7", token if where == "header" else "")
    if where == "cookie":
        client.cookies["__Host-oddjobbox_device"] = token

    # It is counted with the address, like any stranger's.
    fail(client, "jane_doe", 5)
    fail(client_at("192.0.2.7"), "jane_doe", 5)
    wait(seconds=1)
    assert login(client, "jane_doe", PASSWORD).status_code == 429
    wait(minutes=15)

    # Signing in with it gives a good one.
    good = assert_signs_in(client)["device"]
    device = devices.verify_device_token(good)
    assert device is not None
    assert device.knows(user.pk)


def test_a_device_token_of_a_retired_secret_is_still_known(settings: Any, user: User, wait: Wait) -> None:
    token = assert_signs_in(client_at("192.0.2.7"))["device"]
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-secret-for-tests-of-more-than-32-bytes"
    fail(client_at("192.0.2.7"), "jane_doe", 10)
    wait(seconds=1)

    assert login(client_at("192.0.2.7"), "jane_doe", PASSWORD).status_code == 429
    assert_signs_in(client_at("192.0.2.7", token))


def test_a_family_of_nine_shares_a_computer_that_remembers_eight(wait: Wait, db: None) -> None:
    for number in range(9):
        User.objects.create_user(f"person_{number}", f"person_{number}@example.com", PASSWORD)
    token = ""
    for number in range(9):
        token = assert_signs_in(client_at("192.0.2.7", token), f"person_{number}")["device"]
    device = devices.verify_device_token(token)
    assert device is not None

    known = [device.knows(user.pk) for user in User.objects.order_by("pk")]
    assert known == [False] + [True] * 8
    assert len(token) <= 155


def test_a_device_token_grants_no_access(user: User, wait: Wait) -> None:
    token = assert_signs_in(client_at("192.0.2.7"))["device"]
    client = APIClient(headers={"Authorization": f"Bearer {token}", "X-Device": token})

    assert client.get("/auth/me").status_code == 401
    assert client.post("/auth/refresh", {"refresh": token}).status_code == 401
    assert login(client, "jane_doe", token).status_code == 400
