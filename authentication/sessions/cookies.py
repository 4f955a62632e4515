"""The refresh token in a cookie that no script can read."""

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from rest_framework.request import Request

from authentication.core import clock
from authentication.core.requests import check_origin
from authentication.sessions.grants import Grant

NAME = "__Host-oddjobbox_refresh"
DEVELOPMENT_NAME = "oddjobbox_refresh"


def read(request: Request) -> str | None:
    """Return the cookie's refresh token. Raises OriginNotAllowed for a foreign site's request."""
    token: str | None = request.COOKIES.get(_name(request))
    if token is not None:
        check_origin(request)
    return token


def store(response: HttpResponseBase, request: Request, grant: Grant) -> None:
    """Set the cookie to the refresh token, for as long as the session lasts."""
    assert grant.refresh is not None
    remaining = grant.session_expires_at - clock.now()
    set_cookie(response, request, _name(request), grant.refresh, int(remaining.total_seconds()))


def clear(response: HttpResponseBase, request: Request) -> None:
    """Take the cookie away, with the attributes that it was set with."""
    set_cookie(response, request, _name(request), "", 0)


def set_cookie(
    response: HttpResponseBase, request: HttpRequest | Request, name: str, value: str, max_age: int
) -> None:
    """Set a cookie that no script can read and no foreign site's request brings along."""
    secure = is_secure(request)
    response.set_cookie(
        name, value, max_age=max_age, path="/", secure=secure, httponly=True, samesite="Strict"
    )


def is_secure(request: HttpRequest | Request) -> bool:
    """Return whether cookies are for TLS alone: always, but in DEBUG over plain HTTP."""
    return request.is_secure() or not settings.DEBUG


def _name(request: HttpRequest | Request) -> str:
    return NAME if is_secure(request) else DEVELOPMENT_NAME
