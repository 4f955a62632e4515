"""The request and response bodies of the account."""

from typing import Any
from urllib.parse import urljoin

from rest_framework import serializers

from authentication.api.parsers import PasswordField, TextField, UTCField
from authentication.tokens import links
from authentication.tokens.links import Purpose
from authentication.users.models import User

EMAIL_READ_ONLY = "Change the email address at {path}."


class AccountSerializer(serializers.Serializer[User]):
    """The user's account."""

    id = serializers.IntegerField()
    username = serializers.CharField()
    email = serializers.CharField()
    email_verified = serializers.SerializerMethodField()
    pending_email = serializers.SerializerMethodField(
        help_text="The new email address until its link is followed, or null."
    )
    date_joined = UTCField()

    def get_email_verified(self, user: User) -> bool:
        return user.email_verified_at is not None

    def get_pending_email(self, user: User) -> str | None:
        at = user.pending_email_at
        return None if at is None or links.is_over(Purpose.CHANGE, at) else user.pending_email


# One instance, because every instance builds its fields when they are first used.
_ACCOUNT = AccountSerializer()


def account(user: User) -> dict[str, Any]:
    """Return the account as its user sees it."""
    return _ACCOUNT.to_representation(user)


class RenameSerializer(serializers.Serializer[Any]):
    """The new username."""

    username = TextField(required=False, help_text="6 to 25 letters, digits and underscores.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "email" in self.initial_data:
            # Beside the path of the request, wherever the app is mounted.
            path = urljoin(self.context["request"].path.rstrip("/"), "email/change")
            raise serializers.ValidationError(
                {"email": [EMAIL_READ_ONLY.format(path=path)]}, code="read_only"
            )
        return attrs


class DeletionSerializer(serializers.Serializer[Any]):
    """The current password, to confirm the deletion."""

    password = PasswordField(help_text="The current password.")
