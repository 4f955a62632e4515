"""Describe error responses in the OpenAPI document: codes, both forms of the body, headers."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.urls import get_script_prefix

from authentication.api import errors
from authentication.api.exceptions import RETRY_SECONDS
from authentication.api.problems import PROBLEM

Error = type[errors.CatalogueError]
Json = dict[str, Any]


class Message(NamedTuple):
    """A message beside a field, with its code."""

    field: str
    code: str
    message: str


def header(description: str, schema: Json, *, required: bool = True) -> Json:
    """Return the description of a response header."""
    return {"description": description, "required": required, "schema": schema}


def error_response(found: Sequence[Error], messages: Sequence[Message]) -> Json:
    """Return the description of one status: its codes, in both forms of the body, with examples."""
    plain = [error for error in found if error is not errors.InvalidInput]
    json = _limited("Error", plain)
    if len(plain) < len(found):
        json = {"oneOf": [{"$ref": "#/components/schemas/FieldErrors"}, json]}
    by_name = {f"{m.field}_{m.code}": m for m in messages if len(plain) < len(found)}
    examples = {name: _example(m.message, {m.field: [m.message]}) for name, m in by_name.items()}
    problems = {name: _example(m.message, _invalid(m)) for name, m in by_name.items()}
    for error in plain:
        examples[error.code] = _example(error.title, _body(error))
        problems[error.code] = _example(error.title, _problem(error))
    described: Json = {
        "description": " ".join(f"`{error.code}`: {error.title}" for error in found),
        "content": {
            "application/json": {"schema": json, "examples": examples},
            PROBLEM: {"schema": _limited("Problem", found), "examples": problems},
        },
    }
    headers = _error_headers(found[0].status)
    return {**described, "headers": headers} if headers else described


def _error_headers(status: int) -> Json:
    if status == 401:
        text = "RFC 6750 §3; for a rejected token with `error` and `error_description`."
        return {"WWW-Authenticate": header(text, {"type": "string", "pattern": '^Bearer realm="oddjobbox"'})}
    if status in (429, 503):
        schema = {"type": "integer", "minimum": 1, "examples": [RETRY_SECONDS if status == 503 else 540]}
        return {"Retry-After": header("Seconds to wait.", schema)}
    if status == 405:
        return {"Allow": header("The methods of this path.", {"type": "string"})}
    return {}


def _limited(name: str, found: Sequence[Error]) -> Json:
    codes = {"enum": [error.code for error in found]}
    return {
        "allOf": [
            {"$ref": f"#/components/schemas/{name}"},
            {"type": "object", "properties": {"code": codes}},
        ]
    }


def _example(summary: str, value: Any) -> Json:
    return {"summary": summary, "value": value}


def _body(error: Error) -> Json:
    body = {"detail": error.title, "code": error.code}
    return {**body, "reference": "8f14e45fceea167a"} if error is errors.ServerError else body


def _problem(error: Error) -> Json:
    problem_type = f"{get_script_prefix()}docs/errors#{error.code}"
    return {"type": problem_type, "title": error.title, "status": error.status, **_body(error)}


def _invalid(message: Message) -> Json:
    return {**_problem(errors.InvalidInput), "errors": [message._asdict()]}


def _object(description: str, required: Sequence[str], **properties: Any) -> Json:
    described = {"type": "object", "description": description, "properties": properties}
    return {**described, "required": list(required)} if required else described


def schemas() -> Json:
    """Return the schemas of error bodies, with every code of the catalogue."""
    text = {"type": "string"}
    code = {"$ref": "#/components/schemas/ErrorCode"}
    reference = {**text, "description": "Only for `server_error`: identifies the entry in the server's log."}
    message = _object(
        "A message about one field, with its code.",
        ["field", "code", "message"],
        field={**text, "description": "The name of the field, or `non_field_errors`."},
        code={"$ref": "#/components/schemas/InputCode"},
        message=text,
    )
    common = {"detail": text, "code": code, "reference": reference}
    return {
        "Error": _object("Every error except invalid input.", ["detail", "code"], **common),
        "FieldErrors": {
            "type": "object",
            "description": "Invalid input: messages by field; `non_field_errors` are about no single field.",
            "additionalProperties": {"type": "array", "items": text, "minItems": 1},
        },
        "Problem": _object(
            "Any error in the format of RFC 9457, for `Accept: application/problem+json`.",
            ["type", "title", "status", "detail", "code"],
            type={**text, "format": "uri-reference"},
            title=text,
            status={"type": "integer"},
            **common,
            errors={"type": "array", "items": message, "description": "Only for `invalid_input`."},
        ),
        "ErrorCode": _codes({error.code: error.hint for error in errors.catalogue()}),
        "InputCode": _codes(errors.INPUT_CODES),
    }


def _codes(hints: Mapping[str, str]) -> Json:
    lines = [f"- `{code}`: {hint}" for code, hint in hints.items()]
    return {"type": "string", "enum": list(hints), "description": "\n".join(lines)}
