"""How credentials arrive and leave besides the access token: in a body, in cookies, in a header.

    arriving = Transport.read(request, refresh_in)
    user, grant = login.sign_in(..., device=arriving.device, replaces=arriving.session_id)
    return arriving.respond(grant, user)

Credentials are read once, before anything is decided, and written once, when everything is.
Nothing here decides or changes anything.
"""

import re
from functools import cached_property
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response

from authentication.api.errors import NotAuthenticated, OriginNotAllowed, TokenInvalid
from authentication.core import clock
from authentication.sessions.models import Grant
from authentication.sessions.serializers import BODY, COOKIE
from authentication.tokens import devices
from authentication.tokens.devices import Device
from authentication.tokens.refresh import verify_refresh_token
from authentication.users.models import User

DEVICE_MAX_AGE_SECONDS = 365 * 24 * 3600


class Transport:
    """The credentials that a request carries, and the way in which its response hands out new ones.

    ``cookie`` is the refresh token of the cookie, or None.
    """

    def __init__(
        self, request: HttpRequest | Request, refresh_in: str | None = None, cookie: str | None = None
    ) -> None:
        self.request, self.refresh_in, self.cookie = request, refresh_in, cookie

    @classmethod
    def read(cls, request: Request, refresh_in: str | None = None) -> "Transport":
        """Return the credentials of a request whose response may set, replace or clear the cookie.

        Call it before anything costs or changes anything. Raises OriginNotAllowed for a request of a
        foreign site.
        """
        cookie = request.COOKIES.get(_cookie_name(request, "refresh"))
        if refresh_in == COOKIE or cookie is not None:
            check_origin(request)
        return cls(request, refresh_in, cookie)

    @classmethod
    def read_refresh(cls, request: Request, in_body: str | None) -> "tuple[Transport, str]":
        """Return the refresh token of the body, otherwise of the cookie; the next one leaves likewise.

        Raises NotAuthenticated without any, and OriginNotAllowed.
        """
        if in_body is not None:
            return cls(request, BODY), in_body
        arriving = cls.read(request)
        if arriving.cookie is None:
            raise NotAuthenticated()
        return cls(request, COOKIE, arriving.cookie), arriving.cookie

    @cached_property
    def device(self) -> Device | None:
        """The device that the request's header names, otherwise its cookie, or None."""
        token = self.request.META.get("HTTP_X_DEVICE")
        token = token or self.request.COOKIES.get(_cookie_name(self.request, "device"))
        return devices.verify_device_token(token) if token else None

    @cached_property
    def session_id(self) -> UUID | None:
        """The session of the cookie, or None without a valid one."""
        try:
            return None if self.cookie is None else verify_refresh_token(self.cookie).session_id
        except TokenInvalid:
            return None

    def respond(self, grant: Grant, user: User | None = None, status: int = 200) -> Response:
        """Respond with tokens; to a sign-in of ``user``, also with the account and the device token.

        The refresh token is in the body or in the cookie, never in both; the device token goes along.
        """
        in_cookie = self.refresh_in == COOKIE
        body: dict[str, object] = {}
        if user is not None:
            body |= {"username": user.username, "email": user.email}
            device = devices.issue_device_token((self.device or devices.new()).with_user(user.pk))
            if not in_cookie:
                body["device"] = device
        body |= {"token": grant.token, "expires_in": grant.expires_in}
        if self.refresh_in == BODY:
            body["refresh"] = grant.refresh
        response = Response(body, status=status)
        if in_cookie:
            self._set_refresh_cookie(response, grant)
            if user is not None:
                self._set_cookie(response, "device", device, DEVICE_MAX_AGE_SECONDS)
        elif self.cookie is not None:
            self._clear_refresh_cookie(response)
        return response

    def respond_signed_out(self) -> Response:
        """Respond with 204, and clear the cookie that the request brought."""
        response = Response(status=204)
        if self.cookie is not None:
            self._clear_refresh_cookie(response)
        return response

    def _set_refresh_cookie(self, response: HttpResponseBase, grant: Grant) -> None:
        assert grant.refresh is not None
        max_age = clock.seconds_until(grant.session_expires_at)
        self._set_cookie(response, "refresh", grant.refresh, max_age)

    def _clear_refresh_cookie(self, response: HttpResponseBase) -> None:
        self._set_cookie(response, "refresh", "", 0)

    def _set_cookie(self, response: HttpResponseBase, kind: str, value: str, max_age: int) -> None:
        """Set a cookie that no script can read and that no request of a foreign site carries."""
        response.set_cookie(
            _cookie_name(self.request, kind),
            value,
            max_age=max_age,
            path="/",
            secure=_is_secure(self.request),
            httponly=True,
            samesite="Strict",
        )


def _cookie_name(request: HttpRequest | Request, kind: str) -> str:
    name = f"{settings.COOKIE_PREFIX}_{kind}"
    return f"__Host-{name}" if _is_secure(request) else name


def _is_secure(request: HttpRequest | Request) -> bool:
    """Return whether cookies require TLS: always, except in DEBUG over plain HTTP."""
    return request.is_secure() or not settings.DEBUG


def check_origin(request: HttpRequest | Request) -> None:
    """Accept the server's own pages, the origins that CORS lists, and clients that are not browsers.

    A request with neither ``Sec-Fetch-Site`` nor ``Origin`` does not come from a browser. Raises
    OriginNotAllowed.
    """
    site, origin = request.META.get("HTTP_SEC_FETCH_SITE"), request.META.get("HTTP_ORIGIN")
    if site in ("same-origin", "none"):
        return
    if origin is None and site is None:
        return
    if origin is None or not (_is_own(origin, request) or _is_listed(origin)):
        raise OriginNotAllowed()


def _is_own(origin: str, request: HttpRequest | Request) -> bool:
    """Return whether it is the request's host; a proxy that ends TLS may hide the scheme."""
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and parts.netloc.lower() == request.get_host().lower()


def _is_listed(origin: str) -> bool:
    # Sandboxed frames and local files of anybody have the origin "null".
    if origin.lower() == "null":
        return False
    patterns = settings.CORS_ALLOWED_ORIGIN_REGEXES
    return origin.lower() in settings.CORS_ALLOWED_ORIGINS or any(
        re.fullmatch(pattern, origin) for pattern in patterns
    )
