"""Make tokens by hand, so that they can be wrong in ways that a library would not allow."""

import base64
import hashlib
import hmac
import json
from typing import Any

from authentication.core import clock
from tests.databases import SECRET_KEY

KEY = SECRET_KEY.encode()
HEADER = {"alg": "HS256", "typ": "at+jwt"}
YEAR = 365 * 24 * 3600

Claims = dict[str, Any]


def good_claims(user_id: int, session_id: str) -> Claims:
    """Return claims that are accepted for a living session of this user."""
    now = clock.timestamp()
    return {
        "id": user_id,
        "sub": str(user_id),
        "sid": session_id,
        "gen": 0,
        "iat": now,
        "exp": now + 3600,
        "iss": "oddjobbox",
        "aud": "oddjobbox",
        "jti": "a-token-id",
    }


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def part(value: Any) -> str:
    """Encode a part of a token: bytes and text as they are, everything else as compact JSON."""
    if isinstance(value, str):
        value = value.encode("utf-8", "surrogatepass")
    return b64(value if isinstance(value, bytes) else json.dumps(value, separators=(",", ":")).encode())


def mac(signed: str, key: bytes = KEY, digest: str = "sha256") -> bytes:
    return hmac.digest(key, signed.encode(), digest)


def sign(payload: Any, header: Any = HEADER, key: bytes = KEY, digest: str = "sha256") -> str:
    """Return a token with a correct MAC, by the server's own key unless another is named."""
    signed = f"{part(header)}.{part(payload)}"
    return f"{signed}.{b64(mac(signed, key, digest))}"


def with_json(claims: Claims, **texts: str) -> str:
    """Return the payload as text, some claims replaced by pieces of JSON that may be no JSON."""
    pieces = {name: json.dumps(value) for name, value in claims.items()} | texts
    return "{" + ",".join(f"{json.dumps(name)}:{text}" for name, text in pieces.items()) + "}"


def without(claims: Claims, name: str) -> Claims:
    return {key: value for key, value in claims.items() if key != name}


def unsigned(payload: Any, header: Any, signature: bytes = b"") -> str:
    return f"{part(header)}.{part(payload)}.{b64(signature)}"


def sha256(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
