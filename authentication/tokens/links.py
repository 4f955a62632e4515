"""Keys in the links of mails: who followed one has read the mail. Nothing secret is stored for them."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.crypto import constant_time_compare

from authentication.api.errors import KeyExpired, KeyInvalid, KeyUsed
from authentication.core import clock
from authentication.tokens.seals import Seal

SUBJECT_BYTES, TIME_BYTES, STATE_BYTES = 8, 5, 16
MESSAGE_BYTES = SUBJECT_BYTES + TIME_BYTES + STATE_BYTES


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
    issued_at = clock.timestamp().to_bytes(TIME_BYTES, "big")
    return _seal(purpose).write(subject.to_bytes(SUBJECT_BYTES, "big") + issued_at + _state(state))


def verify(key: str, *purposes: Purpose) -> Link:
    """Return what a key of one of these purposes names. Raises KeyInvalid or KeyExpired."""
    for purpose in purposes:
        message = _seal(purpose).read(key)
        if message is not None and len(message) == MESSAGE_BYTES:
            issued_at = int.from_bytes(message[SUBJECT_BYTES : SUBJECT_BYTES + TIME_BYTES], "big")
            if clock.timestamp() >= issued_at + LIFETIMES[purpose].total_seconds():
                raise KeyExpired()
            subject = int.from_bytes(message[:SUBJECT_BYTES], "big")
            return Link(purpose, subject, message[-STATE_BYTES:])
    raise KeyInvalid()


def is_over(purpose: Purpose, since: datetime) -> bool:
    """Return whether a key of this purpose that was made then has expired."""
    return clock.now() >= since + LIFETIMES[purpose]


def _seal(purpose: Purpose) -> Seal:
    return Seal("ojk_", f"authentication.tokens.links.{purpose}", mac_bytes=16, max_bytes=MESSAGE_BYTES)


def _state(state: tuple[str, ...]) -> bytes:
    # Without a key, for the security stamp in it is random and the MAC covers the whole.
    return hashlib.sha256("\0".join(state).encode()).digest()[:STATE_BYTES]
