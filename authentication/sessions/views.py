"""Refresh, sign-out and the list of devices."""

from collections.abc import Iterable
from uuid import UUID

from rest_framework.decorators import action
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from authentication.core.errors import CatalogueError, NotAuthenticated, NotFound, TokenInvalid
from authentication.core.requests import bearer_token, client_of
from authentication.sessions import answers, cookies, services
from authentication.sessions.credentials import AuthenticatedRequest
from authentication.sessions.serializers import (
    BODY,
    COOKIE,
    RefreshTokenSerializer,
    SessionSerializer,
)
from authentication.tokens import access, refresh


class TokenViewSet(ViewSet):
    """What a token does for itself. A stale Authorization header locks nobody out of these."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @action(detail=False, methods=["post"])
    def refresh(self, request: Request) -> Response:
        token, refresh_in = _body_token(request), BODY
        if token is None:
            token, refresh_in = cookies.read(request), COOKIE
        if token is None:
            raise NotAuthenticated()
        grant = services.rotate(token=token, client=client_of(request))
        return answers.with_tokens(request, grant, refresh_in)

    @action(detail=False, methods=["post"])
    def logout(self, request: Request) -> Response:
        cookie = cookies.read(request)
        for session_id in _named_sessions(request, cookie):
            services.end(session_id=session_id, client=client_of(request))
        response = Response(status=204)
        if cookie is not None:
            cookies.clear(response, request)
        return response


class SessionViewSet(ViewSet):
    """One's own sessions."""

    @action(detail=False, methods=["get"])
    def sessions(self, request: AuthenticatedRequest) -> Response:
        alive = services.list_alive(user_id=request.user.pk)
        serializer = SessionSerializer(alive, many=True, context={"current": request.auth.session})
        return Response(serializer.data)

    @sessions.mapping.delete
    def end_others(self, request: AuthenticatedRequest) -> Response:
        services.end_others(session=request.auth.session, client=client_of(request))
        return Response(status=204)

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
