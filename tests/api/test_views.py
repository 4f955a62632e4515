"""The app's own views, whatever the project around them does."""

import os
import subprocess
import sys
from typing import Any

import pytest
from django.test.utils import override_script_prefix
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient
from rest_framework.views import APIView

from authentication.api.views import is_own
from authentication.models import Session, User
from tests.api.every_endpoint import REQUESTS, ask
from tests.conftest import client_for
from tests.live import ROOT
from tests.openapi import DOCUMENT, PROBLEM
from tests.routes import routes

PREFIXES = [
    "/api/v1/auth/",
    "/v1/auth/",
    "/v2/auth/",
    "/acme/00000000-0000-4000-8000-000000000000/auth/",
    "/v3/auth/",
]
ASK = "from tests.api.ask_with_foreign_defaults import main; main()"


def test_every_endpoint_is_asked() -> None:
    assert sorted(REQUESTS) == sorted((route.method, route.path.removeprefix("/auth/")) for route in routes())


@pytest.mark.parametrize("auth", [None, "a token of another app"])
@pytest.mark.parametrize("endpoint", REQUESTS)
def test_force_authenticate_works_on_every_endpoint(user: User, endpoint: tuple[str, str], auth: Any) -> None:
    assert ask(user, endpoint, auth=auth).status_code == REQUESTS[endpoint][1]


def test_no_session_is_the_current_one_under_force_authenticate(api: APIClient, user: User) -> None:
    user.sessions.open()
    user.sessions.open()
    api.force_authenticate(user)

    assert [entry["current"] for entry in api.get("/auth/sessions").json()] == [False, False]
    assert api.delete("/auth/sessions").status_code == 204
    assert Session.objects.count() == 0


@pytest.mark.urls("tests.api.mounted")
@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("endpoint", REQUESTS)
def test_every_endpoint_works_wherever_it_is_mounted(
    user: User, endpoint: tuple[str, str], prefix: str
) -> None:
    assert ask(user, endpoint, prefix).status_code == REQUESTS[endpoint][1]


@pytest.mark.urls("tests.api.mounted")
@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize("prefix", PREFIXES)
def test_the_path_to_change_an_email_address_is_named_as_it_is_mounted(
    user: User, prefix: str, slash: str
) -> None:
    answer = client_for(user.token).patch(f"{prefix}me{slash}", {"email": "jane@example.org"})

    assert answer.status_code == 400
    assert answer.json() == {"email": [f"Change the email address at {prefix}email/change."]}


def test_the_document_follows_where_the_app_is_mounted() -> None:
    mounted = SchemaGenerator(urlconf="tests.api.mounted").get_schema(request=None, public=True)["paths"]

    auth = {path: methods for path, methods in DOCUMENT["paths"].items() if path.startswith("/auth/")}
    assert len(auth) > 10
    for path, methods in auth.items():
        for method, operation in methods.items():
            assert _statuses(mounted[f"/api/v1{path}"][method]) == _statuses(operation), path


@pytest.mark.parametrize("prefix", ["", "/api"])
def test_the_served_document_names_the_path_in_front(api: APIClient, prefix: str) -> None:
    with override_script_prefix(f"{prefix}/"):
        document = api.get("/schema", headers={"Accept": "application/json"}).json()

    assert document.get("servers") == ([{"url": prefix}] if prefix else None)
    assert list(document["paths"]) == list(DOCUMENT["paths"])
    assert f"({prefix}/docs/errors)" in document["info"]["description"]
    problem = document["components"]["responses"]["NotFound"]["content"][PROBLEM]
    assert problem["examples"]["not_found"]["value"]["type"] == f"{prefix}/docs/errors#not_found"


def test_own_views_are_recognised_by_their_class_and_views_of_others_are_not() -> None:
    callbacks = [route.callback for route in routes()]
    assert [callback for callback in callbacks if not is_own(callback)] == []
    assert is_own(APIView.as_view()) is False
    assert is_own(lambda request: None) is False


def test_the_project_s_defaults_do_not_reach_own_views() -> None:
    """They are read when the classes are made, so another process is asked."""
    result = subprocess.run(
        [sys.executable, "manage.py", "shell", "--verbosity=0", f"--command={ASK}"],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.api.foreign_defaults"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert (result.returncode, result.stdout) == (0, "ok\n"), result.stderr


def _statuses(operation: dict[str, Any]) -> list[str]:
    return list(operation["responses"])
