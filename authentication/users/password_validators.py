"""Validate new passwords, by Django's ``AUTH_PASSWORD_VALIDATORS`` and three validators of our own.

They compare whole passwords, never words within them (SP 800-63B-4 §3.1.1.2), so a sentence may
contain any word.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator, validate_password
from django.core.exceptions import ValidationError

from authentication.core.digests import DigestSet
from authentication.users import hashing

PASSWORD_INCORRECT = "This password is not correct."
TOO_PREDICTABLE = "This password is only your username, your address or the name of this site, or nearly so."

BREACHED = Path(__file__).with_name("breached.bin")
# With 314,673 passwords in the list, one good password in 3.5 million is rejected by mistake.
DIGEST_BYTES = 5
# No shorter password is accepted, whatever the settings say.
MIN_LENGTH = 8
# Characters that stand for one another, by pairs: 0ddj0bb0x is a way to write oddjobbox.
_LOOKALIKES = str.maketrans("0134578@$!|l", "oieastbasiii")


def validate_new_password(password: str, user: Any, field: str = "password") -> None:
    """Run the validators of the settings. Raises a ValidationError under the name of the field."""
    try:
        validate_password(hashing.normalise(password), user)
    except hashing.PasswordTooLong as error:
        too_long = ValidationError(str(error), code="password_too_long")
        raise ValidationError({field: too_long}) from error
    except ValidationError as error:
        raise ValidationError({field: error.error_list}) from error


def incorrect_password() -> ValidationError:
    """Return the ValidationError for a wrong current password."""
    return ValidationError({"password": ValidationError(PASSWORD_INCORRECT, code="password_incorrect")})


def canonical(password: str) -> str:
    """Return the form in which passwords are compared: NFKC, case-folded, without outer spaces.

    Attackers vary the case first. Raises ``hashing.PasswordTooLong``.
    """
    return hashing.normalise(password).casefold().strip()


@lru_cache(maxsize=1)
def breached() -> DigestSet:
    """Return the most common breached passwords, which ``python -m tools.breached`` gathers."""
    return DigestSet.read(BREACHED, DIGEST_BYTES)


class BreachedPasswordValidator(CommonPasswordValidator):
    """Django's validator, with a longer list in less memory. It asks no server."""

    def __init__(self) -> None:
        # Without super(), which would read Django's own list. The longer one contains it.
        self._breached = breached()

    def validate(self, password: str, user: Any = None) -> None:
        try:
            known = canonical(password) in self._breached
        except hashing.PasswordTooLong:
            return  # MaximumLengthValidator reports it.
        if known:
            raise ValidationError(self.get_error_message(), code="password_too_common")


class MaximumLengthValidator:
    """At most 128 characters after normalising."""

    def validate(self, password: str, user: Any = None) -> None:
        try:
            hashing.normalise(password)
        except hashing.PasswordTooLong as error:
            raise ValidationError(self.get_help_text(), code="password_too_long") from error

    def get_help_text(self) -> str:
        return f"Your password must not have more than {hashing.MAX_LENGTH} characters."


class PredictablePasswordValidator:
    """Reject passwords made of the site's names, the username and the parts of the email.

    Such a password has nothing around them but digits, separators and one repeated character.
    Django's UserAttributeSimilarityValidator compares with one attribute at a time and knows no
    site, so each of the two finds what the other does not.
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
    """Yield each word of the names in one spelling, such as ``jane`` and ``doe`` of ``jane_doe``.

    A single letter would be found in any password, and digits count as padding anyway.
    """
    for name in names:
        for word in re.split(r"[\W_]+", unicodedata.normalize("NFKC", name).casefold()):
            if len(word) > 1 and not word.isdigit():
                yield word.translate(_LOOKALIKES)


def _is_made_of(words: Iterable[str], text: str) -> bool:
    # Words are searched for in one spelling. The rest is read as it was typed, because there a digit
    # is a digit. Both texts have the same length, character for character.
    spelled, rest = text.translate(_LOOKALIKES), text
    for word in sorted(words, key=lambda word: (-len(word), word)):
        while (at := spelled.find(word)) >= 0:
            end, blank = at + len(word), " " * len(word)
            spelled, rest = spelled[:at] + blank + spelled[end:], rest[:at] + blank + rest[end:]
    return rest != text and len({character for character in rest if _counts(character)}) <= 1


def _counts(character: str) -> bool:
    """Return whether this is more than a digit or a separator: a letter, a mark or an emoji."""
    category = unicodedata.category(character)
    return category[0] in "LM" or category == "So"
