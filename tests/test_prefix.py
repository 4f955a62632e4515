"""The whole server below a path, behind nginx that strips the path, that keeps it, and directly."""

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import httpx
import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from tests.conftest import PASSWORD
from tests.live import LiveServer, free_port, serve, wait_for
from tests.test_proxy import NGINX, _command, _directives, _listens

PREFIX = "/shop"
JANE = {"username": "jane_doe", "email": "jane@example.com", "password": PASSWORD}
CONFIGURATION = """
worker_processes 1;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    proxy_set_header Host $http_host;
    proxy_set_header X-Forwarded-For $remote_addr;
    proxy_set_header X-Forwarded-Proto $scheme;
    server {{
        listen 127.0.0.1:{strips};
        location /shop/ {{ proxy_pass {api}/; }}
    }}
    server {{
        listen 127.0.0.1:{keeps};
        location /shop/ {{ proxy_pass {api}; }}
    }}
}}
"""


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    folder = tmp_path_factory.mktemp("prefixed")
    with serve(folder, workers=1, TRUSTED_PROXIES="1", SCRIPT_NAME=PREFIX, RATE_LIMITS="off") as server:
        assert httpx.post(f"{server.url}/auth/registration", json=JANE).status_code == 201
        yield server


@pytest.fixture(scope="module")
def proxies(api: LiveServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    if NGINX is None:
        pytest.skip("nginx is not installed.")
    folder, strips, keeps = tmp_path_factory.mktemp("nginx"), free_port(), free_port()
    text = CONFIGURATION.format(folder=folder, strips=strips, keeps=keeps, api=api.url)
    (folder / "nginx.conf").write_text(text)
    process = subprocess.Popen([*_command(NGINX, folder), "-g", _directives(folder)], env=os.environ)
    try:
        wait_for(lambda: _listens(strips))
        yield {"strips": f"http://localhost:{strips}", "keeps": f"http://localhost:{keeps}"}
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=10)


@pytest.fixture(params=["strips", "keeps"])
def client(proxies: dict[str, str], request: pytest.FixtureRequest) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=proxies[request.param] + PREFIX) as opened:
        yield opened


@pytest.mark.parametrize("path", ["/admin/login/", "/docs", "/docs/errors"])
def test_every_file_of_a_page_is_below_the_path(client: httpx.Client, path: str) -> None:
    page = client.get(path)
    assert page.status_code == 200
    links = [urljoin(str(page.url), link) for link in re.findall(r'(?:href|src)="([^"#]+)"', page.text)]
    assert links or path == "/docs/errors"
    for link in links:
        if urlsplit(link).netloc == page.url.netloc.decode():
            assert urlsplit(link).path.startswith(f"{PREFIX}/")
            assert client.get(link).status_code in (200, 302), link


def test_redirects_and_links_to_the_next_page_lead_below_the_path(client: httpx.Client) -> None:
    token = client.post("/auth/login", json=JANE).json()["token"]
    client.post("/auth/login", json=JANE)
    headers = {"Authorization": f"Bearer {token}"}
    following = client.get("/auth/events?page_size=1", headers=headers).json()["next"]

    assert client.get("/admin/").headers["Location"] == f"{PREFIX}/admin/login/?next={PREFIX}/admin/"
    assert client.get(following, headers=headers).status_code == 200


def test_the_admins_form_posts_below_the_path(client: httpx.Client) -> None:
    page = client.get("/admin/login/")
    (token,) = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
    cookies = {
        "Cookie": f"csrftoken={page.cookies['csrftoken']}",
        "Origin": str(page.url.join("/")).rstrip("/"),
    }
    form = {"username": "jane_doe", "password": "wrong", "csrfmiddlewaretoken": token}
    answer = client.post("/admin/login/", data=form, headers=cookies)

    assert "Please enter the correct username and password for a staff account" in answer.text


def test_the_schema_names_the_path(client: httpx.Client) -> None:
    schema = client.get("/schema", headers={"Accept": "application/json"}).json()

    assert schema["servers"] == [{"url": PREFIX}]
    assert "/auth/login" in schema["paths"]


@pytest.mark.parametrize("path", ["/health/live", "/shop/health/live", "/static/admin/css/base.css"])
def test_probes_need_not_know_the_path(api: LiveServer, path: str) -> None:
    assert httpx.get(f"{api.url}{path}").status_code == 200


@pytest.mark.parametrize(
    "path", ["/shopping/health/live", "/shop/shop/health/live", "/other/shop/health/live"]
)
def test_the_path_is_removed_once_and_as_a_whole(api: LiveServer, path: str) -> None:
    assert httpx.get(f"{api.url}{path}").status_code == 404


@pytest.mark.parametrize("path", ["/", "/account/password"])
def test_the_app_finds_its_files_below_the_path(settings: Settings, tmp_path: Path, path: str) -> None:
    settings.FRONTEND_BUILD, settings.PREFIX = tmp_path, PREFIX
    (tmp_path / "index.html").write_text('<link href="/assets/a.svg"><script src="/assets/b.js"></script>')
    page = Client().get(path, headers={"Accept": "text/html"})

    assert page.content == b'<link href="/shop/assets/a.svg"><script src="/shop/assets/b.js"></script>'
