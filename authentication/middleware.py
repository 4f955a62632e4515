"""``request.user`` for code outside of DRF: the Bearer token's user where nobody has a Django session."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction, sync_to_async
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from authentication.api.errors import CatalogueError
from authentication.sessions.authentication import bearer_token, credential_of

AnyUser = AbstractBaseUser | AnonymousUser


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
