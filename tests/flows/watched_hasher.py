"""The settings' hasher, which also writes a line for every hash that a process computes."""

import os

from authentication.users.hashing import Argon2idHasher


class WatchedHasher(Argon2idHasher):
    """Argon2id that leaves a byte in the file HASHES for each password that it is given."""

    def encode(self, password: str, salt: str) -> str:
        _note()
        return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        _note()
        return super().verify(password, encoded)


def _note() -> None:
    # Appending a byte is atomic, so the workers need no lock.
    file = os.open(os.environ["HASHES"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(file, b".")
    os.close(file)
