"""The OpenAPI document, and whether the answers are the ones it tells."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from pytest_django.fixtures import Settings
from rest_framework.test import APIClient

from authentication.core.errors import INPUT_CODES, catalogue
from authentication.models import User
from authentication.urls import router
from tests.conftest import PASSWORD, client_for
from tests.live import ROOT

DOCUMENT: dict[str, Any] = yaml.safe_load((ROOT / "openapi.yaml").read_text(encoding="utf-8"))
BESIDE = {("get", "/.well-known/jwks.json"), ("get", "/health/live"), ("get", "/health/ready")}
OPERATIONS = [
    (method, path, operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
]
PROBLEM = "application/problem+json"
LIMITED = ["changePassword", "deleteMe", "login", "refresh", "register"]
SIGN_INS = ["changePassword", "login", "register"]
SESSION_PATH = "/auth/sessions/{session_id}"
NOBODYS = "/auth/sessions/00000000-0000-4000-8000-000000000000"


def test_the_document_is_valid_openapi_3_1() -> None:
    assert DOCUMENT["openapi"] == "3.1.0"
    assert [str(error) for error in OpenAPIV31SpecValidator(DOCUMENT).iter_errors()] == []


def test_every_route_is_documented_without_a_slash_and_nothing_else_is() -> None:
    routed = {
        (method, "/auth/" + _template(str(route.pattern)))
        for route in router.urls
        for method in route.callback.actions
        if method != "head"
    }

    assert len(routed) > 10
    assert {(method, path) for method, path, _ in OPERATIONS} == routed | BESIDE


def test_the_document_costs_a_request_nothing() -> None:
    """With a schema among its arguments, a view would keep the last request that it answered."""
    assert [route for route in router.urls if "schema" in route.callback.initkwargs] == []


def test_every_operation_says_what_it_is() -> None:
    tags = {tag["name"] for tag in DOCUMENT["tags"]}
    for method, path, operation in OPERATIONS:
        assert operation["summary"], path
        assert operation["description"], path
        assert operation["tags"][0] in tags, path
        assert ("requestBody" in operation) == (method in ("post", "patch")), path
        assert operation["security"] == _security_of(operation["operationId"]), path
    ids = [operation["operationId"] for _, _, operation in OPERATIONS]
    assert len(ids) == len(set(ids))


def test_every_answer_under_auth_says_that_it_is_not_to_be_kept() -> None:
    for method, path, operation in OPERATIONS:
        success = next(iter(operation["responses"].values()))
        header = success["headers"]["Cache-Control"]
        assert header["required"] is True
        if path.startswith("/auth/"):
            assert header["schema"]["const"] == "no-store", (method, path)


def test_every_code_of_the_catalogue_is_in_the_document() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    assert schemas["ErrorCode"]["enum"] == [error.code for error in catalogue()]
    assert schemas["InputCode"]["enum"] == list(INPUT_CODES)


def test_every_code_that_a_test_names_is_in_the_document() -> None:
    """Codes in tests are compared with what the server answered, so they are real ones."""
    schemas = DOCUMENT["components"]["schemas"]
    known = {*schemas["ErrorCode"]["enum"], *schemas["InputCode"]["enum"]}
    named = re.compile(r"""["']code["'](?:\]\s*==|:)\s*["'](\w+)["']""")
    met = {code for file in (ROOT / "tests").rglob("*.py") for code in named.findall(file.read_text())}

    assert "session_ended" in met
    assert met - known == set()


def test_every_refusal_has_both_forms_of_the_body() -> None:
    for method, path, operation in OPERATIONS:
        for status, answer in operation["responses"].items():
            if status >= "400":
                assert set(_resolve(answer)["content"]) == {"application/json", PROBLEM}, (method, path)


def test_every_example_is_what_its_schema_says() -> None:
    checked = 0
    for part in _parts(DOCUMENT):
        if "schema" not in part:
            continue
        for name, example in part.get("examples", {}).items():
            errors = [error.message for error in _validator(part["schema"]).iter_errors(example["value"])]
            assert errors == [], name
            checked += 1
    assert checked > 100


@pytest.mark.parametrize("accept", ["application/json", PROBLEM])
@pytest.mark.parametrize(
    ("method", "path", "template", "extra", "status", "code"),
    [
        ("post", "/auth/login", None, {"data": {}}, 400, "invalid_input"),
        ("post", "/auth/login", None, {"data": "{", "content_type": "application/json"}, 400, "parse_error"),
        ("post", "/auth/login", None, {"data": {}, "HTTP_HOST": "evil.example"}, 400, "bad_request"),
        (
            "post",
            "/auth/registration",
            None,
            {"data": {"refresh_in": "cookie", "username": "a", "email": "b", "password": "c"}}
            | {"HTTP_ORIGIN": "https://evil.example"},
            403,
            "origin_not_allowed",
        ),
        ("post", "/auth/refresh", None, {"data": {}}, 401, "not_authenticated"),
        ("post", "/auth/refresh", None, {"data": {"refresh": "oj_x"}}, 401, "token_invalid"),
        ("post", "/auth/logout", None, {"data": {}}, 401, "not_authenticated"),
        ("get", "/auth/me", None, {"HTTP_AUTHORIZATION": "Bearer x"}, 401, "token_invalid"),
        ("get", "/auth/sessions", None, {}, 401, "not_authenticated"),
        ("delete", NOBODYS, SESSION_PATH, {"signed_in": True}, 404, "not_found"),
        ("post", "/auth/login", None, {"HTTP_TRANSFER_ENCODING": "chunked"}, 411, "length_required"),
        ("post", "/auth/login", None, {"data": {"username": "x" * 70_000}}, 413, "too_large"),
        (
            "patch",
            "/auth/me",
            None,
            {"data": "x", "content_type": "text/plain", "signed_in": True},
            415,
            "unsupported_media_type",
        ),
    ],
)
def test_a_refusal_is_answered_as_documented(
    user: User,
    accept: str,
    method: str,
    path: str,
    template: str | None,
    extra: dict[str, Any],
    status: int,
    code: str,
) -> None:
    extra = dict(extra)
    client = client_for(user.token) if extra.pop("signed_in", False) else APIClient()

    answer = client.generic(method.upper(), path, HTTP_ACCEPT=accept, **_encoded(extra))

    assert answer.status_code == status
    assert answer.headers["Content-Type"] == accept
    documented = _resolve(DOCUMENT["paths"][template or path][method]["responses"][str(status)])
    _validator(documented["content"][accept]["schema"]).validate(answer.json())
    assert set(documented.get("headers", {})) <= set(answer.headers)
    if accept == PROBLEM:
        assert answer.json()["code"] == code
        assert any(example["value"]["code"] == code for example in _examples(documented, accept))


def test_a_sign_in_is_answered_as_documented(api: APIClient, user: User) -> None:
    for refresh_in in ("body", "cookie"):
        body = {"username": "jane_doe", "password": PASSWORD, "refresh_in": refresh_in}
        answer = api.post("/auth/login", body)
        documented = DOCUMENT["paths"]["/auth/login"]["post"]["responses"]["200"]
        _validator(documented["content"]["application/json"]["schema"]).validate(answer.json())
        examples = _examples(documented, "application/json")
        assert set(answer.json()) in [set(example["value"]) for example in examples]


def test_every_sign_in_is_documented_to_read_and_to_tell_a_device() -> None:
    device = {"$ref": "#/components/parameters/Device"}
    reading = [op for _, _, op in OPERATIONS if device in op.get("parameters", [])]

    assert sorted(operation["operationId"] for operation in reading) == SIGN_INS
    for operation in reading:
        success = next(iter(operation["responses"].values()))
        told = ["device" in example["value"] for example in _examples(success, "application/json")]
        assert told == [True, True, False]
        assert success["headers"]["Set-Cookie"]["description"].endswith("also the cookie of the device.")


@pytest.mark.parametrize("accept", ["application/json", PROBLEM])
def test_what_is_limited_is_answered_as_documented(
    api: APIClient, user: User, settings: Settings, accept: str
) -> None:
    settings.LIMITS = {name: (1, timedelta(minutes=15)) for name in settings.LIMITS}
    wrong = {"username": "jane_doe", "password": "wrong", "new_password": "staple the battery anew"}
    newcomer = {"username": "new_comer", "email": "new@example.com", "password": PASSWORD}
    tokens = api.post("/auth/login", {**wrong, "password": PASSWORD, "refresh_in": "body"}).json()
    bodies = {"register": newcomer, "refresh": {"refresh": tokens["refresh"]}}
    signed_in, met = client_for(user.token), []
    for method, path, operation in OPERATIONS:
        documented = operation["responses"].get("429")
        if documented is None:
            continue
        name = operation["operationId"]
        client = signed_in if operation["security"] == [{"bearer": []}] else api
        for _ in range(2):
            answer = getattr(client, method)(path, bodies.get(name, wrong), headers={"Accept": accept})

        assert (answer.status_code, answer.json()["code"]) == (429, "throttled"), name
        _validator(_resolve(documented)["content"][accept]["schema"]).validate(answer.json())
        assert set(_resolve(documented)["headers"]) == {"Retry-After"}
        assert 1 <= int(answer.headers["Retry-After"]) <= 900
        met.append(name)
    assert sorted(met) == LIMITED


def _template(regex: str) -> str:
    return re.sub(r"\(\?P<(\w+)>[^)]*\)", r"{\1}", regex).strip("^$").removesuffix("/?")


def _security_of(operation_id: str) -> list[dict[str, list[str]]]:
    if operation_id == "refresh":
        return [{"refreshCookie": []}, {}]
    if operation_id == "logout":
        return [{"bearer": []}, {"refreshCookie": []}, {}]
    public = ("register", "login", "getKeys", "live", "ready")
    return [{}] if operation_id in public else [{"bearer": []}]


def _resolve(answer: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in answer:
        return answer
    found: dict[str, Any] = DOCUMENT["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    return found


def _validator(schema: dict[str, Any]) -> Draft202012Validator:
    return Draft202012Validator({**schema, "components": DOCUMENT["components"]})


def _examples(answer: dict[str, Any], media_type: str) -> list[Any]:
    return list(answer["content"][media_type]["examples"].values())


def _parts(value: Any) -> Any:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from _parts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _parts(inner)


def _encoded(extra: dict[str, Any]) -> dict[str, Any]:
    data = extra.pop("data", "")
    body = data if isinstance(data, str) else json.dumps(data)
    return {"data": body, "content_type": extra.pop("content_type", "application/json"), **extra}
