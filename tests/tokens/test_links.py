"""Keys in links: what a valid one names, and that nothing else is accepted."""

import base64
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from authentication.api.errors import CatalogueError, KeyExpired, KeyInvalid, KeyUsed
from authentication.tokens import links
from authentication.tokens.links import Link, Purpose
from tests.tokens.forge import b64, unb64

STATE = ("stamp", "jane@example.com")
LIFETIMES = {
    Purpose.VERIFY: timedelta(days=3),
    Purpose.CHANGE: timedelta(days=3),
    Purpose.UNDO: timedelta(days=7),
    Purpose.RESET: timedelta(hours=1),
}
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."
each = pytest.mark.parametrize("purpose", Purpose)


def code_of(key: str, *purposes: Purpose) -> str:
    """Return the code of the error that a key raises, or "" for a valid one."""
    try:
        links.verify(key, *(purposes or Purpose)).require(*STATE)
    except (KeyInvalid, KeyExpired, KeyUsed) as error:
        return error.code
    return ""


@each
@pytest.mark.parametrize("subject", [0, 1, 2**31, 2**63 - 1, 2**64 - 1])
def test_a_key_names_its_purpose_its_row_and_its_state(purpose: Purpose, subject: int) -> None:
    key = links.issue(purpose, subject, *STATE)

    link = links.verify(key, purpose)

    assert (type(link), link.purpose, link.subject) == (Link, purpose, subject)
    link.require(*STATE)
    assert re.fullmatch(r"ojk_[A-Za-z0-9_-]{39}\.[A-Za-z0-9_-]{43}", key)


def test_there_is_a_lifetime_for_every_purpose() -> None:
    assert dict(links.LIFETIMES) == LIFETIMES


@each
@pytest.mark.parametrize("other", Purpose)
def test_a_key_serves_no_other_purpose(purpose: Purpose, other: Purpose) -> None:
    key = links.issue(purpose, 1, *STATE)

    assert code_of(key, other) == ("" if purpose is other else "key_invalid")
    assert code_of(key, *(set(Purpose) - {purpose})) == "key_invalid"


@pytest.mark.parametrize(
    "state",
    [
        (),
        ("stamp",),
        ("other", "jane@example.com"),
        ("stamp", "john@example.com"),
        ("stamp", "Jane@example.com"),
        ("stamp", "jane@example.com", ""),
        ("jane@example.com", "stamp"),
        ("stampjane@example.com",),
        ("stamp", "", "jane@example.com"),
    ],
)
def test_a_key_of_another_state_counts_as_used(state: tuple[str, ...]) -> None:
    link = links.verify(links.issue(Purpose.RESET, 1, *STATE), Purpose.RESET)

    with pytest.raises(KeyUsed):
        link.require(*state)


@each
def test_a_key_expires_to_the_second(purpose: Purpose, monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = 1_790_000_000
    monkeypatch.setattr(links.clock, "timestamp", lambda: seconds)
    key = links.issue(purpose, 1, *STATE)
    seconds += int(LIFETIMES[purpose].total_seconds()) - 1
    assert code_of(key, purpose) == ""
    seconds += 1
    assert code_of(key, purpose) == "key_expired"
    seconds += 400 * 24 * 3600
    assert code_of(key, purpose) == "key_expired"


def test_a_pending_change_ends_when_its_key_expires(advance: Callable[..., None]) -> None:
    since = links.clock.now()
    advance(days=2, hours=23, minutes=59)
    assert links.is_over(Purpose.CHANGE, since) is False
    advance(minutes=1)
    assert links.is_over(Purpose.CHANGE, since) is True


def test_a_key_is_verified_with_the_secret_and_its_fallbacks_alone(settings: Any) -> None:
    key = links.issue(Purpose.RESET, 1, *STATE)

    old, settings.SECRET_KEY = settings.SECRET_KEY, "another-secret-for-tests-of-more-than-32-bytes"
    assert code_of(key) == "key_invalid"
    settings.SECRET_KEY_FALLBACKS = ["nothing-to-do-with-it-but-long-enough-as-well", old]
    assert code_of(key) == ""
    assert code_of(links.issue(Purpose.RESET, 1, *STATE)) == ""
    settings.SECRET_KEY_FALLBACKS = []
    assert code_of(key) == "key_invalid"


def test_a_key_that_is_cut_or_changed_is_invalid() -> None:
    key = links.issue(Purpose.VERIFY, 1, *STATE)
    cut = [key[:at] for at in range(len(key))] + [key[at:] for at in range(1, len(key))]
    without_one = [key[:at] + key[at + 1 :] for at in range(len(key))]
    changed = [
        key[:at] + letter + key[at + 1 :]
        for at in range(len(key))
        for letter in ALPHABET
        if letter != key[at]
    ]

    assert {code_of(bad) for bad in cut + without_one + changed} == {"key_invalid"}
    assert code_of(key) == ""


def _parts(key: str) -> tuple[bytes, bytes]:
    message, signature = key.removeprefix("ojk_").split(".")
    return unb64(message), unb64(signature)


def _key(message: bytes, signature: bytes) -> str:
    return f"ojk_{b64(message)}.{b64(signature)}"


def test_every_bit_counts() -> None:
    message, signature = _parts(links.issue(Purpose.VERIFY, 1, *STATE))
    raw = message + signature
    for bit in range(8 * len(raw)):
        flipped = bytearray(raw)
        flipped[bit // 8] ^= 1 << bit % 8
        key = _key(bytes(flipped[: len(message)]), bytes(flipped[len(message) :]))
        assert code_of(key) == "key_invalid"


def test_the_time_of_a_key_cannot_be_moved(advance: Callable[..., None]) -> None:
    old, signature = _parts(links.issue(Purpose.RESET, 1, *STATE))
    advance(hours=2)
    new, new_signature = _parts(links.issue(Purpose.RESET, 1, *STATE))
    moved = old[:8] + new[8:13] + old[13:]

    assert code_of(_key(old, signature)) == "key_expired"
    assert code_of(_key(moved, signature)) == "key_invalid"
    # Here only the time differs, so this is the newer key itself.
    assert _key(moved, new_signature) == links.issue(Purpose.RESET, 1, *STATE)
    assert code_of(_key(old, new_signature)) == "key_invalid"


def _with_both_letters() -> str:
    for subject in range(1000):
        key = links.issue(Purpose.VERIFY, subject, *STATE)
        if "-" in key and "_" in key[4:]:
            return key
    raise AssertionError


def _spellings(key: str) -> Iterator[str]:
    body = key[4:]
    text, signature = body.split(".")
    raw = unb64(signature)
    same_bytes = ALPHABET[ALPHABET.index(signature[-1]) ^ 1]
    yield key[:-1] + same_bytes
    yield f"ojk_{text}.{base64.b64encode(raw).decode()}"
    yield f"ojk_{text}.{base64.urlsafe_b64encode(raw).decode()}"
    yield f"ojk_{base64.b64encode(unb64(text)).decode()}=.{signature}"
    yield f"ojk_{text}=.{signature}"
    yield from (f"ojk_{text}:{signature}", f"ojk_{text}..{signature}", f"ojk_{text}{signature}")
    yield "ojk_" + body.replace("-", "+")
    yield "ojk_" + body.replace("_", "/")
    for end in ("=", "==", "====", "A", " ", "\n", "\0", "\r\n", "%00"):
        yield key + end
        yield end + key
        yield key[:-1] + end[:1]
    yield f"ojk_{text}.{raw.hex()}"
    yield f"ojk_{text}.{base64.b32encode(raw).decode()}"
    yield f"ojk_{text}.{base64.b85encode(raw).decode()}"
    yield "ojk_" + body[:30] + "\n" + body[30:]
    yield "ojk_" + body[:30] + "=" + body[31:]
    yield from (key + key, key + body, "ojk_" + key, body, key.upper(), key.lower(), key.replace("-", "%2D"))
    yield from ("OJK_" + body, "oj_" + body, "ojd_" + body, f'"{key}"', f"<{key}>", key[::-1])


def test_a_key_has_one_spelling() -> None:
    key = _with_both_letters()
    wrong = [spelling for spelling in _spellings(key) if spelling != key]

    assert [spelling for spelling in wrong if code_of(spelling) != "key_invalid"] == []
    assert code_of(key) == ""


@pytest.mark.parametrize(
    "key",
    [
        "",
        "ojk_",
        "\0",
        "ojk_" + "\0" * 60,
        "ojk_" + "A" * 60,
        "ojk_" + "=" * 60,
        "ojk_" + "é" * 60,
        "ojk_" + "é" * 30,
        "ojk_" + "\ud800" * 60,
        "ojk_" + "\uff21" * 60,
        "ojk_" + "\u0661" * 60,
        "ojk_" + "🐴" * 60,
        "ojk_" + " " * 60,
        "x" * 10_000,
        "ojk_" + "A" * 10_000,
        "ojk_" * 16,
        "ojk_" * 2_500,
    ],
)
def test_text_that_is_no_key_is_invalid(key: str) -> None:
    assert {code_of(key, purpose) for purpose in Purpose} == {"key_invalid"}


@pytest.mark.parametrize(
    ("error", "code", "title"),
    [
        (KeyInvalid, "key_invalid", "This link is not valid."),
        (KeyUsed, "key_used", "This link has been used, or a newer change has replaced it."),
        (KeyExpired, "key_expired", "This link has expired."),
    ],
)
def test_each_error_has_its_code_and_title(error: type[CatalogueError], code: str, title: str) -> None:
    assert (error.status, error.code, error().detail) == (400, code, title)
