"""Validate and normalise usernames and email addresses."""

import idna
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, RegexValidator

USERNAME_MAX_LENGTH = 25
EMAIL_MAX_LENGTH = 254
# RFC 5321 §4.5.3.1.1.
LOCAL_MAX_LENGTH = 64

USERNAME_MESSAGE = (
    "Usernames must be between 6 and 25 characters long "
    "and can only contain letters, numbers, and underscores."
)
USERNAME_TAKEN = "This username is already associated with an account."
EMAIL_MESSAGE = "Enter a valid email address."
EMAIL_TAKEN = "This email is already associated with an account."

validate_username = RegexValidator(r"\A[A-Za-z0-9_]{6,25}\Z", USERNAME_MESSAGE, code="username_invalid")
_validate_syntax = EmailValidator(EMAIL_MESSAGE, code="email_invalid")


def validate_email(email: str) -> None:
    """Raise a ValidationError unless this is a normalised address with an ASCII local part."""
    invalid = ValidationError(EMAIL_MESSAGE, code="email_invalid")
    local, _, domain = email.rpartition("@")
    too_long = len(email) > EMAIL_MAX_LENGTH or len(local) > LOCAL_MAX_LENGTH
    # A quoted local part may contain spaces and control characters. Nobody uses one.
    if too_long or not local.isascii() or '"' in local:
        raise invalid
    _validate_syntax(email)
    if normalise_domain(domain) != domain:
        raise invalid


def normalise_email(email: str) -> str:
    """Return the address with its domain in one form: lower case, Unicode (UTS #46, RFC 5891).

    The local part stays as it was typed. An address with an invalid domain is returned unchanged,
    and :func:`validate_email` rejects it.
    """
    local, at, domain = email.rpartition("@")
    if len(email) > EMAIL_MAX_LENGTH:
        return email
    return local + at + (normalise_domain(domain) or domain)


def normalise_domain(domain: str) -> str | None:
    """Return the one form of a domain, or None if IDNA does not allow it."""
    try:
        return idna.decode(idna.encode(domain, uts46=True, transitional=False))
    except (idna.IDNAError, UnicodeError):
        return None
