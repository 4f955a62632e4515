"""The request and response bodies of registration and login."""

from typing import Any

from rest_framework import serializers

from authentication.api.parsers import PasswordField, TextField
from authentication.sessions.serializers import refresh_in_field

IDENTIFIER_REQUIRED = "An email address is required to log in."
PASSWORD_REQUIRED = "A password is required to log in."


class RegistrationSerializer(serializers.Serializer[Any]):
    """A new account."""

    # The fields take any text; `users.validators` validates it.

    username = TextField(help_text="6 to 25 letters, digits and underscores.")
    email = TextField(help_text="At most 254 characters.")
    password = PasswordField(help_text="8 to 128 characters.")
    refresh_in = refresh_in_field()


class VerificationRequiredSerializer(serializers.Serializer[Any]):
    """The response to a registration if the email address has to be verified first."""

    username = serializers.CharField()
    email = serializers.CharField()
    verification = serializers.ChoiceField(choices=["required"])


class LoginSerializer(serializers.Serializer[Any]):
    """A username or an email address, and a password."""

    username = TextField(required=False, allow_blank=True, help_text="A username or an email address.")
    email = TextField(required=False, allow_blank=True, help_text="Used if `username` is empty.")
    password = PasswordField(required=False, allow_blank=True)
    refresh_in = refresh_in_field()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        identifier = attrs.pop("username", "") or attrs.pop("email", "")
        attrs.pop("email", None)
        missing = {}
        if not identifier:
            missing["username"] = [IDENTIFIER_REQUIRED]
        if not attrs.get("password"):
            missing["password"] = [PASSWORD_REQUIRED]
        if missing:
            raise serializers.ValidationError(missing, code="required")
        return {**attrs, "identifier": identifier}
