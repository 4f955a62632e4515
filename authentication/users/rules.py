"""What a username, an address and a password must be like."""

from typing import TYPE_CHECKING

import idna
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, RegexValidator

from authentication.core import hashing

if TYPE_CHECKING:
    from authentication.users.models import User

USERNAME_MAX_LENGTH = 25
EMAIL_MAX_LENGTH = 254
# RFC 5321 §4.5.3.1.1.
LOCAL_MAX_LENGTH = 64

USERNAME_MESSAGE = (
    "Usernames must be between 6 and 25 characters long "
    "and can only contain letters, numbers, and underscores."
)
USERNAME_TAKEN = "This username is already associated with an account."
EMAIL_TAKEN = "This email is already associated with an account."
PASSWORD_INCORRECT = "This password is not correct."
EMAIL_MESSAGE = "Enter a valid email address."

validate_username = RegexValidator(r"\A[A-Za-z0-9_]{6,25}\Z", USERNAME_MESSAGE, code="username_invalid")
_validate_syntax = EmailValidator(EMAIL_MESSAGE, code="email_invalid")


def validate_email(email: str) -> None:
    """Raise a ValidationError unless this is a normalised address with an ASCII local part."""
    refused = ValidationError(EMAIL_MESSAGE, code="email_invalid")
    local, _, domain = email.rpartition("@")
    # A quoted local part may hold spaces and control characters; no one has one.
    too_long = len(email) > EMAIL_MAX_LENGTH or len(local) > LOCAL_MAX_LENGTH
    if too_long or not local.isascii() or '"' in local:
        raise refused
    _validate_syntax(email)
    if normalise_domain(domain) != domain:
        raise refused


def normalise_email(email: str) -> str:
    """Return the address with its domain in one form: lower case, Unicode (UTS #46, RFC 5891).

    The local part stays as it was typed. An address whose domain is none comes back unchanged,
    for :func:`validate_email` to refuse.
    """
    local, at, domain = email.rpartition("@")
    if len(email) > EMAIL_MAX_LENGTH:
        return email
    return local + at + (normalise_domain(domain) or domain)


def normalise_domain(domain: str) -> str | None:
    """Return the one form of a domain, or None where IDNA allows no such domain."""
    try:
        return idna.decode(idna.encode(domain, uts46=True, transitional=False))
    except (idna.IDNAError, UnicodeError):
        return None


def validate_new_password(password: str, user: "User", field: str = "password") -> None:
    """Judge a new password by the validators of the settings.

    Raises a ValidationError under the name of the field.
    """
    try:
        validate_password(hashing.normalise(password), user)
    except hashing.PasswordTooLong as error:
        refused = ValidationError(str(error), code="password_too_long")
        raise ValidationError({field: refused}) from error
    except ValidationError as error:
        raise ValidationError({field: error.error_list}) from error


def incorrect_password() -> ValidationError:
    """Return the refusal of a wrong current password."""
    return ValidationError({"password": ValidationError(PASSWORD_INCORRECT, code="password_incorrect")})
