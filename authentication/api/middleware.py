"""What holds for this app's own views, wherever they are mounted, and for no view of another app."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from authentication.api import errors
from authentication.api.exceptions import API_POLICY, error_response, is_admin, plain_response
from authentication.api.views import is_own

MAX_BODY_BYTES = 64 * 1024

View = Callable[..., HttpResponse]


class ApiGuard:
    """Check the host of every request; limit bodies and forbid caches and scripts on our own views."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not _is_host_served(request):
            return error_response(request, errors.BadRequest("This host is not served here."))
        # On every path, because Django and DRF read a chunked body as an empty one.
        if "HTTP_TRANSFER_ENCODING" in request.META:
            return error_response(request, errors.LengthRequired())
        response = self.get_response(request)
        match = request.resolver_match
        if match is None:
            return response
        if is_own(match.func):
            response.headers.setdefault("Cache-Control", "no-store")
            response.headers.setdefault("Content-Security-Policy", API_POLICY)
        elif "admin" in match.app_names and settings.ADMIN_CONTENT_SECURITY_POLICY:
            response.headers.setdefault("Content-Security-Policy", settings.ADMIN_CONTENT_SECURITY_POLICY)
        return response

    def process_view(
        self, request: HttpRequest, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Refuse a body that one of our own views would not read."""
        error = _check_body(request) if is_own(view) else None
        return error_response(request, error) if error else None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Respond to a catalogue error that was raised outside of DRF, as by the admin's password form."""
        if not isinstance(exception, errors.CatalogueError):
            return None
        is_page = is_admin(request) or _names_html(request)
        return plain_response(exception) if is_page else error_response(request, exception)


def serve_any_host(view: View) -> View:
    """Let a view be asked under any ``Host``, as health checks are."""
    view.serves_any_host = True  # type: ignore[attr-defined]
    return view


def _names_html(request: HttpRequest) -> bool:
    """Return whether the client asks for a page; programs send ``*/*``."""
    return any((form.main_type, form.sub_type) == ("text", "html") for form in request.accepted_types)


def _is_host_served(request: HttpRequest) -> bool:
    try:
        request.get_host()
    except DisallowedHost:
        try:
            return getattr(resolve(request.path_info).func, "serves_any_host", False)
        except Resolver404:
            return False
    return True


def _check_body(request: HttpRequest) -> errors.CatalogueError | None:
    return errors.TooLarge() if _content_length(request) > MAX_BODY_BYTES else None


def _content_length(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not (length.isascii() and length.isdigit()):
        return 0
    # Python refuses to read a number of thousands of digits; the first ones say enough.
    return int(length.lstrip("0")[:20] or "0")
