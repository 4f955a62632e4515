"""How credentials arrive and leave: in a body, in a cookie, in a device token; and from which origin."""

import re
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response

from authentication.api.errors import OriginNotAllowed, TokenInvalid
from authentication.core import clock
from authentication.core.client import client_of
from authentication.sessions import services
from authentication.sessions.models import Grant
from authentication.sessions.serializers import BODY, COOKIE
from authentication.tokens import devices, refresh
from authentication.tokens.devices import Device
from authentication.users.models import User

COOKIE_NAME = "__Host-oddjobbox_refresh"
DEVELOPMENT_COOKIE_NAME = "oddjobbox_refresh"
DEVICE_COOKIE_NAME = "__Host-oddjobbox_device"
DEVELOPMENT_DEVICE_COOKIE_NAME = "oddjobbox_device"
DEVICE_MAX_AGE_SECONDS = 365 * 24 * 3600


def check_cookie(request: Request, refresh_in: str | None) -> None:
    """Refuse a foreign site's sign-in that would set or replace the cookie (OriginNotAllowed).

    Called before anything costs or changes anything.
    """
    if refresh_in == COOKIE:
        check_origin(request)
    read_cookie(request)


def signed_in(
    request: Request, user: User, grant: Grant, refresh_in: str | None, status: int = 200
) -> Response:
    """Answer a sign-in; a cookie that came along loses its session to the new one."""
    account = {"username": user.username, "email": user.email}
    marker = known_device(request, user.pk)
    if refresh_in != COOKIE:
        account["device"] = marker
    response = with_tokens(request, grant, refresh_in, status, **account)
    if refresh_in == COOKIE:
        store_device(response, request, marker)
    old = read_cookie(request)
    if old is not None:
        session_id = _session_of(old)
        if session_id is not None:
            services.end(session_id=session_id, client=client_of(request))
        if refresh_in != COOKIE:
            clear_cookie(response, request)
    return response


def with_tokens(
    request: Request, grant: Grant, refresh_in: str | None, status: int = 200, **account: str
) -> Response:
    """Answer with tokens, the refresh token in the body or in the cookie, never in both."""
    body = {**account, "token": grant.token, "expires_in": grant.expires_in}
    if refresh_in == BODY:
        body["refresh"] = grant.refresh
    response = Response(body, status=status)
    if refresh_in == COOKIE:
        store_cookie(response, request, grant)
    return response


def _session_of(token: str) -> UUID | None:
    try:
        return refresh.verify_refresh_token(token).session_id
    except TokenInvalid:
        return None


def read_cookie(request: Request) -> str | None:
    """Return the cookie's refresh token. Raises OriginNotAllowed for a foreign site's request."""
    token: str | None = request.COOKIES.get(_cookie_name(request))
    if token is not None:
        check_origin(request)
    return token


def store_cookie(response: HttpResponseBase, request: Request, grant: Grant) -> None:
    """Set the cookie to the refresh token, for as long as the session lasts."""
    assert grant.refresh is not None
    remaining = grant.session_expires_at - clock.now()
    set_cookie(response, request, _cookie_name(request), grant.refresh, int(remaining.total_seconds()))


def clear_cookie(response: HttpResponseBase, request: Request) -> None:
    """Take the cookie away, with the attributes that it was set with."""
    set_cookie(response, request, _cookie_name(request), "", 0)


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


def _cookie_name(request: HttpRequest | Request) -> str:
    return COOKIE_NAME if is_secure(request) else DEVELOPMENT_COOKIE_NAME


def read_device(request: HttpRequest | Request) -> Device | None:
    """Return the device that the request names, by the header or else by the cookie."""
    marker = request.META.get("HTTP_X_DEVICE") or request.COOKIES.get(_device_cookie_name(request))
    return devices.verify_device_token(marker) if marker else None


def known_device(request: HttpRequest | Request, user_id: int) -> str:
    """Return the marker of the request's device after this user has signed in from it."""
    return devices.issue_device_token((read_device(request) or devices.new()).with_user(user_id))


def store_device(response: HttpResponseBase, request: HttpRequest | Request, marker: str) -> None:
    """Set the cookie to a marker, for a year."""
    set_cookie(response, request, _device_cookie_name(request), marker, DEVICE_MAX_AGE_SECONDS)


def _device_cookie_name(request: HttpRequest | Request) -> str:
    return DEVICE_COOKIE_NAME if is_secure(request) else DEVELOPMENT_DEVICE_COOKIE_NAME


def check_origin(request: HttpRequest | Request) -> None:
    """Refuse a browser's request from a foreign site before it uses the refresh cookie.

    A request that says neither where it comes from is not a browser's. Raises OriginNotAllowed.
    """
    if request.META.get("HTTP_SEC_FETCH_SITE") in ("same-origin", "none"):
        return
    origin = request.META.get("HTTP_ORIGIN")
    if origin is None:
        if "HTTP_SEC_FETCH_SITE" not in request.META:
            return
    elif _is_own(origin, request) or _is_listed(origin):
        return
    raise OriginNotAllowed()


def _is_own(origin: str, request: HttpRequest | Request) -> bool:
    return _netloc(origin) == request.get_host().lower()


def _netloc(origin: str) -> str:
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""


def _is_listed(origin: str) -> bool:
    patterns = settings.CORS_ALLOWED_ORIGIN_REGEXES
    return origin.lower() in settings.CORS_ALLOWED_ORIGINS or any(
        re.fullmatch(pattern, origin) for pattern in patterns
    )
