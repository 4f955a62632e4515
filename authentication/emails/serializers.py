"""The request and response bodies of email addresses."""

from typing import Any

from rest_framework import serializers

from authentication.api.parsers import PasswordField, TextField
from authentication.users import validators


class KeySerializer(serializers.Serializer[Any]):
    """The key of a link."""

    key = TextField(help_text="From the link.")


class ResendSerializer(serializers.Serializer[Any]):
    """The email address, if the request has no token."""

    email = TextField(required=False, max_length=validators.EMAIL_MAX_LENGTH)


class EmailChangeSerializer(serializers.Serializer[Any]):
    """A new email address, confirmed by the current password."""

    email = TextField(help_text="At most 254 characters.")
    password = PasswordField(help_text="The current password.")


class AddressSerializer(serializers.Serializer[Any]):
    """The account's email address after the request."""

    email = serializers.CharField()
    email_verified = serializers.BooleanField()
