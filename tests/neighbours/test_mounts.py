"""The API and the admin work wherever they are mounted, and leave other apps' responses alone."""

from typing import Any

import pytest
from django.contrib import admin
from django.test import Client, RequestFactory
from django.urls import clear_script_prefix, set_script_prefix
from pytest_django.fixtures import Settings
from rest_framework.test import APIClient

from authentication.admin import LimitedLoginForm
from authentication.api import exceptions
from authentication.api.exceptions import API_POLICY
from authentication.middleware import MAX_BODY_BYTES
from authentication.models import User
from tests.conftest import PASSWORD, client_for

HTML = "text/html; charset=utf-8"
PROBLEM = "application/problem+json"
LOGIN = "/api/v1/auth/login"
CREDENTIALS = {"username": "jane_doe", "password": PASSWORD}


@pytest.fixture
def browser(db: None) -> Client:
    staff = User.objects.create_superuser("the_staff", "staff@example.com", PASSWORD)
    browser = Client()
    browser.force_login(staff)
    return browser


def test_the_admin_works_where_it_is_mounted(browser: Client, db: None) -> None:
    signed_out = Client().get("/backoffice/")
    assert (signed_out.status_code, signed_out.headers["Location"]) == (
        302,
        "/backoffice/login/?next=/backoffice/",
    )
    for path in ("", "authentication/user/", "authentication/event/", "auth/group/add/"):
        page = browser.get(f"/backoffice/{path}")
        assert (page.status_code, page.headers["Content-Type"]) == (200, HTML)


def test_somebody_signs_in_to_the_admin_where_it_is_mounted(browser: Client) -> None:
    form = {"username": "the_staff", "password": PASSWORD, "next": "/backoffice/"}
    answer = Client().post("/backoffice/login/", form)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/backoffice/")


@pytest.mark.parametrize("path", ["nothing/", "authentication/nothing/at/all/"])
def test_a_missing_page_of_the_admin_is_a_page(path: str, browser: Client) -> None:
    page = browser.get(f"/backoffice/{path}")
    assert (page.status_code, page.headers["Content-Type"]) == (404, HTML)


@pytest.mark.parametrize(("path", "content_type"), [("/backoffice/x", HTML), ("/x", "application/json")])
def test_an_error_before_a_view_is_found_is_a_page_below_the_admins_path(
    path: str, content_type: str, db: None
) -> None:
    for handler in (exceptions.not_found, exceptions.permission_denied, exceptions.bad_request):
        answer = handler(RequestFactory().get(path), Exception())
        assert answer.headers["Content-Type"] == content_type


@pytest.mark.parametrize("path", ["/p/nothing", "/admin/", "/auth/me", "/health/live"])
def test_a_path_that_is_not_mounted_is_not_found_in_json(path: str, api: APIClient) -> None:
    answer = api.get(path)
    assert (answer.status_code, answer.json()) == (404, {"detail": "Not found.", "code": "not_found"})


def test_a_limit_of_the_admins_sign_in_is_an_error_of_its_form_on_every_admin_site() -> None:
    own = admin.AdminSite(name="own")
    assert own.login_form is LimitedLoginForm
    assert admin.site.login_form is LimitedLoginForm


def test_the_guards_of_the_api_follow_it(user: User, api: APIClient) -> None:
    signed_in = api.post(LOGIN, CREDENTIALS)
    too_large = api.post(LOGIN, b"x" * (MAX_BODY_BYTES + 1), content_type="application/json")
    in_chunks = api.post(LOGIN, CREDENTIALS, HTTP_TRANSFER_ENCODING="chunked")
    me = client_for(user.token).get("/api/v1/auth/me/")
    nobody = api.get("/api/v1/auth/me")
    assert [answer.status_code for answer in (signed_in, too_large, in_chunks, me, nobody)] == [
        200,
        413,
        411,
        200,
        401,
    ]
    for answer in (signed_in, too_large, in_chunks, me, nobody):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Content-Security-Policy"] == API_POLICY


def test_the_guards_leave_other_apps_alone(api: APIClient) -> None:
    body = {"name": "x" * (MAX_BODY_BYTES + 1)}
    assert api.post("/p/form", body).json()["name"] == body["name"]
    for path in ("/p/page", "/p/report", "/p/who"):
        headers = api.get(path).headers
        assert "Content-Security-Policy" not in headers
        assert "Cache-Control" not in headers
    own = api.get("/p/page-with-policy").headers["Content-Security-Policy"]
    assert own == "default-src https:"


def test_the_admins_policy_is_a_setting(browser: Client, settings: Settings) -> None:
    default = browser.get("/backoffice/").headers["Content-Security-Policy"]
    assert default == settings.ADMIN_CONTENT_SECURITY_POLICY
    assert default.startswith("default-src 'self'; img-src 'self' data:;")
    settings.ADMIN_CONTENT_SECURITY_POLICY = "script-src 'self' 'unsafe-inline'"
    changed = browser.get("/backoffice/").headers["Content-Security-Policy"]
    assert changed == "script-src 'self' 'unsafe-inline'"
    settings.ADMIN_CONTENT_SECURITY_POLICY = None
    assert "Content-Security-Policy" not in browser.get("/backoffice/").headers


@pytest.mark.parametrize("path", ["/p/page", LOGIN, "/backoffice/", "/nothing"])
def test_only_health_checks_are_served_under_any_host(path: str, api: APIClient) -> None:
    answer = api.get(path, HTTP_HOST="evil.example")
    assert (answer.status_code, answer.json()["detail"]) == (400, "This host is not served here.")
    live = api.get("/ops/live", HTTP_HOST="10.0.0.7")
    assert (live.status_code, live.json()) == (200, {"status": "ok"})
    assert live.headers["Content-Security-Policy"] == API_POLICY


@pytest.mark.parametrize(("prefix", "start"), [("/", ""), ("/api/", "/api")])
def test_a_problem_links_to_the_catalogue_below_the_script_name(
    prefix: str, start: str, api: APIClient, db: None
) -> None:
    set_script_prefix(prefix)
    try:
        problem: Any = api.get("/api/v1/auth/me", HTTP_ACCEPT=PROBLEM, SCRIPT_NAME=start).json()
    finally:
        clear_script_prefix()
    assert problem["type"] == f"{start}/docs/errors#not_authenticated"


def test_the_catalogue_links_to_the_docs_below_the_script_name(api: APIClient, settings: Settings) -> None:
    assert "Back to the API" not in api.get("/docs/errors").content.decode()
    settings.ROOT_URLCONF = "oddjobbox.urls"
    set_script_prefix("/api/")
    try:
        page = api.get("/docs/errors", SCRIPT_NAME="/api").content.decode()
    finally:
        clear_script_prefix()
    assert '<a href="/api/docs">Back to the API</a>' in page


def test_a_problem_has_no_link_where_the_catalogue_is_not_mounted(
    api: APIClient, db: None, settings: Settings
) -> None:
    settings.ROOT_URLCONF = "authentication.urls"
    assert api.get("/me", HTTP_ACCEPT=PROBLEM).json()["type"] == "about:blank"
