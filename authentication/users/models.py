"""The account."""

import logging
import secrets
from collections.abc import Iterable
from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, IntegrityError, models
from django.db.models.functions import Lower
from django.utils.functional import cached_property

from authentication.core import clock
from authentication.users import hashing, validators
from authentication.users.managers import UserManager

logger = logging.getLogger("oddjobbox")

CREDENTIALS = ("password", "security_stamp")


def new_stamp() -> str:
    """Return 128 random bits as 22 characters."""
    return secrets.token_urlsafe(16)


class EmailAddressField(models.CharField):  # type: ignore[type-arg]
    """An address, in one form whoever cleans it: a form, a command or a service."""

    default_validators = [validators.validate_email]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", validators.EMAIL_MAX_LENGTH)
        super().__init__(*args, **kwargs)

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return validators.normalise_email(text) if isinstance(text, str) else text


class CaseInsensitiveUnique(models.UniqueConstraint):
    """Unique whatever the case, and refused under the name of its field."""

    @property
    def field(self) -> str:
        lower: Any = self.expressions[0]
        return str(lower.source_expressions[0].name)

    def refusal(self) -> ValidationError:
        """Return the one ValidationError for a value that another row has."""
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
            raise self.refusal() from error


class User(AbstractBaseUser, PermissionsMixin):
    """A person who can sign in, by username or by address."""

    username = models.CharField(
        max_length=validators.USERNAME_MAX_LENGTH, validators=[validators.validate_username]
    )
    email = EmailAddressField()
    email_verified_at = models.DateTimeField(null=True, blank=True, editable=False)
    # The address that takes the place of the other when its link is followed.
    pending_email = models.CharField(
        max_length=validators.EMAIL_MAX_LENGTH, blank=True, default="", db_default="", editable=False
    )
    pending_email_at = models.DateTimeField(null=True, blank=True, editable=False)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(default=clock.now, editable=False)
    # Every session carries the stamp it was opened with, and lives while the two are equal.
    security_stamp = models.CharField(max_length=22, default=new_stamp, editable=False)
    # Sessions and the audit log know it better; a column of its own would be a write per sign-in.
    last_login = None

    objects = UserManager()

    # The reverse manager of Session, which this floor does not import.
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
        """Leave the username alone: Django would normalise what the rules refuse anyway."""

    @cached_property
    def token(self) -> str:
        """An access token of a session opened on first read; for shells and tests."""
        token: str = self.sessions.open().token
        return token

    def set_password(self, raw_password: str | None) -> None:
        """Set a new password; once saved, every session is over."""
        if raw_password is None:
            return self.set_unusable_password()
        self.password = hashing.make(raw_password)
        # What AbstractBaseUser keeps for the validators' `password_changed`, called by save().
        self._password = hashing.normalise(raw_password)
        self.security_stamp = new_stamp()

    def set_unusable_password(self) -> None:
        super().set_unusable_password()
        self.security_stamp = new_stamp()

    def check_password(self, raw_password: str | None) -> bool:
        """Return whether this is the password; an old hash of it is upgraded."""
        if raw_password is None:
            return False
        matches, outdated = hashing.verify(raw_password, self.password)
        if not (matches and outdated):
            return matches
        return self._upgrade(raw_password)

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> Self:
        user = super().from_db(*args, **kwargs)
        user._remember()
        return user

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        super().refresh_from_db(*args, **kwargs)
        self._remember()

    def save(self, *, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        """Store the user; a duplicate that another request made first is a ValidationError.

        Credentials are stored only if they were changed on this instance: a copy that was read
        before someone changed the password does not bring the old one back.
        """
        if not self._state.adding:
            update_fields = self._fields_to_save(update_fields)
        try:
            super().save(update_fields=update_fields, **kwargs)
        except IntegrityError as error:
            raise self._explain(error) from error
        self._remember()

    def _remember(self) -> None:
        """Keep the credentials as they are stored; a deferred field is not loaded for it."""
        self._stored = {name: self.__dict__.get(name) for name in CREDENTIALS}

    def _fields_to_save(self, update_fields: Iterable[str] | None) -> set[str]:
        """Return the names of the fields to store, with a new stamp where credentials changed."""
        if update_fields is None:
            fields = {field.name for field in self._meta.concrete_fields if not field.primary_key}
            fields -= {*self.get_deferred_fields(), *CREDENTIALS}
            fields |= {name for name in CREDENTIALS if self.__dict__.get(name) != self._stored.get(name)}
        else:
            fields = set(update_fields)
        if fields & {"password", "is_active"}:
            deactivated = "is_active" in fields and not self.is_active
            rehashed = "password" in fields and self.password != self._stored.get("password")
            if (deactivated or rehashed) and self.security_stamp == self._stored.get("security_stamp"):
                self.security_stamp = new_stamp()
            if self.security_stamp != self._stored.get("security_stamp"):
                # With new credentials nobody waits for another address: who asked may have been a thief.
                self.pending_email, self.pending_email_at = "", None
                fields |= {"security_stamp", "pending_email", "pending_email_at"}
        return fields

    def _upgrade(self, raw_password: str) -> bool:
        """Store a better hash of the same password, unless the password changed meanwhile.

        Not a change of credentials: the security stamp stays, and with it every session.
        """
        verified, better = self.password, hashing.make(raw_password)
        rows = type(self)._default_manager.filter(pk=self.pk, password=verified)
        if rows.update(password=better):
            self.password = better
            return True
        try:
            self.refresh_from_db(fields=["password", "security_stamp"])
        except type(self).DoesNotExist:
            return False
        return hashing.verify(raw_password, self.password)[0]

    @classmethod
    def _explain(cls, error: IntegrityError) -> Exception:
        for constraint in cls._meta.constraints:
            if isinstance(constraint, CaseInsensitiveUnique) and constraint.name in str(error):
                # Worth a line: the form's check had passed, so two requests raced.
                logger.info("A simultaneous duplicate was refused by %s", constraint.name)
                return constraint.refusal()
        return error
