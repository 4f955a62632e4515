"""The processor time of what a test does, compared with that of something else in the same run.

No bound is in seconds: how long something takes depends on the machine, and on what else it does.
"""

import time
from collections.abc import Callable

ROUNDS = 10


def assert_grows_with_length(act: Callable[[int], object], length: int) -> None:
    """Demand that four times the length costs about four times as much, and not sixteen times."""
    assert_costs_at_most(8, lambda: act(length), than=lambda: act(length // 4))


def assert_costs_at_most(times: float, act: Callable[[], object], than: Callable[[], object]) -> None:
    """Compare the fastest of some runs of each, one after the other; the rest were disturbed."""
    fastest = other = float("inf")
    for _ in range(ROUNDS):
        fastest = min(fastest, _cost(act))
        other = min(other, _cost(than))
        if fastest < times * other:
            return
    raise AssertionError(f"It took {1000 * fastest:.1f} ms, and the other {1000 * other:.1f} ms.")


def _cost(act: Callable[[], object]) -> float:
    # Of this thread, so other processes and threads do not count.
    started = time.thread_time()
    act()
    return time.thread_time() - started
