"""The user model, and what its columns need."""

import logging
from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, IntegrityError, models
from django.db.models.functions import Lower
from django.utils.functional import cached_property

from authentication.core import clock
from authentication.users import validators
from authentication.users.credentials import CredentialsMixin, new_stamp
from authentication.users.managers import UserManager

logger = logging.getLogger("oddjobbox")


class EmailAddressField(models.CharField):  # type: ignore[type-arg]
    """An email address. Cleaning gives it one form: in forms, commands and services alike."""

    default_validators = [validators.validate_email]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", validators.EMAIL_MAX_LENGTH)
        super().__init__(*args, **kwargs)

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return validators.normalise_email(text) if isinstance(text, str) else text


class CaseInsensitiveUnique(models.UniqueConstraint):
    """Uniqueness whatever the case. A violation is reported under the name of the field."""

    @property
    def field(self) -> str:
        lower: Any = self.expressions[0]
        return str(lower.source_expressions[0].name)

    def error(self) -> ValidationError:
        """Return the ValidationError for a value that another row has."""
        message = self.get_violation_error_message()
        return ValidationError({self.field: ValidationError(message, code="unique")})

    def validate(
        self,
        model: type[models.Model],
        instance: models.Model,
        exclude: set[str] | None = None,
        using: str = DEFAULT_DB_ALIAS,
    ) -> None:
        try:
            super().validate(model, instance, exclude, using)
        except ValidationError as error:
            raise self.error() from error


class User(CredentialsMixin, PermissionsMixin):
    """An account that signs in by username or by email."""

    username = models.CharField(
        max_length=validators.USERNAME_MAX_LENGTH, validators=[validators.validate_username]
    )
    email = EmailAddressField()
    email_verified_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Replaces the email when the link that was sent to it is followed.
    pending_email = models.CharField(
        max_length=validators.EMAIL_MAX_LENGTH, blank=True, default="", db_default="", editable=False
    )
    pending_email_at = models.DateTimeField(null=True, blank=True, editable=False)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(default=clock.now, editable=False)
    # Each session keeps the stamp it was opened with, and is alive while the two are equal.
    security_stamp = models.CharField(max_length=22, default=new_stamp, editable=False)
    # Sessions and the audit log have it; a column would be one more write per sign-in.
    last_login = None

    objects = UserManager()

    # The reverse manager of Session, which is in a higher layer.
    sessions: Any

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["email"]

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            CaseInsensitiveUnique(
                Lower("username"),
                name="user_username_unique",
                violation_error_message=validators.USERNAME_TAKEN,
            ),
            CaseInsensitiveUnique(
                Lower("email"), name="user_email_unique", violation_error_message=validators.EMAIL_TAKEN
            ),
        ]

    def __str__(self) -> str:
        return self.username

    def get_full_name(self) -> str:
        return self.username

    def get_short_name(self) -> str:
        return self.username

    def clean(self) -> None:
        """Do not normalise the username, as Django would: the validators allow ASCII only."""

    @cached_property
    def token(self) -> str:
        """An access token of a session opened on first read; for shells and tests."""
        token: str = self.sessions.open().token
        return token

    def save(self, *, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        """Store the user. Raises a ValidationError for a duplicate that another request stored first."""
        try:
            super().save(update_fields=update_fields, **kwargs)
        except IntegrityError as error:
            raise self._explain(error) from error

    @classmethod
    def _explain(cls, error: IntegrityError) -> Exception:
        for constraint in cls._meta.constraints:
            if isinstance(constraint, CaseInsensitiveUnique) and constraint.name in str(error):
                # The validation had passed before, so two requests raced.
                logger.info("A simultaneous duplicate was refused by %s", constraint.name)
                return constraint.error()
        return error
