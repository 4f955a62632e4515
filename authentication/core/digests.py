"""A compact set of strings stored as truncated SHA-256 digests."""

import hashlib
from bisect import bisect_left
from collections.abc import Iterable
from pathlib import Path


class DigestSet:
    """A set of strings, stored as the sorted first ``size`` bytes of their SHA-256 digests.

    With n strings, one that is not in the set is mistaken for one that is with a probability of
    n / 256 ** size.
    """

    def __init__(self, packed: bytes, size: int) -> None:
        self._packed = packed
        self._size = size

    @classmethod
    def read(cls, path: Path, size: int) -> "DigestSet":
        """Read a set from a file that :func:`pack` has made."""
        return cls(path.read_bytes(), size)

    def __len__(self) -> int:
        return len(self._packed) // self._size

    def __contains__(self, text: str) -> bool:
        wanted = _digest(text, self._size)
        at = bisect_left(range(len(self)), wanted, key=self._digest_at)
        # Past the end there are no bytes, which equal no digest.
        return self._digest_at(at) == wanted

    def _digest_at(self, index: int) -> bytes:
        return self._packed[index * self._size : (index + 1) * self._size]


def pack(texts: Iterable[str], size: int) -> bytes:
    """Return the bytes of a set of these strings."""
    return b"".join(sorted({_digest(text, size) for text in texts}))


def _digest(text: str, size: int) -> bytes:
    # JSON can contain a lone surrogate, which has no UTF-8. It must not raise.
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:size]
