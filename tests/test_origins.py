"""Origins of the environment, as browsers send them, and what they open."""

import re
from typing import Any

import pytest
from pytest_django.fixtures import Settings
from rest_framework.test import APIClient

from authentication.models import User
from oddjobbox import origins
from tests.sessions.steps import sign_in


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("https://App.Example.com/", "https://app.example.com"),
        ("https://app.example.com:443", "https://app.example.com"),
        ("http://app.example.com:80", "http://app.example.com"),
        ("https://app.example.com:80", "https://app.example.com:80"),
        ("http://localhost:05173", "http://localhost:5173"),
        ("http://[::1]:3000", "http://[::1]:3000"),
        ("http://127.0.0.1", "http://127.0.0.1"),
        ("https://my_host", "https://my_host"),
        ("capacitor://localhost", "capacitor://localhost"),
        ("ionic://localhost", "ionic://localhost"),
        ("tauri://localhost", "tauri://localhost"),
        ("app://-", "app://-"),
        (
            "chrome-extension://Abcdefghijklmnopabcdefghijklmnop",
            "chrome-extension://abcdefghijklmnopabcdefghijklmnop",
        ),
        (
            "moz-extension://7b3c1a52-0d6f-4a0e-9a57-1f2d3c4b5a69",
            "moz-extension://7b3c1a52-0d6f-4a0e-9a57-1f2d3c4b5a69",
        ),
        ("https://Bücher.example", "https://xn--bcher-kva.example"),
        ("https://straße.example:8443", "https://xn--strae-oqa.example:8443"),
        ("https://*.Example.com", "https://*.example.com"),
        ("https://*.bücher.example:8443/", "https://*.xn--bcher-kva.example:8443"),
        ("https://*.apps.example.com:443", "https://*.apps.example.com"),
    ],
)
def test_an_origin_has_the_form_that_browsers_send(text: str, origin: str) -> None:
    assert origins.parse(text) == origin


@pytest.mark.parametrize(
    "text",
    [
        *("", "*", "null", "app.example.com", "//app.example.com", "https:app.example.com", "https://"),
        *("https://:443", "https://app.example.com/path", "https://app.example.com//", "file://", "file:///"),
        *("https://app.example.com?x", "https://app.example.com#x", "https://user@app.example.com"),
        *("https://app.example.com:port", "https://app.example.com:", "https://app.example.com:0"),
        *("https://app.example.com:65536", "https://app.example.com:99999", "https://[app.example.com"),
        *("https://app.example.com https://other.example.com", "https://app\\n.example.com", "1x://host"),
        *("https://*", "https://*.", "https://*.com", "https://**.example.com", "https://*x.example.com"),
        *("https://a.*.example.com", "https://*.*.example.com", "*://example.com", "https://*.127.0.0.1"),
        *("https://*.[::1]", "https://*.example..com", "https://*.example.com.", "https://*.example.com/x"),
        *("https://a..bü.example", "https://\ud800.example", "https://*.ü"),
    ],
)
def test_what_is_no_origin_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        origins.parse(text)


PATTERN = re.compile(origins.regex("https://*.example.com"))


@pytest.mark.parametrize("origin", ["https://a.example.com", "https://a-1_x.b.example.com"])
def test_a_pattern_matches_subdomains(origin: str) -> None:
    assert PATTERN.match(origin)


@pytest.mark.parametrize(
    "origin",
    [
        *("https://example.com", "https://.example.com", "https://evilexample.com", "https://a.examplexcom"),
        *("http://a.example.com", "https://a.example.com:8443", "https://a.example.com.evil.example"),
        *(
            "https://a.example.com\n",
            "https://evil.example/.example.com",
            "https://evil.example#.example.com",
        ),
        *(
            "https://evil@a.example.com",
            "xhttps://a.example.com",
            "https://evil.example:.example.com",
            "null",
        ),
    ],
)
def test_a_pattern_matches_nothing_else(origin: str) -> None:
    assert not PATTERN.match(origin)


def test_a_pattern_with_a_port_matches_that_port_alone() -> None:
    pattern = re.compile(origins.regex("https://*.example.com:8443"))

    assert pattern.match("https://a.example.com:8443")
    assert not pattern.match("https://a.example.com")
    assert not pattern.match("https://a.example.com:84430")


def preflight(origin: str) -> Any:
    headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    return APIClient().options("/auth/login", headers=headers).headers.get("Access-Control-Allow-Origin")


@pytest.mark.parametrize(
    ("origin", "is_allowed"),
    [
        ("capacitor://localhost", True),
        ("https://preview-7.example.com", True),
        ("ionic://localhost", False),
        ("https://example.com", False),
    ],
)
def test_the_same_origins_may_call_the_api_and_use_the_refresh_cookie(
    user: User, settings: Settings, origin: str, is_allowed: bool
) -> None:
    settings.CORS_ALLOWED_ORIGINS = ["capacitor://localhost"]
    settings.CORS_ALLOWED_ORIGIN_REGEXES = [origins.regex("https://*.example.com")]
    client = APIClient()
    sign_in(client, refresh_in="cookie")
    answer = client.post("/auth/refresh", headers={"Origin": origin, "Sec-Fetch-Site": "cross-site"})

    assert preflight(origin) == (origin if is_allowed else None)
    assert answer.status_code == (200 if is_allowed else 403)
