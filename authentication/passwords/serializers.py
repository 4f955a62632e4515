"""What goes in to change a password, and to replace a forgotten one."""

from typing import Any

from rest_framework import serializers

from authentication.api.serializers import PasswordField, TextField
from authentication.sessions.serializers import RefreshInField
from authentication.users import validators


class PasswordChangeSerializer(serializers.Serializer[Any]):
    password = PasswordField(help_text="The current password.")
    new_password = PasswordField()
    refresh_in = RefreshInField()


class ResetSerializer(serializers.Serializer[Any]):
    # What waits in the queue is no longer than an address can be.
    email = TextField(max_length=validators.EMAIL_MAX_LENGTH)


class ResetConfirmSerializer(serializers.Serializer[Any]):
    """What a link carries, and the new password."""

    uid = TextField()
    key = TextField()
    new_password = PasswordField(help_text="8 to 128 characters.")
