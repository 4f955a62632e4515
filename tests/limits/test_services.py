"""Attempts: reserved before they are decided, then reset, released or kept."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from authentication.api.errors import Busy, Throttled
from authentication.core import clock
from authentication.core.client import Client
from authentication.limits import services as limits
from authentication.limits import store
from authentication.limits.actions import LimitedAction, RateNames
from authentication.models import Counter
from tests.limits.steps import HERE, MINUTE, counted, writes

pytestmark = pytest.mark.django_db
Wait = Callable[..., datetime]


class Try(LimitedAction):
    TRY = RateNames(account="TRY_ACCOUNT", pair="TRY_PAIR", address="TRY_ADDRESS", device="TRY_DEVICE")


RATES = {"TRY_ACCOUNT": (4, 2 * MINUTE), "TRY_PAIR": (3, MINUTE), "TRY_ADDRESS": (5, MINUTE)}
DEVICE_RATE = {"TRY_DEVICE": (2, MINUTE)}


@pytest.fixture(autouse=True)
def _rates(settings: Any) -> None:
    settings.LIMITS = RATES | DEVICE_RATE


def _fail(account: str = "jane", client: Client = HERE, device: str | None = None) -> limits.Attempt:
    with limits.attempt(Try.TRY, account=account, client=client, device=device) as attempt:
        return attempt


def _succeed(account: str = "jane", client: Client = HERE, device: str | None = None) -> None:
    _fail(account, client, device).succeed()


def _refused(account: str = "jane", client: Client = HERE, device: str | None = None) -> int | None:
    with pytest.raises(Throttled) as refusal:
        _fail(account, client, device)
    return refusal.value.retry_after_seconds


@pytest.mark.parametrize(("passed", "left"), [(1.0, 59), (1.5, 59), (58.9, 2), (59.0, 1), (59.999, 1)])
def test_an_error_says_in_whole_seconds_when_the_window_ends(wait: Wait, passed: float, left: int) -> None:
    for _ in range(3):
        _fail()

    wait(seconds=passed)

    assert _refused() == left
    wait(seconds=left)
    _fail()


def test_of_several_full_rate_keys_the_one_that_is_full_longest_counts(wait: Wait) -> None:
    for ip in ("192.0.2.7", "192.0.2.7", "192.0.2.7", "192.0.2.8"):
        _fail(client=Client(ip=ip))
    wait(seconds=1)

    # The pair would be free in 59 seconds, the account is in 119.
    assert _refused() == 119


def test_a_refused_attempt_is_not_counted_and_writes_nothing(wait: Wait) -> None:
    for _ in range(3):
        _fail()
    wait(seconds=1)
    before = writes()

    for _ in range(10):
        _refused()

    assert writes() == before
    assert counted(Try.TRY, "jane") == [3, 3, 3]


def test_success_resets_its_own_account_and_releases_one_slot_of_the_address(wait: Wait) -> None:
    _fail("jane")
    _fail("jane")
    _fail("other")

    _succeed("jane")

    assert counted(Try.TRY, "jane") == [0, 0, 3]
    assert counted(Try.TRY, "other") == [1, 1, 3]


def test_success_somewhere_else_keeps_the_count_of_a_pair(wait: Wait) -> None:
    elsewhere = Client(ip="198.51.100.1")
    _fail("jane", HERE)

    _succeed("jane", elsewhere)

    assert counted(Try.TRY, "jane", HERE) == [0, 1, 1]
    assert counted(Try.TRY, "jane", elsewhere) == [0, 0, 0]


def test_a_known_device_has_a_count_of_its_own(wait: Wait) -> None:
    for _ in range(3):
        _fail()
    wait(seconds=1)
    assert _refused() == 59

    _fail(device="d1")
    _succeed(device="d1")
    assert counted(Try.TRY, "jane", device="d1") == [0]
    assert counted(Try.TRY, "jane") == [3, 3, 3]

    for _ in range(2):
        _fail(device="d1")
    wait(seconds=1)
    assert _refused(device="d1") == 59
    # Neither another device nor another account of this one is concerned.
    _fail(device="d2")
    _fail("other", device="d1")


def test_the_last_slot_of_an_account_is_noticed_once(wait: Wait) -> None:
    assert [_fail("jane").is_last for _ in range(3)] == [False, False, True]
    # The last slot of the address is nothing that this account's owner has to know.
    assert [_fail("other").is_last for _ in range(2)] == [False, False]


@pytest.mark.parametrize("device", [None, "d1"])
def test_an_attempt_that_was_not_decided_is_not_counted(wait: Wait, device: str | None) -> None:
    _fail(device=device)
    before = counted(Try.TRY, "jane", device=device)

    with (
        pytest.raises(Busy),
        limits.attempt(Try.TRY, account="jane", client=HERE, device=device),
    ):
        raise Busy()

    assert counted(Try.TRY, "jane", device=device) == before


@pytest.mark.parametrize("error", [ValidationError("Wrong."), RuntimeError("Broken.")])
def test_an_attempt_that_ends_in_any_other_way_is_counted(wait: Wait, error: Exception) -> None:
    with pytest.raises(type(error)), limits.attempt(Try.TRY, account="jane", client=HERE):
        raise error

    assert counted(Try.TRY, "jane") == [1, 1, 1]


def test_counting_without_judging_never_waits(wait: Wait, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits.time, "sleep", lambda seconds: pytest.fail("It waited."))
    for _ in range(3):
        limits.count(Try.TRY, account="jane", client=HERE)

    with pytest.raises(Throttled) as refusal:
        limits.count(Try.TRY, account="jane", client=HERE)
    assert refusal.value.retry_after_seconds == 60


@pytest.fixture
def naps(wait: Wait, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Collect the waits, during each of which the clocks move by as much."""
    seen: list[float] = []

    def sleep(seconds: float) -> None:
        seen.append(seconds)
        wait(seconds=seconds)

    monkeypatch.setattr(limits.time, "sleep", sleep)
    monkeypatch.setattr(limits.time, "monotonic", lambda: sum(seen))
    return seen


def test_slots_reserved_a_moment_ago_are_waited_for_a_second_at_most(naps: list[float]) -> None:
    for _ in range(3):
        _fail()

    assert _refused() == 59
    assert sum(naps) == pytest.approx(1.0, abs=limits.LOOK_AGAIN_SECONDS)


def test_a_client_that_waited_in_vain_for_undecided_slots_may_retry_soon(
    naps: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        _fail()
    nap = limits.time.sleep

    def others_reserve_meanwhile(seconds: float) -> None:
        nap(seconds)
        Counter.objects.update(last_at=clock.now())

    monkeypatch.setattr(limits.time, "sleep", others_reserve_meanwhile)

    assert _refused() == 1
    assert sum(naps) == pytest.approx(1.0, abs=limits.LOOK_AGAIN_SECONDS)


def test_a_slot_that_comes_free_meanwhile_is_reserved(
    naps: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    others = [_fail() for _ in range(3)]
    sleep = limits.time.sleep
    monkeypatch.setattr(limits.time, "sleep", lambda seconds: (sleep(seconds), others.pop().succeed()))

    _fail()

    assert len(naps) == 1
    assert counted(Try.TRY, "jane") == [1, 1, 3]


def test_an_attempt_that_lost_a_race_for_the_last_slot_leaves_nothing_counted(
    wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    # PostgreSQL shows a statement what was there when it began: several see the last slot free.
    blind = store.RESERVE.replace("counted.hits >= wanted.slots", "counted.hits >= 1000")
    for _ in range(3):
        _fail()
    before = counted(Try.TRY, "jane")
    monkeypatch.setattr(store, "RESERVE", blind)

    for _ in range(2):
        with pytest.raises(Throttled):
            limits.count(Try.TRY, account="jane", client=HERE)

    assert counted(Try.TRY, "jane") == before


@pytest.mark.parametrize("ip", [None, "192.0.2.7"])
def test_an_unknown_address_is_an_address_too(wait: Wait, ip: str | None) -> None:
    for _ in range(3):
        _fail(client=Client(ip=ip))
    wait(seconds=1)

    assert _refused(client=Client(ip=ip)) == 59


def test_with_limits_off_nothing_is_asked_or_refused(settings: Any, django_assert_num_queries: Any) -> None:
    settings.RATE_LIMITS = False
    with django_assert_num_queries(0):
        for _ in range(10):
            _fail()
            _succeed()
            limits.count(Try.TRY, account="jane", client=HERE)
        with pytest.raises(Busy), limits.attempt(Try.TRY, account="jane", client=HERE):
            raise Busy()
    assert not Counter.objects.exists()


def test_one_rate_that_is_off_leaves_the_others(settings: Any, wait: Wait) -> None:
    settings.LIMITS = RATES | {"TRY_PAIR": None}
    for _ in range(4):
        _fail()
    wait(seconds=1)

    assert _refused() == 119
    assert Counter.objects.count() == 2


def test_an_action_whose_rates_are_all_off_asks_nothing(
    settings: Any, django_assert_num_queries: Any
) -> None:
    settings.LIMITS = dict.fromkeys([*RATES, *DEVICE_RATE])
    with django_assert_num_queries(0):
        _succeed()


def test_a_rate_key_does_not_reveal_the_account(settings: Any, wait: Wait) -> None:
    _fail("jane@example.com", device=None)
    _fail("jane@example.com", device="d1")
    keys = set(Counter.objects.values_list("key", flat=True))
    assert len(keys) == 4
    for key in keys:
        assert len(key) == 32
        assert not set(key) - set("0123456789abcdef")

    # Nor can who has the table find out by trying: the digests are keyed.
    settings.SECRET_KEY = "another-secret-for-tests-of-more-than-32-bytes"
    _fail("jane@example.com", device=None)
    assert Counter.objects.exclude(key__in=keys).count() == 3
