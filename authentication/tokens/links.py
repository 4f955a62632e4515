"""Keys in the links of mails, which prove that a mail was read. Nothing is stored for them."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.crypto import constant_time_compare

from authentication.api.errors import KeyExpired, KeyInvalid, KeyUsed
from authentication.core import clock
from authentication.tokens.keys import TokenSigner

SUBJECT_BYTES, TIME_BYTES, STATE_BYTES = 8, 5, 16
MESSAGE_BYTES = SUBJECT_BYTES + TIME_BYTES + STATE_BYTES
SALT = "authentication.tokens.links"


class Purpose(StrEnum):
    """The purpose of a key. Each has its own signing key, so a key for one purpose is invalid for another."""

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
    """A valid key that has not expired: the row that it acts on, and a digest of that row's state."""

    purpose: Purpose
    subject: int
    state: bytes

    @property
    def limit_key(self) -> str:
        """The rate key: an expired link must not consume the attempts of a valid one."""
        return f"{self.purpose} {self.subject} {self.state.hex()}"

    def require(self, *state: str) -> None:
        """Raise KeyUsed unless the row's state is still the one that the key was issued for."""
        if not constant_time_compare(self.state, _state(state)):
            raise KeyUsed()


def issue(purpose: Purpose, subject: int, *state: str) -> str:
    """Return a key for one purpose and one row, valid while the row's ``state`` stays as it is."""
    issued_at = clock.timestamp().to_bytes(TIME_BYTES, "big")
    return _signer(purpose).sign_bytes(subject.to_bytes(SUBJECT_BYTES, "big") + issued_at + _state(state))


def verify(key: str, *purposes: Purpose) -> Link:
    """Return the link of a key of one of these purposes. Raises KeyInvalid or KeyExpired."""
    for purpose in purposes:
        message = _signer(purpose).unsign_bytes(key)
        if message is not None:
            issued_at = int.from_bytes(message[SUBJECT_BYTES : SUBJECT_BYTES + TIME_BYTES], "big")
            if clock.timestamp() >= issued_at + LIFETIMES[purpose].total_seconds():
                raise KeyExpired()
            subject = int.from_bytes(message[:SUBJECT_BYTES], "big")
            return Link(purpose, subject, message[-STATE_BYTES:])
    raise KeyInvalid()


def is_over(purpose: Purpose, since: datetime) -> bool:
    """Return whether a key of this purpose that was issued at that time has expired."""
    return clock.now() >= since + LIFETIMES[purpose]


def _signer(purpose: Purpose) -> TokenSigner:
    return TokenSigner("ojk_", f"{SALT}.{purpose}", max_bytes=MESSAGE_BYTES)


def _state(state: tuple[str, ...]) -> bytes:
    # A plain digest: the security stamp in it is random, and the signature covers the whole.
    return hashlib.sha256("\0".join(state).encode()).digest()[:STATE_BYTES]
