"""How a password is normalised, bounded and hashed."""

import unicodedata

import pytest
from django.contrib.auth import hashers

from authentication.users import hashing


@pytest.fixture(autouse=True)
def _cheap_passwords(request: pytest.FixtureRequest) -> None:
    if "real_hasher" not in request.fixturenames:
        request.getfixturevalue("cheap_passwords")


LONG_WORD = "\ufdfa"  # One character that NFKC writes as eighteen.


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  secret pw  ", "  secret pw  "),
        ("\tsecret\n", "\tsecret\n"),
        ("Caf\u0065\u0301", "Caf\u00e9"),
        ("\uff50\uff41\uff53\uff53", "pass"),
        ("\u2460\ufb01", "1fi"),
        ("\U0001f511" * 64, "\U0001f511" * 64),
        ("x" * 128, "x" * 128),
        ("e\u0301" * 128, "\u00e9" * 128),
        ("", ""),
    ],
)
def test_a_password_is_composed_and_never_trimmed(typed: str, stored: str) -> None:
    assert hashing.normalise(typed) == stored
    assert hashing.normalise(stored) == stored


@pytest.mark.parametrize(
    "password", ["x" * 129, LONG_WORD * 8, "x" * 513, "e\u0301" * 257, "a" + "\u0301" * 10**6, "x" * 10**6]
)
def test_a_password_that_is_too_long_is_refused_and_not_cut(password: str, hashed: list[str]) -> None:
    with pytest.raises(hashing.PasswordTooLong):
        hashing.normalise(password)
    assert hashing.verify(password, "md5$salt$x") == (False, False)
    hashing.verify_nobody(password)
    assert hashed == []


def test_the_longest_expansion_that_fits_is_accepted() -> None:
    assert len(hashing.normalise(LONG_WORD * 7)) == 126


def test_composed_and_decomposed_forms_are_the_same_password() -> None:
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        encoded = hashing.make(unicodedata.normalize(form, "Gr\u00fc\u00dfe \ufb01n"))
        assert hashing.verify("Gr\u00fc\u00dfe fin", encoded) == (True, False)


def test_every_character_and_both_ends_count() -> None:
    encoded = hashing.make("p" * 127 + "q")
    for other in ("p" * 128, "p" * 127, " " + "p" * 127, "P" * 127 + "q", "p" * 127 + "Q"):
        assert hashing.verify(other, encoded)[0] is False


@pytest.mark.parametrize("encoded", ["", "!", "!unusable", "x", "argon2", "nope$1$2$3", "\x00"])
def test_no_password_matches_an_invalid_hash(encoded: str) -> None:
    for password in ("", "x", encoded):
        assert hashing.verify(password, encoded) == (False, False)


def test_an_unknown_user_costs_one_hash(hashed: list[str]) -> None:
    hashing.verify_nobody("correct horse battery")
    assert hashed == ["correct horse battery"]


@pytest.mark.usefixtures("real_hasher")
def test_hashes_are_argon2id_at_the_recommended_cost() -> None:
    """OWASP Password Storage Cheat Sheet: m=19456 (19 MiB), t=2, p=1."""
    first, second = hashing.make("correct horse battery"), hashing.make("correct horse battery")
    assert first.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert first != second
    assert hashing.verify("correct horse battery", first) == (True, False)


@pytest.mark.usefixtures("real_hasher")
def test_older_hashes_are_verified_and_marked_for_an_upgrade() -> None:
    for algorithm in ("pbkdf2_sha256", "scrypt"):
        encoded = hashers.make_password("correct horse battery", hasher=algorithm)
        assert hashing.verify("correct horse battery", encoded) == (True, True)
        assert hashing.verify("wrong horse battery", encoded)[0] is False
