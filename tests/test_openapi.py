"""The OpenAPI document: valid, complete, and up to date."""

import re
from typing import Any

from openapi_spec_validator import OpenAPIV31SpecValidator

from authentication.api.errors import INPUT_CODES, catalogue
from tests.live import ROOT
from tests.openapi import DOCUMENT, OPERATIONS, PROBLEM, examples, resolve, validator
from tests.routes import routes

BESIDE = {("get", "/.well-known/jwks.json"), ("get", "/health/live"), ("get", "/health/ready")}
PUBLIC = [
    "confirmPasswordReset",
    "getKeys",
    "live",
    "login",
    "ready",
    "register",
    "requestPasswordReset",
    "undoEmailChange",
    "verifyEmail",
]
SIGN_INS = ["changePassword", "login", "register"]


def test_the_document_is_valid_openapi_3_1() -> None:
    assert DOCUMENT["openapi"] == "3.1.0"
    assert [str(error) for error in OpenAPIV31SpecValidator(DOCUMENT).iter_errors()] == []


def test_every_route_is_documented_without_a_slash_and_nothing_else_is() -> None:
    routed = {(route.method, route.path) for route in routes()}

    assert len(routed) > 15
    assert {(method, path) for method, path, _ in OPERATIONS} == routed | BESIDE


def test_every_route_is_answered_with_and_without_a_slash() -> None:
    assert [(route.method, f"{route.path}/") for route in routes()] == [
        (route.method, route.path) for route in routes(trailing_slash=True)
    ]


def test_the_document_costs_a_request_nothing() -> None:
    """A view with a schema among its arguments would keep a reference to its last request."""
    callbacks: list[Any] = [route.callback for route in routes()]
    assert [callback for callback in callbacks if "schema" in callback.initkwargs] == []


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


def test_every_response_under_auth_says_no_store() -> None:
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
    """Tests compare these codes with responses, so the server does return them."""
    schemas = DOCUMENT["components"]["schemas"]
    known = {*schemas["ErrorCode"]["enum"], *schemas["InputCode"]["enum"]}
    named = re.compile(r"""["']code["'](?:\]\s*==|:)\s*["'](\w+)["']""")
    # The neighbours are views of another app, with codes of its own.
    files = [file for file in (ROOT / "tests").rglob("*.py") if file.parent.name != "neighbours"]
    met = {code for file in files for code in named.findall(file.read_text())}

    assert "session_ended" in met
    assert met - known == set()


def test_every_error_has_both_forms_of_the_body() -> None:
    for method, path, operation in OPERATIONS:
        for status, answer in operation["responses"].items():
            if status >= "400":
                assert set(resolve(answer)["content"]) == {"application/json", PROBLEM}, (method, path)


def test_every_example_is_what_its_schema_says() -> None:
    checked = 0
    for part in _parts(DOCUMENT):
        if "schema" not in part:
            continue
        for name, example in part.get("examples", {}).items():
            errors = [error.message for error in validator(part["schema"]).iter_errors(example["value"])]
            assert errors == [], name
            checked += 1
    assert checked > 100


def test_every_sign_in_is_documented_to_read_and_return_a_device_token() -> None:
    device = {"$ref": "#/components/parameters/Device"}
    reading = [op for _, _, op in OPERATIONS if device in op.get("parameters", [])]

    assert sorted(operation["operationId"] for operation in reading) == SIGN_INS
    for operation in reading:
        success = next(iter(operation["responses"].values()))
        told = ["device" in example["value"] for example in examples(success, "application/json")]
        assert told[:3] == [True, True, False]
        # A registration that has to be verified first returns no device token.
        assert told[3:] == ([False] if operation["operationId"] == "register" else [])
        assert success["headers"]["Set-Cookie"]["description"].endswith("it also sets the device cookie.")


def _security_of(operation_id: str) -> list[dict[str, list[str]]]:
    if operation_id == "refresh":
        return [{"refreshCookie": []}, {}]
    if operation_id == "logout":
        return [{"bearer": []}, {"refreshCookie": []}, {}]
    if operation_id == "resendVerification":
        return [{"bearer": []}, {}]
    return [{}] if operation_id in PUBLIC else [{"bearer": []}]


def _parts(value: Any) -> Any:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from _parts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _parts(inner)
