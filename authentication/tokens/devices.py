"""Device markers: which accounts a client has signed in to. They prove nothing else."""

import secrets
from dataclasses import dataclass

from authentication.tokens.seals import Seal

ID_BYTES, USER_BYTES = 16, 8
# A computer that a family shares; who signed in least recently is forgotten first.
MAX_USERS = 8
SEAL = Seal(
    "ojd_", "authentication.tokens.devices", mac_bytes=16, max_bytes=ID_BYTES + MAX_USERS * USER_BYTES
)


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
    users = (user_id.to_bytes(USER_BYTES, "big") for user_id in device.user_ids)
    return SEAL.write(bytes.fromhex(device.id) + b"".join(users))


def verify(marker: str) -> Device | None:
    """Return the device of a marker that is ours, else None: a bad one is as good as none."""
    message = SEAL.read(marker)
    if message is None:
        return None
    users = message[ID_BYTES:]
    ids = (users[at : at + USER_BYTES] for at in range(0, len(users), USER_BYTES))
    return Device(message[:ID_BYTES].hex(), tuple(int.from_bytes(user_id, "big") for user_id in ids))
