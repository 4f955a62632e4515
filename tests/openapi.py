"""The published OpenAPI document, and functions to look things up in it."""

from typing import Any

import yaml
from jsonschema import Draft202012Validator

from tests.live import ROOT

DOCUMENT: dict[str, Any] = yaml.safe_load((ROOT / "openapi.yaml").read_text(encoding="utf-8"))
OPERATIONS = [
    (method, path, operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
]
PROBLEM = "application/problem+json"


def resolve(answer: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in answer:
        return answer
    found: dict[str, Any] = DOCUMENT["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    return found


def validator(schema: dict[str, Any]) -> Draft202012Validator:
    return Draft202012Validator({**schema, "components": DOCUMENT["components"]})


def examples(answer: dict[str, Any], media_type: str) -> list[Any]:
    return list(answer["content"][media_type]["examples"].values())
