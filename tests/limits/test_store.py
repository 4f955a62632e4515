"""The two statements that count."""

from datetime import timedelta

import pytest

from authentication.limits import store
from authentication.limits.store import Slot
from authentication.models import Counter
from tests.limits.conftest import NOON
from tests.limits.steps import MINUTE, writes

pytestmark = pytest.mark.django_db

A, B, C = (Slot(letter * 32, 3, MINUTE) for letter in "abc")
SECOND = timedelta(seconds=1)


def _rows() -> dict[str, int]:
    return dict(Counter.objects.values_list("key", "hits"))


def test_every_hit_of_a_window_is_counted_up_to_the_limit() -> None:
    assert [store.reserve([A], NOON) for _ in range(5)] == [{A.key: 1}, {A.key: 2}, {A.key: 3}, {}, {}]
    assert _rows() == {A.key: 3}


def test_a_window_begins_with_its_first_hit_and_lasts_as_long_as_its_rate_says() -> None:
    store.reserve([A], NOON)
    store.reserve([A], NOON + 20 * SECOND)

    (row,) = Counter.objects.all()
    assert (row.hits, row.last_at, row.resets_at) == (2, NOON + 20 * SECOND, NOON + MINUTE)
    assert str(row) == "2 until 2026-11-23 12:01:00"


def test_a_window_is_over_at_its_end_and_not_a_moment_before() -> None:
    for _ in range(3):
        store.reserve([A], NOON)

    assert store.reserve([A], NOON + MINUTE - timedelta(microseconds=1)) == {}
    assert store.reserve([A], NOON + MINUTE) == {A.key: 1}
    assert Counter.objects.get().resets_at == NOON + 2 * MINUTE


@pytest.mark.parametrize("microseconds", [0, 1, 999_999])
def test_a_window_ends_alike_whatever_fraction_of_a_second_it_began_with(microseconds: int) -> None:
    began = NOON + timedelta(microseconds=microseconds)
    for _ in range(3):
        store.reserve([A], began)

    assert store.reserve([A], began + MINUTE - timedelta(microseconds=1)) == {}
    assert store.reserve([A], began + MINUTE) == {A.key: 1}


def test_if_one_rate_key_is_full_no_other_is_counted() -> None:
    for _ in range(3):
        store.reserve([B], NOON)

    assert store.reserve([A, B, C], NOON) == {}
    assert _rows() == {B.key: 3}


def test_several_keys_are_counted_together() -> None:
    store.reserve([A], NOON)

    assert store.reserve([C, A, B], NOON) == {A.key: 2, B.key: 1, C.key: 1}


def test_a_full_rate_key_is_refused_without_a_write() -> None:
    before = writes()
    for _ in range(3):
        store.reserve([A, B], NOON)
    full = writes()
    assert full != before

    for _ in range(20):
        assert store.reserve([A, B, C], NOON + SECOND) == {}

    assert writes() == full


def test_a_reset_key_loses_all_hits_and_a_released_one_loses_one() -> None:
    for _ in range(3):
        store.reserve([A, B, C], NOON)

    store.release([C], NOON, reset=[A])

    assert _rows() == {A.key: 0, B.key: 3, C.key: 2}
    assert store.reserve([A], NOON) == {A.key: 1}


def test_no_counter_falls_below_zero() -> None:
    store.reserve([A], NOON)
    store.release([], NOON, reset=[A])

    store.release([B], NOON, reset=[A])
    store.release([A], NOON)

    assert _rows()[A.key] == 0


def test_releasing_a_slot_does_not_prolong_the_window() -> None:
    store.reserve([A], NOON)

    store.release([A], NOON + 30 * SECOND)

    assert Counter.objects.get().resets_at == NOON + MINUTE


def test_releasing_a_deleted_counter_refuses_nobody() -> None:
    store.reserve([A, B], NOON)
    Counter.objects.all().delete()

    store.release([B], NOON, reset=[A])

    assert [counter.resets_at for counter in Counter.objects.all()] == [NOON, NOON]
    assert store.reserve([A, B], NOON) == {A.key: 1, B.key: 1}


def test_only_full_counters_of_a_running_window_are_full() -> None:
    for _ in range(3):
        store.reserve([A], NOON)
    store.reserve([B], NOON)

    assert [counter.key for counter in store.full([A, B, C], NOON)] == [A.key]
    assert store.full([A, B, C], NOON + MINUTE) == []
