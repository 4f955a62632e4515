"""The bodies of error responses: DRF's by default, the problem document of RFC 9457 on request."""

from collections.abc import Iterator
from http.client import responses
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from rest_framework import exceptions as drf
from rest_framework.request import Request

from authentication.api import errors

PROBLEM = "application/problem+json"

# The default codes of DRF that have another name in the catalogue.
RENAMED = {drf.AuthenticationFailed.default_code: errors.TokenInvalid.code}


def is_wanted(request: HttpRequest | Request) -> bool:
    """Return whether the client accepts a problem document."""
    return PROBLEM in request.META.get("HTTP_ACCEPT", "").lower()


def plain(error: drf.APIException) -> dict[str, Any]:
    """Return the body that says what happened in words and in a code."""
    body = {"detail": error.detail, "code": _code(error)}
    reference = getattr(error, "reference", "")
    return {**body, "reference": reference} if reference else body


def document(error: drf.APIException, status: int) -> dict[str, Any]:
    """Return the problem document of RFC 9457 §3."""
    code = _code(error)
    entry = {known.code: known for known in errors.catalogue()}.get(code)
    has_parts = isinstance(error.detail, (list, dict))
    title = entry.title if entry else _phrase(status)
    problem = {"type": _type(code) if entry else "about:blank", "title": title, "status": status}
    problem |= {**plain(error), "detail": title if has_parts else error.detail}
    if has_parts:
        detail = error.detail if isinstance(error.detail, dict) else {"non_field_errors": error.detail}
        problem["errors"] = list(_messages(detail))
    return problem


def _phrase(status: int) -> str:
    return responses.get(status, "Error")


def _type(code: str) -> str:
    try:
        return f"{reverse('docs-errors')}#{code}" if settings.DOCS else "about:blank"
    except NoReverseMatch:
        return "about:blank"


def _code(error: drf.APIException) -> str:
    """Return the code that was given to the exception, or else that of its class."""
    if isinstance(error, errors.CatalogueError):
        return error.code
    if isinstance(error, drf.ValidationError):
        default = error.default_code
        return errors.InvalidInput.code if default == drf.ValidationError.default_code else str(default)
    codes = {str(message["code"]) for message in _messages(error.detail, default=error.default_code)}
    code = codes.pop() if len(codes) == 1 else str(error.default_code)
    return RENAMED.get(code, code)


def _messages(detail: Any, field: str = "", default: str = "invalid") -> Iterator[dict[str, str]]:
    """Flatten DRF's nested messages to ``{"field", "code", "message"}``."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            yield from _messages(inner, f"{field}.{name}" if field else str(name), default)
    elif isinstance(detail, list):
        for inner in detail:
            yield from _messages(inner, field, default)
    else:
        yield {"field": field, "code": getattr(detail, "code", default), "message": str(detail)}
