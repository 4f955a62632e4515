"""How the OpenAPI document describes a refusal: its codes, both forms of its body, its headers."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from authentication.api import errors
from authentication.api.exceptions import PROBLEM, RETRY_SECONDS

Error = type[errors.CatalogueError]
Json = dict[str, Any]


class Refusal(NamedTuple):
    """A message beside a field, with its code."""

    field: str
    code: str
    message: str


def header(description: str, schema: Json, *, required: bool = True) -> Json:
    """Describe a header of an answer."""
    return {"description": description, "required": required, "schema": schema}


def answer(found: list[Error], refusals: Sequence[Refusal]) -> Json:
    """Describe one status: its codes, in both forms of the body, with an example of each."""
    plain = [error for error in found if error is not errors.InvalidInput]
    json = _limited("Error", plain)
    if plain != found:
        json = {"oneOf": [{"$ref": "#/components/schemas/FieldErrors"}, json]}
    by_refusal = {f"{refusal.field}_{refusal.code}": refusal for refusal in refusals if plain != found}
    examples = {name: _example(r.message, {r.field: [r.message]}) for name, r in by_refusal.items()}
    problems = {name: _example(r.message, _invalid(r)) for name, r in by_refusal.items()}
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
        text = "RFC 6750 §3; a refused token is named by `error` and `error_description`."
        return {"WWW-Authenticate": header(text, {"type": "string", "pattern": '^Bearer realm="oddjobbox"'})}
    if status in (429, 503):
        schema = {"type": "integer", "minimum": 1, "examples": [RETRY_SECONDS if status == 503 else 540]}
        return {"Retry-After": header("Whole seconds to wait.", schema)}
    if status == 405:
        return {"Allow": header("The methods that this path has.", {"type": "string"})}
    return {}


def _limited(name: str, found: list[Error]) -> Json:
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
    problem_type = f"/docs/errors#{error.code}"
    return {"type": problem_type, "title": error.title, "status": error.status, **_body(error)}


def _invalid(refusal: Refusal) -> Json:
    return {**_problem(errors.InvalidInput), "errors": [refusal._asdict()]}


def _object(description: str, required: Sequence[str], **properties: Any) -> Json:
    described = {"type": "object", "description": description, "properties": properties}
    return {**described, "required": list(required)} if required else described


def schemas() -> Json:
    """Return the bodies of errors, with every code of the catalogue."""
    text = {"type": "string"}
    code = {"$ref": "#/components/schemas/ErrorCode"}
    reference = {**text, "description": "Of a `server_error`: names the line in the server's log."}
    message = _object(
        "One message, with its code.",
        ["field", "code", "message"],
        field={**text, "description": "Or `non_field_errors`."},
        code={"$ref": "#/components/schemas/InputCode"},
        message=text,
    )
    common = {"detail": text, "code": code, "reference": reference}
    return {
        "Error": _object("Every refusal but invalid input.", ["detail", "code"], **common),
        "FieldErrors": {
            "type": "object",
            "description": "Invalid input: messages by field; `non_field_errors` belong to none.",
            "additionalProperties": {"type": "array", "items": text, "minItems": 1},
        },
        "Problem": _object(
            "Any refusal as RFC 9457 has it, for `Accept: application/problem+json`.",
            ["type", "title", "status", "detail", "code"],
            type={**text, "format": "uri-reference"},
            title=text,
            status={"type": "integer"},
            **common,
            errors={"type": "array", "items": message, "description": "Of `invalid_input` only."},
        ),
        "ErrorCode": _codes({error.code: error.hint for error in errors.catalogue()}),
        "InputCode": _codes(errors.INPUT_CODES),
    }


def _codes(hints: Mapping[str, str]) -> Json:
    lines = [f"- `{code}`: {hint}" for code, hint in hints.items()]
    return {"type": "string", "enum": list(hints), "description": "\n".join(lines)}
