"""Hostile shapes, encodings and forms of a token, almost all signed with the server's own key."""

import json
from collections.abc import Callable

from tests.tokens.forge import HEADER, Claims, sign, with_json

Forge = Callable[[Claims], str]

SHAPES = {
    "array": "[]",
    "array of pairs": '[["alg","HS256"]]',
    "string": '"at+jwt"',
    "number": "1",
    "null": "null",
    "true": "true",
    "empty": "",
    "blank": " ",
    "not JSON": "alg=HS256",
    "open": '{"a":',
    "single quotes": "{'a':1}",
    "NaN": "NaN",
    "deep 900": '{"a":' + "[" * 900 + "]" * 900 + "}",
    "deep 1400": '{"a":' * 250 + "1" + "}" * 250,
}


def shape_cases() -> dict[str, Forge]:
    """Group D: a header and a payload are one UTF-8 JSON object each (RFC 7519 §7.2)."""
    cases: dict[str, Forge] = {}
    for name, text in SHAPES.items():
        cases[f"D header {name}"] = lambda c, t=text: sign(c, t)
        cases[f"D payload {name}"] = lambda c, t=text: sign(t)
    for which in ("header", "payload"):
        for name, spoil in _SPOILED.items():
            cases[f"D {which} {name}"] = lambda c, w=which, f=spoil: _spoiled(c, w, f)
    for name in ("id", "exp", "sid", "iss"):
        cases[f"D {name} twice"] = lambda c, n=name: sign(with_json(c)[:-1] + f',"{n}":null}}')
    cases["D alg twice"] = lambda c: sign(c, '{"alg":"HS256","typ":"at+jwt","alg":"none"}')
    cases["D typ twice"] = lambda c: sign(c, '{"alg":"HS256","typ":"at+jwt","typ":"JWT"}')
    return cases


_SPOILED: dict[str, Callable[[str], bytes]] = {
    "trailing bytes": lambda text: text.encode() + b"x",
    "second object": lambda text: text.encode() + b"{}",
    "trailing NUL": lambda text: text.encode() + b"\x00",
    "trailing comma": lambda text: text[:-1].encode() + b",}",
    "comment": lambda text: text.encode() + b"/**/",
    "BOM": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "number of 5000 digits": lambda text: text[:-1].encode() + b',"x":' + b"9" * 5000 + b"}",
    "number of 2500 nines": lambda text: (text[:-1] + ',"exp":' + "9" * 2500 + ',"alg":1}').encode(),
    "invalid UTF-8": lambda text: text[:-1].encode() + b',"x":"\xff"}',
    "overlong UTF-8": lambda text: text[:-1].encode() + b',"x":"\xc0\xaf"}',
    "surrogate bytes": lambda text: text[:-1].encode() + b',"x":"\xed\xa0\x80"}',
    "Latin-1": lambda text: text[:-1].encode() + b',"x":"\xe9"}',
    "control character": lambda text: text[:-1].encode() + b',"x":"\x01"}',
}


def _spoiled(claims: Claims, which: str, spoil: Callable[[str], bytes]) -> str:
    if which == "header":
        return sign(claims, spoil(json.dumps(HEADER)))
    return sign(spoil(json.dumps(claims)))


def form_cases() -> dict[str, Forge]:
    """Group G: three parts of base64url and nothing else (RFC 7515 §7.1)."""
    forms: dict[str, Callable[[str], str]] = {
        "one part": lambda t: t.partition(".")[0],
        "four parts": lambda t: f"{t}.e30",
        "five parts": lambda t: f"{t}.e30.e30",
        "empty header": lambda t: t[t.index(".") :],
        "empty payload": lambda t: f"{t.partition('.')[0]}..{t.rpartition('.')[2]}",
        "two dots": lambda t: "..",
        "three dots": lambda t: "...",
        "dots doubled": lambda t: t.replace(".", ".."),
        "escaped dots": lambda t: t.replace(".", "%2E"),
        "full-width dots": lambda t: t.replace(".", "\uff0e"),
        "quotes": lambda t: f'"{t}"',
        "braces": lambda t: f"{{{t}}}",
        "angle brackets": lambda t: f"<{t}>",
        "comma": lambda t: f"{t},{t}",
        "padded header": lambda t: t.replace(".", "=.", 1),
        "leading newline": lambda t: f"\n{t}",
        "no-break space": lambda t: f"{t}\u00a0",
        "JSON serialisation": lambda t: json.dumps(
            dict(zip(("protected", "payload", "signature"), t.split("."), strict=True)), separators=(",", ":")
        ),
        "a word": lambda t: "undefined",
        "an object": lambda t: "[object",
        "emoji": lambda t: "\U0001f600",
        "4097 characters": lambda t: t + "A" * (4097 - len(t)),
        "8 KB": lambda t: "A" * 8000,
        "60 KB": lambda t: f"{'A' * 30000}.{'A' * 30000}.A",
    }
    cases: dict[str, Forge] = {f"G {name}": lambda c, f=form: f(sign(c)) for name, form in forms.items()}
    cases["G too long, but well signed"] = lambda c: sign({**c, "jti": "x" * 4096})
    for encoding in ("utf-16", "utf-32", "utf-16-le", "utf-7"):
        cases[f"G payload in {encoding}"] = lambda c, e=encoding: _encoded(c, e)
    return cases


def _encoded(claims: Claims, encoding: str) -> str:
    # UTF-7 leaves ASCII alone but for the plus sign, which it escapes: here of the issuer.
    claims = {**claims, "iss": "oddjobbox+"} if encoding == "utf-7" else claims
    return sign(json.dumps(claims).encode(encoding))
