"""Text that only this site can have written: bytes with a MAC behind them. Nothing is stored for it."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from authentication.tokens.keys import decode_base64url, encode_base64url


@dataclass(frozen=True, slots=True)
class Seal:
    """What is sealed for one purpose is nothing for every other.

    The MAC is HMAC-SHA256 (RFC 2104), cut to ``mac_bytes``, with a key derived from ``SECRET_KEY`` for
    the purpose. ``SECRET_KEY_FALLBACKS`` open what they sealed.
    """

    prefix: str
    purpose: str
    mac_bytes: int
    max_bytes: int

    def write(self, message: bytes) -> str:
        """Seal a message."""
        return self.prefix + encode_base64url(message + self._mac(message, settings.SECRET_KEY))

    def read(self, text: str) -> bytes | None:
        """Return the message, or None where the seal is not ours or not for this purpose."""
        encoded = text.removeprefix(self.prefix)
        # Longer than base64 makes the longest message, it is not even decoded.
        if encoded == text or len(encoded) > (self.max_bytes + self.mac_bytes) * 4 // 3 + 1:
            return None
        raw = decode_base64url(encoded)
        if raw is None:
            return None
        message, mac = raw[: -self.mac_bytes], raw[-self.mac_bytes :]
        known = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
        ours = any(constant_time_compare(mac, self._mac(message, secret)) for secret in known)
        return message if ours else None

    def _mac(self, message: bytes, secret: str) -> bytes:
        return salted_hmac(self.purpose, message, secret=secret, algorithm="sha256").digest()[
            : self.mac_bytes
        ]
