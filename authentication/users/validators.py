"""What a username, an address and a password must be like.

The password validators are Django's (``AUTH_PASSWORD_VALIDATORS``). They compare whole passwords, never
words within them (SP 800-63B-4 §3.1.1.2), so a sentence may hold any word.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import idna
from django.contrib.auth.password_validation import CommonPasswordValidator, validate_password
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, RegexValidator

from authentication.core.digests import DigestSet
from authentication.users import hashing

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


def validate_new_password(password: str, user: Any, field: str = "password") -> None:
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


BREACHED = Path(__file__).with_name("breached.bin")
# One in 3.5 million good passwords is refused by mistake, with 314,673 on the list.
DIGEST_BYTES = 5
# No shorter password is accepted, whatever the settings say.
MIN_LENGTH = 8

TOO_PREDICTABLE = "This password is only your username, your address or the name of this site, or nearly so."

# Characters that stand for one another, by pairs: 0ddj0bb0x is a way to write oddjobbox.
_LOOKALIKES = str.maketrans("0134578@$!|l", "oieastbasiii")


def canonical(password: str) -> str:
    """Return the form in which passwords are compared: NFKC, whatever the case, without outer spaces.

    Case is the first thing that an attacker's rules vary. Raises ``hashing.PasswordTooLong``.
    """
    return hashing.normalise(password).casefold().strip()


@lru_cache(maxsize=1)
def breached() -> DigestSet:
    """Return the most common breached passwords, which ``python -m tools.breached`` gathers."""
    return DigestSet.read(BREACHED, DIGEST_BYTES)


class BreachedPasswordValidator(CommonPasswordValidator):
    """Django's validator, with a longer list in less memory. It asks no server."""

    def __init__(self) -> None:
        # Without super(), which would read Django's own list. The longer one holds it.
        self._breached = breached()

    def validate(self, password: str, user: Any = None) -> None:
        try:
            known = canonical(password) in self._breached
        except hashing.PasswordTooLong:
            return  # MaximumLengthValidator says so.
        if known:
            raise ValidationError(self.get_error_message(), code="password_too_common")


class PredictablePasswordValidator:
    """Refuse what is made of the site's names, the username and the parts of the address.

    That is a password with nothing around them but digits, separators and one repeated character.
    Django's UserAttributeSimilarityValidator compares with one attribute at a time and knows no
    site, so each of the two sees what the other does not.
    """

    def __init__(
        self, names: Iterable[str] = ("oddjobbox",), user_attributes: Iterable[str] = ("username", "email")
    ) -> None:
        self._site = frozenset(_words(names))
        self._user_attributes = tuple(user_attributes)

    def validate(self, password: str, user: Any = None) -> None:
        try:
            text = canonical(password)
        except hashing.PasswordTooLong:
            return
        attributes = (getattr(user, name, None) for name in self._user_attributes)
        words = self._site.union(_words(value for value in attributes if isinstance(value, str)))
        if _is_made_of(words, text):
            raise ValidationError(TOO_PREDICTABLE, code="password_too_predictable")

    def get_help_text(self) -> str:
        return "Your password must not be made of your username, your address or the name of this site."


def _words(names: Iterable[str]) -> Iterator[str]:
    """Yield each word of the names, as ``jane`` and ``doe`` of ``jane_doe``, in one spelling.

    A single letter would be found in anything, and digits need no name to be seen as padding.
    """
    for name in names:
        for word in re.split(r"[\W_]+", unicodedata.normalize("NFKC", name).casefold()):
            if len(word) > 1 and not word.isdigit():
                yield word.translate(_LOOKALIKES)


def _is_made_of(words: Iterable[str], text: str) -> bool:
    # Words are looked for in one spelling; what is left is read as it was typed, for there a digit
    # is a digit. Both have the same length, letter for letter.
    spelled, left = text.translate(_LOOKALIKES), text
    for word in sorted(words, key=lambda word: (-len(word), word)):
        while (at := spelled.find(word)) >= 0:
            end, blank = at + len(word), " " * len(word)
            spelled, left = spelled[:at] + blank + spelled[end:], left[:at] + blank + left[end:]
    return left != text and len({character for character in left if _counts(character)}) <= 1


def _counts(character: str) -> bool:
    """Return whether this is more than a digit or a separator: a letter, a mark, an emoji."""
    category = unicodedata.category(character)
    return category[0] in "LM" or category == "So"


class MaximumLengthValidator:
    """One of Django's password validators: at most 128 characters after normalising."""

    def validate(self, password: str, user: Any = None) -> None:
        try:
            hashing.normalise(password)
        except hashing.PasswordTooLong as error:
            raise ValidationError(self.get_help_text(), code="password_too_long") from error

    def get_help_text(self) -> str:
        return f"Your password must not have more than {hashing.MAX_LENGTH} characters."
