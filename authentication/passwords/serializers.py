"""What goes in to change a password."""

from typing import Any

from rest_framework import serializers

from authentication.core.fields import PasswordField
from authentication.sessions.serializers import RefreshInField


class PasswordChangeSerializer(serializers.Serializer[Any]):
    password = PasswordField(help_text="The current password.")
    new_password = PasswordField()
    refresh_in = RefreshInField()
