"""Who is asking, and from where: nothing that a client can forge is believed."""

from typing import Any

import pytest
from django.test import RequestFactory
from rest_framework.test import APIClient

from authentication.api.errors import OriginNotAllowed
from authentication.core.client import Client, client_of
from authentication.models import User
from authentication.sessions.transport import check_origin
from tests.conftest import PASSWORD, client_for

PEER = "192.0.2.1"
LISTED = "https://app.example.com"
# Trusted proxies, X-Forwarded-For, and the address that counts.
FORWARDED = (
    (0, "203.0.113.9", PEER),
    (0, "203.0.113.9, 198.51.100.7", PEER),
    (1, "", PEER),
    (1, "203.0.113.9", "203.0.113.9"),
    (1, "10.9.9.9, 203.0.113.9", "203.0.113.9"),
    (1, "10.9.9.9,10.8.8.8,  203.0.113.9  ", "203.0.113.9"),
    (2, "203.0.113.9", "203.0.113.9"),
    (2, "203.0.113.9, 198.51.100.7", "203.0.113.9"),
    (2, "10.9.9.9, 203.0.113.9, 198.51.100.7", "203.0.113.9"),
    (2, "10.9.9.9, garbage, 198.51.100.7", None),
    (1, "2001:DB8::0001", "2001:db8::1"),
    (1, "::ffff:203.0.113.9", "203.0.113.9"),
    (1, "::FFFF:CB00:7109", "203.0.113.9"),
    (1, "[::ffff:203.0.113.9]:4711", "203.0.113.9"),
    (1, "::ffff:203.0.113.9%eth0", None),
    (1, "::203.0.113.9", "::cb00:7109"),
    (1, "fe80::1%eth0", None),
    (1, "fe80::1%25eth0", None),
    (1, "203.0.113.9:4711", "203.0.113.9"),
    (1, "10.9.9.9:4711, 203.0.113.9:1", "203.0.113.9"),
    (2, "10.9.9.9, 203.0.113.9:4711, 198.51.100.7:80", "203.0.113.9"),
    (1, "[2001:db8::1]:4711", "2001:db8::1"),
    (1, "[2001:DB8::0001]", "2001:db8::1"),
    (0, "203.0.113.9:4711", PEER),
    (1, "203.0.113.9:", None),
    (1, "203.0.113.9:http", None),
    (1, "203.0.113.9:123456", None),
    (1, "203.0.113.9:4711:4711", None),
    (1, "203.0.113.9:\u0664\u0667", None),
    (1, ":4711", None),
    (1, "2001:db8::1]:4711", None),
    (1, "[2001:db8::1", None),
    (1, "[]:4711", None),
    (1, "[[2001:db8::1]]:4711", None),
    (1, "[fe80::1%eth0]:4711", None),
    (1, "[" + ":" * 8000 + "]:1", None),
    (1, "unknown:4711", None),
    (1, "203.0.113.9,", None),
    (1, ",", None),
    (1, " ", None),
    (1, "unknown", None),
    (1, "203.0.113", None),
    (1, "203.0.113.09", None),
    (1, "3405803785", None),
    (1, "203.0.113.0/24", None),
    (1, "203.0.113.9\x00", None),
    (1, "' OR 1=1 --", None),
    (1, "\u0662\u0660\u0663.0.113.9", None),
    (1, "1" * 8000, None),
    (1, "x," * 4000 + "203.0.113.9", "203.0.113.9"),
)
# Sec-Fetch-Site, Origin, and whether the refresh cookie may be used, at http://testserver.
ORIGINS = (
    (None, None, True),
    ("same-origin", None, True),
    ("none", None, True),
    ("same-origin", "https://evil.example", True),
    ("same-site", None, False),
    ("cross-site", None, False),
    ("", None, False),
    ("Same-Origin", None, False),
    ("same-origin, cross-site", None, False),
    (None, "http://testserver", True),
    (None, "HTTP://TESTSERVER", True),
    (None, "https://testserver", True),
    ("cross-site", "http://testserver", True),
    (None, "http://testserver:8080", False),
    (None, "http://testserver.evil.example", False),
    (None, "http://eviltestserver", False),
    (None, "http://evil.example/testserver", False),
    (None, "http://testserver@evil.example", False),
    (None, "http://evil.example#testserver", False),
    (None, "http://evil.example?testserver", False),
    (None, "http://evil.example:80testserver", False),
    (None, "null", False),
    ("cross-site", "null", False),
    (None, "", False),
    (None, "testserver", False),
    (None, "file://", False),
    (None, "http://[::1", False),
    (None, "\xff", False),
    (None, LISTED, True),
    ("cross-site", LISTED, True),
    (None, LISTED.upper(), True),
    (None, "http://app.example.com", False),
    (None, "https://app.example.com:8443", False),
    (None, "https://app.example.com.evil.example", False),
    (None, "https://evil-app.example.com", False),
    (None, "https://appXexample.com", False),
    (None, f"{LISTED} https://evil.example", False),
    (None, f"{LISTED}\n", False),
    (None, "https://example.com", False),
)


@pytest.mark.parametrize(("proxies", "forwarded", "expected"), FORWARDED)
def test_the_address_is_what_the_trusted_proxies_saw(
    proxies: int, forwarded: str, expected: str | None, settings: Any
) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR=PEER, HTTP_X_FORWARDED_FOR=forwarded)
    assert client_of(request).ip == expected


def test_an_ipv4_client_of_a_socket_for_both_protocols_is_known_by_its_ipv4_address() -> None:
    clients = [client_of(RequestFactory().get("/", REMOTE_ADDR=ip)) for ip in (PEER, f"::ffff:{PEER}")]
    assert clients[0] == clients[1]
    assert clients[1].ip == clients[1].network == PEER


@pytest.mark.parametrize(
    ("ip", "network"),
    [
        (None, "unknown"),
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("::1", "::/64"),
    ],
)
def test_the_network_of_an_address_is_that_of_one_customer(ip: str | None, network: str) -> None:
    assert Client(ip=ip).network == network


def test_a_port_does_not_change_the_client_address(settings: Any) -> None:
    settings.TRUSTED_PROXIES = 1
    for hops in (("203.0.113.9:1", "203.0.113.9:2"), ("[2001:db8::1]:1", "[2001:db8::2]:2")):
        requests = [RequestFactory().get("/", HTTP_X_FORWARDED_FOR=hop) for hop in hops]
        assert len({client_of(request).network for request in requests}) == 1


def test_no_other_header_sets_the_client_address(settings: Any) -> None:
    settings.TRUSTED_PROXIES = 1
    names = ("X_REAL_IP", "FORWARDED", "CLIENT_IP", "X_CLIENT_IP", "CF_CONNECTING_IP", "TRUE_CLIENT_IP")
    headers: Any = {f"HTTP_{name}": "203.0.113.9" for name in names}
    assert client_of(RequestFactory().get("/", REMOTE_ADDR=PEER, **headers)).ip == PEER


@pytest.mark.parametrize("address", ["", "unix:", "/run/socket", "fe80::1%eth0"])
def test_a_peer_without_an_address_has_none(address: str) -> None:
    assert client_of(RequestFactory().get("/", REMOTE_ADDR=address)).ip is None


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Mozilla/5.0 (X11)", "Mozilla/5.0 (X11)"),
        ("x" * 257, "x" * 256),
        ("x" * 60_000, "x" * 256),
        ("a\r\nb\tc\x00d\x1b[31me\x7ff\x85g", "abcd[31mef\ufffdg"),
        ("Caf\xc3\xa9", "Caf\u00e9"),
        ("\xc3\xa9" * 300, "\u00e9" * 256),
        ("\xff\xfe", "\ufffd\ufffd"),
        ("\xed\xa0\x80", "\ufffd\ufffd\ufffd"),
        ("\u202eevil", "?evil"),
        ("\xe2\x80\xaeevil", "evil"),
        ("", ""),
    ],
)
def test_the_user_agent_is_short_and_can_be_shown(header: str, expected: str) -> None:
    assert client_of(RequestFactory().get("/", HTTP_USER_AGENT=header)).user_agent == expected


def test_hostile_headers_are_stored_and_listed_as_they_are_read(
    api: APIClient, user: User, settings: Any
) -> None:
    settings.TRUSTED_PROXIES = 1
    credentials = {"username": "jane_doe", "password": PASSWORD}
    listed = []
    for address, agent in (
        ("fe80::1%eth0", "\x00\x1b" + "x" * 300),
        ("", "\xf0\x9f\x98\x80"),
        ("2001:db8::1", ""),
    ):
        headers: Any = {"HTTP_X_FORWARDED_FOR": address, "HTTP_USER_AGENT": agent}
        token = api.post("/auth/login", credentials, **headers).json()["token"]
        newest = client_for(token).get("/auth/sessions").json()[0]
        listed.append((newest["ip"], newest["user_agent"]))
    assert listed == [(None, "x" * 256), ("127.0.0.1", "\U0001f600"), ("2001:db8::1", "")]


@pytest.mark.parametrize(("site", "origin", "is_allowed"), ORIGINS)
def test_the_cookie_is_for_this_server_and_the_listed_origins(
    site: str | None, origin: str | None, is_allowed: bool, settings: Any
) -> None:
    settings.CORS_ALLOWED_ORIGINS = [LISTED]
    sent = {"HTTP_SEC_FETCH_SITE": site, "HTTP_ORIGIN": origin}
    headers: Any = {name: value for name, value in sent.items() if value is not None}
    request = RequestFactory().post("/auth/refresh", **headers)
    if is_allowed:
        check_origin(request)
    else:
        with pytest.raises(OriginNotAllowed):
            check_origin(request)


@pytest.mark.parametrize(
    ("origin", "is_allowed"),
    [
        ("http://localhost:5173", True),
        ("https://127.0.0.1:3000", True),
        ("http://[::1]:8080", True),
        ("http://localhost", True),
        ("http://localhost:5173.evil.example", False),
        ("http://localhost.evil.example", False),
        ("http://evil.example?http://localhost", False),
        ("http://localhost:5173\n", False),
        ("http://127a0a0a1", False),
    ],
)
def test_in_development_any_port_of_this_machine_is_listed(
    origin: str, is_allowed: bool, settings: Any
) -> None:
    settings.CORS_ALLOWED_ORIGIN_REGEXES = [r"^https?://(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?$"]
    request = RequestFactory().post("/auth/refresh", HTTP_ORIGIN=origin)
    if is_allowed:
        check_origin(request)
    else:
        with pytest.raises(OriginNotAllowed):
            check_origin(request)


@pytest.mark.parametrize("path", ["/auth/refresh", "/auth/logout"])
def test_a_foreign_page_cannot_use_the_cookie(path: str, user: User) -> None:
    api = APIClient()
    credentials = {"username": "jane_doe", "password": PASSWORD, "refresh_in": "cookie"}
    assert api.post("/auth/login", credentials).status_code == 200
    for headers in ({"HTTP_ORIGIN": "https://evil.example"}, {"HTTP_SEC_FETCH_SITE": "cross-site"}):
        answer = api.post(path, **headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "origin_not_allowed")
    assert api.post(path, HTTP_SEC_FETCH_SITE="same-origin").status_code in (200, 204)
