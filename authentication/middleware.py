"""The middleware of this app: guards for its own views, and ``request.user`` for code outside of DRF."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction, sync_to_async
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils.functional import SimpleLazyObject

from authentication.api import errors
from authentication.api.errors import CatalogueError
from authentication.api.exceptions import API_POLICY, error_response, is_admin, plain_response
from authentication.api.views import is_own
from authentication.sessions.authentication import bearer_token, credential_of

MAX_BODY_BYTES = 64 * 1024

View = Callable[..., HttpResponse]
AnyUser = AbstractBaseUser | AnonymousUser


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


class BearerUserMiddleware:
    """Make ``request.user`` the user of the Django session, else of the Bearer token, else anonymous.

    It stands behind Django's AuthenticationMiddleware. The token is looked at when the user is first
    read, and one that is refused leaves the user anonymous. DRF's views and the admin authenticate
    for themselves, so they get Django's user back: otherwise DRF's SessionAuthentication would take a
    token for a session and ask for a CSRF token, and a token would open the admin.
    """

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Any:
        if "HTTP_AUTHORIZATION" in request.META:
            _SessionUser(request).replace()
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        """Give Django's own user back to the views that authenticate for themselves."""
        replaced: _SessionUser | None = getattr(request, "_session_user", None)
        match = request.resolver_match
        if replaced and (hasattr(view, "cls") or (match is not None and "admin" in match.app_names)):
            replaced.restore()


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


class _SessionUser:
    """The users that Django's middleware has set on a request, and those that take their place."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.user, self.auser = request.user, request.auser
        self.bearer_user = SimpleLazyObject(partial(_user, request, self.user))
        self.bearer_auser = partial(_auser, request, self.auser)

    def replace(self) -> None:
        self.request.user, self.request.auser = self.bearer_user, self.bearer_auser  # type: ignore[assignment]
        self.request._session_user = self  # type: ignore[attr-defined]

    def restore(self) -> None:
        # A middleware in between may have signed someone in.
        user: object = self.request.user
        if user is self.bearer_user:
            self.request.user = self.user
        if self.request.auser is self.bearer_auser:
            self.request.auser = self.auser


def _user(request: HttpRequest, session_user: AnyUser) -> AnyUser:
    if session_user.is_authenticated:
        return session_user
    token = bearer_token(request)
    try:
        return credential_of(request, token).session.user if token else session_user
    except CatalogueError:
        return session_user


async def _auser(request: HttpRequest, session_user: Callable[[], Awaitable[AnyUser]]) -> AnyUser:
    return await sync_to_async(_user)(request, await session_user())
