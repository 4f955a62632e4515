"""What goes in and out about one's own account."""

from typing import Any

from rest_framework import serializers

from authentication.api.serializers import PasswordField, TextField
from authentication.tokens import links
from authentication.tokens.links import Purpose
from authentication.users.models import User


class AccountSerializer(serializers.Serializer[User]):
    id = serializers.IntegerField()
    username = serializers.CharField()
    email = serializers.CharField()
    email_verified = serializers.SerializerMethodField()
    pending_email = serializers.SerializerMethodField(
        help_text="The address that waits for its link to be followed, or null."
    )
    date_joined = serializers.DateTimeField()

    def get_email_verified(self, user: User) -> bool:
        return user.email_verified_at is not None

    def get_pending_email(self, user: User) -> str | None:
        at = user.pending_email_at
        return None if at is None or links.is_over(Purpose.CHANGE, at) else user.pending_email


# Kept, for its fields are built when they are first used, and for every instance anew.
_ACCOUNT = AccountSerializer()


def account(user: User) -> dict[str, Any]:
    """Return what the owner of the account is told about it."""
    return _ACCOUNT.to_representation(user)


class RenameSerializer(serializers.Serializer[Any]):
    username = TextField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "email" in self.initial_data:
            message = "An address is changed at /auth/email/change."
            raise serializers.ValidationError({"email": [message]}, code="read_only")
        return attrs


class DeletionSerializer(serializers.Serializer[Any]):
    password = PasswordField()
