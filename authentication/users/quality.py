"""What a new password must not be: one that was breached, or one that a stranger would try first.

Django's password validators, for ``AUTH_PASSWORD_VALIDATORS``. They compare whole passwords, never
words within them (SP 800-63B-4 §3.1.1.2), so a sentence may hold any word.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

from authentication.core import hashing
from authentication.core.digests import DigestSet

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
