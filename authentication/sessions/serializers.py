"""What goes in and out about sessions."""

from typing import Any, ClassVar

from rest_framework import serializers

from authentication.api.serializers import TextField
from authentication.core.client import device_name
from authentication.sessions.models import Session

BODY, COOKIE = "body", "cookie"


class RefreshInField(serializers.ChoiceField):
    """Where the refresh token goes: into the answer's body, or into a cookie."""

    # Without the value that was sent, which may be text that no answer can be written in.
    default_error_messages = {"invalid_choice": 'Choose "body" or "cookie".'}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=[BODY, COOKIE], required=False, **kwargs)


class RefreshTokenSerializer(serializers.Serializer[Any]):
    """A refresh token in the body, where there is one."""

    refresh = TextField(required=False, allow_blank=True, trim_whitespace=False)


class SessionSerializer(serializers.ModelSerializer[Session]):
    device = serializers.SerializerMethodField(help_text="The user agent in words.")
    current = serializers.SerializerMethodField()

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
        return bool(session.pk == self.context["current"].pk)


class TokenSerializer(serializers.Serializer[Any]):
    """A new access token. `refresh` is there where the refresh token is kept in the body."""

    token = serializers.CharField(help_text="Access token, for `Authorization: Bearer`.")
    expires_in = serializers.IntegerField(help_text="Seconds until the token expires.")
    refresh = serializers.CharField(required=False, help_text="The next refresh token.")


class SignedInSerializer(TokenSerializer):
    """The account that was signed in to, and its tokens."""

    username = serializers.CharField()
    email = serializers.CharField()
    device = serializers.CharField(
        required=False,
        help_text="To be sent as `X-Device` with later sign-ins. Not with `refresh_in: cookie`, where "
        "it is in a cookie of its own.",
    )
