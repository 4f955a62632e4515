"""Refresh, sign-out and the list of devices."""

from collections.abc import Iterable
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.decorators import action
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from authentication.api.errors import (
    CatalogueError,
    NotAuthenticated,
    NotFound,
    RefreshReused,
    SessionEnded,
    Throttled,
    TokenInvalid,
    UserInactive,
)
from authentication.api.schema import operations
from authentication.api.schema.operations import REFRESH, SHORT, Facts
from authentication.api.schema.responses import Refusal
from authentication.core.client import client_of
from authentication.sessions import services, transport
from authentication.sessions.authentication import AuthenticatedRequest, bearer_token
from authentication.sessions.serializers import (
    BODY,
    COOKIE,
    RefreshTokenSerializer,
    SessionSerializer,
    TokenSerializer,
)
from authentication.tokens import access, refresh

SESSION = {
    "id": "0b6f1c5e-2f4b-4a7e-9d57-6f1f2a3c4d5e",
    "created_at": "2026-11-23T14:20:00Z",
    "last_seen_at": "2026-11-23T15:05:00Z",
    "expires_at": "2027-01-22T14:20:00Z",
    "ip": "192.0.2.10",
    "device": "Firefox on Linux",
    "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "current": True,
}
NOT_TEXT = Refusal("refresh", "invalid", "Not a valid string.")
SESSION_ID = OpenApiParameter(
    "session_id", OpenApiTypes.UUID, OpenApiParameter.PATH, description="The `id` of the list."
)


class TokenViewSet(ViewSet):
    """What a token does for itself. A stale Authorization header locks nobody out of these."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @operations.operation(
        "refresh",
        tag="Sign-in",
        summary="Use a refresh token",
        description="A refresh token serves once: the answer brings the next one, in the body or in the "
        "cookie, as the used one came. Sent again within 10 seconds, or while nothing of the new pair "
        "was used, it gets the same next one; later, its session ends. The body goes before the cookie.",
        request=RefreshTokenSerializer,
        sent={"In the body": {"refresh": REFRESH}, "By the cookie": {}},
        answer=TokenSerializer,
        received={"In the body": {**SHORT, "refresh": REFRESH}, "By the cookie": SHORT},
        security=[operations.COOKIE, operations.PUBLIC],
        facts=Facts(
            errors=[NotAuthenticated, TokenInvalid, SessionEnded, RefreshReused, UserInactive, Throttled],
            refusals=[NOT_TEXT],
            uses_cookie=True,
        ),
    )
    @action(detail=False, methods=["post"])
    def refresh(self, request: Request) -> Response:
        token, refresh_in = _body_token(request), BODY
        if token is None:
            token, refresh_in = transport.read_cookie(request), COOKIE
        if token is None:
            raise NotAuthenticated()
        grant = services.rotate(token=token, client=client_of(request))
        return transport.with_tokens(request, grant, refresh_in)

    @operations.operation(
        "logout",
        tag="Sign-in",
        summary="Sign out",
        description="Ends the sessions that the Bearer token, the refresh token in the body and the "
        "cookie name; an expired token will do, and a session that was over already is no error.",
        request=RefreshTokenSerializer,
        sent={"By the token or the cookie": {}, "By the refresh token": {"refresh": REFRESH}},
        status=204,
        security=[operations.BEARER, operations.COOKIE, operations.PUBLIC],
        facts=Facts(errors=[NotAuthenticated, TokenInvalid], refusals=[NOT_TEXT], uses_cookie=True),
    )
    @action(detail=False, methods=["post"])
    def logout(self, request: Request) -> Response:
        cookie = transport.read_cookie(request)
        for session_id in _named_sessions(request, cookie):
            services.end(session_id=session_id, client=client_of(request))
        response = Response(status=204)
        if cookie is not None:
            transport.clear_cookie(response, request)
        return response


class SessionViewSet(ViewSet):
    """One's own sessions."""

    @operations.operation(
        "listSessions",
        tag="Sessions",
        summary="List one's own sessions",
        description="Every sign-in that is still alive, newest first.",
        answer=SessionSerializer(many=True),
        received={"This device": SESSION},
    )
    @action(detail=False, methods=["get"])
    def sessions(self, request: AuthenticatedRequest) -> Response:
        alive = services.list_alive(user_id=request.user.pk)
        serializer = SessionSerializer(alive, many=True, context={"current": request.auth.session})
        return Response(serializer.data)

    @operations.operation(
        "endOtherSessions",
        tag="Sessions",
        summary="End every other session",
        description="The session that asks stays.",
        status=204,
    )
    @sessions.mapping.delete
    def end_others(self, request: AuthenticatedRequest) -> Response:
        services.end_others(session=request.auth.session, client=client_of(request))
        return Response(status=204)

    @operations.operation(
        "endSession",
        tag="Sessions",
        summary="End one session",
        description="Its tokens are refused from the next request on. It may be the session that asks.",
        status=204,
        parameters=[SESSION_ID],
        facts=Facts(errors=[NotFound]),
    )
    @action(detail=False, methods=["delete"], url_path="sessions/(?P<session_id>[0-9A-Fa-f-]{36})")
    def end_one(self, request: AuthenticatedRequest, session_id: str) -> Response:
        services.end_own(user_id=request.user.pk, session_id=_uuid(session_id), client=client_of(request))
        return Response(status=204)


def _body_token(request: Request) -> str | None:
    serializer = RefreshTokenSerializer(data=request.data)
    serializer.is_valid(raise_exception=True)
    token: str | None = serializer.validated_data.get("refresh")
    return token


def _named_sessions(request: Request, cookie: str | None) -> Iterable[UUID]:
    """Return the sessions that the request's credentials name, expired or over as they may be."""
    credentials = (
        (access.verify_expired, bearer_token(request)),
        (refresh.verify, _body_token(request)),
        (refresh.verify, cookie),
    )
    refusal: CatalogueError = NotAuthenticated()
    named: list[UUID] = []
    for verify, credential in credentials:
        try:
            if credential is not None:
                named.append(verify(credential).session_id)
        except TokenInvalid as error:
            refusal = error
    if not named:
        raise refusal
    return dict.fromkeys(named)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound() from error
