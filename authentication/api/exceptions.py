"""Turn every refusal into an answer: DRF's body by default, RFC 9457 for who asks for it."""

import logging
import math
import sys
from typing import Any, cast

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.views import LoginView
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation, ValidationError
from django.core.signals import got_request_exception
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.utils.encoding import escape_uri_path
from django.views import defaults
from rest_framework import exceptions as drf
from rest_framework.fields import get_error_detail
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import set_rollback

from authentication.api import errors

logger = logging.getLogger("oddjobbox")

PROBLEM = "application/problem+json"
RETRY_SECONDS = 2

FROM_DRF: dict[type[drf.APIException], type[errors.CatalogueError]] = {
    drf.ParseError: errors.ParseError,
    drf.NotAuthenticated: errors.NotAuthenticated,
    drf.AuthenticationFailed: errors.TokenInvalid,
    drf.PermissionDenied: errors.PermissionDenied,
    drf.NotFound: errors.NotFound,
    drf.MethodNotAllowed: errors.MethodNotAllowed,
    drf.NotAcceptable: errors.NotAcceptable,
    drf.UnsupportedMediaType: errors.UnsupportedMediaType,
    drf.Throttled: errors.Throttled,
}


def handle(error: Exception, context: dict[str, Any]) -> Response:
    """Answer an exception raised in a DRF view; this is DRF's ``EXCEPTION_HANDLER``."""
    request: Request = context["request"]
    set_rollback()
    if isinstance(error, ValidationError):
        error = drf.ValidationError(get_error_detail(error))
    if isinstance(error, drf.ValidationError):
        status, body = _invalid_input(error, request)
        return Response(body, status, headers={}, content_type=_content_type(request))
    known = _classify(error, request)
    headers = _headers(known, error)
    return Response(_body(known, request), known.status, headers=headers, content_type=_content_type(request))


def answer(request: HttpRequest, error: errors.CatalogueError) -> HttpResponse:
    """Answer a catalogue error outside of DRF: in middleware, or where no view was found."""
    content_type = _content_type(request) or "application/json"
    headers = _headers(error)
    return JsonResponse(
        _body(error, request), status=error.status, headers=headers, content_type=content_type
    )


def refuse(request: HttpRequest, error: errors.CatalogueError) -> HttpResponse:
    """Answer a catalogue error that a view outside of DRF has raised: in words under /admin/."""
    if not _is_admin(request):
        return answer(request, error)
    match = request.resolver_match
    if match is not None and match.view_name == "admin:login":
        response = _sign_in_form(request, error)
    else:
        response = HttpResponse(_sentence(error), content_type="text/plain; charset=utf-8")
    response.status_code = error.status
    for name, value in _headers(error).items():
        response.headers[name] = value
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Be Django's ``handler400``: JSON, or a page under /admin/."""
    if _is_admin(request) and exception is not None:
        return defaults.bad_request(request, exception)
    return answer(request, _classify(exception, request) if exception else errors.BadRequest())


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Be Django's ``handler403``."""
    if _is_admin(request) and exception is not None:
        return defaults.permission_denied(request, exception)
    return answer(request, errors.PermissionDenied())


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Be Django's ``handler404``, and the view of every path that has no other."""
    if _is_admin(request):
        return defaults.page_not_found(request, exception or Http404())
    return answer(request, errors.NotFound())


def server_error(request: HttpRequest) -> HttpResponse:
    """Be Django's ``handler500``."""
    if _is_admin(request):
        return defaults.server_error(request)
    return answer(request, _unexpected(request))


def _is_admin(request: HttpRequest) -> bool:
    return request.path.startswith("/admin/")


def _sign_in_form(request: HttpRequest, error: errors.CatalogueError) -> HttpResponse:
    """Show the admin's form again, filled in as it was sent, with the refusal above it."""

    class RefusedForm(AdminAuthenticationForm):
        def clean(self) -> dict[str, Any]:
            raise ValidationError(_sentence(error), code=error.code)

    context = {
        **admin.site.each_context(request),
        "title": "Log in",
        "app_path": request.get_full_path(),
    }
    view = LoginView.as_view(
        authentication_form=RefusedForm, template_name="admin/login.html", extra_context=context
    )
    return cast(HttpResponse, view(request))


def _sentence(error: errors.CatalogueError) -> str:
    """Say to a person what a program reads from the code and from Retry-After."""
    if not isinstance(error, errors.Throttled) or error.retry_after_seconds is None:
        return f"{error.detail} Try again in a moment."
    minutes = math.ceil(error.retry_after_seconds / 60)
    return f"Too many failed sign-ins. Try again in {minutes} minute{'' if minutes == 1 else 's'}."


def _classify(error: Exception, request: HttpRequest | Request) -> errors.CatalogueError:
    if isinstance(error, errors.CatalogueError):
        return error
    for kind, ours in FROM_DRF.items():
        if isinstance(error, kind):
            return ours(_detail(error))
    if isinstance(error, Http404):
        return errors.NotFound()
    if isinstance(error, RequestDataTooBig):
        return errors.TooLarge()
    if isinstance(error, (SuspiciousOperation, UnreadablePostError)):
        return errors.BadRequest()
    if isinstance(error, (OperationalError, InterfaceError)):
        logger.error("The database cannot be reached: %s", error)
        return errors.Unavailable(retry_after_seconds=RETRY_SECONDS)
    return _unexpected(request)


def _detail(error: drf.APIException) -> str:
    return str(error.detail) if isinstance(error.detail, str) else ""


def _unexpected(request: HttpRequest | Request) -> errors.CatalogueError:
    """Log the exception in full, tell Django's listeners, and keep everything from the client."""
    error = errors.ServerError()
    exc_info = sys.exc_info()
    logger.error(
        "%s %s failed, reference %s",
        request.method,
        # A line break in a path must not begin a line of the log.
        escape_uri_path(request.path),
        error.reference,
        exc_info=exc_info,
    )
    if exc_info[0] is not None and isinstance(request, Request):
        got_request_exception.send(sender=handle, request=request._request)
    return error


def _content_type(request: HttpRequest | Request) -> str | None:
    return PROBLEM if PROBLEM in request.META.get("HTTP_ACCEPT", "").lower() else None


def _headers(error: errors.CatalogueError, cause: Exception | None = None) -> dict[str, str]:
    headers: dict[str, str] = {}
    if error.status == 401:
        headers["WWW-Authenticate"] = _challenge(error)
    wait = error.retry_after_seconds
    if wait is None:
        wait = getattr(cause, "wait", None)
    if wait is not None:
        headers["Retry-After"] = str(int(wait))
    return headers


def _challenge(error: errors.CatalogueError) -> str:
    """Write the challenge of RFC 6750 §3: a refused token is named, a missing one is not."""
    challenge = 'Bearer realm="oddjobbox"'
    if isinstance(error, errors.TokenRefused):
        challenge += f', error="invalid_token", error_description="{error.title}"'
    return challenge


def _body(error: errors.CatalogueError, request: HttpRequest | Request) -> dict[str, Any]:
    body: dict[str, Any] = {"detail": error.detail, "code": error.code}
    if _content_type(request):
        body = {"type": _type(error.code), "title": error.title, "status": error.status, **body}
    if error.reference:
        body["reference"] = error.reference
    return body


def _type(code: str) -> str:
    return f"/docs/errors#{code}" if settings.DOCS else "about:blank"


def _invalid_input(error: drf.ValidationError, request: Request) -> tuple[int, Any]:
    detail = error.detail if isinstance(error.detail, dict) else {"non_field_errors": error.detail}
    if not _content_type(request):
        return 400, detail
    problem = _body(errors.InvalidInput(), request)
    problem["errors"] = list(_messages(detail))
    return 400, problem


def _messages(detail: Any, field: str = "") -> Any:
    """Flatten DRF's nested messages to ``{"field", "code", "message"}``."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            yield from _messages(inner, f"{field}.{name}" if field else str(name))
    elif isinstance(detail, list):
        for inner in detail:
            yield from _messages(inner, field)
    else:
        yield {"field": field, "code": detail.code, "message": str(detail)}
