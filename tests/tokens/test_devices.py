"""A device marker names the users of a client, and nothing but our own marker does."""

import base64
import re
import uuid

import pytest
from django.core import signing
from django.utils.crypto import salted_hmac
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from authentication.limits import services as limits
from authentication.tokens import devices, refresh
from authentication.tokens.devices import Device

SECRET = "another-secret-of-more-than-32-bytes-for-this-test"
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def device_of(*user_ids: int) -> Device:
    """Return a device that these users signed in from, one after the other."""
    device = devices.new()
    for user_id in user_ids:
        device = device.with_user(user_id)
    return device


def raw(marker: str) -> bytes:
    encoded = marker.removeprefix("ojd_")
    return base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))


def marker_of(data: bytes) -> str:
    return "ojd_" + base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@pytest.mark.parametrize("user_ids", [(), (1,), (2**63 - 1,), (1, 2, 3), tuple(range(1, 9))])
def test_a_device_token_names_its_device_and_its_users(user_ids: tuple[int, ...]) -> None:
    device = device_of(*user_ids)
    marker = devices.issue(device)

    assert devices.verify(marker) == device
    assert device.user_ids == user_ids[::-1]
    assert re.fullmatch(r"ojd_[A-Za-z0-9_-]+", marker)
    assert len(marker) <= 132


def test_two_device_tokens_have_nothing_in_common() -> None:
    first, second = device_of(7), device_of(7)

    assert first.id != second.id
    assert devices.issue(first) != devices.issue(second)


def test_the_last_user_is_first_and_the_ninth_pushes_the_oldest_out() -> None:
    device = device_of(*range(1, 9))
    assert device.user_ids == (8, 7, 6, 5, 4, 3, 2, 1)

    again = device.with_user(1)
    assert again.user_ids == (1, 8, 7, 6, 5, 4, 3, 2)

    ninth = devices.verify(devices.issue(again.with_user(9)))
    assert ninth is not None
    assert ninth.user_ids == (9, 1, 8, 7, 6, 5, 4, 3)
    assert ninth.id == device.id
    assert ninth.knows(1)
    assert not ninth.knows(2)


def test_a_user_who_signs_in_again_is_listed_once() -> None:
    assert device_of(1, 2, 2, 1, 3, 1).user_ids == (1, 3, 2)


def test_a_device_token_of_too_many_users_is_invalid() -> None:
    assert devices.verify(devices.issue(Device("00" * 16, tuple(range(8))))) is not None
    assert devices.verify(devices.issue(Device("00" * 16, tuple(range(9))))) is None


def test_a_user_is_known_by_the_whole_number() -> None:
    device = device_of(12, 256)

    assert [user_id for user_id in range(1000) if device.knows(user_id)] == [12, 256]


@pytest.mark.parametrize("users", [0, 1, 8])
def test_a_device_token_with_a_character_more_or_less_is_invalid(users: int) -> None:
    marker = devices.issue(device_of(*range(1, users + 1)))
    data = raw(marker)

    for end in range(len(data)):
        assert devices.verify(marker_of(data[:end])) is None, end
        assert devices.verify(marker_of(data[:end] + data[end + 1 :])) is None, end
    for end in range(len(marker)):
        assert devices.verify(marker[:end]) is None, end
    for longer in (b"\x00", data[16:24], data):
        assert devices.verify(marker_of(data + longer)) is None
        assert devices.verify(marker_of(longer + data)) is None


def test_a_device_token_with_any_bit_changed_is_invalid() -> None:
    data = raw(devices.issue(device_of(1, 2)))

    for at in range(len(data)):
        for bit in range(8):
            changed = bytes([*data[:at], data[at] ^ 1 << bit, *data[at + 1 :]])
            assert devices.verify(marker_of(changed)) is None, (at, bit)


def test_users_cannot_be_moved_from_one_device_token_to_another() -> None:
    mine, theirs = raw(devices.issue(device_of(1))), raw(devices.issue(device_of(2)))

    assert devices.verify(marker_of(theirs[:16] + mine[16:])) is None
    assert devices.verify(marker_of(mine[:24] + theirs[16:24] + mine[24:])) is None
    assert devices.verify(marker_of(mine[:16] + theirs[16:24] + mine[24:])) is None


def test_a_device_token_signed_with_another_secret_is_invalid(settings: Settings) -> None:
    theirs = devices.issue(device_of(1))
    settings.SECRET_KEY = SECRET
    assert devices.verify(theirs) is None


def test_a_device_token_signed_with_an_earlier_secret_is_valid(settings: Settings) -> None:
    device = device_of(1)
    marker = devices.issue(device)
    settings.SECRET_KEY_FALLBACKS = ["a-third-secret-of-more-than-32-bytes", settings.SECRET_KEY]
    settings.SECRET_KEY = SECRET

    assert devices.verify(marker) == device

    settings.SECRET_KEY_FALLBACKS = []
    assert devices.verify(marker) is None
    assert devices.verify(devices.issue(device)) == device


@pytest.mark.parametrize("purpose", [refresh.SEAL.purpose, limits.PURPOSE])
def test_a_signature_for_another_purpose_is_invalid(purpose: str, settings: Settings) -> None:
    """The same secret signs more than markers."""
    data = raw(devices.issue(device_of(1)))[:24]

    def signed(purpose: str) -> str:
        mac = salted_hmac(purpose, data, secret=settings.SECRET_KEY, algorithm="sha256").digest()
        return marker_of(data + mac[:16])

    assert devices.verify(signed(devices.SEAL.purpose)) is not None
    assert devices.verify(signed(purpose)) is None


def test_a_value_signed_for_another_purpose_is_invalid() -> None:
    signed = refresh.issue(uuid.UUID(bytes=bytes(range(16))), 1)

    for text in (signed, f"ojd_{signed}", f"ojd_{signed.removeprefix('oj_')}"):
        assert devices.verify(text) is None
    assert devices.verify(f"ojd_{signing.dumps([1])}") is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ojd_",
        "ojd",
        "ojd_A",
        "ojd_" + "A" * 128,
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
    assert devices.verify(text) is None


def test_a_device_token_with_characters_around_it_is_invalid() -> None:
    marker = devices.issue(device_of(1))

    for text in (
        f" {marker}",
        f"{marker} ",
        f"{marker}\n",
        f'"{marker}"',
        marker.upper(),
        f"{marker}, {marker}",
    ):
        assert devices.verify(text) is None, text
    assert devices.verify(marker.replace("ojd_", "OJD_")) is None


@pytest.mark.parametrize("noise", ["!", "\n", " ", "=", "\x00", "."])
def test_a_device_token_with_a_foreign_character_inside_is_invalid(noise: str) -> None:
    marker = devices.issue(device_of(1))

    for count in (1, 2, 3, 4):
        assert devices.verify(marker[:20] + noise * count + marker[20:]) is None


@given(st.text() | st.text(ALPHABET, max_size=132).map("ojd_{}".format))
def test_arbitrary_text_is_invalid(text: str) -> None:
    assert devices.verify(text) is None
