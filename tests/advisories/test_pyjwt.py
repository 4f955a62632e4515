"""Flaws of JWT libraries: each test is named after the flaw, and would meet it in this server."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from authentication.models import User
from tests.conftest import client_for
from tests.costs import assert_costs_at_most
from tests.tokens.forge import HEADER, KEY, Claims, b64, good_claims, mac, part, sign, unsigned, with_json

INVALID = {"detail": "Invalid authentication. Could not decode token.", "code": "token_invalid"}
PEM = b"""-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=
-----END PUBLIC KEY-----
"""


@pytest.fixture
def claims(user: User) -> Claims:
    return good_claims(user.pk, str(user.sessions.open().session_id))


def assert_refused(token: str) -> None:
    answer = client_for(token).get("/auth/me")
    assert (answer.status_code, answer.json()) == (401, INVALID)


def test_a_public_key_as_the_secret_of_a_mac(claims: Claims) -> None:
    """CVE-2017-11424, CVE-2022-29217: HS256 keyed with the text of a public key was accepted."""
    for key in (PEM, PEM.strip(), PEM.splitlines()[1]):
        assert_refused(sign(claims, key=key))
        assert_refused(sign(claims, {**HEADER, "alg": "HS512"}, key=key, digest="sha512"))


def test_no_algorithm_at_all(claims: Claims) -> None:
    """CVE-2015-9235: ``alg: none`` switched the signature off."""
    for name in ("none", "None", "NONE"):
        assert_refused(unsigned(claims, {**HEADER, "alg": name}))
        assert_refused(sign(claims, {**HEADER, "alg": name}))


def test_an_unknown_critical_extension(claims: Claims) -> None:
    """GHSA-752w-5fwx-jx9f: ``crit`` was ignored (RFC 7515 §4.1.11)."""
    for crit in (["x-must-understand"], ["b64"], ["exp"], []):
        assert_refused(sign(claims, {**HEADER, "crit": crit, "x-must-understand": True}))


def test_another_algorithm_than_the_keys_own(claims: Claims) -> None:
    """GHSA-jq35-7prp-9v3f: the list of algorithms was not compared with the key's."""
    for size in ("384", "512"):
        assert_refused(sign(claims, {**HEADER, "alg": f"HS{size}"}, digest=f"sha{size}"))


def test_the_text_of_a_jwk_as_the_secret_of_a_mac(claims: Claims) -> None:
    """GHSA-xgmm-8j9v-c9wx."""
    for key in (b'{"kty":"oct","k":"AA"}', b'{"keys":[]}', f'{{"kty":"oct","k":"{b64(KEY)}"}}'.encode()):
        assert_refused(sign(claims, key=key))


def test_a_long_detached_payload_costs_no_more_than_a_short_one(claims: Claims) -> None:
    """GHSA-w7vc-732c-9m39: ``b64: false`` made the library work before it checked."""
    header = {**HEADER, "b64": False, "crit": ["b64"]}

    def refuse(length: int) -> None:
        assert_refused(f"{part(header)}.{'A' * length}.{b64(mac('x'))}")

    assert_costs_at_most(3, lambda: refuse(60_000), than=lambda: refuse(60))


@pytest.mark.parametrize("issuer", ["oddjobbo", "ddjobbox", "o", "oddjobbox.evil.example", ["oddjobbox"]])
def test_a_part_of_the_issuers_name(issuer: Any, claims: Claims) -> None:
    """GHSA-75c5-xw7c-p5pm: ``in`` instead of ``==`` accepted a part of the issuer."""
    assert_refused(sign({**claims, "iss": issuer}))


def test_claims_that_the_parser_stumbles_over(claims: Claims) -> None:
    """GHSA-8wjv-2p76-3863, GHSA-w6j9-cwv2-h6wq: RecursionError and TypeError came out as a 500."""
    for text in ("[]", "{}", "null", '"1"', "1e400", "NaN", "9" * 2500, "[" * 1400 + "]" * 1400):
        assert_refused(sign(with_json(claims, exp=text)))
    assert_refused(sign(claims, '{"alg":"HS256","typ":' + "[" * 1400 + "]" * 1400 + "}"))


def test_a_loose_compact_form(claims: Claims) -> None:
    """GHSA-hxm8-2xgr-2p9m: padding, white space and stray characters were dropped silently."""
    header, payload, signature = sign(claims).split(".")
    for loose in (
        f"{header}.{payload}.{signature}=",
        f"{header}=.{payload}.{signature}",
        f"{header}.{payload}.{signature}\n",
        f"{header}.{payload}!.{signature}",
        f"{header}.{payload}.{signature}.",
        f".{header}.{payload}.{signature}",
    ):
        assert_refused(loose)


def test_a_key_that_the_token_brings_along(claims: Claims) -> None:
    """CVE-2018-0114: the key of a ``jwk`` header verified its own token."""
    key = b"an attacker's key of more than 32 bytes in length"
    assert_refused(sign(claims, {**HEADER, "jwk": {"kty": "oct", "k": b64(key)}}, key=key))


def test_an_empty_signature_and_an_empty_key(claims: Claims, api: APIClient) -> None:
    """CVE-2022-21449 and its kin: a signature of zeros satisfied the equation."""
    assert_refused(sign(claims, key=b""))
    for algorithm, size in (("ES256", 64), ("ES384", 96), ("EdDSA", 64), ("HS256", 32)):
        assert_refused(unsigned(claims, {**HEADER, "alg": algorithm}, bytes(size)))
