"""The actions that are limited, and the keys that each of them is counted under."""

from dataclasses import dataclass
from enum import Enum, unique


@dataclass(frozen=True, slots=True)
class RateNames:
    """The names of an action's rates in ``settings.LIMITS``; None for a key that is not counted."""

    account: str | None = None
    address: str | None = None
    # An account together with an address.
    pair: str | None = None
    # An account on a device that it knows. Such an attempt is counted under no other key.
    device: str | None = None


class LimitedAction(Enum):
    """The base of every enum of actions. A project adds actions by an enum of its own.

    ``EXPORT = RateNames(account="EXPORT_ACCOUNT")`` counts exports by account, at the rate
    ``settings.LIMITS["EXPORT_ACCOUNT"]``. Actions with the same names share their counters.
    """

    _value_: RateNames


@unique
class Action(LimitedAction):
    """The actions that this app limits."""

    LOGIN = RateNames(
        pair="LOGIN_PAIR", account="LOGIN_ACCOUNT", address="LOGIN_ADDRESS", device="LOGIN_DEVICE"
    )
    REGISTRATION = RateNames(account="REGISTRATION_ACCOUNT", address="REGISTRATION_ADDRESS")
    REFRESH = RateNames(account="REFRESH_ACCOUNT", address="REFRESH_ADDRESS")
    PASSWORD_CHANGE = RateNames(account="PASSWORD_CHANGE_ACCOUNT", address="PASSWORD_CHANGE_ADDRESS")
    RESET = RateNames(account="RESET_ACCOUNT", address="RESET_ADDRESS")
    RESEND = RateNames(account="RESEND_ACCOUNT", address="RESEND_ADDRESS")
    EMAIL_CHANGE = RateNames(account="EMAIL_CHANGE_ACCOUNT", address="EMAIL_CHANGE_ADDRESS")
    CONFIRM = RateNames(account="CONFIRM_ACCOUNT", address="CONFIRM_ADDRESS")
    DELETION = RateNames(account="DELETION_ACCOUNT", address="DELETION_ADDRESS")
