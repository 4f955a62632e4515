"""The schema as it is served, and the pages that show it."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.test import Client

from authentication.api.errors import catalogue
from tests.live import ROOT, LiveServer, serve

PROBLEM = "application/problem+json"


@pytest.mark.parametrize(
    ("accept", "content_type", "read"),
    [
        ("", "application/vnd.oai.openapi", yaml.safe_load),
        ("application/yaml", "application/yaml", yaml.safe_load),
        ("application/json", "application/json", json.loads),
        ("application/vnd.oai.openapi+json", "application/vnd.oai.openapi+json", json.loads),
    ],
)
def test_the_schema_is_served_as_yaml_and_as_json(
    client: Client, accept: str, content_type: str, read: Any
) -> None:
    for path in ("/schema", "/schema/"):
        answer = client.get(path, headers={"Accept": accept} if accept else {})

        assert answer.status_code == 200
        assert answer.headers["Content-Type"].partition(";")[0] == content_type
        assert read(answer.content) == yaml.safe_load((ROOT / "openapi.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", ["/schema", "/docs"])
@pytest.mark.parametrize("accept", ["image/png", PROBLEM])
def test_an_unavailable_media_type_is_406(client: Client, path: str, accept: str) -> None:
    answer = client.get(path, headers={"Accept": accept})

    expected = PROBLEM if accept == PROBLEM else "application/json"
    assert (answer.status_code, answer.headers["Content-Type"]) == (406, expected)
    assert json.loads(answer.content)["code"] == "not_acceptable"


@pytest.mark.parametrize("path", ["/schema", "/docs", "/docs/errors", "/health/live", "/health/ready"])
def test_a_readable_page_refuses_other_methods_in_json(path: str) -> None:
    client = Client(enforce_csrf_checks=True)
    for method in ("POST", "PUT", "DELETE"):
        answer = client.generic(method, path)

        assert (answer.status_code, answer.headers["Content-Type"]) == (405, "application/json")
        assert json.loads(answer.content)["code"] == "method_not_allowed"
        assert answer.headers["Allow"].startswith("GET, HEAD")


def test_the_docs_load_nothing_from_elsewhere(live: LiveServer) -> None:
    with live.client() as client:
        page = client.get("/docs")
        assert page.status_code == 200
        links = _Links()
        links.feed(page.text)

        assert links.inline_scripts == 0
        assert len(links.urls) == 5
        for url in links.urls:
            assert re.match(r"/(static|docs)\b", url), url
            assert client.get(url).status_code == 200, url
        script = client.get(links.urls[-1]).text
    assert '"validatorUrl": null' in script
    assert 'url: "/schema"' in script
    policy = page.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;")


def test_the_page_of_errors_has_a_row_to_point_at_for_every_code(client: Client) -> None:
    page = client.get("/docs/errors").content.decode()

    for error in catalogue():
        assert page.count(f'<tr id="{error.code}"') == 1


def test_docs_off_hides_the_docs_and_the_schema(tmp_path: Path) -> None:
    with serve(tmp_path, workers=1, DOCS="off") as server, server.client() as client:
        for path in ("/docs", "/docs/", "/docs/errors", "/schema", "/"):
            answer = client.get(path)
            assert answer.status_code == 404, path
            assert answer.json() == {"detail": "Not found.", "code": "not_found"}
        problem = client.get("/auth/me", headers={"Accept": PROBLEM}).json()
    assert problem["type"] == "about:blank"


class _Links(HTMLParser):
    """Collect what a page loads."""

    def __init__(self) -> None:
        super().__init__()
        self.urls: list[str] = []
        self.inline_scripts = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        url = values.get("src") or (values.get("href") if tag == "link" else None)
        if url:
            self.urls.append(url)
        elif tag == "script":
            self.inline_scripts += 1
