"""How a password is normalised, bounded and hashed."""

import unicodedata
from typing import Any

from django.contrib.auth import hashers
from django.core.exceptions import ValidationError

MAX_LENGTH = 128
# Composing can only shorten a text so much, and normalising long runs of marks is slow.
MAX_TYPED_LENGTH = 4 * MAX_LENGTH


class Argon2idHasher(hashers.Argon2PasswordHasher):
    """Argon2id at the parameters that OWASP's Password Storage Cheat Sheet names first."""

    memory_cost = 19_456  # KiB
    time_cost = 2
    parallelism = 1


class PasswordTooLong(ValueError):
    """The password is longer than any that this software ever stores."""


def normalise(password: str) -> str:
    """Return the password in NFKC (SP 800-63B §3.1.1.2), untrimmed, so that every keyboard agrees.

    Raises :class:`PasswordTooLong` above 128 characters.
    """
    if len(password) <= MAX_TYPED_LENGTH:
        normal = unicodedata.normalize("NFKC", password)
        if len(normal) <= MAX_LENGTH:
            return normal
    raise PasswordTooLong(f"A password has at most {MAX_LENGTH} characters.")


def make(password: str) -> str:
    """Hash a password with the first hasher of the settings."""
    return hashers.make_password(normalise(password))


def verify(password: str, encoded: str) -> tuple[bool, bool]:
    """Return whether the password matches the hash, and whether the hash should be upgraded.

    A password that is too long to be anyone's is wrong, and costs no hash.
    """
    try:
        normal = normalise(password)
    except PasswordTooLong:
        return False, False
    return hashers.verify_password(normal, encoded)


def verify_nobody(password: str) -> None:
    """Spend the time of a verification, so that an unknown account answers as slowly as a known."""
    try:
        make(password)
    except PasswordTooLong:
        return


class MaximumLengthValidator:
    """One of Django's password validators: at most 128 characters after normalising."""

    def validate(self, password: str, user: Any = None) -> None:
        try:
            normalise(password)
        except PasswordTooLong as error:
            raise ValidationError(self.get_help_text(), code="password_too_long") from error

    def get_help_text(self) -> str:
        return f"Your password must not have more than {MAX_LENGTH} characters."
