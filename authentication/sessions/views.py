"""Refreshing tokens, signing out, and the list of sessions."""

from collections.abc import Iterable
from functools import partial
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from authentication.api.errors import CatalogueError, NotAuthenticated, TokenInvalid
from authentication.api.views import PublicView, SignedInView, validated
from authentication.core.client import client_of
from authentication.sessions import schema, services
from authentication.sessions.authentication import AuthenticatedRequest, bearer_token, current_session
from authentication.sessions.serializers import RefreshTokenSerializer, SessionSerializer
from authentication.sessions.transport import Transport
from authentication.tokens.access import verify_access_token
from authentication.tokens.refresh import verify_refresh_token


class RefreshView(PublicView):
    """Exchange a refresh token."""

    @schema.refresh
    def post(self, request: Request) -> Response:
        arriving, token = Transport.read_refresh(request, _body_token(request))
        grant = services.rotate(token=token, client=client_of(request))
        return arriving.respond(grant)


class LogoutView(PublicView):
    """End the sessions that the request's credentials name."""

    @schema.logout
    def post(self, request: Request) -> Response:
        arriving = Transport.read(request)
        for session_id in _named_sessions(request, arriving.cookie):
            services.end(session_id=session_id, client=client_of(request))
        return arriving.respond_signed_out()


class SessionListView(SignedInView):
    """List the user's sessions, or end all but the current one."""

    @schema.list_sessions
    def get(self, request: AuthenticatedRequest) -> Response:
        alive = services.list_alive(user_id=request.user.pk)
        context = {"current": current_session(request)}
        return Response(SessionSerializer(alive, many=True, context=context).data)

    @schema.end_other_sessions
    def delete(self, request: AuthenticatedRequest) -> Response:
        services.end_others(
            user_id=request.user.pk, current=current_session(request), client=client_of(request)
        )
        return Response(status=204)


class SessionView(SignedInView):
    """End one of the user's sessions."""

    @schema.end_session
    def delete(self, request: AuthenticatedRequest, session_id: UUID) -> Response:
        services.end_own(user_id=request.user.pk, session_id=session_id, client=client_of(request))
        return Response(status=204)


def _body_token(request: Request) -> str | None:
    token: str | None = validated(RefreshTokenSerializer, request).get("refresh")
    return token


def _named_sessions(request: Request, cookie: str | None) -> Iterable[UUID]:
    """Return the sessions that the request's credentials name, whether or not they have ended."""
    credentials = (
        (partial(verify_access_token, allow_expired=True), bearer_token(request)),
        (verify_refresh_token, _body_token(request)),
        (verify_refresh_token, cookie),
    )
    error: CatalogueError = NotAuthenticated()
    named: list[UUID] = []
    for verify, credential in credentials:
        try:
            if credential is not None:
                named.append(verify(credential).session_id)
        except TokenInvalid as invalid:
            error = invalid
    if not named:
        raise error
    return dict.fromkeys(named)
