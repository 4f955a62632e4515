"""A device token names the users of a client, and only a token that was issued here does."""

import re
import uuid

import pytest
from django.core import signing
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from authentication.limits import services as limits
from authentication.tokens import devices, links, refresh
from authentication.tokens.devices import Device
from tests.tokens.forge import b64, unb64

SECRET = "another-secret-of-more-than-32-bytes-for-this-test"
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."


def device_of(*user_ids: int) -> Device:
    """Return a device that these users signed in from, one after the other."""
    device = devices.new()
    for user_id in user_ids:
        device = device.with_user(user_id)
    return device


def parts(token: str) -> tuple[bytes, bytes]:
    """Return a token's message and its signature."""
    message, signature = token.removeprefix("ojd_").split(".")
    return unb64(message), unb64(signature)


def token_of(message: bytes, signature: bytes) -> str:
    return f"ojd_{b64(message)}.{b64(signature)}"


def verify(token: str) -> Device | None:
    return devices.verify_device_token(token)


@pytest.mark.parametrize("user_ids", [(), (1,), (2**63 - 1,), (1, 2, 3), tuple(range(1, 9))])
def test_a_token_names_its_device_and_its_users(user_ids: tuple[int, ...]) -> None:
    device = device_of(*user_ids)
    token = devices.issue_device_token(device)

    assert verify(token) == device
    assert device.user_ids == user_ids[::-1]
    assert re.fullmatch(r"ojd_[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{43}", token)
    assert len(token) <= 155


def test_two_device_tokens_have_nothing_in_common() -> None:
    first, second = device_of(7), device_of(7)

    assert first.id != second.id
    assert devices.issue_device_token(first) != devices.issue_device_token(second)


def test_the_latest_user_comes_first_and_the_ninth_drops_the_oldest() -> None:
    device = device_of(*range(1, 9))
    assert device.user_ids == (8, 7, 6, 5, 4, 3, 2, 1)

    again = device.with_user(1)
    assert again.user_ids == (1, 8, 7, 6, 5, 4, 3, 2)

    ninth = verify(devices.issue_device_token(again.with_user(9)))
    assert ninth is not None
    assert ninth.user_ids == (9, 1, 8, 7, 6, 5, 4, 3)
    assert ninth.id == device.id
    assert ninth.knows(1)
    assert not ninth.knows(2)


def test_a_user_who_signs_in_again_is_listed_once() -> None:
    assert device_of(1, 2, 2, 1, 3, 1).user_ids == (1, 3, 2)


def test_a_device_token_of_too_many_users_is_invalid() -> None:
    assert verify(devices.issue_device_token(Device("00" * 16, tuple(range(8))))) is not None
    assert verify(devices.issue_device_token(Device("00" * 16, tuple(range(9))))) is None


def test_a_user_is_known_by_the_whole_number() -> None:
    device = device_of(12, 256)

    assert [user_id for user_id in range(1000) if device.knows(user_id)] == [12, 256]


@pytest.mark.parametrize("users", [0, 1, 8])
def test_a_device_token_with_a_character_more_or_less_is_invalid(users: int) -> None:
    token = devices.issue_device_token(device_of(*range(1, users + 1)))
    message, signature = parts(token)

    for end in range(len(message)):
        assert verify(token_of(message[:end], signature)) is None, end
        assert verify(token_of(message[:end] + message[end + 1 :], signature)) is None, end
    for end in range(len(signature)):
        assert verify(token_of(message, signature[:end])) is None, end
    for end in range(len(token)):
        assert verify(token[:end]) is None, end
    for longer in (b"\x00", message[16:24], message, signature):
        for changed in (message + longer, longer + message):
            assert changed == message or verify(token_of(changed, signature)) is None
        assert longer == b"" or verify(token_of(message, signature + longer)) is None


def test_a_device_token_with_any_bit_changed_is_invalid() -> None:
    message, signature = parts(devices.issue_device_token(device_of(1, 2)))
    raw = message + signature

    for at in range(len(raw)):
        for bit in range(8):
            changed = bytes([*raw[:at], raw[at] ^ 1 << bit, *raw[at + 1 :]])
            token = token_of(changed[: len(message)], changed[len(message) :])
            assert verify(token) is None, (at, bit)


def test_users_cannot_be_moved_from_one_device_token_to_another() -> None:
    mine, my_signature = parts(devices.issue_device_token(device_of(1)))
    theirs, their_signature = parts(devices.issue_device_token(device_of(2)))

    for signature in (my_signature, their_signature):
        for message in (mine[:16] + theirs[16:], theirs[:16] + mine[16:], mine + theirs[16:]):
            assert verify(token_of(message, signature)) is None
    assert verify(token_of(mine, their_signature)) is None


def test_a_device_token_signed_with_another_secret_is_invalid(settings: Settings) -> None:
    theirs = devices.issue_device_token(device_of(1))
    settings.SECRET_KEY = SECRET
    assert verify(theirs) is None


def test_a_token_signed_with_a_fallback_secret_is_valid(settings: Settings) -> None:
    device = device_of(1)
    token = devices.issue_device_token(device)
    settings.SECRET_KEY_FALLBACKS = ["a-third-secret-of-more-than-32-bytes", settings.SECRET_KEY]
    settings.SECRET_KEY = SECRET

    assert verify(token) == device

    settings.SECRET_KEY_FALLBACKS = []
    assert verify(token) is None
    assert verify(devices.issue_device_token(device)) == device


@pytest.mark.parametrize("salt", [refresh.SALT, links.SALT, limits.PURPOSE, "django.core.signing"])
def test_a_signature_for_another_purpose_is_invalid(salt: str) -> None:
    """The same secret signs more than device tokens."""
    text, _, _ = devices.issue_device_token(device_of(1)).partition(".")

    assert verify(signing.Signer(salt=devices.SALT, sep=".").sign(text)) is not None
    assert verify(signing.Signer(salt=salt, sep=".").sign(text)) is None
    assert verify(signing.Signer(salt=devices.SALT, sep=":").sign(text)) is None


def test_a_value_signed_for_another_purpose_is_invalid() -> None:
    signed = refresh.issue_refresh_token(uuid.UUID(bytes=bytes(range(16))), 1)

    for text in (signed, f"ojd_{signed}", f"ojd_{signed.removeprefix('oj_')}"):
        assert verify(text) is None
    assert verify(f"ojd_{signing.dumps([1])}") is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ojd_",
        "ojd",
        "ojd_A",
        "ojd_" + "A" * 128,
        "ojd_" + "A" * 32 + "." + "A" * 43,
        "ojd_" + "." * 76,
        ".",
        "ojd_.",
        "ojd_" + "A" * 10_000,
        "x" * 10_000,
        "ojd_" + "\u00e9" * 40,
        "ojd_" + "\uff21" * 40,
        "ojd_\x00",
        "ojd_\ud800",
        "ojd_====",
        "ojd_" + "%41" * 20,
        "ojd_null",
    ],
)
def test_arbitrary_text_is_an_invalid_device_token(text: str) -> None:
    assert verify(text) is None


def test_a_device_token_with_characters_around_it_is_invalid() -> None:
    token = devices.issue_device_token(device_of(1))

    for text in (
        f" {token}",
        f"{token} ",
        f"{token}\n",
        f'"{token}"',
        token.upper(),
        f"{token}, {token}",
    ):
        assert verify(text) is None, text
    assert verify(token.replace("ojd_", "OJD_")) is None


@pytest.mark.parametrize("noise", ["!", "\n", " ", "=", "\x00", "."])
def test_a_device_token_with_a_foreign_character_inside_is_invalid(noise: str) -> None:
    token = devices.issue_device_token(device_of(1))

    for count in (1, 2, 3, 4):
        assert verify(token[:20] + noise * count + token[20:]) is None


@given(st.text() | st.text(ALPHABET, max_size=151).map("ojd_{}".format))
def test_arbitrary_text_is_invalid(text: str) -> None:
    assert verify(text) is None
