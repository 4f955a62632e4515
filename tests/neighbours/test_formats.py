"""Parsers, renderers, versions, throttles and times of other apps' views are DRF's own."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from pytest_django.fixtures import Settings
from rest_framework.settings import api_settings
from rest_framework.test import APIClient

from authentication.models import User
from tests.conftest import PASSWORD, client_for

ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu"]


@pytest.mark.parametrize("content_type", ["image/png", "application/octet-stream", "text/plain"])
def test_a_file_is_uploaded_as_raw_bytes(content_type: str, api: APIClient) -> None:
    answer = api.put("/p/upload/a.png", b"x" * 70_000, content_type=content_type)
    assert (answer.status_code, answer.json()) == (200, {"size": 70_000})


def test_forms_are_read_as_multipart_and_urlencoded(api: APIClient) -> None:
    file = SimpleUploadedFile("a.txt", b"abc")
    sent = api.post("/p/form", {"name": "Jane", "file": file}, format="multipart")
    assert sent.json() == {"name": "Jane", "size": 3}
    sent = api.post("/p/form", "name=Jane", content_type="application/x-www-form-urlencoded")
    assert sent.json() == {"name": "Jane", "size": None}
    assert api.post("/p/form", {"name": "Jane"}).json() == {"name": "Jane", "size": None}


@pytest.mark.parametrize(
    ("query", "accept", "content_type"),
    [
        ("", "text/csv", "text/csv; charset=utf-8"),
        ("?format=csv", "", "text/csv; charset=utf-8"),
        ("?format=json", "", "application/json"),
        ("", "", "application/json"),
        ("", "*/*", "application/json"),
        ("", "application/json", "application/json"),
        ("", "application/problem+json", "application/json"),
        ("", "text/csv, application/problem+json", "text/csv; charset=utf-8"),
    ],
)
def test_a_view_with_two_renderers_negotiates(
    query: str, accept: str, content_type: str, api: APIClient
) -> None:
    answer = api.get(f"/p/report{query}", **({"HTTP_ACCEPT": accept} if accept else {}))
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, content_type)
    assert answer.content == (b'{"a":1,"b":2}' if content_type == "application/json" else b"a,b\n1,2\n")


def test_a_format_that_a_view_does_not_offer_is_an_error(api: APIClient) -> None:
    refused = api.get("/p/report", HTTP_ACCEPT="image/png")
    assert (refused.status_code, refused.json()["code"]) == (406, "not_acceptable")
    missing = api.get("/p/report?format=xml")
    assert (missing.status_code, missing.json()["code"]) == (404, "not_found")


def test_a_version_is_read_from_the_accept_header(api: APIClient) -> None:
    answer = api.get("/p/version", HTTP_ACCEPT="application/json; version=2.0")
    assert answer.json() == {"version": "2.0"}


def test_our_own_views_stay_strict_beside_them(api: APIClient, user: User) -> None:
    credentials = {"username": "jane_doe", "password": PASSWORD}
    assert api.post("/api/v1/auth/login", credentials, format="multipart").status_code == 415
    latin = "application/json; charset=latin-1"
    assert api.post("/api/v1/auth/login", b"{}", content_type=latin).status_code == 415
    for accept in ("text/csv", "image/png", "application/json; version=2.0"):
        answer = api.post("/api/v1/auth/login?format=csv", credentials, HTTP_ACCEPT=accept)
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")


@pytest.mark.parametrize("proxies", [0, 1])
def test_a_throttle_counts_the_address_behind_the_trusted_proxies(
    proxies: int, api: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api_settings, "NUM_PROXIES", proxies)
    headers = [f"10.0.0.{number}, 9.9.9.9" for number in range(5)]
    statuses = [api.get("/p/limited", HTTP_X_FORWARDED_FOR=header).status_code for header in headers]
    assert statuses == [200, 200, 200, 429, 429]


def test_the_trusted_proxies_of_the_environment_are_those_of_drf(settings: Settings) -> None:
    assert settings.REST_FRAMEWORK["NUM_PROXIES"] == settings.TRUSTED_PROXIES
    assert api_settings.NUM_PROXIES == settings.TRUSTED_PROXIES


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("is_activated", [True, False])
@pytest.mark.parametrize("due", ["2026-07-01T12:00:00Z", "2026-12-31T23:59:59.123456+05:30"])
def test_times_are_written_with_their_true_offset_and_read_back_the_same(
    due: str, is_activated: bool, zone: str, settings: Settings, api: APIClient
) -> None:
    settings.TIME_ZONE = "UTC" if is_activated else zone
    with timezone.override(ZoneInfo(zone) if is_activated else None):
        first = api.post("/p/echo", {"due": due}).json()["due"]
        second = api.post("/p/echo", {"due": first}).json()["due"]
    assert first == second
    assert datetime.fromisoformat(first) == datetime.fromisoformat(due)
    assert (
        datetime.fromisoformat(first).utcoffset()
        == datetime.fromisoformat(due).astimezone(ZoneInfo(zone)).utcoffset()
    )


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("is_activated", [True, False])
def test_our_own_times_are_in_utc_in_whole_seconds(
    is_activated: bool, zone: str, settings: Settings, user: User
) -> None:
    client = client_for(user.token)
    login = {"username": "jane_doe", "password": PASSWORD}
    assert APIClient().post("/api/v1/auth/login", login).status_code == 200
    settings.TIME_ZONE = "UTC" if is_activated else zone
    with timezone.override(ZoneInfo(zone) if is_activated else None):
        times = _times(client)
    now = datetime.now(UTC)
    assert len(times) == 3
    for text in times:
        assert text.endswith("Z")
        assert len(text) == len("2026-11-23T14:20:00Z")
        assert abs((datetime.fromisoformat(text) - now).total_seconds()) < 60


def _times(client: APIClient) -> list[Any]:
    me = client.get("/api/v1/auth/me").json()
    session = client.get("/api/v1/auth/sessions").json()[0]
    event = client.get("/api/v1/auth/events").json()["results"][0]
    return [me["date_joined"], session["created_at"], event["at"]]
