"""The request bodies of password changes and resets."""

from typing import Any

from rest_framework import serializers

from authentication.api.parsers import PasswordField, TextField
from authentication.sessions.serializers import refresh_in_field
from authentication.users import validators


class PasswordChangeSerializer(serializers.Serializer[Any]):
    """The current password and the new one."""

    password = PasswordField(help_text="The current password.")
    new_password = PasswordField(help_text="8 to 128 characters.")
    refresh_in = refresh_in_field()


class ResetSerializer(serializers.Serializer[Any]):
    """The email address of the account."""

    # The address waits in the task queue, so its length is limited.
    email = TextField(max_length=validators.EMAIL_MAX_LENGTH)


class ResetConfirmSerializer(serializers.Serializer[Any]):
    """The contents of a link, and the new password."""

    uid = TextField(help_text="From the link.")
    key = TextField(help_text="From the link.")
    new_password = PasswordField(help_text="8 to 128 characters.")
