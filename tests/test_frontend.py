"""The built frontend, as Django serves it beside the API."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings
from rest_framework.test import APIClient

from tests.live import ROOT, serve

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
PAGE = "<!doctype html><title>App</title><script type=module src=/assets/index-abc123.js></script>"
SCRIPT = "document.title = 'App'\n" * 100
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
NOT_FOUND = {"detail": "Not found.", "code": "not_found"}
# The end of a file that was sent ends a request, and with it Django looks at its connections.
pytestmark = pytest.mark.django_db
REAL_BUILD = ROOT / "frontend" / "dist"


@pytest.fixture
def app(tmp_path: Path, settings: Settings) -> Client:
    """A client of a server that has started with a build."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text(PAGE)
    (tmp_path / "robots.txt").write_text("User-agent: *\n")
    (tmp_path / "assets" / "index-abc123.js").write_text(SCRIPT)
    (tmp_path / "assets" / "index-abc123.js.gz").write_bytes(b"the same, compressed")
    settings.FRONTEND_BUILD = tmp_path
    return Client()


@pytest.fixture
def without_build(tmp_path: Path, settings: Settings) -> Client:
    settings.FRONTEND_BUILD = tmp_path / "nowhere"
    return Client()


def body(answer: Any) -> str:
    """Read a file to its end, and close it."""
    content = b"".join(answer.streaming_content)
    answer.close()
    return content.decode()


@pytest.mark.parametrize("path", ["/", "/sign-in", "/reset-password", "/account/email", "/authors", "//auth"])
def test_a_browser_gets_the_page_at_every_path_of_the_app(app: Client, path: str) -> None:
    answer = app.get(path, headers=BROWSER)

    assert (answer.status_code, answer.content.decode()) == (200, PAGE)
    headers = {name: answer.headers.get(name) for name in ("Content-Type", "Cache-Control", "Vary")}
    assert headers == {
        "Content-Type": "text/html; charset=utf-8",
        "Cache-Control": "no-cache",
        "Vary": "Accept, origin",
    }
    assert answer.headers["Content-Security-Policy"] == POLICY
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_head_request_gets_the_headers_of_the_page(app: Client) -> None:
    answer = app.head("/sign-in", headers=BROWSER)

    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Content-Security-Policy"] == POLICY


def test_a_page_that_has_not_changed_is_not_sent_again(app: Client) -> None:
    first = app.get("/", headers=BROWSER)
    second = app.get("/", headers={**BROWSER, "If-None-Match": first.headers["ETag"]})

    assert (second.status_code, second.content) == (304, b"")
    kept = ("Cache-Control", "Content-Security-Policy", "Vary")
    # A browser puts them in the place of those it has.
    assert {second.headers[name] for name in kept} == {first.headers[name] for name in kept}
    assert second.headers["Content-Security-Policy"] == POLICY


@pytest.mark.parametrize(
    "path",
    [
        "/auth",
        "/auth/nothing",
        "/docs/nothing",
        "/schema/nothing",
        "/health",
        "/health/nothing",
        "/static/nothing.js",
        "/assets/nothing.js",
        "/assets",
        "/.well-known/change-password",
    ],
)
def test_a_missing_file_outside_the_app_is_json_for_a_browser_too(app: Client, path: str) -> None:
    answer = app.get(path, headers=BROWSER)

    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/json")
    assert answer.json() == NOT_FOUND
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; base-uri")


@pytest.mark.parametrize(
    "accept", ["", "*/*", "application/json", "text/plain", "text/*", "text/html;q=0, */*"]
)
def test_a_program_that_does_not_ask_for_html_gets_json(app: Client, accept: str) -> None:
    answer = app.get("/sign-in", headers={"Accept": accept})

    assert (answer.status_code, answer.json()) == (404, NOT_FOUND)
    # A cache in between must not give a browser what a program got.
    assert answer.headers["Vary"] == "Accept, origin"


@pytest.mark.parametrize("accept", ["text/html", "TEXT/HTML; charset=utf-8", "*/*, text/html;q=0.1"])
def test_html_is_recognized_in_every_accept_header(app: Client, accept: str) -> None:
    assert app.get("/sign-in", headers={"Accept": accept}).content.decode() == PAGE


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_only_reading_gets_the_page(app: Client, method: str) -> None:
    answer = app.generic(method, "/sign-in", headers=BROWSER)

    assert (answer.status_code, answer.json()) == (404, NOT_FOUND)


def test_a_file_with_a_hash_in_its_name_is_kept_for_a_year_and_comes_compressed(app: Client) -> None:
    plain = app.get("/assets/index-abc123.js")
    small = app.get("/assets/index-abc123.js", headers={"Accept-Encoding": "gzip"})

    assert body(plain) == SCRIPT
    assert body(small) == "the same, compressed"
    for answer in (plain, small):
        assert answer.headers["Content-Type"] == 'text/javascript; charset="utf-8"'
        assert answer.headers["Cache-Control"] == "max-age=31536000, public, immutable"
        assert "Accept-Encoding" in answer.headers["Vary"]
    assert small.headers["Content-Encoding"] == "gzip"


def test_a_file_without_a_hash_is_kept_for_a_minute(app: Client) -> None:
    answer = app.get("/robots.txt")

    assert body(answer) == "User-agent: *\n"
    assert answer.headers["Cache-Control"] == "max-age=60, public"


@pytest.mark.parametrize("debug", [False, True])
def test_the_page_by_the_name_of_its_file_is_the_same(app: Client, settings: Settings, debug: bool) -> None:
    settings.DEBUG = debug
    answer = app.get("/index.html", headers=BROWSER)

    assert answer.content.decode() == PAGE
    assert answer.headers["Content-Security-Policy"] == POLICY
    assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("path", ["/../manage.py", "/assets/../../manage.py", "/%2e%2e/manage.py"])
def test_nothing_outside_of_the_build_can_be_reached(app: Client, path: str, tmp_path: Path) -> None:
    (tmp_path.parent / "manage.py").write_text("a secret")
    try:
        answer = app.get(path)
        assert (answer.status_code, answer.json()) == (404, NOT_FOUND)
    finally:
        (tmp_path.parent / "manage.py").unlink()


def test_docs_and_admin_are_what_they_are_without_the_app(app: Client) -> None:
    docs = app.get("/docs", headers=BROWSER)
    admin = app.get("/admin/login/", headers=BROWSER)

    assert docs.status_code == admin.status_code == 200
    assert b"swagger-ui" in docs.content
    assert "style-src 'self' 'unsafe-inline'" in docs.headers["Content-Security-Policy"]
    assert b"Django administration" in admin.content
    style = app.get("/static/admin/css/base.css")
    assert "DJANGO Admin styles" in body(style)
    assert style.headers["Cache-Control"] == "max-age=60, public"


@pytest.mark.parametrize("headers", [BROWSER, {}])
def test_without_a_build_the_start_leads_to_the_docs(without_build: Client, headers: dict[str, str]) -> None:
    answer = without_build.get("/", headers=headers)

    assert (answer.status_code, answer.headers["Location"]) == (302, "/docs")


def test_without_a_build_every_other_path_is_json(without_build: Client) -> None:
    for path in ("/sign-in", "/index.html", "/assets/index-abc123.js"):
        answer = without_build.get(path, headers=BROWSER)
        assert (answer.status_code, answer.json()) == (404, NOT_FOUND)


def test_without_a_build_and_without_docs_the_start_is_json(
    without_build: Client, settings: Settings
) -> None:
    settings.DOCS = False

    assert json.loads(without_build.get("/", headers=BROWSER).content) == NOT_FOUND


def test_in_debug_a_new_build_is_served_without_a_restart(without_build: Client, settings: Settings) -> None:
    settings.DEBUG = True
    assert without_build.get("/", headers=BROWSER).status_code == 302

    (settings.FRONTEND_BUILD / "assets").mkdir(parents=True)
    (settings.FRONTEND_BUILD / "index.html").write_text(PAGE)
    (settings.FRONTEND_BUILD / "assets" / "new-abc123.js").write_text(SCRIPT)

    assert without_build.get("/", headers=BROWSER).content.decode() == PAGE
    assert body(without_build.get("/assets/new-abc123.js")) == SCRIPT


def test_a_request_of_the_api_opens_no_file_of_the_frontend(
    signed_in: APIClient, app: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also in DEBUG, where WhiteNoise looks for files at each request."""
    asked: list[str] = []
    monkeypatch.setattr(
        "oddjobbox.frontend.StaticFiles.find_file_at_path", lambda *given: asked.append(given[2])
    )
    for settings.DEBUG in (False, True):
        fresh = APIClient()
        fresh.credentials(**signed_in._credentials)
        assert fresh.get("/auth/me").status_code == 200
    assert asked == []


@pytest.fixture
def real_page() -> str:
    """The page of `make build`. The browser tests, which come before these, build it as well."""
    if not (REAL_BUILD / "index.html").is_file():
        pytest.skip("There is no build of the frontend: run `make build`.")
    return (REAL_BUILD / "index.html").read_text()


def test_everything_that_the_real_page_loads_is_served_and_kept(real_page: str, tmp_path: Path) -> None:
    with serve(tmp_path, workers=1) as server, server.client() as client:
        page = client.get("/", headers=BROWSER)
        assert (page.text, page.headers["Content-Security-Policy"]) == (real_page, POLICY)
        paths = re.findall(r'(?:src|href)="([^"]+)"', page.text)
        assert len(paths) >= 4
        for path in paths:
            file = client.get(path)
            assert (path[:8], file.status_code) == ("/assets/", 200)
            assert file.headers["Cache-Control"] == "max-age=31536000, public, immutable"


def test_the_real_page_has_nothing_inline(real_page: str) -> None:
    assert re.findall(r"<style|\sstyle=|\son\w+=|javascript:|data:", real_page) == []
    assert all("src=" in script for script in re.findall(r"<script[^>]*>", real_page))
