"""The request and response bodies of sessions."""

from typing import Any, ClassVar

from rest_framework import serializers

from authentication.api.parsers import TextField, UTCField
from authentication.core.client import device_name
from authentication.sessions.models import Session

BODY, COOKIE = "body", "cookie"


def refresh_in_field() -> serializers.ChoiceField:
    """Return the field for where the response puts the refresh token: in its body or in a cookie."""
    # DRF's message quotes the value, which may be text that cannot be encoded.
    return serializers.ChoiceField(
        choices=[BODY, COOKIE],
        required=False,
        error_messages={"invalid_choice": 'Choose "body" or "cookie".'},
    )


class RefreshTokenSerializer(serializers.Serializer[Any]):
    """A refresh token, if it is not in the cookie."""

    refresh = TextField(required=False, allow_blank=True, trim_whitespace=False)


class SessionSerializer(serializers.ModelSerializer[Session]):
    created_at = UTCField(read_only=True)
    last_seen_at = UTCField(read_only=True)
    expires_at = UTCField(read_only=True)
    device = serializers.SerializerMethodField(help_text="A readable form of the user agent.")
    current = serializers.SerializerMethodField(help_text="Whether this session sent the request.")

    class Meta:
        model = Session
        fields: ClassVar[list[str]] = [
            "id",
            "created_at",
            "last_seen_at",
            "expires_at",
            "ip",
            "device",
            "user_agent",
            "current",
        ]
        read_only_fields = fields

    def get_device(self, session: Session) -> str:
        return device_name(session.user_agent)

    def get_current(self, session: Session) -> bool:
        return bool(session.pk == self.context["current"])


class TokenSerializer(serializers.Serializer[Any]):
    """A new access token. `refresh` is absent if the refresh token is in the cookie."""

    token = serializers.CharField(help_text="The access token, for `Authorization: Bearer`.")
    expires_in = serializers.IntegerField(help_text="Seconds until the token expires.")
    refresh = serializers.CharField(required=False, help_text="The next refresh token.")


class SignedInSerializer(TokenSerializer):
    """The account and its tokens."""

    username = serializers.CharField()
    email = serializers.CharField()
    device = serializers.CharField(
        required=False,
        help_text="Send it as `X-Device` with later sign-ins. Absent with `refresh_in: cookie`, which "
        "stores it in a cookie.",
    )
