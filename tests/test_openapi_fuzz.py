"""A running server responds to any documented request as the document describes."""

import secrets
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from tests.conftest import PASSWORD
from tests.live import ROOT, WAIT_SECONDS, LiveServer, serve

CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
    checks.unsupported_method,
    checks.ignored_auth,
]
ENDS_THE_SESSION = ("logout", "deleteMe", "changePassword", "endSession")

document = schemathesis.openapi.from_path(ROOT / "openapi.yaml")


class Account:
    """An account that signs in again after a request has ended its session."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.token = ""

    def headers(self) -> dict[str, str]:
        if not self.token:
            name = f"fuzz_{secrets.token_hex(6)}"
            body = {"username": name, "email": f"{name}@example.com", "password": PASSWORD}
            answer = httpx.post(f"{self.url}/auth/registration", json=body, timeout=WAIT_SECONDS)
            self.token = answer.json()["token"]
        return {"Authorization": f"Bearer {self.token}"}

    def met(self, operation_id: str, status: int) -> None:
        if status < 300 and operation_id in ENDS_THE_SESSION:
            self.token = ""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A separate server, because the document's examples take names that other tests use.

    It has no rate limits, because most of some hundred sign-ins would otherwise be throttled.
    """
    with serve(tmp_path_factory.mktemp("fuzz"), workers=2, RATE_LIMITS="off") as server:
        yield server


@pytest.fixture(scope="module")
def account(server: LiveServer) -> Account:
    return Account(server.url)


@document.parametrize()
@settings(
    max_examples=8, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
)
def test_a_running_server_keeps_to_the_document(case: Any, server: LiveServer, account: Account) -> None:
    headers = account.headers()
    answer = case.call(base_url=server.url, headers=headers, timeout=WAIT_SECONDS)
    account.met(case.operation.definition.raw["operationId"], answer.status_code)
    case.validate_response(answer, checks=CHECKS, headers=headers)
