"""The answer to every kind of sign-in."""

from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from authentication.core.errors import TokenInvalid
from authentication.core.requests import check_origin, client_of
from authentication.sessions import cookies, devices, services
from authentication.sessions.grants import Grant
from authentication.sessions.serializers import BODY, COOKIE
from authentication.tokens import refresh
from authentication.users.models import User


def check_cookie(request: Request, refresh_in: str | None) -> None:
    """Refuse a foreign site's sign-in that would set or replace the cookie (OriginNotAllowed).

    Called before anything costs or changes anything.
    """
    if refresh_in == COOKIE:
        check_origin(request)
    cookies.read(request)


def signed_in(
    request: Request, user: User, grant: Grant, refresh_in: str | None, status: int = 200
) -> Response:
    """Answer a sign-in; a cookie that came along loses its session to the new one."""
    account = {"username": user.username, "email": user.email}
    marker = devices.known(request, user.pk)
    if refresh_in != COOKIE:
        account["device"] = marker
    response = with_tokens(request, grant, refresh_in, status, **account)
    if refresh_in == COOKIE:
        devices.store(response, request, marker)
    old = cookies.read(request)
    if old is not None:
        session_id = _session_of(old)
        if session_id is not None:
            services.end(session_id=session_id, client=client_of(request))
        if refresh_in != COOKIE:
            cookies.clear(response, request)
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
        cookies.store(response, request, grant)
    return response


def _session_of(token: str) -> UUID | None:
    try:
        return refresh.verify(token).session_id
    except TokenInvalid:
        return None
