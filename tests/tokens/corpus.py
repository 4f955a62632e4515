"""Hostile access tokens: wrong algorithms, signatures and headers, and all the rest.

Every case makes a token from claims that would be accepted. ``CASES`` has them all by name,
``EXPECTED`` the code of the answer where it is not ``token_invalid``.
"""

import json
import zlib
from collections.abc import Callable
from typing import Any

from tests.tokens import claims_corpus, shapes_corpus
from tests.tokens.forge import HEADER, KEY, Claims, b64, mac, part, sha256, sign, unsigned

Forge = Callable[[Claims], str]

NONES = (
    *("none", "None", "NONE", "nOnE", "none ", " none", "none\x00", "n\u043ene", "", "nonee"),
    "\uff4e\uff4f\uff4e\uff45",
)
ALGORITHMS = (
    *("HS384", "HS512", "RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "ES256K", "PS256", "EdDSA"),
    *("hs256", "Hs256", "HS256 ", " HS256", "HS256\x00", "HS256,none", "HS1", "SHA256", "HMAC", "dir"),
    *("A256KW", "A256GCMKW", "RSA-OAEP", "RSA1_5", "ECDH-ES", "PBES2-HS256+A128KW", "__proto__"),
    *("../../dev/null", "x" * 2000, "\ud800"),
    *(None, True, 0, 256, 1.5, ["HS256"], [], {"alg": "HS256"}, {}),
)
KEY_IDS = (
    *("../../../../dev/null", "/dev/null", "/proc/self/environ", "file:///dev/null", "..\\..\\nul"),
    *("' OR '1'='1", "x' UNION SELECT 'key' --", "1; DROP TABLE users", "$(id)", "`id`", "| sleep 9"),
    *(
        "http://127.0.0.1/key",
        "https://keys.example/1",
        "",
        " ",
        "\x00",
        "\ud800",
        "0",
        "default",
        "x" * 2000,
    ),
    *(None, True, 0, -1, 1.5, [], ["a"], {}, {"$ne": None}),
)
CRITS = (
    *(
        ["exp"],
        ["b64"],
        ["x-unknown"],
        [],
        [""],
        ["alg"],
        ["crit"],
        [1],
        [None],
        "exp",
        "",
        None,
        True,
        0,
        {},
    ),
)
TYPES = (
    *("JWT", "jwt", "AT+JWT", "at+JWT", "application/at+jwt", "rt+jwt", "refresh", "at+jwt ", "", "JWE"),
    *(None, True, 1, ["at+jwt"], {"at+jwt": 1}),
)
WRONG_KEYS = {
    "empty": b"",
    "None": b"None",
    "null": b"null",
    "secret": b"secret",
    "name": b"SECRET_KEY",
    "zeros": bytes(32),
    "newline": KEY + b"\n",
    "shorter": KEY[:-1],
    "reversed": KEY[::-1],
    "upper case": KEY.upper(),
    "hashed": sha256(KEY.decode()),
    "in base64": b64(KEY).encode(),
    "in hex": KEY.hex().encode(),
    "PEM": b"-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA\n-----END PUBLIC KEY-----\n",
    "JWK": b'{"kty":"oct","k":"c2VjcmV0"}',
    "JWKS": b'{"keys":[]}',
}


def algorithm_cases() -> dict[str, Forge]:
    """Group A: the algorithm is the server's choice, never the token's."""
    cases: dict[str, Forge] = {}
    for name in NONES:
        header = {**HEADER, "alg": name}
        cases[f"A none {name!r}, no signature"] = lambda c, h=header: unsigned(c, h)
        cases[f"A none {name!r}, signed"] = lambda c, h=header: sign(c, h)
    for number, value in enumerate(ALGORITHMS):
        header = {**HEADER, "alg": value}
        cases[f"A alg {number} {str(value)[:20]!a}"] = lambda c, h=header: sign(c, h)
    cases["A alg missing"] = lambda c: sign(c, {"typ": "at+jwt"})
    cases["A alg 1e400"] = lambda c: sign(c, '{"alg":1e400,"typ":"at+jwt"}')
    cases["A none escaped"] = lambda c: unsigned(c, '{"alg":"\\u006eone","typ":"at+jwt"}')
    for digest in ("sha384", "sha512", "sha1"):
        header = {**HEADER, "alg": f"HS{digest[3:]}"}
        cases[f"A the server's key with {digest}"] = lambda c, h=header, d=digest: sign(c, h, digest=d)
        cases[f"A {digest} under HS256"] = lambda c, d=digest: sign(c, digest=d)
    return cases


def signature_cases() -> dict[str, Forge]:
    """Group B: every change of the signature, and every key that is not the server's."""
    changes: dict[str, Callable[[str, str], str]] = {
        "stripped": lambda signed, s: f"{signed}.",
        "part missing": lambda signed, s: signed,
        "zeros": lambda signed, s: f"{signed}.{b64(bytes(32))}",
        "one byte": lambda signed, s: f"{signed}.{b64(b'0')}",
        "cut by one": lambda signed, s: f"{signed}.{s[:-1]}",
        "half": lambda signed, s: f"{signed}.{s[:21]}",
        "first character": lambda signed, s: f"{signed}.{'A' if s[0] != 'A' else 'B'}{s[1:]}",
        "middle character": lambda signed, s: f"{signed}.{s[:20]}{'A' if s[20] != 'A' else 'B'}{s[21:]}",
        "appended": lambda signed, s: f"{signed}.{s}A",
        "doubled": lambda signed, s: f"{signed}.{s}{s}",
        "padded": lambda signed, s: f"{signed}.{s}=",
        "padded twice": lambda signed, s: f"{signed}.{s}==",
        "space": lambda signed, s: f"{signed}.{s[:9]} {s[9:]}",
        "tab": lambda signed, s: f"{signed}.{s[:9]}\t{s[9:]}",
        "percent": lambda signed, s: f"{signed}.{s}%0a",
        "newline": lambda signed, s: f"{signed}.{s}\n",
        "standard base64": lambda signed, s: f"{signed}.+/{s[2:]}",
        "non-canonical last bits": lambda signed, s: f"{signed}.{s[:-1]}{chr(ord(s[-1]) + 1)}",
        "hex": lambda signed, s: f"{signed}.{mac(signed).hex()}",
        "of the payload alone": lambda signed, s: f"{signed}.{b64(mac(signed.partition('.')[2]))}",
        "UTF-8": lambda signed, s: f"{signed}.{s[:-1]}\u00e9",
        "NUL": lambda signed, s: f"{signed}.{s}\x00",
        "long": lambda signed, s: f"{signed}.{s * 3000}",
    }
    cases: dict[str, Forge] = {}
    for name, change in changes.items():
        cases[f"B signature {name}"] = lambda c, f=change: f(*sign(c).rsplit(".", 1))
    cases["B another token's signature"] = lambda c: (
        f"{sign(c).rpartition('.')[0]}.{sign({**c, 'jti': 'x'}).rpartition('.')[2]}"
    )
    cases["B changed payload"] = lambda c: ".".join(
        (part(HEADER), part({**c, "gen": 1}), sign(c).rpartition(".")[2])
    )
    for name, key in WRONG_KEYS.items():
        cases[f"B key {name}"] = lambda c, k=key: sign(c, key=k)
    for algorithm, size in (("ES256", 64), ("RS256", 256), ("EdDSA", 64)):
        header = {**HEADER, "alg": algorithm}
        cases[f"B {algorithm} zeros"] = lambda c, h=header, n=size: unsigned(c, h, bytes(n))
    one = bytes(31) + b"\x01"
    cases["B ES256 r=1 s=0"] = lambda c: unsigned(c, {**HEADER, "alg": "ES256"}, one + bytes(32))
    return cases


def header_cases() -> dict[str, Forge]:
    """Group C: what a header may try to say; most are signed with the server's own key."""
    cases: dict[str, Forge] = {}
    for number, kid in enumerate(KEY_IDS):
        header = {**HEADER, "kid": kid}
        cases[f"C kid {number}, server's key"] = lambda c, h=header: sign(c, h)
        cases[f"C kid {number}, empty key"] = lambda c, h=header: sign(c, h, key=b"")
    for number, crit in enumerate(CRITS):
        header = {**HEADER, "crit": crit}
        cases[f"C crit {number} {crit!r}"] = lambda c, h=header: sign(c, h)
    for value in TYPES:
        header = {**HEADER, "typ": value}
        cases[f"C typ {value!r}"] = lambda c, h=header: sign(c, h)
    cases["C typ missing"] = lambda c: sign(c, {"alg": "HS256"})
    cases["C b64 false"] = lambda c: sign(c, {**HEADER, "b64": False, "crit": ["b64"]})
    cases["C b64 false without crit"] = lambda c: sign(c, {**HEADER, "b64": False})
    cases["C zip"] = lambda c: sign(zlib.compress(json.dumps(c).encode()), {**HEADER, "zip": "DEF"})
    cases["C cty"] = lambda c: sign(sign(c), {**HEADER, "cty": "JWT"})
    return cases | _injected_keys()


def _injected_keys() -> dict[str, Forge]:
    key = b"a key that the attacker has chosen himself"
    jwk = {"kty": "oct", "k": b64(key), "alg": "HS256"}
    headers: dict[str, dict[str, Any]] = {
        "jwk": {"jwk": jwk},
        "jwk with kid": {"jwk": {**jwk, "kid": "1"}, "kid": "1"},
        "jwk as text": {"jwk": json.dumps(jwk)},
        "jwks": {"jwks": {"keys": [jwk]}},
        "jku": {"jku": "http://127.0.0.1:9/jwks.json"},
        "x5u": {"x5u": "http://127.0.0.1:9/cert.pem"},
        "x5c": {"x5c": [b64(key)]},
        "x5t": {"x5t": b64(key[:20])},
        "k": {"k": b64(key)},
    }
    return {
        f"C injected {name}": lambda c, h={**HEADER, **extra}: sign(c, h, key=key)
        for name, extra in headers.items()
    }


CASES: dict[str, Forge] = (
    algorithm_cases()
    | signature_cases()
    | header_cases()
    | shapes_corpus.shape_cases()
    | claims_corpus.time_cases()
    | claims_corpus.subject_cases()
    | claims_corpus.audience_cases()
    | shapes_corpus.form_cases()
)
EXPECTED = {
    **claims_corpus.EXPECTED,
    # More than one word after the scheme is no attempt.
    "B signature space": "not_authenticated",
}
