"""Device markers: which accounts a client has signed in to. They prove nothing else."""

import base64
import binascii
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

PREFIX = "ojd_"
PURPOSE = "authentication.tokens.devices"
ID_BYTES, USER_BYTES, MAC_BYTES = 16, 8, 16
# A computer that a family shares; who signed in least recently is forgotten first.
MAX_USERS = 8
MAX_LENGTH = len(PREFIX) + 128


@dataclass(frozen=True, slots=True)
class Device:
    """A client by a random ``id``, and the users who have signed in there, the latest first."""

    id: str
    user_ids: tuple[int, ...] = ()

    def knows(self, user_id: int) -> bool:
        return user_id in self.user_ids

    def with_user(self, user_id: int) -> "Device":
        """Return this device after a sign-in of a user."""
        others = [known for known in self.user_ids if known != user_id]
        return Device(self.id, (user_id, *others)[:MAX_USERS])


def new() -> Device:
    """Return a device that nobody has signed in from."""
    return Device(secrets.token_hex(ID_BYTES))


def issue(device: Device) -> str:
    """Return the marker of a device."""
    message = bytes.fromhex(device.id) + b"".join(
        user_id.to_bytes(USER_BYTES, "big") for user_id in device.user_ids
    )
    raw = message + _mac(message, settings.SECRET_KEY)
    return PREFIX + base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def verify(marker: str) -> Device | None:
    """Return the device of a marker that is ours, else None: a bad one is as good as none."""
    if len(marker) > MAX_LENGTH or not marker.startswith(PREFIX) or not marker.isascii():
        return None
    encoded = marker[len(PREFIX) :]
    try:
        raw = base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_", validate=True)
    except binascii.Error:
        return None
    message, mac = raw[:-MAC_BYTES], raw[-MAC_BYTES:]
    known = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    if not any(constant_time_compare(mac, _mac(message, secret)) for secret in known):
        return None
    users = message[ID_BYTES:]
    ids = (users[at : at + USER_BYTES] for at in range(0, len(users), USER_BYTES))
    return Device(message[:ID_BYTES].hex(), tuple(int.from_bytes(user_id, "big") for user_id in ids))


def _mac(message: bytes, secret: str) -> bytes:
    return salted_hmac(PURPOSE, message, secret=secret, algorithm="sha256").digest()[:MAC_BYTES]
