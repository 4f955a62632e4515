"""How the OpenAPI document describes sessions, and everything that returns or reads their tokens."""

from collections.abc import Sequence

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from authentication.api import errors
from authentication.api.schema.operations import BEARER, PUBLIC, Facts, operation
from authentication.api.schema.responses import Error, Json, Message, header
from authentication.sessions.serializers import RefreshTokenSerializer, SessionSerializer, TokenSerializer
from authentication.tokens.schema import DEVICE, REFRESH, TOKEN

REFRESH_COOKIE: Json = {"refreshCookie": []}

JANE: Json = {"username": "jane_doe", "email": "jane@example.com"}
LONG: Json = {"token": TOKEN, "expires_in": 5_184_000}
SHORT: Json = {"token": TOKEN, "expires_in": 900}
SIGNED_IN: Json = {
    "One token": {**JANE, **LONG, "device": DEVICE},
    "Refresh token in the body": {**JANE, **SHORT, "refresh": REFRESH, "device": DEVICE},
    "Refresh token in a cookie": {**JANE, **SHORT},
}
SESSION: Json = {
    "id": "0b6f1c5e-2f4b-4a7e-9d57-6f1f2a3c4d5e",
    "created_at": "2026-11-23T14:20:00Z",
    "last_seen_at": "2026-11-23T15:05:00Z",
    "expires_at": "2027-01-22T14:20:00Z",
    "ip": "192.0.2.10",
    "device": "Firefox on Linux",
    "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "current": True,
}

COOKIE_TEXT = "Sets or clears the refresh cookie if `refresh_in` is `cookie` or the request has the cookie."
DEVICE_COOKIE_TEXT = " With `refresh_in: cookie`, it also sets the device cookie."
DEVICE_PARAMETER: Json = {
    "name": "X-Device",
    "in": "header",
    "required": False,
    "schema": {"type": "string"},
    "description": "The `device` of the last sign-in from this device, whichever account it was for. "
    "Known devices have a rate limit of their own, so that failed attempts by strangers do not lock the "
    "owner out. The device token grants no access, and an invalid one is ignored. Without this header, "
    "the cookie `__Host-oddjobbox_device` is used, which `refresh_in: cookie` sets.",
    "examples": {"Device": {"value": DEVICE}},
}
NOT_A_STRING = Message("refresh", "invalid", "Not a valid string.")
SESSION_ID = OpenApiParameter(
    "session_id",
    OpenApiTypes.UUID,
    OpenApiParameter.PATH,
    description="The `id` of a session in the list.",
)


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The security scheme of every view that uses JWTAuthentication."""

    target_class = "authentication.backends.JWTAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: object) -> Json:
        text = "The `token` of a sign-in, as `Authorization: Bearer <token>`."
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": text}


def cookie_facts(found: Sequence[Error], messages: Sequence[Message] = ()) -> Facts:
    """Return the facts of an operation that reads or sets the refresh cookie."""
    text = header(COOKIE_TEXT, {"type": "string"}, required=False)
    return Facts([*found, errors.OriginNotAllowed], messages, headers={"Set-Cookie": text})


def sign_in_facts(found: Sequence[Error], messages: Sequence[Message]) -> Facts:
    """Return the facts of an operation that signs in, and reads and returns a device token."""
    text = header(COOKIE_TEXT + DEVICE_COOKIE_TEXT, {"type": "string"}, required=False)
    return Facts(
        [*found, errors.OriginNotAllowed],
        messages,
        headers={"Set-Cookie": text},
        parameters={"Device": DEVICE_PARAMETER},
    )


refresh = operation(
    "refresh",
    tag="Sign-in",
    summary="Refresh the tokens",
    description="A refresh token can be used once. The response contains the next one, in the body or in "
    "the cookie, wherever the old one was sent; the body takes precedence. Repeating the request returns "
    "the same next token for 10 seconds, and later as long as nothing of the new pair has been used. "
    "Otherwise, reuse ends the session.",
    request=RefreshTokenSerializer,
    sent={"In the body": {"refresh": REFRESH}, "In the cookie": {}},
    response=TokenSerializer,
    received={"In the body": {**SHORT, "refresh": REFRESH}, "In the cookie": SHORT},
    security=[REFRESH_COOKIE, PUBLIC],
    facts=cookie_facts(
        [
            errors.NotAuthenticated,
            errors.TokenInvalid,
            errors.SessionEnded,
            errors.RefreshReused,
            errors.UserInactive,
            errors.Throttled,
        ],
        [NOT_A_STRING],
    ),
)

logout = operation(
    "logout",
    tag="Sign-in",
    summary="Sign out",
    description="Ends the sessions of the access token, the refresh token in the body and the cookie. "
    "An expired access token is accepted, and a session that has already ended is not an error.",
    request=RefreshTokenSerializer,
    sent={"With the access token or the cookie": {}, "With the refresh token": {"refresh": REFRESH}},
    status=204,
    security=[BEARER, REFRESH_COOKIE, PUBLIC],
    facts=cookie_facts([errors.NotAuthenticated, errors.TokenInvalid], [NOT_A_STRING]),
)

list_sessions = operation(
    "listSessions",
    tag="Sessions",
    summary="List sessions",
    description="The active sessions of the account, newest first.",
    response=SessionSerializer(many=True),
    received={"This device": SESSION},
)

end_other_sessions = operation(
    "endOtherSessions",
    tag="Sessions",
    summary="End all other sessions",
    description="The current session stays active.",
    status=204,
)

end_session = operation(
    "endSession",
    tag="Sessions",
    summary="End a session",
    description="Its tokens stop working immediately. The current session can be ended, too.",
    status=204,
    parameters=[SESSION_ID],
    facts=Facts(errors=[errors.NotFound]),
)
