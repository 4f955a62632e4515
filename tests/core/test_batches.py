"""Many rows are deleted in short transactions."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from authentication.core import batches, clock
from authentication.models import Counter


def _fill(count: int, **fields: Any) -> None:
    past = clock.now() - timedelta(hours=1)
    row = {"hits": 1, "last_at": past, "resets_at": past, **fields}
    Counter.objects.bulk_create(Counter(key=f"{number:032}", **row) for number in range(count))


def _over() -> QuerySet[Counter]:
    return Counter.objects.filter(resets_at__lte=clock.now())


@pytest.mark.django_db
def test_each_transaction_deletes_a_batch_and_is_followed_by_a_pause_of_its_length(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seconds, sizes, pauses = iter([0.0, 0.25, 1.0, 1.5, 2.0, 2.125]), [], []
    real = batches._delete

    def delete(rows: QuerySet[Any], keys: list[Any]) -> int:
        sizes.append(len(keys))
        return real(rows, keys)

    monkeypatch.setattr(batches, "_delete", delete)
    monkeypatch.setattr(batches.time, "monotonic", lambda: next(seconds))
    monkeypatch.setattr(batches.time, "sleep", pauses.append)
    _fill(600)

    assert batches.delete(_over()) == 600

    assert sizes == [250, 250, 100]
    assert pauses == [0.25, 0.5, 0.125]


@pytest.mark.django_db
def test_more_rows_than_are_looked_up_at_once_go_too_and_no_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "LOOKED_UP", 7)
    _fill(20)
    Counter.objects.filter(key__endswith="3").update(resets_at=clock.now() + timedelta(hours=1))
    told: list[tuple[int, int]] = []

    assert batches.delete(_over(), lambda deleted, total: told.append((deleted, total))) == 18

    assert told == [(7, 18), (14, 18), (18, 18)]
    assert sorted(key[-2:] for key in Counter.objects.values_list("key", flat=True)) == ["03", "13"]


@pytest.mark.django_db
def test_nothing_to_delete_costs_one_read() -> None:
    with CaptureQueriesContext(connection) as queries:
        assert batches.delete(_over()) == 0

    assert [query["sql"].split()[0] for query in queries] == ["SELECT"]


@pytest.mark.django_db
def test_a_row_that_came_alive_after_it_was_looked_up_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    _fill(3)
    real = batches._delete

    def meanwhile(rows: QuerySet[Any], keys: list[Any]) -> int:
        Counter.objects.filter(key__endswith="1").update(resets_at=clock.now() + timedelta(hours=1))
        return real(rows, keys)

    monkeypatch.setattr(batches, "_delete", meanwhile)

    assert batches.delete(_over()) == 2

    assert Counter.objects.get().key.endswith("1")


@pytest.mark.django_db(transaction=True)
def test_the_keys_are_looked_up_outside_of_any_transaction() -> None:
    _fill(3)
    with CaptureQueriesContext(connection) as queries:
        batches.delete(_over())

    words = [query["sql"].split()[0] for query in queries]
    assert words == ["SELECT", "BEGIN", "SELECT", "DELETE", "COMMIT", "SELECT"]


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one lock for all rows.")
@pytest.mark.django_db(transaction=True)
def test_a_row_that_another_transaction_holds_is_left_and_not_waited_for() -> None:
    _fill(3)
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            Counter.objects.filter(key__endswith="1").update(hits=2)
            held.set()
            done.wait(20)
        connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    try:
        assert held.wait(20)
        assert batches.delete(_over()) == 2
    finally:
        done.set()
        thread.join()

    assert Counter.objects.get().hits == 2
    assert batches.delete(_over()) == 1
