"""base64url without padding (RFC 7515 §2)."""

import base64
import binascii


def encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode(text: str) -> bytes | None:
    """Return the bytes, or None for what :func:`encode` does not write."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        # A ValueError is text that is not ASCII.
        return None
    return raw if encode(raw) == text else None
