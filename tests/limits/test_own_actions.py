"""Actions that a project limits itself, and names that are wrong."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as project_settings
from django.core.exceptions import ImproperlyConfigured

from authentication.api.errors import Throttled
from authentication.core.client import Client
from authentication.limits import services as limits
from authentication.limits.actions import Action, LimitedAction, RateNames
from authentication.models import Counter

HERE, ELSEWHERE = Client(ip="192.0.2.7"), Client(ip="198.51.100.1")


class Report(LimitedAction):
    EXPORT = RateNames(account="EXPORT_ACCOUNT", address="EXPORT_ADDRESS")
    SHARE = RateNames(account="SHARE_ACCOUNT")
    MISSPELT = RateNames(account="EXPORT_ACOUNT")


@pytest.fixture(autouse=True)
def _rates(settings: Any, db: None) -> None:
    hour = timedelta(hours=1)
    settings.LIMITS = project_settings.LIMITS | {
        "EXPORT_ACCOUNT": (2, hour),
        "EXPORT_ADDRESS": (3, hour),
        "SHARE_ACCOUNT": (1, hour),
    }


def _is_throttled(action: LimitedAction, account: str, client: Client = HERE) -> bool:
    try:
        limits.count(action, account=account, client=client)
    except Throttled:
        return True
    return False


def test_an_action_of_a_project_is_limited_by_its_own_rates() -> None:
    assert [_is_throttled(Report.EXPORT, "jane") for _ in range(3)] == [False, False, True]
    assert [_is_throttled(Report.EXPORT, "other") for _ in range(2)] == [False, True]
    assert not _is_throttled(Report.EXPORT, "other", ELSEWHERE)


def test_actions_of_one_enum_are_counted_apart() -> None:
    assert not _is_throttled(Report.EXPORT, "jane")
    assert [_is_throttled(Report.SHARE, "jane") for _ in range(2)] == [False, True]
    assert not _is_throttled(Report.EXPORT, "jane")


def test_a_success_resets_the_account_of_a_projects_action() -> None:
    for _ in range(5):
        with limits.attempt(Report.EXPORT, account="jane", client=HERE) as attempt:
            attempt.succeed()


@pytest.mark.parametrize("rate_limits", [True, False])
def test_a_rate_that_the_settings_lack_is_an_error_at_the_first_use(settings: Any, rate_limits: bool) -> None:
    settings.RATE_LIMITS = rate_limits
    with pytest.raises(ImproperlyConfigured, match=r"^settings\.LIMITS has no rate 'EXPORT_ACOUNT'\.$"):
        limits.count(Report.MISSPELT, account="jane", client=HERE)
    with (
        pytest.raises(ImproperlyConfigured),
        limits.attempt(Report.MISSPELT, account="jane", client=HERE),
    ):
        pytest.fail("The attempt was let through.")
    assert not Counter.objects.exists()


@pytest.mark.parametrize("name", ["RESETT", "RESET", "", None])
def test_a_name_instead_of_an_action_is_an_error(name: Any) -> None:
    with pytest.raises(AttributeError):
        limits.count(name, account="jane", client=HERE)


def test_there_is_no_misspelt_action() -> None:
    with pytest.raises(AttributeError):
        Action.RESETT  # type: ignore[attr-defined]  # noqa: B018


@pytest.mark.parametrize("action", Action)
def test_every_action_has_its_rates_in_the_settings(action: Action) -> None:
    limits.count(action, account="jane", client=HERE)

    assert Counter.objects.count() >= 2
