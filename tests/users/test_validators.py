"""What a username and an address may be like."""

# Lookalikes are meant here.
# ruff: noqa: RUF001

import pytest
from django.core.exceptions import ValidationError

from authentication.models import User
from authentication.users import validators
from tests.conftest import PASSWORD

REFUSED_USERNAMES = [
    "",
    "short",
    "x" * 26,
    "jane doe",
    "jane-doe",
    "jane.doe",
    "jane@doe",
    " jane_doe",
    "jane_doe\n",
    "jane_doe\r",
    "jane\ndoe",
    "jane_doe\x00",
    "ｊａｎｅ＿ｄｏｅ",
    "jаne_doe",
    "jané_doe",
    "jane_doe١",
    "jane\u200b_doe",
    "jane_doe\u2028",
]

REFUSED_ADDRESSES = [
    "",
    "jane",
    "@example.com",
    "jane@",
    "jane@example",
    "jane@@example.com",
    "jane doe@example.com",
    " jane@example.com",
    "jane@example.com\n",
    "jane@example.com\r\nBcc: all@example.com",
    "jane\n@example.com",
    "jane@exam\nple.com",
    "jane@example.com\x00",
    "Jane Doe <jane@example.com>",
    "<jane@example.com>",
    "jane@example.com, joe@example.com",
    '"jane doe"@example.com',
    '"jane"@example.com',
    "jané@example.com",
    "ｊane@example.com",
    # The Kelvin sign, the long s and the dotless i, which a pattern that ignores case takes for k, s, i.
    "\u212aim@example.com",
    "\u017fam@example.com",
    "k\u0131m@example.com",
    "jane@-example.com",
    "jane@example..com",
    "jane@[127.0.0.1]",
    "jane@xn--.example",
    "jane@exa\u200dmple.com",
    "jane@example.com ",
]


@pytest.mark.parametrize("username", ["abcdef", "x" * 25, "Jane_Doe", "______", "123456"])
def test_a_username_has_6_to_25_letters_digits_and_underscores(username: str) -> None:
    validators.validate_username(username)


@pytest.mark.parametrize("username", REFUSED_USERNAMES)
def test_any_other_username_is_refused(username: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        validators.validate_username(username)

    assert refusal.value.code == "username_invalid"
    assert refusal.value.messages == [
        "Usernames must be between 6 and 25 characters long and can only contain letters, numbers, "
        "and underscores."
    ]


@pytest.mark.parametrize(
    "address",
    [
        "jane@example.com",
        "Jane.Doe+tag@example.com",
        "o'brien@example.com",
        "jane@sub.example.co.uk",
        "jane@münchen.example",
        f"{'a' * 64}@{'b' * 60}.example",
    ],
)
def test_a_common_address_is_accepted_as_it_is(address: str) -> None:
    assert validators.normalise_email(address) == address
    validators.validate_email(address)


@pytest.mark.parametrize("address", REFUSED_ADDRESSES)
def test_anything_else_is_no_address(address: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        validators.validate_email(validators.normalise_email(address))

    assert refusal.value.code == "email_invalid"
    assert refusal.value.messages == ["Enter a valid email address."]


def _address_of(length: int) -> str:
    # Labels of 49 characters, which with their dots make 50 each.
    domain = ("b" * 49 + ".") * 4 + "example"
    return "a" * (length - len(domain) - 1) + "@" + domain


def test_an_address_has_254_characters_at_most() -> None:
    longest, too_long = _address_of(254), _address_of(255)
    assert (len(longest), len(too_long)) == (254, 255)

    validators.validate_email(longest)

    with pytest.raises(ValidationError):
        validators.validate_email(too_long)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Jane@EXAMPLE.com", "Jane@example.com"),
        ("jane@xn--mnchen-3ya.example", "jane@münchen.example"),
        ("jane@MÜNCHEN.example", "jane@münchen.example"),
        ("jane@mu\u0308nchen.example", "jane@münchen.example"),
        ("jane@ｅｘａｍｐｌｅ.com", "jane@example.com"),
        ("jane@example。com", "jane@example.com"),
        ("jane@XN--MNCHEN-3YA.example", "jane@münchen.example"),
        ("jane@faß.example", "jane@faß.example"),
    ],
)
def test_a_domain_has_one_form(typed: str, stored: str) -> None:
    assert validators.normalise_email(typed) == stored
    validators.validate_email(stored)


def test_forms_of_one_domain_are_one_account(db: None) -> None:
    user = User.objects.create_user("jane_doe", "jane@xn--mnchen-3ya.example", PASSWORD)
    assert user.email == "jane@münchen.example"

    for other in ("jane@MÜNCHEN.example", "JANE@mu\u0308nchen.example", "jane@XN--MNCHEN-3YA.example"):
        with pytest.raises(ValidationError) as refusal:
            User.objects.create_user("another_jane", other, PASSWORD)
        assert refusal.value.message_dict == {"email": [validators.EMAIL_TAKEN]}
        assert User.objects.find(other) == user
