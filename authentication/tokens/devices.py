"""Device tokens: which accounts a client has signed in to. They grant no access."""

import secrets
from dataclasses import dataclass

from authentication.tokens.keys import TokenSigner

ID_BYTES, USER_BYTES = 16, 8
# A computer that a family shares; the user who signed in least recently is dropped first.
MAX_USERS = 8
SALT = "authentication.tokens.devices"


@dataclass(frozen=True, slots=True)
class Device:
    """A client by a random ``id``, and the users who have signed in from it, the latest first."""

    id: str
    user_ids: tuple[int, ...] = ()

    def knows(self, user_id: int) -> bool:
        return user_id in self.user_ids

    def with_user(self, user_id: int) -> "Device":
        """Return this device after a sign-in of a user."""
        others = [known for known in self.user_ids if known != user_id]
        return Device(self.id, (user_id, *others)[:MAX_USERS])


def new() -> Device:
    """Return a device with a new random id, from which nobody has signed in."""
    return Device(secrets.token_hex(ID_BYTES))


def issue_device_token(device: Device) -> str:
    """Return the token of a device."""
    users = (user_id.to_bytes(USER_BYTES, "big") for user_id in device.user_ids)
    return _signer().sign_bytes(bytes.fromhex(device.id) + b"".join(users))


def verify_device_token(token: str) -> Device | None:
    """Return the device of a token, or None: an invalid one is ignored."""
    message = _signer().unsign_bytes(token)
    if message is None:
        return None
    users = message[ID_BYTES:]
    ids = (users[at : at + USER_BYTES] for at in range(0, len(users), USER_BYTES))
    return Device(message[:ID_BYTES].hex(), tuple(int.from_bytes(user_id, "big") for user_id in ids))


def _signer() -> TokenSigner:
    return TokenSigner("ojd_", SALT, max_bytes=ID_BYTES + MAX_USERS * USER_BYTES)
