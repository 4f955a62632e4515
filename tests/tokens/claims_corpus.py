"""Hostile claims, every one of them signed with the server's own key.

They prove that a leaked key, or another service that shares it, still meets a server that checks
the type and the value of every claim, and never answers with a 500.
"""

import uuid
from collections.abc import Callable

from authentication.core import clock
from tests.tokens.forge import YEAR, Claims, sign, with_json, without

Forge = Callable[[Claims], str]

TIMES = ("exp", "iat", "nbf")
# Pieces of JSON that are no NumericDate of ours; {now} is the current time.
NO_TIMES = (
    *("null", "true", "false", "-1", "1.5", "{now}.0", "{now}e0", "1e20", "1e400", "-1e400"),
    *("NaN", "Infinity", "-Infinity", '"{now}"', '" {now}"', '"{now}\\n"', '""', '" "', '"0x7fffffff"'),
    *('"9_999_999_999"', '"\u0661\u0662\u0663"', '"\uff19\uff19"', '"tomorrow"', '"2999-01-01T00:00:00Z"'),
    *("9223372036854775808", "18446744073709551616", "9" * 400, "9" * 2300, "-9223372036854775809"),
    *("[{now}]", "[]", '{{"$gt":0}}', "{{}}", '"\\u0000"', '"\\ud800"'),
)
# {id} is the right one.
NO_IDS = (
    *("null", "true", "false", "-1", "-{id}", "{id}.0", "{id}e0", "{id}.5", "1e400", "NaN", "Infinity"),
    *('"{id}"', '" {id}"', '"+{id}"', '"{id}\\n"', '"0{id}"', '"0x1"', '"1_0"', '"\u0661"', '"\uff11"'),
    *('"jane_doe"', '"jane@example.com"', '""', '" "', '"\\u0000"', '"\\ud800"', '"{id} OR 1=1"'),
    *("[{id}]", "[]", "{{}}", '{{"id__gt":0}}', "9223372036854775808", "9" * 2300),
)
NO_SUBJECTS = (
    *("null", "true", "{id}", "{id}.0", '" {id}"', '"{id} "', '"+{id}"', '"-{id}"', '"0{id}"', '"{id}\\n"'),
    *('"{id}.0"', '"0x1"', '"\u0661"', '"\uff11"', '"1_0"', '"{id}\\u0000"', '"\\ud800"', '""', '" "'),
    *('["{id}"]', '{{"id":"{id}"}}', '"jane_doe"', '"999999999"', "[]", "NaN"),
)
NO_SESSIONS = (
    *("null", "true", "0", "1.5", '""', '" "', '"0"', '"none"', '"jane_doe"', "[]", "{{}}", "NaN"),
    *('["{sid}"]', '"{upper}"', '"{{{sid}}}"', '"urn:uuid:{sid}"', '"{bare}"', '" {sid}"', '"{sid} "'),
    *('"{sid}\\n"', '"{sid}\\u0000"', '"{sid}\' OR 1=1 --"', '"../{sid}"', '"\\ud800"', '"%"'),
)
NO_GENERATIONS = (
    *("null", "true", "false", "-1", "0.0", '"0"', '""', "[]", "[0]", "{{}}", "NaN", "1e400"),
    *("9223372036854775808", "9" * 2300),
)
NO_TOKEN_IDS = ("null", '""', "0", "1.5", "true", "[]", '["x"]', "{{}}", "NaN")
NO_AUDIENCES = (
    *("null", '""', '" "', "true", "0", "[]", '["oddjobbox"]', '["oddjobbox","x"]', '{{"oddjobbox":1}}'),
    *('"oddjobbo"', '"oddjobboxx"', '"ddjobbox"', '"Oddjobbox"', '"ODDJOBBOX"', '"oddjobbox "'),
    *('" oddjobbox"', '"oddjobbox\\n"', '"oddjobbox\\u0000"', '"https://oddjobbox"', '"*"'),
    *('"\uff4fddjobbox"', '"oddjobbox,x"', "NaN"),
)


def _texts(name: str, values: tuple[str, ...]) -> dict[str, Forge]:
    return {
        f"{name} {number} {value[:24]!a}": lambda c, v=value: sign(with_json(c, **{name: _fill(v, c)}))
        for number, value in enumerate(values)
    }


def _fill(value: str, claims: Claims) -> str:
    sid = claims["sid"]
    return value.format(
        now=clock.timestamp(), id=claims["id"], sid=sid, upper=sid.upper(), bare=sid.replace("-", "")
    )


def _group(letter: str, cases: dict[str, Forge]) -> dict[str, Forge]:
    return {f"{letter} {name}": forge for name, forge in cases.items()}


def time_cases() -> dict[str, Forge]:
    """Group E: ``exp``, ``iat`` and ``nbf`` of every type."""
    cases: dict[str, Forge] = {}
    for name in TIMES:
        cases |= _texts(name, NO_TIMES)
    for name in ("exp", "iat"):
        cases[f"{name} missing"] = lambda c, n=name: sign(without(c, n))
    for name in ("iat", "nbf"):
        cases[f"{name} in milliseconds"] = lambda c, n=name: sign({**c, n: clock.timestamp() * 1000})
        cases[f"{name} in 31 seconds"] = lambda c, n=name: sign({**c, n: clock.timestamp() + 32})
        cases[f"{name} in a year"] = lambda c, n=name: sign({**c, n: clock.timestamp() + YEAR})
        cases[f"{name} in the year 10000"] = lambda c, n=name: sign({**c, n: 253_402_300_800})
    for past in (0, 1):
        cases[f"exp {past}"] = lambda c, n=past: sign({**c, "exp": n})
    cases["exp -0"] = lambda c: sign(with_json(c, exp="-0"))
    cases["exp now"] = lambda c: sign({**c, "exp": clock.timestamp()})
    cases["exp a year ago"] = lambda c: sign({**c, "exp": clock.timestamp() - YEAR})
    return _group("E", cases)


def subject_cases() -> dict[str, Forge]:
    """Group F: lookalikes of a user's and a session's id."""
    cases = _texts("id", NO_IDS) | _texts("sub", NO_SUBJECTS)
    cases |= _texts("sid", NO_SESSIONS) | _texts("gen", NO_GENERATIONS)
    for name in ("id", "sub", "sid", "gen"):
        cases[f"{name} missing"] = lambda c, n=name: sign(without(c, n))
    cases["id and sub true"] = lambda c: sign({**c, "id": True, "sub": "True"})
    cases["id and sub a float"] = lambda c: sign({**c, "id": float(c["id"]), "sub": f"{c['id']}.0"})
    cases["a user without this session"] = lambda c: sign(_of_user(c, c["id"] + 1))
    cases["user 0"] = lambda c: sign(_of_user(c, 0))
    cases["the largest user id"] = lambda c: sign(_of_user(c, 2**63 - 1))
    cases["a session that never was"] = lambda c: sign({**c, "sid": str(uuid.uuid4())})
    cases["the nil session"] = lambda c: sign({**c, "sid": str(uuid.UUID(int=0))})
    cases["a generation to come"] = lambda c: sign({**c, "gen": 1})
    cases["the largest generation"] = lambda c: sign({**c, "gen": 2**63 - 1})
    return _group("F", cases)


def _of_user(claims: Claims, user_id: int) -> Claims:
    return {**claims, "id": user_id, "sub": str(user_id)}


def audience_cases() -> dict[str, Forge]:
    """Group F, second half: ``iss``, ``aud`` and ``jti`` are compared whole."""
    cases = _texts("iss", NO_AUDIENCES) | _texts("aud", NO_AUDIENCES) | _texts("jti", NO_TOKEN_IDS)
    for name in ("iss", "aud", "jti"):
        cases[f"{name} missing"] = lambda c, n=name: sign(without(c, n))
    return _group("F", cases)


EXPECTED = {
    **dict.fromkeys(("E exp 0", "E exp 1", "E exp -0", "E exp now", "E exp a year ago"), "token_expired"),
    **dict.fromkeys(
        (
            "F a user without this session",
            "F user 0",
            "F the largest user id",
            "F a session that never was",
            "F the nil session",
            "F a generation to come",
            "F the largest generation",
        ),
        "session_ended",
    ),
}
