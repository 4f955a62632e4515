"""``/auth/me``."""

from django.http import JsonResponse
from rest_framework.decorators import action
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from authentication.accounts import services
from authentication.accounts.serializers import (
    AccountSerializer,
    DeletionSerializer,
    RenameSerializer,
    account,
)
from authentication.api.errors import Busy, InUse, Throttled
from authentication.api.schema import operations
from authentication.api.schema.operations import JANE, Facts
from authentication.api.schema.responses import Refusal
from authentication.core.client import client_of
from authentication.sessions import transport
from authentication.sessions.authentication import AuthenticatedRequest
from authentication.users import validators

ACCOUNT = {
    "Account": {
        "id": 1,
        **JANE,
        "email_verified": False,
        "pending_email": None,
        "date_joined": "2026-11-23T14:20:00Z",
    },
}


class AccountViewSet(ViewSet):
    """One's own account."""

    @operations.operation(
        "getMe",
        tag="Account",
        summary="Read one's own account",
        description="Tells whose token it is.",
        answer=AccountSerializer,
        received=ACCOUNT,
    )
    @action(detail=False, methods=["get"])
    def me(self, request: AuthenticatedRequest) -> JsonResponse:
        # The most frequent answer of all. DRF's Response would choose a renderer, and render a
        # template's response, to write the same JSON.
        return JsonResponse(account(request.user))

    @operations.operation(
        "renameMe",
        tag="Account",
        summary="Change one's own username",
        description="A body without `username` changes nothing. An `email` is refused here.",
        request=RenameSerializer,
        sent={"New username": {"username": "jane_roe"}},
        answer=AccountSerializer,
        received={"Account": {**ACCOUNT["Account"], "username": "jane_roe"}},
        facts=Facts(
            refusals=[
                Refusal("username", "unique", validators.USERNAME_TAKEN),
                Refusal("username", "username_invalid", validators.USERNAME_MESSAGE),
                Refusal("email", "read_only", "An address is changed at /auth/email/change."),
            ]
        ),
    )
    @me.mapping.patch
    def rename(self, request: AuthenticatedRequest) -> Response:
        serializer = RenameSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        username = serializer.validated_data.get("username", request.user.username)
        services.rename(user=request.user, username=username, client=client_of(request))
        return Response(account(request.user))

    @operations.operation(
        "deleteMe",
        tag="Account",
        summary="Delete one's own account",
        description="The account and all that hangs on it is gone, and every token of it with it.",
        request=DeletionSerializer,
        sent={"Current password": {"password": "correct horse battery"}},
        status=204,
        facts=Facts(
            errors=[Busy, InUse, Throttled],
            refusals=[
                Refusal("password", "password_incorrect", validators.PASSWORD_INCORRECT),
                Refusal("password", "required", "This field is required."),
            ],
            uses_cookie=True,
        ),
    )
    @action(detail=False, methods=["post"], url_path="me/delete")
    def delete_account(self, request: AuthenticatedRequest) -> Response:
        serializer = DeletionSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        cookie = transport.read_cookie(request)
        services.delete(user=request.user, client=client_of(request), **serializer.validated_data)
        response = Response(status=204)
        if cookie is not None:
            transport.clear_cookie(response, request)
        return response
