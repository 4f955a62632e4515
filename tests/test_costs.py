"""The comparison of costs accepts noise and rejects growth."""

import pytest

from tests.costs import assert_costs_at_most, assert_grows_with_length


def test_work_that_grows_with_the_length_passes() -> None:
    assert_grows_with_length(lambda length: sum(range(100 * length)), 2000)


def test_work_that_grows_with_the_square_of_the_length_fails() -> None:
    with pytest.raises(AssertionError, match="It took"):
        assert_grows_with_length(lambda length: sum(range(length * length)), 1000)


def test_work_that_costs_too_many_times_as_much_fails() -> None:
    def work() -> int:
        return sum(range(100_000))

    assert_costs_at_most(3, work, than=work)
    with pytest.raises(AssertionError, match="It took"):
        assert_costs_at_most(3, lambda: [work() for _ in range(6)], than=work)
