"""What goes in and out about addresses."""

from typing import Any

from rest_framework import serializers

from authentication.api.serializers import PasswordField, TextField
from authentication.users import validators


class KeySerializer(serializers.Serializer[Any]):
    """The key of a link."""

    key = TextField()


class ResendSerializer(serializers.Serializer[Any]):
    """Who is not signed in names the address."""

    email = TextField(required=False, max_length=validators.EMAIL_MAX_LENGTH)


class EmailChangeSerializer(serializers.Serializer[Any]):
    email = TextField(help_text="At most 254 characters.")
    password = PasswordField(help_text="The current password.")


class AddressSerializer(serializers.Serializer[Any]):
    """The account's address now."""

    email = serializers.CharField()
    email_verified = serializers.BooleanField()
