"""Normalise, limit and hash passwords."""

import os
import sys
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotDoneError
from functools import cache
from typing import TypeVar

from django.conf import settings
from django.contrib.auth import hashers

from authentication.api.errors import Busy

Result = TypeVar("Result")

MAX_LENGTH = 128
# Composing shortens a text to a quarter at most, and normalising long runs of marks is slow.
MAX_TYPED_LENGTH = 4 * MAX_LENGTH

MAX_WAIT_SECONDS = 1
NICENESS = 10


class Argon2idHasher(hashers.Argon2PasswordHasher):
    """Argon2id; the defaults are the first that OWASP's Password Storage Cheat Sheet names."""

    memory_cost = settings.ARGON2_MEMORY_KIB
    time_cost = settings.ARGON2_ITERATIONS
    parallelism = settings.ARGON2_PARALLELISM


class PasswordTooLong(ValueError):
    """Raised for a password that is longer than any stored one."""


def normalise(password: str) -> str:
    """Return the password in NFKC (SP 800-63B §3.1.1.2), which is the same from every keyboard.

    Raises :class:`PasswordTooLong` above 128 characters.
    """
    if len(password) <= MAX_TYPED_LENGTH:
        normal = unicodedata.normalize("NFKC", password)
        if len(normal) <= MAX_LENGTH:
            return normal
    raise PasswordTooLong(f"A password has at most {MAX_LENGTH} characters.")


def make(password: str) -> str:
    """Hash a password with the first hasher of the settings. Raises Busy."""
    normal = normalise(password)
    return _in_turn(lambda: hashers.make_password(normal))


def verify(password: str, encoded: str) -> tuple[bool, bool]:
    """Return whether the password matches the hash, and whether the hash should be upgraded.

    A password that is too long is wrong, and costs no hash. Raises Busy.
    """
    try:
        normal = normalise(password)
    except PasswordTooLong:
        return False, False
    return _in_turn(lambda: hashers.verify_password(normal, encoded))


def verify_nobody(password: str) -> None:
    """Spend the time of a verification, so that unknown accounts take as long as known ones."""
    try:
        make(password)
    except PasswordTooLong:
        return


def _in_turn(compute: Callable[[], Result]) -> Result:
    """Compute a hash in one of a few threads, whose priority is below that of the requests.

    Raises Busy if none of them is free for a second: sign-ins of a flood are told to retry instead
    of piling up.
    """
    computed = _pool(os.getpid()).submit(compute)
    try:
        return computed.result(timeout=MAX_WAIT_SECONDS)
    except NotDoneError:
        if computed.cancel():
            raise Busy() from None
        return computed.result()


@cache
def _pool(process_id: int) -> ThreadPoolExecutor:
    """Return the threads of this process. A forked worker does not inherit its parent's."""
    return ThreadPoolExecutor(settings.HASHES_AT_ONCE, "password-hash", initializer=_give_way)


def _give_way() -> None:
    # On Linux a thread has a niceness of its own. Argon2 releases the interpreter's lock, so on an
    # idle machine the hashes have every core, and on a busy one what is left of them.
    if sys.platform == "linux":
        os.nice(NICENESS)
