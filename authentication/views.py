"""Registration and login."""

from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from authentication import schema
from authentication.accounts import services as accounts
from authentication.api.views import PublicViewSet, validated
from authentication.core.client import client_of
from authentication.login import services as login
from authentication.serializers import LoginSerializer, RegistrationSerializer
from authentication.sessions.transport import Transport


class UserViewSet(PublicViewSet):
    """Create accounts and sign in to them."""

    @schema.registration
    @action(detail=False, methods=["post"])
    def registration(self, request: Request) -> Response:
        data = validated(RegistrationSerializer, request)
        refresh_in = data.pop("refresh_in", None)
        arriving = Transport.read(request, refresh_in)
        user, grant = accounts.register(
            refreshable=refresh_in is not None,
            client=client_of(request),
            replaces=arriving.session_id,
            **data,
        )
        if grant is None:
            body = {"username": user.username, "email": user.email, "verification": "required"}
            return Response(body, status=201)
        return arriving.respond(grant, user, status=201)

    @schema.login
    @action(detail=False, methods=["post"])
    def login(self, request: Request) -> Response:
        data = validated(LoginSerializer, request)
        refresh_in = data.pop("refresh_in", None)
        arriving = Transport.read(request, refresh_in)
        user, grant = login.sign_in(
            refreshable=refresh_in is not None,
            client=client_of(request),
            device=arriving.device,
            replaces=arriving.session_id,
            **data,
        )
        return arriving.respond(grant, user)
