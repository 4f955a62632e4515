"""The two doors: registration and login."""

from rest_framework.decorators import action
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from authentication.core.requests import client_of
from authentication.login import services as login
from authentication.registration import services as registration
from authentication.serializers import LoginSerializer, RegistrationSerializer
from authentication.sessions import answers


class UserViewSet(ViewSet):
    """Where accounts are made and signed in to; the Authorization header is not looked at."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @action(detail=False, methods=["post"])
    def registration(self, request: Request) -> Response:
        serializer = RegistrationSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        refresh_in = serializer.validated_data.pop("refresh_in", None)
        answers.check_cookie(request, refresh_in)
        user, grant = registration.register(
            refreshable=refresh_in is not None, client=client_of(request), **serializer.validated_data
        )
        return answers.signed_in(request, user, grant, refresh_in, status=201)

    @action(detail=False, methods=["post"])
    def login(self, request: Request) -> Response:
        serializer = LoginSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        refresh_in = serializer.validated_data.pop("refresh_in", None)
        answers.check_cookie(request, refresh_in)
        user, grant = login.sign_in(
            refreshable=refresh_in is not None, client=client_of(request), **serializer.validated_data
        )
        return answers.signed_in(request, user, grant, refresh_in)
