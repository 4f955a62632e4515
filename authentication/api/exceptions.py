"""Turn exceptions into error responses: DRF's body by default, RFC 9457 on request."""

import logging
import math
import sys
from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.exceptions import ValidationError as DjangoValidationError
from django.core.signals import got_request_exception
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.urls import NoReverseMatch, reverse
from django.utils.encoding import escape_uri_path
from django.views import defaults
from rest_framework import exceptions as drf
from rest_framework.fields import get_error_detail
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import exception_handler

from authentication.api import errors, problems
from authentication.api.problems import PROBLEM

logger = logging.getLogger("oddjobbox")

API_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
RETRY_SECONDS = 2

BAD_REQUESTS = (BadRequest, SuspiciousOperation, UnreadablePostError, MultiPartParserError)


def handle(error: Exception, context: dict[str, Any]) -> Response:
    """Return the response to an exception raised in a DRF view; this is DRF's ``EXCEPTION_HANDLER``.

    The status, the shape of the body and the headers are those of DRF's own handler. This one adds the
    code, the problem document, and a response to the exceptions that DRF leaves to Django.
    """
    request: Request = context["request"]
    known = _known(error, request)
    response = exception_handler(known, context)
    assert response is not None
    if isinstance(known, errors.CatalogueError):
        # DRF turns a 401 into 403 where the view has no challenge of its own.
        response.status_code = known.status
    _add_headers(response, known, context)
    if problems.is_wanted(request) and _writes_json(request):
        response.data = problems.document(known, response.status_code)
        response.content_type = PROBLEM
    elif not isinstance(known.detail, (list, dict)):
        response.data = problems.plain(known)
    return response


def error_response(request: HttpRequest, error: errors.CatalogueError) -> HttpResponse:
    """Return the response to a catalogue error outside of DRF, as in middleware."""
    response = JsonResponse(problems.plain(error), status=error.status)
    if problems.is_wanted(request):
        body = problems.document(error, error.status)
        response = JsonResponse(body, status=error.status, content_type=PROBLEM)
    _add_headers(response, error, {})
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Security-Policy"] = API_POLICY
    return response


def plain_response(error: errors.CatalogueError) -> HttpResponse:
    """Return the response to a catalogue error on a page that people read."""
    text = sentence(error)
    response = HttpResponse(text, status=error.status, content_type="text/plain; charset=utf-8")
    _add_headers(response, error, {})
    return response


def sentence(error: errors.CatalogueError) -> str:
    """Return the error in words, with the time to wait that a program reads from Retry-After."""
    if not isinstance(error, errors.Throttled) or error.retry_after_seconds is None:
        return str(error.detail)
    minutes = math.ceil(error.retry_after_seconds / 60)
    return f"Too many attempts. Try again in {minutes} minute{'' if minutes == 1 else 's'}."


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Be Django's ``handler400``: a page in the admin, JSON elsewhere."""
    if is_admin(request) and exception is not None:
        return defaults.bad_request(request, exception)
    known = _known(exception, request) if exception else errors.BadRequest()
    return error_response(request, known if isinstance(known, errors.CatalogueError) else errors.BadRequest())


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Be Django's ``handler403``."""
    if is_admin(request) and exception is not None:
        return defaults.permission_denied(request, exception)
    return error_response(request, errors.PermissionDenied())


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Be Django's ``handler404``, and the view of every path that has no other."""
    if is_admin(request):
        return defaults.page_not_found(request, exception or Http404())
    return error_response(request, errors.NotFound())


def server_error(request: HttpRequest) -> HttpResponse:
    """Be Django's ``handler500``."""
    if is_admin(request):
        return defaults.server_error(request)
    return error_response(request, _unexpected(request))


def is_admin(request: HttpRequest) -> bool:
    """Return whether the request is for an admin site, or for a path below Django's own one."""
    match = request.resolver_match
    if match is not None and match.app_names:
        return "admin" in match.app_names
    try:
        return request.path.startswith(reverse("admin:index"))
    except NoReverseMatch:
        return False


def _known(error: Exception, request: HttpRequest | Request) -> drf.APIException:
    """Return the exception as one of DRF's, most of them from the catalogue."""
    if isinstance(error, drf.APIException):
        return error
    if isinstance(error, DjangoValidationError):
        detail = get_error_detail(error)
        return drf.ValidationError(detail if isinstance(detail, dict) else {"non_field_errors": detail})
    if isinstance(error, PermissionDenied):
        return drf.PermissionDenied(*error.args[:1])
    if isinstance(error, Http404):
        # Its message is for developers.
        return errors.NotFound()
    if isinstance(error, RequestDataTooBig):
        return errors.TooLarge()
    if isinstance(error, BAD_REQUESTS):
        return errors.BadRequest()
    if isinstance(error, (OperationalError, InterfaceError)):
        logger.error("The database cannot be reached: %s", error)
        return errors.Unavailable(retry_after_seconds=RETRY_SECONDS)
    return _unexpected(request)


def _unexpected(request: HttpRequest | Request) -> errors.CatalogueError:
    """Log the exception in full, notify Django's listeners, and tell the client nothing but a reference."""
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


def _add_headers(response: HttpResponse, error: drf.APIException, context: dict[str, Any]) -> None:
    wait = getattr(error, "wait", None)
    if wait is not None:
        response.headers["Retry-After"] = str(int(wait))
    challenge = _challenge(error, context) if response.status_code == 401 else None
    if challenge:
        response.headers["WWW-Authenticate"] = challenge


def _challenge(error: drf.APIException, context: dict[str, Any]) -> str | None:
    """Return the challenge of the refused token, or else of the view's first authentication class."""
    if isinstance(error, errors.TokenRefused):
        return error.challenge()
    view = context.get("view")
    of_view: str | None = view.get_authenticate_header(context["request"]) if view else None
    if isinstance(error, errors.CatalogueError):
        return of_view or error.challenge()
    return getattr(error, "auth_header", None) or of_view


def _writes_json(request: Request) -> bool:
    """Return whether the body will be JSON, as it is unless a view offers another format."""
    renderer = getattr(request, "accepted_renderer", None)
    return renderer is None or renderer.format == "json"
