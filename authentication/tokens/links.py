"""Keys in the links of mails: who followed one has read the mail. Nothing secret is stored for them."""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from authentication.core import clock
from authentication.core.errors import KeyExpired, KeyInvalid, KeyUsed

PREFIX = "ojk_"
NAMESPACE = "authentication.tokens.links"
SUBJECT_BYTES, TIME_BYTES, STATE_BYTES, MAC_BYTES = 8, 5, 16, 16
KEY_BYTES = SUBJECT_BYTES + TIME_BYTES + STATE_BYTES + MAC_BYTES


class Purpose(StrEnum):
    """What a key opens. Each has a namespace of its own, so that none opens another's door."""

    VERIFY = "verify"
    CHANGE = "change"
    UNDO = "undo"
    RESET = "reset"


LIFETIMES = {
    Purpose.VERIFY: timedelta(days=3),
    Purpose.CHANGE: timedelta(days=3),
    Purpose.UNDO: timedelta(days=7),
    Purpose.RESET: timedelta(hours=1),
}


@dataclass(frozen=True, slots=True)
class Link:
    """A key that is ours and not expired: the row that it acts on, and how that row was."""

    purpose: Purpose
    subject: int
    state: bytes

    @property
    def door(self) -> str:
        """What its uses are counted under: a dead key must not use up the tries of a living one."""
        return f"{self.purpose} {self.subject} {self.state.hex()}"

    def require(self, *state: str) -> None:
        """Raise KeyUsed unless the row is as it was when the key was made."""
        if not constant_time_compare(self.state, _state(state)):
            raise KeyUsed()


def issue(purpose: Purpose, subject: int, *state: str) -> str:
    """Return a key for one purpose and one row, good while the row's ``state`` stays as it is."""
    message = subject.to_bytes(SUBJECT_BYTES, "big")
    message += clock.timestamp().to_bytes(TIME_BYTES, "big") + _state(state)
    raw = message + _mac(purpose, message, settings.SECRET_KEY)
    return PREFIX + base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def verify(key: str, *purposes: Purpose) -> Link:
    """Return what a key of one of these purposes names. Raises KeyInvalid or KeyExpired."""
    message, mac = _split(key)
    for purpose in purposes:
        if any(constant_time_compare(mac, _mac(purpose, message, secret)) for secret in _secrets()):
            issued_at = int.from_bytes(message[SUBJECT_BYTES : SUBJECT_BYTES + TIME_BYTES], "big")
            if clock.timestamp() >= issued_at + LIFETIMES[purpose].total_seconds():
                raise KeyExpired()
            subject = int.from_bytes(message[:SUBJECT_BYTES], "big")
            return Link(purpose, subject, message[-STATE_BYTES:])
    raise KeyInvalid()


def is_over(purpose: Purpose, since: datetime) -> bool:
    """Return whether a key of this purpose that was made then has expired."""
    return clock.now() >= since + LIFETIMES[purpose]


def _secrets() -> tuple[str, ...]:
    return (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


def _mac(purpose: Purpose, message: bytes, secret: str) -> bytes:
    mac = salted_hmac(f"{NAMESPACE}.{purpose}", message, secret=secret, algorithm="sha256")
    return mac.digest()[:MAC_BYTES]


def _state(state: tuple[str, ...]) -> bytes:
    # Without a key, for the security stamp in it is random and the MAC covers the whole.
    return hashlib.sha256("\0".join(state).encode()).digest()[:STATE_BYTES]


def _split(key: str) -> tuple[bytes, bytes]:
    encoded = key.removeprefix(PREFIX)
    if encoded == key or len(encoded) != KEY_BYTES * 4 // 3 or not encoded.isascii():
        raise KeyInvalid()
    try:
        raw = base64.b64decode(encoded, altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise KeyInvalid() from error
    # The decoder takes the letters of the other alphabet too, and a key has one spelling.
    if base64.urlsafe_b64encode(raw).decode() != encoded:
        raise KeyInvalid()
    return raw[:-MAC_BYTES], raw[-MAC_BYTES:]
