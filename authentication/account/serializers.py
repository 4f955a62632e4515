"""What goes in and out about one's own account."""

from typing import Any, ClassVar

from rest_framework import serializers

from authentication.core.fields import PasswordField, TextField
from authentication.users.models import User


class AccountSerializer(serializers.ModelSerializer[User]):
    email_verified = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields: ClassVar[list[str]] = ["id", "username", "email", "email_verified", "date_joined"]
        read_only_fields = fields

    def get_email_verified(self, user: User) -> bool:
        return user.email_verified_at is not None


class RenameSerializer(serializers.Serializer[Any]):
    username = TextField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "email" in self.initial_data:
            message = "An address is changed at /auth/email/change."
            raise serializers.ValidationError({"email": [message]}, code="read_only")
        return attrs


class DeletionSerializer(serializers.Serializer[Any]):
    password = PasswordField()
